"""Every block of README and docs runs, and says what it says."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# Languages that are shown and not run: a name without a language is prose, `make` lines are run by a person or by CI.
SHOWN = {"", "text", "toml", "csv", "python-signature"}


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(page.read_text()) if kind == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_run(page):
    text = "\n".join(blocks(page, "pycon"))
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append)
    assert result.failed == 0, "".join(report)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "console")], ids=lambda page: page.name)
def test_console_blocks_run(page, tmp_path, demo_workspace):
    """Each page starts in an empty folder that holds the demo's photographs and, as ``demo-workspace``, its workspace."""
    import shutil

    shutil.copytree(demo_workspace, tmp_path / "demo-workspace")
    shutil.copytree(demo_workspace / "photographs", tmp_path / "photographs")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
    }
    checker = doctest.OutputChecker()
    for body in blocks(page, "console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            assert shlex.split(command)[0] == "buffycoat", f"only our own command runs here: {command}"
            done = subprocess.run(
                command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
            wanted = expected.replace("…", "...")
            if wanted.strip():
                assert checker.check_output(wanted, done.stdout, FLAGS), (
                    f"$ {command}\nexpected:\n{wanted}\ngot:\n{done.stdout}"
                )


def test_languages_of_blocks_are_known():
    kinds = {(kind, page.name) for page in PAGES for kind, _ in BLOCK.findall(page.read_text())}
    program = ("python", "audit.md")  # tests/cli/test_audit.py runs it on a log
    assert {kind for kind, _ in kinds - {program}} <= SHOWN | {"pycon", "console"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = BLOCK.sub("", page.read_text())
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r"^\[[^]]+\]: (\S+)", text, re.MULTILINE)
    local = [target for target in targets if not re.match(r"(https?:|mailto:)", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_first_result_of_the_readme_comes_within_thirty_lines():
    lines = (ROOT / "README.md").read_text().splitlines()[:30]
    assert any("make demo" in line for line in lines)
    assert any(line.startswith(">>>") for line in lines)


def test_every_command_and_setting_is_documented():
    from typer.main import get_command

    from buffycoat.cli.app import app
    from buffycoat.settings import Settings

    text = "".join(page.read_text() for page in PAGES)
    assert [name for name in get_command(app).commands if f"buffycoat {name}" not in text] == []
    assert [name for name in Settings.model_fields if f"BUFFYCOAT_{name.upper()}" not in text] == []


def test_structure_is_drawn_from_the_real_imports():
    command = [sys.executable, "scripts/draw_structure.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
