"""What a release brings along for people: datasheet, tables, figures, citation, splits."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from buffycoat.domain.geometry import Box
from buffycoat.domain.mask import Part
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.errors import ReleaseIncomplete
from buffycoat.formats.huggingface import card_header
from buffycoat.formats.tables import write_csv
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import decode_rgb, turn
from buffycoat.imaging.regions import decode_run_lengths
from buffycoat.publish.citation import citation_cff
from buffycoat.publish.comparable_sets import comparable_sets
from buffycoat.publish.counted import standing_notes
from buffycoat.publish.datasheet import datasheet
from buffycoat.publish.rows import CELL_COLUMNS, cell_rows
from buffycoat.publish.sealed import Contents, SealedCell
from buffycoat.publish.split_table import split_counts
from buffycoat.publish.tables import release_tables
from buffycoat.report.drawing import FigureSheet
from buffycoat.report.masks_sheet import MaskColumn, MaskSample, masks_sheet
from buffycoat.report.overlap_sheet import OverlapField, OverlapPair, overlap_sheet
from buffycoat.report.repeats_sheet import RepeatGroup, RepeatPicture, repeats_sheet
from buffycoat.workflows.releasing.files import Read

__all__ = ["page_files"]

_GROUPS, _PAIRS, _SAMPLES = 6, 3, 2
_BASOPHILS = ("basophil",)


def page_files(contents: Contents, read: Read, *, taxonomy: Taxonomy) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of everything that is not one format of the data."""
    tables = release_tables(contents, taxonomy=taxonomy, comparable=comparable_sets())
    page = datasheet(contents, agreement=contents.agreement, warnings=contents.warnings, tables=tables)
    if "huggingface" in contents.formats:
        totals = {split: sum(by_class.values()) for split, by_class in split_counts(contents).items()}
        page = card_header(contents.about, totals) + "\n" + page
    yield "README.md", page.encode()
    yield "CITATION.cff", citation_cff(contents).encode()
    yield "LICENSE.txt", _license(contents)
    yield "labels.csv", write_csv(cell_rows(contents), CELL_COLUMNS)
    yield "splits.json", _splits(contents)
    for name, table in tables.items():
        yield f"tables/{name}.md", table.to_markdown().encode()
        yield f"tables/{name}.csv", table.to_csv().encode()
        yield f"tables/{name}.tex", table.to_latex().encode()
        yield f"tables/{name}.html", table.to_html().encode()
    captions = []
    for name, sheet in (
        ("overlaps", _overlaps(contents, read)),
        ("repeats", _repeats(contents, read)),
        ("masks", _masks(contents, read)),
    ):
        if sheet is not None:
            yield f"figures/{name}.jpg", sheet.jpeg
            captions.append(f"## {sheet.title}\n\n![{sheet.title}]({name}.jpg)\n\n{sheet.caption}\n")
    if captions:
        yield "figures/README.md", ("# Figures\n\n" + "\n".join(captions)).encode()


def _license(contents: Contents) -> bytes:
    about = contents.about
    if not (about.license or about.terms_of_use):
        raise ReleaseIncomplete("the release has neither a license nor terms of use")
    lines = [f"License: {about.license}"] if about.license else []
    lines += [f"Terms of use: {about.terms_of_use}"] if about.terms_of_use else []
    return ("\n\n".join(lines) + "\n").encode()


def _splits(contents: Contents) -> bytes:
    plan = contents.plan
    told = {
        "rule": plan.rule,
        "seed": plan.seed,
        "unit": plan.unit,
        "assignment": dict(plan.assignment),
        "removed": list(plan.removed),
        "leaks": dict(contents.leaks),
    }
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def _picture(read: Read, digest: str) -> RgbImage:
    return decode_rgb(read(digest), name=digest, max_megapixels=float("inf"))


