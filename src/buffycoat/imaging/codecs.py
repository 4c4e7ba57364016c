"""From files to pixels and back: one way to decode, for everything.

The stored pixel grid is what is read: EXIF orientation is never applied, so that the pixels and the boxes of a label
file stay in one frame. HEIC is the exception that its format makes: mirroring, rotation and cropping are properties of
a HEIC picture and not a note beside it, and the library that decodes it carries them out.
"""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pi_heif
from PIL import Image

from buffycoat.domain.value import Digest
from buffycoat.errors import ImageTooLarge, InputError, UnreadableFile, UnreadableImage, UnsupportedImage
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.formats import sniff
from buffycoat.imaging.headers import Probe, open_picture, probe, quiet, unreadable

__all__ = [
    "MAX_BYTES",
    "MAX_MEGAPIXELS",
    "Probe",
    "check_size",
    "decode_png",
    "decode_rgb",
    "encode_jpeg",
    "encode_png",
    "pixel_digest",
    "probe",
    "read_bytes",
    "read_rgb",
    "turn",
]

MAX_MEGAPIXELS: Final = 200.0
MAX_BYTES: Final = 1 << 30
"""A file above 1 GiB is not opened: 200 megapixels without any compression take 0.6 GiB."""

_TURNS: Final = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}


def read_rgb(path: Path | str, *, max_megapixels: float = MAX_MEGAPIXELS) -> RgbImage:
    """Read a photograph: JPEG, PNG, TIFF, BMP or HEIC, 8 bits a channel, in color.

    Parameters
    ----------
    path : Path or str
        The file.
    max_megapixels : float
        Larger pictures are refused from their header.

    Returns
    -------
    ndarray
        uint8, (height, width, 3), RGB, in the stored pixel grid.

    Raises
    ------
    UnreadableFile
        No such file, no permission, a broken link, no regular file.
    UnreadableImage
        No picture, or a damaged one.
    UnsupportedImage
        A picture that would have to be guessed at: CMYK, gray, 16 bits, transparent, more than one page.
    ImageTooLarge
        More than ``max_megapixels``.

    Examples
    --------
    >>> read_rgb("no such file.jpg")
    Traceback (most recent call last):
    ...
    buffycoat.errors.UnreadableFile: no such file.jpg cannot be read: expected a file, found no such file or directory
    """
    path = Path(path)
    return decode_rgb(read_bytes(path, name=path.name), name=path.name, max_megapixels=max_megapixels)


