"""The tree that terms make: spellings, levels, and ways up and down; what is no tree is refused."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from buffycoat.domain.terms import Term
from buffycoat.domain.tree_rules import check_levels, check_tree, check_words
from buffycoat.domain.value import value
from buffycoat.errors import UnknownTerm

__all__ = ["FULL", "Taxonomy"]

FULL = "full"
"""The level at which each leaf counts as itself; every taxonomy has it."""


@value
class Taxonomy:
    """A tree of terms: one root, no cycle, each hotkey and each spelling once.

    A level maps leaves to the class they count as; a leaf that a level does not name is outside it. The level ``full``
    need not be given: at it each leaf counts as itself.

    Parameters
    ----------
    name, version
        Quoted together as ``reference``. Keys that change their meaning need a new version.
    terms : tuple of Term
        In the order in which people read them.
    levels : mapping of str to mapping of str to str
        By name of the level: key of a leaf to its class.
    title : str
        What it is, in a line.
    notice : str
        What its readers must be told, such as that nothing of it is a diagnosis.
    sources : mapping of str to str
        Citations, by the short names that the terms use.

    Raises
    ------
    InvalidTaxonomy
        Not a tree, a hotkey, key, name or spelling used twice, or a level that names what is no leaf; and which terms.
    """

    name: str
    version: int
    terms: tuple[Term, ...]
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    title: str = ""
    notice: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no tree, and what would be read in two ways."""
        check_tree(self.name, self.terms)
        check_words(self.name, self.terms, self.sources)
        parents = {term.parent for term in self.terms}
        leaves = {term.key: term.key for term in self.terms if term.key not in parents}
        given = {level: dict(classes) for level, classes in self.levels.items() if level != FULL}
        check_levels(self.name, given, leaves, [term.key for term in self.terms])
        object.__setattr__(self, "levels", {FULL: leaves, **given})

    def __hash__(self) -> int:
        """Return a hash that is cheap; equal taxonomies have equal ones."""
        return hash((self.name, self.version, len(self.terms)))

    @property
    def reference(self) -> str:
        """Name and version, as rounds and releases quote it."""
        return f"{self.name}@{self.version}"

    @property
    def root(self) -> Term:
        """The one term that has no parent."""
        return next(term for term in self.terms if term.parent is None)

    def term(self, key: str) -> Term:
        """Return the term with that key.

        Raises
        ------
        UnknownTerm
            With the nearest keys.
        """
        known = _by_key(self)
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=3)
            raise UnknownTerm(
                f"{self.reference} has no term {key!r}", expected=" or ".join(near) or "a term", found=repr(key)
            )
        return known[key]

    def children(self, key: str) -> tuple[str, ...]:
        """Return the keys right below a term, in order.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> RAABIN.children("lymphocyte")
        ('lymphocyte.small', 'lymphocyte.large')
        """
        return _offspring(self)[self.term(key).key]

    def below(self, key: str) -> frozenset[str]:
        """Return the keys at or below a term, those in between too.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> sorted(RAABIN.below("lymphocyte"))
        ['lymphocyte', 'lymphocyte.large', 'lymphocyte.small']
        """
        offspring = _offspring(self)
        found: set[str] = set()
        waiting = [self.term(key).key]
        while waiting:
            found.add(waiting[-1])
            waiting += offspring[waiting.pop()]
        return frozenset(found)

    def leaves(self, key: str) -> tuple[str, ...]:
        """Return the keys of the leaves at or below a term, in order; a leaf is its own.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> RAABIN.leaves("neutrophil")
        ('neutrophil.segmented', 'neutrophil.band', 'neutrophil.metamyelocyte')
        """
        offspring = _offspring(self)
        found: list[str] = []
        waiting = [self.term(key).key]
        while waiting:
            at = waiting.pop()
            if below := offspring[at]:
                waiting.extend(reversed(below))
            else:
                found.append(at)
        return tuple(found)

    def path(self, key: str) -> tuple[str, ...]:
        """Return the keys from the root down to a term.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> RAABIN.path("neutrophil.band")
        ('element', 'leukocyte', 'neutrophil', 'neutrophil.band')
        """
        found = []
        at: str | None = key
        while at is not None:
            found.append(at)
            at = self.term(at).parent
        return tuple(reversed(found))

    def read(self, word: str) -> Term:
        """Return the term that a word of a file means: its key, another spelling, or its name in any case.

        A spelling that a file uses literally goes first: Raabin's ``Neutrophil`` is the mature one, not the parent.

        Raises
        ------
        UnknownTerm
            With the nearest keys.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> RAABIN.read("Small Lymph").key, RAABIN.read("Neutrophil").key, RAABIN.read("neutrophil").key
        ('lymphocyte.small', 'neutrophil.segmented', 'neutrophil')
        """
        plain = word.strip()
        found = _spelled(self).get(plain) or _folded(self).get(plain.casefold())
        return found or self.term(plain)

    def spelling(self, key: str) -> str:
        """Return the word that files have for a term: its first alias, else its name; ``read`` understands it.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> RAABIN.spelling("smudge"), RAABIN.spelling("neutrophil.segmented"), RAABIN.spelling("element")
        ('Burst', 'Neutrophil', 'other')
        """
        term = self.term(key)
        if term.aliases:
            return term.aliases[0]
        named = term.name[0].upper() + term.name[1:]
        try:
            return named if self.read(named) is term else term.key
        except UnknownTerm:  # a letter whose capital is that of another, such as the dotless i
            return term.key

    def classes(self, level: str) -> tuple[str, ...]:
        """Return the classes of a level, in the order of the leaves that count as them.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> RAABIN.classes("five-class")
        ('neutrophil', 'lymphocyte', 'monocyte', 'eosinophil', 'basophil')
        """
        counted = self._level(level)
        return tuple(dict.fromkeys(counted[key] for key in self.levels[FULL] if key in counted))

    def roll_up(self, key: str, level: str) -> str | None:
        """Return the class that a term counts as at a level, ``None`` where it stays outside.

        An answer that stops at a parent (a lymphocyte, small or large is not said) counts where the level itself goes
        no further: where the parent is a class of the level, or where all leaves below it count as one class.

        Raises
        ------
        UnknownTerm
            No such level, or no such term.

        Examples
        --------
        >>> from buffycoat.domain.taxonomy import RAABIN
        >>> RAABIN.roll_up("lymphocyte.large", "five-class"), RAABIN.roll_up("neutrophil.band", "five-class")
        ('lymphocyte', None)
        >>> RAABIN.roll_up("lymphocyte", "five-class"), RAABIN.roll_up("lymphocyte", "full")
        ('lymphocyte', None)
        """
        self._level(level)
        found = _rolled(self, level).get(key)
        if found is None:
            self.term(key)  # what is no term at all is not merely outside
        return found

    def _level(self, level: str) -> Mapping[str, str]:
        if level not in self.levels:
            raise UnknownTerm(
                f"{self.reference} has no level {level!r}",
                expected=" or ".join(self.levels),
                found=repr(level),
                hint="`buffycoat taxonomy` names the levels too",
            )
        return self.levels[level]


