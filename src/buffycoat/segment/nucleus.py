"""The nucleus of a crop, or the plain word that there is none."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, NothingFound
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.color import balanced_magenta
from buffycoat.imaging.regions import find_regions
from buffycoat.segment.part_methods import PART_METHODS

__all__ = ["LEAST_CONTRAST", "check_nucleus", "least_contrast", "segment_nucleus"]

SMALLEST_SHARE = 0.01
LEAST_CONTRAST = 50
"""In levels of magenta. Nuclei of BCCD, Raabin and PBC measured 60 to 193; red cells alone 13 to 50, nearly always."""
TIGHT, LEAST_IN_TIGHT = 0.2, 30
"""A crop of which a nucleus takes so much shows its own cytoplasm for the rest, and balance takes its color away: cells
of BCCD cut out with nothing around them measured 34 at least."""


def segment_nucleus(crop: RgbImage, *, method: str = "best") -> NDArray[np.bool_]:
    """Return the mask of the nucleus in a crop.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3), with the cell in its middle and about half as wide as the crop.
    method : {"best", "easy-gt-clean", "easy-gt", "tavakoli", "vote"}
        ``"best"`` is what a small network and a threshold say together; ``"easy-gt"`` is that of the paper with its
        convex parameter at 0.5, ``"easy-gt-clean"`` the same at 0.25, ``"tavakoli"`` that of the feature-based
        classifier, ``"vote"`` what two of three thresholds agree on. Of what a threshold finds, the regions in the
        middle are kept, with their small holes filled; :func:`~buffycoat.segment.easy_gt.easy_gt` gives all of it.

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
        1 % of the crop (specks); or it is less than 50 levels of magenta above the rest (red cells, a faint stain), 30
        where one region of it takes a fifth of the crop.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = (120, 40, 160)
    >>> int(segment_nucleus(crop, method="easy-gt").sum())
    400
    """
    check_rgb(crop)
    if method not in PART_METHODS:
        raise InputError("no such method of segmentation", expected=" or ".join(PART_METHODS), found=repr(method))
    mask, _ = PART_METHODS[method](crop, None)
    check_nucleus(crop, mask)
    return mask


def check_nucleus(crop: RgbImage, nucleus: NDArray[np.bool_]) -> None:
    """Check that a mask may be the nucleus of a crop.

    Raises
    ------
    NothingFound
        If it may not, see :func:`segment_nucleus`.
    """
    share = np.count_nonzero(nucleus) / nucleus.size
    if share < SMALLEST_SHARE:
        raise NothingFound(
            "no nucleus in this crop", expected=f"at least {SMALLEST_SHARE:.0%} of it", found=f"{share:.2%}"
        )
    contrast = _contrast(balanced_magenta(crop)[1], nucleus)
    least = least_contrast(find_regions(nucleus).areas.max() / nucleus.size)
    if contrast < least:
        raise NothingFound(
            "no nucleus in this crop",
            expected=f"{least} levels of magenta above the rest",
            found=f"{contrast:.0f}",
        )


def least_contrast(share: float) -> int:
    """Return by how many levels of magenta a nucleus stands out at least, which takes that share of a crop.

    Examples
    --------
    >>> least_contrast(0.1), least_contrast(0.4)
    (50, 30)
    """
    return LEAST_CONTRAST if share < TIGHT else LEAST_IN_TIGHT


def _contrast(channel: NDArray[np.uint8], mask: NDArray[np.bool_]) -> float:
    """Return the mean of a channel in a mask minus that outside of it."""
    inside = cv2.mean(channel, mask.astype(np.uint8))[0]
    return inside - cv2.mean(channel, (~mask).astype(np.uint8))[0]
