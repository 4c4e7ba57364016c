"""The scale of a set-up from a photograph of a stage micrometer, and how far parts of the picture agree on it."""

from __future__ import annotations

from typing import Final

import numpy as np

from buffycoat.domain.capturing import MicrometerScale
from buffycoat.errors import InputError, NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb
from buffycoat.imaging.scale import micrometer_period
from buffycoat.workflows.workspace import Workspace

__all__ = ["scale_of"]

_STRIPS: Final = 4
_LEAST: Final = 2
_LONGEST_UM: Final = 10_000.0


def scale_of(
    _: Workspace, photograph: bytes, *, division_um: float, max_megapixels: float | None = None
) -> MicrometerScale:
    """Measure micrometers per pixel; nothing is kept.

    The whole picture gives the scale. Strips of it, across and along, give the spread: where the lines are not
    straight, or the camera looks at a slant, they do not agree.

    Parameters
    ----------
    photograph : bytes
        A file, as it came.
    division_um : float
        From one line to the next, in micrometers.
    max_megapixels : float, optional
        A larger photograph is refused from its header.

    Raises
    ------
    InputError
        The division is no length, or the file no photograph.
    NothingFound
        There are no lines at one distance.
    """
    if not 0 < division_um <= _LONGEST_UM:
        raise InputError(
            "the division is no length", expected=f"above 0 and up to {_LONGEST_UM:,.0f} µm", found=str(division_um)
        )
    image = decode_rgb(photograph, name="the photograph", max_megapixels=max_megapixels or MAX_MEGAPIXELS)
    scale = division_um / micrometer_period(image)
    found = []
    for strip in _strips(image):
        try:
            found.append(division_um / micrometer_period(strip))
        except NothingFound:
            continue  # too few lines in it, as where it runs along them
    # A strip that takes every second or tenth line for the next one says nothing of how straight they are.
    same = [each for each in found if abs(each / scale - 1) < 0.25]
    return MicrometerScale(
        micrometres_per_pixel=round(scale, 6),
        spread=round(float(np.std(same) / scale), 5) if len(same) >= _LEAST else None,
        strips=len(same),
        division_um=division_um,
    )


def _strips(image: RgbImage) -> list[RgbImage]:
    return [
        np.ascontiguousarray(part) for axis in (0, 1) for part in np.array_split(image, _STRIPS, axis=axis) if part.size
    ]
