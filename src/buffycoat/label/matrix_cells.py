"""Which cells a cell of the matrix counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from buffycoat.domain.taxonomy import FULL, Taxonomy
from buffycoat.errors import NotFound
from buffycoat.label.coded_answers import encode_answers, rows_at

__all__ = ["NO_LABEL", "cells_at"]

NO_LABEL = "-"
"""What the row of no label is called; no term has such a key."""


def cells_at(
    first: Sequence[str | None],
    second: Sequence[str | None],
    *,
    taxonomy: Taxonomy,
    level: str = FULL,
    row: str | None = None,
    column: str | None = None,
) -> tuple[int, ...]:
    """Return the places of the cells that stand in a row and a column of the matrix of ``agreement_report``.

    Parameters
    ----------
    first, second : sequence of str or None
        Each expert's term of each cell by its key; ``None`` where it gave none.
    taxonomy : Taxonomy
        Whose terms they are.
    level : str
        At which the matrix is; ``full`` for terms as they are.
    row, column : str, optional
        Key of a row of the report, ``NO_LABEL`` for that of no label; ``None`` for all.

    Returns
    -------
    tuple of int
        Rising.

    Raises
    ------
    InputError
        If the experts answered different numbers of cells.
    UnknownTerm
        If an answer is no term of the taxonomy, or there is no such level.
    NotFound
        If the matrix has no such row.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> first, second = ["lymphocyte.small", "monocyte", None], ["lymphocyte.large", "monocyte", "monocyte"]
    >>> cells_at(first, second, taxonomy=RAABIN, level="five-class", row="lymphocyte", column="lymphocyte")
    (0,)
    >>> cells_at(first, second, taxonomy=RAABIN, column="monocyte")
    (1, 2)
    >>> cells_at(first, second, taxonomy=RAABIN, row=NO_LABEL)
    (2,)
    """
    said = encode_answers(first, second, taxonomy)
    rows, places = rows_at(taxonomy, level, said)
    names = [NO_LABEL if known.key is None else known.key for known in rows]
    found = np.ones(said.shape[1], dtype=bool)
    for codes, wanted in zip(said, (row, column), strict=True):
        if wanted is None:
            continue
        if wanted not in names:
            raise NotFound("the matrix has no such row", expected=", ".join(names), found=wanted)
        found &= places[codes] == names.index(wanted)
    return tuple(np.flatnonzero(found).tolist())
