"""Average precision of boxes with scores, by the rule of COCO."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError

__all__ = [
    "COCO_THRESHOLDS",
    "AveragePrecision",
    "average_precision",
    "corners",
    "overlap_matrix",
    "threshold_of_best_f1",
]

COCO_THRESHOLDS: Final = tuple(float(threshold) for threshold in np.linspace(0.5, 0.95, 10))

_MOST: Final = 100
_RECALLS: Final = np.linspace(0.0, 1.0, 101)


@value
class AveragePrecision:
    """Area under precision over recall; ``None`` where there are no true boxes.

    ``ap50_95`` is the mean over ``COCO_THRESHOLDS``, ``by_threshold`` one figure for each of them.
    """

    ap50: float | None
    ap75: float | None
    ap50_95: float | None
    by_threshold: tuple[float, ...]
    true_count: int
    found_count: int


def corners(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Return boxes as an array: shape (n, 4), left, top, right, bottom.

    Examples
    --------
    >>> corners([Box(left=1, top=2, right=3, bottom=4)]).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """
    rows = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    return np.array(rows, np.float64).reshape(-1, 4)


def overlap_matrix(truth: NDArray[np.floating], found: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return intersection over union of all pairs: shape (true, found).

    Parameters
    ----------
    truth, found : ndarray
        Shape (n, 4): left, top, right, bottom.

    Examples
    --------
    >>> overlap_matrix(np.array([[0, 0, 4, 2.0]]), np.array([[2, 0, 6, 2.0], [4, 0, 6, 2]])).round(3).tolist()
    [[0.333, 0.0]]
    """
    one, other = truth[:, None, :].astype(np.float64), found[None, :, :].astype(np.float64)
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    shared = sides.clip(min=0).prod(axis=2)
    areas = [(each[..., 2:] - each[..., :2]).prod(axis=2) for each in (one, other)]
    return np.asarray(shared / np.maximum(areas[0] + areas[1] - shared, np.finfo(np.float64).tiny))


def average_precision(
    truth: Sequence[NDArray[np.floating]],
    found: Sequence[NDArray[np.floating]],
    scores: Sequence[NDArray[np.floating]],
) -> AveragePrecision:
    """Return AP50, AP75 and AP50-95 over the fields together.

    The rule of COCO (Lin et al. 2014; pycocotools gives the same figures): of each field the 100 best boxes count; by
    falling score each takes the true box that it overlaps most among those still free, if by at least the threshold;
    precision at each of 101 recalls is the best one at that recall or beyond, and these are averaged.

    Parameters
    ----------
    truth : sequence of ndarray
        For each field the true boxes, shape (n, 4): left, top, right, bottom. ``corners`` makes it of ``Box`` values.
    found : sequence of ndarray
        For each field the found boxes, shape (m, 4).
    scores : sequence of ndarray
        For each field how sure each found box is, shape (m,).

    Raises
    ------
    InputError
        If the three are not of the same fields, or a box has no score.

    Examples
    --------
    >>> square = np.array([[0.0, 0, 10, 10]])
    >>> average_precision([square], [square], [np.array([0.9])]).ap50_95
    1.0
    """
    if not len(truth) == len(found) == len(scores):
        raise InputError(
            "truth, boxes and scores are not of the same fields",
            expected=f"{len(truth)} of each",
            found=f"{len(found)} and {len(scores)}",
        )
    ranks, hits = [], []
    for number, (true, boxes, sure) in enumerate(zip(truth, found, scores, strict=True)):
        if len(boxes) != len(sure):
            raise InputError(f"field {number}: boxes without scores", expected=str(len(boxes)), found=str(len(sure)))
        order = np.argsort(-sure, kind="stable")[:_MOST]
        ranks.append(np.asarray(sure, np.float64)[order])
        hits.append(_hits(overlap_matrix(true.reshape(-1, 4), boxes.reshape(-1, 4)[order])))
    true_count = sum(len(true) for true in truth)
    found_count = sum(len(rank) for rank in ranks)
    if true_count == 0:
        return AveragePrecision(
            ap50=None, ap75=None, ap50_95=None, by_threshold=(), true_count=0, found_count=found_count
        )
    order = np.argsort(-np.concatenate(ranks), kind="stable")
    by_threshold = tuple(_area(row[order], true_count) for row in np.concatenate(hits, axis=1))
    return AveragePrecision(
        ap50=by_threshold[0],
        ap75=by_threshold[5],
        ap50_95=float(np.mean(by_threshold)),
        by_threshold=by_threshold,
        true_count=true_count,
        found_count=found_count,
    )


def threshold_of_best_f1(
    truth: Sequence[NDArray[np.floating]],
    found: Sequence[NDArray[np.floating]],
    scores: Sequence[NDArray[np.floating]],
) -> float | None:
    """Return the score from which boxes are taken for cells: recall and precision at overlap 0.5 balance best there.

    Parameters
    ----------
    truth, found, scores
        As for ``average_precision``.

    Returns
    -------
    float or None
        Half way between the worst score taken and the best one left; ``None`` where no found box is right.

    Examples
    --------
    >>> square = np.array([[0.0, 0, 10, 10]])
    >>> threshold_of_best_f1([square], [np.concatenate([square, square + 50])], [np.array([0.75, 0.25])])
    0.5
    """
    ranks, hits = [np.empty(0)], [np.empty(0, np.bool_)]
    for true, boxes, sure in zip(truth, found, scores, strict=True):
        order = np.argsort(-sure, kind="stable")
        ranks.append(np.asarray(sure, np.float64)[order])
        hits.append(_hits(overlap_matrix(true.reshape(-1, 4), boxes.reshape(-1, 4)[order]))[0])
    sure, right = np.concatenate(ranks), np.concatenate(hits)
    if not right.any():
        return None
    order = np.argsort(-sure, kind="stable")
    sure, right = sure[order], right[order]
    taken = np.arange(1, len(sure) + 1)
    f1 = 2 * np.cumsum(right) / (taken + sum(len(true) for true in truth))
    last = np.append(sure[1:] < sure[:-1], True)
    best = int(np.argmax(np.where(last, f1, -1.0)))
    below = sure[best + 1] if best + 1 < len(sure) else 0.0
    return float((sure[best] + below) / 2)


def _hits(overlaps: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which boxes, in order of rank, take a true box: shape (thresholds, found)."""
    true, found = overlaps.shape
    hits = np.zeros((len(COCO_THRESHOLDS), found), np.bool_)
    if true == 0:
        return hits
    for row, threshold in enumerate(COCO_THRESHOLDS):
        free = np.ones(true, np.bool_)
        for column in range(found):
            left = np.where(free, overlaps[:, column], -1.0)
            best = true - 1 - int(np.argmax(left[::-1]))  # of equals the last, as pycocotools has it
            if left[best] >= threshold:
                free[best] = False
                hits[row, column] = True
    return hits


def _area(hits: NDArray[np.bool_], true_count: int) -> float:
    """Return the mean of the best precision at or beyond each of 101 recalls."""
    if len(hits) == 0:
        return 0.0
    true, false = np.cumsum(hits), np.cumsum(~hits)
    recall = true / true_count
    precision = np.maximum.accumulate((true / (true + false))[::-1])[::-1]
    places = np.searchsorted(recall, _RECALLS, side="left")
    reached = places < len(precision)
    return float(np.where(reached, precision[np.minimum(places, len(precision) - 1)], 0.0).mean())
