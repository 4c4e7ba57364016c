"""Phones and oculars by name, and the reading of numbers of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

from buffycoat.adapter.numbers import Ocular, Phone
from buffycoat.errors import InputError, NotFound

__all__ = ["find_ocular", "find_phone", "oculars", "phones", "read_numbers"]

_Preset = TypeVar("_Preset", Phone, Ocular)
_TEXTS = {"phone": ("name", "lens", "source"), "ocular": ("name", "published")}
_LISTS = {"camera": 2, "island": 4}
_NUMBERS = {
    "phone": ("width", "height", "thickness", "mass", "bump"),
    "ocular": ("diameter", "eye_relief", "grip"),
}
_NEEDED = {"phone": ("width", "height", "thickness", "camera"), "ocular": ("diameter", "eye_relief")}
_ISLAND_REACH = 10.0


@cache
def phones() -> Mapping[str, Phone]:
    """Return the phones that are known by name.

    Examples
    --------
    >>> phones()["samsung-galaxy-s5"].width
    72.5
    """
    table = _table("phones.toml")
    return {key: _read("phone", key, row, "phones.toml") for key, row in table.items()}


@cache
def oculars() -> Mapping[str, Ocular]:
    """Return the oculars that are known by name."""
    table = _table("oculars.toml")
    return {key: _read("ocular", key, row, "oculars.toml") for key, row in table.items()}


def find_phone(key: str) -> Phone:
    """Return a phone by its key.

    Raises
    ------
    NotFound
        If there is no such preset.
    """
    return _find("phone", key, phones())


def find_ocular(key: str) -> Ocular:
    """Return an ocular by its key.

    Raises
    ------
    NotFound
        If there is no such preset.
    """
    return _find("ocular", key, oculars())


def read_numbers(text: str, file: str) -> tuple[Phone | None, Ocular | None]:
    """Return the phone and the ocular that a TOML file holds; one of them may be missing.

    Parameters
    ----------
    text : str
        The TOML: a table ``phone``, a table ``ocular``, or both. A table with ``like = "KEY"`` begins with that preset
        and says what is different; without ``island``, a square of 20 mm around the lens is left free. What the table
        says is taken as measured; what comes from the preset stays an estimate where it was one.
    file : str
        What to call it in messages.

    Raises
    ------
    InputError
        If it is no TOML, lacks a number, holds one that is none, or a key that means nothing.
    NotFound
        If ``like`` names no preset.

    Examples
    --------
    >>> phone, ocular = read_numbers('ocular = {diameter = 31.2, eye_relief = 12}', "mine.toml")
    >>> phone is None, ocular.diameter
    (True, 31.2)
    """
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file} is no TOML", found=str(error), hint="docs/adapter.md has one to begin with") from None
    _known(file, "", held, ("phone", "ocular"))
    if not held:
        raise InputError(f"{file} holds no numbers", expected="a table phone, a table ocular, or both")
    phone = _read("phone", "own", _filled("phone", held["phone"], file), file) if "phone" in held else None
    ocular = _read("ocular", "own", _filled("ocular", held["ocular"], file), file) if "ocular" in held else None
    return phone, ocular


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("buffycoat.adapter").joinpath(name).read_text("utf-8"))


def _find(kind: str, key: str, known: Mapping[str, _Preset]) -> _Preset:
    if key in known:
        return known[key]
    near = get_close_matches(key, known, n=1, cutoff=0.3)
    hint = f"did you mean {near[0]}? " if near else ""
    raise NotFound(
        f"no {kind} {key!r} is known by name",
        hint=f"{hint}`buffycoat adapter --list` names all; numbers of your own come with --numbers FILE.toml",
    )


def _filled(kind: Literal["phone", "ocular"], row: Any, file: str) -> dict[str, Any]:
    """Begin with the preset that ``like`` names; give a file of one's own what it may leave out."""
    if not isinstance(row, dict):
        raise InputError(f"{file}: {kind} is no table", expected=f"[{kind}] and lines below it", found=repr(row))
    begun: dict[str, Any] = {}
    if "like" in row:
        like = str(row["like"])
        known = _find("phone", like, phones()).key if kind == "phone" else _find("ocular", like, oculars()).key
        begun = dict(_table(f"{kind}s.toml")[known])
    filled = begun | {key: held for key, held in row.items() if key != "like"}
    filled.setdefault("name", f"{kind} of {file}")
    if "estimated" in begun and "estimated" not in row:  # what the file gives is measured
        filled["estimated"] = [name for name in begun["estimated"] if name not in row]
    camera = filled.get("camera")
    placed = isinstance(camera, list) and len(camera) == 2 and all(_is_number(at) for at in camera)
    if kind == "phone" and "island" not in filled and isinstance(camera, list) and placed:
        filled["island"] = [*(at - _ISLAND_REACH for at in camera), 2 * _ISLAND_REACH, 2 * _ISLAND_REACH]
    return filled


def _read(kind: Literal["phone", "ocular"], key: str, row: Mapping[str, Any], file: str) -> Any:
    allowed = (*_NUMBERS[kind], *_TEXTS[kind], *(_LISTS if kind == "phone" else ()), "estimated")
    _known(file, f"{kind}.", row, allowed)
    for name in _NEEDED[kind]:
        if name not in row:
            raise InputError(f"{file}: {kind}.{name} is missing", expected="a number of millimeters")
    given: dict[str, Any] = {}
    for name, held in row.items():
        if name in _TEXTS[kind]:
            given[name] = str(held)
        elif name == "estimated":
            if not (isinstance(held, list) and all(isinstance(part, str) for part in held)):
                raise InputError(
                    f"{file}: {kind}.estimated is not what it should be",
                    expected="names of numbers in brackets",
                    found=repr(held),
                )
            given[name] = tuple(held)
        elif name in _LISTS:
            whole = isinstance(held, list) and len(held) == _LISTS[name] and all(_is_number(part) for part in held)
            if not whole:
                raise InputError(
                    f"{file}: {kind}.{name} is not what it should be",
                    expected=f"{_LISTS[name]} numbers in brackets",
                    found=repr(held),
                )
            given[name] = tuple(float(part) for part in held)
        elif _is_number(held):
            given[name] = float(held)
        else:
            raise InputError(f"{file}: {kind}.{name} is no number", expected="a number", found=repr(held))
    return (Phone if kind == "phone" else Ocular)(key=key, **given)


def _is_number(held: Any) -> bool:
    return isinstance(held, int | float) and not isinstance(held, bool)


def _known(file: str, place: str, held: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for name in held:
        if name not in allowed:
            near = get_close_matches(name, allowed, n=1)
            raise InputError(
                f"{file}: {place}{name} means nothing",
                expected=", ".join(allowed),
                found=name,
                hint=f"did you mean {near[0]}?" if near else "",
            )
