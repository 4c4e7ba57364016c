"""How a color filter or a detector does on photographs with boxes, and which cells it misses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from buffycoat.detect import DEFAULT_FILTER, find_cells
from buffycoat.domain.cell import Detection
from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.metrics.detection import DetectorReport, report_detections
from buffycoat.report.missed_sheet import missed_sheet, misses_of
from buffycoat.workflows.boxed import BoxedImage, check_listed, is_listed, read_photographs
from buffycoat.workflows.filters import median_red_cell
from buffycoat.workflows.finders import Finders, load_finders
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress

__all__ = ["ScoredFinders", "score_finders"]

_MOST_SHOWN = 60
_LEAST_SCORE = 0.01


@value
class ScoredFinders:
    """How a filter, a network or both do on photographs with boxes."""

    photographs: int
    cells: int
    ap50: float | None
    ap50_95: float | None
    recall: float | None
    precision: float | None
    mean_iou: float | None
    center_hits: float | None
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    sheet: str | None


def score_finders(  # noqa: PLR0913 (what is judged, on what, and how it is shown)
    path: Path,
    *,
    filter_file: Path | None = None,
    detector_file: Path | None = None,
    format_name: str | None = None,
    words: tuple[str, ...] = (),
    only: frozenset[str] = frozenset(),
    micrometres_per_pixel: float | None = None,
    sheet: Path | None = None,
    progress: ShowProgress = no_progress,
) -> ScoredFinders:
    """Judge the color filter, a filter of one's own, or a detector on photographs with boxes.

    Parameters
    ----------
    path, format_name, words
        The set; see `boxed_photographs`.
    filter_file, detector_file : Path, optional
        What is judged, one of them; without any, the filter that comes along.
    only : frozenset of str
        Names of the photographs to judge on, as a test list gives them; without it, all.
    micrometres_per_pixel : float, optional
        The scale; without it, that of the median red cell.
    sheet : Path, optional
        A JPEG to write of the cells that were missed and the boxes where none is marked.
    progress : callable
        Called after each photograph.

    Raises
    ------
    InputError
        Both a filter and a detector are named.
    NotFound
        A photograph of the list is not in the set.
    TooFew
        No photograph has a box.
    """
    if filter_file is not None and detector_file is not None:
        raise InputError("a filter and a detector are judged one at a time", expected="one of them", found="both")
    finders = load_finders(filter_file=filter_file, detector_file=detector_file)
    everything = read_photographs(path, format_name=format_name, words=words)
    check_listed(only, everything)
    shown = [each for each in everything if not only or is_listed(each, only)]
    if not any(each.boxes for each in shown):
        raise TooFew(f"{path.name} has no photograph with a box around a white cell", expected="at least 1", found="0")
    scale = RED_CELL_MICROMETRES / median_red_cell([each.image for each in shown], micrometres_per_pixel)
    found = []
    for position, each in enumerate(shown, start=1):
        found.append(_found(finders, each.image, scale))
        progress(Progress(room="score", done=position, total=len(shown)))
    least = finders.network.facts.score_threshold if finders.network is not None else 0.0
    report = report_detections([each.boxes for each in shown], found, least_score=least)
    if sheet is not None:
        _write_sheet(sheet, shown, found, report)
    return ScoredFinders(
        photographs=len(shown),
        cells=sum(len(each.boxes) for each in shown),
        ap50=report.precision.ap50,
        ap50_95=report.precision.ap50_95,
        recall=report.boxes.recall,
        precision=report.boxes.precision,
        mean_iou=report.boxes.mean_iou,
        center_hits=report.centers.recall,
        missed=tuple(shown[miss.field].name for miss in report.missed),
        extra=tuple(shown[field].name for field, _ in report.extra),
        sheet=None if sheet is None else str(sheet),
    )


def _found(finders: Finders, image: RgbImage, scale: float) -> tuple[Detection, ...]:
    if finders.network is not None:
        return finders.network.find(image, micrometres_per_pixel=scale, least_score=_LEAST_SCORE)
    chosen = finders.color_filter or DEFAULT_FILTER
    return find_cells(image, micrometres_per_pixel=scale, color_filter=chosen)


def _write_sheet(
    path: Path, shown: Sequence[BoxedImage], found: Sequence[Sequence[Detection]], report: DetectorReport
) -> None:
    cells = misses_of([(each.short, each.image, each.boxes) for each in shown], found, report)
    if cells:
        banner = f"The first {_MOST_SHOWN} of {len(cells)}" if len(cells) > _MOST_SHOWN else ""
        path.write_bytes(missed_sheet(cells[:_MOST_SHOWN], banner=banner).jpeg)
