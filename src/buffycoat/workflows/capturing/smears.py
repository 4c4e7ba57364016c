"""Smears to photograph: made once by their code, found by it, with how far each is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from buffycoat.domain.account import Person
from buffycoat.domain.capturing import (
    Arrival,
    CapturedField,
    CaptureProgress,
    CountingArea,
    CountingCount,
    SmearTally,
    SmearWish,
    UploadState,
    checked_code,
)
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.domain.value import derive_id
from buffycoat.errors import Conflict, InvalidMetadata, NotFound
from buffycoat.store import Transaction
from buffycoat.store.arrivals import arrivals_of, newest_arrivals, seen_cells
from buffycoat.store.census import take_census
from buffycoat.store.queries import smears_now
from buffycoat.store.withdrawing import withdrawals
from buffycoat.workflows.capturing.marks import text_of
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["find_smear", "list_smears", "make_smear", "progress_of", "say_counting"]

_MOST = 500
_LONGEST_SITE = 60


def list_smears(workspace: Workspace, *, code: str | None = None, site: str | None = None) -> tuple[SmearTally, ...]:
    """Return smears to choose from, the one photographed last first; withdrawn ones are left out.

    Parameters
    ----------
    workspace
        Where.
    code, site : str, optional
        Only those of this code, as it is written on the slide, and of this laboratory.
    """
    with workspace.database.reading() as transaction:
        gone = withdrawals(transaction)
        smears = [
            smear
            for smear in smears_now(transaction).values()
            if smear.id not in gone and code in (None, smear.code) and site in (None, smear.site)
        ]
        newest = newest_arrivals(transaction)
        tallies = _tallies(transaction, smears)
    # A smear that no device has sent anything of comes after those, by its code.
    order = {smear.id: newest[smear.id].timestamp() if smear.id in newest else 0.0 for smear in smears}
    return tuple(sorted(tallies, key=lambda tally: (-order[tally.id], tally.code, tally.site)))


def make_smear(workspace: Workspace, wish: SmearWish, by: Person | None = None) -> tuple[SmearTally, bool]:
    """Make a smear by its code, or find the same one; say also whether it is new.

    What the people of the demo make is of the demo: were it real, they would be locked out in the middle of it.

    Raises
    ------
    InvalidMetadata
        The code is none: a name, perhaps.
    Conflict
        The code is of a smear of which something else is recorded, or that was withdrawn.
    """
    code, site = checked_code(wish.code), " ".join(wish.site.split()) or "unknown"
    if len(site) > _LONGEST_SITE:
        raise InvalidMetadata("the site is too long", expected=f"{_LONGEST_SITE} letters", found=str(len(site)))
    smear = Smear(
        id=derive_id("smear", {"site": site, "code": code}),
        code=code,
        site=site,
        stain=wish.stain,
        simulated=by is not None and by.simulated,
    )
    with workspace.database.writing() as transaction:
        if smear.id in withdrawals(transaction):
            raise Conflict("the smear of this code was withdrawn", hint="give the slide another code")
        before = smears_now(transaction).get(smear.id)
        if before is not None and before.stain is not smear.stain:
            raise Conflict(
                f"smear {code!r} is recorded with another stain",
                expected=before.stain,
                found=smear.stain,
                hint="take the smear that is there, or give the slide another code",
            )
        if before is None:
            transaction.add([smear])
        return _tallies(transaction, [before or smear])[0], before is None


def find_smear(transaction: Transaction, smear_id: str) -> Smear:
    """Return a smear that may be photographed, as it is recorded now.

    Raises
    ------
    NotFound
        There is none.
    Conflict
        It was withdrawn.
    """
    smear = smears_now(transaction).get(smear_id)
    if smear is None:
        raise NotFound("no smear has this id", found=smear_id[:80], hint="choose the smear anew, by its code")
    if smear_id in withdrawals(transaction):
        raise Conflict("this smear was withdrawn", hint="leave its photographs out: nothing of it is taken in again")
    return smear


def progress_of(workspace: Workspace, smear_id: str, person: Person) -> CaptureProgress:
    """Return how far a smear is, with its newest photographs.

    Raises
    ------
    NotFound, Conflict
        As for ``find_smear``.
    """
    with workspace.database.reading() as transaction:
        smear = find_smear(transaction, smear_id)
        tally = _tallies(transaction, [smear])[0]
        fields = {
            field.id: field for field in transaction.find(FieldOfView, smear_id=smear_id) if field.digest is not None
        }
        told = arrivals_of(transaction, fields)
    lines = sorted(
        (_line(field, told.get(field.id, ()), person) for field in fields.values()),
        key=lambda line: (line.arrived_at, line.field_id),
        reverse=True,
    )
    areas = Counter(line.in_counting_area for line in lines)
    return CaptureProgress(
        smear=tally,
        white_cells=tally.white_cells,
        counting_area=CountingCount(
            yes=areas[CountingArea.YES], no=areas[CountingArea.NO], unsaid=areas[CountingArea.UNSAID]
        ),
        photographs=tuple(lines[:_MOST]),
    )


def say_counting(workspace: Workspace, field_id: str, area: CountingArea, person: Person) -> CountingArea:
    """Keep what a person says of a field now; of several, the newest holds.

    Raises
    ------
    NotFound
        There is no such field.
    Conflict
        Its smear was withdrawn.
    """
    moment = now()
    with workspace.database.writing() as transaction:
        field = transaction.get(FieldOfView, field_id)
        find_smear(transaction, field.smear_id)
        before = arrivals_of(transaction, [field_id]).get(field_id, ())
        if _area(before) is not area:
            parts = {"field": field_id, "by": person.id, "at": moment.isoformat()}
            said = Arrival(
                id=derive_id("arrival", parts),
                field_id=field_id,
                expert_id=person.id,
                preset_id=None,
                in_counting_area=area,
                taken_on=None,
                white_cells=None,
                size_bytes=None,
                sent=False,
                arrived_at=moment,
            )
            transaction.add([said])
    return area


def _area(told: Sequence[Arrival]) -> CountingArea:
    return told[-1].in_counting_area if told else CountingArea.UNSAID


def _line(field: FieldOfView, told: Sequence[Arrival], person: Person) -> CapturedField:
    sent = next((each for each in told if each.sent), None)
    return CapturedField(
        field_id=field.id,
        state=UploadState.ARRIVED,
        white_cells=None if sent is None else sent.white_cells,
        in_counting_area=_area(told),
        focus=None if field.quality is None else field.quality.focus,
        arrived_at=field.ingested_at if sent is None else sent.arrived_at,
        by_me=sent is not None and sent.expert_id == person.id,
    )


def _tallies(transaction: Transaction, smears: Iterable[Smear]) -> list[SmearTally]:
    census = take_census(transaction)
    cells = seen_cells(transaction)
    plain = [
        SmearTally(
            id=smear.id,
            code=smear.code,
            site=smear.site,
            stain=smear.stain,
            photographs=census.of(smear.id).photographs,
            white_cells=cells.get(smear.id, 0),
            simulated=smear.simulated,
            qr="",
        )
        for smear in smears
    ]
    return [replace(tally, qr=_qr(tally)) for tally in plain]


def _qr(tally: SmearTally) -> str:
    try:
        return text_of(tally.code, tally.site)
    except InvalidMetadata:  # a code from a table may hold what no label needs, such as a blank
        return ""
