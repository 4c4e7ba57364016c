"""Which found box is which true box, and what that says of a detector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value

__all__ = ["DetectionScore", "Matching", "match_boxes", "match_centers", "score_matchings"]


@value
class Matching:
    """One-to-one pairs of true and found boxes of one field.

    ``pairs`` are (place in truth, place in found), ``ious`` their overlaps; ``missed`` and ``extra`` are the places of
    true and found boxes without a partner.
    """

    pairs: tuple[tuple[int, int], ...]
    ious: tuple[float, ...]
    missed: tuple[int, ...]
    extra: tuple[int, ...]


@value
class DetectionScore:
    """What a detector found over many fields; ``None`` means undefined, which is not zero."""

    recall: float | None
    precision: float | None
    mean_iou: float | None
    true_count: int
    found_count: int
    hit_count: int


def match_boxes(truth: Sequence[Box], found: Sequence[Box], *, threshold: float = 0.5) -> Matching:
    """Pair true and found boxes that overlap by at least ``threshold``.

    The pairing has as many pairs as any can have and, among those, the largest sum of overlaps.

    Parameters
    ----------
    truth, found : sequence of Box
        Boxes of one field.
    threshold : float
        Smallest intersection over union of a pair, 0 to 1.

    Returns
    -------
    Matching
        Pairs in the order of ``truth``.

    Examples
    --------
    >>> matching = match_boxes([Box.around(50, 50, 20)], [Box.around(52, 50, 20), Box.around(90, 90, 20)])
    >>> matching.pairs, matching.extra
    (((0, 0),), (1,))
    """
    overlaps = _overlaps(truth, found)
    return _assign(overlaps, allowed=overlaps >= threshold)


def match_centers(truth: Sequence[Box], found: Sequence[Box]) -> Matching:
    """Pair each true box with a found box whose center lies in it.

    The pairing has as many pairs as any can have and, among those, the largest sum of overlaps.

    Parameters
    ----------
    truth, found : sequence of Box
        Boxes of one field.

    Returns
    -------
    Matching
        Pairs in the order of ``truth``.

    Examples
    --------
    >>> match_centers([Box.around(50, 50, 20)], [Box.around(58, 50, 20)]).pairs
    ((0, 0),)
    """
    inside = np.array([[box.contains(*other.center) for other in found] for box in truth], dtype=np.bool_)
    return _assign(_overlaps(truth, found), allowed=inside.reshape(len(truth), len(found)))


def score_matchings(matchings: Iterable[Matching]) -> DetectionScore:
    """Return recall, precision and mean overlap of the pairs, over the boxes of all fields together.

    Parameters
    ----------
    matchings : iterable of Matching
        One a field.

    Returns
    -------
    DetectionScore
        ``recall`` = hits / true boxes, ``precision`` = hits / found boxes.

    Examples
    --------
    >>> matching = match_boxes([Box.around(5, 5, 4)], [Box.around(5, 5, 4), Box.around(30, 5, 4)])
    >>> score = score_matchings([matching])
    >>> score.recall, score.precision
    (1.0, 0.5)
    """
    everything = list(matchings)
    ious = [iou for matching in everything for iou in matching.ious]
    hits = len(ious)
    true = hits + sum(len(matching.missed) for matching in everything)
    found = hits + sum(len(matching.extra) for matching in everything)
    return DetectionScore(
        recall=hits / true if true else None,
        precision=hits / found if found else None,
        mean_iou=sum(ious) / hits if hits else None,
        true_count=true,
        found_count=found,
        hit_count=hits,
    )


def _overlaps(truth: Sequence[Box], found: Sequence[Box]) -> NDArray[np.float64]:
    overlaps = np.array([[box.iou(other) for other in found] for box in truth], dtype=np.float64)
    return overlaps.reshape(len(truth), len(found))


def _assign(overlaps: NDArray[np.float64], *, allowed: NDArray[np.bool_]) -> Matching:
    # an allowed pair outweighs all overlaps together, so the number of pairs counts first
    weights = np.where(allowed, overlaps + min(overlaps.shape) + 1, 0.0)
    rows, columns = linear_sum_assignment(weights, maximize=True)
    pairs = tuple((int(row), int(column)) for row, column in zip(rows, columns, strict=True) if allowed[row, column])
    true, found = {row for row, _ in pairs}, {column for _, column in pairs}
    return Matching(
        pairs=pairs,
        ious=tuple(float(overlaps[pair]) for pair in pairs),
        missed=tuple(place for place in range(overlaps.shape[0]) if place not in true),
        extra=tuple(place for place in range(overlaps.shape[1]) if place not in found),
    )
