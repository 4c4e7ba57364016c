"""The public sets of white blood cells: where each lies, under what terms, and what of that was confirmed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any

from buffycoat.domain.value import Digest, value
from buffycoat.errors import UnreadableFormat

__all__ = ["FORMATS", "PublicFile", "PublicSet", "public_sets", "read_public_sets"]

FORMATS = ("bccd", "coco", "folders", "lisc", "pbc", "raabin", "raabin-crops", "voc", "yolo", "zheng")
"""Names of our readers, as `buffycoat import --format` takes them."""

_TABLE = "public_sets.toml"
_MOST = 2 * 1024**3
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+/\S+")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@value
class PublicFile:
    """One file of a public set.

    ``name`` is what it is called on our disk. ``address`` is ``None`` where only a person can get it. ``size_bytes``
    and ``sha256`` are ``None`` where nobody has stated them: what arrives is then recorded, not verified.
    ``at_most_bytes`` ends a download whose size nobody has stated.
    """

    name: str
    address: str | None = None
    format: str | None = None
    size_bytes: int | None = None
    sha256: Digest | None = None
    at_most_bytes: int = _MOST

    def __post_init__(self) -> None:
        """Refuse what could not be fetched, or would be written to another folder."""
        if not self.name or self.name.startswith(".") or re.search(r"[/\\\x00]", self.name):
            raise _wrong(self.name, "name", "a plain file name", self.name)
        if self.address is not None and not _ADDRESS.fullmatch(self.address):
            raise _wrong(self.name, "address", "an http or https address", self.address)
        if self.format is not None and self.format not in FORMATS:
            raise _wrong(self.name, "format", ", ".join(FORMATS), self.format)
        if self.sha256 is not None and not _DIGEST.fullmatch(self.sha256):
            raise _wrong(self.name, "sha256", "64 hexadecimal digits", self.sha256)
        for key, number in (("size_bytes", self.size_bytes), ("at_most_bytes", self.at_most_bytes)):
            if number is not None and (type(number) is not int or number <= 0):
                raise _wrong(self.name, key, "a positive whole number", repr(number))


@value
class PublicSet:
    """A public set.

    Attributes
    ----------
    name : str
        What a person types.
    license : str
        As its makers state it.
    classes : tuple of str
        The words of its labels, as its files spell them.
    counts : mapping of str to int
        What it holds by its makers' or its readers' count; nothing where that is not known.
    format : str, optional
        Reader of all its files that name no other.
    files : tuple of PublicFile
        Empty where nothing is known of the files before a person has got them.
    by_hand : tuple of str
        What a person does where there is no direct address, or where it gives nothing; and what is to be done with
        an archive that no reader opens.
    checked : str
        Which of these facts were confirmed, and how.
    """

    name: str
    title: str
    page: str
    license: str
    citation: str
    doi: str = ""
    stain: str = ""
    magnification: str = ""
    classes: tuple[str, ...] = ()
    counts: Mapping[str, int]
    format: str | None = None
    files: tuple[PublicFile, ...] = ()
    by_hand: tuple[str, ...] = ()
    checked: str

    def __post_init__(self) -> None:
        """Refuse a set that nobody could get, or without terms and citation."""
        for key in ("name", "title", "page", "license", "citation", "checked"):
            if not str(getattr(self, key)).strip():
                raise _wrong(self.name, key, "a text", "nothing")
        if not self.direct and not self.by_hand:
            raise _wrong(self.name, "by_hand", "steps, because not every file has an address", "nothing")
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise _wrong(self.name, "files", "each file once", ", ".join(names))

    @property
    def direct(self) -> bool:
        """Whether all of it can be fetched without a person."""
        return bool(self.files) and all(file.address for file in self.files)

    @property
    def size_bytes(self) -> int | None:
        """Bytes of all its files; ``None`` where one is not known."""
        sizes = [file.size_bytes for file in self.files]
        return None if not sizes or None in sizes else sum(size or 0 for size in sizes)


def _wrong(where: str, key: str, expected: str, found: str) -> UnreadableFormat:
    return UnreadableFormat(f"table of public sets: {where}: {key} is not allowed", expected=expected, found=found)


def read_public_sets(text: str) -> tuple[PublicSet, ...]:
    r"""Return the sets that a table in TOML describes, in its order.

    Parameters
    ----------
    text : str
        ``[[set]]`` tables with the fields of `PublicSet`, each with ``[[set.files]]``.

    Raises
    ------
    UnreadableFormat
        No TOML, a key that is not known, is missing or is not allowed, or a name used twice.

    Examples
    --------
    >>> from buffycoat.ingest.public_sets import read_public_sets
    >>> read_public_sets("[[set]]\nname = 'a'\nhue = 'red'")
    Traceback (most recent call last):
    ...
    buffycoat.errors.UnreadableFormat: table of public sets: a: hue is not allowed: expected a known key, found hue
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFormat("table of public sets: it cannot be read", expected="TOML", found=str(error)) from error
    sets = tuple(_set(entry) for entry in written.get("set", []))
    names = [each.name for each in sets]
    if len(set(names)) != len(names):
        raise UnreadableFormat("table of public sets: a name is used twice", expected="unique", found=", ".join(names))
    return sets


def _set(entry: dict[str, Any]) -> PublicSet:
    name = str(entry.get("name", ""))
    default = entry.get("format")
    listed = tuple(
        PublicFile(**_known(PublicFile, name, {"format": default, **written})) for written in entry.get("files", [])
    )
    texts = {key: tuple(entry.get(key, ())) for key in ("classes", "by_hand")}
    counts = {"counts": dict(entry.get("counts", {}))}
    return PublicSet(**_known(PublicSet, name, entry | texts | counts | {"files": listed}))


def _known(cls: type[PublicFile | PublicSet], where: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return the entry, or refuse the first key that the value does not have and the first that it lacks."""
    names = {field.name for field in fields(cls)}
    for key in entry:
        if key not in names:
            raise _wrong(where, key, "a known key", key)
    for key in ("name", "title", "page", "license", "citation", "checked"):
        if key in names and key not in entry:
            raise _wrong(where, key, "a text", "nothing")
    return entry


@cache
def public_sets() -> tuple[PublicSet, ...]:
    """Return the sets that come with buffycoat: ``public_sets.toml``.

    Examples
    --------
    >>> from buffycoat.ingest.public_sets import public_sets
    >>> next(each.license for each in public_sets() if each.name == "pbc")
    'CC BY 4.0'
    """
    return read_public_sets(files("buffycoat.ingest").joinpath(_TABLE).read_text(encoding="utf-8"))
