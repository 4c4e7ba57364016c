"""The disputed cells of a round, as they come to one who decides: what was said, and what they look like."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from buffycoat.domain.account import Person
from buffycoat.domain.adjudication import Decision, Dispute, DisputePage, Opinion
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Label, Purpose
from buffycoat.domain.taxonomy import FULL
from buffycoat.errors import NotFound
from buffycoat.label.disputes import by_chance, disputes_at
from buffycoat.store.answers import labels_of
from buffycoat.workflows.adjudicating.rounds import Disputed, decided_terms, items_of, open_disputes, salt_of
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.reading import ShownItem
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "cell_of",
    "find_dispute",
    "list_disputes",
    "no_such_item",
    "opinions_in_order",
]


def list_disputes(  # noqa: PLR0913 (level, pair and page)
    workspace: Workspace,
    round_id: str,
    person: Person,
    *,
    level: str = FULL,
    one: str | None = None,
    other: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> DisputePage:
    """Return a part of the disputed cells of a closed round, those with the rarest classes first; note who sees them.

    Every answer is a function of what was said of each cell, not of who said it: were two experts exchanged, it would
    be the same to the byte.

    Parameters
    ----------
    workspace
        Where.
    round_id : str
        In which round.
    person : Person
        Who decides; orders by chance are this person's own, and stay.
    level : str
        Of the taxonomy; two terms of one class are no dispute there.
    one, other : str, optional
        Classes of the level that must both have been said, whoever said which.
    offset, limit : int
        Which part.

    Raises
    ------
    NotFound
        No closed round of several experts has this id.
    NotAllowed
        The person reads in it.
    UnknownTerm
        The taxonomy has no such level.
    """
    with workspace.database.reading() as transaction:
        disputed = open_disputes(workspace, transaction, round_id, person)
        among = [key for key in (one, other) if key is not None]
        cells = disputes_at(
            disputed.said, taxonomy=disputed.taxonomy, level=level, salt=salt_of(disputed.round, person), among=among
        )
        decided = decided_terms(transaction, disputed)
        page = cells[offset : offset + limit]
        labels: dict[str, list[Label]] = defaultdict(list)
        for label in labels_of(transaction, disputed.round.id, cells=page):
            labels[label.cell_id].append(label)
        told = DisputePage(
            round=disputed.told(len(decided)),
            total=len(cells),
            decided=sum(cell in decided for cell in cells),
            items=tuple(_told(disputed, cell, offset + at, labels[cell]) for at, cell in enumerate(page)),
        )
    note_showings(workspace, person.id, _shown(round_id, page, told))
    return told


def _shown(round_id: str, cells: Sequence[str], told: DisputePage) -> list[Suggested]:
    """Return what is told of the experts' opinions, for the log of who was shown what."""
    return [
        Suggested(
            kind=Suggestion.OPINIONS,
            about=cell,
            shown=tuple(opinion.term for opinion in each.opinions),
            round_id=round_id,
        )
        for cell, each in zip(cells, told.items, strict=True)
    ]


def opinions_in_order(disputed: Disputed, cell_id: str) -> tuple[str, ...]:
    """Return the terms that were said of a cell, in the order in which this person is shown them.

    The order hangs on round, person, cell and terms alone. Equal opinions are one: then nothing is left in the order
    that could tell whose they are.
    """
    return by_chance(disputed.said[cell_id], salt=f"{salt_of(disputed.round, disputed.person)} {cell_id}")


def _told(disputed: Disputed, cell_id: str, place: int, labels: list[Label]) -> Dispute:
    times = Counter(disputed.said[cell_id])
    comments: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        if label.purpose is Purpose.READING and label.comment:
            comments[label.term].append(label.comment)
    decisions = [label for label in labels if label.purpose is Purpose.ADJUDICATION]
    # The same rule as that of the consensus.
    holds = max(decisions, key=lambda label: (label.given_at, label.term), default=None)
    return Dispute(
        item=disputed.item_of(cell_id),
        place=place,
        opinions=tuple(
            Opinion(term=term, experts=times[term], comments=tuple(sorted(comments[term])))
            for term in opinions_in_order(disputed, cell_id)
        ),
        decision=None
        if holds is None
        else Decision(
            term=holds.term,
            reason=holds.comment,
            mine=holds.expert_id == disputed.person.id,
            given_at=holds.given_at,
        ),
    )


def cell_of(workspace: Workspace, disputed: Disputed, item: str) -> str:
    """Return the cell of an item.

    Raises
    ------
    NotFound
        It is none of this person's.
    """
    cell = items_of(workspace, disputed).get(item)
    if cell is None:
        raise no_such_item(item)
    return cell


def no_such_item(item: str) -> NotFound:
    """Return what is said of an item that is none of this person's, or that an open round holds."""
    return NotFound("no disputed cell of this round has this id for you", found=repr(item[:80]))


def find_dispute(workspace: Workspace, round_id: str, person: Person, item: str) -> ShownItem:
    """Return what an item shows: the cell as it lies in its photograph.

    Raises
    ------
    NotFound
        There is no such round or item for this person.
    NotAllowed
        The person reads in the round.
    """
    with workspace.database.reading() as transaction:
        disputed = open_disputes(workspace, transaction, round_id, person)
        return ShownItem(cell=transaction.get(Cell, cell_of(workspace, disputed, item)), turned=0)
