"""What makes terms a taxonomy, rule by rule; each refusal names the terms at fault."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from buffycoat.domain.terms import Term
from buffycoat.errors import InvalidTaxonomy

__all__ = ["check_levels", "check_tree", "check_words", "nearest"]

_LISTED = 12
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def nearest(word: str, known: Collection[str]) -> str:
    """Return what may have been meant, for people.

    Examples
    --------
    >>> nearest("alises", ["aliases", "name"])
    'aliases'
    """
    listed = list(known)
    rest = ", …" if len(listed) > _LISTED else ""
    return " or ".join(difflib.get_close_matches(word, listed, n=3)) or f"one of {', '.join(listed[:_LISTED])}{rest}"


def check_tree(taxonomy: str, terms: Sequence[Term]) -> None:
    """Refuse a key used twice, a parent that is nowhere, a cycle, and any number of roots but one.

    Raises
    ------
    InvalidTaxonomy
        With the terms at fault; a cycle as ``a -> b -> a``.
    """
    keys = [term.key for term in terms]
    for key in (taxonomy, *keys):
        if not _KEY.fullmatch(key):
            raise InvalidTaxonomy(
                f"{taxonomy}: {key!r} is no key", expected="letters, digits, '.', '-' and '_'", found=repr(key)
            )
    if twice := _twice(keys):
        raise InvalidTaxonomy(f"{taxonomy}: key used twice: {', '.join(twice)}", expected="each key once")
    parents = {term.key: term.parent for term in terms}
    for key, parent in parents.items():
        if parent is not None and parent not in parents:
            raise InvalidTaxonomy(
                f"{taxonomy}: term {key!r} does not lead to the root, its parent is unknown",
                expected=nearest(parent, keys),
                found=repr(parent),
            )
    if cycle := _cycle(parents):
        raise InvalidTaxonomy(
            f"{taxonomy}: term {cycle[0]!r} does not lead to the root, but in a circle",
            expected="parents up to the root",
            found=" -> ".join(cycle),
        )
    roots = [key for key, parent in parents.items() if parent is None]
    if len(roots) != 1:
        raise InvalidTaxonomy(
            f"{taxonomy}: not one root",
            expected="one term without a parent",
            found=", ".join(map(repr, roots)) or "none",
        )


def _cycle(parents: Mapping[str, str | None]) -> list[str]:
    """Return a way that comes back to where it began; empty where there is none."""
    safe: set[str] = set()
    for key in parents:
        way: dict[str, None] = {}
        at: str | None = key
        while at is not None and at not in safe:
            if at in way:
                trodden = list(way)
                return [*trodden[trodden.index(at) :], at]
            way[at] = None
            at = parents[at]
        safe.update(way)
    return []


def check_words(taxonomy: str, terms: Sequence[Term], sources: Mapping[str, str]) -> None:
    """Refuse what cannot be shown or typed, and what could be read as two terms.

    Raises
    ------
    InvalidTaxonomy
        With both terms.
    """
    for term in terms:
        for what, word in (("name", term.name), *(("alias", alias) for alias in term.aliases)):
            if word != word.strip() or not word or not _can_be_shown(word):
                raise InvalidTaxonomy(
                    f"{taxonomy}: term {term.key!r} has an unusable {what}",
                    expected="text without blanks around it",
                    found=repr(word),
                )
        if term.hotkey and (len(term.hotkey) > 1 or term.hotkey.isspace() or not _can_be_shown(term.hotkey)):
            raise InvalidTaxonomy(
                f"{taxonomy}: term {term.key!r} has an unusable hotkey",
                expected="one character",
                found=repr(term.hotkey),
            )
        for source in term.sources:
            if source not in sources:
                raise InvalidTaxonomy(
                    f"{taxonomy}: term {term.key!r} names a source that is not in its list",
                    expected=nearest(source, sources) if sources else "a list [sources]",
                    found=repr(source),
                )
    hotkeys = [(term.hotkey.casefold(), term.key) for term in terms if term.hotkey]
    _each_once(taxonomy, "hotkeys", hotkeys)
    _each_once(taxonomy, "names", [(term.name.casefold(), term.key) for term in terms])
    spelled = [(alias, term.key) for term in terms for alias in term.aliases]
    # A key may stand among its own term's spellings, though not among another's.
    _each_once(taxonomy, "aliases", spelled)
    keys = {term.key for term in terms}
    for alias, key in spelled:
        if alias in keys and alias != key:
            raise InvalidTaxonomy(
                f"{taxonomy}: aliases used twice: {alias!r} is one of {key!r}, and the key of another term",
                expected="each spelling once",
            )


def check_levels(
    taxonomy: str, levels: Mapping[str, Mapping[str, str]], leaves: Collection[str], keys: Collection[str]
) -> None:
    """Refuse a level that names what is no leaf.

    Raises
    ------
    InvalidTaxonomy
        With the level and the term.
    """
    for level, classes in levels.items():
        if not level.strip() or not all(one.strip() for one in classes.values()):
            raise InvalidTaxonomy(f"{taxonomy}: a level, or a class of level {level!r}, has no name", expected="a name")
        for key in classes:
            if key not in keys:
                raise InvalidTaxonomy(
                    f"{taxonomy}: level {level!r} names an unknown term", expected=nearest(key, leaves), found=repr(key)
                )
            if key not in leaves:
                raise InvalidTaxonomy(
                    f"{taxonomy}: level {level!r} names {key!r}, which has terms below it",
                    expected="leaves only",
                    found=repr(key),
                    hint="name the leaves below it one by one",
                )


def _twice(words: Sequence[str]) -> list[str]:
    return sorted(word for word, times in Counter(words).items() if times > 1)


def _each_once(taxonomy: str, what: str, pairs: Sequence[tuple[str, str]]) -> None:
    for word in _twice([word for word, _ in pairs]):
        owners = " and ".join(repr(key) for said, key in pairs if said == word)
        raise InvalidTaxonomy(f"{taxonomy}: {what} used twice: {word!r} by {owners}", expected="each once")


def _can_be_shown(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)
