"""Errors on the command line: text for people, an object for programs, a status for both."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "buffycoat", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def refused(status: int, code: str, *arguments: str | Path) -> dict[str, str]:
    """The error of a command that must fail in this way."""
    told = run(*arguments, "--json")
    assert told.returncode == status, told.stderr
    assert told.stderr.startswith(f"error [{code}]: ")
    assert "Traceback" not in told.stderr
    answer = json.loads(told.stdout)
    assert list(answer) == ["error"]
    assert list(answer["error"]) == ["code", "message", "expected", "found", "hint"]
    assert answer["error"]["code"] == code
    assert answer["error"]["message"] in told.stderr
    assert answer["error"]["hint"] in told.stderr
    return answer["error"]


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8)).save(path)
    return path


def test_an_error_is_one_object_for_programs(tmp_path: Path):
    error = refused(7, "workspace-missing", "digest", "-w", tmp_path / "none")
    assert error == {
        "code": "workspace-missing",
        "message": "there is no workspace in this folder",
        "expected": "a folder with buffycoat.db",
        "found": "none",
        "hint": "make one with `buffycoat run PHOTOS --workspace DIR` or `buffycoat demo DIR`",
    }


def test_without_json_the_error_is_for_people_only(tmp_path: Path):
    plain = run("digest", "-w", tmp_path / "none")
    told = run("digest", "-w", tmp_path / "none", "--json")
    assert (plain.returncode, plain.stdout) == (7, "")
    assert plain.stderr == told.stderr


def test_workspace_that_is_a_file(tmp_path: Path, photograph: Path):
    (tmp_path / "w").write_text("a file")
    refused(7, "store-unreachable", "ingest", photograph, "-w", tmp_path / "w")
    refused(7, "store-unreachable", "ingest", photograph, "-w", tmp_path / "w" / "below")
    assert (tmp_path / "w").read_text() == "a file"


def test_workspace_that_cannot_be_made(photograph: Path):
    refused(7, "store-unreachable", "ingest", photograph, "-w", "/proc/none")


def test_database_that_is_none(tmp_path: Path, photograph: Path):
    content = b"This is no database. " * 100
    (tmp_path / "buffycoat.db").write_bytes(content)
    error = refused(7, "store-unreachable", "ingest", photograph, "-w", tmp_path)
    assert (error["message"], error["found"]) == (
        "the database buffycoat.db cannot be used",
        "file is not a database",
    )
    refused(7, "store-unreachable", "digest", "-w", tmp_path)
    assert (tmp_path / "buffycoat.db").read_bytes() == content


def test_database_whose_tables_are_another_programs(tmp_path: Path):
    database = tmp_path / "buffycoat.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE smear (id TEXT)")
    connection.close()
    refused(7, "store-unreachable", "digest", "-w", tmp_path)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("smear",)]
    connection.close()


def test_picture_that_cannot_be_written(tmp_path: Path, photograph: Path):
    error = refused(2, "unwritable-file", "orient", photograph, "--out", tmp_path / "nodir" / "x.png")
    assert error["found"] == "No such file or directory"
    error = refused(2, "unwritable-file", "orient", photograph, "--out", tmp_path)
    assert error["found"] == "Is a directory"
