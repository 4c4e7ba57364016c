"""From boxed photographs to a detector's file in one step: trained, its threshold chosen, exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from buffycoat.formats.detector_file import DetectorFacts
from buffycoat.metrics.average_precision import threshold_of_best_f1
from buffycoat.nets.detector_export import export_detector
from buffycoat.nets.detector_training import train_detector
from buffycoat.nets.detectors import Detector, look
from buffycoat.nets.training_plan import PreparedField, TrainingField, TrainingPlan, TrainingStep, prepare

__all__ = ["MadeDetector", "best_threshold", "make_detector"]

_LEAST_SCORE = 0.01
_USUAL = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MadeDetector:
    """A detector's file, what it says of itself, and the epoch whose weights it has."""

    content: bytes
    facts: DetectorFacts
    step: TrainingStep


def make_detector(
    fields: Sequence[TrainingField],
    held: Sequence[TrainingField],
    *,
    plan: TrainingPlan,
    weights: Path | str | None,
    trained_on: str,
    weights_license: str,
    progress: Callable[[TrainingStep], None] | None = None,
) -> MadeDetector:
    """Train a detector, choose its epoch and its threshold on the fields held back, and export it.

    Parameters
    ----------
    fields, held : sequence of TrainingField
        To learn from, and to choose on.
    plan : TrainingPlan
        How.
    weights : Path or str, optional
        Pretrained weights of the backbone.
    trained_on, weights_license : str
        Words for the file.
    progress : callable, optional
        Called after each epoch.

    Raises
    ------
    TooFew
        If there is no cell to learn from.
    InputError, UnreadableFile
        If the plan, a field or the file of weights is none.
    """
    trained = train_detector(fields, held, plan=plan, weights=weights, progress=progress)
    prepared = [prepare(field, plan.red_cell_px) for field in held]
    facts = DetectorFacts(
        red_cell_px=plan.red_cell_px,
        score_threshold=best_threshold(trained.detector, prepared),
        architecture=plan.architecture,
        backbone=plan.backbone,
        trained_on=trained_on,
        weights_license=weights_license,
    )
    content = export_detector(trained.detector, facts)
    return MadeDetector(content=content, facts=facts, step=trained.history[trained.chosen - 1])


def best_threshold(detector: Detector, held: Sequence[PreparedField]) -> float:
    """Return the score at which recall and precision balance best on fields held back; a half where none is found."""
    seen = [look(detector, field.image, least_score=_LEAST_SCORE) for field in held]
    least = threshold_of_best_f1(
        [field.boxes for field in held], [boxes for boxes, _ in seen], [sure for _, sure in seen]
    )
    return _USUAL if least is None else min(max(round(least, 3), _LEAST_SCORE), 1 - _LEAST_SCORE)
