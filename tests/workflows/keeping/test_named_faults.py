"""What disks, clocks and pages do to a workspace has a name, and leaves it as it was."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from buffycoat.domain.account import Scope
from buffycoat.domain.keeping import Weight
from buffycoat.domain.label import Role
from buffycoat.errors import StoreUnreachable
from buffycoat.workflows import people, runs
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.browse import overview
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.people import sessions
from buffycoat.workflows.workspace import open_workspace

WORDS = "four words nobody joins"


@pytest.fixture
def here(own: Path, in_a_file) -> Path:
    """A workspace with its rows in its folder."""
    return in_a_file(own)


def is_sound(folder: Path) -> bool:
    folder.chmod(0o700)
    return examine(folder).weighs(Weight.FAULT, Weight.UNKNOWN) == ()


def handles(folder: Path) -> list[str]:
    with open_workspace(folder) as opened:
        return [each.person.handle for each in people.list_people(opened)]


ADDING = """
import resource, sys
from pathlib import Path
from buffycoat.domain.label import Role
from buffycoat.errors import BuffycoatError
from buffycoat.workflows import people
from buffycoat.workflows.workspace import open_workspace
try:
    with open_workspace(Path(sys.argv[1])) as opened:
        if sys.argv[2] == "full":
            most = max((Path(sys.argv[1]) / "buffycoat.db-wal").stat().st_size, 4096) + 9000
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        for number in range(500):
            people.add_person(opened, handle=f"person{number}", role=Role.EXPERT)
            print(f"person{number}", flush=True)
except BuffycoatError as error:
    print(f"error {error.code}: {error} | {error.hint}")
"""


def test_a_full_disk_keeps_what_was_acknowledged_and_says_what_it_is(here: Path):
    done = subprocess.run([sys.executable, "-c", ADDING, here, "full"], capture_output=True, text=True, check=True)
    *kept, said = done.stdout.splitlines()
    assert said.startswith("error store-unreachable:"), done.stdout + done.stderr
    assert "once the disk has room" in said
    assert len(kept) < 500
    assert set(kept) <= set(handles(here))
    assert is_sound(here)


def test_a_disk_that_cannot_be_written_is_named_and_nothing_changes(here: Path):
    with open_workspace(here):
        pass
    before = handles(here)
    for path in [here, *here.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    # Root writes where nobody may, unless it lays that right down.
    laid_down = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        done = subprocess.run([*laid_down, sys.executable, "-c", ADDING, here, "read-only"], capture_output=True, text=True, check=False)  # fmt: skip
    finally:
        for path in [here, *here.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert done.stdout.startswith(("error store-unreachable:", "error unwritable-file:")), done.stdout + done.stderr
    assert handles(here) == before
    assert is_sound(here)


def test_a_clock_that_was_set_back_changes_no_order(own: Path, monkeypatch: pytest.MonkeyPatch):
    with open_workspace(own) as opened:
        ada = people.add_person(opened, handle="ada", role=Role.ADMIN, password=WORDS).person
        edna = people.add_person(opened, handle="edna", role=Role.VIEWER).person
        people.appoint(opened, edna.id, role=Role.CURATOR)
        token = sessions.make_token(opened, ada.id, name="t", scope=Scope.READ, days=1).token

        class Back(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz or UTC) - timedelta(days=400)

        monkeypatch.setattr(runs, "datetime", Back)
        people.appoint(opened, edna.id, role=Role.EXPERT)
        (found,) = [each for each in people.list_people(opened) if each.person.handle == "edna"]
        assert found.person.role is Role.EXPERT, "the newest word holds, whatever day it seems to be"
        assert sessions.who(opened, token, token=True, demo=False) is not None
        late = sessions.make_token(opened, ada.id, name="late", scope=Scope.READ, days=1).token
        monkeypatch.undo()
        assert sessions.who(opened, late, token=True, demo=False) is None, "it ended before it was made"
        assert verify_log(opened).fault is None
    assert is_sound(own)


def test_a_damaged_page_is_named_where_it_is_met_and_no_byte_is_written_over_it(here: Path):
    path = here / "buffycoat.db"
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cell'").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = os.urandom(64) * 64
    path.write_bytes(content)
    with pytest.raises(StoreUnreachable, match="is damaged") as met, open_workspace(here) as opened:
        overview(opened)
    assert "doctor" in met.value.hint
    assert "restore" in met.value.hint
    assert path.read_bytes()[(root - 1) * 4096 : root * 4096] == bytes(content)[(root - 1) * 4096 : root * 4096]
