"""Photographs on their way: once each, to the byte, through cuts, restarts, full disks and damaged pieces."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from gps_photographs import photograph, says_where

from buffycoat.domain.account import Person
from buffycoat.domain.capturing import Arrival, CountingArea, PresetWish, SmearWish, UploadState, UploadWish
from buffycoat.domain.label import Role
from buffycoat.domain.smear import Capture, FieldOfView, ScaleSource, Stain
from buffycoat.errors import (
    AlreadyExists,
    Conflict,
    DiskFull,
    InputError,
    InvalidMetadata,
    NotFound,
    NothingFound,
    TooManyUploads,
    UnreadableImage,
    UploadBusy,
    UploadTooLarge,
    WrongChecksum,
    WrongFile,
    WrongOffset,
)
from buffycoat.imaging.codecs import encode_png
from buffycoat.workflows import capturing
from buffycoat.workflows.capturing import half
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.people import add_person
from buffycoat.workflows.workspace import Workspace, open_workspace

PIECE = 8 * 1024


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "lab", create=True) as opened:
        yield opened


@pytest.fixture
def edna(workspace: Workspace) -> Person:
    return add_person(workspace, handle="edna", role=Role.EXPERT).person


@pytest.fixture
def smear(workspace: Workspace) -> str:
    return capturing.make_smear(workspace, SmearWish(code="S-26-0017", stain=Stain.GIEMSA))[0].id


def wish_of(content: bytes, smear: str, number: int = 0, **more: object) -> UploadWish:
    digest = hashlib.sha256(content).hexdigest()
    return UploadWish(client=f"device-{number:08}", smear=smear, sha256=digest, length=len(content), **more)


def send(workspace: Workspace, person: Person, content: bytes, wish: UploadWish, *, until: int | None = None):
    status = capturing.begin_upload(workspace, person, wish)
    while status.state is UploadState.RECEIVING and (until is None or status.offset < until):
        piece = content[status.offset : status.offset + PIECE]
        checksum = "sha256", hashlib.sha256(piece).digest()
        status = capturing.append_piece(
            workspace, person, status.id, offset=status.offset, content=piece, checksum=checksum
        )
    return status


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def told_where(folder: Path) -> list[str]:
    return [path.name for path in everything(folder) if says_where(path.read_bytes())]


def fields(workspace: Workspace) -> list[FieldOfView]:
    with workspace.database.reading() as transaction:
        return transaction.find(FieldOfView)


def test_photograph_arrives_once_and_what_was_said_of_it_is_kept(workspace: Workspace, edna: Person, smear: str):
    content = photograph(1)
    preset, _ = capturing.make_preset(
        workspace,
        PresetWish(
            name="CX18", microscope="Olympus CX18", micrometres_per_pixel=0.15, scale_source=ScaleSource.MICROMETER
        ),
        edna,
    )
    wish = wish_of(content, smear, preset=preset.id, counting=CountingArea.YES, taken="2026-03-04")
    done = send(workspace, edna, content, wish)
    again = send(workspace, edna, content, wish)
    other = send(workspace, edna, content, replace(wish, client="another-0001"))
    assert (done.state, again.state, other.state) == ("arrived", "arrived", "repeat")
    assert done.field_id == again.field_id == other.field_id
    assert (again.offset, again.length) == (len(content), len(content))
    (field,) = fields(workspace)
    assert field.received == hashlib.sha256(content).hexdigest()
    assert "EXIF:GPSInfo" in field.stripped
    assert field.exif.model == "SM-G991B"
    with workspace.database.reading() as transaction:
        (arrival,) = transaction.find(Arrival)
        capture = transaction.get(Capture, field.capture_id)
    assert (arrival.in_counting_area, arrival.taken_on, arrival.preset_id) == ("yes", "2026-03-04", preset.id)
    assert (capture.microscope, capture.scale_source) == ("Olympus CX18", "stage-micrometer")
    assert done.white_cells == arrival.white_cells == 2
    assert told_where(workspace.folder) == []
    assert not list((workspace.folder / half.FOLDER).iterdir())
    assert capturing.upload_status(workspace, edna, done.id).state == "arrived"


def test_half_of_a_photograph_says_nothing_on_disk_and_survives_a_restart(tmp_path: Path):
    content = photograph(2)
    with open_workspace(tmp_path / "lab", create=True) as workspace:
        person = add_person(workspace, handle="edna", role=Role.EXPERT).person
        smear = capturing.make_smear(workspace, SmearWish(code="S-1"))[0].id
        wish = wish_of(content, smear)
        status = send(workspace, person, content, wish, until=len(content) // 2)
        assert 0 < status.offset < len(content)
        halves = everything(workspace.folder / half.FOLDER)
        assert sum(path.stat().st_size for path in halves) > status.offset
        for path in halves:
            held = path.read_bytes()
            assert not says_where(held)
            assert content[:200] not in held
            assert wish.sha256.encode() not in held
            assert path.stat().st_mode & 0o077 == 0 or path.name == "about"
    with open_workspace(tmp_path / "lab") as workspace:
        at = capturing.upload_status(workspace, person, status.id)
        assert (at.state, at.offset) == ("receiving", status.offset)
        assert send(workspace, person, content, wish).state == "arrived"
        assert told_where(workspace.folder) == []


def test_pieces_that_are_damaged_or_in_the_wrong_place_change_nothing(workspace: Workspace, edna: Person, smear: str):
    content = photograph(3)
    status = send(workspace, edna, content, wish_of(content, smear), until=1)
    piece = content[status.offset : status.offset + PIECE]
    good = "sha256", hashlib.sha256(piece).digest()
    refusals = [
        (WrongChecksum, {"offset": status.offset, "content": piece[:-1] + b"?", "checksum": good}),
        (WrongOffset, {"offset": status.offset - 1, "content": piece, "checksum": good}),
        (WrongOffset, {"offset": status.offset + 1, "content": piece, "checksum": good}),
        (InputError, {"offset": status.offset, "content": piece, "checksum": ("md5", b"")}),
        (
            UploadTooLarge,
            {"offset": status.offset, "content": bytes((1 << 20) + 1), "checksum": good},
        ),
    ]
    for error, asked in refusals:
        with pytest.raises(error):
            capturing.append_piece(workspace, edna, status.id, **asked)
    assert capturing.upload_status(workspace, edna, status.id).offset == status.offset
    assert send(workspace, edna, content, wish_of(content, smear)).state == "arrived"


def test_whole_that_is_another_file_is_thrown_away(workspace: Workspace, edna: Person, smear: str):
    content = photograph(4)
    wrong = replace(wish_of(content, smear), sha256="0" * 64)
    with pytest.raises(WrongFile):
        send(workspace, edna, content, wrong)
    assert fields(workspace) == []
    assert not list((workspace.folder / half.FOLDER).iterdir())


@pytest.mark.parametrize("content", [b"no picture at all", b"\xff\xd8\xff\xe1 broken"])
def test_what_is_no_photograph_is_refused_and_gone(workspace: Workspace, edna: Person, smear: str, content: bytes):
    with pytest.raises(UnreadableImage):
        send(workspace, edna, content, wish_of(content, smear))
    assert fields(workspace) == []
    assert not list((workspace.folder / half.FOLDER).iterdir())


def test_full_disk_is_named_and_the_device_goes_on_later(
    workspace: Workspace, edna: Person, smear: str, monkeypatch: pytest.MonkeyPatch
):
    content = photograph(5)
    wish = wish_of(content, smear)
    status = send(workspace, edna, content, wish, until=1)
    written = os.pwrite

    def full(part: int, view: memoryview, offset: int) -> int:
        written(part, bytes(view[:100]), offset)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(half.os, "pwrite", full)
        with pytest.raises(DiskFull):
            send(workspace, edna, content, wish)
    assert capturing.upload_status(workspace, edna, status.id).offset == status.offset
    with monkeypatch.context() as patched:
        patched.setattr(half.shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
        with pytest.raises(DiskFull):
            send(workspace, edna, content, replace(wish, client="another-0001"))
    assert send(workspace, edna, content, wish).state == "arrived"


def test_disk_that_fills_while_it_is_taken_in_loses_nothing(
    workspace: Workspace, edna: Person, smear: str, monkeypatch: pytest.MonkeyPatch
):
    content = photograph(6)

    def full(_: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(workspace.objects, "put", full)
        with pytest.raises(DiskFull):
            send(workspace, edna, content, wish_of(content, smear))
    status = capturing.begin_upload(workspace, edna, wish_of(content, smear))
    assert (status.state, status.offset) == ("received", len(content))
    empty = "sha1", hashlib.sha1(b"", usedforsecurity=False).digest()
    done = capturing.append_piece(workspace, edna, status.id, offset=status.offset, content=b"", checksum=empty)
    assert done.state == "arrived"


def test_one_writes_at_a_time(workspace: Workspace, edna: Person, smear: str):
    content = photograph(7)
    wish = wish_of(content, smear)
    status = send(workspace, edna, content, wish, until=len(content) - 1 - PIECE)
    uploads = capturing.Uploads(workspace.folder)
    client, secret = status.id.split(".")
    piece = content[status.offset : status.offset + 10]
    with uploads._held(uploads._place(edna.id, client)), pytest.raises(UploadBusy):
        uploads.append(edna.id, client, secret, offset=status.offset, content=piece)
    assert send(workspace, edna, content, wish).state == "arrived"


def test_one_id_is_one_photograph_of_one_person(workspace: Workspace, edna: Person, smear: str):
    one, other = photograph(8), photograph(9)
    half_sent = send(workspace, edna, one, wish_of(one, smear), until=1)
    with pytest.raises(Conflict, match="another photograph"):
        capturing.begin_upload(workspace, edna, wish_of(other, smear))
    emil = add_person(workspace, handle="emil", role=Role.EXPERT).person
    with pytest.raises(NotFound):
        capturing.upload_status(workspace, emil, half_sent.id)
    assert send(workspace, emil, other, wish_of(other, smear)).state == "arrived"
    send(workspace, edna, one, wish_of(one, smear))
    with pytest.raises(Conflict, match="another photograph"):
        capturing.begin_upload(workspace, edna, wish_of(photograph(10), smear))
    elsewhere = capturing.make_smear(workspace, SmearWish(code="S-26-0018"))[0].id
    with pytest.raises(Conflict, match="of another smear"):
        capturing.begin_upload(workspace, edna, wish_of(one, elsewhere, 44))


def test_half_uploads_are_bounded_and_end(
    workspace: Workspace, edna: Person, smear: str, monkeypatch: pytest.MonkeyPatch
):
    content = photograph(11)
    for number in range(half.MOST_OPEN):
        capturing.begin_upload(workspace, edna, replace(wish_of(content, smear, number), sha256=f"{number:064x}"))
    with pytest.raises(TooManyUploads):
        capturing.begin_upload(workspace, edna, wish_of(content, smear, 99))
    first = capturing.begin_upload(workspace, edna, replace(wish_of(content, smear, 0), sha256="0" * 64))
    capturing.end_upload(workspace, edna, first.id)
    with pytest.raises(NotFound):
        capturing.upload_status(workspace, edna, first.id)
    assert send(workspace, edna, content, wish_of(content, smear, 99)).state == "arrived"
    later = half.now() + half.LIFETIME + timedelta(seconds=1)
    monkeypatch.setattr(half, "now", lambda: later)
    assert capturing.Uploads(workspace.folder).standing()[2] == half.MOST_OPEN - 1
    assert capturing.Uploads(workspace.folder).sweep() == half.MOST_OPEN - 1
    with pytest.raises(UploadTooLarge):
        capturing.begin_upload(workspace, edna, replace(wish_of(content, smear), length=capturing.MOST_FILE + 1))


def test_doctor_knows_half_uploads_and_a_backup_leaves_them_out(
    workspace: Workspace, edna: Person, smear: str, tmp_path: Path
):
    content = photograph(12)
    send(workspace, edna, content, wish_of(content, smear), until=1)
    findings = {finding.what: finding for finding in examine(workspace.folder).findings}
    assert findings["photographs half sent"].found.startswith("1, ")
    back_up(workspace.folder, tmp_path / "backup")
    assert not [path for path in everything(tmp_path / "backup") if half.FOLDER in path.parts]


def test_smears_are_made_once_by_code_and_by_no_name(workspace: Workspace, edna: Person, smear: str):
    same, new = capturing.make_smear(workspace, SmearWish(code=" S-26-0017 ", stain=Stain.GIEMSA))
    assert (same.id, new) == (smear, False)
    assert same.qr == "buffycoat:smear/S-26-0017"
    with pytest.raises(Conflict, match="another stain"):
        capturing.make_smear(workspace, SmearWish(code="S-26-0017", stain=Stain.WRIGHT))
    for name in ("Jane Doe", "", "x" * 41, "-1", "Müller"):
        with pytest.raises(InvalidMetadata):
            capturing.make_smear(workspace, SmearWish(code=name))
    assert [found.id for found in capturing.list_smears(workspace, code="S-26-0017")] == [smear]
    assert capturing.list_smears(workspace, code="s-26-0017") == ()


def test_presets_keep_their_name(workspace: Workspace, edna: Person):
    wish = PresetWish(name="Phone  A", microscope="CX18", objective_magnification=100, quarter_turns=1)
    preset, new = capturing.make_preset(workspace, wish, edna)
    assert (preset.name, preset.scale_source, new) == ("Phone A", "unknown", True)
    assert capturing.make_preset(workspace, wish, edna) == (preset, False)
    with pytest.raises(AlreadyExists):
        capturing.make_preset(workspace, replace(wish, quarter_turns=2), edna)
    for bad in ({"quarter_turns": 4}, {"micrometres_per_pixel": -1.0}, {"name": " "}, {"microscope": "x" * 61}):
        with pytest.raises(InvalidMetadata):
            capturing.make_preset(workspace, replace(wish, **{"name": "B", **bad}), edna)
    assert capturing.preset_named(workspace, "phone a") == preset
    with pytest.raises(NotFound):
        capturing.preset_named(workspace, "phone b")


def test_progress_counts_cells_and_the_newest_word_on_the_counting_area_holds(
    workspace: Workspace, edna: Person, smear: str
):
    sent = []
    for number, area in enumerate((CountingArea.YES, CountingArea.NO, CountingArea.UNSAID)):
        content = photograph(20 + number)
        sent.append(send(workspace, edna, content, wish_of(content, smear, number, counting=area)))
    progress = capturing.progress_of(workspace, smear, edna)
    assert progress.white_cells == progress.smear.white_cells == sum(each.white_cells or 0 for each in sent) == 6
    assert (progress.counting_area.yes, progress.counting_area.no, progress.counting_area.unsaid) == (1, 1, 1)
    assert [line.field_id for line in progress.photographs] == [each.field_id for each in reversed(sent)]
    assert all(line.by_me and line.focus for line in progress.photographs)
    capturing.say_counting(workspace, sent[2].field_id or "", CountingArea.NO, edna)
    after = capturing.progress_of(workspace, smear, edna)
    assert (after.counting_area.no, after.white_cells) == (2, 6)
    assert after.photographs[0].in_counting_area == "no"
    with pytest.raises(NotFound):
        capturing.say_counting(workspace, "f0", CountingArea.NO, edna)


def test_micrometer_gives_the_scale_and_how_far_the_picture_agrees(workspace: Workspace):
    import numpy as np

    ruler = np.full((600, 800, 3), 230, np.uint8)
    ruler[:, 10::25] = 20
    found = capturing.scale_of(workspace, encode_png(ruler), division_um=10.0)
    assert found.micrometres_per_pixel == pytest.approx(0.4, rel=1e-3)
    assert found.spread is not None
    assert found.spread < 0.005
    slant = np.full((600, 800, 3), 230, np.uint8)
    away = 25 * np.arange(31)
    slant[:, np.rint(10 + away + 2e-5 * away**2).astype(int)] = 20  # the farther, the wider
    assert (capturing.scale_of(workspace, encode_png(slant), division_um=10.0).spread or 0) > 2 * found.spread + 0.002
    with pytest.raises(NothingFound):
        capturing.scale_of(workspace, encode_png(np.full((300, 300, 3), 200, np.uint8)), division_um=10.0)
    with pytest.raises(InputError):
        capturing.scale_of(workspace, encode_png(ruler), division_um=0.0)
