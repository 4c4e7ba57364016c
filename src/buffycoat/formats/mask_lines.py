"""Masks as run lengths, one JSON object a line: short, exact, and read without any library for pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, InvalidMask, UnreadableFormat
from buffycoat.formats.annotated import Refused
from buffycoat.formats.text import decode, kind_of, refuse, split_lines
from buffycoat.imaging.codecs import MAX_MEGAPIXELS

__all__ = ["MaskLine", "read_mask_lines", "write_mask_lines"]

_KEYS = ("cell", "part", "height_px", "width_px", "run_lengths", "method", "failure")


@value
class MaskLine:
    """One part of one cell. Where nothing was found, ``failure`` says why and there are no run lengths.

    ``run_lengths`` count pixels in row order, alternating background and mask, background first.
    """

    cell: str
    part: str
    height_px: int
    width_px: int
    run_lengths: tuple[int, ...]
    method: str = ""
    failure: str | None = None

    def __post_init__(self) -> None:
        """Refuse run lengths that do not fill the picture, and a failure that comes with some."""
        sizes = min(self.height_px, self.width_px) < 1 or self.height_px * self.width_px > MAX_MEGAPIXELS * 1e6
        expected = 0 if self.failure else self.height_px * self.width_px
        if sizes or sum(self.run_lengths) != expected or min(self.run_lengths, default=0) < 0:
            found = f"{len(self.run_lengths)} lengths of {sum(self.run_lengths)}"
            raise InvalidMask(
                "run lengths do not fill the picture", expected=f"{self.height_px} x {self.width_px}", found=found
            )


def write_mask_lines(lines: Iterable[MaskLine]) -> bytes:
    """Return masks as JSON Lines; the same masks give the same bytes.

    Examples
    --------
    >>> line = MaskLine(cell="c1", part="cell", height_px=2, width_px=2, run_lengths=(1, 3))
    >>> list(read_mask_lines(write_mask_lines([line]), name="masks.jsonl")) == [line]
    True
    """
    return b"".join(
        orjson.dumps({key: getattr(line, key) for key in _KEYS}, option=orjson.OPT_APPEND_NEWLINE) for line in lines
    )


def read_mask_lines(content: bytes, *, name: str) -> Iterator[MaskLine | Refused]:
    """Yield the masks of a file; a line that cannot be read is refused with its number, and the others are read.

    Raises
    ------
    UnreadableFormat
        The file is no text.

    Examples
    --------
    >>> [found.message for found in read_mask_lines(b'{"cell": 3}', name="a.jsonl")]
    ["a.jsonl, line 1: 'cell' is no text: expected text, found a number"]
    """
    for number, line in split_lines(decode(content, name=name)):
        where = f"{name}, line {number}"
        try:
            yield _read_line(line, where)
        except BuffycoatError as error:
            yield refuse(where, error)


def _read_line(line: str, where: str) -> MaskLine:
    try:
        record = orjson.loads(line)
    except ValueError as error:
        raise UnreadableFormat(f"{where} is no JSON", expected="an object", found=line[:40]) from error
    if not isinstance(record, dict):
        raise UnreadableFormat(f"{where} is no mask", expected="an object", found=kind_of(record))
    for key, optional in (("cell", False), ("part", False), ("method", True), ("failure", True)):
        if not isinstance(record.get(key), str) and not (optional and record.get(key) is None):
            raise UnreadableFormat(f"{where}: {key!r} is no text", expected="text", found=kind_of(record.get(key)))
    for key in ("height_px", "width_px"):
        if not _whole(record.get(key)):
            raise UnreadableFormat(
                f"{where}: {key!r} is no size", expected="a whole number", found=kind_of(record.get(key))
            )
    lengths = record.get("run_lengths")
    if not isinstance(lengths, list) or not all(map(_whole, lengths)):
        raise UnreadableFormat(f"{where}: 'run_lengths' are no lengths", expected="numbers", found=kind_of(lengths))
    return MaskLine(
        cell=record["cell"],
        part=record["part"],
        height_px=record["height_px"],
        width_px=record["width_px"],
        run_lengths=tuple(lengths),
        method=record.get("method") or "",
        failure=record.get("failure"),
    )


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
