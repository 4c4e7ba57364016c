"""The machine-readable description of a release: Croissant, with what it takes to use it responsibly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from buffycoat.domain.release import ReleaseFile
from buffycoat.formats.croissant import Edition, FileGroup, Statements, croissant
from buffycoat.publish.datasheet import NO_MEDICAL_DEVICE
from buffycoat.publish.limits import limits
from buffycoat.publish.rows import CELL_COLUMNS, FIELD_COLUMNS, SMEAR_COLUMNS
from buffycoat.publish.sealed import Contents

__all__ = ["describe_release"]

_TABLES = {"labels.csv": CELL_COLUMNS, "fields.csv": FIELD_COLUMNS, "smears.csv": SMEAR_COLUMNS}
_GROUPS = (
    FileGroup(id="crops", pattern="crops/*.png", description="Crops of cells, by split and class"),
    FileGroup(id="masks", pattern="masks/*.png", description="Ground truth of nucleus and cell, by split and class"),
    FileGroup(id="images", pattern="images/*.jpg", description="Photographs, by split"),
    FileGroup(id="images-png", pattern="images/*.png", description="Photographs, by split"),
    FileGroup(id="raabin-labels", pattern="raabin/f*.json", description="Labels in Raabin's own layout"),
    FileGroup(id="yolo-labels", pattern="labels/*.txt", description="Boxes in YOLO's layout"),
    FileGroup(id="voc-labels", pattern="voc/*.xml", description="Boxes in the layout of Pascal VOC"),
)
_SPLITS = {
    "train": "to learn from",
    "test-A": "the same microscope and camera as train",
    "test-B": "another microscope or camera",
}


def describe_release(contents: Contents, files: Sequence[ReleaseFile]) -> bytes:
    """Return ``croissant.json`` for all other files of a release."""
    paths = [file.path for file in files]
    experts = sum(name.startswith("expert") for name in contents.experts)
    simulated = ("Drawn by a program and read by simulated experts.",) if contents.simulated else ()
    statements = Statements(
        data_collection="Photographs of stained blood films through a microscope.",
        data_collection_type=("Observations",) if not contents.simulated else ("Software Collection",),
        data_preprocessing_protocol=(
            "The cameras' metadata was taken out of the pictures.",
            "Of the pictures that show one physical cell the sharpest was kept.",
        ),
        data_annotation_protocol=(
            f"{experts} experts named each cell independently; level {contents.level} of {contents.taxonomy}.",
        ),
        data_annotation_analysis=contents.agreement,
        annotations_per_item=str(_answers_per_cell(contents)),
        data_biases=contents.warnings,
        data_limitations=(*simulated, *limits(contents), NO_MEDICAL_DEVICE),
        personal_sensitive_information=(
            f"Ethics: {contents.about.ethics}",
            "No name, no code of a smear, no date and no exact age is in this release.",
        ),
        data_release_maintenance_plan=contents.about.contact,
    )
    return croissant(
        contents.about,
        Edition(
            version=contents.version,
            published=contents.about.published or None,
            url=contents.about.url or None,
        ),
        files=files,
        tables={path: columns for path, columns in _TABLES.items() if path in paths},
        groups=[group for group in _GROUPS if any(_matches(group, path) for path in paths)],
        splits={split: text for split, text in _SPLITS.items() if any(cell.split == split for cell in contents.cells)},
        statements=statements,
    )


def _answers_per_cell(contents: Contents) -> int:
    """Return how many experts answered for most of the released cells."""
    people = [place for place, name in enumerate(contents.experts) if name.startswith("expert")]
    counts = Counter(
        sum(cell.words[place] is not None for place in people) for cell in contents.cells if cell.label is not None
    )
    return counts.most_common(1)[0][0] if counts else 0


def _matches(group: FileGroup, path: str) -> bool:
    folder, _, ending = group.pattern.partition("*")
    return path.startswith(folder) and path.endswith(ending)
