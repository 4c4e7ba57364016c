"""Sections on detection and segmentation for a report: photographs with boxes, and masks that a hand drew."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from buffycoat.detect import DEFAULT_FILTER, find_cells
from buffycoat.domain.value import value
from buffycoat.errors import InputError, NotFound, TooFew
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.metrics.mask_pairs import PairFigures
from buffycoat.report import DetectionPart, SegmentationPart, detection_part
from buffycoat.store.mask_queries import statements
from buffycoat.workflows.boxed import read_photographs
from buffycoat.workflows.filters import median_red_cell
from buffycoat.workflows.finders import load_finders
from buffycoat.workflows.masks.comparing import ALL, compare_masks
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress
from buffycoat.workflows.workspace import Workspace

__all__ = ["Sections", "detection_of", "segmentation_of"]

_LEAST_SCORE = 0.01


@value
class Sections:
    """Sections besides classification; ``left_out`` are sentences on what could not be told, and why."""

    detection: tuple[DetectionPart, ...] = ()
    segmentation: tuple[SegmentationPart, ...] = ()
    left_out: tuple[str, ...] = ()


def detection_of(
    path: Path,
    *,
    detector_file: Path | None = None,
    exhaustive: bool = True,
    seed: int = 0,
    progress: ShowProgress = no_progress,
) -> Sections:
    """Find cells in photographs with boxes, and judge what was found; intervals are over photographs.

    Parameters
    ----------
    path : Path
        The set; see `boxed_photographs`.
    detector_file : Path, optional
        A detector; without it, the color filter that comes along.
    exhaustive : bool
        Whether all cells of the photographs are boxed.
    seed : int
        Of the intervals.
    progress : callable
        Called after each photograph.

    Raises
    ------
    TooFew
        No photograph has a box.
    """
    finders = load_finders(detector_file=detector_file)
    shown = read_photographs(path)
    if not any(each.boxes for each in shown):
        raise TooFew(f"{path.name} has no photograph with a box around a white cell", expected="at least 1", found="0")
    scale = RED_CELL_MICROMETRES / median_red_cell([each.image for each in shown], None)
    found = []
    for position, each in enumerate(shown, start=1):
        if finders.network is not None:
            found.append(finders.network.find(each.image, micrometres_per_pixel=scale, least_score=_LEAST_SCORE))
        else:
            color_filter = finders.color_filter or DEFAULT_FILTER
            found.append(find_cells(each.image, micrometres_per_pixel=scale, color_filter=color_filter))
        progress(Progress(room="report", done=position, total=len(shown)))
    part = detection_part(
        [each.boxes for each in shown],
        found,
        label="Color filter" if detector_file is None else detector_file.stem,
        heading=path.name,
        least_score=finders.network.facts.score_threshold if finders.network is not None else 0.0,
        exhaustive=exhaustive,
        seed=seed,
    )
    return Sections(detection=(part,))


def segmentation_of(workspace: Workspace, *, method: str = "best", seed: int = 0) -> Sections:
    """Compare a method's masks with those of each person who drew, by class and part."""
    with workspace.database.reading() as transaction:
        said = statements(transaction, None)
    people = sorted({it.hand for it in said if it.expert_id is not None})
    if not people:
        return Sections(
            left_out=("Segmentation: nobody has drawn masks here, so there is nothing to hold a method's against.",)
        )
    parts, left_out = [], []
    for person in people:
        try:
            found = compare_masks(workspace, method, person, seed=seed)
        except (NotFound, TooFew, InputError) as error:
            left_out.append(f"Segmentation: {method} and {person} cannot be compared: {error}.")
            continue
        by_part: dict[str, dict[str, PairFigures]] = defaultdict(dict)
        for line in found.lines:
            by_part[line.part]["" if line.term == ALL else line.term] = line.figures
        parts += [
            SegmentationPart(label=method, heading=f"beside {person}", part=part, by_class=by_class)
            for part, by_class in by_part.items()
        ]
    return Sections(segmentation=tuple(parts), left_out=tuple(left_out))
