"""The nucleus by a vote of three thresholds, none of which learned from a stain."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.color import gray_world, magenta
from buffycoat.imaging.threshold import histogram_of, split_levels
from buffycoat.segment.cleaning import clean_nucleus
from buffycoat.segment.hull import fill_hull

__all__ = ["Votes", "vote", "votes"]

Mask = NDArray[np.bool_]

WORKING_SIDE = 256
SOFTNESS = 0.004
"""Standard deviation of the blur before any threshold, in sides of the crop: chromatin is grainy."""
WEIGHT = 0.25
NEAR = 0.5
"""How far from the hull of what is magenta colors are compared, in the radius of a disk of the hull's area."""
CLUSTERS = 3
SAMPLES = 1500
ROUNDS = 20


class Votes(NamedTuple):
    """Three opinions on where the nucleus is, bool of one shape, that of the crop or smaller; :func:`vote` counts them.

    ``magenta`` is Easy-GT's at the weight 0.25 on the blurred channel; ``red`` is dark in red, ``cluster`` in the
    darkest cluster of colors, both among the pixels near the first.
    """

    magenta: Mask
    red: Mask
    cluster: Mask


def vote(crop: RgbImage) -> Mask:
    """Return the mask of the nucleus on which at least two of three thresholds agree.

    Each errs in its own way: magenta takes granules for nucleus, red a dark cytoplasm, and clusters of color leave out
    chromatin that is pale. The method is ours, and was chosen on the masks of BCCD and on masks that were drawn on
    Raabin and Barcelona crops.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3), with the cell in its middle.

    Returns
    -------
    ndarray
        bool of shape (height, width); regions in the middle, small holes filled. It may be empty.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    NothingFound
        If the crop is of one color.

    Examples
    --------
    >>> crop = np.full((120, 120, 3), 230, np.uint8)
    >>> _ = cv2.circle(crop, (60, 60), 30, (190, 150, 200), -1)
    >>> _ = cv2.circle(crop, (60, 60), 18, (120, 40, 160), -1)
    >>> bool(abs(vote(crop).sum() / (np.pi * 18**2) - 1) < 0.05)
    True
    """
    one, two, three = votes(crop)
    agreed = (one & two) | (one & three) | (two & three)
    if agreed.shape != crop.shape[:2]:
        agreed = cv2.resize(agreed.astype(np.float32), crop.shape[1::-1], interpolation=cv2.INTER_LINEAR) > 0.5
    return clean_nucleus(agreed)


def votes(crop: RgbImage) -> Votes:
    """Return the three masks that :func:`vote` counts, of a crop brought to at most 256 pixels a side.

    With the balanced crop of Kouzehkanan et al. 2022, blurred: the first is their magenta above ``t_up + 0.25 (t2 -
    t_up)``, with Otsu's thresholds of two and three classes. Near its central regions, the second is red at or below
    Otsu's threshold of the pixels there, and the third the darkest of three clusters of color (k-means in CIE L*a*b*,
    begun at equal shares by lightness, so that chance has no part).

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3).

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    NothingFound
        If the crop is of one color.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = (120, 40, 160)
    >>> {int(mask[22:38, 22:38].sum()) for mask in votes(crop)}
    {256}
    """
    check_rgb(crop)
    balanced = gray_world(_reduced(crop))
    softness = SOFTNESS * max(balanced.shape[:2])
    stain = _blurred(magenta(balanced), softness)
    try:
        two, _, up = split_levels(histogram_of(stain))
    except TooFew as error:
        raise NothingFound("the crop is of one color", expected="a stained nucleus", found="one level") from error
    first = stain > int(up + WEIGHT * (two - up))
    middle = clean_nucleus(first)
    if not middle.any():
        return Votes(first, first, first)
    soft = np.asarray(cv2.GaussianBlur(balanced, (0, 0), softness), np.uint8)
    near = _near(middle)
    red = np.ascontiguousarray(soft[..., 0])
    try:
        dark = split_levels(np.bincount(red[near], minlength=256)).t2
    except TooFew:
        dark = 255
    return Votes(first, near & (red <= dark), _darkest(soft, near))


def _reduced(crop: RgbImage) -> RgbImage:
    scale = WORKING_SIDE / max(crop.shape[:2])
    if scale >= 1:
        return crop
    size = max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def _blurred(channel: NDArray[np.uint8], softness: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(channel, (0, 0), softness), np.uint8)


def _near(middle: Mask) -> Mask:
    """Return the pixels in the hull of a mask, and around it."""
    hull = fill_hull(middle)
    away = cv2.distanceTransform((~hull).view(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(away <= NEAR * np.sqrt(np.count_nonzero(hull) / np.pi))


def _darkest(image: RgbImage, near: Mask) -> Mask:
    """Return the pixels near the nucleus that are of the darkest cluster of color."""
    colors = cv2.cvtColor(image[near][:, None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[:, 0]
    some = np.ascontiguousarray(colors[:: -(-len(colors) // SAMPLES)])
    found = np.zeros_like(near)
    if len(some) < CLUSTERS:
        return near.copy()
    first = np.empty(len(some), np.int32)
    first[np.argsort(some[:, 0], kind="stable")] = np.arange(len(some)) * CLUSTERS // len(some)
    rules = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, 0.5)
    centers = np.asarray(cv2.kmeans(some, CLUSTERS, first, rules, 1, cv2.KMEANS_USE_INITIAL_LABELS)[2])
    away = ((colors[:, None] - centers) ** 2).sum(axis=2)
    found[near] = away.argmin(axis=1) == centers[:, 0].argmin()
    return found
