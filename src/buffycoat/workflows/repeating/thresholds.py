"""The threshold page: how far apart crops are, pairs that people are asked about, and lines that answers ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from buffycoat.clean import CleanParameters, Method
from buffycoat.clean.borderline import (
    AnsweredCorrelation,
    AnsweredThresholds,
    BorderlinePair,
    borderline_pairs,
    correlation_from_answers,
    thresholds_from_answers,
)
from buffycoat.clean.near_pairs import count_bits
from buffycoat.clean.rulings import last_words
from buffycoat.domain.account import Person
from buffycoat.domain.cell import DuplicateEdge
from buffycoat.domain.repeating import (
    Lines,
    NearPair,
    PairAnswer,
    PairSaid,
    SuggestedLines,
    ThresholdSheet,
    Way,
)
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.errors import InputError, TooFew
from buffycoat.store import Transaction
from buffycoat.store.queries import newest_run
from buffycoat.workflows.calibration import HashedCells, hashed_cells
from buffycoat.workflows.clean import KnownSmear, clean_parameters, known_smear
from buffycoat.workflows.repeating.previewing import MOST_CELLS, in_force, lines_of, smears_meant
from buffycoat.workflows.repeating.seen import LOWEST, look_closely
from buffycoat.workflows.repeats import write_ruling
from buffycoat.workflows.workspace import Workspace

__all__ = ["answer_pair", "threshold_sheet"]

AT_MOST = 40
"""Pairs that a person is asked about at a time."""
BAND = 0.05
"""Correlation on each side of the line."""
_RULED = {
    PairAnswer.SAME: Ruled.TOGETHER,
    PairAnswer.DIFFERENT: Ruled.APART,
    PairAnswer.UNSURE: Ruled.UNSURE,
    PairAnswer.BACK: Ruled.MEASURED,
}
_SAID = {
    Ruled.TOGETHER: PairAnswer.SAME,
    Ruled.KEEP: PairAnswer.SAME,
    Ruled.APART: PairAnswer.DIFFERENT,
    Ruled.UNSURE: PairAnswer.UNSURE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What was said last of each pair, the smaller id first, and the code of each pair's smear."""

    said: Mapping[tuple[str, str], RepeatRuling]
    codes: Mapping[str, str]


def threshold_sheet(
    workspace: Workspace,
    way: Way,
    *,
    smear_id: str | None = None,
    average_bits: int | None = None,
    perceptual_bits: int | None = None,
    correlation: float | None = None,
) -> ThresholdSheet:
    """Return distances, lines, pairs to ask about and what answers suggest, of one smear or of all.

    Parameters
    ----------
    workspace
        Where.
    way : Way
        By what crops are compared.
    smear_id : str, optional
        One smear; without it, all.
    average_bits, perceptual_bits, correlation : optional
        Other lines to look at than those in force.

    Raises
    ------
    NotFound
        There is no such smear.
    InputError
        There is no such threshold; or too many crops would have to be laid upon one another.
    """
    with workspace.database.reading() as transaction:
        codes = smears_meant(transaction, smear_id)
        standing = in_force(transaction, codes)
        rulings = [each for each in transaction.find(RepeatRuling) if each.smear_id in codes]
        known = {each: known_smear(transaction, each) for each in codes}
        waiting = _waiting(transaction, known)
    words = _Words(
        said={pair: word for pair, word in last_words(rulings).items() if word.ruled in _SAID},
        codes=codes,
    )
    method = Method.PAPER if way is Way.HASHES else Method.REGISTERED
    usual = standing if standing.method is method else clean_parameters(method)
    asked = clean_parameters(
        method,
        average_bits=(average_bits or usual.average_bits) if way is Way.HASHES else None,
        perceptual_bits=(perceptual_bits or usual.perceptual_bits) if way is Way.HASHES else None,
        correlation=(correlation or usual.correlation) if way is Way.CORRELATION else None,
    )
    if way is Way.HASHES:
        sheet = _by_hashes(hashed_cells(workspace, smear_id), words, asked)
    else:
        sheet = _by_correlation(workspace, known, words, asked)
    return replace(sheet, in_force=lines_of(standing), waiting=waiting)


