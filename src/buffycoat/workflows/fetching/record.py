"""The record of what was fetched, and the judgment of bytes before they get their name."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from buffycoat.errors import Conflict, DigestMismatch, DownloadFailed, UnreadableFormat
from buffycoat.ingest.public_sets import PublicFile, PublicSet
from buffycoat.workflows.fetching.part_file import Version, write_aside

__all__ = ["RECORD", "Ledger", "judge"]

RECORD = "fetched.json"
"""Name of the record in the folder: each file with its address, bytes, digest, ETag and moment."""

_OURS = (".part", ".part.json", ".bad")


class Ledger:
    """The record of a folder: what came, from where, and when."""

    def __init__(self, folder: Path, chosen: PublicSet, clock: Callable[[], datetime]) -> None:
        self.folder, self._chosen, self._clock = folder, chosen, clock
        self.files: dict[str, dict[str, Any]] = {}
        path = folder / RECORD
        if not path.exists():
            return
        try:
            written = json.loads(path.read_bytes())
            self.files = {str(entry["name"]): dict(entry) for entry in written["files"]}
            whose = written["set"]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableFormat(
                f"{RECORD} in {folder.name} cannot be read",
                expected="the record that an earlier fetch wrote",
                found=str(error),
                hint="move it away: the files are then looked at again and recorded anew",
            ) from error
        if whose != chosen.name:
            raise Conflict(
                f"{folder.name} holds another public set",
                expected=chosen.name,
                found=str(whose),
                hint="name a folder of its own with --out",
            )

    def has(self, file: PublicFile) -> bool:
        """Whether the file is here as it was recorded: same size, and the digest that the table asks for."""
        entry = self.files.get(file.name)
        path = self.folder / file.name
        return (
            entry is not None
            and path.is_file()
            and path.stat().st_size == entry.get("size_bytes")
            and file.sha256 in (None, entry.get("sha256"))
            and file.size_bytes in (None, entry.get("size_bytes"))
        )

    def put_by_hand(self) -> tuple[PublicFile, ...]:
        """Return the files that lie in the folder of a set whose files nobody could name before."""
        return tuple(
            PublicFile(name=path.name, format=self._chosen.format)
            for path in sorted(self.folder.iterdir())
            if path.is_file()
            and path.name != RECORD
            and not path.name.startswith(".")
            and not path.name.endswith(_OURS)
        )

    def take(self, file: PublicFile, path: Path) -> dict[str, Any]:
        """Look at a file that lies there without a record, and record it.

        It is never moved or replaced: a person put it there.

        Raises
        ------
        DigestMismatch
            It is not what the table, or an earlier record, says.
        """
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        size = path.stat().st_size
        hint = f"move {file.name} away, and give the same command again"
        before = self.files.get(file.name)
        if before is not None and before.get("sha256") != digest:
            raise DigestMismatch(
                f"{file.name} is not what was fetched before",
                expected=f"sha256 {before.get('sha256')}",
                found=f"{digest}, {size:,} bytes",
                hint=hint,
            )
        judge(file, path, size, digest, hint=hint)
        return self.add(file, self._origin(file) | {"size_bytes": size, "sha256": digest})

    def _origin(self, file: PublicFile) -> dict[str, Any]:
        """Say where a file without a record is from; known where a fetch was killed just after the renaming."""
        beside = self.folder / f"{file.name}.part.json"
        if beside.exists() and not (self.folder / f"{file.name}.part").exists():
            try:
                version = Version(**json.loads(beside.read_bytes()))
            except (ValueError, TypeError):
                return {"address": None}
            return {"address": version.address, "etag": version.etag, "last_modified": version.last_modified}
        return {"address": None}

    def add(self, file: PublicFile, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Record a file that lies under its own name now."""
        checked = [key for key in ("size_bytes", "sha256") if getattr(file, key) is not None]
        entry = {"name": file.name, **facts, "checked": checked, "fetched_at": self._clock().isoformat()}
        self.files[file.name] = entry
        record = {
            "set": self._chosen.name,
            "page": self._chosen.page,
            "license": self._chosen.license,
            "citation": self._chosen.citation,
            "files": [self.files[name] for name in sorted(self.files)],
        }
        write_aside(self.folder / RECORD, json.dumps(record, indent=1, ensure_ascii=False).encode() + b"\n")
        (self.folder / f"{file.name}.part.json").unlink(missing_ok=True)
        return entry


def judge(file: PublicFile, path: Path, size: int, digest: str, *, hint: str = "") -> None:
    """Refuse bytes that are not what the table says, or not what their own name says.

    Raises
    ------
    DigestMismatch
        Another size or digest.
    DownloadFailed
        An archive that is none, such as a page that was saved in its place, or one that is cut short.
    """
    aside = hint or f"what came is kept as {file.name}.bad; look at it, and at the set's own page"
    if file.size_bytes not in (None, size):
        raise DigestMismatch(
            f"{file.name} has another size", expected=f"{file.size_bytes:,} bytes", found=f"{size:,} bytes", hint=aside
        )
    if file.sha256 not in (None, digest):
        raise DigestMismatch(
            f"{file.name} holds other bytes", expected=f"sha256 {file.sha256}", found=digest, hint=aside
        )
    with path.open("rb") as content:
        first = content.read(64)
    kind = Path(file.name).suffix.casefold()
    right = {
        ".zip": lambda: zipfile.is_zipfile(path),
        ".rar": lambda: first.startswith(b"Rar!\x1a\x07"),
        ".json": lambda: first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["),
    }
    if not size or not right.get(kind, lambda: True)():
        raise DownloadFailed(
            f"{file.name} is not what its name says",
            expected=f"a whole {kind.removeprefix('.') or 'file'}",
            found=f"{size:,} bytes that begin with {first[:24]!r}",
            hint=aside,
        )
