"""What changed between two states of the verdicts: pairs, kept pictures, photographs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations, islice

from buffycoat.domain.repeating import RepeatChange
from buffycoat.domain.value import value

__all__ = ["CellsOnce", "difference"]


@value
class CellsOnce:
    """Verdicts as they are compared: the kept picture of each one that is left out, and the photographs that go."""

    kept_of: Mapping[str, str]
    covered: frozenset[str] = frozenset()

    @property
    def groups(self) -> dict[str, list[str]]:
        """All pictures of each cell with several, by the kept one; it comes first."""
        groups: dict[str, list[str]] = defaultdict(list)
        for cell, kept in sorted(self.kept_of.items()):
            groups[kept] = [*(groups[kept] or [kept]), cell]
        return dict(groups)


def difference(
    before: CellsOnce, after: CellsOnce, *, cells: int, reading: Collection[str] = (), examples: int = 12
) -> RepeatChange:
    """Return what is otherwise after than before.

    Parameters
    ----------
    before, after : CellsOnce
        Verdicts on the same cells.
    cells : int
        How many cells there are, kept or not.
    reading : collection of str
        Cells that open rounds read.
    examples : int
        How many pairs are named, of those joined and of those parted.

    Examples
    --------
    >>> change = difference(CellsOnce(kept_of={"b": "a"}), CellsOnce(kept_of={"a": "b", "c": "b"}), cells=4)
    >>> change.joined, change.parted, change.left_out, change.kept_again, change.kept_before, change.kept_after
    (2, 0, ('a', 'c'), ('b',), 3, 2)
    >>> change.examples_joined
    (('a', 'c'), ('b', 'c'))
    """
    both = _together_in_both(before, after)
    joined, parted = _together(after) - both, _together(before) - both
    return RepeatChange(
        joined=joined,
        parted=parted,
        examples_joined=tuple(islice(_apart_before(before, after), min(examples, joined))),
        examples_parted=tuple(islice(_apart_before(after, before), min(examples, parted))),
        left_out=tuple(sorted(set(after.kept_of) - set(before.kept_of))),
        kept_again=tuple(sorted(set(before.kept_of) - set(after.kept_of))),
        kept_before=cells - len(before.kept_of),
        kept_after=cells - len(after.kept_of),
        covered=tuple(sorted(after.covered - before.covered)),
        uncovered=tuple(sorted(before.covered - after.covered)),
        read=tuple(sorted((set(after.kept_of) - set(before.kept_of)) & set(reading))),
    )


def _pairs_of(count: int) -> int:
    return count * (count - 1) // 2


def _together(state: CellsOnce) -> int:
    return sum(_pairs_of(len(group)) for group in state.groups.values())


def _names(state: CellsOnce) -> dict[str, str]:
    return {cell: kept for kept, group in state.groups.items() for cell in group}


def _together_in_both(before: CellsOnce, after: CellsOnce) -> int:
    """Count pairs without naming each: thresholds that are too wide make a group of thousands."""
    one, other = _names(before), _names(after)
    shared = Counter((one[cell], other[cell]) for cell in one if cell in other)
    return sum(_pairs_of(count) for count in shared.values())


def _apart_before(before: CellsOnce, after: CellsOnce) -> Iterator[tuple[str, str]]:
    names = _names(before)
    for group in after.groups.values():
        for a, b in combinations(sorted(group), 2):
            if names.get(a, a) != names.get(b, b):
                yield a, b
