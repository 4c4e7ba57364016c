"""What happens to a photograph while it is taken in: a power cut, a withdrawal, the same bytes from another device."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gps_photographs import photograph
from sqlalchemy import Connection, event

from buffycoat.domain.account import Person
from buffycoat.domain.capturing import Arrival, CountingArea, SmearWish, UploadState, UploadWish
from buffycoat.domain.label import Role
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.withdrawal import Reason
from buffycoat.errors import Conflict, UploadBusy
from buffycoat.store import outlasting
from buffycoat.store.objects import name_of
from buffycoat.workflows import capturing
from buffycoat.workflows.capturing import half, taking
from buffycoat.workflows.keeping import withdraw
from buffycoat.workflows.people import add_person, curator_of
from buffycoat.workflows.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "lab", create=True) as opened:
        yield opened


@pytest.fixture
def edna(workspace: Workspace) -> Person:
    return add_person(workspace, handle="edna", role=Role.EXPERT).person


@pytest.fixture
def smear(workspace: Workspace) -> str:
    return capturing.make_smear(workspace, SmearWish(code="S-26-0017"))[0].id


def wish_of(content: bytes, smear: str, number: int = 0, **more: object) -> UploadWish:
    digest = hashlib.sha256(content).hexdigest()
    return UploadWish(client=f"device-{number:08}", smear=smear, sha256=digest, length=len(content), **more)


def piece(workspace: Workspace, person: Person, upload: str, content: bytes, offset: int):
    checksum = "sha256", hashlib.sha256(content).digest()
    return capturing.append_piece(workspace, person, upload, offset=offset, content=content, checksum=checksum)


def send(workspace: Workspace, person: Person, content: bytes, wish: UploadWish):
    status = capturing.begin_upload(workspace, person, wish)
    return piece(workspace, person, status.id, content[status.offset :], status.offset)


def halves(workspace: Workspace) -> list[Path]:
    return list((workspace.folder / half.FOLDER).iterdir())


def objects(workspace: Workspace) -> list[str]:
    return [digest for digest, _ in workspace.objects.here.listed()]


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Do something, once, while the white cells of a photograph are counted."""
    count, left = taking._white_cells, [do]

    def counted(*asked):
        if left:
            left.pop()()
        return count(*asked)

    monkeypatch.setattr(taking, "_white_cells", counted)


def test_photograph_is_on_the_disk_before_the_device_may_forget_it(
    workspace: Workspace, edna: Person, smear: str, monkeypatch: pytest.MonkeyPatch, on_postgresql: bool
):
    told: list[tuple[str, object]] = []
    fsync, end = os.fsync, capturing.Uploads.end

    def waits(opened: int) -> None:
        told.append(("waited", Path(f"/proc/self/fd/{opened}").readlink().relative_to(workspace.folder.resolve())))
        fsync(opened)

    def ends(self: capturing.Uploads, *upload: str) -> None:
        told.append(("ended", None))
        end(self, *upload)

    monkeypatch.setattr(outlasting.os, "fsync", waits)
    monkeypatch.setattr(capturing.Uploads, "end", ends)

    @event.listens_for(workspace.database.engine, "commit")
    def _committed(connection: Connection) -> None:
        # On PostgreSQL each transaction waits for the disk, after its commit.
        asked = None if on_postgresql else connection.connection.dbapi_connection.execute("PRAGMA synchronous")
        told.append(("kept", 2 if asked is None else asked.fetchone()[0]))

    content = photograph(1)
    assert send(workspace, edna, content, wish_of(content, smear)).state == "arrived"
    with workspace.database.reading() as transaction:
        (field,) = transaction.find(FieldOfView)
    name = Path("objects") / name_of(field.digest or "")
    ended = told.index(("ended", None))
    assert [what for kind, what in told[:ended] if kind == "waited"] == [name, name.parent, Path("objects")]
    levels = [(place, what) for place, (kind, what) in enumerate(told[:ended]) if kind == "kept"]
    full = [place for place, level in levels if level == 2]
    assert on_postgresql or len(full) == 1
    assert full[-1] > max(place for place, (kind, _) in enumerate(told) if kind == "waited")
    told.clear()
    capturing.make_smear(workspace, SmearWish(code="S-26-0018"))
    assert ("kept", 2 if on_postgresql else 1) in told
    assert on_postgresql or ("kept", 2) not in told, "only what is kept nowhere else waits for the disk"


