"""Pairs that the thresholds hardly tell apart: a person judges them, and the answers suggest better thresholds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import product
from operator import itemgetter

import numpy as np

from buffycoat.clean.pair_index import Pairs, pairs_by_hashes
from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.hashes import Hashes, hamming
from buffycoat.metrics.intervals import wilson

__all__ = [
    "AnsweredCorrelation",
    "AnsweredThresholds",
    "BorderlinePair",
    "borderline_pairs",
    "correlation_from_answers",
    "thresholds_from_answers",
]


@value
class BorderlinePair:
    """Two crops ``a < b`` of one film, and in how many bits of 64 their hashes differ.

    ``margin`` is by how much the thresholds would have to change for another decision: 1, 2, ... bits more to join the
    two, or 0, -1, ... for how many bits they may shrink while they stay joined.
    """

    a: int
    b: int
    average_apart: int
    perceptual_apart: int
    margin: int


@value
class AnsweredThresholds:
    """Thresholds that agree best with a person's answers, and how well.

    Precision and recall are those among the pairs that were asked, which are the hard ones: among all pairs both are
    higher.
    """

    average_bits: int
    perceptual_bits: int
    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    asked: int


@value
class AnsweredCorrelation:
    """The correlation that agrees best with a person's answers, and how well, among the pairs that were asked."""

    correlation: float
    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    asked: int


def borderline_pairs(
    average: Hashes,
    perceptual: Hashes,
    films: Sequence[Hashable],
    *,
    average_bits: int,
    perceptual_bits: int,
    band: int = 4,
    at_most: int = 40,
) -> tuple[BorderlinePair, ...]:
    """Return the pairs whose decision would turn if both thresholds moved by a few bits, the closest first.

    Of equally close pairs those whose hashes differ less come first.

    Parameters
    ----------
    average, perceptual : ndarray of uint64
        Shape (n,), see `buffycoat.imaging.hashes`.
    films : sequence
        The film of each crop; only crops of one film are compared.
    average_bits, perceptual_bits : int
        The thresholds; strict.
    band : int
        Bits on each side, at least 1.
    at_most : int
        How many pairs a person is asked, half of them on each side of the thresholds where there are so many.

    Raises
    ------
    WrongArray
        If the hashes are no uint64 of one shape (n,).
    InputError
        If the lengths differ, a number is out of range, or too many crops of a film are alike.

    Examples
    --------
    >>> hashes = np.array([0, 0b11, 0b11111111], np.uint64)
    >>> pairs = borderline_pairs(hashes, hashes, ["a"] * 3, average_bits=4, perceptual_bits=4)
    >>> [(pair.a, pair.b, pair.margin) for pair in pairs]
    [(0, 1, -1), (1, 2, 3)]
    """
    if band < 1 or at_most < 0 or len(films) != len(average):
        raise InputError(
            "no such question",
            expected=f"a band of at least 1 bit, {len(average)} films",
            found=f"a band of {band} bits, {len(films)} films, at most {at_most} pairs",
        )
    members: dict[Hashable, list[int]] = {}
    for place, film in enumerate(films):
        members.setdefault(film, []).append(place)
    wide = {"average_bits": min(average_bits + band, 65), "perceptual_bits": min(perceptual_bits + band, 65)}
    found: list[BorderlinePair] = []
    for group in members.values():
        places = np.array(group)
        pairs = places[pairs_by_hashes(average[places], perceptual[places], **wide)]
        found += [
            pair
            for pair in _measured(pairs, average, perceptual, average_bits, perceptual_bits)
            if -band < pair.margin <= band
        ]
    found.sort(key=_closeness)
    inside = [pair for pair in found if pair.margin <= 0]
    outside = [pair for pair in found if pair.margin > 0]
    fewer = at_most // 2
    shown = inside[: max(fewer, at_most - len(outside))]
    shown += outside[: at_most - len(shown)]
    return tuple(sorted(shown, key=_closeness))


