"""What lies in the folder of a release already is adopted where it is ours, and left alone where it is not."""

from __future__ import annotations

import shutil

import pytest

from buffycoat.domain.release import Release
from buffycoat.errors import AlreadyExists
from buffycoat.workflows.demo import ABOUT
from buffycoat.workflows.publish import ReleaseWish, publish_release, verify_release
from buffycoat.workflows.workspace import open_workspace

WISH = ReleaseWish(about=ABOUT, formats=("crops", "csv"), search_repeats=False)


@pytest.fixture
def demo_copy(demo_workspace, tmp_path):
    """A copy of the demo that may be written to."""
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(workspace):
    with workspace.database.reading() as transaction:
        return transaction.find(Release, version="9")


def forget(workspace):
    """Leave the folder without its row, as a kill between the two would."""
    with workspace.database.writing() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM release WHERE version = '9'")


def refused(workspace):
    folder = workspace.folder / "releases"
    before = contents(folder)
    with pytest.raises(AlreadyExists, match="another release lies where this one belongs") as caught:
        publish_release(workspace, version="9", wish=WISH)
    assert caught.value.hint == "move it away, or choose another version"
    assert contents(folder) == before
    assert sorted(path.name for path in folder.iterdir()) == ["9", "demo-1"]
    assert rows(workspace) == []


def test_folder_without_a_manifest_is_left_alone(demo_copy):
    (demo_copy.folder / "releases" / "9").mkdir()
    refused(demo_copy)
    (demo_copy.folder / "releases" / "9" / "x").write_text("junk")
    refused(demo_copy)


def test_file_in_place_of_the_folder_is_left_alone(demo_copy):
    (demo_copy.folder / "releases" / "9").write_text("junk")
    refused(demo_copy)


@pytest.mark.parametrize("manifest", [b"", b"no JSON", b"[]"])
def test_folder_with_another_manifest_is_left_alone(demo_copy, manifest):
    (demo_copy.folder / "releases" / "9").mkdir()
    (demo_copy.folder / "releases" / "9" / "manifest.json").write_bytes(manifest)
    refused(demo_copy)


def test_ours_is_adopted_only_where_every_byte_is_right(demo_copy):
    sealed = publish_release(demo_copy, version="9", wish=WISH)
    folder = demo_copy.folder / "releases" / "9"
    before = contents(folder)
    forget(demo_copy)
    crop = folder / sealed.files[-1].path
    whole = crop.read_bytes()
    crop.write_bytes(whole + b"x")
    refused(demo_copy)
    crop.unlink()
    refused(demo_copy)
    crop.write_bytes(whole)
    (folder / "x").write_text("junk")
    refused(demo_copy)
    (folder / "x").unlink()
    assert publish_release(demo_copy, version="9", wish=WISH).id == sealed.id
    assert [row.id for row in rows(demo_copy)] == [sealed.id]
    assert contents(folder) == before
    assert verify_release(demo_copy.folder, "9") == len(sealed.files)
