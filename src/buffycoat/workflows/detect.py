"""Fields to cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import groupby
from statistics import median

from buffycoat.detect import DetectParameters
from buffycoat.detect.combine import CombinedDetection, combine
from buffycoat.domain.cell import Cell, Detection, FoundBy
from buffycoat.domain.run import Outcome, Run
from buffycoat.domain.smear import Capture, FieldOfView, ScaleSource
from buffycoat.domain.value import Scalar, derive_id
from buffycoat.errors import InputError
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.store.boxes import searched_in_vain
from buffycoat.store.queries import boxed_by_source
from buffycoat.store.setups import captures_now
from buffycoat.workflows.crops import MeasuredCrop, keep_crop, measure_crop
from buffycoat.workflows.engine import Shared, Steps, elsewhere
from buffycoat.workflows.finders import Finders, Photograph, load_finders
from buffycoat.workflows.runs import ALGORITHMS, Made, ShowProgress, Tally, no_progress, start_run, work
from buffycoat.workflows.saved_filters import chosen_filters, load_digest
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "FUNCTION",
    "alike",
    "detect_cells",
    "new_cells",
    "scale_of",
    "search_parameters",
]

FUNCTION = "detect.find_cells"


def _chosen_for(workspace: Workspace) -> Mapping[tuple[str, str], Finders]:
    """Return the finders that were chosen for a smear and set-up, where some were."""
    return {
        place: Finders(color_filter=load_digest(workspace, digest), files={"filter": digest})
        for place, (_, digest) in chosen_filters(workspace).items()
    }


def detect_cells(
    workspace: Workspace,
    *,
    side: int | None = None,
    border: str = "pad",
    finders: Finders | None = None,
    place: tuple[str, str] | None = None,
    again: bool = False,
    progress: ShowProgress = no_progress,
) -> Tally:
    """Find the cells of every field that these finders, with these parameters, have not seen yet.

    Fields without a photograph, and those whose boxes came with the set they are from, are left as they are. So are
    those that an earlier version of the finders has searched. Boxes that people drew or accepted stay the cells that
    they are, and so do cells that a round asks about, or that people named or drew a mask of; what is found where one
    of these or a removed one lies is not added. Where several look, one cell has one box, and the others are noted as
    agreeing.

    Each smear on each set-up has a scale: the one said of it now, else that of the median red cell over its fields, as
    one crowded field measures badly. It is settled when the first of its fields are looked at and holds for those
    that come later, so that all crops of a smear are of one size and cells that people have labeled stay. Where a
    scale was corrected since, the photographs of which it is said are searched anew with it.

    Parameters
    ----------
    workspace
        Where.
    side : int, optional
        Side of the crop in pixels; without it, from the scale.
    border : {"pad", "shift"}
        What becomes of a box at the border; ``"shift"`` reproduces Raabin.
    finders : Finders, optional
        Who looks; without it, the color filter that was chosen for each smear and set-up, else the one that comes
        along.
    place : (str, str), optional
        Only this smear and set-up, by their ids.
    again : bool
        Whether fields that an earlier version has searched are searched anew.
    progress : callable
        Called after each field.
    """
    parameters = DetectParameters(side=side, border=border)
    usual, by_place = load_finders(), {} if finders is not None else _chosen_for(workspace)
    whole = Tally(room="detect", run_id="")
    with workspace.database.reading() as transaction:
        boxed = boxed_by_source(transaction)
        fields = [
            field
            for field in transaction.find(FieldOfView, crop_only=False)
            if field.digest is not None
            and field.id not in boxed
            and place in (None, (field.smear_id, field.capture_id))
        ]
        captures = captures_now(transaction, fields)
        runs = transaction.find(Run, room="detect")
        outcomes = [outcome for outcome in transaction.find(Outcome, room="detect") if outcome.code is None]
        by_hand = searched_in_vain(transaction)
    sent: dict[int, Shared[Finders]] = {}
    for members in alike(fields, captures):
        capture = captures[members[0].id]
        key = members[0].smear_id, members[0].capture_id
        chosen = finders or by_place.get(key, usual)
        asked = _asked(key, parameters, chosen)
        older = set() if again else _searched_before(runs, outcomes, asked, capture)
        told = search_parameters(runs, members, capture, parameters, chosen)
        run = start_run(workspace, room="detect", function=FUNCTION, parameters=told)
        scale = run.parameters["scale"]
        known = None if scale is None else float(scale)
        shared = sent.setdefault(id(chosen), Shared(chosen))
        subjects = [
            (
                field.id,
                partial(_detect, workspace, field, shared, known, parameters, by_hand.get(field.id, []), run.id),
            )
            for field in members
            if field.id not in older
        ]
        step = _among(progress, whole, len(fields))
        tally = work(workspace, run, subjects, total=len(subjects), progress=step)
        whole.done += tally.done
        whole.before += tally.before + len(members) - len(subjects)
        whole.older += len(members) - len(subjects)
        whole.seconds += tally.seconds
        whole.refused += tally.refused
    return whole


def _asked(place: tuple[str, str], parameters: DetectParameters, finders: Finders) -> dict[str, Scalar]:
    return {"smear": place[0], "capture": place[1], **asdict(parameters), **finders.files}


def search_parameters(
    runs: Sequence[Run],
    fields: Sequence[FieldOfView],
    capture: Capture,
    parameters: DetectParameters,
    finders: Finders,
) -> Mapping[str, Scalar]:
    """Return what a search of fields of one smear on one set-up is told: a scale that was settled before holds.

    ``capture`` is the set-up as it is said now of these fields; their place keeps the one that was recorded.
    """
    asked = _asked((fields[0].smear_id, fields[0].capture_id), parameters, finders)
    settled = (run.parameters for run in runs if _asks(run, asked) and run.parameters["scale"] is not None)
    # One that found no scale settles nothing.
    return next((told for told in settled if _fits(told, capture)), None) or {**asked, **scale_of(fields, capture)}


def alike(fields: Sequence[FieldOfView], captures: Mapping[str, Capture]) -> list[list[FieldOfView]]:
    """Return fields that are searched alike: those of one smear on one set-up of which one scale is said now.

    ``captures`` holds the set-up that holds now by field.
    """

    def place(field: FieldOfView) -> tuple[str, str, float]:
        return field.smear_id, field.capture_id, captures[field.id].micrometres_per_pixel or 0.0

    ordered = sorted(fields, key=lambda field: (*place(field), field.origin or "", field.id))
    return [list(members) for _, members in groupby(ordered, key=place)]


def _searched_before(
    runs: Sequence[Run], outcomes: Sequence[Outcome], asked: Mapping[str, Scalar], capture: Capture
) -> set[str]:
    """Return the fields whose newest search was by an earlier version that was asked the same."""
    earlier = {
        run.id
        for run in runs
        if run.version != ALGORITHMS[FUNCTION] and _asks(run, asked) and _fits(run.parameters, capture)
    }
    newest = {outcome.subject: outcome for outcome in sorted(outcomes, key=lambda outcome: outcome.finished_at)}
    return {subject for subject, outcome in newest.items() if outcome.run_id in earlier}


def _among(progress: ShowProgress, whole: Tally, total: int) -> ShowProgress:
    """Count the fields of earlier smears in."""
    earlier = whole.done + whole.before + len(whole.refused)
    return lambda step: progress(replace(step, done=earlier + step.done, total=total))


def _fits(told: Mapping[str, Scalar], capture: Capture) -> bool:
    """Say whether a search rested on the scale that is said now; without one, on what red cells told, or nothing."""
    if capture.micrometres_per_pixel is not None:
        return told["scale"] == capture.micrometres_per_pixel
    return told["scale"] is None or told["scale_source"] == ScaleSource.RED_CELLS


def _asks(run: Run, asked: Mapping[str, Scalar]) -> bool:
    """Say whether a run asked this, with these finders and no others."""
    told = {name: value for name, value in run.parameters.items() if name not in {"scale", "scale_source"}}
    return told == dict(asked)


def scale_of(fields: Sequence[FieldOfView], capture: Capture) -> dict[str, Scalar]:
    """Return micrometers per pixel and where they come from: the record, the median red cell, or nowhere."""
    if capture.micrometres_per_pixel is not None:
        return {"scale": capture.micrometres_per_pixel, "scale_source": str(capture.scale_source)}
    known = [field.red_cell_diameter_px for field in fields if field.red_cell_diameter_px is not None]
    if not known:
        return {"scale": None, "scale_source": str(ScaleSource.UNKNOWN)}
    return {"scale": round(RED_CELL_MICROMETRES / median(known), 6), "scale_source": str(ScaleSource.RED_CELLS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """A cell that was found, and its crop."""

    found: CombinedDetection
    crop: MeasuredCrop


def _search(
    photograph: tuple[bytes, str, int],
    finders: Shared[Finders],
    scale: float | None,
    parameters: DetectParameters,
    drawn: Sequence[Detection],
) -> list[_Cut]:
    """Search a photograph, given as bytes, name and quarter turns, and cut its new cells."""
    content, name, quarter_turns = photograph
    seen = Photograph(content, name=name, quarter_turns=quarter_turns)
    found = finders.value.find(seen, parameters.side, micrometres_per_pixel=scale, border=parameters.border)
    return [_Cut(found=each, crop=measure_crop(seen.pixels, each.detection.box)) for each in new_cells(found, drawn)]


def _detect(
    workspace: Workspace,
    field: FieldOfView,
    finders: Shared[Finders],
    scale: float | None,
    parameters: DetectParameters,
    drawn: Sequence[Detection],
    run_id: str,
) -> Steps[Made]:
    content = workspace.objects.get(field.digest or "")
    photograph = content, field.origin or field.id, field.quarter_turns
    try:
        cut = yield from elsewhere(_search, photograph, finders, scale, parameters, drawn)
    except InputError as error:
        error.what = f"{field.origin}: {error.what}"  # people know the file, not the id
        raise
    return Made(values=[_cell(workspace, field, each, run_id) for each in cut], message=f"{len(cut)} cells")


def new_cells(found: Sequence[Sequence[Detection]], drawn: Sequence[Detection]) -> list[CombinedDetection]:
    """Return what finders found in a field, each cell once, without what lies where people have spoken."""
    if len(found) == 1 and not drawn:  # nobody to agree with
        return [CombinedDetection(detection=each, agreed=(each.found_by,)) for each in found[0]]
    return [each for each in combine(*found, drawn) if each.detection.found_by is not FoundBy.EXPERT]


def _cell(workspace: Workspace, field: FieldOfView, cut: _Cut, run_id: str) -> Cell:
    found, detection = cut.found, cut.found.detection
    extent = detection.extent
    place = ",".join(map(str, (extent.left, extent.top, extent.right, extent.bottom)))
    return Cell(
        id=derive_id("cell", {"field": field.id, "run": run_id, "extent": place}),
        field_id=field.id,
        extent=extent,
        box=detection.box,
        score=None if detection.score is None else round(detection.score, 6),
        found_by=detection.found_by,
        agreed=tuple(finder for finder in found.agreed if finder is not detection.found_by),
        run_id=run_id,
        **keep_crop(workspace, cut.crop),
    )
