"""The cells of a sealed release as its site tells them: read from the folder alone, no workspace and no database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from buffycoat.domain.geometry import Box
from buffycoat.domain.mask import Part
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import Scalar, value
from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.tables import read_csv
from buffycoat.publish.rows import CELL_COLUMNS, FIELD_COLUMNS, SMEAR_COLUMNS
from buffycoat.publish.site_release import checked_id, checked_path

__all__ = ["NOT_CLASSED", "SiteCell", "SiteField", "read_cells"]

NOT_CLASSED: Final = "none"
"""Standing of a box that has no class in its release: the release does not say more of it than the experts' words."""

_MASK: Final = re.compile(r"masks/[^/]+/[^/]+/(?P<cell>[^/]+)-(?P<part>nucleus|cell)\.png")
_PICTURE: Final = re.compile(r"images/[^/]+/(?P<field>[^/]+)\.[a-z]+")
_BOXES: Final = re.compile(r"raabin/(?P<field>[^/]+)\.json")
_TOLD: Final = ("smear_id", "stain", "diagnosis", "microscope", "objective", "camera", "um_per_px")


@value
class SiteField:
    """A photograph of a release: its facts, its size in pixels where known, and its file where it went out.

    ``crop_only`` is a crop that came alone: there never was a photograph of it.
    """

    field_id: str
    facts: Mapping[str, Scalar]
    width_px: int | None
    height_px: int | None
    picture: str | None
    crop_only: bool


@value
class SiteCell:
    """One box of a release. ``label`` is ``None`` where it has no class there; ``masks`` maps parts to files."""

    cell_id: str
    field: SiteField
    box: Box
    label: str | None
    split: str | None
    term: str | None
    standing: str
    words: tuple[str | None, ...]
    sharpness: float | None
    path: str | None
    masks: Mapping[str, str]


def read_cells(folder: Path, listed: Sequence[str], /, *, taxonomy: Taxonomy | None) -> tuple[list[SiteCell], int]:
    """Return every box that can be read from a release, those of one photograph together, and how many cannot.

    Parameters
    ----------
    folder : Path
        The release.
    listed : sequence of str
        The paths that its manifest names.
    taxonomy : Taxonomy or None
        That of the release. By it the boxes without a class are read from the files of Raabin's layout; without it they
        are only counted, as are those of photographs of which the release has no facts.

    Returns
    -------
    tuple
        The boxes, and the number of those that are in the release and cannot be read.

    Raises
    ------
    UnreadableFormat
        A table of the release is not what it should be, or names what is not in the release.
    """
    known = frozenset(listed)
    rows = read_csv((folder / "labels.csv").read_bytes(), CELL_COLUMNS, name="labels.csv")
    fields = _fields(folder, listed, rows)
    masks: dict[str, dict[str, str]] = {}
    for path in listed:
        if found := _MASK.fullmatch(path):
            masks.setdefault(found["cell"], {})[found["part"]] = path
    cells = []
    for line, row in enumerate(rows, start=2):
        try:
            cell = _cell(row, fields[str(row["field_id"])], masks)
        except (InputError, ValueError, TypeError) as error:
            raise UnreadableFormat(f"line {line} of labels.csv cannot be read", found=str(error)) from error
        if cell.path is not None:
            checked_path(cell.path, known, name="labels.csv")
        cells.append(cell)
    classed = {cell.cell_id for cell in cells}
    unread = 0
    for told, field, name in _boxes(folder, listed, fields):
        if str(told.get("Cell_ID")) in classed:
            continue
        if taxonomy is None or field is None:
            unread += 1
        else:
            cells.append(_unclassed(told, field, taxonomy, name))
    return sorted(cells, key=lambda cell: (cell.field.field_id, cell.box.top, cell.box.left, cell.cell_id)), unread


