"""A workspace with its objects in a bucket: brought there and back, worked in, backed up, looked through, withdrawn from."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from buffycoat.domain.cell import Cell
from buffycoat.domain.keeping import Weight
from buffycoat.domain.label import Role
from buffycoat.domain.value import digest_of
from buffycoat.domain.withdrawal import Reason
from buffycoat.errors import Conflict, InvalidSetting, NotFound, StoreUnreachable, UnwritableFile
from buffycoat.store.object_place import CACHE, OBJECTS_POINTER
from buffycoat.workflows.crops import crop_bytes
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import IngestOptions, Record, ingest_photographs
from buffycoat.workflows.keeping import withdraw
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.keeping.restore import restore
from buffycoat.workflows.moving import copy_objects, drop_old_objects, where_objects_are
from buffycoat.workflows.people import curator_of
from buffycoat.workflows.people.invitations import accept_invitation, invite
from buffycoat.workflows.segment import segment_cells
from buffycoat.workflows.workspace import open_workspace


def on_disk(folder: Path) -> dict[str, bytes]:
    """What lies in the folder of a workspace, by digest."""
    return {path.parent.name + path.name: path.read_bytes() for path in (folder / "objects").glob("[0-9a-f][0-9a-f]/*")}


def in_bucket(s3, bucket: str) -> set[str]:
    return {key.removeprefix("w/").replace("/", "") for key in s3.keys(bucket)} - {"buffycoat-workspace.json"}


def unsound(folder: Path) -> list[str]:
    return [each.what for each in examine(folder).weighs(Weight.FAULT, Weight.UNKNOWN)]


def test_objects_go_to_a_bucket_and_back_while_somebody_works(own: Path, s3, tmp_path):
    before, bucket = on_disk(own), s3.bucket()
    with open_workspace(own) as studio:
        seen = []

        def working(step) -> None:
            if not seen:
                seen.append(studio.objects.put(b"taken in while all was copied"))

        done = copy_objects(own, s3.address(bucket), progress=working)
        assert (done.objects, done.there, done.before) == (len(before) + 1, 0, "objects")
        assert in_bucket(s3, bucket) == {*before, *seen}
        # Whoever has it open follows: what comes now goes there, what was is read there.
        late = studio.objects.put(b"taken in after that")
        assert late in in_bucket(s3, bucket)
        assert late not in on_disk(own)
        for digest, content in before.items():
            assert studio.objects.get(digest) == content
        with pytest.raises(Conflict, match="third place"):
            copy_objects(own, s3.address(bucket, "other"))
    assert examine(own).weighs(Weight.FAULT, Weight.UNKNOWN) == ()
    assert drop_old_objects(own).removed == len(before) + 1
    assert on_disk(own) == {}
    shutil.rmtree(own / CACHE)
    with open_workspace(own) as studio:
        assert {digest: studio.objects.get(digest) for digest in before} == before
        assert studio.objects.near.held() == set(before)
    assert unsound(own) == []
    assert "secret" not in (own / OBJECTS_POINTER).read_text().lower()
    # Without a backup's help: a workspace that another one's folder names is refused before anything is changed.
    other = tmp_path / "other"
    with open_workspace(other, create=True):
        pass
    with pytest.raises(StoreUnreachable, match="of another workspace"):
        copy_objects(other, s3.address(bucket))
    back = copy_objects(own, None)
    assert (back.address, back.objects) == ("objects", len(before) + 2)
    drop_old_objects(own)
    assert in_bucket(s3, bucket) == set()
    assert on_disk(own).items() >= before.items()
    assert not (own / OBJECTS_POINTER).exists()
    assert unsound(own) == []


def test_a_copy_that_fails_leaves_the_workspace_where_it_is_and_goes_on(own: Path, s3):
    before, bucket = on_disk(own), s3.bucket()
    s3.faults.fail = lambda _: 500 if len(s3.faults.sent()) > len(before) // 2 else None
    with pytest.raises(StoreUnreachable):
        copy_objects(own, s3.address(bucket))
    assert where_objects_are(own).address == "objects"
    assert on_disk(own) == before
    assert unsound(own) == []
    s3.faults.calm()
    arrived = in_bucket(s3, bucket)
    assert 0 < len(arrived) < len(before)
    done = copy_objects(own, s3.address(bucket))
    assert (done.objects, done.there) == (len(before), len(arrived))
    assert {path[-65:].replace("/", "") for path in s3.faults.sent()} == before.keys() - arrived


def test_a_copy_that_is_killed_sends_nothing_twice_that_had_arrived(own: Path, s3):
    before, bucket = on_disk(own), s3.bucket()
    program = "import sys, pathlib; from buffycoat.workflows.moving import copy_objects as copy; copy(pathlib.Path(sys.argv[1]), sys.argv[2])"
    command = [sys.executable, "-c", program, str(own), s3.address(bucket)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            deadline = time.monotonic() + 600
            while len(s3.faults.sent()) < 5:
                assert time.monotonic() < deadline
                assert running.poll() is None
                time.sleep(0.002)
        finally:
            running.send_signal(signal.SIGKILL)
    assert not (own / OBJECTS_POINTER).exists()
    first, arrived = list(s3.faults.sent()), in_bucket(s3, bucket)
    copy_objects(own, s3.address(bucket))
    assert in_bucket(s3, bucket) == before.keys()
    often = Counter(s3.faults.sent())
    twice = {path[-65:].replace("/", "") for path, number in often.items() if number > 1}
    assert twice.isdisjoint(arrived)
    assert len(first) < len(before) + 16


def test_a_damaged_object_at_the_new_place_is_sent_again_and_a_missing_one_stops_all(own: Path, s3):
    before, bucket = on_disk(own), s3.bucket()
    copy_objects(own, s3.address(bucket))
    (own / OBJECTS_POINTER).unlink()  # as if it had been broken off before its last step
    wrong = sorted(before)[3]
    s3.client.put_object(Bucket=bucket, Key=f"w/{wrong[:2]}/{wrong[2:]}", Body=before[wrong][:-1] + b"!")
    s3.faults.calm()
    assert copy_objects(own, s3.address(bucket)).there == len(before) - 1
    assert [path[-65:].replace("/", "") for path in s3.faults.sent()] == [wrong]
    (own / OBJECTS_POINTER).unlink()
    missing = sorted(before)[5]
    (own / "objects" / missing[:2] / missing[2:]).unlink()
    s3.client.delete_object(Bucket=bucket, Key=f"w/{missing[:2]}/{missing[2:]}")
    with pytest.raises(NotFound, match=missing):
        copy_objects(own, s3.address(bucket))
    assert not (own / OBJECTS_POINTER).exists()


def test_a_workspace_begins_in_a_bucket_is_backed_up_restored_and_withdrawn_from(few: Path, s3, tmp_path, monkeypatch):
    bucket, folder = s3.bucket(), tmp_path / "w"
    s3.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    monkeypatch.setenv("BUFFYCOAT_OBJECTS", s3.address(bucket))
    with open_workspace(folder, create=True) as workspace:
        options = IngestOptions(simulated=True)
        ingest_photographs(workspace, few.parent / "in", record=Record(smear="S-1"), options=options)
        detect_cells(workspace)
        segment_cells(workspace)
        with workspace.database.reading() as transaction:
            cells = transaction.find(Cell)
        pictures = {cell.id: crop_bytes(workspace, cell) for cell in cells}
        assert cells
    assert not (folder / "objects").exists()
    # The same work in a folder names the same bytes.
    assert in_bucket(s3, bucket) >= on_disk(few).keys()
    shutil.rmtree(folder / CACHE)
    with open_workspace(folder) as workspace:
        assert {cell.id: crop_bytes(workspace, cell) for cell in cells} == pictures
    back_up(folder, tmp_path / "backup")
    monkeypatch.delenv("BUFFYCOAT_OBJECTS")
    restore(tmp_path / "backup", tmp_path / "again")
    assert on_disk(tmp_path / "again").keys() == in_bucket(s3, bucket)
    assert unsound(tmp_path / "again") == []
    assert "the bucket keeps older versions" in [each.what for each in examine(folder).weighs(Weight.ADVICE)]
    with open_workspace(folder) as workspace:
        code = invite(workspace, role=Role.CURATOR).code
        accept_invitation(workspace, code, handle="ada", password="sixteen white cells")  # noqa: S106 (of this test)
        before = in_bucket(s3, bucket)
        given = {"by": curator_of(workspace, "ada"), "reason": Reason.CONSENT, "confirm": "S-1"}
        s3.faults.fail = lambda asked: 403 if asked == ("GET", f"/{bucket}") else None
        with pytest.raises(UnwritableFile, match="older versions"):
            withdraw.withdraw_smear(workspace, "S-1", **given)
        s3.faults.calm()
        done = withdraw.withdraw_smear(workspace, "S-1", **given)
        assert done.objects >= len(cells)
        listed = s3.client.list_object_versions(Bucket=bucket)
        versions = {each["Key"][-65:].replace("/", "") for each in listed["Versions"]}
        assert versions & before == in_bucket(s3, bucket)
        assert len(before - versions) == done.objects
        assert workspace.objects.near.held().isdisjoint(before - versions)
    assert unsound(folder) == []


def test_what_is_wrong_with_objects_far_away_is_named(own: Path, s3, monkeypatch):
    before, bucket = on_disk(own), s3.bucket()
    copy_objects(own, s3.address(bucket))
    drop_old_objects(own)
    wrong, missing = sorted(before)[:2]
    s3.client.put_object(Bucket=bucket, Key=f"w/{wrong[:2]}/{wrong[2:]}", Body=b"something else")
    s3.client.delete_object(Bucket=bucket, Key=f"w/{missing[:2]}/{missing[2:]}")
    found = examine(own).weighs(Weight.FAULT)
    assert {(each.what, each.expected, each.found) for each in found} == {
        ("object was changed", wrong, digest_of(b"something else")),
        ("object is missing", missing, "nothing"),
    }
    s3.faults.fail = lambda _: 503
    (unknown,) = examine(own).weighs(Weight.UNKNOWN)
    assert "objects" in unknown.what
    # Nobody is at home, but rows can be read, and what is near can be shown.
    with open_workspace(own) as workspace, pytest.raises(StoreUnreachable):
        workspace.objects.put(b"no way")
    s3.faults.calm()
    pointer = json.loads((own / OBJECTS_POINTER).read_text())
    (own / OBJECTS_POINTER).write_text(json.dumps(pointer | {"workspace": "another"}))
    assert "objects of another workspace" in unsound(own)
    with open_workspace(own) as workspace, pytest.raises(StoreUnreachable, match="not of this workspace"):
        workspace.objects.remove(sorted(before)[4])
    monkeypatch.setenv("BUFFYCOAT_OBJECTS", "memory://elsewhere")
    with pytest.raises(InvalidSetting, match="BUFFYCOAT_OBJECTS"), open_workspace(own):
        pass


def test_nothing_is_put_where_nobody_looks_while_the_place_changes(own: Path, tmp_path):
    """An object that is put at the old place in the very moment of the change is put at the new one, too."""
    with open_workspace(own) as workspace:
        old = workspace.objects.here
        put = old.put

        def slow(content: bytes, **more) -> str:
            digest = put(content, **more)
            if content == b"at the last moment":
                old.put = put
                copy_objects(own, str(tmp_path / "new"))
                (own / "objects" / digest[:2] / digest[2:]).unlink()
            return digest

        old.put = slow
        digest = workspace.objects.put(b"at the last moment")
        assert workspace.objects.here.get(digest) == b"at the last moment"
        assert workspace.objects.here.address == str(tmp_path / "new")
