"""What the header of a picture says, and whether that is a kind of picture we keep.

Nothing here decodes a pixel, so that a file which claims to be enormous costs nothing.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import pi_heif
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from buffycoat.domain.value import value
from buffycoat.errors import UnreadableImage, UnsupportedImage
from buffycoat.imaging.formats import PHOTOGRAPHS, PICTURES_REFUSED, sniff
from buffycoat.imaging.heic_boxes import check_boxes
from buffycoat.imaging.segments import jpeg_segments, png_chunks
from buffycoat.imaging.tags import read_tags

__all__ = ["Probe", "open_picture", "probe", "quiet", "unreadable"]

_READABLE: Final = ", ".join(PHOTOGRAPHS[:-1]) + " or " + PHOTOGRAPHS[-1]
_PLUGINS: Final[Mapping[str, Callable[[io.BytesIO], ImageFile]]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
}
_COLOR: Final = ("RGB", "RGBA", "RGBX", "RGBa", "P", "PA")
_OTHERS: Final = {
    "1": "black and white",
    "L": "grayscale",
    "LA": "grayscale",
    "La": "grayscale",
    "I": "grayscale",
    "F": "grayscale",
    "I;16": "grayscale of 16 bits",
    "I;16B": "grayscale of 16 bits",
    "LAB": "CIE Lab",
}
_SUBFILE, _BITS, _ORIENTATION, _DNG = 0x00FE, 0x0102, 0x0112, 0xC612
# The filters of warnings are one for all threads of a process.
_ONE_AT_A_TIME: Final = threading.Lock()


@value
class Probe:
    """What the header says: size in the stored grid, Pillow's word for the mode, the color profile as stored.

    ``cicp`` holds the code points of primaries and transfer function (ITU-T H.273) where a HEIC file has them in place
    of a profile, and they are not those of sRGB.
    """

    format: str
    width: int
    height: int
    mode: str
    icc: bytes | None
    cicp: tuple[int, int] | None = None


def probe(content: bytes, *, name: str) -> Probe:
    """Read the header of a picture, without decoding it.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.

    Returns
    -------
    Probe
        Size, mode and color profile.

    Raises
    ------
    UnreadableImage
        No picture, or one that was cut short.
    UnsupportedImage
        CMYK, gray, 16 bits a channel, several pictures in one file, or a format that we do not keep.

    Examples
    --------
    >>> import numpy as np
    >>> from buffycoat.imaging.codecs import encode_png
    >>> seen = probe(encode_png(np.zeros((2, 3, 3), np.uint8)), name="a.png")
    >>> seen.format, seen.width, seen.height, seen.mode
    ('PNG', 3, 2, 'RGB')
    """
    return open_picture(content, name=name)[0]


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what Pillow warns about: odd tags, and pictures that are large though not too large."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def unreadable(name: str, kind: str, error: Exception) -> UnreadableImage:
    """Return the error for a picture that a decoder refused, with the decoder's reason in one line."""
    first = [*str(error).split("<", 1)[0].splitlines(), ""][0].strip(" :")
    return UnreadableImage(
        f"{name} cannot be decoded", expected=f"a sound {kind} file", found=first or type(error).__name__
    )


def open_picture(content: bytes, *, name: str) -> tuple[Probe, ImageFile | pi_heif.HeifFile]:
    """Read the header, as ``probe``, and keep what will decode the pixels."""
    kind = sniff(content)
    if not content:
        raise UnreadableImage(f"{name} is empty", expected=_READABLE, found="0 bytes")
    if kind in PICTURES_REFUSED:
        raise _unsupported(name, kind, expected=_READABLE)
    if kind not in PHOTOGRAPHS:
        raise UnreadableImage(f"{name} is no photograph", expected=_READABLE, found=kind or "an unknown kind of file")
    if kind == "HEIC":
        return _open_heic(content, name=name)
    if kind == "JPEG":
        jpeg_segments(content, name=name)
    elif kind == "PNG":
        _check_png(content, name=name)
    elif kind == "TIFF":
        content = _check_tiff(content, name=name)
    try:
        # Readers raise anything on hostile bytes.
        with quiet():
            image = _PLUGINS[kind](io.BytesIO(content))
    except Exception as error:
        raise unreadable(name, kind, error) from error
    if image.mode not in _COLOR:
        raise _unsupported(name, _OTHERS.get(image.mode, image.mode))
    image.info.pop("xmp", None)  # Pillow would turn a TIFF by it
    width, height = image.size
    icc = image.info.get("icc_profile") or None
    return Probe(format=kind, width=width, height=height, mode=image.mode, icc=icc), image


def _unsupported(name: str, found: str, *, expected: str = "one 8-bit RGB picture") -> UnsupportedImage:
    return UnsupportedImage(f"{name} is of a kind we do not keep", expected=expected, found=found)


def _open_heic(content: bytes, *, name: str) -> tuple[Probe, pi_heif.HeifFile]:
    check_boxes(content, name=name)
    try:
        file = pi_heif.open_heif(content, convert_hdr_to_8bit=False)
        image = file[file.primary_index]
    except Exception as error:
        raise unreadable(name, "HEIC", error) from error
    if len(file) > 1:
        raise _unsupported(name, f"{len(file)} pictures")
    if image.info["bit_depth"] != 8:
        raise _unsupported(name, f"{image.info['bit_depth']} bits a channel")
    if image.mode not in _COLOR:
        raise _unsupported(name, _OTHERS.get(image.mode, image.mode))
    width, height = image.size
    icc = image.info.get("icc_profile") or None
    nclx = image.info.get("nclx_profile") or {}
    codes = (int(nclx.get("color_primaries", 2)), int(nclx.get("transfer_characteristics", 2)))
    cicp = None if icc or codes[0] in (1, 2) else codes
    return Probe(format="HEIC", width=width, height=height, mode=image.mode, icc=icc, cicp=cicp), file


def _check_png(content: bytes, *, name: str) -> None:
    """Refuse what Pillow would reduce in silence: 16 bits a channel, and the first picture of many."""
    chunks, _ = png_chunks(content, name=name)
    if chunks[0].payload[8:9] == b"\x10":
        raise _unsupported(name, "16 bits a channel")
    if any(chunk.kind == "acTL" and int.from_bytes(chunk.payload[:4], "big") != 1 for chunk in chunks):
        raise _unsupported(name, "an animation")


def _check_tiff(content: bytes, *, name: str) -> bytes:
    """Refuse pages, previews and depths that would have to be guessed at; return the file with orientation 1.

    Pillow turns a TIFF by its orientation tag, whatever one asks.
    """
    tags = read_tags(content)
    first = {tag.id: tag for tag in tags if tag.directory == "0"}
    if _DNG in first or (_SUBFILE in first and any(int(number) & 1 for number in first[_SUBFILE].numbers)):
        raise _unsupported(name, "camera raw, with a preview in front")
    if any(tag.directory == "1" for tag in tags):
        raise _unsupported(name, "several pages")
    if _BITS in first and any(number != 8 for number in first[_BITS].numbers):
        raise _unsupported(name, f"{max(first[_BITS].numbers):g} bits a channel")
    turned = first.get(_ORIENTATION)
    if turned is None or turned.type != 3 or not turned.raw:
        return content
    patched = bytearray(content)
    patched[turned.at : turned.at + 2] = (1).to_bytes(2, "little" if turned.order == "<" else "big")
    return bytes(patched)
