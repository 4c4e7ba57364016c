"""What people do to boxes, taken from devices: each an event, kept once, whatever came before it."""

from __future__ import annotations

from collections.abc import Sequence

from buffycoat.domain.account import Person
from buffycoat.domain.locating import BoxAct, BoxEvent, BoxGiven
from buffycoat.domain.reading import Receipt, Received
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.sorting import GalleryGiven
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.errors import AlreadyExists, BuffycoatError, Conflict
from buffycoat.store import Transaction
from buffycoat.store.boxes import boxes_known, cells_of_field, events_known_of_boxes, events_of_field, newest_events
from buffycoat.store.queries import latest_taxonomy
from buffycoat.workflows.locating.desk import Desk, drawing_run
from buffycoat.workflows.locating.looking import may_draw, side_of_crops
from buffycoat.workflows.runs import now
from buffycoat.workflows.sorting import take_labels
from buffycoat.workflows.workspace import Workspace

__all__ = ["take_boxes"]


def take_boxes(workspace: Workspace, field_id: str, person: Person, given: Sequence[BoxGiven]) -> tuple[Receipt, ...]:
    """Keep what a person did to the boxes of a photograph, in order, and say of each event what became of it.

    Once this returns, what is said to be kept is kept. An event that comes again is known and changes nothing; one that
    cannot be kept is refused by itself, with the code of the error. A box that was put or moved becomes a cell of its
    own, with its crop from the photograph as it was received; the cell that it was before is none of today's any more,
    and keeps its labels. A type becomes a label of the gallery's kind on the cell that the box is then.

    Of all events of a box the newest by (``given_at``, id) holds, whoever's it is and whenever it arrives. The moment
    is the device's, but not more than a minute after now.

    Parameters
    ----------
    workspace
        Where.
    field_id : str
        In which photograph.
    person : Person
        Who did it.
    given : sequence of BoxGiven
        What a device sends, in the order in which it was done.

    Raises
    ------
    NotFound
        There is no such photograph.
    Conflict
        It has not come, or is the crop of one cell.
    """
    desk = _opened(workspace, field_id, person, given)
    # Crops are cut before the transaction begins: who labels meanwhile waits for none.
    made = [desk.make(each) for each in given]
    placed = [each for each in made if isinstance(each, BoxEvent)]
    told: dict[int, Receipt] = {}
    if placed:
        with workspace.database.writing() as transaction:
            told = _kept(transaction, desk, given, made)
    types = [(place, each) for place, each in enumerate(made) if isinstance(each, GalleryGiven)]
    labeled = take_labels(workspace, person, [each for _, each in types]) if types else ()
    told |= {place: receipt for (place, _), receipt in zip(types, labeled, strict=True)}
    for place, (each, error) in enumerate(zip(given, made, strict=True)):
        if isinstance(error, BuffycoatError):
            told[place] = _refusal(each, error)
    return tuple(told[place] for place in range(len(given)))


def _opened(workspace: Workspace, field_id: str, person: Person, given: Sequence[BoxGiven]) -> Desk:
    with workspace.database.reading() as transaction:
        view = transaction.get(FieldOfView, field_id)
        if not may_draw(view, person):
            raise Conflict(
                "no box can be put into this photograph",
                found="its pixels have not come" if view.digest is None else "the crop of one cell",
            )
        cells = cells_of_field(transaction, field_id)
        events = events_of_field(transaction, field_id)
        put = {each.cell_id for each in events if each.cell_id != each.subject}
        return Desk(
            workspace=workspace,
            view=view,
            person=person,
            moment=now(),
            side=side_of_crops(transaction, view),
            taxonomy=latest_taxonomy(transaction) or RAABIN.reference,
            cells=cells,
            suggested=set(cells) - put,
            held={key: each.cell_id for key, each in newest_events(events).items()},
            elsewhere=boxes_known(transaction, [each.box for each in given if each.act is BoxAct.ADD]),
        )


def _kept(
    transaction: Transaction, desk: Desk, given: Sequence[BoxGiven], made: Sequence[object]
) -> dict[int, Receipt]:
    """Keep the events that are new, with the cells that they made; return receipts by the place in the call."""
    asked = [each for each in made if isinstance(each, BoxEvent)]
    known = dict(events_known_of_boxes(transaction, [each.id for each in asked]))
    told: dict[int, Receipt] = {}
    kept: list[BoxEvent] = []
    for place, (each, event) in enumerate(zip(given, made, strict=True)):
        if not isinstance(event, BoxEvent):
            continue
        content = (event.subject, str(event.act), event.place)
        if event.id not in known:
            known[event.id] = content
            kept.append(event)
            told[place] = Receipt(event=each.event, state=Received.KEPT)
        elif known[event.id] == content:
            told[place] = Receipt(event=each.event, state=Received.KNOWN)
        else:
            told[place] = _refusal(each, AlreadyExists("this event was something else", found=event.event))
    needed = {event.cell_id for event in kept}
    cells = [cell for cell in desk.drawn if cell.id in needed]
    transaction.add([*([drawing_run(desk.person.id)] if cells else []), *cells, *kept])
    return told


def _refusal(given: BoxGiven, error: BuffycoatError) -> Receipt:
    event = given.event[:80].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Receipt(event=event, state=Received.REFUSED, code=error.code, detail=str(error))
