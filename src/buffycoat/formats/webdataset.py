"""Shards of samples in the layout of WebDataset: tar archives in which the files of a sample share a name."""

from __future__ import annotations

import io
import json
import math
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from buffycoat.domain.value import Scalar, value
from buffycoat.errors import InputError, UnreadableFormat

__all__ = ["Sample", "read_shards", "write_shards"]

_PICTURES: Final = ("jpg", "png")
_KEY: Final = re.compile(r"[^\x00-\x1f\x7f/\\.]+(?:/[^\x00-\x1f\x7f/\\.]+)*")
_MOST_BYTES: Final = 512 * 2**20


@value
class Sample:
    """One crop with its class.

    Parameters
    ----------
    key : str
        What its files are called, without a point: readers take the first one for the start of the ending.
    picture : bytes
        The file of the crop.
    ending : str
        ``"png"`` or ``"jpg"``.
    label : int
        Place of the class in the list of classes, from 0.
    facts : mapping of str to (str or int or float or bool or None)
        What else is known of it.
    """

    key: str
    picture: bytes
    ending: str
    label: int
    facts: Mapping[str, Scalar]

    def __post_init__(self) -> None:
        """Refuse what a reader would take apart in another way."""
        if not _KEY.fullmatch(self.key):
            raise InputError(
                "no key of a sample", expected="text without points, from a folder down", found=repr(self.key)
            )
        if self.ending not in _PICTURES or self.label < 0:
            found = f"{self.ending}, {self.label}"
            raise InputError(f"sample {self.key}", expected="png or jpg, and a label from 0", found=found)
        if any(isinstance(fact, float) and not math.isfinite(fact) for fact in self.facts.values()):
            raise InputError(f"sample {self.key}: a number is not finite", expected="None where there is no number")


def write_shards(samples: Iterable[Sample], prefix: str, *, per_shard: int = 1000) -> Iterator[tuple[str, bytes]]:
    """Yield archives of samples, one at a time.

    Each sample has three files: the picture, ``.cls`` (the place of its class) and ``.json`` (its facts). The files
    have no time and no owner, so that the same samples make the same bytes.

    Parameters
    ----------
    samples : iterable of Sample
        By ascending key, so that no more than one shard is held in memory.
    prefix : str
        Start of the names, such as ``"train"``.
    per_shard : int
        Most samples of an archive.

    Yields
    ------
    tuple of str and bytes
        Name, such as ``"train-000000.tar"``, and content.

    Raises
    ------
    InputError
        Keys that do not ascend; ``per_shard`` below 1.

    Examples
    --------
    >>> sample = Sample(key="c1", picture=b"...", ending="png", label=2, facts={"stain": "giemsa"})
    >>> [name for name, _ in write_shards([sample], "train")]
    ['train-000000.tar']
    """
    if per_shard < 1:
        raise InputError("no samples in a shard", expected="1 or more", found=str(per_shard))
    shard: list[Sample] = []
    number, last = 0, ""
    for sample in samples:
        if sample.key <= last:
            raise InputError("samples are out of order", expected=f"a key after {last!r}", found=repr(sample.key))
        last = sample.key
        shard.append(sample)
        if len(shard) == per_shard:
            yield f"{prefix}-{number:06d}.tar", _pack(shard)
            shard, number = [], number + 1
    if shard:
        yield f"{prefix}-{number:06d}.tar", _pack(shard)


def read_shards(shards: Iterable[tuple[str, bytes]]) -> Iterator[Sample]:
    """Yield the samples of archives: the inverse of :func:`write_shards`.

    Parameters
    ----------
    shards : iterable of tuple of str and bytes
        Names, for errors, and contents.

    Yields
    ------
    Sample
        In the order of the archives.

    Raises
    ------
    UnreadableFormat
        With archive and file: no tar archive, a sample that lacks a file, has one twice or another, a class that is no
        number, facts that are no JSON object of plain values.

    Examples
    --------
    >>> sample = Sample(key="c1", picture=b"...", ending="png", label=2, facts={})
    >>> list(read_shards(write_shards([sample], "train"))) == [sample]
    True
    """
    for name, content in shards:
        key, files = "", dict[str, bytes]()
        for member, payload in _members(name, content):
            base, _, ending = member.partition(".") if "/" not in member else _split(member)
            if base != key and files:
                yield _sample(name, key, files)
                files = {}
            key = base
            if ending in files:
                raise UnreadableFormat(f"{name}: {member} is there twice", expected="each file once")
            files[ending] = payload
        if files:
            yield _sample(name, key, files)


def _split(member: str) -> tuple[str, str, str]:
    folder, _, last = member.rpartition("/")
    base, point, ending = last.partition(".")
    return f"{folder}/{base}", point, ending


def _pack(samples: Iterable[Sample]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for sample in samples:
            facts = json.dumps(dict(sample.facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            files = {"cls": str(sample.label).encode(), "json": facts.encode(), sample.ending: sample.picture}
            for ending, payload in sorted(files.items()):
                member = tarfile.TarInfo(f"{sample.key}.{ending}")
                member.size = len(payload)
                archive.addfile(member, io.BytesIO(payload))
    return out.getvalue()


def _members(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for member in archive:
                if member.isdir():
                    continue
                file = archive.extractfile(member) if member.isreg() and member.size <= _MOST_BYTES else None
                if file is None:
                    found = f"{member.size:,} bytes" if member.isreg() else "a link or a device"
                    raise UnreadableFormat(
                        f"{name}: {member.name}", expected=f"a file of at most {_MOST_BYTES:,} bytes", found=found
                    )
                yield member.name, file.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UnreadableFormat(f"{name} cannot be read", expected="a tar archive", found=str(error)) from error


def _sample(shard: str, key: str, files: Mapping[str, bytes]) -> Sample:
    where = f"{shard}: {key}"
    pictures = [ending for ending in files if ending in _PICTURES]
    if len(pictures) != 1 or set(files) != {"cls", "json", *pictures}:
        found = ", ".join(f".{ending}" for ending in files)
        raise UnreadableFormat(where, expected=".cls, .json and one of .png and .jpg", found=found)
    label = files["cls"].decode("ascii", "replace").strip()
    if not re.fullmatch("[0-9]{1,9}", label):
        raise UnreadableFormat(f"{where}.cls", expected="the place of the class, from 0", found=repr(label)[:100])
    try:
        facts = json.loads(files["json"])
        if not isinstance(facts, dict) or any(isinstance(fact, dict | list) for fact in facts.values()):
            raise UnreadableFormat(f"{where}.json", expected="an object of plain values", found=repr(facts)[:100])
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnreadableFormat):
            raise
        raise UnreadableFormat(f"{where}.json", expected="JSON", found=str(error)) from error
    try:
        return Sample(key=key, picture=files[pictures[0]], ending=pictures[0], label=int(label), facts=facts)
    except UnreadableFormat:
        raise
    except InputError as error:
        raise UnreadableFormat(where, expected=error.expected, found=error.found or error.what) from error
