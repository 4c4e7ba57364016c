"""The list of files that seals a release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from buffycoat.domain.release import ReleaseFile
from buffycoat.domain.value import digest_of
from buffycoat.errors import DigestMismatch, NotFound

__all__ = ["is_version", "manifest_of", "read_manifest", "verify_folder"]

_KIND, _VERSION = "buffycoat release", 1
_LONGEST: Final = 100
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")


def is_version(word: str, /) -> bool:
    """Say whether a word can be the version of a release, which is the name of a folder too.

    Examples
    --------
    >>> is_version("2026-1"), is_version("../1"), is_version(".1")
    (True, False, False)
    """
    return 0 < len(word) <= _LONGEST and not set(word) - _LETTERS and word[0] != "."


def manifest_of(files: Sequence[ReleaseFile], about: Mapping[str, object], /) -> bytes:
    """Return ``manifest.json``: kind and format, what the release is, and each file with size and digest."""
    document = {
        "kind": _KIND,
        "format": _VERSION,
        **about,
        "files": [
            {"path": file.path, "sha256": file.digest, "bytes": file.size_bytes}
            for file in sorted(files, key=lambda file: file.path)
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def read_manifest(folder: Path, /) -> dict[str, Any]:
    """Return the manifest of a release.

    Raises
    ------
    NotFound
        The folder holds no release.
    DigestMismatch
        The manifest was damaged.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise NotFound("there is no release in this folder", expected="manifest.json", found=folder.name)
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        [(file["path"], file["sha256"]) for file in manifest["files"]]
    except (ValueError, KeyError, TypeError) as error:
        raise DigestMismatch(f"the manifest in {folder.name} was damaged", found=str(error)) from error
    return manifest


def verify_folder(folder: Path, /) -> int:
    """Check every file of a release against its manifest and return how many there are.

    Raises
    ------
    NotFound
        The manifest or a file is missing.
    DigestMismatch
        A file was changed, or one lies there that the manifest does not name.
    """
    listed = {file["path"]: file["sha256"] for file in read_manifest(folder)["files"]}
    present = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} - {"manifest.json"}
    if missing := sorted(set(listed) - present):
        raise NotFound(f"{len(missing)} files of the release are missing", found=missing[0])
    if foreign := sorted(present - set(listed)):
        raise DigestMismatch(f"{len(foreign)} files are not part of the release", found=foreign[0])
    for name, digest in sorted(listed.items()):
        if (found := digest_of((folder / name).read_bytes())) != digest:
            raise DigestMismatch(f"{name} was changed after the release was sealed", expected=digest, found=found)
    return len(listed)
