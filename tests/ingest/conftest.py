"""Photographs with all that a telephone puts beside the picture, made byte by byte."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Build = Callable[..., bytes]

SECRETS = (b"SECRET-serial", b"SECRET-place", b"SECRET-maker", b"SECRET-thumb", b"SECRET-film", b"SECRET-note")


@pytest.fixture(scope="session")
def picture() -> np.ndarray:
    """A photograph of 61 by 90 pixels with smooth colors."""
    y, x = np.mgrid[:61, :90]
    return np.stack([x * 2, y * 3, (x + y) % 256], axis=-1).astype(np.uint8)


def _tiff(order: str, orientation: int) -> bytes:
    """An EXIF block: camera, position, maker note, thumbnail; the odd numbers that cameras write among them."""

    def entry(tag: int, kind: int, count: int, value: int | bytes) -> bytes:
        if isinstance(value, int):
            value = struct.pack(f"{order}{'HH' if kind == 3 else 'I'}", *((value, 0) if kind == 3 else (value,)))
        return struct.pack(f"{order}HHI", tag, kind, count) + value

    def directory(entries: list[bytes], after: int) -> bytes:
        return struct.pack(f"{order}H", len(entries)) + b"".join(entries) + struct.pack(f"{order}I", after)

    heap = 400
    store = b""

    def far(content: bytes) -> int:
        nonlocal store
        at = heap + len(store)
        store += content + b"\0" * (len(content) % 2)
        return at

    ratio = lambda top, bottom: far(struct.pack(f"{order}II", top, bottom))  # noqa: E731 - three short uses
    make, model = far(b"LG Electronics\0"), far(b"LG-D855\0")
    serial, place, maker, thumb = far(SECRETS[0]), far(SECRETS[1] + bytes(12)), far(SECRETS[2]), far(SECRETS[3])
    exposure, aperture, length, no_number = ratio(1, 40), ratio(24, 10), ratio(397, 100), ratio(5, 0)
    main = [
        entry(0x010F, 2, 15, make),
        entry(0x0110, 2, 8, model),
        entry(0x0112, 3, 1, orientation),
        entry(0x011A, 5, 1, no_number),
        entry(0x8769, 4, 1, 100),
        entry(0x8825, 4, 1, 200),
    ]
    detail = [
        entry(0x829A, 5, 1, exposure),
        entry(0x829D, 5, 1, aperture),
        entry(0x8827, 3, 1, 125),
        entry(0x920A, 5, 1, length),
        entry(0x927C, 7, len(SECRETS[2]), maker),
        entry(0xA431, 2, len(SECRETS[0]), serial),
        entry(0x9999, 4, 1, 7),
    ]
    position = [entry(2, 5, 3, place), entry(1, 2, 2, b"N\0\0\0")]
    small = [entry(0x0201, 4, 1, thumb), entry(0x0202, 4, 1, len(SECRETS[3]))]
    block = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    for start, part in (
        (8, directory(main, 250)),
        (100, directory(detail, 0)),
        (200, directory(position, 0)),
        (250, directory(small, 0)),
    ):
        block = block.ljust(start, b"\0") + part
    return block.ljust(heap, b"\0") + store


@pytest.fixture(scope="session")
def exif_block() -> Build:
    def build(*, order: str = "<", orientation: int = 6) -> bytes:
        return _tiff(order, orientation)

    return build


@pytest.fixture(scope="session")
def encoded(picture: np.ndarray) -> Build:
    """The picture as a file, by Pillow: `encoded("JPEG", quality=90)`."""

    def build(kind: str, *, mode: str = "RGB", **options: object) -> bytes:
        file = io.BytesIO()
        Image.fromarray(picture).convert(mode).save(file, kind, **options)
        return file.getvalue()

    return build


@pytest.fixture(scope="session")
def phone_jpeg(encoded: Build, exif_block: Build) -> Build:
    """A JPEG as from a telephone: EXIF, XMP, IPTC, MPF, a comment, a profile, and a film behind the end."""

    def build(*, order: str = "<", orientation: int = 6, icc: bytes = b"", **options: object) -> bytes:
        plain = encoded("JPEG", icc_profile=icc, **options)

        def segment(marker: int, payload: bytes) -> bytes:
            return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload

        beside = segment(0xE1, b"Exif\0\0" + exif_block(order=order, orientation=orientation))
        beside += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>SECRET-note</x>")
        beside += segment(0xE2, b"MPF\0SECRET-note") + segment(0xED, b"Photoshop 3.0\0SECRET-note")
        beside += segment(0xFE, b"SECRET-note") + segment(0xE5, b"SECRET-note")
        return plain[:2] + beside + plain[2:] + b"ftypmp42 SECRET-film" + bytes(1184)

    return build


@pytest.fixture(scope="session")
def raabin_photograph(data: Path) -> Path:
    return data / "raabin_samples" / "full_field" / "images" / "20160720_232423.jpg"
