"""Backups on a disk that is full, too small or read only; and of rows on a server."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from buffycoat.domain.withdrawal import Reason
from buffycoat.errors import (
    UnwritableFile,
)
from buffycoat.store.place import POINTER
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.keeping import withdraw
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.keeping.restore import restore
from buffycoat.workflows.moving import move_workspace
from buffycoat.workflows.people import curator_of, demo_people
from buffycoat.workflows.workspace import open_workspace


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file but the database's and what is drawn again."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(("buffycoat", "database-name", "thumbnails.db"))
    }


def no_trace(folder: Path) -> bool:
    """Nothing of a restore that was refused is left."""
    return not folder.exists() and not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


# ---------------------------------------------------------------- the disk


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A disk that is full after so many writes of a megabyte or less."""
    from buffycoat.workflows.keeping import vessels

    left, copied = [12], vessels.copied

    def write(source, write_on):
        if write_on is not len:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return copied(source, write_on)

    for name in ("vessels", "restore"):
        monkeypatch.setattr(f"buffycoat.workflows.keeping.{name}.copied", write)
    return left


@pytest.mark.parametrize("name", ["b", "b.zip"])
def test_a_disk_that_fills_up_ends_a_backup_with_a_name_and_it_goes_on(own: Path, full, tmp_path: Path, rows_of, name):
    before = rows_of(own), files_of(own)
    with pytest.raises(UnwritableFile, match="No space left"):
        back_up(own, tmp_path / name)
    assert (rows_of(own), files_of(own)) == before
    assert name.endswith("zip") <= (not (tmp_path / name).exists())
    full[0] = 100_000
    back_up(own, tmp_path / name)
    restore(tmp_path / name, tmp_path / "r")
    assert rows_of(tmp_path / "r") == before[0]


def test_a_disk_that_fills_up_ends_a_restore_and_leaves_nothing(whole: Path, full, tmp_path: Path):
    with pytest.raises(UnwritableFile, match="No space left"):
        restore(whole, tmp_path / "r")
    assert no_trace(tmp_path / "r")


def test_too_little_room_is_told_before_the_first_byte(own: Path, whole: Path, monkeypatch, tmp_path: Path):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(UnwritableFile, match="no room"):
        back_up(own, tmp_path / "b")
    with pytest.raises(UnwritableFile, match="no room"):
        restore(whole, tmp_path / "r")
    assert no_trace(tmp_path / "r")


def test_the_operating_systems_own_limit_is_named_too(few: Path, tmp_path: Path):
    """No file may grow over 100 kB in this process: SQLite's copy of the database fails in the system itself."""
    program = f"""
import resource, signal, sys
from pathlib import Path
from buffycoat.errors import UnwritableFile
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.keeping import withdraw
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.moving import move_workspace
from buffycoat.workflows.people import demo_people
from buffycoat.domain.withdrawal import Reason
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    back_up(Path({str(few)!r}), Path({str(tmp_path / "b")!r}))
except UnwritableFile as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "cannot be written" in done.stdout


def test_a_folder_that_is_read_only_is_named(own: Path, whole: Path, monkeypatch, tmp_path: Path):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(UnwritableFile, match="Read-only"):
        back_up(own, tmp_path / "b")
    with pytest.raises(UnwritableFile, match="Read-only"):
        back_up(own, tmp_path / "c" / "b.zip")
    with pytest.raises(UnwritableFile, match="Read-only"):
        restore(whole, tmp_path / "r")


# ------------------------------------------------------- rows on a server


def test_a_workspace_with_its_rows_on_a_server_is_kept_the_same_way(
    own: Path, postgresql, tmp_path: Path, in_a_file, rows_of
):
    """Moved to PostgreSQL, backed up, restored into a folder: every row is what it was before the move."""
    own = in_a_file(own)
    with open_workspace(own) as workspace:
        demo_people(workspace)
    before = rows_of(own)
    address = postgresql.empty()
    move_workspace(own, address)
    assert examine(own).weighs("fault", "unknown", "set-up") == ()
    back_up(own, tmp_path / "b")
    restore(tmp_path / "b", tmp_path / "r")
    after = rows_of(tmp_path / "r")
    assert after == {table: rows for table, rows in before.items() if table in after}
    assert before.keys() - after.keys() <= {"moved"}
    assert not (tmp_path / "r" / POINTER).exists()
    assert examine(tmp_path / "r").weighs("fault", "unknown") == ()
    with open_workspace(own) as workspace:
        by = curator_of(workspace, "ada")
        withdraw.withdraw_smear(workspace, "S-1", by=by, reason=Reason.TIME_OVER, confirm="S-1")
        assert verify_log(workspace).fault is None
        assert not list((own / "objects").glob("[0-9a-f][0-9a-f]/*"))
    assert examine(own).weighs("fault", "unknown", "set-up") == ()
