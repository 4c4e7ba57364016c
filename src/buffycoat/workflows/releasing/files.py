"""Every file of a release, made from its sealed list and the objects that it names: the same list, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from buffycoat.domain.mask import Part
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField
from buffycoat.formats.coco import CocoAbout, write_coco
from buffycoat.formats.huggingface import HubItem, write_hub
from buffycoat.formats.masks import coco_rle, mask_png
from buffycoat.formats.raabin import raabin_schema, write_raabin
from buffycoat.formats.tables import write_csv, write_parquet
from buffycoat.formats.voc import write_voc
from buffycoat.formats.webdataset import Sample, write_shards
from buffycoat.formats.yolo import write_yolo
from buffycoat.formats.yolo_names import write_yolo_names
from buffycoat.imaging.codecs import decode_rgb, encode_png, turn
from buffycoat.publish.rows import (
    CELL_COLUMNS,
    FIELD_COLUMNS,
    SMEAR_COLUMNS,
    cell_rows,
    crop_path,
    field_rows,
    smear_rows,
)
from buffycoat.publish.sealed import Contents, SealedCell, SealedField
from buffycoat.publish.splits import SPLITS

__all__ = ["FORMATS", "Read", "check_formats", "format_files"]

Read = Callable[[str], bytes]
"""From the digest of an object to its bytes."""
File = tuple[str, bytes]

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif", "image/bmp": "bmp"}


def check_formats(names: Sequence[str]) -> None:
    """Refuse a format that there is not.

    Raises
    ------
    InputError
        With those that there are.
    """
    for name in names:
        if name not in FORMATS:
            raise InputError("no such format of a release", expected=", ".join(FORMATS), found=repr(name))


def format_files(contents: Contents, read: Read, *, taxonomy: Taxonomy) -> Iterator[File]:
    """Yield path and bytes of the crops, photographs, masks and labels, in the formats that the release names."""
    check_formats(contents.formats)
    if set(contents.formats) & _OF_PHOTOGRAPHS:
        yield from _photographs(contents, read)
    for name in contents.formats:
        yield from FORMATS[name](contents, read, taxonomy)


def _chosen(contents: Contents) -> list[SealedCell]:
    return [cell for cell in contents.cells if cell.label is not None]


def _split_of(contents: Contents) -> Mapping[str, str]:
    """Return the split of each photograph: that of its cells, or ``unsplit`` where they are on several sides."""
    sides: dict[str, set[str]] = {}
    for cell in _chosen(contents):
        sides.setdefault(cell.field_id, set()).add(cell.split or "")
    return {field: next(iter(splits)) if len(splits) == 1 else "unsplit" for field, splits in sides.items()}


def _picture(field: SealedField, split: str) -> str:
    ending = "png" if field.quarter_turns else _ENDINGS[field.media_type or ""]
    return f"images/{split}/{field.field_id}.{ending}"


def _shown(contents: Contents) -> Iterator[tuple[SealedField, str]]:
    """Yield the photographs that go out, with their split; crops that came alone have none."""
    splits = _split_of(contents)
    for field in contents.fields:
        if not field.crop_only and field.photograph is not None and field.field_id in splits:
            yield field, splits[field.field_id]


def _photographs(contents: Contents, read: Read) -> Iterator[File]:
    for field, split in _shown(contents):
        content = read(field.photograph or "")
        if field.quarter_turns:  # boxes speak of the turned picture, and other programs must not have to turn it
            stored = decode_rgb(content, name=field.field_id, max_megapixels=float("inf"))
            content = encode_png(turn(stored, field.quarter_turns))
        yield _picture(field, split), content


def _annotated(contents: Contents, taxonomy: Taxonomy) -> Iterator[tuple[AnnotatedField, SealedField]]:
    """Yield every photograph as label files have it, words spelled as in Raabin's files, with its sealed field."""
    cells: dict[str, list[SealedCell]] = {}
    for cell in contents.cells:
        cells.setdefault(cell.field_id, []).append(cell)
    smears = {smear.smear_id: smear for smear in contents.smears}
    splits = _split_of(contents)
    for field in contents.fields:
        if field.crop_only:
            continue
        smear = smears[field.smear_id]
        split = splits.get(field.field_id)
        named = AnnotatedField(
            name=field.field_id,
            cells=tuple(
                AnnotatedCell(
                    box=cell.box,
                    words=tuple(None if word is None else taxonomy.spelling(word) for word in cell.words),
                    filed=cell.label or _other(contents),
                    origin=cell.cell_id,
                )
                for cell in sorted(cells.get(field.field_id, []), key=lambda cell: cell.cell_id)
            ),
            experts=contents.experts,
            picture=_picture(field, split) if field.photograph is not None and split else None,
            width_px=field.width_px,
            height_px=field.height_px,
            split=split,
            smear=smear.smear_id,
            stain=smear.stain.value,
            diagnosis=smear.diagnosis.value,
            microscope=field.microscope,
            camera=field.camera,
            objective=None if field.objective_magnification is None else f"{field.objective_magnification:g}x",
        )
        yield named, field