def _repeats(contents: Contents, read: Read) -> FigureSheet | None:
    """Draw cells that were photographed several times, the largest groups first: Figure 6."""
    crops = {cell.cell_id: (cell.crop, cell.sharpness) for cell in contents.cells}
    crops |= {repeat.cell_id: (repeat.crop, repeat.sharpness) for repeat in contents.repeats}
    groups: dict[str, list[str]] = defaultdict(list)
    for repeat in contents.repeats:
        if repeat.crop is not None and crops[repeat.kept_id][0] is not None:
            groups[repeat.kept_id].append(repeat.cell_id)
    chosen = sorted(groups, key=lambda kept: (-len(groups[kept]), kept))[:_GROUPS]
    if not chosen:
        return None

    def shown(key: str) -> RepeatPicture:
        crop, sharpness = crops[key]
        return RepeatPicture(cell_id=key, crop=_picture(read, crop or ""), sharpness=sharpness)

    return repeats_sheet(
        [RepeatGroup(pictures=tuple(shown(key) for key in (kept, *groups[kept])), kept=kept) for kept in chosen],
        banner=_banner(contents),
    )


def _overlaps(contents: Contents, read: Read) -> FigureSheet | None:
    """Draw photographs that show the same cells, those with most in common first: Figure 5."""
    fields = {
        field.field_id: (field.photograph, field.quarter_turns) for field in contents.fields if not field.crop_only
    }
    fields |= {
        repeat.field_id: (repeat.photograph, repeat.quarter_turns) for repeat in contents.repeats if repeat.photograph
    }
    fields = {key: known for key, known in fields.items() if known[0] is not None}
    boxes: dict[str, dict[str, Box]] = defaultdict(dict)
    for cell in contents.cells:
        boxes[cell.field_id][cell.cell_id] = cell.box
    field_of = {cell.cell_id: cell.field_id for cell in contents.cells}
    shared: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for repeat in contents.repeats:
        if repeat.box is not None:
            boxes[repeat.field_id][repeat.cell_id] = repeat.box
        pair = field_of[repeat.kept_id], repeat.field_id
        if pair[0] != pair[1] and pair[0] in fields and pair[1] in fields and repeat.box is not None:
            shared[pair].append((repeat.kept_id, repeat.cell_id))
    chosen = sorted(shared, key=lambda pair: (-len(shared[pair]), pair))[:_PAIRS]
    if not chosen:
        return None

    def shown(field_id: str) -> OverlapField:
        photograph, turns = fields[field_id]
        picture = turn(_picture(read, photograph or ""), turns)
        return OverlapField(field_id=field_id, picture=picture, boxes=tuple(boxes[field_id].values()))

    pairs = []
    for one, other in chosen:
        place = {cell: number for field in (one, other) for number, cell in enumerate(boxes[field])}
        whole = {cell for _, cell in shared[one, other]} == boxes[other].keys()
        pairs.append(
            OverlapPair(
                first=shown(one),
                second=shown(other),
                shared=tuple((place[kept], place[cell]) for kept, cell in shared[one, other]),
                removed=other if whole else None,
            )
        )
    return overlap_sheet(pairs, banner=_banner(contents))


def _masks(contents: Contents, read: Read) -> FigureSheet | None:
    """Draw crops over their masks, a column a class: Figure 9. Of basophils only the whole cell, as in the paper."""
    columns = []
    for label in contents.classes:
        masked = [cell for cell in contents.cells if cell.label == label and cell.masks and cell.crop is not None]
        samples = tuple(_sample(cell, read, whole=label in _BASOPHILS) for cell in masked[:_SAMPLES])
        if samples:
            columns.append(MaskColumn(title=label, samples=samples))
    return masks_sheet(columns, banner=_banner(contents)) if columns else None


def _banner(contents: Contents) -> str:
    """Return what must stand on everything that is made from this release: that it is simulated, or that it leaks."""
    return " ".join(standing_notes(contents))


def _sample(cell: SealedCell, read: Read, *, whole: bool) -> MaskSample:
    parts = {mask.part: decode_run_lengths(mask.run_lengths, mask.height_px, mask.width_px) for mask in cell.masks}
    nucleus = None if whole else parts.get(Part.NUCLEUS)
    return MaskSample(crop=_picture(read, cell.crop or ""), nucleus=nucleus, cell=parts.get(Part.CELL))