def _fields(folder: Path, listed: Sequence[str], rows: Sequence[Mapping[str, Scalar]]) -> dict[str, SiteField]:
    """Return all photographs: by the table of them, and by that of cells where there is none of photographs."""
    pictures = {found["field"]: path for path in listed if (found := _PICTURE.fullmatch(path))}
    facts = {str(row["field_id"]): dict(row) for row in rows}
    if "fields.csv" in listed:
        smears: dict[str, Mapping[str, Scalar]] = {}
        if "smears.csv" in listed:
            table = read_csv((folder / "smears.csv").read_bytes(), SMEAR_COLUMNS, name="smears.csv")
            smears = {str(row["smear_id"]): row for row in table}
        for row in read_csv((folder / "fields.csv").read_bytes(), FIELD_COLUMNS, name="fields.csv"):
            key = str(row["field_id"])
            facts[key] = {**facts.get(key, {}), **smears.get(str(row["smear_id"]), {}), **row}
    return {key: _field(key, row, pictures.get(key)) for key, row in facts.items()}


def _field(key: str, row: Mapping[str, Scalar], picture: str | None) -> SiteField:
    width, height = (row.get(side) for side in ("width_px", "height_px"))
    return SiteField(
        field_id=checked_id(key, name="the table of photographs"),
        facts={name: row.get(name) for name in _TOLD},
        width_px=width if isinstance(width, int) else None,
        height_px=height if isinstance(height, int) else None,
        picture=picture,
        crop_only=row.get("crop_only") is True,
    )


def _cell(row: Mapping[str, Scalar], field: SiteField, masks: Mapping[str, Mapping[str, str]]) -> SiteCell:
    key = checked_id(str(row["cell_id"]), name="labels.csv")
    sides = {side: int(str(row[side])) for side in ("left", "top", "right", "bottom")}
    sharpness = row["sharpness"]
    found = masks.get(key, {})
    return SiteCell(
        cell_id=key,
        field=field,
        box=Box(**sides),
        label=_text(row["label"]),
        split=_text(row["split"]),
        term=_text(row["term"]),
        standing=str(row["standing"]),
        words=tuple([None if word == "none" else word for word in str(row["words"] or "").split()]),
        sharpness=None if sharpness is None else float(sharpness),
        path=_text(row["path"]),
        masks={part.value: found[part.value] for part in Part if part.value in found},
    )


def _text(cell: Scalar) -> str | None:
    return None if cell is None or cell == "" else str(cell)


def _boxes(
    folder: Path, listed: Sequence[str], fields: Mapping[str, SiteField]
) -> Iterator[tuple[dict[str, Any], SiteField | None, str]]:
    """Yield all boxes of the photographs as files of Raabin's layout tell them, with their photograph and file."""
    for path in listed:
        found = _BOXES.fullmatch(path)
        if found is None:
            continue
        try:
            record: dict[str, Any] = json.loads((folder / path).read_bytes())
            boxes = [dict(told) for name, told in record.items() if name.startswith("Cell_")]
        except (ValueError, TypeError, AttributeError) as error:
            raise _unreadable(path, error) from error
        for told in boxes:
            yield told, fields.get(found["field"]), path


def _unclassed(told: Mapping[str, Any], field: SiteField, taxonomy: Taxonomy, path: str) -> SiteCell:
    try:
        words = tuple(None if told[key] is None else taxonomy.read(told[key]).key for key in ("Label1", "Label2"))
        return SiteCell(
            cell_id=checked_id(str(told["Cell_ID"]), name=path),
            field=field,
            box=Box(left=int(told["x1"]), top=int(told["y1"]), right=int(told["x2"]), bottom=int(told["y2"])),
            label=None,
            split=None,
            term=None,
            standing=NOT_CLASSED,
            words=words,
            sharpness=None,
            path=None,
            masks={},
        )
    except (InputError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: Exception) -> UnreadableFormat:
    return UnreadableFormat(f"{path} cannot be read", expected="boxes as a release writes them", found=str(error))
