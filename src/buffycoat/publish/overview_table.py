"""What a release holds, by set-up: the paper's Table 3."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Part
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import Scalar
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.counted import ordered_setups, setups_by_field, standing_notes, undecided_terms
from buffycoat.publish.sealed import Contents, SealedCell

__all__ = ["overview_table"]

_ALL = "all"


def overview_table(contents: Contents, /, *, taxonomy: Taxonomy, title: str) -> PrintedTable:
    """Count what lies in a release: Table 3 of Kouzehkanan et al. 2022, with a column for each set-up.

    Parameters
    ----------
    contents : Contents
        The sealed list.
    taxonomy : Taxonomy
        That of the release: it says which terms mean that a cell was not recognized.
    title : str
        Printed over the table.

    Returns
    -------
    PrintedTable
        Rows of counts; a person whose smears were photographed with two set-ups counts in both, and once under all.

    Raises
    ------
    InputError
        A cell lies in a photograph that the release does not hold.
    """
    setups = setups_by_field(contents)
    columns = (_ALL, *ordered_setups(contents, setups))
    counted: Counter[tuple[str, str]] = Counter()
    people: dict[str, set[int]] = defaultdict(set)
    smears: dict[str, set[str]] = defaultdict(set)
    person = {smear.smear_id: smear.person for smear in contents.smears}
    for field in contents.fields:
        for column in (_ALL, setups[field.field_id]):
            counted["crops that came without a photograph" if field.crop_only else "photographs", column] += 1
            smears[column].add(field.smear_id)
            if (known := person.get(field.smear_id)) is not None:
                people[column].add(known)
    smears[_ALL] |= set(person)
    people[_ALL] |= {known for known in person.values() if known is not None}
    undecided = undecided_terms(taxonomy)
    for cell in contents.cells:
        for row in _rows_of(cell, undecided):
            counted[row, _ALL] += 1
            counted[row, setups[cell.field_id]] += 1
    for repeat in contents.repeats:
        counted["repeats left out", _ALL] += 1
        counted["repeats left out", setups.get(repeat.field_id, "")] += 1
    rows: list[tuple[Scalar, ...]] = [
        ("smears", *(len(smears[column]) for column in columns)),
        ("people, where known", *(len(people[column]) or None for column in columns)),
    ]
    rows += [(row, *(counted[row, column] for column in columns)) for row in _row_names(contents, counted)]
    return PrintedTable(
        title=title,
        columns=("what", *columns),
        rows=tuple(rows),
        notes=tuple(_notes(contents, elsewhere=counted["repeats left out", ""])) + standing_notes(contents),
    )


def _rows_of(cell: SealedCell, undecided: frozenset[str]) -> Iterator[str]:
    """Yield the name of every row in which a cell counts."""
    yield "cells"
    words = [word for word in cell.words if word is not None]
    if not words:
        yield "cells without a label"
    elif len(words) == 1:
        yield "cells with one label"
    else:
        yield "cells labeled by two experts"
        if len(set(words)) == 1:
            yield "cells given the same label by both"
        if undecided.issuperset(words):
            yield "cells not recognized by both"
    if cell.standing is Standing.ADJUDICATED:
        yield "cells decided by an adjudicator"
    name = _class_name(cell.label)
    yield name
    if cell.masks:
        yield "cells with masks"
        yield _masks_name(name)


def _row_names(contents: Contents, counted: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield the rows below smears and people, in the order of the page."""
    yield "photographs"
    yield "crops that came without a photograph"
    yield "cells"
    yield "cells labeled by two experts"
    yield "cells given the same label by both"
    yield "cells not recognized by both"
    yield "cells decided by an adjudicator"
    yield "cells with one label"
    yield "cells without a label"
    names = [*(_class_name(name) for name in contents.classes), _class_name(None)]
    yield from names
    yield "cells with masks"
    yield from (_masks_name(name) for name in names[:-1])
    if counted[_masks_name(names[-1]), _ALL]:
        yield _masks_name(names[-1])
    yield "repeats left out"


def _class_name(label: str | None) -> str:
    return "cells outside the classes" if label is None else f"cells of class {label}"


def _masks_name(row: str) -> str:
    return f"{row}, with masks"


def _notes(contents: Contents, *, elsewhere: int) -> Iterator[str]:
    yield f"Classes are those of level {contents.level} of {contents.taxonomy}."
    unknown = sum(smear.person is None for smear in contents.smears)
    if unknown:
        yield f"The person is not known for {unknown:,} of {len(contents.smears):,} smears."
    if len(contents.experts) > 2:
        yield f"{len(contents.experts)} experts read: two means two or more of them, both means all who read the cell."
    whole = sorted({_class_name(cell.label) for cell in contents.cells if cell.masks and not _has_nucleus(cell)})
    if whole:
        yield f"Masks of the whole cell alone, without its nucleus, are among: {'; '.join(whole)}."
    if elsewhere:
        yield f"Repeats in photographs that are not in this release count under {_ALL} only: {elsewhere:,}."


def _has_nucleus(cell: SealedCell) -> bool:
    return any(mask.part is Part.NUCLEUS for mask in cell.masks)
