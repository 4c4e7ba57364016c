"""Masks that people drew, taken from devices: each an event, kept once, with how it was made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace

import orjson

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Expert
from buffycoat.domain.mask import Part
from buffycoat.domain.masking import MOST_STROKES, MaskGiven
from buffycoat.domain.reading import Receipt, Received
from buffycoat.domain.run import Outcome, Run
from buffycoat.domain.value import Scalar, derive_id, digest_of
from buffycoat.errors import AlreadyExists, BuffycoatError, Conflict, InputError
from buffycoat.imaging.regions import BinaryMask, decode_run_lengths
from buffycoat.segment import WHOLE_ONLY, network_of
from buffycoat.store.mask_queries import FIRST, SECOND, statements, superseded
from buffycoat.workflows.device_events import Moments, event_id, whole
from buffycoat.workflows.mask_room.starting import METHOD, has_compared
from buffycoat.workflows.mask_room.tasks import class_of
from buffycoat.workflows.masks.keeping import Hand, crop_size, made_of
from buffycoat.workflows.runs import now, run_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["take_masks"]

_TOOLS = frozenset({METHOD, "easy-gt", "pen"})
_LONGEST_S = 24 * 3600
_LONGEST_METHOD = 40


def take_masks(workspace: Workspace, person: Person, given: Sequence[MaskGiven]) -> tuple[Receipt, ...]:
    """Keep what a person drew, in order, and say of each event what became of it.

    Once this returns, what is said to be kept is kept, to the pixel. An event that comes again is known and changes
    nothing; one that cannot be kept is refused by itself, with the code of the error. Who draws a cell that somebody
    else has drawn is its second expert: that drawing lies beside the first, and nobody is told of either. Both parts
    come at once, and of a cell that is drawn again the newest that came holds.

    Threshold, strokes, seconds and the moment by the device's clock are parameters of the run that the masks belong to.
    """
    moments = Moments(now())
    return tuple(_taken(workspace, person, each, moments) for each in given)


def _taken(workspace: Workspace, person: Person, given: MaskGiven, moments: Moments) -> Receipt:
    try:
        known = _keep(workspace, person, given, moments)
    except BuffycoatError as error:
        return Receipt(event=whole(given.event[:80]), state=Received.REFUSED, code=error.code, detail=str(error))
    return Receipt(event=given.event, state=Received.KNOWN if known else Received.KEPT)


def _keep(workspace: Workspace, person: Person, given: MaskGiven, moments: Moments) -> bool:
    """Keep one event; return whether it was known."""
    event = event_id(given.event)
    _check(given)
    run_id = derive_id("run", {"mask event": event})
    inputs = digest_of(orjson.dumps({**asdict(given), "event": event, "person": person.id}))
    with workspace.database.reading() as transaction:
        if before := transaction.find(Run, id=run_id):
            return _same(before[0], inputs, event)
        cell = transaction.get(Cell, given.cell)
    size = crop_size(cell)
    _, parts = class_of(workspace, cell.id)
    drawn = _drawn(given, parts, size)
    moment = moments.of(cell.id, given.given_at)
    if has_compared(workspace, cell.id, person):
        raise Conflict(
            "this cell was compared with another drawing",
            expected="a drawing that no comparison has swayed",
            hint="your mask of before stays",
        )
    told: dict[str, Scalar] = {
        "method": given.method,
        "network": network_of(METHOD) if METHOD in given.method.split("+") else None,
        "threshold": given.threshold,
        "seconds": round(given.seconds, 1),
        "strokes": whole(given.strokes),
        "event": event,
        "given_at": moment.isoformat(),
    }
    with workspace.database.writing() as transaction:
        if before := transaction.find(Run, id=run_id):
            return _same(before[0], inputs, event)
        there, gone = statements(transaction, [cell.id]), superseded(transaction, [cell.id])
        expert = transaction.get(Expert, person.id)
        # A person who drew first stays first; whoever finds another person's masks is second, also the second time.
        mine = [it for it in there if it.expert_id == person.id]
        second = (
            mine[-1].second
            if mine
            else any(it.current and not it.by_program and it.expert_id != person.id for it in there)
        )
        room = SECOND if second else FIRST
        told |= {"expert": expert.handle, "second": second}
        run = replace(run_of(room=room, function="segment.keep_masks", parameters=told, inputs=inputs), id=run_id)
        hand = Hand(method=given.method, expert=expert, second=second)
        made = made_of(cell.id, size, drawn, hand=hand, run_id=run_id, there=there, gone=gone)
        outcome = Outcome(
            id=derive_id("outcome", {"run": run_id, "subject": cell.id, "code": None, "produced": None}),
            run_id=run_id,
            room=room,
            subject=cell.id,
            produced=None,
            code=None,
            message=made.message,
            finished_at=now(),
        )
        transaction.add([run, *made.values, outcome])
    return False


def _same(run: Run, inputs: str, event: str) -> bool:
    if run.inputs != inputs:
        raise AlreadyExists("this event was something else", found=event)
    return True


def _check(given: MaskGiven) -> None:
    used = given.method.split("+")
    if len(given.method) > _LONGEST_METHOD or len(set(used)) != len(used) or not set(used) <= _TOOLS:
        raise InputError(
            "no such way to draw", expected=", ".join(sorted(_TOOLS)), found=repr(whole(given.method[:80]))
        )
    if given.threshold is not None and not 0 <= given.threshold <= 255:
        raise InputError("the threshold is no level of magenta", expected="0 to 255", found=str(given.threshold))
    if not (math.isfinite(given.seconds) and 0 <= given.seconds <= _LONGEST_S):
        raise InputError("so many seconds are none", expected=f"0 to {_LONGEST_S}", found=str(given.seconds))
    if len(given.strokes) > MOST_STROKES:
        raise InputError("too much is drawn", expected=f"{MOST_STROKES} characters", found=str(len(given.strokes)))


def _drawn(given: MaskGiven, parts: tuple[Part, ...], size: tuple[int, int]) -> dict[Part, BinaryMask | str]:
    runs = {Part.NUCLEUS: given.nucleus, Part.CELL: given.cell_mask}
    drawn: dict[Part, BinaryMask | str] = {}
    for part, lengths in runs.items():
        if part not in parts:
            if lengths is not None:
                raise Conflict(
                    f"no {part} is drawn of this class", expected="the whole cell alone", found="a mask of it"
                )
            drawn[part] = WHOLE_ONLY
        elif lengths is not None:
            drawn[part] = decode_run_lengths(lengths, *size)
        elif given.failure is not None:
            drawn[part] = given.failure.value
        else:
            raise InputError(f"the {part} is missing", expected="its mask, or why there is none", found="neither")
    if given.failure is not None and all(runs[part] is not None for part in parts):
        raise InputError("a reason why there is no mask, beside all masks", found=given.failure.value)
    return drawn
