"""The nucleus of a crop, or the plain word that there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import balanced_magenta
from buffycoat.segment.best import best_masks
from buffycoat.segment.easy_gt import easy_gt
from buffycoat.segment.tavakoli import tavakoli
from buffycoat.segment.vote import vote

__all__ = ["LEAST_CONTRAST", "METHODS", "segment_nucleus"]

SMALLEST_SHARE = 0.01
LEAST_CONTRAST = 50
"""In levels of magenta. Nuclei of BCCD, Raabin and PBC measured 60 to 193; red cells alone 13 to 50, nearly always."""

METHODS: Mapping[str, Callable[[RgbImage], NDArray[np.bool_]]] = MappingProxyType(
    {
        "best": lambda crop: best_masks(crop)[0],
        # the weight that did best on the first half of the BCCD masks
        "easy-gt-clean": lambda crop: easy_gt(crop, weight=0.25, post="clean").mask,
        "easy-gt": lambda crop: easy_gt(crop).mask,
        "tavakoli": tavakoli,
        "vote": vote,
    }
)
"""How nuclei can be segmented, by name."""


def segment_nucleus(crop: RgbImage, *, method: str = "best") -> NDArray[np.bool_]:
    """Return the mask of the nucleus in a crop.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3), with the cell in its middle and about half as wide as the crop.
    method : {"best", "easy-gt-clean", "easy-gt", "tavakoli", "vote"}
        ``"best"`` is what a small network and a threshold say together; ``"easy-gt"`` is that of the paper with its
        convex parameter at 0.5, ``"easy-gt-clean"`` the same at 0.25 with the regions in the middle kept and small
        holes filled, ``"tavakoli"`` that of the feature-based classifier, ``"vote"`` what two of three thresholds
        agree on.

    Returns
    -------
    ndarray
        bool of shape (height, width), never empty.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InputError
        If there is no such method.
    NothingFound
        If there is no nucleus: the crop is of one color; nothing is left in its middle; what is left covers less than
        1 % of the crop (specks); or it is less than 50 levels of magenta above the rest (red cells, a faint stain).

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = (120, 40, 160)
    >>> int(segment_nucleus(crop, method="easy-gt").sum())
    400
    """
    if method not in METHODS:
        raise InputError("no such method of segmentation", expected=" or ".join(METHODS), found=repr(method))
    mask = METHODS[method](crop)
    share = np.count_nonzero(mask) / mask.size
    if share < SMALLEST_SHARE:
        raise NothingFound(
            "no nucleus in this crop", expected=f"at least {SMALLEST_SHARE:.0%} of it", found=f"{share:.2%}"
        )
    contrast = _contrast(balanced_magenta(crop)[1], mask)
    if contrast < LEAST_CONTRAST:
        raise NothingFound(
            "no nucleus in this crop",
            expected=f"{LEAST_CONTRAST} levels of magenta above the rest",
            found=f"{contrast:.0f}",
        )
    return mask


def _contrast(channel: NDArray[np.uint8], mask: NDArray[np.bool_]) -> float:
    """Return the mean of a channel in a mask minus that outside of it."""
    inside = cv2.mean(channel, mask.astype(np.uint8))[0]
    return inside - cv2.mean(channel, (~mask).astype(np.uint8))[0]
