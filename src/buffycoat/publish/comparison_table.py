"""A release beside other public sets of blood cells: the paper's Table 6."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from buffycoat.domain.mask import Part
from buffycoat.domain.value import Scalar
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.comparable_sets import ComparableSet
from buffycoat.publish.counted import in_words, standing_notes
from buffycoat.publish.sealed import Contents, SealedCell

__all__ = ["comparison_table"]

_COLUMNS = (
    "set",
    "cells",
    "classes",
    "experts",
    "labels",
    "masks",
    "cameras",
    "microscopes",
    "stain",
    "magnification",
    "access",
    "source",
)


def comparison_table(contents: Contents, /, *, comparable: Sequence[ComparableSet], title: str) -> PrintedTable:
    """Compare a release with other sets: Table 6 of Kouzehkanan et al. 2022, where the last row is the authors' own.

    The row of the release is counted from its contents; those of the others are cited below.

    Parameters
    ----------
    contents : Contents
        The sealed list.
    comparable : sequence of ComparableSet
        The other sets, in the order of the page.
    title : str
        Printed over the table.

    Returns
    -------
    PrintedTable
        A row a set, the release last. Cells are those that have a class. Empty means not known.
    """
    others = [_row(other, number) for number, other in enumerate(comparable, start=1)]
    sources = [f"[{number}] {_source(other)}" for number, other in enumerate(comparable, start=1)]
    return PrintedTable(
        title=title,
        columns=_COLUMNS,
        rows=(*others, _own_row(contents)),
        notes=(
            "Cells of this release are those that have a class; what is not known of another set is left empty.",
            *sources,
            *standing_notes(contents),
        ),
    )


def _row(other: ComparableSet, number: int) -> tuple[Scalar, ...]:
    return (
        other.name,
        other.cells,
        other.classes,
        other.experts,
        other.labels or None,
        other.masks or None,
        ", ".join(other.cameras) or None,
        ", ".join(other.microscopes) or None,
        other.stain or None,
        other.magnification or None,
        other.access or None,
        f"[{number}]",
    )


def _source(other: ComparableSet) -> str:
    """Return what to cite for a set, and what a reader of its row must know, as sentences."""
    parts = [other.citation, f"doi {other.doi}" if other.doi else "", other.note]
    return f"{other.name}: " + " ".join(f"{part.strip().rstrip('.')}." for part in parts if part.strip())


def _own_row(contents: Contents) -> tuple[Scalar, ...]:
    labeled = [cell for cell in contents.cells if cell.label is not None]
    objectives = {field.objective_magnification for field in contents.fields} - {None}
    return (
        f"{contents.about.title or 'Release'} {contents.version} (this release)",
        len(labeled),
        len({cell.label for cell in labeled}),
        len(contents.experts),
        " or ".join(contents.query.standing) or None,
        _masks(contents.cells),
        _names(field.camera for field in contents.fields),
        _names(field.microscope for field in contents.fields),
        _names(smear.stain for smear in contents.smears),
        ", ".join(f"{objective:g}x" for objective in sorted(filter(None, objectives))) or None,
        contents.about.license or contents.about.terms_of_use or None,
        None,
    )


def _names(found: Iterable[str]) -> str | None:
    """Return different names in order, without the word for not known."""
    return ", ".join(sorted({str(name) for name in found} - {"unknown", ""})) or None


def _masks(cells: Sequence[SealedCell]) -> str | None:
    """Return in words which parts of how many cells have masks."""
    outlined = Counter(frozenset(mask.part for mask in cell.masks) for cell in cells if cell.masks)
    words = {
        frozenset({Part.NUCLEUS, Part.CELL}): "nucleus and cell",
        frozenset({Part.NUCLEUS}): "nucleus alone",
        frozenset({Part.CELL}): "cell alone",
    }
    return (
        "; ".join(
            f"{name}, {in_words(outlined[parts], 'cell', 'cells')}" for parts, name in words.items() if outlined[parts]
        )
        or None
    )
