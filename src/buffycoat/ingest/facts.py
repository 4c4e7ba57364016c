"""What a foreign file tells of a smear or a set-up, as this database says it."""

from __future__ import annotations

from collections.abc import Mapping

from buffycoat.domain.smear import Diagnosis, Stain
from buffycoat.domain.value import Scalar
from buffycoat.errors import InvalidMetadata
from buffycoat.ingest.columns import find_column

__all__ = ["read_fact"]

_OPEN: Mapping[str, Scalar] = {"stain": Stain.OTHER, "diagnosis": Diagnosis.OTHER}


def read_fact(column: str, word: str, *, where: str) -> tuple[Mapping[str, Scalar], str | None]:
    """Return which field of a record a word fills, and a note where it is in no list and stands as ``other``.

    Parameters
    ----------
    column : str
        Column of the metadata table that the fact belongs to.
    word : str
        As the file spells it.
    where : str
        File and key, for an error.

    Raises
    ------
    InvalidMetadata
        The word cannot be read and there is no ``other``, such as a magnification that is no number.

    Examples
    --------
    >>> read_fact("stain", "Giemsa", where="a.json")
    ({'stain': <Stain.GIEMSA: 'giemsa'>}, None)
    >>> read_fact("stain", "Sudan black", where="a.json")[1]
    "stain 'Sudan black' is in no list and stands as other"
    """
    found = find_column(column, where=where)
    try:
        return {found.field: found.read(word.strip(), where)}, None
    except InvalidMetadata:
        if column not in _OPEN:
            raise
        return {found.field: _OPEN[column]}, f"{column} {word!r} is in no list and stands as other"
