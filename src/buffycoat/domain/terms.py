"""One word of a taxonomy, and what kind of answer it is."""

from __future__ import annotations

from enum import StrEnum

from buffycoat.domain.value import value

__all__ = ["Term", "TermKind"]


class TermKind(StrEnum):
    """What kind of answer a term is."""

    LEUKOCYTE = "leukocyte"
    OTHER_CELL = "other-cell"
    REMNANT = "remnant"
    ARTIFACT = "artifact"
    UNDECIDED = "undecided"
    DEFECT = "defect"
    ROOT = "root"


@value
class Term:
    """One word of the taxonomy.

    Parameters
    ----------
    key : str
        What databases and releases hold: letters, digits, ``.``, ``-`` and ``_``.
    name : str
        What people read.
    parent : str, optional
        Key of the term above; ``None`` for the root alone.
    kind : TermKind
        Leukocyte, other cell, remnant …
    hotkey : str
        One character; empty where no key is given.
    aliases : tuple of str
        Spellings in files; the first is the one that is written.
    ontology : str, optional
        Its term in the Cell Ontology, such as ``"CL:0000576"``.
    maps_to : str, optional
        Key of the term of ``raabin`` that it counts as; ``None`` where a reader of Raabin's cells had no such word.
    morphology : str
        How it looks in a Giemsa stain: size in µm, nucleus, chromatin, cytoplasm, granules.
    raised_in, lowered_in : tuple of str
        Where its count is commonly raised or lowered, after the textbooks named; never a diagnosis.
    sources : tuple of str
        Where the last three are from: names in the taxonomy's own ``sources``.
    """

    key: str
    name: str
    parent: str | None
    kind: TermKind
    hotkey: str = ""
    aliases: tuple[str, ...] = ()
    ontology: str | None = None
    maps_to: str | None = None
    morphology: str = ""
    raised_in: tuple[str, ...] = ()
    lowered_in: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
