"""Cells that are surely of a term, to look at beside a disputed one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from buffycoat.domain.account import Person
from buffycoat.domain.adjudication import ReferenceCells
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.label import Label, Standing
from buffycoat.label.disputes import by_chance
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, current_ids, repeats_among
from buffycoat.workflows.adjudicating.queue import cell_of, opinions_in_order
from buffycoat.workflows.adjudicating.rounds import Disputed, decided_terms, open_disputes
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.consensus import closed_answers, counting_rounds, deciding, held_cells
from buffycoat.workflows.editions import newest_edition
from buffycoat.workflows.workspace import Workspace

__all__ = ["REFERENCES", "list_references"]

REFERENCES = 6
"""Cells that are shown of each term."""
_TRIED = 60
"""Of so many some will have a picture and be no repeats."""

_Agreed = Mapping[tuple[str, str], list[str]]
_AGREED: WeakKeyDictionary[Workspace, tuple[object, _Agreed]] = WeakKeyDictionary()


def list_references(
    workspace: Workspace, round_id: str, person: Person, item: str, *, term: str | None = None
) -> tuple[ReferenceCells, ...]:
    """Return cells of each term that was said of a disputed cell, in the order of the opinions; or of another term.

    First come cells on which experts agree, in whichever closed round decides over them, then, where these are too few,
    cells of this round that were adjudicated. Chance chooses, but always the same. The cell itself is never among
    them, nor a repeat of it, nor any cell that an open round holds.

    Parameters
    ----------
    workspace
        Where.
    round_id : str
        In which round.
    person : Person
        Who decides.
    item : str
        The disputed cell.
    term : str, optional
        Of which alone cells are wanted.

    Raises
    ------
    NotFound
        There is no such round or item for this person.
    NotAllowed
        The person reads in the round.
    """
    with workspace.database.reading() as transaction:
        disputed = open_disputes(workspace, transaction, round_id, person)
        cell = cell_of(workspace, disputed, item)
        near = {cell}
        for repeat in repeats_among(transaction, [cell]):
            near |= {repeat.cell_id, repeat.kept_id}
        agreed = _agreed(workspace, transaction)
        out = near | held_cells(transaction)
        found = tuple(
            ReferenceCells(term=wanted, cells=_chosen(transaction, disputed, agreed, wanted, out=out))
            for wanted in (opinions_in_order(disputed, cell) if term is None else (term,))
        )
    shown = [
        Suggested(kind=Suggestion.EXAMPLES, about=each.term, shown=each.cells, round_id=round_id)
        for each in found
        if each.cells
    ]
    note_showings(workspace, person.id, shown)
    return found


def _chosen(
    transaction: Transaction, disputed: Disputed, agreed: _Agreed, term: str, *, out: set[str]
) -> tuple[str, ...]:
    salt = f"reference {disputed.round.id} {term}"
    sure = by_chance(agreed.get((newest_edition(disputed.round.taxonomy), term), ()), salt=salt)
    found = _shown(transaction, [cell for cell in sure if cell not in out])
    if len(found) < REFERENCES:
        decided = [cell for cell, said in decided_terms(transaction, disputed).items() if said == term]
        found += _shown(transaction, [cell for cell in by_chance(decided, salt=salt) if cell not in out])
    return tuple(found[:REFERENCES])


def _shown(transaction: Transaction, cells: list[str]) -> list[str]:
    """Return those of some cells that have a picture and are no repeats; where many have none, more are tried."""
    found: list[str] = []
    for start in range(0, len(cells), _TRIED):
        tried = cells[start : start + _TRIED]
        good = set(current_ids(transaction, CellFilter(kept=True, with_pixels=True, among=tried)))
        found += [cell for cell in tried if cell in good]
        if len(found) >= REFERENCES or (not found and start >= 4 * _TRIED):
            break
    return found


def _agreed(workspace: Workspace, transaction: Transaction) -> _Agreed:
    """Return the cells on which experts agree, by taxonomy and term.

    Closed rounds are sealed, so all their labels are read only when one more is closed or an import corrects one.
    """
    key = (tuple(campaign.id for campaign in counting_rounds(transaction)), transaction.count(Label, event=None))
    known = _AGREED.get(workspace)
    if known is not None and known[0] == key:
        return known[1]
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    closed, _ = closed_answers(transaction)
    for cell, answers in deciding(closed).items():
        standing, term = answers.standings[cell]
        if standing is Standing.AGREED and term is not None:
            found[newest_edition(answers.round.taxonomy), term].append(cell)
    _AGREED[workspace] = key, dict(found)
    return found
