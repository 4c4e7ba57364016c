"""What the workspace knows, as a release tells it: no name of a file, no code of a slide, no pseudonym."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Mask
from buffycoat.domain.release import SplitPlan
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.publish.sealed import SealedCell, SealedField, SealedMask, SealedRepeat, SealedSmear
from buffycoat.publish.splits import splits_of
from buffycoat.store.queries import CellFilter, current_cells, current_repeats, masks_now, smears_now
from buffycoat.store.setups import with_setups
from buffycoat.workflows.workspace import Workspace

__all__ = ["CellWords", "Rows", "SealedParts", "read_rows", "sealed_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellWords:
    """What is known of a cell's class: each expert's term, in the order of the release's experts."""

    standing: Standing
    term: str | None
    words: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Everything of the workspace that a release may speak of."""

    cells: list[Cell]
    fields: Mapping[str, FieldOfView]
    smears: Mapping[str, Smear]
    captures: Mapping[str, Capture]
    masks: Mapping[str, list[Mask]]
    repeats: list[tuple[str, str]]

    def setup(self, cell: Cell) -> str:
        """Return microscope and camera of a cell."""
        capture = self.captures[self.fields[cell.field_id].capture_id]
        return f"{capture.microscope} / {capture.camera}"


def read_rows(workspace: Workspace) -> Rows:
    """Read all that a release may speak of."""
    with workspace.database.reading() as transaction:
        return Rows(
            cells=sorted(current_cells(transaction, CellFilter())[1], key=lambda cell: cell.id),
            fields={field.id: field for field in with_setups(transaction, transaction.find(FieldOfView))},
            smears=smears_now(transaction),
            captures={capture.id: capture for capture in transaction.find(Capture)},
            masks=masks_now(transaction),
            repeats=[(repeat.cell_id, repeat.kept_id) for repeat in current_repeats(transaction)],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedParts:
    """What a release tells of smears, fields, cells and repeats."""

    smears: tuple[SealedSmear, ...]
    fields: tuple[SealedField, ...]
    cells: tuple[SealedCell, ...]
    repeats: tuple[SealedRepeat, ...]


def sealed_parts(
    rows: Rows, classes: Mapping[str, str], words: Mapping[str, CellWords], plan: SplitPlan, *, experts: int
) -> SealedParts:
    """Return all that lies in the photographs of the chosen cells, so that each photograph is told whole."""
    split = splits_of(plan)
    field_ids = {cell.field_id for cell in rows.cells if cell.id in classes}
    fields = [rows.fields[key] for key in sorted(field_ids)]
    subjects = {rows.smears[field.smear_id].subject for field in fields} - {None, ""}
    people = {subject: number for number, subject in enumerate(sorted(map(str, subjects)), start=1)}
    cells_in: dict[str, Cell] = {cell.id: cell for cell in rows.cells if cell.field_id in field_ids}
    by_id = {cell.id: cell for cell in rows.cells}
    nothing = CellWords(standing=Standing.OPEN, term=None, words=(None,) * experts)
    return SealedParts(
        smears=tuple(_smear(rows.smears[key], people) for key in sorted({field.smear_id for field in fields})),
        fields=tuple(_field(field, rows.captures[field.capture_id]) for field in fields),
        cells=tuple(
            _cell(
                cell,
                words.get(cell.id, nothing),
                classes.get(cell.id),
                split(cell.id, rows.fields[cell.field_id].smear_id) if cell.id in classes else None,
                rows.masks.get(cell.id, []),
            )
            for cell in cells_in.values()
        ),
        repeats=tuple(
            _repeat(by_id[removed], rows.fields[by_id[removed].field_id], kept, inside=removed in cells_in)
            for removed, kept in sorted(rows.repeats)
            if kept in cells_in
        ),
    )


def _repeat(cell: Cell, field: FieldOfView, kept: str, *, inside: bool) -> SealedRepeat:
    return SealedRepeat(
        field_id=field.id,
        cell_id=cell.id,
        kept_id=kept,
        crop=cell.crop,
        sharpness=cell.sharpness,
        box=cell.box,
        photograph=None if inside or field.crop_only else field.digest,
        quarter_turns=field.quarter_turns,
    )


def _smear(smear: Smear, people: Mapping[str, int]) -> SealedSmear:
    return SealedSmear(
        smear_id=smear.id,
        stain=smear.stain,
        diagnosis=smear.diagnosis,
        site=smear.site,
        sex=smear.sex,
        age_band=smear.age_band,
        ethics_reference=smear.ethics_reference,
        person=people.get(smear.subject or ""),
        simulated=smear.simulated,
    )


def _field(field: FieldOfView, capture: Capture) -> SealedField:
    exif = field.exif
    return SealedField(
        field_id=field.id,
        smear_id=field.smear_id,
        microscope=capture.microscope,
        objective_magnification=capture.objective_magnification,
        camera=capture.camera,
        camera_model=" ".join(word for word in (exif.make, exif.model) if word) or None,
        aperture=None if exif.f_number is None else f"f/{exif.f_number:g}",
        micrometres_per_pixel=capture.micrometres_per_pixel,
        width_px=field.width_px,
        height_px=field.height_px,
        crop_only=field.crop_only,
        photograph=field.digest,
        media_type=field.media_type,
        quarter_turns=field.quarter_turns,
    )


def _cell(cell: Cell, known: CellWords, label: str | None, split: str | None, masks: Sequence[Mask]) -> SealedCell:
    return SealedCell(
        cell_id=cell.id,
        field_id=cell.field_id,
        box=cell.box,
        words=known.words,
        standing=known.standing,
        term=known.term,
        label=label if split is not None else None,
        split=split,
        crop=cell.crop,
        sharpness=cell.sharpness,
        masks=tuple(
            SealedMask(
                part=mask.part,
                height_px=mask.height_px,
                width_px=mask.width_px,
                run_lengths=mask.run_lengths,
                method=mask.method,
            )
            for mask in masks
        )
        if label is not None
        else (),
    )
