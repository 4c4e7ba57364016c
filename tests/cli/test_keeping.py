"""Backup, restore, doctor and withdraw at the command line: what an operator reads, and the status that a script gets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def own(demo_workspace: Path, tmp_path: Path) -> Path:
    """A copy of the demo."""
    return shutil.copytree(demo_workspace, tmp_path / "own")


def test_backup_and_restore_say_what_they_did(command, own: Path, tmp_path: Path):
    done = command("backup", tmp_path / "b", "-w", own)
    assert done.status == 0
    assert "copied" in done.out
    noted = done.out.splitlines()[-1].removeprefix("manifest ")
    again = command("backup", tmp_path / "b", "-w", own, "--json").result
    assert (again["copied"], again["kept"]) == (1, again["files"] - 1)
    assert command("restore", tmp_path / "b", tmp_path / "r", "--expect", noted).status == 6
    restored = command("restore", tmp_path / "b", tmp_path / "r", "--expect", again["manifest"])
    assert (restored.status, "the audit log holds" in restored.out) == (0, True)
    assert command("restore", tmp_path / "b", tmp_path / "r").status == 4
    assert command("restore", tmp_path / "nowhere", tmp_path / "r2").status == 3
    assert command("backup", own / "inside", "-w", own).status == 2


def test_doctor_gives_a_table_and_a_status(command, own: Path):
    sound = command("doctor", "-w", own)
    assert (sound.status, sound.out.splitlines()[-1].partition(":")[2].split(",")[0]) == (0, " sound")
    victim = next(path for path in sorted((own / "objects").rglob("*")) if path.is_file())
    victim.unlink()
    done = command("doctor", "--fast", "-w", own, "--json")
    assert done.status == 6
    (fault,) = [each for each in json.loads(done.out)["findings"] if each["weight"] == "fault"]
    assert (fault["what"], fault["found"]) == ("object is missing", "nothing")
    text = command("doctor", "--fast", "-w", own).out
    for word in ("fault    object is missing", "where", "expected", "found", "do"):
        assert word in text
    assert command("doctor", "-w", own / "nowhere").status == 7


def test_withdraw_tells_first_and_does_it_when_who_why_and_what_are_said(command, own: Path):
    told = command("withdraw", "DRAWN-A1", "-w", own)
    assert told.status == 0
    assert "nothing was done" in told.out
    assert "demo-1" in told.out
    assert command("withdraw", "DRAWN-A1", "-w", own, "--confirm", "DRAWN-A1").status == 2
    said = ("--by", "ada", "--why", "consent-withdrawn")
    assert command("withdraw", "DRAWN-A1", "-w", own, *said, "--confirm", "yes").status == 2
    assert command("withdraw", "DRAWN-A1", "-w", own, "--by", "edna", *said[2:], "--confirm", "DRAWN-A1").status == 5
    done = command("withdraw", "DRAWN-A1", "-w", own, *said, "--confirm", "DRAWN-A1", "--json").result
    assert (done["done"], done["releases"]) == (True, ["demo-1"])
    assert "was withdrawn" in command("withdraw", "DRAWN-A1", "-w", own).out
    assert command("audit", "verify", "-w", own).status == 0
    assert "withdrew" in command("audit", "show", "-w", own).out
    assert command("withdraw", "DRAWN-Z9", "-w", own).status == 3
