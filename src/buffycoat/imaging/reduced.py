"""A photograph at a half, a quarter or an eighth of its size, without decoding what would be averaged away.

A JPEG is stored as blocks of 8 x 8 frequencies. Its decoder can leave out the high ones and make 4 x 4, 2 x 2 or 1
pixel of a block, each within a level or two the mean of what it covers. Taking the bytes apart costs the same, all that
comes after it a fraction.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, check_size, decode_rgb
from buffycoat.imaging.formats import sniff
from buffycoat.imaging.headers import open_picture, unreadable

__all__ = ["REDUCTIONS", "Reduced", "decode_reduced", "reduce"]

REDUCTIONS: Final = (1, 2, 4, 8)
"""What JPEG decoders offer, in pixels of the photograph to one of the picture."""


@value
class Reduced:
    """A photograph at a fraction of its size.

    Pixel (x, y) of ``image`` stands for the ``times`` x ``times`` pixels of the photograph from (x * times, y * times)
    on; the last column and row may reach beyond the photograph, which is ``width`` x ``height`` pixels. So the factor
    is the same whole number in both directions, whatever the size.
    """

    image: RgbImage
    times: int
    width: int
    height: int


def decode_reduced(content: bytes, *, name: str, times: int, max_megapixels: float = MAX_MEGAPIXELS) -> Reduced:
    """Decode a photograph at a fraction of its size, in its stored pixel grid.

    Only a JPEG is faster so; any other picture is decoded whole, and its areas are averaged.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.
    times : {1, 2, 4, 8}
        Pixels of the photograph to one of the picture, in each direction.
    max_megapixels : float
        Larger photographs are refused from their header.

    Returns
    -------
    Reduced
        ``image`` has the sides of the photograph divided by ``times``, rounded up.

    Raises
    ------
    InputError
        No such fraction.
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As ``imaging.codecs.read_rgb``, for the same files.

    Examples
    --------
    >>> from buffycoat.imaging.codecs import encode_jpeg
    >>> content = encode_jpeg(np.full((20, 33, 3), 90, np.uint8))
    >>> small = decode_reduced(content, name="a.jpg", times=8)
    >>> small.image.shape, small.width, small.height
    ((3, 5, 3), 33, 20)
    """
    if times not in REDUCTIONS:
        raise InputError("no such fraction", expected=f"one of {REDUCTIONS}", found=str(times))
    if times == 1 or sniff(content) != "JPEG":
        return _reduced(decode_rgb(content, name=name, max_megapixels=max_megapixels), times)
    seen, source = open_picture(content, name=name)
    check_size(seen, name=name, max_megapixels=max_megapixels)
    size = (-(-seen.width // times), -(-seen.height // times))
    if not isinstance(source, JpegImageFile):  # pragma: no cover (the kind of file decides)
        raise TypeError(type(source))
    source.draft(None, (max(1, seen.width // times), max(1, seen.height // times)))
    if source.size != size:  # narrower than one pixel of the picture: nothing is gained
        return _reduced(decode_rgb(content, name=name, max_megapixels=max_megapixels), times)
    try:
        image = np.array(source)
    except MemoryError:
        raise
    except Exception as error:
        raise unreadable(name, seen.format, error) from error
    return Reduced(image=image, times=times, width=seen.width, height=seen.height)


def _reduced(image: RgbImage, times: int) -> Reduced:
    height, width, _ = image.shape
    return Reduced(image=reduce(image, times), times=times, width=width, height=height)


def reduce(image: RgbImage, times: int) -> RgbImage:
    """Average areas of ``times`` x ``times`` pixels; the last row and column are continued where they do not fill one.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB.
    times : int
        Pixels of the image to one of the result, in each direction.

    Returns
    -------
    ndarray
        uint8, both sides divided by ``times`` and rounded up; the image itself where ``times`` is 1.

    Examples
    --------
    >>> reduce(np.full((20, 33, 3), 90, np.uint8), 8).shape
    (3, 5, 3)
    """
    check_rgb(image)
    if times == 1:
        return image
    height, width, _ = image.shape
    down, across = -height % times, -width % times
    if down or across:
        image = np.asarray(cv2.copyMakeBorder(image, 0, down, 0, across, cv2.BORDER_REPLICATE), np.uint8)
    size = ((width + across) // times, (height + down) // times)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