def answer_pair(workspace: Workspace, person: Person, said: PairSaid) -> None:
    """Keep what a person says of a pair: a ruling, which counts from the next cleaning of the smear on.

    Raises
    ------
    NotFound
        There is no such cell.
    InputError
        They are of different smears.
    Conflict
        Both are the same cell, or an open round reads both, so that a picture would go.
    """
    write_ruling(workspace, said.cell_id, said.other_id, ruled=_RULED[said.answer], by=person.handle)


def _waiting(transaction: Transaction, known: Mapping[str, KnownSmear]) -> int:
    """Count the smears whose newest cleaning did not see the rulings, or the cells, as they stand now."""
    runs = {smear_id: newest_run(transaction, "clean", smear_id) for smear_id in known}
    return sum(
        run is not None and run.inputs not in {known[smear_id].inputs, known[smear_id].inputs_with_reading}
        for smear_id, run in runs.items()
    )


def _sheet(way: Way, cells: int, asked: CleanParameters) -> ThresholdSheet:
    lines = lines_of(asked)
    return ThresholdSheet(
        way=way,
        in_force=lines,
        lines=lines,
        cells=cells,
        by_bits=(),
        by_correlation=(),
        lowest=LOWEST,
        asked=(),
        answered=(),
        suggestion=None,
        waiting=0,
    )


# ------------------------------------------------------------------ hashes


def _by_hashes(known: HashedCells, words: _Words, asked: CleanParameters) -> ThresholdSheet:
    bits = {"average_bits": asked.average_bits, "perceptual_bits": asked.perceptual_bits}
    places: dict[str, list[int]] = {}
    for place, smear in enumerate(known.smears):
        places.setdefault(smear, []).append(place)
    counts: dict[tuple[int, int], int] = {}
    for members in places.values():
        for key, count in count_bits(known.average[members], known.perceptual[members]).items():
            counts[key] = counts.get(key, 0) + count
    found = borderline_pairs(
        known.average, known.perceptual, known.smears, **bits, at_most=AT_MOST + 2 * len(words.said)
    )
    open_ = [pair for pair in (_near(known, each, words) for each in found) if _pair(pair) not in words.said]
    numbers = {cell.id: place for place, cell in enumerate(known.cells)}
    answered = [
        replace(_near(known, _apart(known, numbers[a], numbers[b], asked), words), answer=_SAID[word.ruled], by=word.by)
        for (a, b), word in _latest_first(words)
        if a in numbers and b in numbers
    ]
    return replace(
        _sheet(Way.HASHES, len(known.cells), asked),
        by_bits=tuple((a, p, count) for (a, p), count in sorted(counts.items())),
        asked=tuple(open_[:AT_MOST]),
        answered=tuple(answered),
        suggestion=_bits_from(answered, asked),
    )


def _apart(known: HashedCells, one: int, other: int, asked: CleanParameters) -> BorderlinePair:
    across = (int(known.average[one]) ^ int(known.average[other])).bit_count()
    through = (int(known.perceptual[one]) ^ int(known.perceptual[other])).bit_count()
    margin = max(across - asked.average_bits, through - asked.perceptual_bits) + 1
    return BorderlinePair(a=one, b=other, average_apart=across, perceptual_apart=through, margin=margin)


def _near(known: HashedCells, pair: BorderlinePair, words: _Words) -> NearPair:
    return NearPair(
        a=known.cells[pair.a].id,
        b=known.cells[pair.b].id,
        smear=words.codes[known.smears[pair.a]],
        average_bits=pair.average_apart,
        perceptual_bits=pair.perceptual_apart,
        correlation=None,
        margin=pair.margin,
    )


