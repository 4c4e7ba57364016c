"""Photographs of a drawn smear as phones make them: with their position in EXIF, in a second picture, and at the end."""

from __future__ import annotations

import io
import struct

import cv2
import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

SECONDS = 48_271_963
"""Of the latitude, in millionths: a number that is nowhere else."""
POSITION = struct.pack(">II", SECONDS, 1_000_000)
"""The very bytes that say where a photograph was taken."""
PLACE = b"35.749742,51.398121"
"""The same in words, as some phones write behind the picture."""
RED, VIOLET, LIGHT = (205, 140, 135), (96, 50, 140), (232, 226, 228)


def field(seed: int, *, width: int = 800, height: int = 600, red_px: float = 50.0) -> np.ndarray:
    """Draw red cells on a light ground, and two white cells among them; uint8, (height, width, 3)."""
    noise = np.random.default_rng(seed)
    image = np.full((height, width, 3), LIGHT, np.uint8)
    for y in range(int(red_px), height - int(red_px), int(red_px * 1.6)):
        for x in range(int(red_px), width - int(red_px), int(red_px * 1.6)):
            place = (x + int(noise.integers(-6, 7)), y + int(noise.integers(-6, 7)))
            cv2.circle(image, place, int(red_px / 2), RED, -1, cv2.LINE_AA)
    for x in (width // 3, 2 * width // 3):
        place = (x + int(noise.integers(-20, 21)), height // 2 + int(noise.integers(-20, 21)))
        cv2.circle(image, place, int(red_px * 0.85), (200, 180, 205), -1, cv2.LINE_AA)
        cv2.circle(image, place, int(red_px * 0.6), VIOLET, -1, cv2.LINE_AA)
    return cv2.add(image, noise.integers(0, 3, image.shape).astype(np.uint8))


def exif(number: int = 0) -> Image.Exif:
    """Say camera, exposure, and where it was."""
    told = Image.Exif()
    told[0x010F], told[0x0110], told[0x0112] = "samsung", "SM-G991B", 1
    told.get_ifd(0x8769)[0x8827] = 100 + number % 400
    told.get_ifd(0x8769)[0xA431] = "SERIAL-0815"
    gps = told.get_ifd(0x8825)
    gps[1], gps[3] = "N", "E"
    gps[2] = (IFDRational(35), IFDRational(44), IFDRational(SECONDS, 1_000_000))
    gps[4] = (IFDRational(51), IFDRational(23), IFDRational(53_234_517, 1_000_000))
    return told


def photograph(number: int, *, image: np.ndarray | None = None, quality: int = 88) -> bytes:
    """Return a JPEG of its own with the position in its head, and once more behind its end."""
    pixels = field(number) if image is None else image
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, exif=exif(number))
    content = out.getvalue() + b"SEFT position " + PLACE + number.to_bytes(4, "big")
    if POSITION not in content:
        raise AssertionError("the photograph does not say where it was taken, so nothing could be found")
    return content


def says_where(content: bytes) -> bool:
    """Say whether bytes hold the position, in either form."""
    return POSITION in content or PLACE in content or b"SERIAL-0815" in content