def thresholds_from_answers(
    pairs: Sequence[BorderlinePair], same: Sequence[bool], *, precision: float = 0.98
) -> AnsweredThresholds:
    """Return the thresholds that find the most of the pairs that a person called the same cell.

    Of thresholds whose precision among the asked pairs is high enough those with the highest recall are taken, then
    the higher precision, then the stricter ones. Where none is precise enough, the most precise ones are taken.

    Parameters
    ----------
    pairs : sequence of BorderlinePair
        What was asked.
    same : sequence of bool
        The answer to each.
    precision : float
        The lowest that will do, 0 to 1.

    Raises
    ------
    InputError
        If there is not one answer for each pair, or ``precision`` is out of range.
    TooFew
        If no answer is yes: then nothing is known of repeats.

    Examples
    --------
    >>> apart = [(1, 1), (3, 2), (5, 5), (6, 2)]
    >>> pairs = [BorderlinePair(a=0, b=1, average_apart=a, perceptual_apart=p, margin=0) for a, p in apart]
    >>> found = thresholds_from_answers(pairs, [True, True, False, True])
    >>> found.average_bits, found.perceptual_bits, found.precision, found.recall
    (7, 3, 1.0, 1.0)
    """
    if len(pairs) != len(same) or not 0 <= precision <= 1:
        raise InputError(
            "not one answer for each pair, or no such precision",
            expected=f"{len(pairs)} answers, a precision of 0 to 1",
            found=f"{len(same)} answers, {precision}",
        )
    yes = np.array(same, np.bool_)
    if not yes.any():
        raise TooFew(
            "thresholds cannot be chosen without a repeat",
            expected="at least one pair that shows the same cell",
            found=f"{len(pairs)} pairs, none of them",
            hint="ask about closer pairs: lower the thresholds",
        )
    apart = np.array([(pair.average_apart, pair.perceptual_apart) for pair in pairs])
    options = []
    # Only a threshold just above a pair's distance can be better than the one below it.
    for a, p in product(*((np.unique(side) + 1).tolist() for side in apart.T)):
        joined = (apart < (a, p)).all(axis=1)
        right, told = int((joined & yes).sum()), int(joined.sum())
        if not right:
            continue
        share, recall = right / told, right / int(yes.sum())
        order = (1, recall, share) if share >= precision else (0, share, recall)
        figures = AnsweredThresholds(
            average_bits=a,
            perceptual_bits=p,
            precision=share,
            precision_interval=wilson(right, told),
            recall=recall,
            recall_interval=wilson(right, int(yes.sum())),
            asked=len(pairs),
        )
        options.append(((*order, -a - p, -a), figures))
    return max(options, key=itemgetter(0))[1]


def correlation_from_answers(
    correlations: Sequence[float], same: Sequence[bool], *, lowest: float = 0.0, precision: float = 0.98
) -> AnsweredCorrelation:
    """Return the correlation that finds the most of the pairs that a person called the same cell.

    Chosen as in `thresholds_from_answers`; the line runs midway between the last pair that is joined and the next one.

    Parameters
    ----------
    correlations : sequence of float
        Of the pairs that were asked, -1 to 1.
    same : sequence of bool
        The answer to each.
    lowest : float
        The line runs no lower.
    precision : float
        The lowest that will do, 0 to 1.

    Raises
    ------
    InputError
        If there is not one answer for each pair, or ``precision`` is out of range.
    TooFew
        If no answer is yes.

    Examples
    --------
    >>> found = correlation_from_answers([0.97, 0.93, 0.91, 0.85], [True, True, False, True])
    >>> found.correlation, found.precision, round(found.recall, 2)
    (0.92, 1.0, 0.67)
    """
    if len(correlations) != len(same) or not 0 <= precision <= 1:
        raise InputError(
            "not one answer for each pair, or no such precision",
            expected=f"{len(correlations)} answers, a precision of 0 to 1",
            found=f"{len(same)} answers, {precision}",
        )
    if not any(same):
        raise TooFew(
            "thresholds cannot be chosen without a repeat",
            expected="at least one pair that shows the same cell",
            found=f"{len(same)} pairs, none of them",
            hint="ask about closer pairs: lower the thresholds",
        )
    known, yes = np.array(correlations), np.array(same, np.bool_)
    steps = np.unique(known)
    options = []
    for place, step in enumerate(steps.tolist()):
        below = steps[place - 1] if place else max(step - 0.01, 0.0)
        line = max(round(float(step + below) / 2, 4), lowest)
        joined = known >= line
        right, told = int((joined & yes).sum()), int(joined.sum())
        if not right:
            continue
        share, recall = right / told, right / int(yes.sum())
        order = (1, recall, share) if share >= precision else (0, share, recall)
        figures = AnsweredCorrelation(
            correlation=line,
            precision=share,
            precision_interval=wilson(right, told),
            recall=recall,
            recall_interval=wilson(right, int(yes.sum())),
            asked=len(known),
        )
        options.append(((*order, line), figures))
    if not options:
        raise TooFew(
            "no pair that shows the same cell is alike enough",
            expected=f"one that correlates by {lowest:g} or more",
            found=f"{float(known[yes].max()):.3f}",
            hint="ask about closer pairs",
        )
    return max(options, key=itemgetter(0))[1]


def _closeness(pair: BorderlinePair) -> tuple[float, int, int, int]:
    return abs(pair.margin - 0.5), pair.average_apart + pair.perceptual_apart, pair.a, pair.b


def _measured(
    pairs: Pairs, average: Hashes, perceptual: Hashes, average_bits: int, perceptual_bits: int
) -> list[BorderlinePair]:
    a, b = pairs.T
    across, through = hamming(average[a], average[b]), hamming(perceptual[a], perceptual[b])
    margins = np.maximum(across - average_bits, through - perceptual_bits) + 1
    return [
        BorderlinePair(a=i, b=j, average_apart=x, perceptual_apart=y, margin=margin)
        for i, j, x, y, margin in zip(*(side.tolist() for side in (a, b, across, through, margins)), strict=True)
    ]
