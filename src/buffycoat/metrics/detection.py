"""All that is told of a detector: average precision, hits by overlap and by center, and each cell that it missed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from buffycoat.domain.cell import Detection
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.metrics.average_precision import AveragePrecision, average_precision, corners, overlap_matrix
from buffycoat.metrics.matching import DetectionScore, match_boxes, match_centers, score_matchings

__all__ = ["DetectorReport", "Miss", "report_detections"]


@value
class Miss:
    """A true cell that was not found, or not well.

    Parameters
    ----------
    field, cell : int
        Its place: number of the field, and of the box among the true ones of that field.
    best_overlap : float
        Largest overlap of any found box with it, 0 to 1.
    center_found : bool
        Whether the center of some box of its own lies in it: then the cell is not lost, but its box is ill drawn.
    """

    field: int
    cell: int
    best_overlap: float
    center_found: bool


@value
class DetectorReport:
    """What a detector found.

    Parameters
    ----------
    precision : AveragePrecision
        AP50, AP75, AP50-95 of all boxes with their scores.
    boxes : DetectionScore
        Recall and precision at overlap 0.5 of the boxes that are sure enough.
    centers : DetectionScore
        The same where a box counts if its center lies in the cell.
    least_score : float
        From which score a box is sure enough.
    missed : tuple of Miss
        Cells without a box of at least 0.5 overlap, in order.
    extra : tuple of (int, int)
        Boxes whose center lies in no cell left: number of the field, and of the box among the found ones.
    """

    precision: AveragePrecision
    boxes: DetectionScore
    centers: DetectionScore
    least_score: float
    missed: tuple[Miss, ...]
    extra: tuple[tuple[int, int], ...]


def report_detections(
    truth: Sequence[Sequence[Box]], found: Sequence[Sequence[Detection]], *, least_score: float
) -> DetectorReport:
    """Compare what was found in fields with the true boxes.

    Parameters
    ----------
    truth : sequence of sequence of Box
        Tight boxes of all cells, field by field.
    found : sequence of sequence of Detection
        As found with a low least score, so that average precision sees all; boxes without a score are surest.
    least_score : float
        From which score a box counts as a cell.

    Raises
    ------
    InputError
        If the two are not of the same fields.

    Examples
    --------
    >>> report = report_detections([[Box.around(50, 50, 20)]], [[]], least_score=0.5)
    >>> report.precision.ap50, report.missed
    (0.0, (Miss(field=0, cell=0, best_overlap=0.0, center_found=False),))
    """
    if len(truth) != len(found):
        raise InputError("truth and boxes are of other fields", expected=str(len(truth)), found=str(len(found)))
    scores = [np.array([1.0 if one.score is None else one.score for one in row]) for row in found]
    extents = [[one.extent for one in row] for row in found]
    sure = [[place for place, score in enumerate(row) if score >= least_score] for row in scores]
    kept = [[extents[field][place] for place in places] for field, places in enumerate(sure)]
    by_overlap = [match_boxes(true, boxes) for true, boxes in zip(truth, kept, strict=True)]
    by_center = [match_centers(true, boxes) for true, boxes in zip(truth, kept, strict=True)]
    missed = []
    for field, (true, boxes) in enumerate(zip(truth, kept, strict=True)):
        overlaps = overlap_matrix(corners(true), corners(boxes))
        hit = {pair[0] for pair in by_center[field].pairs}
        missed += [
            Miss(
                field=field,
                cell=cell,
                best_overlap=float(overlaps[cell].max(initial=0.0)),
                center_found=cell in hit,
            )
            for cell in by_overlap[field].missed
        ]
    return DetectorReport(
        precision=average_precision([corners(true) for true in truth], [corners(boxes) for boxes in extents], scores),
        boxes=score_matchings(by_overlap),
        centers=score_matchings(by_center),
        least_score=least_score,
        missed=tuple(missed),
        extra=tuple(
            (field, sure[field][place]) for field, matching in enumerate(by_center) for place in matching.extra
        ),
    )