def read_bytes(path: Path, *, name: str) -> bytes:
    """Read a regular file; a pipe, a device or a broken link is refused and not waited for.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What to call it in an error.

    Returns
    -------
    bytes
        The whole file.

    Raises
    ------
    UnreadableFile
        With the operating system's reason.
    ImageTooLarge
        Above ``MAX_BYTES``.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            found = "a folder" if stat.S_ISDIR(facts.st_mode) else "a pipe, socket or device"
            raise UnreadableFile(f"{name} cannot be read", expected="a file", found=found)
        if facts.st_size > MAX_BYTES:
            size = f"{facts.st_size:,} bytes"
            raise ImageTooLarge(f"{name} is too large", expected=f"at most {MAX_BYTES:,} bytes", found=size)
        return path.read_bytes()
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise UnreadableFile(f"{name} cannot be read", expected="a file", found=reason) from error


def decode_rgb(content: bytes, *, name: str, max_megapixels: float = MAX_MEGAPIXELS) -> RgbImage:
    """Decode the bytes of a photograph into its stored pixel grid.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.
    max_megapixels : float
        Larger pictures are refused from their header. Pillow's own limit, 179 megapixels, holds for TIFF besides.

    Returns
    -------
    ndarray
        uint8, (height, width, 3), RGB.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As ``read_rgb``.

    Examples
    --------
    >>> decode_rgb(b"dear diary", name="a.jpg")
    Traceback (most recent call last):
    ...
    buffycoat.errors.UnreadableImage: a.jpg is no photograph: expected JPEG, PNG, TIFF, BMP or HEIC, found text
    """
    seen, source = open_picture(content, name=name)
    check_size(seen, name=name, max_megapixels=max_megapixels)
    try:
        if isinstance(source, pi_heif.HeifFile):
            pixels = np.array(source[source.primary_index])
        elif seen.format == "TIFF":
            with quiet():
                pixels = _unpack(source)
        else:
            pixels = _unpack(source)
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(f"{name} is too large", expected="a TIFF of at most 178 megapixels") from error
    except MemoryError:
        raise
    except Exception as error:
        raise unreadable(name, seen.format, error) from error
    if pixels.shape[2] == 4:
        faintest = int(pixels[:, :, 3].min())
        if faintest < 255:
            raise UnsupportedImage(f"{name} is transparent", expected="opacity 255", found=f"down to {faintest}")
        pixels = np.ascontiguousarray(pixels[:, :, :3])
    return pixels


def check_size(seen: Probe, *, name: str, max_megapixels: float) -> None:
    """Refuse a picture whose header says that it is too large.

    Parameters
    ----------
    seen : Probe
        What the header says.
    name : str
        What to call the file in an error.
    max_megapixels : float
        The largest that is decoded.

    Raises
    ------
    ImageTooLarge
        Above it.
    """
    megapixels = seen.width * seen.height / 1e6
    if megapixels > max_megapixels:
        raise ImageTooLarge(
            f"{name} is too large",
            expected=f"at most {max_megapixels:g} megapixels",
            found=f"{seen.width} x {seen.height} pixels, {megapixels:,.1f} megapixels",
        )


def _unpack(image: Image.Image) -> RgbImage:
    """Return the pixels of an opened picture, with a fourth channel where it may be transparent."""
    if image.mode in ("P", "PA", "RGBa") or "transparency" in image.info:
        return np.array(image.convert("RGBA"))
    return np.array(image.convert("RGB") if image.mode == "RGBX" else image)


def encode_png(image: RgbImage) -> bytes:
    """Encode as PNG, without loss: the same pixels always make the same bytes.

    Fast rather than small (zlib level 1).

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB.

    Returns
    -------
    bytes
        The file.

    Examples
    --------
    >>> image = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    >>> bool((decode_png(encode_png(image)) == image).all())
    True
    """
    check_rgb(image)
    flags = [cv2.IMWRITE_PNG_COMPRESSION, 1]
    return cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), flags)[1].tobytes()


def decode_png(content: bytes, *, name: str = "crop.png") -> RgbImage:
    """Decode a PNG, such as a kept crop; anything else is refused.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.

    Returns
    -------
    ndarray
        uint8, (height, width, 3), RGB.

    Raises
    ------
    UnreadableImage
        No PNG.
    """
    if sniff(content) != "PNG":
        raise UnreadableImage(f"{name} is no PNG", expected="PNG", found=sniff(content) or "an unknown kind of file")
    return decode_rgb(content, name=name)


def encode_jpeg(image: RgbImage, *, quality: int = 90) -> bytes:
    """Encode as JPEG, for a preview; pixels change.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB.
    quality : int
        1 to 100.

    Returns
    -------
    bytes
        The file, without any metadata.

    Examples
    --------
    >>> encode_jpeg(np.zeros((8, 8, 3), np.uint8))[:3].hex()
    'ffd8ff'
    """
    check_rgb(image)
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), flags)[1].tobytes()


def turn(image: RgbImage, quarter_turns: int) -> RgbImage:
    """Turn an image clockwise.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB.
    quarter_turns : int
        How often by 90 degrees; 0 gives a copy.

    Returns
    -------
    ndarray
        uint8, (width, height, 3) after an odd number of turns.

    Examples
    --------
    >>> image = np.zeros((2, 3, 3), np.uint8)
    >>> image[1, 0] = 255  # bottom left
    >>> turned = turn(image, 1)
    >>> turned.shape, turned[0, 0, 0]  # top left
    ((3, 2, 3), np.uint8(255))
    """
    check_rgb(image)
    turns = quarter_turns % 4
    return np.asarray(cv2.rotate(image, _TURNS[turns]), np.uint8) if turns else image.copy()


def pixel_digest(image: RgbImage) -> Digest:
    """Return the SHA-256 of an image's size and pixels, whatever file they came in.

    Examples
    --------
    >>> image = np.zeros((2, 3, 3), np.uint8)
    >>> pixel_digest(image) == pixel_digest(image.reshape(3, 2, 3))
    False
    """
    check_rgb(image)
    height, width, _ = image.shape
    digest = hashlib.sha256(f"{width}x{height}:".encode())
    digest.update(np.ascontiguousarray(image).data)
    return digest.hexdigest()
