"""The page that `buffycoat run` leaves: the funnel, and pictures of what was found, kept and removed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from buffycoat.domain.cell import Cell, Repeat
from buffycoat.domain.run import Document, Outcome
from buffycoat.domain.smear import Capture, Exif, FieldOfView, ScaleSource
from buffycoat.domain.view import Funnel
from buffycoat.imaging.codecs import encode_jpeg
from buffycoat.report import CameraRow, Refusal, Sheet, SmearPage, contact_sheet, mark_boxes, render_summary
from buffycoat.store.queries import CellFilter, current_cells, current_repeats
from buffycoat.store.setups import with_setups
from buffycoat.workflows.browse import list_funnels
from buffycoat.workflows.crops import cell_pixels, field_pixels
from buffycoat.workflows.documents import keep_document
from buffycoat.workflows.ingest import IngestSummary
from buffycoat.workflows.runs import Tally, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["write_summary"]

_FIELDS, _CELLS, _PAIRS = 24, 96, 48
_NAMED = "their names are in summary.html in the workspace"


def write_summary(workspace: Workspace, ingest: IngestSummary | None, tallies: Sequence[Tally]) -> Document:
    """Make the summary of a workspace as it stands, keep it, and write it to its ``summary.html``.

    Names of files never leave the workspace: ``summary.html`` in its folder tells them, the document that is kept, and
    that the service shows, tells how many there are.
    """
    run = start_run(workspace, room="report", function="report.render_summary", parameters={})
    notes = []
    if ingest and ingest.orientation_tags:
        notes.append(
            f"Photographs that carry an EXIF orientation tag: {ingest.orientation_tags}. It was not applied: boxes and "
            "pictures use the stored grid, and the kept copies carry no tag. `buffycoat orient` shows the four turns; "
            "choose one with --turns and a new workspace if the stored grid is not what you want."
        )
    render = partial(
        render_summary,
        title=workspace.name,
        pages=[_smear_page(workspace, funnel) for funnel in list_funnels(workspace)],
        cameras=_cameras(workspace),
        notes=notes,
    )
    refusals = [_refusal(tally.room, outcome) for tally in tallies for outcome in tally.refused]
    repeats = [_refusal(tally.room, outcome) for tally in tallies for outcome in tally.repeats]
    passed_over = ingest.passed_over if ingest else ()
    named = render(refusals=refusals, repeats=repeats, passed_over=passed_over)
    (workspace.folder / "summary.html").write_bytes(named)
    page = render(
        refusals=_counted(refusals),
        repeats=[replace(many, message=f"{many.subject}: {many.message}") for many in _counted(repeats)],
        passed_over=[(_files(len(passed_over)), _NAMED)] if passed_over else (),
    )
    return keep_document(workspace, kind="summary", title="What became of the photographs", page=page, run_id=run.id)


def _refusal(room: str, outcome: Outcome) -> Refusal:
    return Refusal(room=room, subject=outcome.subject, code=outcome.code or "", message=outcome.message)


def _counted(refusals: Sequence[Refusal]) -> list[Refusal]:
    """Return one line a room and code, without the names."""
    counts = Counter((refusal.room, refusal.code) for refusal in refusals)
    return [
        Refusal(room=room, subject=f"{room}: {_files(count)}", code=code, message=_NAMED)
        for (room, code), count in counts.items()
    ]


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _cameras(workspace: Workspace) -> list[CameraRow]:
    with workspace.database.reading() as transaction:
        fields = with_setups(transaction, transaction.find(FieldOfView, crop_only=False))
        captures = {capture.id: capture.camera for capture in transaction.find(Capture)}
    ways: dict[tuple[str, str, str], list[Exif]] = defaultdict(list)
    for field in fields:
        model = " ".join(word for word in (field.exif.make, field.exif.model) if word) or "not told"
        ways[captures[field.capture_id], model, f"{field.width_px} x {field.height_px} px"].append(field.exif)
    return [
        CameraRow(
            camera=camera,
            model=model,
            frame=frame,
            aperture=_range("f/", [exif.f_number for exif in said]),
            focal_length=_range("", [exif.focal_length_mm for exif in said], " mm"),
            iso=_range("", [exif.iso for exif in said]),
            photographs=len(said),
        )
        for (camera, model, frame), said in sorted(ways.items())
    ]


def _range(before: str, numbers: Sequence[float | None], after: str = "") -> str:
    known = sorted({number for number in numbers if number is not None})
    if not known:
        return "not told"
    ends = f"{known[0]:g}" if len(known) == 1 else f"{known[0]:g} to {known[-1]:g}"
    return f"{before}{ends}{after}"


def _smear_page(workspace: Workspace, funnel: Funnel) -> SmearPage:
    with workspace.database.reading() as transaction:
        fields = [
            field
            for field in with_setups(transaction, transaction.find(FieldOfView, smear_id=funnel.smear.id))
            if field.digest and not field.crop_only
        ]
        captures = {capture.id: capture for capture in transaction.find(Capture)}
        _, cells = current_cells(transaction, CellFilter(smear_id=funnel.smear.id, with_pixels=True))
        repeats = {repeat.cell_id: repeat for repeat in current_repeats(transaction, funnel.smear.id)}
    fields.sort(key=lambda field: (field.origin or "", field.id))
    setups = {captures[field.capture_id] for field in fields}
    sheets = [
        *_found(workspace, fields, cells, repeats),
        *_kept(workspace, [cell for cell in cells if cell.id not in repeats]),
        *_removed(workspace, {cell.id: cell for cell in cells}, list(repeats.values())),
    ]
    return SmearPage(
        funnel=funnel,
        setups=tuple(sorted({f"{capture.microscope} / {capture.camera}" for capture in setups})),
        scale=_scale(setups, fields),
        sheets=tuple(sheets),
    )


def _scale(setups: set[Capture], fields: Sequence[FieldOfView]) -> str:
    typed = sorted({capture.micrometres_per_pixel for capture in setups if capture.micrometres_per_pixel is not None})
    if typed:
        return ", ".join(f"{number:.4f} µm/px" for number in typed)
    diameters = sorted(field.red_cell_diameter_px for field in fields if field.red_cell_diameter_px is not None)
    if not diameters:
        return ScaleSource.UNKNOWN
    return f"red cells {diameters[len(diameters) // 2]:.0f} px"


def _found(
    workspace: Workspace, fields: Sequence[FieldOfView], cells: Sequence[Cell], repeats: dict[str, Repeat]
) -> list[Sheet]:
    by_field: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_field[cell.field_id].append(cell)
    if not fields:
        return []
    pictures = [
        mark_boxes(
            field_pixels(workspace, field),
            kept=[cell.extent for cell in by_field[field.id] if cell.id not in repeats],
            removed=[cell.extent for cell in by_field[field.id] if cell.id in repeats],
        )
        for field in fields[:_FIELDS]
    ]
    sheet = contact_sheet(pictures, side=320, columns=4)
    title = "Found: photographs with what was found in them, kept in blue, repeats crossed in orange"
    return [Sheet(title=title, shown=len(pictures), total=len(fields), jpeg=encode_jpeg(sheet, quality=80))]


def _kept(workspace: Workspace, cells: Sequence[Cell]) -> list[Sheet]:
    if not cells:
        return []
    pictures = [cell_pixels(workspace, cell) for cell in cells[:_CELLS]]
    sheet = contact_sheet(pictures, side=96, columns=12)
    return [
        Sheet(
            title="Kept: cells that wait for labels",
            shown=len(pictures),
            total=len(cells),
            jpeg=encode_jpeg(sheet, quality=80),
        )
    ]


def _removed(workspace: Workspace, cells: dict[str, Cell], repeats: Sequence[Repeat]) -> list[Sheet]:
    if not repeats:
        return []
    shown = repeats[:_PAIRS]
    pictures = [cell_pixels(workspace, cells[key]) for repeat in shown for key in (repeat.cell_id, repeat.kept_id)]
    sheet = contact_sheet(pictures, side=96, columns=12)
    title = "Removed: each repeat, and right of it the picture that is kept"
    return [Sheet(title=title, shown=len(shown), total=len(repeats), jpeg=encode_jpeg(sheet, quality=80))]
