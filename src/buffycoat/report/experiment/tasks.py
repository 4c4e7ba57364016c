"""What detectors found and how masks compare, as sections of the same report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.cell import Detection
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.metrics.average_precision import average_precision, corners
from buffycoat.metrics.detection import DetectorReport, report_detections
from buffycoat.metrics.intervals import bootstrap_by_group, wilson
from buffycoat.metrics.mask_pairs import PairFigures
from buffycoat.metrics.matching import match_boxes, match_centers
from buffycoat.report.experiment.estimates import Estimate

__all__ = ["DetectionPart", "SegmentationPart", "detection_part"]

_SLOW_ROUNDS: Final = 200


@value
class DetectionPart:
    """A detector on a set of fields.

    Parameters
    ----------
    label, heading : str
        The detector, and the set; a stand-in says so.
    fields : int
        How many.
    report : DetectorReport
        Average precision, hits by overlap and by center, misses.
    ap50, recall, center_recall : Estimate
        With intervals over ``unit``.
    unit : str
        What was drawn.
    exhaustive : bool
        Whether all cells of the fields are boxed. If not, a right box may count as wrong, and precision is too low.
    """

    label: str
    heading: str
    fields: int
    report: DetectorReport
    ap50: Estimate
    recall: Estimate
    center_recall: Estimate
    unit: str
    exhaustive: bool = True


@value
class SegmentationPart:
    """Masks of one part (nucleus, whole cell) against a hand's, by class and together; ``""`` names all classes."""

    label: str
    heading: str
    part: str
    by_class: Mapping[str, PairFigures]


def detection_part(  # noqa: PLR0913 (what was found where, and how it is told)
    truth: Sequence[Sequence[Box]],
    found: Sequence[Sequence[Detection]],
    /,
    *,
    label: str,
    heading: str,
    least_score: float,
    groups: Sequence[str] = (),
    unit: str = "photograph",
    exhaustive: bool = True,
    seed: int = 0,
) -> DetectionPart:
    """Judge what a detector found in fields, with intervals over photographs or smears.

    Parameters
    ----------
    truth, found : sequence
        True boxes and what was found, field by field.
    label, heading : str
        The detector, and the set.
    least_score : float
        From which score a box counts as a cell; average precision sees all.
    groups : sequence of str, optional
        The unit of each field; without them each field is one.
    unit : str
        What the groups are.
    exhaustive : bool
        Whether all cells of the fields are boxed.
    seed : int
        Of the draws.

    Raises
    ------
    InputError
        If the two, or the groups, are not of the same fields.
    """
    if groups and len(groups) != len(truth):
        raise InputError("not one group a field", expected=str(len(truth)), found=str(len(groups)))
    units = tuple(groups) or tuple(map(str, range(len(truth))))
    report = report_detections(truth, found, least_score=least_score)
    boxes = [corners(each) for each in truth]
    extents = [corners([one.extent for one in each]) for each in found]
    scores = [np.array([1.0 if one.score is None else one.score for one in each], np.float64) for each in found]
    sure = [[one.extent for one in each if one.score is None or one.score >= least_score] for each in found]
    hits = [
        np.array([len(match(true, kept).pairs) for true, kept in zip(truth, sure, strict=True)])
        for match in (match_boxes, match_centers)
    ]
    cells = np.array([len(each) for each in truth])

    def precision(drawn: NDArray[np.intp]) -> float | None:
        return average_precision(
            [boxes[field] for field in drawn], [extents[field] for field in drawn], [scores[field] for field in drawn]
        ).ap50

    def recall(counts: NDArray[np.int64]) -> Callable[[NDArray[np.intp]], float | None]:
        return lambda drawn: float(counts[drawn].sum() / cells[drawn].sum()) if cells[drawn].sum() else None

    return DetectionPart(
        label=label,
        heading=heading,
        fields=len(truth),
        report=report,
        ap50=_drawn(report.precision.ap50, precision, units, seed, rounds=_SLOW_ROUNDS),
        recall=_drawn(report.boxes.recall, recall(hits[0]), units, seed, cells=int(cells.sum())),
        center_recall=_drawn(report.centers.recall, recall(hits[1]), units, seed, cells=int(cells.sum())),
        unit=unit,
        exhaustive=exhaustive,
    )


def _drawn(
    number: float | None,
    statistic: Callable[[NDArray[np.intp]], float | None],
    units: tuple[str, ...],
    seed: int,
    *,
    rounds: int = 1000,
    cells: int = 0,
) -> Estimate:
    """Return a number with its interval; one that no draw changes gets Wilson's for so many cells, or none."""
    if number is None or len(set(units)) < 2:
        return Estimate(value=number)
    low, high = bootstrap_by_group(statistic, units, seed=seed, rounds=rounds)
    if low < high:
        return Estimate(value=number, interval=(low, high))
    return Estimate(value=number, interval=wilson(number * cells, cells) if cells else None)
