"""Easy-GT: nuclei by one threshold on the magenta channel of the color-balanced crop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import gray_world, magenta
from buffycoat.imaging.regions import fill_holes, find_regions, keep_regions
from buffycoat.imaging.threshold import histogram_of, otsu, otsu_three

__all__ = ["EasyGt", "easy_gt"]

POSTS = ("paper", "clean")
CENTRAL = 0.35
SMALL = 0.1
HOLE = 0.01


class EasyGt(NamedTuple):
    """Every step of one run, so that it can be shown: images uint8, the mask bool, all of the crop's height and width.

    ``t2`` is the threshold of two classes, ``t_low`` and ``t_up`` those of three, ``threshold`` the one used.
    """

    balanced: RgbImage
    magenta: NDArray[np.uint8]
    t2: int
    t_low: int
    t_up: int
    threshold: float
    mask: NDArray[np.bool_]


def easy_gt(crop: RgbImage, *, weight: float = 0.5, post: str = "paper") -> EasyGt:
    """Segment the nucleus of a crop as Kouzehkanan et al. 2022 do.

    The crop is balanced (:func:`~buffycoat.imaging.color.gray_world`); in its magenta channel, Otsu's method gives one
    threshold ``t2`` of two classes and the upper one ``t_up`` of three; the mask is what lies above
    ``weight * t2 + (1 - weight) * t_up``.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3), with the cell in its middle.
    weight : float
        The convex parameter of the paper, 0 to 1; the paper does not say which it used, its program has 1.
    post : {"paper", "clean"}
        ``"paper"`` leaves the mask as it is. ``"clean"`` keeps regions whose center lies within 0.35 of the crop's
        shorter side from the middle and that have at least a tenth of the largest one's area, and fills holes of up
        to a hundredth of the nucleus.

    Returns
    -------
    EasyGt
        The mask, which ``"clean"`` may leave empty, and all that led to it.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InputError
        If the weight or the post-processing is none.
    NothingFound
        If the magenta channel has a single level, so that no threshold exists.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = (120, 40, 160)
    >>> int(easy_gt(crop).mask.sum())
    400
    """
    if not 0 <= weight <= 1:
        raise InputError("the weight is out of range", expected="0 to 1", found=str(weight))
    if post not in POSTS:
        raise InputError("no such post-processing", expected=" or ".join(POSTS), found=repr(post))
    balanced = gray_world(crop)
    channel = magenta(balanced)
    counts = histogram_of(channel)
    try:
        t2, (t_low, t_up) = otsu(counts), otsu_three(counts)
    except TooFew as error:
        raise NothingFound("the crop is of one color", expected="a stained nucleus", found="one level") from error
    threshold = weight * t2 + (1 - weight) * t_up
    mask = channel > threshold
    return EasyGt(
        balanced=balanced,
        magenta=channel,
        t2=t2,
        t_low=t_low,
        t_up=t_up,
        threshold=threshold,
        mask=_clean(mask) if post == "clean" else mask,
    )


def _clean(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the large central regions, and fill their small holes."""
    regions = find_regions(mask)
    middle = (np.array(mask.shape[::-1]) - 1) / 2
    away = np.linalg.norm(regions.centroids - middle, axis=1)
    areas = np.where(away <= CENTRAL * min(mask.shape), regions.areas, 0)
    kept = keep_regions(regions, (areas > 0) & (areas >= SMALL * areas.max(initial=0)))
    return fill_holes(kept, largest=int(HOLE * np.count_nonzero(kept)))