def test_smear_that_is_withdrawn_while_its_photograph_is_looked_at_gets_no_pixels(
    workspace: Workspace, edna: Person, smear: str, monkeypatch: pytest.MonkeyPatch
):
    add_person(workspace, handle="ada", role=Role.CURATOR)
    kept = photograph(2)
    send(workspace, edna, kept, wish_of(kept, capturing.make_smear(workspace, SmearWish(code="S-26-0018"))[0].id, 5))
    before = objects(workspace)
    by = curator_of(workspace, "ada")
    meanwhile(
        monkeypatch,
        lambda: withdraw.withdraw_smear(workspace, "S-26-0017", by=by, reason=Reason.CONSENT, confirm="S-26-0017"),
    )
    content = photograph(3)
    with pytest.raises(Conflict, match="withdrawn"):
        send(workspace, edna, content, wish_of(content, smear))
    with workspace.database.reading() as transaction:
        assert not transaction.find(FieldOfView, smear_id=smear)
        assert len(transaction.find(Arrival)) == len(transaction.find(Outcome)) == 1
    assert objects(workspace) == before
    assert halves(workspace) == []


@pytest.mark.parametrize("same", [True, False])
def test_same_bytes_from_two_devices_at_one_moment_are_one_photograph_of_one_smear(
    workspace: Workspace, edna: Person, smear: str, monkeypatch: pytest.MonkeyPatch, same: bool
):
    content = photograph(4)
    emil = add_person(workspace, handle="emil", role=Role.EXPERT).person
    other = smear if same else capturing.make_smear(workspace, SmearWish(code="S-26-0018"))[0].id
    meanwhile(monkeypatch, lambda: send(workspace, emil, content, wish_of(content, other)))
    wish = wish_of(content, smear)
    if same:
        assert send(workspace, edna, content, wish).state == "repeat"
    else:
        with pytest.raises(Conflict, match="same bytes"):
            send(workspace, edna, content, wish)
    with workspace.database.reading() as transaction:
        (field,), (arrival,) = transaction.find(FieldOfView), transaction.find(Arrival)
    assert (field.smear_id, arrival.expert_id) == (other, emil.id)
    assert objects(workspace) == [field.digest]
    assert halves(workspace) == []


@pytest.mark.parametrize("older", [False, True])
def test_the_newest_word_on_a_photograph_that_is_on_its_way_holds(
    workspace: Workspace, edna: Person, smear: str, older: bool, monkeypatch: pytest.MonkeyPatch
):
    content = photograph(5)
    if older:  # as it was written before words had a nonce of their own
        seal = half._sealed

        def as_before(secret: str, wish: UploadWish) -> dict[str, str]:
            made = seal(secret, wish)
            return {"sealed": made["sealed"], "nonce": made["told"]}

        with monkeypatch.context() as patched:
            patched.setattr(half, "_sealed", as_before)
            begun = capturing.begin_upload(workspace, edna, wish_of(content, smear))
    else:
        begun = capturing.begin_upload(workspace, edna, wish_of(content, smear))
    piece(workspace, edna, begun.id, content[:1000], 0)
    (place,) = halves(workspace)
    nonces = []
    for area, day in ((CountingArea.YES, None), (CountingArea.NO, "2026-03-04"), (CountingArea.NO, "2026-03-05")):
        again = capturing.begin_upload(workspace, edna, wish_of(content, smear, counting=area, taken=day))
        assert (again.id, again.state, again.offset) == (begun.id, UploadState.RECEIVING, 1000)
        nonces.append((place / "about").read_bytes().partition(b'"told":')[2][:30])
    assert len(set(nonces)) == 3, "words under one key are never sealed twice with one nonce"
    with capturing.Uploads(workspace.folder)._held(place), pytest.raises(UploadBusy):
        capturing.begin_upload(workspace, edna, wish_of(content, smear))
    for wrong in ({"length": len(content) + 1}, {"smear": "s1"}):
        with pytest.raises(Conflict, match="another photograph"):
            capturing.Uploads(workspace.folder).begin(edna.id, replace(wish_of(content, smear), **wrong))
    assert piece(workspace, edna, begun.id, content[1000:], 1000).state == "arrived"
    with workspace.database.reading() as transaction:
        (arrival,) = transaction.find(Arrival)
    assert (arrival.in_counting_area, arrival.taken_on) == ("no", "2026-03-05")
