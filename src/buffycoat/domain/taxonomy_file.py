"""A taxonomy as a TOML file: read with precise refusals, written so that it reads back equal."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Never

from buffycoat.domain.terms import Term, TermKind
from buffycoat.domain.tree import FULL, Taxonomy
from buffycoat.domain.tree_rules import nearest
from buffycoat.errors import InvalidTaxonomy, UnknownTerm

__all__ = ["EDITIONS", "MAX_BYTES", "SHIPPED", "read_taxonomy", "shipped", "write_taxonomy"]

MAX_BYTES = 1_000_000
"""A larger file is no taxonomy."""
SHIPPED = ("raabin", "icsh")
"""The taxonomies that come with buffycoat."""
EDITIONS = ("raabin@1", "icsh@1")
"""Their earlier editions: labels that were given by their terms are read by them as long as there are any."""

_HINT = "docs/taxonomy.md shows the format; `buffycoat taxonomy check FILE` tells what is wrong with a file"
_TOP = ("name", "version", "title", "notice", "sources", "levels", "terms")
_TEXTS = ("key", "name", "parent", "kind", "hotkey", "ontology", "maps_to", "morphology")
_LISTS = ("aliases", "raised_in", "lowered_in", "sources")
_MUST = ("key", "name", "kind")


@lru_cache(maxsize=len(SHIPPED) + len(EDITIONS))
def shipped(name: str) -> Taxonomy:
    """Return a taxonomy that comes with buffycoat: the newest edition of a name, or one of :data:`EDITIONS`.

    Raises
    ------
    UnknownTerm
        None has this name.

    Examples
    --------
    >>> shipped("icsh").term("granulocyte.myelocyte").name
    'myelocyte'
    >>> shipped("icsh").reference, shipped("icsh@1").reference
    ('icsh@2', 'icsh@1')
    """
    if name not in (*SHIPPED, *EDITIONS):
        raise UnknownTerm(
            "no taxonomy of this name comes with buffycoat",
            expected=" or ".join(SHIPPED),
            found=repr(name),
            hint="name one of these, or a TOML file of your own",
        )
    file = f"{name.replace('@', '-')}.toml"
    return read_taxonomy((files("buffycoat.domain") / "taxonomies" / file).read_bytes(), name=file)


def read_taxonomy(content: bytes, *, name: str) -> Taxonomy:
    """Read a taxonomy from the bytes of a TOML file.

    Parameters
    ----------
    content : bytes
        The file: UTF-8, at most a megabyte. docs/taxonomy.md has its format.
    name : str
        Name of the file, for messages.

    Raises
    ------
    InvalidTaxonomy
        Not TOML (with the line), a field that is unknown, missing or of a wrong type, an unknown kind, or terms that
        are no tree: file and term are named, and what was probably meant.

    Examples
    --------
    >>> mine = read_taxonomy(b'''
    ... name = "mine"
    ... version = 1
    ... terms = [
    ...   {key = "all", name = "all", kind = "root"},
    ...   {key = "wbc", name = "white cell", parent = "all", kind = "leukocyte", aliases = ["WBC"]},
    ... ]
    ... ''', name="mine.toml")
    >>> mine.reference, mine.read("WBC").key
    ('mine@1', 'wbc')
    """
    table = _parsed(content, name)
    _refuse_unknown(table, _TOP, name)
    called = _text(table, "name", name, must=True)
    sources = _table(table, "sources", name)
    for short, citation in sources.items():
        if not isinstance(citation, str):
            _wrong(f"{name}: source {short!r}", "text", citation)
    try:
        taxonomy = Taxonomy(
            name=called,
            version=_version(table, name),
            terms=_terms(table, name),
            levels=_levels(table, name),
            title=_text(table, "title", name),
            notice=_text(table, "notice", name),
            sources=dict(sources),
        )
    except InvalidTaxonomy as error:
        told = error.what if error.what.startswith(f"{name}: ") else f"{name}: {error.what.removeprefix(f'{called}: ')}"
        raise InvalidTaxonomy(told, expected=error.expected, found=error.found, hint=error.hint) from None
    _check_mapping(taxonomy, name)
    return taxonomy


def write_taxonomy(taxonomy: Taxonomy) -> bytes:
    """Return a taxonomy as TOML; reading it gives an equal one.

    Examples
    --------
    >>> icsh = shipped("icsh")
    >>> read_taxonomy(write_taxonomy(icsh), name="written") == icsh
    True
    """
    lines = [f"name = {_quoted(taxonomy.name)}", f"version = {taxonomy.version}"]
    lines += [f"{what} = {_quoted(text)}" for what in ("title", "notice") if (text := getattr(taxonomy, what))]
    if taxonomy.sources:
        lines += ["", "[sources]"]
        lines += [f"{_bare(short)} = {_quoted(citation)}" for short, citation in taxonomy.sources.items()]
    for level, classes in taxonomy.levels.items():
        if level == FULL:
            continue
        lines += ["", f"[levels.{_bare(level)}]"]
        counted: dict[str, list[str]] = {}
        for key, one in classes.items():
            counted.setdefault(one, []).append(key)
        lines += [f"{_bare(one)} = {_array(keys)}" for one, keys in counted.items()]
    if not taxonomy.terms:
        lines.insert(2, "terms = []")
    for term in taxonomy.terms:
        lines += ["", "[[terms]]"]
        for what in _TEXTS:
            if text := getattr(term, what):
                lines.append(f"{what} = {_quoted(text)}")
        for what in _LISTS:
            if words := getattr(term, what):
                lines.append(f"{what} = {_array(words)}")
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    """Return a basic string of TOML: JSON's, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _bare(name: str) -> str:
    """Return a key of TOML, quoted only where it must be."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _array(words: list[str] | tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


# ----------------------------------------------------------------- reading


def _parsed(content: bytes, name: str) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise InvalidTaxonomy(
            f"{name} is too large for a taxonomy", expected=f"at most {MAX_BYTES:,} bytes", hint=_HINT
        )
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidTaxonomy(
            f"{name} is not UTF-8, at line {line}",
            expected="UTF-8",
            found=f"byte {content[error.start]:#04x}",
            hint=_HINT,
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidTaxonomy(f"{name} is not TOML: {error}", hint=_HINT) from error
    except RecursionError:
        raise InvalidTaxonomy(f"{name} is not a taxonomy: brackets within brackets without end", hint=_HINT) from None


def _terms(table: Mapping[str, Any], name: str) -> tuple[Term, ...]:
    found = table.get("terms")
    if not isinstance(found, list):
        _wrong(f"{name}: terms", "a list of tables, [[terms]]", found)
    return tuple([_term(entry, name, position) for position, entry in enumerate(found, start=1)])


def _term(entry: Any, name: str, position: int) -> Term:
    where = f"{name}: term {position}"
    if not isinstance(entry, dict):
        _wrong(where, "a table", entry)
    key = _text(entry, "key", where, must=True)
    where = f"{name}: term {key!r}"
    _refuse_unknown(entry, (*_TEXTS, *_LISTS), where)
    texts = {what: _text(entry, what, where, must=what in _MUST) for what in _TEXTS}
    if texts["kind"] not in set(TermKind):
        raise InvalidTaxonomy(
            f"{where} has an unknown kind", expected=nearest(texts["kind"], list(TermKind)), found=repr(texts["kind"])
        )
    return Term(
        key=key,
        name=texts["name"],
        parent=texts["parent"] or None,
        kind=TermKind(texts["kind"]),
        hotkey=texts["hotkey"],
        ontology=texts["ontology"] or None,
        maps_to=texts["maps_to"] or None,
        morphology=texts["morphology"],
        **{what: _words(entry, what, where) for what in _LISTS},
    )


def _levels(table: Mapping[str, Any], name: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for level, classes in _table(table, "levels", name).items():
        where = f"{name}: level {level!r}"
        if level == FULL:
            raise InvalidTaxonomy(f"{where} is there already: at it each leaf counts as itself", hint="leave it out")
        if not isinstance(classes, dict):
            _wrong(where, "a table of classes, each a list of leaves", classes)
        counted: dict[str, str] = {}
        for one in classes:
            for key in _words(classes, one, where):
                if key in counted:
                    raise InvalidTaxonomy(
                        f"{where} counts {key!r} twice", expected="one class", found=f"{counted[key]!r} and {one!r}"
                    )
                counted[key] = one
        found[level] = counted
    return found


def _check_mapping(taxonomy: Taxonomy, name: str) -> None:
    mapped = [term for term in taxonomy.terms if term.maps_to is not None]
    if not mapped:
        return
    known = {term.key for term in (taxonomy if taxonomy.name == SHIPPED[0] else shipped(SHIPPED[0])).terms}
    for term in mapped:
        if term.maps_to not in known:
            raise InvalidTaxonomy(
                f"{name}: term {term.key!r} maps to no term of {SHIPPED[0]}",
                expected=nearest(term.maps_to or "", known),
                found=repr(term.maps_to),
            )


def _version(table: Mapping[str, Any], name: str) -> int:
    version = table.get("version")
    if type(version) is not int or version < 1:
        _wrong(f"{name}: version", "a whole number from 1 up", version)
    return version


def _refuse_unknown(entry: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for what in entry:
        if what not in known:
            raise InvalidTaxonomy(
                f"{where} has an unknown field", expected=nearest(what, known), found=repr(what), hint=_HINT
            )


def _table(entry: Mapping[str, Any], what: str, where: str) -> Mapping[str, Any]:
    found = entry.get(what, {})
    if not isinstance(found, dict):
        _wrong(f"{where}: {what}", "a table", found)
    return found


def _text(entry: Mapping[str, Any], what: str, where: str, *, must: bool = False) -> str:
    found = entry.get(what, None if must else "")
    if not isinstance(found, str) or (must and not found):
        _wrong(f"{where}: {what}", "text", found)
    return found


def _words(entry: Mapping[str, Any], what: str, where: str) -> tuple[str, ...]:
    found = entry.get(what, [])
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        _wrong(f"{where}: {what}", "a list of text", found)
    return tuple(found)


_NAMES: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "nothing",
    str: lambda found: repr(found[:40]),
    list: lambda found: f"a list of {len(found)}",
    dict: lambda found: f"a table of {len(found)}",
}


def _wrong(where: str, expected: str, found: Any) -> Never:
    said = _NAMES.get(type(found), lambda other: f"{other} ({type(other).__name__})")
    raise InvalidTaxonomy(f"{where} is not what it should be", expected=expected, found=said(found), hint=_HINT)
