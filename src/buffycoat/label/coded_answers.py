"""Answers of two experts as whole numbers, and the rows of the table in which they meet."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.taxonomy import FULL, Taxonomy, TermKind
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.label.levels import classes_of, counted_as

__all__ = ["AgreementRow", "Codes", "encode_answers", "number_groups", "rows_at"]

Codes = NDArray[np.intp]


@value
class AgreementRow:
    """One row and column of the matrix. ``key`` is ``None`` for no label; ``outside``: not in a class of the level."""

    key: str | None
    name: str
    outside: bool = False


def encode_answers(first: Sequence[str | None], second: Sequence[str | None], taxonomy: Taxonomy) -> Codes:
    """Return the place of each answer among the terms of the taxonomy.

    Parameters
    ----------
    first, second : sequence of str or None
        Keys of terms; ``None`` where an expert gave none.
    taxonomy : Taxonomy
        Whose terms they are.

    Returns
    -------
    ndarray
        intp of shape (2, cells); -1 for no answer.

    Raises
    ------
    InputError
        If the experts answered different numbers of cells.
    UnknownTerm
        If an answer is no key of a term.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> encode_answers(["element"], [None], RAABIN).tolist()
    [[0], [-1]]
    """
    if len(first) != len(second):
        raise InputError(
            "the experts answered different numbers of cells", expected=str(len(first)), found=str(len(second))
        )
    codes: dict[str | None, int] = {term.key: place for place, term in enumerate(taxonomy.terms)} | {None: -1}
    said = np.empty((2, len(first)), dtype=np.intp)
    for row, answers in zip(said, (first, second), strict=True):
        try:
            row[:] = np.fromiter(map(codes.__getitem__, answers), dtype=np.intp, count=len(answers))
        except KeyError as error:
            taxonomy.term(str(error.args[0]))
            raise
    return said


def number_groups(names: Iterable[Hashable], /) -> Codes:
    """Return a number for each name, the same for the same: 0 for the first.

    Examples
    --------
    >>> number_groups(["s2", "s1", "s2"]).tolist()
    [0, 1, 0]
    """
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.intp)


def rows_at(taxonomy: Taxonomy, level: str, said: Codes) -> tuple[tuple[AgreementRow, ...], Codes]:
    """Return the rows at a level, and the row of each term; the last row and the last place are of no label.

    Every leaf has its row, given or not: experts could choose it. A parent has one where an expert named it.

    Parameters
    ----------
    taxonomy : Taxonomy
        Its terms and levels.
    level : str
        Its name; at ``full`` every term is its own row.
    said : ndarray
        What :func:`encode_answers` made.

    Returns
    -------
    tuple
        The rows, and an array intp of shape (terms + 1,), to be indexed with codes.

    Raises
    ------
    UnknownTerm
        If the taxonomy has no such level.
    """
    counted, classes = counted_as(taxonomy, level), classes_of(taxonomy, level)
    parents = {term.parent for term in taxonomy.terms}
    named = {taxonomy.terms[code].key for code in np.unique(said[said >= 0])}
    offered = [term for term in taxonomy.terms if term.key not in parents or term.key in named]
    outside = [term for term in offered if counted[term.key] not in classes]
    outside.sort(key=lambda term: term.kind is TermKind.UNDECIDED)
    names = {term.key: term.name for term in taxonomy.terms}
    rows = [AgreementRow(key=key, name=names.get(key, key)) for key in classes]
    rows += [AgreementRow(key=term.key, name=term.name, outside=level != FULL) for term in outside]
    at = {row.key: place for place, row in enumerate(rows)}
    # A parent that nobody named has no row, and is never looked up: it points at no label.
    places = [at.get(counted[term.key], len(rows)) for term in taxonomy.terms]
    return (*rows, AgreementRow(key=None, name="no label")), np.array([*places, len(rows)], dtype=np.intp)
