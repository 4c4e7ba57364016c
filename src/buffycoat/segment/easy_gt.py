"""Easy-GT: nuclei by one threshold on the magenta channel of the color-balanced crop."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import balanced_magenta
from buffycoat.imaging.threshold import split_levels
from buffycoat.segment.cleaning import clean_nucleus

__all__ = ["EasyGt", "easy_gt"]

POSTS = ("paper", "clean")


class EasyGt(NamedTuple):
    """Every step of one run, so that it can be shown: images uint8, the mask bool, all of the crop's height and width.

    ``t2`` is the threshold of two classes, ``t_low`` and ``t_up`` those of three, ``threshold`` the one used, in levels
    of magenta; ``post`` is how the mask was cleaned.
    """

    balanced: RgbImage
    magenta: NDArray[np.uint8]
    t2: int
    t_low: int
    t_up: int
    threshold: float
    mask: NDArray[np.bool_]
    post: str = "paper"

    def weighted(self, weight: float) -> EasyGt:
        """Return the same crop segmented with another weight; only the mask is made anew.

        Raises
        ------
        InputError
            If the weight is none.
        """
        _check_weight(weight)
        return self.moved(_between(self.t2, self.t_up, weight))

    def moved(self, threshold: float) -> EasyGt:
        """Return the same crop segmented at a threshold that somebody chose: what a slider does while it moves.

        Parameters
        ----------
        threshold : float
            0 to 255 levels of magenta; what lies above is nucleus.

        Raises
        ------
        InputError
            If the threshold is none.

        Examples
        --------
        >>> crop = np.full((60, 60, 3), 230, np.uint8)
        >>> crop[20:40, 20:40] = (120, 40, 160)
        >>> found = easy_gt(crop)
        >>> [int(found.moved(level).mask.sum()) for level in (found.threshold, 255)]
        [400, 0]
        """
        if not 0 <= threshold <= 255:
            raise InputError("the threshold is no level of magenta", expected="0 to 255", found=str(threshold))
        return self._replace(threshold=threshold, mask=_mask(self.magenta, threshold, self.post))


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
    _check_weight(weight)
    if post not in POSTS:
        raise InputError("no such post-processing", expected=" or ".join(POSTS), found=repr(post))
    balanced, channel, counts = balanced_magenta(crop)
    try:
        t2, t_low, t_up = split_levels(counts)
    except TooFew as error:
        raise NothingFound("the crop is of one color", expected="a stained nucleus", found="one level") from error
    threshold = _between(t2, t_up, weight)
    mask = _mask(channel, threshold, post)
    return EasyGt(balanced, channel, t2, t_low, t_up, threshold, mask, post)


def _check_weight(weight: float) -> None:
    if not 0 <= weight <= 1:
        raise InputError("the weight is out of range", expected="0 to 1", found=str(weight))


def _between(t2: int, t_up: int, weight: float) -> float:
    """Return ``weight * t2 + (1 - weight) * t_up``, which is a level where both are; 0.3 t + 0.7 t may be below t."""
    return round(t_up + weight * (t2 - t_up), 9)


def _mask(channel: NDArray[np.uint8], threshold: float, post: str) -> NDArray[np.bool_]:
    mask = channel > math.floor(threshold)  # as whole numbers, that is above the threshold
    return clean_nucleus(mask) if post == "clean" else mask
