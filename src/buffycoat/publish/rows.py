"""The tables of a release: a row a cell, a field, a smear."""

from __future__ import annotations

from buffycoat.domain.value import Scalar
from buffycoat.formats.columns import Column, Kind
from buffycoat.publish.sealed import Contents, SealedCell

__all__ = [
    "CELL_COLUMNS",
    "FIELD_COLUMNS",
    "SMEAR_COLUMNS",
    "cell_rows",
    "crop_path",
    "field_rows",
    "smear_rows",
]

Row = dict[str, Scalar]

_SMEAR = (
    Column(name="smear_id", description="The blood film; all of its cells are on one side of a split by film"),
    Column(name="person", kind=Kind.INTEGER, description="Number of the person within the release, where known"),
    Column(name="stain", description="Stain of the film"),
    Column(name="diagnosis", description="What the laboratory says of the film; never a diagnosis by this program"),
    Column(name="site", description="Laboratory"),
    Column(name="sex", description="Sex of the person, where known and published"),
    Column(name="age_band", description="Age of the person as a band, where known and published"),
    Column(name="ethics_reference", description="Reference of the ethics approval or consent"),
    Column(name="simulated", kind=Kind.BOOLEAN, description="Drawn by a program: no blood"),
)
_FIELD = (
    Column(name="field_id", description="The photograph, or the crop that came without one"),
    Column(name="microscope", description="Microscope"),
    Column(name="objective", kind=Kind.NUMBER, description="Magnification of the objective"),
    Column(name="camera", description="Camera"),
    Column(name="um_per_px", kind=Kind.NUMBER, description="Scale of the photograph", unit="µm/px"),
)
_CELL = (
    Column(name="path", description="File of the crop in this release; empty where the cell has no pixels"),
    Column(name="split", description="train, test-A (same set-up) or test-B (another set-up)"),
    Column(name="label", description="Class at the level of the release"),
    Column(name="term", description="Key of the term of the taxonomy that the experts agree on"),
    Column(name="standing", description="agreed, adjudicated or single"),
    Column(
        name="words",
        description="Key of the term of each expert, in order, separated by blanks; none where one gave none",
    ),
    Column(name="cell_id", description="The cell"),
    Column(name="left", kind=Kind.INTEGER, description="Box in the photograph, first column", unit="px"),
    Column(name="top", kind=Kind.INTEGER, description="Box in the photograph, first row", unit="px"),
    Column(name="right", kind=Kind.INTEGER, description="Box in the photograph, column behind the last", unit="px"),
    Column(name="bottom", kind=Kind.INTEGER, description="Box in the photograph, row behind the last", unit="px"),
    Column(name="sharpness", kind=Kind.NUMBER, description="Mean gradient magnitude of the crop (3 x 3 Sobel)"),
)
CELL_COLUMNS = (*_CELL, *_FIELD, *_SMEAR)
SMEAR_COLUMNS = _SMEAR
FIELD_COLUMNS = (
    *_FIELD,
    Column(name="width_px", kind=Kind.INTEGER, description="Width of the pixel frame", unit="px"),
    Column(name="height_px", kind=Kind.INTEGER, description="Height of the pixel frame", unit="px"),
    Column(name="crop_only", kind=Kind.BOOLEAN, description="A crop that came without its photograph"),
    Column(name="cells", kind=Kind.INTEGER, description="Boxes in the photograph, released or not"),
    Column(name="smear_id", description="The blood film"),
)


def crop_path(cell: SealedCell, /) -> str:
    """Return where the crop of a cell lies in a release."""
    return f"crops/{cell.split}/{cell.label}/{cell.cell_id}.png"


def smear_rows(contents: Contents, /) -> list[Row]:
    """Return a row a smear, in order of id."""
    return [
        {
            "smear_id": smear.smear_id,
            "person": smear.person,
            "stain": smear.stain.value,
            "diagnosis": smear.diagnosis.value,
            "site": smear.site,
            "sex": smear.sex.value,
            "age_band": smear.age_band.value,
            "ethics_reference": smear.ethics_reference,
            "simulated": smear.simulated,
        }
        for smear in sorted(contents.smears, key=lambda smear: smear.smear_id)
    ]


def field_rows(contents: Contents, /) -> list[Row]:
    """Return a row a photograph, in order of id."""
    counts: dict[str, int] = {}
    for cell in contents.cells:
        counts[cell.field_id] = counts.get(cell.field_id, 0) + 1
    return [
        {
            "field_id": field.field_id,
            "microscope": field.microscope,
            "objective": field.objective_magnification,
            "camera": field.camera,
            "um_per_px": field.micrometres_per_pixel,
            "width_px": field.width_px,
            "height_px": field.height_px,
            "crop_only": field.crop_only,
            "cells": counts.get(field.field_id, 0),
            "smear_id": field.smear_id,
        }
        for field in sorted(contents.fields, key=lambda field: field.field_id)
    ]


def cell_rows(contents: Contents, /) -> list[Row]:
    """Return a row a released cell, in order of path and id, with what is known of its photograph and smear."""
    smears = {str(row["smear_id"]): row for row in smear_rows(contents)}
    fields = {str(row["field_id"]): row for row in field_rows(contents)}
    rows = []
    for cell in contents.cells:
        if cell.label is None:
            continue
        field = fields[cell.field_id]
        own: Row = {
            "path": None if cell.crop is None else crop_path(cell),
            "split": cell.split,
            "label": cell.label,
            "term": cell.term,
            "standing": cell.standing.value,
            "words": " ".join(word or "none" for word in cell.words),
            "cell_id": cell.cell_id,
            "left": cell.box.left,
            "top": cell.box.top,
            "right": cell.box.right,
            "bottom": cell.box.bottom,
            "sharpness": cell.sharpness,
        }
        rows.append({**smears[str(field["smear_id"])], **field, **own})
    return sorted(
        ({column.name: row[column.name] for column in CELL_COLUMNS} for row in rows),
        key=lambda row: (str(row["path"]), str(row["cell_id"])),
    )
