"""Zip archives inside a source, one level deep, as if they had been unpacked where they lie."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from buffycoat.errors import BuffycoatError, UnreadableFile
from buffycoat.formats.members import BROKEN, read_member
from buffycoat.formats.source import Source, SourceFile

__all__ = ["MAX_NESTED_BYTES", "with_nested"]

MAX_NESTED_BYTES: Final = 2**30
"""Largest archive that is opened inside another source: it is held in memory while its files are read."""
_LEFT_BEHIND: Final = "__macosx"


class _Archive:
    """One archive of a source; of all archives only the one read last is held."""

    def __init__(self, file: SourceFile, held: dict[str, zipfile.ZipFile]) -> None:
        self._file = file
        self._held = held

    def opened(self) -> zipfile.ZipFile:
        if self._file.name not in self._held:
            content = self._file.read(MAX_NESTED_BYTES)
            self._held.clear()
            try:
                self._held[self._file.name] = zipfile.ZipFile(io.BytesIO(content))
            except BROKEN as error:
                raise UnreadableFile(
                    f"{self._file.name} cannot be opened", expected="a zip archive", found=str(error)
                ) from error
        return self._held[self._file.name]

    def files(self) -> Iterator[SourceFile]:
        above = self._file.name[:-4]
        for member in self.opened().infolist():
            parts = member.filename.replace("\\", "/").split("/")
            # The name of a folder ends in a slash, so that its last part is empty.
            if not any(part in ("", "..") or part.startswith(".") or part.casefold() == _LEFT_BEHIND for part in parts):
                yield self._member(member.filename, "/".join([above, *parts]), member.file_size)

    def _member(self, inside: str, name: str, size: int) -> SourceFile:
        def read(most: int) -> bytes:
            if size > most:
                raise UnreadableFile(
                    f"{name} is too large", expected=f"at most {most:,} bytes", found=f"{size:,} bytes"
                )
            archive = self.opened()
            return read_member(archive, archive.getinfo(inside), name=name, most=most)

        return SourceFile(name=name, size=size, read=read)


def with_nested(source: Source) -> Source:
    """Return a source in which every zip archive stands as a folder of its name; the same one where there is none.

    A file that lies unpacked beside its archive is not taken a second time. An archive that cannot be opened, is too
    large to hold in memory (name it as the source itself), or lies inside another stays a file.
    """
    held: dict[str, zipfile.ZipFile] = {}
    plain = dict(source.files)
    inside: dict[str, SourceFile] = {}
    for file in source.by_ending(".zip"):
        try:
            inside |= {member.name: member for member in _Archive(file, held).files()}
        except BuffycoatError:
            continue  # it stays a file, which the reader refuses by its name
        del plain[file.name]
    return Source(source.name, iter((inside | plain).values())) if len(plain) < len(source.files) else source
