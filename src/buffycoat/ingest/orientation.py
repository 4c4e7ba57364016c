"""Which way up a source stores its pictures: chosen once by a person, never read from EXIF in silence."""

from __future__ import annotations

import difflib
from typing import Final

import cv2
import numpy as np

from buffycoat.domain.value import value
from buffycoat.errors import UnknownTerm
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.codecs import turn

__all__ = ["PROFILES", "SourceProfile", "profile", "turned_previews"]

_TILE: Final = 480
_MARGIN: Final = 8


@value
class SourceProfile:
    """A source of photographs, and how often its stored grid is turned clockwise before boxes apply."""

    name: str
    quarter_turns: int
    note: str


PROFILES: Final = (
    SourceProfile(name="as-stored", quarter_turns=0, note="pixels as the file stores them"),
    SourceProfile(
        name="raabin-first",
        quarter_turns=0,
        note="Raabin, first microscope: boxes fit the stored grid, though EXIF asks for a turn",
    ),
    SourceProfile(
        name="raabin-second",
        quarter_turns=1,
        note="Raabin, second microscope: boxes fit after 90 degrees clockwise",
    ),
)


def profile(name: str) -> SourceProfile:
    """Return a source profile by name.

    Raises
    ------
    UnknownTerm
        With the nearest name.

    Examples
    --------
    >>> profile("raabin-second").quarter_turns
    1
    """
    for known in PROFILES:
        if known.name == name:
            return known
    names = [known.name for known in PROFILES]
    near = difflib.get_close_matches(name, names, n=1) or names
    raise UnknownTerm(
        f"no source profile {name!r}",
        expected=" or ".join(near),
        found=repr(name),
        hint="0 to 3 quarter turns clockwise, or a profile: `buffycoat orient` shows all four",
    )


def turned_previews(image: RgbImage) -> RgbImage:
    """Draw the four quarter turns of a picture side by side, labeled 0 to 3, for a person to choose from.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB.

    Returns
    -------
    ndarray
        uint8, 976 rows high and wide: 0 and 1 above, 2 and 3 below; each number counts turns of 90 degrees clockwise.

    Examples
    --------
    >>> turned_previews(np.zeros((30, 40, 3), np.uint8)).shape
    (976, 976, 3)
    """
    check_rgb(image)
    scale = (_TILE - 2 * _MARGIN) / max(image.shape[:2])
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    small = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    tiles = [_tile(turn(small, turns), str(turns)) for turns in range(4)]
    sheet = np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:])])
    return np.pad(sheet, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)), constant_values=255)


def _tile(image: RgbImage, label: str) -> RgbImage:
    height, width, _ = image.shape
    tile = np.full((_TILE, _TILE, 3), 255, np.uint8)
    top, left = (_TILE - height) // 2, (_TILE - width) // 2
    tile[top : top + height, left : left + width] = image
    # White letters on a black edge are seen on any picture.
    for color, thickness in ((0, 9), (255, 3)):
        cv2.putText(tile, label, (_MARGIN * 2, 56), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (color,) * 3, thickness, cv2.LINE_AA)
    return tile
