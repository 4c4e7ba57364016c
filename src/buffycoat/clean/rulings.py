"""From edges to verdicts once more, when people have had their say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.covered import Settled, covered_fields, settle
from buffycoat.clean.groups import connected, connected_unless
from buffycoat.clean.keeper import sharpest
from buffycoat.domain.cell import DuplicateEdge, Evidence
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.domain.value import value

__all__ = ["Verdicts", "last_words", "standing_rulings", "verdicts"]

Pair = tuple[str, str]
_MEASURED = frozenset({Ruled.MEASURED, Ruled.UNSURE})
"""After these the measurement counts."""


@value
class Verdicts:
    """What is one cell, and what stays.

    ``groups`` hold cell ids, each sorted; ``kept`` is the one that stays of each, in the same order; ``covered`` are
    the photographs that go, each with the one that covers it; ``edges`` are the evidence that holds.
    """

    edges: tuple[DuplicateEdge, ...]
    groups: tuple[tuple[str, ...], ...]
    kept: tuple[str, ...]
    covered: Mapping[str, str]


def standing_rulings(rulings: Sequence[RepeatRuling]) -> dict[Pair, RepeatRuling]:
    """Return the last ruling on each pair, the smaller id first; pairs left to the measurement are not in it.

    Examples
    --------
    >>> standing_rulings([])
    {}
    """
    return {pair: ruling for pair, ruling in last_words(rulings).items() if ruling.ruled not in _MEASURED}


def last_words(rulings: Iterable[RepeatRuling]) -> dict[Pair, RepeatRuling]:
    """Return the last ruling on each pair, the smaller id first, whatever it says.

    Examples
    --------
    >>> last_words([])
    {}
    """
    last: dict[Pair, RepeatRuling] = {}
    for ruling in sorted(rulings, key=lambda each: (each.given_at, each.id)):
        last[_pair(ruling.cell_id, ruling.other_id)] = ruling
    return last


def verdicts(
    candidates: Sequence[Candidate],
    edges: Sequence[DuplicateEdge],
    *,
    rulings: Sequence[RepeatRuling] = (),
    pinned: Collection[str] = (),
    reading: Collection[str] = (),
    cut: Collection[str] | None = None,
) -> Verdicts:
    """Return the groups that edges and rulings make, which picture of each is kept, and which photographs go.

    What a person ruled holds against every measurement. Two cells that were ruled apart are in no group together, not
    even by way of a third: of the edges that would join them the weakest gives way. A picture that an open round reads
    is kept; else the one that a person chose; else, of the pictures that experts have been shown already, the sharpest;
    else the one that `settle` keeps. A photograph that holds a kept picture of a cell with several stays.

    Parameters
    ----------
    candidates : sequence of Candidate
        All cells of the smear.
    edges : sequence of DuplicateEdge
        What was measured, as `find_repeats` gives it.
    rulings : sequence of RepeatRuling
        In any order; the last on a pair counts. Those on cells that are not there are passed over.
    pinned : collection of str
        Cells that stay where they can, as people have worked on them.
    reading : collection of str
        Cells that an open round holds: nobody's choice takes them away under those who read.
    cut : collection of str, optional
        Cells that the edge of their photograph cuts; without it, the paper's rules hold, which do not ask that: the
        sharpest picture, and the richest photograph (Kouzehkanan et al. 2022, Data cleaning).
    """
    by_id = {each.id: each for each in candidates}
    last = {(a, b): said for (a, b), said in standing_rulings(rulings).items() if a in by_id and b in by_id}
    groups, held = _regrouped(by_id, edges, last)
    settled = _as_the_paper(candidates, groups) if cut is None else settle(candidates, groups, cut=cut)
    kept = tuple(
        _chosen(group, by_id, last, pinned, reading) or usual for group, usual in zip(groups, settled.kept, strict=True)
    )
    holding = {by_id[name].field_id for name in kept} if cut is not None else set()
    return Verdicts(
        edges=held,
        groups=groups,
        kept=kept,
        covered={field: by for field, by in settled.covered.items() if field not in holding},
    )


def _regrouped(
    by_id: Mapping[str, Candidate], edges: Sequence[DuplicateEdge], last: Mapping[Pair, RepeatRuling]
) -> tuple[tuple[tuple[str, ...], ...], tuple[DuplicateEdge, ...]]:
    """Return the groups, and the edges that hold, both in order."""
    measured = {_pair(edge.a, edge.b): edge for edge in edges}
    apart = {pair for pair, ruling in last.items() if ruling.ruled is Ruled.APART}
    joined = {
        pair: measured.get(pair) or _unmeasured(by_id[pair[0]], by_id[pair[1]]) for pair in last if pair not in apart
    }
    strongest_first = sorted(
        ({**measured, **joined}).items(),
        key=lambda item: (item[0] not in joined, *_weakness(item[1]), item[0]),
    )
    names = sorted({name for pair, _ in strongest_first for name in pair})
    number = {name: index for index, name in enumerate(names)}
    held = connected_unless(
        [(number[a], number[b]) for (a, b), _ in strongest_first if (a, b) not in apart],
        lambda one, other: _pair(names[one], names[other]) in apart,
    )
    by_pair = dict(strongest_first)
    groups = tuple(tuple(names[index] for index in group) for group in connected(len(names), held))
    return groups, tuple(by_pair[names[a], names[b]] for a, b in sorted(held))


def _as_the_paper(candidates: Sequence[Candidate], groups: Sequence[tuple[str, ...]]) -> Settled:
    by_id = {each.id: each for each in candidates}
    name_of = {member: group[0] for group in groups for member in group}
    shown: dict[str, set[str]] = {}
    sharpness: dict[str, list[float]] = {}
    for each in candidates:
        shown.setdefault(each.field_id, set()).add(name_of.get(each.id, each.id))
        sharpness.setdefault(each.field_id, []).append(each.sharpness)
    covered = covered_fields(
        {field: frozenset(cells) for field, cells in shown.items()},
        {field: sum(values) / len(values) for field, values in sharpness.items()},
    )
    return Settled(covered=covered, kept=tuple(sharpest(by_id[name] for name in group).id for group in groups))


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _weakness(edge: DuplicateEdge) -> tuple[bool, float, int]:
    """Return what edges are sorted by, the surest first: places, then what correlates best, then the nearest hashes."""
    bits = edge.average_hash_distance + edge.perceptual_hash_distance
    return edge.evidence is not Evidence.OVERLAP, -(edge.correlation or 0), bits


def _unmeasured(one: Candidate, other: Candidate) -> DuplicateEdge:
    return DuplicateEdge(
        a=one.id,
        b=other.id,
        average_hash_distance=(one.average_hash ^ other.average_hash).bit_count(),
        perceptual_hash_distance=(one.perceptual_hash ^ other.perceptual_hash).bit_count(),
        correlation=None,
    )


def _chosen(
    group: tuple[str, ...],
    by_id: Mapping[str, Candidate],
    last: Mapping[Pair, RepeatRuling],
    pinned: Collection[str],
    reading: Collection[str],
) -> str | None:
    """Return the picture that people read, chose or have worked on; ``None`` where that is none."""
    read = [by_id[name] for name in group if name in reading]
    if read:
        return sharpest(read).id
    chosen = [
        ruling
        for (one, other), ruling in last.items()
        if ruling.ruled is Ruled.KEEP and one in group and other in group
    ]
    if chosen:
        return max(chosen, key=lambda ruling: (ruling.given_at, ruling.id)).cell_id
    worked_on = [by_id[name] for name in group if name in pinned]
    return sharpest(worked_on).id if worked_on else None
