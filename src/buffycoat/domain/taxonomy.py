"""Cell types as data: a tree of terms, with keys, other spellings and levels."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from buffycoat.domain.value import value
from buffycoat.errors import InvalidTaxonomy, UnknownTerm

__all__ = ["RAABIN", "Taxonomy", "Term", "TermKind"]


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
    """One word of the taxonomy. ``hotkey`` is empty where no key is given; ``aliases`` are spellings in files."""

    key: str
    name: str
    parent: str | None
    kind: TermKind
    hotkey: str = ""
    aliases: tuple[str, ...] = ()
    ontology: str | None = None


@value
class Taxonomy:
    """A tree of terms: one root, no cycle, each hotkey once.

    A level maps leaves to the class they count as; a leaf that a level does not name is outside it.
    """

    name: str
    version: int
    terms: tuple[Term, ...]
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no tree, and a hotkey that is used twice."""
        keys = [term.key for term in self.terms]
        known = set(keys)
        roots = [term.key for term in self.terms if term.parent is None]
        if len(known) != len(keys):
            raise InvalidTaxonomy(f"{self.name}: a key is used twice", found=str(sorted(keys)))
        if len(roots) != 1:
            raise InvalidTaxonomy(f"{self.name}: not one root", expected="1", found=str(roots))
        for term in self.terms:
            seen = {term.key}
            parent = term.parent
            while parent is not None:
                if parent not in known or parent in seen:
                    raise InvalidTaxonomy(
                        f"{self.name}: {term.key} does not lead to the root", found=f"parent {parent}"
                    )
                seen.add(parent)
                parent = self.term(parent).parent
        hotkeys = [term.hotkey for term in self.terms if term.hotkey]
        if twice := sorted({key for key in hotkeys if hotkeys.count(key) > 1}):
            raise InvalidTaxonomy(f"{self.name}: hotkeys used twice", found=", ".join(twice))

    @property
    def reference(self) -> str:
        """Name and version, as rounds and releases quote it."""
        return f"{self.name}@{self.version}"

    def term(self, key: str) -> Term:
        """Return the term with that key.

        Raises
        ------
        UnknownTerm
            With the nearest keys.
        """
        for term in self.terms:
            if term.key == key:
                return term
        near = difflib.get_close_matches(key, [term.key for term in self.terms], n=3)
        raise UnknownTerm(
            f"{self.reference} has no term {key!r}", expected=" or ".join(near) or "a term", found=repr(key)
        )

    def read(self, word: str) -> Term:
        """Return the term that a word of a file means: its key, another spelling, or its name in any case.

        A spelling that a file uses literally goes first: Raabin's ``Neutrophil`` is the mature one, not the parent.

        Examples
        --------
        >>> RAABIN.read("Small Lymph").key, RAABIN.read("Neutrophil").key, RAABIN.read("neutrophil").key
        ('lymphocyte.small', 'neutrophil.segmented', 'neutrophil')
        """
        plain = word.strip()
        for term in self.terms:
            if plain == term.key or plain in term.aliases:
                return term
        folded = plain.casefold()
        for term in self.terms:
            if folded in {term.key.casefold(), term.name.casefold(), *(alias.casefold() for alias in term.aliases)}:
                return term
        return self.term(word)

    def roll_up(self, key: str, level: str) -> str | None:
        """Return the class that a term counts as at a level, ``None`` where it stays outside.

        Examples
        --------
        >>> RAABIN.roll_up("lymphocyte.large", "five-class"), RAABIN.roll_up("neutrophil.band", "five-class")
        ('lymphocyte', None)
        """
        if level not in self.levels:
            raise UnknownTerm(
                f"{self.reference} has no level {level!r}", expected=" or ".join(self.levels), found=level
            )
        return self.levels[level].get(key)


def _term(
    key: str,
    name: str,
    parent: str | None,
    kind: TermKind,
    hotkey: str = "",
    *aliases: str,
    ontology: str | None = None,
) -> Term:
    return Term(key=key, name=name, parent=parent, kind=kind, hotkey=hotkey, aliases=tuple(aliases), ontology=ontology)


_L = TermKind.LEUKOCYTE
RAABIN = Taxonomy(
    name="raabin",
    version=1,
    terms=(
        _term("element", "blood element", None, TermKind.ROOT),
        _term("leukocyte", "leukocyte", "element", _L, ontology="CL:0000738"),
        _term("neutrophil", "neutrophil", "leukocyte", _L, ontology="CL:0000775"),
        _term(
            "neutrophil.segmented", "segmented neutrophil", "neutrophil", _L, "5", "Neutrophil", ontology="CL:0000096"
        ),
        _term("neutrophil.band", "band neutrophil", "neutrophil", _L, "1", "Band", ontology="CL:0000560"),
        _term("neutrophil.metamyelocyte", "metamyelocyte", "neutrophil", _L, "2", "Meta", ontology="CL:0000582"),
        _term("lymphocyte", "lymphocyte", "leukocyte", _L, "", "Lymph", ontology="CL:0000542"),
        _term("lymphocyte.small", "small lymphocyte", "lymphocyte", _L, "4", "Small Lymph"),
        _term("lymphocyte.large", "large lymphocyte", "lymphocyte", _L, "6", "Large Lymph"),
        _term("monocyte", "monocyte", "leukocyte", _L, "9", ontology="CL:0000576"),
        _term("eosinophil", "eosinophil", "leukocyte", _L, "7", ontology="CL:0000771"),
        _term("basophil", "basophil", "leukocyte", _L, "8", ontology="CL:0000767"),
        _term("smudge", "smudge cell", "element", TermKind.REMNANT, "3", "Burst"),
        _term("erythroblast", "nucleated red cell", "element", TermKind.OTHER_CELL, "", "NRBC", ontology="CL:0000765"),
        _term("megakaryocyte", "megakaryocyte", "element", TermKind.OTHER_CELL, "", "Megakar", ontology="CL:0000556"),
        _term("artifact", "artifact", "element", TermKind.ARTIFACT, "0"),
        _term("not-recognized", "not recognized", "element", TermKind.UNDECIDED, ".", "Unknn", "unknow"),
        _term("not-centered", "not centered", "element", TermKind.DEFECT, "", "Not centered"),
    ),
    levels={
        "five-class": {
            "neutrophil.segmented": "neutrophil",
            "lymphocyte.small": "lymphocyte",
            "lymphocyte.large": "lymphocyte",
            "monocyte": "monocyte",
            "eosinophil": "eosinophil",
            "basophil": "basophil",
        },
    },
)
"""The tree of the paper's Figure 2, with the strings that the released files add (``Unknn``, ``NRBC``, …)."""
