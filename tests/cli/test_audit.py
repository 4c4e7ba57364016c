"""``buffycoat audit``: what it prints, and the status that tells."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from buffycoat.domain.label import Role
from buffycoat.workflows.people import add_person
from buffycoat.workflows.workspace import open_workspace

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"


@pytest.fixture
def audit(command, tmp_path: Path):
    with open_workspace(tmp_path / "w", create=True) as opened:
        add_person(opened, handle="ada", role=Role.ADMIN)
        add_person(opened, handle="edna", role=Role.EXPERT, by="someone")
    return lambda *arguments: command("audit", *arguments)


def test_a_whole_log_is_told_whole_and_its_head_can_be_noted(audit, tmp_path: Path):
    folder = ("-w", tmp_path / "w")
    done = audit("verify", *folder)
    head = done.out.split()[-1]
    assert done.out == f"5 entries follow each other, 4 compared with what they speak of\nhead {head}\n"
    assert audit("verify", *folder, "--expect", head).out.splitlines()[1].endswith("entry 4")
    cut = audit("verify", *folder, "--expect", "0" * 64)
    assert (cut.status, "cut or written anew" in cut.err) == (6, True)
    shown = audit("show", *folder).out.splitlines()
    assert shown[1].split()[3:6] == ["command", "line", "added"]
    assert shown[-1] == f"5 entries, head {head}"
    assert len(audit("show", *folder, "--kind", "appointed").out.splitlines()) == 3
    assert audit("show", *folder, "--person", "nobody").status == 2


def test_what_was_changed_is_named(audit, tmp_path: Path):
    connection = sqlite3.connect(tmp_path / "w" / "buffycoat.db")
    connection.execute("UPDATE appointment SET role = 'admin'")
    connection.commit()
    connection.close()
    done = audit("verify", "-w", tmp_path / "w")
    assert done.status == 6
    assert re.search(r"what entry 4 speaks of was changed: appointment \w+", done.err)


def test_an_export_is_followed_by_us_and_by_the_lines_that_the_page_gives(audit, tmp_path: Path):
    out = tmp_path / "log.jsonl"
    made = audit("export", "--out", out, "-w", tmp_path / "w")
    assert made.out.startswith("5 entries written to log.jsonl\nhead ")
    assert audit("verify", out).out.startswith("5 entries follow each other")
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    known: dict = {}
    exec(code.group(1), known)  # noqa: S102 (what the page tells others to do)
    lines = out.read_text().splitlines()
    known["check"](lines)
    with pytest.raises(AssertionError):
        known["check"]([*lines[:3], lines[3].replace("appointed", "answered"), *lines[4:]])
    out.write_text("\n".join([*lines[:3], *lines[4:]]))
    missing = audit("verify", out)
    assert (missing.status, "entry 2 is missing" in missing.err) == (6, True)
    assert audit("verify", tmp_path / "nothing.jsonl").status == 2
    assert audit("export", "--out", tmp_path / "no" / "log.jsonl", "-w", tmp_path / "w").status == 2
