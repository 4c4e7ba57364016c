"""A watched folder: each photograph once, when it stops growing, and nothing that cannot be read is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gps_photographs import photograph, says_where

from buffycoat.domain.capturing import SmearWish
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import UnreadableFile
from buffycoat.workflows import capturing
from buffycoat.workflows.capturing import Seen, SeenState
from buffycoat.workflows.capturing.watching import Watch
from buffycoat.workflows.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "lab", create=True) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "camera").mkdir()
    return tmp_path / "camera"


def watched(workspace: Workspace, folder: Path) -> list[Seen]:
    smear = capturing.make_smear(workspace, SmearWish(code="S-1"))[0].id
    seen: list[Seen] = []
    capturing.watch_folder(
        workspace, folder, smear_id=smear, preset=None, settle=0.05, every=0.01, once=True, tell=seen.append
    )
    return sorted(seen, key=lambda each: each.name)


def test_each_is_taken_once_also_after_a_restart(workspace: Workspace, folder: Path):
    for number in (1, 2):
        (folder / f"{number}.jpg").write_bytes(photograph(number))
    (folder / "broken.jpg").write_bytes(photograph(3)[:900])
    (folder / "notes.txt").write_text("dear diary")
    seen = watched(workspace, folder)
    assert [(each.name, each.state) for each in seen] == [
        ("1.jpg", SeenState.TAKEN),
        ("2.jpg", SeenState.TAKEN),
        ("broken.jpg", SeenState.REFUSED),
    ]
    assert [each.white_cells for each in seen] == [2, 2, None]
    assert seen[2].code == "unreadable-image"
    assert (folder / "broken.jpg").exists()
    (folder / "broken.jpg").write_bytes(photograph(3))
    (folder / "copy of 1.jpg").write_bytes(photograph(1))
    again = {each.name: each.state for each in watched(workspace, folder)}
    assert again == {
        "1.jpg": SeenState.BEFORE,
        "2.jpg": SeenState.BEFORE,
        "broken.jpg": SeenState.TAKEN,
        "copy of 1.jpg": SeenState.BEFORE,
    }
    with workspace.database.reading() as transaction:
        fields = transaction.find(FieldOfView)
    assert len(fields) == 3
    assert not any("1.jpg" in (field.origin or "") for field in fields)
    assert [path for path in workspace.folder.rglob("*") if path.is_file() and says_where(path.read_bytes())] == []


def test_file_that_grows_is_waited_for(folder: Path):
    watch, place = Watch(folder=folder, settle=2.0), folder / "a.jpg"
    content = photograph(1)
    place.write_bytes(content[:1000])
    assert list(watch.ready(0.0)) == []
    place.write_bytes(content[:2000])
    assert list(watch.ready(1.9)) == []
    place.write_bytes(content)
    assert list(watch.ready(2.5)) == []
    assert list(watch.ready(4.4)) == []
    ((entry, mark),) = watch.ready(4.6)
    watch.settled(entry, mark)
    assert list(watch.ready(9.0)) == []
    place.write_bytes(content + b"more")
    assert list(watch.ready(10.0)) == []
    assert [entry.name for entry, _ in watch.ready(12.1)] == ["a.jpg"]
    place.unlink()
    assert (list(watch.ready(13.0)), watch.waiting) == ([], 0)


def test_folder_that_is_gone_is_said(folder: Path):
    folder.rmdir()
    with pytest.raises(UnreadableFile):
        list(Watch(folder=folder, settle=1.0).ready(0.0))
