"""What lies in a release."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields

from buffycoat.domain.value import value
from buffycoat.publish.splits import SPLITS

__all__ = ["ReleaseItem", "count_items", "labels_table"]


@value
class ReleaseItem:
    """One cell of a release: where its crop lies, what it is, and what it was taken from.

    No file name of a photograph, no date, no exact age: what could name a person stays in the workspace.
    """

    path: str
    split: str
    label: str
    term: str
    cell_id: str
    field_id: str
    smear_id: str
    stain: str
    diagnosis: str
    site: str
    microscope: str
    camera: str
    left: int
    top: int
    right: int
    bottom: int
    sharpness: float
    simulated: bool


def labels_table(items: Sequence[ReleaseItem], /) -> bytes:
    """Return ``labels.csv``: a row a cell, in order of path, UTF-8."""
    text = io.StringIO(newline="")
    names = [field.name for field in fields(ReleaseItem)]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(item, name) for name in names] for item in sorted(items, key=lambda item: item.path))
    return text.getvalue().encode()


def count_items(items: Sequence[ReleaseItem], classes: Sequence[str], /) -> dict[str, dict[str, int]]:
    """Return cells by split and class, zeros included: the paper's Table 7."""
    return {
        split: {label: sum(item.split == split and item.label == label for item in items) for label in classes}
        for split in SPLITS
    }
