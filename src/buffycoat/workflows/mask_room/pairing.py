"""How alike two people drew one cell: told when both have drawn, and from then on neither is changed."""

from __future__ import annotations

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Role
from buffycoat.domain.mask import Part
from buffycoat.domain.masking import PairDice
from buffycoat.errors import Conflict
from buffycoat.formats.mask_pictures import CYTOPLASM_WORD
from buffycoat.metrics.overlap import dice
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.mask_room.starting import SOURCE
from buffycoat.workflows.masks.comparing import pairs_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["compare_drawings"]


def compare_drawings(workspace: Workspace, cell_id: str, person: Person) -> PairDice:
    """Return how alike a person's drawing of a cell is to another person's, and note that it was told.

    A curator or admin who drew neither may ask for the first two that were drawn. Whoever has been told draws this cell
    no more: a drawing that was made after it would not be blind.

    Raises
    ------
    NotFound
        There is no such cell.
    Conflict
        Not both have drawn. Nothing is said of who has.
    """
    with workspace.database.reading() as transaction:
        transaction.get(Cell, cell_id)
        there = [it for it in statements(transaction, [cell_id]) if not it.by_program]
    one, other = _pair(there, person)
    ids = tuple(mask.id for it in (one, other) for mask in it.parts.values())
    told = Suggested(kind=Suggestion.OPINIONS, about=cell_id, shown=ids, source=SOURCE)
    note_showings(workspace, person.id, [told])
    found: dict[str, float | None] = {}
    for part, (a, b) in pairs_of(one, other).items():
        if a is None and b is None:
            found[part] = None
        else:
            found[part] = 0.0 if a is None or b is None else dice(a, b)
    return PairDice(
        cell_id=cell_id,
        nucleus=found.get(Part.NUCLEUS.value),
        cell=found.get(Part.CELL.value),
        cytoplasm=found.get(CYTOPLASM_WORD),
    )


def _pair(there: list[Statement], person: Person) -> tuple[Statement, Statement]:
    mine = [it for it in there if it.expert_id == person.id]
    others = [it for it in there if it.expert_id != person.id]
    if mine and others:
        return mine[-1], others[0]
    if not mine and person.role in (Role.CURATOR, Role.ADMIN) and len(others) > 1:
        return others[0], others[1]
    raise Conflict("there is nothing to compare yet", expected="two drawings by different people, one of them yours")
