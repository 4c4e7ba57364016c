"""The names of YOLO's classes: ``data.yaml``, ``classes.txt`` or ``obj.names``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from buffycoat.errors import BuffycoatError, InputError, UnreadableFormat
from buffycoat.formats.annotated import Refused
from buffycoat.formats.source import Source
from buffycoat.formats.text import content_of, decode, refuse, split_lines

__all__ = ["NAMES_FILES", "read_yolo_names", "write_yolo_names"]

NAMES_FILES: Final = ("data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names")
_MOST_BYTES: Final = 2**20
_QUOTED: Final = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
_ITEM: Final = re.compile(rf"\s*((?:{_QUOTED}|[^,'\"\[\]{{}}])+?)\s*(?:,|$)")
_PAIR: Final = re.compile(rf"\s*([0-9]{{1,6}}|\"[0-9]{{1,6}}\"|'[0-9]{{1,6}}')\s*:\s*({_QUOTED}|.*?)\s*")


def read_yolo_names(source: Source) -> dict[str, Mapping[int, str] | Refused]:
    """Return the names of classes by number, for each folder that holds a file of them; a broken one as refused."""
    named: dict[str, Mapping[int, str] | Refused] = {}
    for wanted in reversed(NAMES_FILES):
        for file in source.by_ending(wanted):
            path = PurePosixPath(file.name)
            if path.name.casefold() != wanted:
                continue
            try:
                text = decode(content_of(file, most=_MOST_BYTES), name=file.name)
                plain = wanted in ("classes.txt", "obj.names")
                folder = str(path.parent)
                named[folder] = _lines(text) if plain else _yaml_names(text, file.name)
            except BuffycoatError as error:
                named[str(path.parent)] = refuse(file.name, error)
    return named


def _lines(text: str) -> dict[int, str]:
    return {number - 1: line for number, line in split_lines(text)}


def _yaml_names(text: str, name: str) -> dict[int, str]:
    """Return ``names`` of a data.yaml: a list or a mapping, in one line or several; no other YAML is read."""
    lines = text.split("\n")
    at = next((number for number, line in enumerate(lines) if re.match(r"names\s*:", line)), None)
    if at is None:
        raise UnreadableFormat(f"{name}: 'names' is missing", expected="names of classes", found="no such key")
    value = _uncomment(lines[at].split(":", 1)[1]).strip()
    below = []
    for line in lines[at + 1 :]:
        if line.strip() and not line.startswith((" ", "\t", "-", "]", "}")):
            break
        below.append(_uncomment(line).rstrip())
    where = f"{name}, line {at + 1}"
    if value[:1] in ("[", "{"):
        whole = " ".join([value, *(line.strip() for line in below)]).strip()
        if whole[-1] != {"[": "]", "{": "}"}[value[0]]:
            raise UnreadableFormat(f"{where}: 'names' is not closed", expected="] or }", found=whole[-20:])
        items = _items(whole[1:-1], where)
        return _pairs(items, where) if value[0] == "{" else dict(enumerate(_plain(item) for item in items))
    filled = [line.strip() for line in below if line.strip()]
    if not value and filled and all(line.startswith("-") for line in filled):
        return dict(enumerate(_plain(line[1:].strip()) for line in filled))
    if value or not filled:
        raise UnreadableFormat(f"{where}: 'names' is no list", expected="a list or a mapping", found=value or "nothing")
    return _pairs(filled, where)


def _uncomment(line: str) -> str:
    """Return a line without its comment: what follows ``#`` at its start or after a space, outside quotation marks."""
    quote, before, escaped = "", " ", False
    for at, letter in enumerate(line):
        if quote:
            escaped, closes = quote == '"' and letter == "\\" and not escaped, letter == quote and not escaped
            quote = "" if closes else quote
        elif letter in "\"'" and before in " \t[{,:-":
            quote = letter
        elif letter == "#" and before in " \t":
            return line[:at]
        before = letter
    return line


def _items(text: str, where: str) -> list[str]:
    items = []
    at = 0
    while text[at:].strip():
        found = _ITEM.match(text, at)
        if found is None:
            raise UnreadableFormat(
                f"{where}: 'names' cannot be read", expected="names and commas", found=text[at:][:30]
            )
        items.append(found[1])
        at = found.end()
    return items


def _pairs(items: Sequence[str], where: str) -> dict[int, str]:
    named: dict[int, str] = {}
    for item in items:
        found = _PAIR.fullmatch(item)
        number = int(found[1].strip("\"'")) if found else -1
        if found is None or number in named:
            raise UnreadableFormat(
                f"{where}: 'names' cannot be read", expected="number: name, each once", found=item[:40]
            )
        named[number] = _plain(found[2])
    return named


def _plain(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] == "'":
        return word[1:-1].replace("''", "'")
    if len(word) > 1 and word[0] == word[-1] == '"':
        try:
            return str(json.loads(word))
        except json.JSONDecodeError:
            return word[1:-1]
    return word


def write_yolo_names(classes: Sequence[str], *, splits: Mapping[str, str] | None = None) -> bytes:
    r"""Return a ``data.yaml`` that names the classes, and the folders of the splits where given.

    Parameters
    ----------
    classes : sequence of str
        In the order of their numbers from 0.
    splits : mapping of str to str, optional
        Folder of pictures by split, such as ``train`` and ``val``.

    Raises
    ------
    InputError
        A class is there twice, or is empty.

    Examples
    --------
    >>> print(write_yolo_names(["Band", "Small Lymph"], splits={"train": "images/train"}).decode(), end="")
    train: "images/train"
    nc: 2
    names:
      0: "Band"
      1: "Small Lymph"
    """
    if len(set(classes)) < len(classes) or not all(classes):
        raise InputError("classes cannot be named", expected="every class once, none empty", found=", ".join(classes))
    lines = [f"{split}: {_quoted(folder)}" for split, folder in (splits or {}).items()]
    lines += [f"nc: {len(classes)}", "names:"]
    lines += [f"  {number}: {_quoted(word)}" for number, word in enumerate(classes)]
    return "\n".join([*lines, ""]).encode()


def _quoted(word: str) -> str:
    """Return a word as YAML and JSON both quote it; JSON's way to halve a letter beyond the first 65,536 is no YAML."""
    spelled = word.replace("\\", "\\\\").replace('"', '\\"')
    escaped = (one if one.isprintable() or one > "\uffff" else f"\\u{ord(one):04x}" for one in spelled)
    return '"' + "".join(escaped) + '"'
