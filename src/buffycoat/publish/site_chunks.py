"""The cells of a site in files of some thousand each, as columns of small numbers: what a browser filters by.

A page that was opened from a disk may not read files, but may load scripts: each file calls ``buffycoatSite`` with text
in JSON, which browsers read faster than a literal of the same size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from buffycoat.domain.value import value
from buffycoat.publish.site_cells import SiteCell

__all__ = ["CHUNK", "FACETS", "Facets", "call", "cell_chunks", "count_facets", "find_facets", "split_cells"]

CHUNK: Final = 4_000
"""Cells to a file, but for those of the last photograph, which are not parted."""
FACETS: Final = (
    "class",
    "standing",
    "split",
    "smear",
    "stain",
    "diagnosis",
    "microscope",
    "camera",
    "masks",
    "pixels",
    "sharpness",
)
"""By what cells are chosen, in the order of the page."""
NO_VALUE: Final = ""
_QUARTERS: Final = (25, 50, 75)


@value
class Facets:
    """The values of each facet in order, and the bounds between the quarters of sharpness."""

    values: Mapping[str, tuple[str, ...]]
    bounds: tuple[float, ...]


def call(name: str, *parts: object) -> bytes:
    r"""Return a script that hands values to the page; the last one as text in JSON.

    Examples
    --------
    >>> call("cells", 0, {"id": ["c1"]})
    b'buffycoatSite.cells(0,"{\\"id\\":[\\"c1\\"]}");\n'
    """
    *first, last = parts
    words = [json.dumps(part) for part in first]
    words.append(json.dumps(json.dumps(last, ensure_ascii=False, separators=(",", ":")), ensure_ascii=False))
    # Two line ends that JSON may hold as they are.
    text = f"buffycoatSite.{name}({','.join(words)});\n".replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text.encode()


def find_facets(cells: Sequence[SiteCell], /, *, classes: Sequence[str]) -> Facets:
    """Return the values that the cells have, classes in the order of the release; ``""`` is for none, and comes last.

    Parameters
    ----------
    cells : sequence of SiteCell
        All of them.
    classes : sequence of str
        Those of the release.
    """
    sharp = [cell.sharpness for cell in cells if cell.sharpness is not None]
    bounds = tuple(round(float(bound), 2) for bound in np.percentile(sharp, _QUARTERS)) if sharp else ()
    seen: dict[str, set[str]] = {name: set() for name in FACETS}
    for cell in cells:
        for name, word in _words(cell, bounds).items():
            seen[name].add(word)
    order = {name: place for place, name in enumerate((*classes, "train", "test-A", "test-B"))}
    return Facets(
        values={
            name: tuple(sorted(words, key=lambda word: (word == NO_VALUE, order.get(word, len(order)), word)))
            for name, words in seen.items()
        },
        bounds=bounds,
    )


def _words(cell: SiteCell, bounds: Sequence[float]) -> dict[str, str]:
    facts = cell.field.facts
    sharp = NO_VALUE if cell.sharpness is None else str(1 + sum(cell.sharpness >= bound for bound in bounds))
    return {
        "class": cell.label or NO_VALUE,
        "standing": cell.standing,
        "split": cell.split or NO_VALUE,
        "smear": str(facts["smear_id"]),
        "stain": str(facts["stain"] or NO_VALUE),
        "diagnosis": str(facts["diagnosis"] or NO_VALUE),
        "microscope": str(facts["microscope"] or NO_VALUE),
        "camera": str(facts["camera"] or NO_VALUE),
        "masks": "+".join(sorted(cell.masks, reverse=True)) or NO_VALUE,
        "pixels": "crop" if cell.path else "field" if cell.field.picture else NO_VALUE,
        "sharpness": sharp,
    }


def count_facets(cells: Sequence[SiteCell], facets: Facets, /) -> dict[str, list[int]]:
    """Return for each facet how many cells have each of its values, so that the page counts before it has all cells."""
    places = {name: {word: place for place, word in enumerate(words)} for name, words in facets.values.items()}
    counts = {name: [0] * len(words) for name, words in facets.values.items()}
    for cell in cells:
        for name, word in _words(cell, facets.bounds).items():
            counts[name][places[name][word]] += 1
    return counts


def split_cells(cells: Sequence[SiteCell], /, *, size: int = CHUNK) -> list[Sequence[SiteCell]]:
    """Cut the cells into files; those of one photograph stay together, so that its page needs one file."""
    parts: list[Sequence[SiteCell]] = []
    start = 0
    while start < len(cells):
        end = min(start + size, len(cells))
        while end < len(cells) and cells[end].field.field_id == cells[end - 1].field.field_id:
            end += 1
        parts.append(cells[start:end])
        start = end
    return parts


def cell_chunks(
    parts: Sequence[Sequence[SiteCell]], facets: Facets, spoken: Mapping[tuple[str | None, ...], int], /
) -> Iterator[bytes]:
    """Yield a script for each part: columns as long as the part, facets as numbers of their values.

    Parameters
    ----------
    parts : sequence of sequence of SiteCell
        As :func:`split_cells` cuts them.
    facets : Facets
        As :func:`find_facets` finds them.
    spoken : mapping
        Number of each combination of experts' words.
    """
    places = {name: {word: place for place, word in enumerate(words)} for name, words in facets.values.items()}
    for number, part in enumerate(parts):
        fields: dict[str, int] = {}
        columns: dict[str, list[Any]] = {name: [] for name in ("id", "field", "box", "term", "said", "sharp")}
        codes: dict[str, list[int]] = {name: [] for name in FACETS}
        told = []
        for cell in part:
            field = cell.field
            if field.field_id not in fields:
                fields[field.field_id] = len(fields)
                facts = field.facts
                told.append(
                    [
                        field.field_id,
                        field.width_px,
                        field.height_px,
                        field.picture,
                        facts["objective"],
                        facts["um_per_px"],
                        field.crop_only,
                    ]
                )
            columns["id"].append(cell.cell_id)
            columns["field"].append(fields[field.field_id])
            columns["box"] += [cell.box.left, cell.box.top, cell.box.right, cell.box.bottom]
            columns["term"].append(cell.term)
            columns["said"].append(spoken[cell.words])
            columns["sharp"].append(None if cell.sharpness is None else round(cell.sharpness, 2))
            for name, word in _words(cell, facets.bounds).items():
                codes[name].append(places[name][word])
        yield call("cells", number, {**columns, "fields": told, "facets": [codes[name] for name in FACETS]})
