"""Perceptual hashes of picture files, from their bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache, partial
from itertools import islice
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from buffycoat.errors import ImageTooLarge
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb
from buffycoat.imaging.formats import sniff
from buffycoat.imaging.hashes import AVERAGE_SIDE, PERCEPTUAL_SIDE, Hashes, average_bits, perceptual_bits
from buffycoat.imaging.headers import quiet, unreadable
from buffycoat.imaging.lanczos import GrayImage, gray, shrunk
from buffycoat.imaging.segments import jpeg_segments

__all__ = ["FileHashes", "hash_file", "hash_files"]

_Shrunk = tuple[GrayImage, GrayImage]
_AT_ONCE: Final = 256
_LARGEST: Final = 64_000_000
_ENOUGH: Final = 64
"""The shorter side in pixels below which the fast mode does not go: twice that of the perceptual hash."""
_MAY_DIFFER: Final = 3
_LIMIT: Final = f"at most {MAX_MEGAPIXELS:g} megapixels"
_PILLOW_READS: Final = ("JPEG", "PNG", "BMP")
_REDUCED: Final = (
    (8, cv2.IMREAD_REDUCED_GRAYSCALE_8),
    (4, cv2.IMREAD_REDUCED_GRAYSCALE_4),
    (2, cv2.IMREAD_REDUCED_GRAYSCALE_2),
    (1, cv2.IMREAD_GRAYSCALE),
)
# Tables, restart intervals, notes of cameras and programs, comments.
_HARMLESS: Final = frozenset({b"\xc4", b"\xdb", b"\xdd", b"\xfe", *(bytes([0xE0 + number]) for number in range(16))})
# Where color is stored at full, half or quarter resolution. Others are lawful and unseen.
_SAMPLINGS: Final = frozenset({b"\x11", b"\x12", b"\x21", b"\x22", b"\x41"})


class FileHashes(NamedTuple):
    """Average and perceptual hash of each picture, uint64, shape (n,)."""

    average: Hashes
    perceptual: Hashes


def hash_file(content: bytes, *, name: str = "the picture", fast: bool = False) -> tuple[int, int]:
    """Return the average and the perceptual hash of one picture file; see `hash_files`.

    Examples
    --------
    >>> from buffycoat.imaging.codecs import encode_png
    >>> half = np.zeros((16, 16, 3), np.uint8)
    >>> half[:8] = 255
    >>> f"{hash_file(encode_png(half))[0]:016x}"
    'ffffffff00000000'
    """
    pair = hash_files([content], names=[name], fast=fast)
    return int(pair.average[0]), int(pair.perceptual[0])


def hash_files(
    contents: Iterable[bytes], *, names: Sequence[str] = (), fast: bool = False, threads: int = 1
) -> FileHashes:
    """Return the average and the perceptual hash of picture files.

    Equal, bit for bit, to ``average_hash`` and ``phash`` of ImageHash 4.3 on the file as Pillow opens it: what the
    paper used (Kouzehkanan et al. 2022, Data cleaning). That holds for gray and CMYK files too, which nothing else here
    reads. A note on orientation in the file changes nothing. TIFF and HEIC are read as `buffycoat.imaging.codecs` does.

    Parameters
    ----------
    contents : iterable of bytes
        The files, read one after the other: a generator keeps the memory small.
    names : sequence of str, optional
        What to call the files in an error; by default by number.
    fast : bool
        Decode only the brightness of a JPEG, and at an eighth, a quarter or half of its size where its shorter side
        stays at 64 pixels or more. On all real crops at hand at most 3 of 64 bits differ; that is measured, not
        proven. Other formats, and pictures in which more bits hang on the last digit of the mean, are hashed exactly.
    threads : int
        How many files are worked on at once; decoding leaves the interpreter's lock alone.

    Returns
    -------
    FileHashes
        In the order of the files.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        A file that is no picture, damaged, of a format that is not read, or above 200 megapixels.

    Examples
    --------
    >>> from buffycoat.imaging.codecs import encode_jpeg
    >>> ramp = np.repeat(np.arange(0, 256, 2, dtype=np.uint8), 128 * 3).reshape(128, 128, 3)
    >>> exact, fast = (hash_files([encode_jpeg(ramp)], fast=fast) for fast in (False, True))
    >>> f"{exact.average[0]:016x}", f"{fast.average[0]:016x}"
    ('00000000ffffffff', '00000000ffffffff')
    """
    averages, perceptuals = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    work = partial(_shrunk_both, fast=fast)
    waiting = _named(contents, names)
    with ThreadPoolExecutor(threads) if threads > 1 else nullcontext() as pool:
        while some := list(islice(waiting, _AT_ONCE)):
            small = list(pool.map(work, some) if pool else map(work, some))
            averages.append(average_bits(np.stack([each for each, _ in small])))
            perceptuals.append(perceptual_bits(np.stack([each for _, each in small])))
    return FileHashes(np.concatenate(averages), np.concatenate(perceptuals))


def _named(contents: Iterable[bytes], names: Sequence[str]) -> Iterator[tuple[bytes, str]]:
    for number, content in enumerate(contents):
        yield content, names[number] if number < len(names) else f"picture {number + 1}"


def _shrunk_both(file: tuple[bytes, str], *, fast: bool) -> _Shrunk:
    """Return what the two hashes are made of: the gray picture at 8 x 8 and at 32 x 32 pixels."""
    content, name = file
    size = _plain_jpeg(content)
    if size is not None and fast:
        parts, flag = next((each for each in _REDUCED if min(size) >= each[0] * _ENOUGH), _REDUCED[-1])
        levels = _decoded(content, flag)
        seen = (size[0] / parts, size[1] / parts)
        small = None if levels is None else shrunk(levels, AVERAGE_SIDE, seen=seen)
        if levels is not None and small is not None and not _in_balance(small):
            return small, shrunk(levels, PERCEPTUAL_SIDE, seen=seen)
    levels = None
    if size is not None and _decoders_agree():
        pixels = _decoded(content, cv2.IMREAD_COLOR)
        levels = None if pixels is None else gray(pixels, blue_first=True)
    if levels is None:
        levels = _gray_of_any(content, name)
    return shrunk(levels, AVERAGE_SIDE), shrunk(levels, PERCEPTUAL_SIDE)


def _in_balance(small: GrayImage) -> bool:
    """Say whether more bits of the average hash hang on the mean's last digit than the fast mode may get wrong.

    Fields and their background are flat: many of the 64 pixels can have the level nearest to their mean, and all of
    them change sides when the mean moves by a hundredth.
    """
    from_mean = 64 * small.astype(np.int32) - int(small.sum(dtype=np.int32))
    return int(np.count_nonzero(np.abs(from_mean) <= 32)) > _MAY_DIFFER


def _decoded(content: bytes, flag: int) -> NDArray[np.uint8] | None:
    """Return the pixels by OpenCV, color as blue, green, red; ``None`` where it gives up."""
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    return None if pixels is None else np.asarray(pixels, np.uint8)


def _plain_jpeg(content: bytes) -> tuple[int, int] | None:
    """Return height and width of a JPEG that every decoder reads alike, ``None`` for any other file.

    One is that is whole, of 8 bits, gray or of three colors, baseline or progressive. Whatever is unusual is left to
    the careful way, which also finds the words for what is wrong.
    """
    if content[:2] != b"\xff\xd8" or content[-2:] != b"\xff\xd9":
        return None
    at, size = 2, None
    while content[at : at + 1] == b"\xff":
        marker = content[at + 1 : at + 2]
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == b"\xda":
            return size
        if marker in {b"\xc0", b"\xc1", b"\xc2"}:
            frame = content[at + 4 : at + 2 + length]
            size = (int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big"))
            if size[0] * size[1] not in range(1, _LARGEST + 1) or not _is_usual(frame):
                return None
        elif marker not in _HARMLESS or length < 2:
            return None
        at += 2 + length
    return None


def _is_usual(frame: bytes) -> bool:
    """Say whether a frame has 8 bits and one component, or three with color at a usual resolution."""
    samplings = frame[7::3]
    if frame[:1] != b"\x08" or frame[5:6] not in {b"\x01", b"\x03"} or len(frame) != 6 + 3 * frame[5]:
        return False
    return len(samplings) == 1 or (samplings[:1] in _SAMPLINGS and samplings[1:] == b"\x11\x11")


@cache
def _decoders_agree() -> bool:
    """Say whether OpenCV decodes a JPEG to the pixels that Pillow has: both may come with any JPEG library."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 56, 3), np.uint8)
    for subsampling in ("4:4:4", "4:2:0"):
        file = io.BytesIO()
        Image.fromarray(noise).save(file, "JPEG", quality=90, subsampling=subsampling)
        with Image.open(file, formats=["JPEG"]) as picture:
            mine = np.asarray(picture)
        theirs = _decoded(file.getvalue(), cv2.IMREAD_COLOR)
        if theirs is None or not np.array_equal(mine, theirs[:, :, ::-1]):
            return False
    return True


def _gray_of_any(content: bytes, name: str) -> GrayImage:
    """Return the gray levels of any picture that can be read, by Pillow where it reads the format."""
    kind = sniff(content)
    if kind not in _PILLOW_READS:
        return gray(decode_rgb(content, name=name))
    if kind == "JPEG":
        jpeg_segments(content, name=name)
    try:
        with quiet(), Image.open(io.BytesIO(content), formats=[kind]) as picture:
            width, height = picture.size
            if width * height <= MAX_MEGAPIXELS * 1e6:
                return np.asarray(picture.convert("L"))
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(f"{name} is too large", expected=_LIMIT) from error
    except MemoryError:
        raise
    except Exception as error:  # readers raise anything on hostile bytes
        raise unreadable(name, kind, error) from error
    raise ImageTooLarge(f"{name} is too large", expected=_LIMIT, found=f"{width} x {height} pixels")
