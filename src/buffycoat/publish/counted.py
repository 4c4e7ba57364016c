"""What the printed tables of a release share: its set-ups, where its cells lie, and the notes on every table."""

from __future__ import annotations

from collections.abc import Mapping

from buffycoat.domain.taxonomy import Taxonomy, TermKind
from buffycoat.errors import InputError
from buffycoat.publish.sealed import Contents, SealedField

__all__ = [
    "SIMULATED",
    "in_words",
    "ordered_setups",
    "setup_name",
    "setups_by_field",
    "standing_notes",
    "undecided_terms",
]

SIMULATED = "Simulated: drawn smears and simulated experts. Not for research on blood."


def in_words(number: int, one: str, more: str, /) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> in_words(1, "cell", "cells"), in_words(1200, "cell", "cells")
    ('1 cell', '1,200 cells')
    """
    return f"{number:,} {one if number == 1 else more}"


def setup_name(field: SealedField, /) -> str:
    """Return how tables and queries call the set-up of a photograph: microscope, then camera."""
    return f"{field.microscope} / {field.camera}"


def setups_by_field(contents: Contents, /) -> Mapping[str, str]:
    """Return the set-up of every photograph by its id.

    Raises
    ------
    InputError
        A cell lies in a photograph that the release does not hold.
    """
    setups = {field.field_id: setup_name(field) for field in contents.fields}
    for cell in contents.cells:
        if cell.field_id not in setups:
            raise InputError(
                f"cell {cell.cell_id} lies in a photograph that the release does not hold",
                expected="one of its fields",
                found=cell.field_id,
                hint="seal the release again: its list of contents is not whole",
            )
    return setups


def ordered_setups(contents: Contents, setups: Mapping[str, str], /) -> tuple[str, ...]:
    """Return the set-ups of a release, that of the most cells first."""
    cells: dict[str, int] = dict.fromkeys(sorted(set(setups.values())), 0)
    for cell in contents.cells:
        cells[setups[cell.field_id]] += 1
    return tuple(sorted(cells, key=lambda setup: (-cells[setup], setup)))


def undecided_terms(taxonomy: Taxonomy, /) -> frozenset[str]:
    """Return the keys of the terms by which an expert says that a cell was not recognized."""
    return frozenset(term.key for term in taxonomy.terms if term.kind is TermKind.UNDECIDED)


def standing_notes(contents: Contents, /) -> tuple[str, ...]:
    """Return what no table of a release may be printed without: that it is simulated, and how its split leaks."""
    notes = [SIMULATED] if contents.simulated else []
    found = [f"{kind.replace('-', ' ')}: {count:,}" for kind, count in sorted(contents.leaks.items()) if count]
    if found:
        notes.append(f"This split leaks: {'; '.join(found)}.")
    return tuple(notes)