def _bits_from(answered: Sequence[NearPair], asked: CleanParameters) -> SuggestedLines | None:
    sure = [each for each in answered if each.answer is not PairAnswer.UNSURE]
    pairs = [
        BorderlinePair(
            a=place,
            b=place + 1,
            average_apart=each.average_bits,
            perceptual_apart=each.perceptual_bits,
            margin=0,
        )
        for place, each in enumerate(sure)
    ]
    try:
        found = thresholds_from_answers(pairs, [each.answer is PairAnswer.SAME for each in sure])
    except TooFew:
        return None
    lines = replace(lines_of(asked), average_bits=found.average_bits, perceptual_bits=found.perceptual_bits)
    return _suggested(lines, found)


# ------------------------------------------------------------------ correlation


def _by_correlation(
    workspace: Workspace, known: Mapping[str, KnownSmear], words: _Words, asked: CleanParameters
) -> ThresholdSheet:
    cells = sum(len(each.cells) for each in known.values())
    if cells > MOST_CELLS:
        raise InputError(
            "too many crops to lay upon one another while you wait",
            expected=f"a smear of at most {MOST_CELLS:,}",
            found=f"{cells:,}",
            hint="choose one smear",
        )
    edges: dict[tuple[str, str], tuple[str, DuplicateEdge]] = {}
    for smear_id, each in known.items():
        for edge in look_closely(workspace, each).near:
            edges[edge.a, edge.b] = (words.codes[smear_id], edge)
    steps = round((1 - LOWEST) / 0.01)
    bars = [0] * steps
    for _, edge in edges.values():
        bars[min(int(((edge.correlation or 0) - LOWEST) / 0.01), steps - 1)] += 1
    pairs = {pair: _laid(code, edge, asked) for pair, (code, edge) in edges.items()}
    near = sorted(
        (each for pair, each in pairs.items() if pair not in words.said and abs(each.margin) <= BAND),
        key=lambda each: (abs(each.margin), each.a, each.b),
    )
    inside = [each for each in near if each.margin <= 0]
    outside = [each for each in near if each.margin > 0]
    shown = inside[: max(AT_MOST // 2, AT_MOST - len(outside))]
    shown += outside[: AT_MOST - len(shown)]
    answered = [
        replace(pairs[pair], answer=_SAID[word.ruled], by=word.by)
        for pair, word in _latest_first(words)
        if pair in pairs
    ]
    return replace(
        _sheet(Way.CORRELATION, cells, asked),
        by_correlation=tuple(bars),
        asked=tuple(sorted(shown, key=lambda each: (abs(each.margin), each.a, each.b))),
        answered=tuple(answered),
        suggestion=_correlation_from(answered, asked),
    )


def _laid(code: str, edge: DuplicateEdge, asked: CleanParameters) -> NearPair:
    correlation = edge.correlation or 0.0
    return NearPair(
        a=edge.a,
        b=edge.b,
        smear=code,
        average_bits=edge.average_hash_distance,
        perceptual_bits=edge.perceptual_hash_distance,
        correlation=correlation,
        margin=round(asked.correlation - correlation, 6),
        warp=edge.warp,
    )


def _correlation_from(answered: Sequence[NearPair], asked: CleanParameters) -> SuggestedLines | None:
    sure = [each for each in answered if each.answer is not PairAnswer.UNSURE]
    try:
        found = correlation_from_answers(
            [each.correlation or 0.0 for each in sure],
            [each.answer is PairAnswer.SAME for each in sure],
            lowest=asked.plausible,
        )
    except TooFew:
        return None
    return _suggested(replace(lines_of(asked), correlation=found.correlation), found)


# ------------------------------------------------------------------ both


def _suggested(lines: Lines, found: AnsweredThresholds | AnsweredCorrelation) -> SuggestedLines:
    return SuggestedLines(
        lines=lines,
        precision=found.precision,
        precision_interval=found.precision_interval,
        recall=found.recall,
        recall_interval=found.recall_interval,
        asked=found.asked,
    )


def _pair(near: NearPair) -> tuple[str, str]:
    return min(near.a, near.b), max(near.a, near.b)


def _latest_first(words: _Words) -> list[tuple[tuple[str, str], RepeatRuling]]:
    return sorted(words.said.items(), key=lambda item: (item[1].given_at, item[1].id), reverse=True)
