"""What a site takes from a release that anybody may have made: facts of the right kind, names that are only names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from buffycoat.errors import UnreadableFormat
from buffycoat.publish.manifest import is_version, read_manifest

__all__ = ["checked_id", "checked_path", "site_manifest"]

_ID: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_FACTS: Final[Mapping[str, type]] = {
    "version": str,
    "taxonomy": str,
    "level": str,
    "about": dict,
    "classes": list,
    "counts": dict,
    "experts": list,
    "leaks": dict,
    "simulated": bool,
    "withheld": list,
}
_ABOUT: Final = ("title", "description", "citation", "contact", "ethics", "license", "published", "terms_of_use", "url")


def site_manifest(folder: Path, /) -> dict[str, Any]:
    """Return the manifest of a release with every fact that a site shows; what ``about`` leaves out is empty text.

    Raises
    ------
    NotFound, DigestMismatch
        There is none, or it is damaged.
    UnreadableFormat
        A fact is missing or of another kind, or the version could not be part of the name of a file.
    """
    manifest = read_manifest(folder)
    for key, kind in _FACTS.items():
        if not isinstance(manifest.get(key), kind):
            raise _unreadable(f"`{key}` in manifest.json", kind.__name__, type(manifest.get(key)).__name__)
    about = dict.fromkeys(_ABOUT, "") | {"contributors": []} | manifest["about"]
    if wrong := [key for key in _ABOUT if not isinstance(about[key], str)]:
        raise _unreadable(f"`about.{wrong[0]}` in manifest.json", "text", type(about[wrong[0]]).__name__)
    if not isinstance(about["contributors"], list) or not _texts(about["contributors"]):
        raise _unreadable("`about.contributors` in manifest.json", "a list of text", repr(about["contributors"])[:40])
    for key in ("classes", "withheld"):
        if not _texts(manifest[key]):
            raise _unreadable(f"`{key}` in manifest.json", "a list of text", repr(manifest[key])[:40])
    if not all(isinstance(count, int) for count in manifest["leaks"].values()):
        raise _unreadable("`leaks` in manifest.json", "numbers", repr(manifest["leaks"])[:40])
    if not all(isinstance(split, dict) and _numbers(split) for split in manifest["counts"].values()):
        raise _unreadable("`counts` in manifest.json", "numbers by split and class", repr(manifest["counts"])[:40])
    if not is_version(manifest["version"]):
        raise _unreadable("the version of the release", "letters, digits, dots and dashes", manifest["version"][:40])
    kinds = {"path": str, "sha256": str, "bytes": int}
    if not all(isinstance(file.get(key), kind) for file in manifest["files"] for key, kind in kinds.items()):
        raise _unreadable("`files` in manifest.json", "path, digest and size in bytes of each", "another list")
    if missing := {"labels.csv", "README.md", "LICENSE.txt"} - {file["path"] for file in manifest["files"]}:
        raise _unreadable("`files` in manifest.json", min(missing), "none")
    return manifest | {"about": about}


def _texts(words: list[Any]) -> bool:
    return all(isinstance(word, str) for word in words)


def _numbers(counts: Mapping[str, Any]) -> bool:
    return all(isinstance(count, int) for count in counts.values())


def checked_id(word: str, /, *, name: str) -> str:
    """Return the id of a cell or photograph; it becomes part of the names of files, so it may not lead elsewhere.

    Parameters
    ----------
    word : str
        As the release has it.
    name : str
        The file of the release, for the error.

    Raises
    ------
    UnreadableFormat
        It holds anything but letters, digits, dots and dashes, begins with a dot, or is longer than 100 characters.

    Examples
    --------
    >>> checked_id("c0ffee", name="labels.csv")
    'c0ffee'
    """
    if not _ID.fullmatch(word):
        raise _unreadable(f"an id in {name}", "letters, digits, dots and dashes, no dot first", repr(word)[:60])
    return word


def checked_path(path: str, listed: Collection[str], /, *, name: str) -> str:
    """Return the path of a file in a release; one that the seal does not cover is refused.

    Raises
    ------
    UnreadableFormat
        The manifest does not list it.
    """
    if path not in listed:
        raise _unreadable(f"a path in {name}", "a file that manifest.json lists", repr(path)[:60])
    return path


def _unreadable(what: str, expected: str, found: str) -> UnreadableFormat:
    return UnreadableFormat(
        f"{what} is not what a release has", expected=expected, found=found, hint="ask whoever made the release"
    )