# Looked up for every word of a hundred thousand labels, so made once a taxonomy.


@lru_cache(maxsize=32)
def _by_key(taxonomy: Taxonomy) -> dict[str, Term]:
    return {term.key: term for term in taxonomy.terms}


@lru_cache(maxsize=32)
def _spelled(taxonomy: Taxonomy) -> dict[str, Term]:
    return {alias: term for term in taxonomy.terms for alias in term.aliases} | _by_key(taxonomy)


@lru_cache(maxsize=32)
def _folded(taxonomy: Taxonomy) -> dict[str, Term]:
    """Words in any case: keys before names before other spellings, earlier terms before later ones."""
    found: dict[str, Term] = {}
    for words in (lambda term: (term.key,), lambda term: (term.name,), lambda term: term.aliases):
        for term in taxonomy.terms:
            for word in words(term):
                found.setdefault(word.casefold(), term)
    return found


@lru_cache(maxsize=32)
def _offspring(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    below: dict[str, list[str]] = {term.key: [] for term in taxonomy.terms}
    for term in taxonomy.terms:
        if term.parent is not None:
            below[term.parent].append(term.key)
    return {key: tuple(keys) for key, keys in below.items()}


@lru_cache(maxsize=128)
def _rolled(taxonomy: Taxonomy, level: str) -> dict[str, str]:
    """Return the class of every term that has one, parents included."""
    classes = taxonomy.levels[level]
    named = set(classes.values())
    found = dict(classes)
    for key, below in _offspring(taxonomy).items():
        if below:
            meant = {classes.get(leaf) for leaf in taxonomy.leaves(key)}
            one = next(iter(meant)) if len(meant) == 1 else None
            if chosen := key if key in named else one:
                found[key] = chosen
    return found
