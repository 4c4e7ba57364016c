"""Masks as pictures and as COCO's run lengths, and back."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from buffycoat.errors import ImageTooLarge, InvalidMask, UnreadableFormat, UnreadableImage, UnsupportedImage
from buffycoat.imaging.codecs import MAX_MEGAPIXELS
from buffycoat.imaging.formats import sniff
from buffycoat.imaging.headers import quiet, unreadable
from buffycoat.imaging.regions import check_mask, decode_run_lengths, encode_run_lengths

__all__ = [
    "CYTOPLASM",
    "NUCLEUS",
    "coco_rle",
    "mask_pixels",
    "mask_png",
    "read_coco_rle",
    "read_gray",
    "read_levels",
    "read_mask_png",
    "three_levels_png",
]

BinaryMask = NDArray[np.bool_]
NUCLEUS: Final = 255
CYTOPLASM: Final = 128
"""The gray of nucleus and cytoplasm in masks of three levels, as in the set of Zheng et al., Micron 107 (2018)."""

_ORIENTATION: Final = 0x0112
_MOST_BITS: Final = 60
"""No length in a file is larger; without an end, a text of such marks would be one number of millions of digits."""
_PLUGINS: Final[Mapping[str, Callable[[io.BytesIO], ImageFile]]] = {
    "PNG": PngImageFile,
    "BMP": BmpImageFile,
    "TIFF": TiffImageFile,
}


def mask_png(run_lengths: Sequence[int], height: int, width: int) -> bytes:
    """Return a mask as a gray PNG of 8 bits: 255 in the mask, 0 outside, so that every viewer shows it.

    Parameters
    ----------
    run_lengths : sequence of int
        Pixels in row order, background first, as in ``domain.mask.Mask``.
    height, width : int
        Size of the mask in pixels.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    InvalidMask
        The run lengths do not fill the mask.

    Examples
    --------
    >>> read_mask_png(mask_png((1, 2, 1), 2, 2))
    ((1, 2, 1), 2, 2)
    """
    return _encode(decode_run_lengths(run_lengths, height, width).astype(np.uint8) * 255)


def read_mask_png(content: bytes, *, name: str = "mask.png") -> tuple[tuple[int, ...], int, int]:
    """Return run lengths, height and width of a mask as a picture: the inverse of :func:`mask_png`.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As :func:`read_levels`.
    InvalidMask
        A gray that is neither 0 nor 255, as where a mask was saved with loss or smoothed.

    Examples
    --------
    >>> read_mask_png(mask_png((0, 3), 1, 3))
    ((0, 3), 1, 3)
    """
    gray = read_gray(content, name=name)
    if ((gray != 0) & (gray != 255)).any():
        found = ", ".join(map(str, np.unique(gray)[:8].tolist()))
        raise InvalidMask(f"{name} is no mask of two levels", expected="0 and 255", found=found)
    height, width = gray.shape
    return encode_run_lengths(gray == 255), height, width


def three_levels_png(nucleus: BinaryMask, cell: BinaryMask) -> bytes:
    """Return nucleus and cell in one gray PNG: 255 nucleus, 128 cytoplasm, 0 the rest.

    Parameters
    ----------
    nucleus, cell : ndarray
        bool of the same shape (height, width); the nucleus lies in the cell.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    InvalidMask
        Other arrays, or a nucleus that leaves the cell.

    Examples
    --------
    >>> nucleus, cell = np.array([[True, False, False]]), np.array([[True, True, False]])
    >>> [mask.tolist() for mask in read_levels(three_levels_png(nucleus, cell), 200, 100)]
    [[[True, False, False]], [[True, True, False]]]
    """
    check_mask(nucleus)
    check_mask(cell)
    if nucleus.shape != cell.shape:
        raise InvalidMask("masks of two sizes", expected=f"cell of {nucleus.shape}", found=str(cell.shape))
    if outside := int((nucleus & ~cell).sum()):
        raise InvalidMask(
            "the nucleus leaves the cell", expected="nucleus within cell", found=f"{outside} pixels outside"
        )
    levels = np.zeros(cell.shape, np.uint8)
    levels[cell] = CYTOPLASM
    levels[nucleus] = NUCLEUS
    return _encode(levels)


def read_levels(
    content: bytes, nucleus_above: int, cell_above: int, *, name: str = "mask.png"
) -> tuple[BinaryMask, BinaryMask]:
    """Return nucleus and cell of a picture whose gray says which part a pixel is.

    Parameters
    ----------
    content : bytes
        A PNG, BMP or TIFF of 8 bits or less, gray or with three equal channels, opaque.
    nucleus_above, cell_above : int
        A pixel brighter than this is nucleus, or cell; 0 to 255, as in ``formats.annotated.MaskFile``.
    name : str
        What to call the picture in an error.

    Returns
    -------
    tuple of ndarray
        Nucleus and cell: bool, (height, width). The nucleus lies in the cell, as ``nucleus_above`` is not the lower.

    Raises
    ------
    InvalidMask
        ``nucleus_above`` below ``cell_above``; a picture in color, whose gray would have to be guessed.
    UnreadableImage
        Neither PNG, BMP nor TIFF, or a damaged one.
    UnsupportedImage
        More than 8 bits, several pictures, transparent, or to be turned by a tag.
    ImageTooLarge
        More than 200 megapixels.

    Examples
    --------
    >>> nucleus, cell = read_levels(mask_png((1, 2), 1, 3), 191, 63)
    >>> nucleus.tolist()
    [[False, True, True]]
    """
    if nucleus_above < cell_above:
        found = f"nucleus above {nucleus_above}, cell above {cell_above}"
        raise InvalidMask("levels in the wrong order", expected="the nucleus brighter than the cell", found=found)
    gray = read_gray(content, name=name)
    return gray > nucleus_above, gray > cell_above


def coco_rle(run_lengths: Sequence[int], height: int, width: int) -> dict[str, list[int]]:
    """Return a mask as COCO's run lengths, not compressed: pixels in column order, background first.

    Parameters
    ----------
    run_lengths : sequence of int
        Pixels in row order, background first.
    height, width : int
        Size of the mask in pixels.

    Returns
    -------
    dict
        ``size``: height and width; ``counts``: the lengths.

    Raises
    ------
    InvalidMask
        The run lengths do not fill the mask.

    Examples
    --------
    >>> coco_rle((1, 2, 3), 2, 3)
    {'size': [2, 3], 'counts': [2, 1, 1, 1, 1]}
    """
    counts = encode_run_lengths(decode_run_lengths(run_lengths, height, width).T)
    return {"size": [height, width], "counts": list(counts)}


def read_coco_rle(rle: Mapping[str, Any], *, where: str = "segmentation") -> tuple[tuple[int, ...], int, int]:
    """Return run lengths in row order, height and width: the inverse of :func:`coco_rle`.

    Parameters
    ----------
    rle : mapping
        ``size`` and ``counts``, which are lengths, or the text in which COCO packs them.
    where : str
        File and key, for an error.

    Returns
    -------
    tuple
        Run lengths (background first), height, width.

    Raises
    ------
    UnreadableFormat
        With what was expected and found.

    Examples
    --------
    >>> read_coco_rle({"size": [2, 3], "counts": [2, 1, 1, 1, 1]}), read_coco_rle({"size": [2, 3], "counts": "21100"})
    (((1, 2, 3), 2, 3), ((1, 2, 3), 2, 3))
    """
    size, counts = rle.get("size"), rle.get("counts")
    if not isinstance(size, list | tuple) or len(size) != 2 or not all(map(_is_length, size)) or 0 in size:
        raise UnreadableFormat(f"{where}.size", expected="height and width in pixels", found=repr(size)[:100])
    height, width = size
    if height * width > MAX_MEGAPIXELS * 1e6:
        raise UnreadableFormat(f"{where}.size", expected=f"at most {MAX_MEGAPIXELS:g} megapixels", found=repr(size))
    if isinstance(counts, str | bytes):
        counts = _unpack(counts if isinstance(counts, str) else counts.decode("latin-1"), where)
    if not isinstance(counts, list | tuple) or not all(map(_is_length, counts)) or sum(counts) != height * width:
        expected = f"lengths that add up to {height * width}"
        raise UnreadableFormat(f"{where}.counts", expected=expected, found=_told(counts))
    return encode_run_lengths(np.ascontiguousarray(decode_run_lengths(counts, width, height).T)), height, width


def _is_length(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _told(counts: object) -> str:
    """Return what stands in place of lengths, in short."""
    if isinstance(counts, list | tuple) and all(isinstance(count, int) for count in counts):
        return f"{len(counts)} lengths of {sum(counts)}"
    return repr(counts)[:100]


def _unpack(text: str, where: str) -> list[int]:
    """Return the lengths that COCO packs into text.

    Each character holds 5 bits of a number, lowest first, and whether more follow, offset by 48; from the fourth on, a
    number is the difference to the length two before.
    """
    counts: list[int] = []
    number = shift = 0
    for mark in text:
        bits = ord(mark) - 48
        if not 0 <= bits < 64 or shift > _MOST_BITS:
            raise UnreadableFormat(f"{where}.counts", expected="packed run lengths", found=repr(mark))
        number |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            number -= 1 << shift
        counts.append(number + counts[-2] if len(counts) > 2 else number)
        number = shift = 0
    if shift:
        raise UnreadableFormat(f"{where}.counts", expected="packed run lengths", found="text that was cut short")
    return counts


def _encode(gray: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", gray, [cv2.IMWRITE_PNG_COMPRESSION, 6])[1].tobytes()


def mask_pixels(content: bytes, *, name: str = "mask.png") -> NDArray[np.uint8]:
    """Return the pixels of a mask as it lies, where nothing has to be guessed.

    Parameters
    ----------
    content : bytes
        A PNG, BMP or TIFF of 8 bits or less, opaque; a palette is looked up.
    name : str
        What to call the picture in an error.

    Returns
    -------
    ndarray
        uint8, shape (height, width, 3), RGB.

    Raises
    ------
    UnreadableImage
        Neither PNG, BMP nor TIFF, or a damaged one.
    UnsupportedImage
        More than 8 bits, several pictures, transparent, or to be turned by a tag.
    ImageTooLarge
        More than 200 megapixels.

    Examples
    --------
    >>> mask_pixels(mask_png((1, 1), 1, 2), name="mask.png").tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    """
    kind = sniff(content)
    if kind not in _PLUGINS:
        raise UnreadableImage(
            f"{name} is no mask", expected="PNG, BMP or TIFF", found=kind or "an unknown kind of file"
        )
    try:
        with quiet():
            image = _PLUGINS[kind](io.BytesIO(content))
            # Pillow turns a TIFF by its tag, whatever one asks; the mask would leave the frame of its picture.
            turned = kind == "TIFF" and image.getexif().get(_ORIENTATION, 1) != 1
            several = getattr(image, "n_frames", 1) != 1
    except Exception as error:  # readers raise anything on hostile bytes
        raise unreadable(name, kind, error) from error
    width, height = image.size
    if width * height > MAX_MEGAPIXELS * 1e6:
        raise ImageTooLarge(
            f"{name} is too large", expected=f"at most {MAX_MEGAPIXELS:g} megapixels", found=f"{width} x {height}"
        )
    if image.mode not in ("1", "L", "P", "RGB", "RGBA", "LA", "PA"):
        raise UnsupportedImage(f"{name} is of a kind we do not keep", expected="a mask of 8 bits", found=image.mode)
    if turned or several:
        found = "a picture to be turned" if turned else "several pictures"
        raise UnsupportedImage(f"{name} is of a kind we do not keep", expected="one mask as it lies", found=found)
    try:
        with quiet():
            # The alpha of a palette comes out only so.
            pixels = np.asarray(image.convert("RGBA"))
    except Exception as error:
        raise unreadable(name, kind, error) from error
    if (faintest := int(pixels[:, :, 3].min())) < 255:
        raise UnsupportedImage(f"{name} is transparent", expected="opacity 255", found=f"down to {faintest}")
    return np.ascontiguousarray(pixels[:, :, :3])


def read_gray(content: bytes, *, name: str = "mask.png") -> NDArray[np.uint8]:
    """Return the gray of a mask.

    Parameters
    ----------
    content : bytes
        As in :func:`mask_pixels`, gray or with three equal channels.
    name : str
        What to call the picture in an error.

    Returns
    -------
    ndarray
        uint8, shape (height, width).

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As :func:`mask_pixels`.
    InvalidMask
        A picture in color, whose gray would have to be guessed.

    Examples
    --------
    >>> read_gray(mask_png((1, 1), 1, 2)).tolist()
    [[0, 255]]
    """
    pixels = mask_pixels(content, name=name)
    gray = pixels[:, :, 0]
    if colored := int(np.count_nonzero((pixels[:, :, 1] != gray) | (pixels[:, :, 2] != gray))):
        raise InvalidMask(f"{name} is in color", expected="gray", found=f"{colored} colored pixels")
    return np.ascontiguousarray(gray)
