"""Fields to cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from itertools import groupby
from statistics import median

from buffycoat.detect import DetectParameters, find_cells
from buffycoat.domain.cell import Cell
from buffycoat.domain.run import Run
from buffycoat.domain.smear import Capture, FieldOfView, ScaleSource
from buffycoat.domain.value import Scalar, derive_id
from buffycoat.errors import InputError
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.store.queries import boxed_by_source
from buffycoat.workflows.crops import describe_crop, field_pixels
from buffycoat.workflows.runs import Made, ShowProgress, Tally, no_progress, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = ["detect_cells"]


def detect_cells(
    workspace: Workspace, *, side: int | None = None, border: str = "pad", progress: ShowProgress = no_progress
) -> Tally:
    """Find the cells of every field that this detector, with these parameters, has not seen yet.

    Fields without a photograph, and those whose boxes came with the set they are from, are left as they are.

    Each smear on each set-up has a scale: the one recorded, else that of the median red cell over its fields, because
    one crowded field measures badly. It is settled when the first of its fields are looked at and holds for those
    that come later, so that all crops of a smear are of one size and cells that people have labeled stay.

    Parameters
    ----------
    workspace
        Where.
    side : int, optional
        Side of the crop in pixels; without it, from the scale.
    border : {"pad", "shift"}
        What becomes of a box at the border; ``"shift"`` reproduces Raabin.
    progress : callable
        Called after each field.
    """
    parameters = DetectParameters(side=side, border=border)
    whole = Tally(room="detect", run_id="")
    with workspace.database.reading() as transaction:
        boxed = boxed_by_source(transaction)
        fields = [
            field
            for field in transaction.find(FieldOfView, crop_only=False)
            if field.digest is not None and field.id not in boxed
        ]
        captures = {capture.id: capture for capture in transaction.find(Capture)}
        runs = transaction.find(Run, room="detect")
    fields.sort(key=lambda field: (field.smear_id, field.capture_id, field.origin or "", field.id))
    for (smear_id, capture_id), grouped in groupby(fields, key=lambda field: (field.smear_id, field.capture_id)):
        members = list(grouped)
        asked: dict[str, Scalar] = {"smear": smear_id, "capture": capture_id, **asdict(parameters)}
        settled = next((run.parameters for run in runs if _settles(run, asked)), None)
        run = start_run(
            workspace,
            room="detect",
            function="detect.find_cells",
            parameters=settled or {**asked, **_scale(members, captures[capture_id])},
        )
        scale = run.parameters["scale"]
        known = None if scale is None else float(scale)
        subjects = [(field.id, partial(_detect, workspace, field, known, parameters, run.id)) for field in members]
        tally = work(workspace, run, subjects, total=len(subjects), progress=_among(progress, whole, len(fields)))
        whole.done += tally.done
        whole.before += tally.before
        whole.seconds += tally.seconds
        whole.refused += tally.refused
    return whole


def _among(progress: ShowProgress, whole: Tally, total: int) -> ShowProgress:
    """Count the fields of earlier smears in."""
    earlier = whole.done + whole.before + len(whole.refused)
    return lambda step: progress(replace(step, done=earlier + step.done, total=total))


def _settles(run: Run, asked: Mapping[str, Scalar]) -> bool:
    """Say whether an earlier run of the same question has found a scale; one that found none settles nothing."""
    return asked.items() <= run.parameters.items() and run.parameters["scale"] is not None


def _scale(fields: Sequence[FieldOfView], capture: Capture) -> dict[str, Scalar]:
    """Return micrometers per pixel and where they come from: the record, the median red cell, or nowhere."""
    if capture.micrometres_per_pixel is not None:
        return {"scale": capture.micrometres_per_pixel, "scale_source": str(capture.scale_source)}
    known = [field.red_cell_diameter_px for field in fields if field.red_cell_diameter_px is not None]
    if not known:
        return {"scale": None, "scale_source": str(ScaleSource.UNKNOWN)}
    return {"scale": round(RED_CELL_MICROMETRES / median(known), 6), "scale_source": str(ScaleSource.RED_CELLS)}


def _detect(
    workspace: Workspace, field: FieldOfView, scale: float | None, parameters: DetectParameters, run_id: str
) -> Made:
    image = field_pixels(workspace, field)
    try:
        found = find_cells(image, parameters.side, micrometres_per_pixel=scale, border=parameters.border)
    except InputError as error:
        error.what = f"{field.origin}: {error.what}"  # people know the file, not the id
        raise
    cells = [
        Cell(
            id=derive_id(
                "cell",
                {
                    "field": field.id,
                    "run": run_id,
                    "extent": ",".join(map(str, (d.extent.left, d.extent.top, d.extent.right, d.extent.bottom))),
                },
            ),
            field_id=field.id,
            extent=d.extent,
            box=d.box,
            score=None if d.score is None else round(d.score, 6),
            found_by=d.found_by,
            run_id=run_id,
            **describe_crop(workspace, image, d.box),
        )
        for d in found
    ]
    return Made(values=cells, produced=None, message=f"{len(cells)} cells")
