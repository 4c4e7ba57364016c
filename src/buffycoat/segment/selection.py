"""Which cells have their masks drawn: quotas by class, at random, and no smear more than it must."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import Conflict, InputError, TooFew

__all__ = ["PRESETS", "Candidate", "Quotas", "choose_cells"]


@value
class Candidate:
    """A cell with a class that is sure.

    ``group`` is the same for all pictures of one cell; ``kept`` says that this picture is the one of them that counts.
    """

    cell_id: str
    term: str
    smear_id: str
    group: str
    kept: bool = True


@value
class Quotas:
    """How many cells of each class, and of which classes only the whole cell is drawn."""

    counts: Mapping[str, int]
    whole_only: tuple[str, ...] = ()


PRESETS: Final[Mapping[str, Quotas]] = {
    "paper": Quotas(
        counts={"neutrophil": 242, "lymphocyte": 242, "monocyte": 242, "eosinophil": 201, "basophil": 218},
        whole_only=("basophil",),
    )
}
"""``paper``: the 1,145 cells of Kouzehkanan et al., Scientific Reports 12:1123 (2022), "Ground truths of the nucleus
and the cytoplasm"; of basophils the whole cell alone."""


def choose_cells(
    candidates: Iterable[Candidate], counts: Mapping[str, int], *, seed: int, fewer: bool = False
) -> tuple[Candidate, ...]:
    """Choose cells for masks at random, so many of each class, the same whatever the order of the candidates.

    Of one cell at most one picture is chosen, and none where its pictures are of different classes. Within a class the
    smears give cells in turns: every smear its first, then every smear that has a second its second, and so on. So a
    smear has more cells than another only where the other has no more to give, and the largest number that one smear
    gives is as small as it can be. Which cells of a smear, and which smears in the last turn, is random.

    Parameters
    ----------
    candidates : iterable of Candidate
        Also pictures that do not count: where a cell's pictures differ in class, the cell is not sure.
    counts : mapping of str to int
        How many cells of each class.
    seed : int
        Another seed draws other cells.
    fewer : bool
        Take what there is of a class that has too few, instead of refusing.

    Returns
    -------
    tuple of Candidate
        By class, in the order of ``counts``, and within a class by turn.

    Raises
    ------
    InputError
        A count below 0, or none at all.
    Conflict
        Two candidates are one cell.
    TooFew
        With every class that has too few, how many were asked for, and how many there are.

    Examples
    --------
    >>> cells = [Candidate(cell_id=f"{n}", term="monocyte", smear_id="big" if n else "small", group=f"{n}")
    ...          for n in range(9)]
    >>> sorted(chosen.smear_id for chosen in choose_cells(cells, {"monocyte": 3}, seed=1))
    ['big', 'big', 'small']
    """
    if not counts or any(count < 0 for count in counts.values()):
        found = ", ".join(f"{term} {count}" for term, count in counts.items()) or "none"
        raise InputError("no such quotas", expected="a class with a count of 0 or more", found=found)
    turns = _turns(candidates, seed)
    short = {term: count for term, count in counts.items() if count > len(turns.get(term, ()))}
    if short and not fewer:
        raise TooFew(
            "too few cells to choose from",
            expected=", ".join(f"{term} {count}" for term, count in short.items()),
            found=", ".join(f"{term} {len(turns.get(term, ()))}" for term in short),
            hint="label more cells, ask for fewer, or take as many as there are",
        )
    return tuple(chosen for term, count in counts.items() for chosen in turns.get(term, ())[:count])


def _turns(candidates: Iterable[Candidate], seed: int) -> dict[str, list[Candidate]]:
    """Return the cells of each class in the order in which they are taken."""
    groups: dict[str, list[Candidate]] = defaultdict(list)
    known: set[str] = set()
    for candidate in candidates:
        if candidate.cell_id in known:
            raise Conflict("a cell is a candidate twice", found=candidate.cell_id)
        known.add(candidate.cell_id)
        groups[candidate.group].append(candidate)
    smears: dict[tuple[str, str], list[tuple[bytes, Candidate]]] = defaultdict(list)
    for members in groups.values():
        kept = [(_lot(member.cell_id, seed), member) for member in members if member.kept]
        if kept and len({member.term for member in members}) == 1:
            drawn = min(kept, key=lambda lot: lot[0])
            smears[drawn[1].term, drawn[1].smear_id].append(drawn)
    ranked: dict[str, list[tuple[int, bytes, Candidate]]] = defaultdict(list)
    for (term, _), cells in smears.items():
        for turn, (lot, cell) in enumerate(sorted(cells, key=lambda drawn: drawn[0])):
            ranked[term].append((turn, lot, cell))
    return {term: [cell for _, _, cell in sorted(cells, key=lambda it: it[:2])] for term, cells in ranked.items()}


def _lot(cell_id: str, seed: int) -> bytes:
    """Return the lot of a cell: it depends on nothing but the cell and the seed."""
    return hashlib.sha256(f"{seed} {cell_id}".encode()).digest()
