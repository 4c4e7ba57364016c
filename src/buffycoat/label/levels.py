"""What terms count as where cells are compared: themselves, or the classes of a level."""

from __future__ import annotations

from collections.abc import Mapping

from buffycoat.domain.taxonomy import FULL, Taxonomy

__all__ = ["classes_of", "counted_as"]


def classes_of(taxonomy: Taxonomy, level: str, /) -> tuple[str, ...]:
    """Return the classes of a level, in its order; none at the level ``full``, where terms are compared as they are.

    Raises
    ------
    UnknownTerm
        If the taxonomy has no such level.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> classes_of(RAABIN, "five-class")
    ('neutrophil', 'lymphocyte', 'monocyte', 'eosinophil', 'basophil')
    """
    return () if level == FULL else taxonomy.classes(level)


def counted_as(taxonomy: Taxonomy, level: str, /) -> Mapping[str, str]:
    """Return what each term counts as at a level.

    A term outside the level stays what it is, so that two different ones never look the same. The name of a class
    counts as that class: it is what crop folders are called.

    Parameters
    ----------
    taxonomy : Taxonomy
        Its terms and levels.
    level : str
        Its name; at ``full`` every term counts as itself.

    Returns
    -------
    mapping
        From the key of every term, and of every class, to a class or the key itself.

    Raises
    ------
    UnknownTerm
        If the taxonomy has no such level.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> five = counted_as(RAABIN, "five-class")
    >>> five["lymphocyte.large"], five["lymphocyte"], five["neutrophil.band"]
    ('lymphocyte', 'lymphocyte', 'neutrophil.band')
    """
    counted = {key: key for key in (*classes_of(taxonomy, level), *(term.key for term in taxonomy.terms))}
    if level != FULL:
        rolled = ((term.key, taxonomy.roll_up(term.key, level)) for term in taxonomy.terms)
        counted |= {key: found for key, found in rolled if found is not None}
    return counted
