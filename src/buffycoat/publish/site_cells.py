"""The cells of a sealed release as its site tells them: read from the folder alone, no workspace and no database."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Part
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import Scalar, value
from buffycoat.errors import UnreadableFormat
from buffycoat.formats.tables import read_csv
from buffycoat.publish.rows import CELL_COLUMNS, FIELD_COLUMNS

__all__ = ["SiteCell", "SiteField", "read_cells"]

_MASK: Final = re.compile(r"masks/[^/]+/[^/]+/(?P<cell>[^/]+)-(?P<part>nucleus|cell)\.png")
_PICTURE: Final = re.compile(r"images/[^/]+/(?P<field>[^/]+)\.[a-z]+")
_BOXES: Final = re.compile(r"raabin/(?P<field>[^/]+)\.json")
_TOLD: Final = ("smear_id", "stain", "diagnosis", "microscope", "objective", "camera", "um_per_px")


@value
class SiteField:
    """A photograph of a release: its facts, its size in pixels where known, and its file where it went out."""

    field_id: str
    facts: Mapping[str, Scalar]
    width_px: int | None
    height_px: int | None
    picture: str | None


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


def read_cells(folder: Path, listed: Sequence[str], /, *, taxonomy: Taxonomy | None) -> list[SiteCell]:
    """Return every box that a release holds, those of one photograph together.

    Parameters
    ----------
    folder : Path
        The release.
    listed : sequence of str
        The paths that its manifest names.
    taxonomy : Taxonomy or None
        That of the release. By it the boxes without a class are read from the files of Raabin's layout; without it, or
        where the release has none of these files, they are left out.

    Raises
    ------
    UnreadableFormat
        A table of the release is not what it should be.
    """
    rows = read_csv((folder / "labels.csv").read_bytes(), CELL_COLUMNS, name="labels.csv")
    pictures = {found["field"]: path for path in listed if (found := _PICTURE.fullmatch(path))}
    fields = {str(row["field_id"]): _field(row, pictures) for row in rows}
    if "fields.csv" in listed:
        for row in read_csv((folder / "fields.csv").read_bytes(), FIELD_COLUMNS, name="fields.csv"):
            known = fields.get(str(row["field_id"]))
            if known is not None:
                fields[known.field_id] = _sized(known, row)
    masks: dict[str, dict[str, str]] = {}
    for path in listed:
        if found := _MASK.fullmatch(path):
            masks.setdefault(found["cell"], {})[found["part"]] = path
    cells = [_cell(row, fields[str(row["field_id"])], masks) for row in rows]
    if taxonomy is not None:
        known_ids = {cell.cell_id for cell in cells}
        cells += [cell for cell in _boxes(folder, listed, fields, taxonomy) if cell.cell_id not in known_ids]
    return sorted(cells, key=lambda cell: (cell.field.field_id, cell.box.top, cell.box.left, cell.cell_id))


def _field(row: Mapping[str, Scalar], pictures: Mapping[str, str]) -> SiteField:
    key = str(row["field_id"])
    return SiteField(
        field_id=key,
        facts={name: row[name] for name in _TOLD},
        width_px=None,
        height_px=None,
        picture=pictures.get(key),
    )


def _sized(field: SiteField, row: Mapping[str, Scalar]) -> SiteField:
    width, height = (row[name] if isinstance(row[name], int) else None for name in ("width_px", "height_px"))
    return SiteField(
        field_id=field.field_id,
        facts=field.facts,
        width_px=None if width is None else int(width),
        height_px=None if height is None else int(height),
        picture=field.picture,
    )


def _cell(row: Mapping[str, Scalar], field: SiteField, masks: Mapping[str, Mapping[str, str]]) -> SiteCell:
    key = str(row["cell_id"])
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
    folder: Path, listed: Sequence[str], fields: Mapping[str, SiteField], taxonomy: Taxonomy
) -> Iterator[SiteCell]:
    """Yield all boxes of the photographs as files of Raabin's layout tell them, with two experts' words each."""
    for path in listed:
        found = _BOXES.fullmatch(path)
        if found is None or found["field"] not in fields:
            continue
        try:
            record: dict[str, Any] = json.loads((folder / path).read_bytes())
            for name, told in record.items():
                if name.startswith("Cell_"):
                    yield _unclassed(told, fields[found["field"]], taxonomy)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableFormat(
                f"{path} cannot be read", expected="boxes as a release writes them", found=str(error)
            ) from error


def _unclassed(told: Mapping[str, Any], field: SiteField, taxonomy: Taxonomy) -> SiteCell:
    words = tuple(None if told[key] is None else taxonomy.read(told[key]).key for key in ("Label1", "Label2"))
    given = Counter(word for word in words if word is not None)
    if not given:
        standing = Standing.OPEN
    elif len(given) > 1:
        standing = Standing.DISPUTED
    else:
        standing = Standing.AGREED if given.total() > 1 else Standing.SINGLE
    return SiteCell(
        cell_id=str(told["Cell_ID"]),
        field=field,
        box=Box(left=int(told["x1"]), top=int(told["y1"]), right=int(told["x2"]), bottom=int(told["y2"])),
        label=None,
        split=None,
        term=next(iter(given)) if len(given) == 1 else None,
        standing=standing.value,
        words=words,
        sharpness=None,
        path=None,
        masks={},
    )
