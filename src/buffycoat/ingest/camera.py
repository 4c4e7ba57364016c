"""What took the picture: read from EXIF before EXIF is removed."""

from __future__ import annotations

import re
from typing import Final

from buffycoat.domain.smear import Exif
from buffycoat.domain.value import value
from buffycoat.imaging.tags import Tag, read_tags
from buffycoat.ingest.exif import exif_block

__all__ = ["PRESETS", "CameraPreset", "camera_name", "camera_preset", "read_exif"]

_MAKE, _MODEL, _ORIENTATION = 0x010F, 0x0110, 0x0112
_EXPOSURE, _APERTURE, _ISO, _FOCAL_LENGTH = 0x829A, 0x829D, 0x8827, 0x920A


@value
class CameraPreset:
    """A camera that is met on microscopes: how its pictures are signed, and what is known of it.

    ``model`` is a regular expression over the EXIF model; optical format in inches, ``None`` where it is not published.
    """

    name: str
    model: str
    megapixels: float
    sensor_format: str | None = None
    f_number: float | None = None
    focal_length_mm: float | None = None


def _preset(
    name: str,
    model: str,
    megapixels: float,
    sensor_format: str | None = None,
    f_number: float | None = None,
    focal_length_mm: float | None = None,
) -> CameraPreset:
    return CameraPreset(
        name=name,
        model=model,
        megapixels=megapixels,
        sensor_format=sensor_format,
        f_number=f_number,
        focal_length_mm=focal_length_mm,
    )


PRESETS: Final = (
    _preset("Samsung Galaxy S4", r"GT-I950[0-9]\w*|SGH-I337\w*", 13, "1/3.06", 2.2, 4.2),
    _preset("Samsung Galaxy S5", r"SM-G900\w*", 16, "1/2.6", 2.2, 4.8),
    _preset("Samsung Galaxy S6", r"SM-G920\w*", 16, "1/2.6", 1.9, 4.3),
    _preset("Samsung Galaxy S7", r"SM-G930\w*", 12, "1/2.55", 1.7, 4.2),
    _preset("Samsung Galaxy S8", r"SM-G950\w*", 12, "1/2.55", 1.7),
    _preset("Samsung Galaxy S9", r"SM-G960\w*", 12, "1/2.55", None, 4.3),
    _preset("LG G3", r"LG-?(D85\d|F400|LS990)\w*|VS985\b.*", 13, "1/3.06", 2.4, 3.97),
    _preset("LG G4", r"LG-?(H81\d|F500|LS991)\w*|VS986\b.*", 16, "1/2.6", 1.8, 4.42),
    _preset("Apple iPhone 6s", r"iPhone 6s", 12, "1/3", 2.2, 4.15),
    _preset("Apple iPhone 7", r"iPhone 7", 12, "1/3", 1.8, 3.99),
    _preset("Apple iPhone 8", r"iPhone 8", 12, "1/3", 1.8, 3.99),
    _preset("Apple iPhone 11", r"iPhone 11", 12, "1/2.55", 1.8, 4.25),
    _preset("Apple iPhone 12", r"iPhone 12", 12, "1/2.55", 1.6, 4.2),
    _preset("Apple iPhone 13", r"iPhone 13", 12, None, 1.6, 5.1),
    _preset("Google Pixel 3", r"Pixel 3", 12.2, "1/2.55", 1.8, 4.44),
    _preset("Google Pixel 4a", r"Pixel 4a", 12.2, "1/2.55", 1.7, 4.38),
    _preset("Olympus DP27", r"DP27", 5, "2/3"),
    _preset("Olympus EP50", r"EP50", 5, "1/1.8"),
    _preset("Zeiss Axiocam ERc 5s", r"Axio[Cc]am ERc ?5s.*", 5, "1/2.5"),
    _preset("Zeiss Axiocam 105 color", r"Axio[Cc]am 105.*", 5, "1/2.5"),
    _preset("Leica ICC50 W", r"ICC50 ?W", 5),
    _preset("Nikon DS-Fi3", r"DS-Fi3", 5.9),
    _preset("Sony SSC-DC50AP", r"SSC-DC50AP?", 0.4, "1/2"),
)
"""Cameras by the model that they write into their pictures; the first two of the paper's Table 5 among them."""


def read_exif(content: bytes) -> Exif:
    """Read what the camera wrote of itself; a serial number, a position and a time of day are not read.

    Parameters
    ----------
    content : bytes
        The file as it came; it may be anything.

    Returns
    -------
    Exif
        ``None`` for what is missing, or makes no sense.

    Examples
    --------
    >>> read_exif(b"dear diary").make is None
    True
    """
    first: dict[int, Tag] = {}
    for tag in read_tags(exif_block(content)):
        if tag.directory in ("0", "Exif"):
            first.setdefault(tag.id, tag)
    orientation = _number(first.get(_ORIENTATION), least=1, most=8)
    iso = _number(first.get(_ISO), least=1, most=10_000_000)
    return Exif(
        make=_text(first.get(_MAKE)),
        model=_text(first.get(_MODEL)),
        orientation=None if orientation is None else int(orientation),
        f_number=_number(first.get(_APERTURE), least=0.1, most=256),
        focal_length_mm=_number(first.get(_FOCAL_LENGTH), least=0.1, most=10_000),
        iso=None if iso is None else int(iso),
        exposure_seconds=_number(first.get(_EXPOSURE), least=1e-7, most=86_400),
    )


def _text(tag: Tag | None) -> str | None:
    return (tag.text or None) if tag else None


def _number(tag: Tag | None, *, least: float, most: float) -> float | None:
    """Return the first number of a tag, ``None`` outside what a camera can mean (NaN included)."""
    numbers = tag.numbers if tag else ()
    return numbers[0] if numbers and least <= numbers[0] <= most else None


def camera_preset(exif: Exif) -> CameraPreset | None:
    """Return the preset whose model the picture is signed with.

    Examples
    --------
    >>> preset = camera_preset(Exif(make="samsung", model="SAMSUNG-SM-G900A"))
    >>> preset.name, preset.f_number
    ('Samsung Galaxy S5', 2.2)
    """
    model = exif.model or ""
    return next((preset for preset in PRESETS if re.fullmatch(rf"(?i)(.*[ -])?({preset.model})", model)), None)


def camera_name(exif: Exif) -> str | None:
    """Return the name that people call the camera by, else make and model as written.

    Parameters
    ----------
    exif : Exif
        From ``read_exif``.

    Returns
    -------
    str or None
        ``None`` where the camera did not sign.

    Examples
    --------
    >>> camera_name(Exif(make="LG Electronics", model="LG-D855")), camera_name(Exif(make="ACME", model="ACME One"))
    ('LG G3', 'ACME One')
    """
    preset = camera_preset(exif)
    if preset:
        return preset.name
    make, model = exif.make or "", exif.model or ""
    if model.casefold().startswith(make.casefold()):
        return model or None
    return f"{make} {model}".strip()