def _other(contents: Contents) -> str:
    """Return how boxes without a class are called, which must not be the name of one."""
    return next(word for word in ("other", "no class", "without class") if word not in contents.classes)


def _boxed(contents: Contents, taxonomy: Taxonomy) -> dict[str, list[AnnotatedField]]:
    """Return the photographs that go out, by split, as formats for detection have them."""
    by_split: dict[str, list[AnnotatedField]] = {}
    for named, _ in _annotated(contents, taxonomy):
        if named.picture is not None:
            by_split.setdefault(named.split or "", []).append(named)
    return by_split


def _classes(contents: Contents) -> list[str]:
    """Return the classes of boxes: those of the level, and ``other`` for what is outside it or has no class yet."""
    return [*contents.classes, _other(contents)]


# ------------------------------------------------------------------- formats


def _crops(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del taxonomy
    for cell in _chosen(contents):
        if cell.crop is not None:
            yield crop_path(cell), read(cell.crop)
        for mask in cell.masks:
            path = f"masks/{cell.split}/{cell.label}/{cell.cell_id}-{mask.part}.png"
            yield path, mask_png(mask.run_lengths, mask.height_px, mask.width_px)


def _raabin(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del read
    yield "schemas/raabin.schema.json", (json.dumps(raabin_schema(), indent=1, ensure_ascii=False) + "\n").encode()
    people = [place for place, name in enumerate(contents.experts) if name.startswith("expert")]
    for named, _ in _annotated(contents, taxonomy):
        # The layout has room for two: those who answered in this photograph.
        answered = [place for place in people if any(cell.words[place] is not None for cell in named.cells)]
        two = sorted([*answered, *(place for place in people if place not in answered)][:2])
        cells = tuple(
            AnnotatedCell(box=cell.box, words=tuple(cell.words[place] for place in two), origin=cell.origin)
            for cell in named.cells
        )
        plain = AnnotatedField(
            name=named.name,
            cells=cells,
            experts=tuple(contents.experts[place] for place in two),
            smear=named.smear,
            stain=named.stain,
            diagnosis=named.diagnosis,
            microscope=named.microscope,
            camera=named.camera,
            objective=named.objective,
        )
        yield f"raabin/{named.name}.json", write_raabin(plain)


def _coco(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del read
    about = CocoAbout(
        description=contents.about.title,
        version=contents.version,
        contributor=", ".join(contents.about.contributors),
        license_name=contents.about.license,
    )
    for split, fields in sorted(_boxed(contents, taxonomy).items()):
        yield f"annotations/boxes-{split}.json", write_coco(fields, classes=_classes(contents), about=about)
    masked = [cell for cell in _chosen(contents) if cell.masks and cell.crop is not None]
    if masked:
        yield "annotations/masks.json", _coco_masks(masked, about)


def _coco_masks(cells: Sequence[SealedCell], about: CocoAbout) -> bytes:
    """Return the masks of crops as one COCO file: a picture a crop, an annotation a part."""
    parts = [Part.NUCLEUS.value, Part.CELL.value]
    fields, outlines = [], {}
    for cell in cells:
        shape = cell.masks[0]
        whole = cell.box.__class__(left=0, top=0, right=shape.width_px, bottom=shape.height_px)
        for place, mask in enumerate(cell.masks):
            outlines[cell.cell_id, place] = coco_rle(mask.run_lengths, mask.height_px, mask.width_px)
        fields.append(
            AnnotatedField(
                name=cell.cell_id,
                cells=tuple(
                    AnnotatedCell(box=whole, filed=mask.part.value, origin=cell.cell_id) for mask in cell.masks
                ),
                picture=crop_path(cell),
                crop_only=True,
                width_px=shape.width_px,
                height_px=shape.height_px,
                split=cell.split,
            )
        )
    return write_coco(fields, classes=parts, outlines=outlines, about=about)


def _yolo(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del read
    by_split = _boxed(contents, taxonomy)
    if not by_split:
        return
    classes = _classes(contents)
    folders = {name: f"images/{split}" for split, name in _YOLO_SPLITS.items() if split in by_split}
    yield "data.yaml", write_yolo_names(classes, splits=folders)
    for split, fields in sorted(by_split.items()):
        for field in fields:
            yield f"labels/{split}/{field.name}.txt", write_yolo(field, classes=classes)


def _voc(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del read
    for split, fields in sorted(_boxed(contents, taxonomy).items()):
        for field in fields:
            yield f"voc/{split}/{field.name}.xml", write_voc(field)


def _csv(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del read, taxonomy
    yield "fields.csv", write_csv(field_rows(contents), FIELD_COLUMNS)
    yield "smears.csv", write_csv(smear_rows(contents), SMEAR_COLUMNS)


def _parquet(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del read, taxonomy
    yield "parquet/labels.parquet", write_parquet(cell_rows(contents), CELL_COLUMNS)
    yield "parquet/fields.parquet", write_parquet(field_rows(contents), FIELD_COLUMNS)
    yield "parquet/smears.parquet", write_parquet(smear_rows(contents), SMEAR_COLUMNS)


def _webdataset(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del taxonomy
    numbers = {label: number for number, label in enumerate(contents.classes)}
    facts = {str(row["cell_id"]): row for row in cell_rows(contents)}
    for split in sorted({cell.split or "" for cell in _chosen(contents)}):
        samples = (
            Sample(
                key=cell.cell_id,
                picture=read(cell.crop),
                ending="png",
                label=numbers[cell.label or ""],
                facts=facts[cell.cell_id],
            )
            for cell in sorted(_chosen(contents), key=lambda cell: cell.cell_id)
            if cell.split == split and cell.crop is not None
        )
        for name, content in write_shards(samples, split):
            yield f"webdataset/{name}", content


def _huggingface(contents: Contents, read: Read, taxonomy: Taxonomy) -> Iterator[File]:
    del taxonomy
    facts = {str(row["cell_id"]): row for row in cell_rows(contents)}
    columns = [column for column in CELL_COLUMNS if column.name not in ("path", "label")]
    for split in SPLITS:
        cells = [
            cell
            for cell in sorted(_chosen(contents), key=lambda cell: cell.cell_id)
            if cell.split == split and cell.crop is not None
        ]
        items = (
            HubItem(
                path=f"{cell.cell_id}.png",
                picture=read(cell.crop or ""),
                label=cell.label,
                facts={column.name: facts[cell.cell_id][column.name] for column in columns},
            )
            for cell in cells
        )
        yield from write_hub(items, len(cells), split=split, classes=contents.classes, columns=columns)


_YOLO_SPLITS = {"train": "train", "test-A": "val", "test-B": "test"}
_OF_PHOTOGRAPHS = frozenset({"raabin", "coco", "yolo", "voc"})
FORMATS: dict[str, Callable[[Contents, Read, Taxonomy], Iterator[File]]] = {
    "crops": _crops,
    "raabin": _raabin,
    "coco": _coco,
    "yolo": _yolo,
    "voc": _voc,
    "csv": _csv,
    "parquet": _parquet,
    "webdataset": _webdataset,
    "huggingface": _huggingface,
    "croissant": lambda *_: iter(()),  # describes all other files, and is written after them
}
"""Formats by name; ``labels.csv`` is in every release."""
