"""What the labels of a cell amount to; computed, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from buffycoat.domain.label import Consensus, Label, Purpose, Standing

__all__ = ["consensus_of", "standings"]


def standings(
    cells: Sequence[str], answers: Iterable[tuple[str, str, Purpose | str, str, datetime]], /
) -> dict[str, tuple[Standing, str | None]]:
    """Return where many cells stand, and the term of each, in one pass over their labels.

    Two equal answers agree; "double-labeled" in the paper (Kouzehkanan et al. 2022, Data labeling). An adjudication
    decides over all, the latest over earlier ones. Hidden repeats do not count.

    Parameters
    ----------
    cells : sequence of str
        Their ids.
    answers : iterable of tuple
        Live labels of one round, in any order: cell id, expert id, purpose, term, moment. Those of other cells are
        passed over.

    Returns
    -------
    dict
        Of every cell, in the order of ``cells``: its standing, and the term that the experts agree on, an adjudicator
        decided, or a single expert said; ``None`` otherwise.

    Examples
    --------
    >>> noon = datetime(2026, 1, 1, 12)
    >>> answers = [("c1", "e1", "reading", "smudge", noon), ("c1", "e2", "reading", "artifact", noon)]
    >>> found = standings(["c1", "c2"], answers)
    >>> [(str(standing), term) for standing, term in found.values()]
    [('disputed', None), ('open', None)]
    """
    # A cell's only expert, and its only term; None once there are several.
    readers: dict[str, str | None] = {}
    terms: dict[str, str | None] = {}
    decided: dict[str, tuple[datetime, str]] = {}
    for cell, expert, purpose, term, given_at in answers:
        if purpose == "reading":
            if cell not in readers:
                readers[cell], terms[cell] = expert, term
                continue
            if readers[cell] != expert:
                readers[cell] = None
            if terms[cell] != term:
                terms[cell] = None
        elif purpose == "adjudication" and (cell not in decided or decided[cell] < (given_at, term)):
            decided[cell] = given_at, term
    open_cell, disputed = (Standing.OPEN, None), (Standing.DISPUTED, None)
    found: dict[str, tuple[Standing, str | None]] = {}
    for cell in cells:
        if cell in decided:
            found[cell] = Standing.ADJUDICATED, decided[cell][1]
        elif cell not in readers:
            found[cell] = open_cell
        elif readers[cell] is not None:
            found[cell] = Standing.SINGLE, terms[cell]
        else:
            term_of = terms[cell]
            found[cell] = disputed if term_of is None else (Standing.AGREED, term_of)
    return found


def consensus_of(cell_id: str, labels: Sequence[Label], /) -> Consensus:
    """Return where a cell stands; :func:`standings` of one cell.

    Parameters
    ----------
    cell_id : str
        The cell.
    labels : sequence of Label
        Its live labels in one round, in any order.

    Returns
    -------
    Consensus
        With a term where the experts agree, an adjudicator decided, or a single expert answered.

    Examples
    --------
    >>> consensus_of("c1", []).standing
    <Standing.OPEN: 'open'>
    """
    answers = ((cell_id, label.expert_id, label.purpose, label.term, label.given_at) for label in labels)
    standing, term = standings([cell_id], answers)[cell_id]
    return Consensus(cell_id=cell_id, standing=standing, term=term)
