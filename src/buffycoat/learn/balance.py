"""Classes made equal: copies of rare cells that are mirrored, flipped and rescaled, and all of these together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np

from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage

__all__ = ["AS_IS", "Copy", "Variation", "balanced_copies", "varied_crop"]


@value
class Variation:
    """What is done to a crop: left and right exchanged, top and bottom exchanged, and a scale about its middle."""

    mirrored: bool = False
    flipped: bool = False
    scale: float = 1.0


AS_IS = Variation()


@value
class Copy:
    """A crop by its place in the training data, and what is done to it."""

    place: int
    variation: Variation


def balanced_copies(
    labels: Sequence[str],
    *,
    kinds: Sequence[str] = ("mirrored", "flipped", "rescaled"),
    most: int = 8,
    scale: tuple[float, float] = (0.8, 1.2),
    seed: int = 0,
) -> tuple[Copy, ...]:
    """Return what to learn from: each crop as it is, and of rare classes varied copies besides.

    A class grows to the size of the commonest one, or ``most`` times its own where that is less. Every crop of a class
    is copied once in one way before any is in the next; the ways are each kind alone, then two together, then all
    (Kouzehkanan et al. 2022, Classification results, paragraph 2; which crops, and how often, the paper does not tell).

    Parameters
    ----------
    labels : sequence of str
        Class of each crop.
    kinds : sequence of str
        Of ``mirrored``, ``flipped`` and ``rescaled``.
    most : int
        How many times its own size a class may have; no more than there are ways, and the crops themselves.
    scale : tuple of float
        Least and greatest, for rescaled copies.
    seed : int
        Of which crops are copied where not all are, and of the scales.

    Returns
    -------
    tuple of Copy
        First the crops in their order, then the copies by class.

    Raises
    ------
    InputError
        If a class may have less than its own size.

    Examples
    --------
    >>> copies = balanced_copies(["a", "a", "a", "b"])
    >>> [(copy.place, copy.variation.mirrored, copy.variation.flipped) for copy in copies[4:]]
    [(3, True, False), (3, False, True)]
    """
    if most < 1:
        raise InputError("how large a class may become", expected="at least its own size", found=f"{most} times")
    ways = [frozenset(way) for size in range(1, len(kinds) + 1) for way in combinations(kinds, size)]
    rng = np.random.default_rng(seed)
    counts = Counter(labels)
    copies = [Copy(place=place, variation=AS_IS) for place in range(len(labels))]
    for name in sorted(counts):
        places = [place for place, label in enumerate(labels) if label == name]
        wanted = min(max(counts.values()), most * len(places)) - len(places)
        for way in ways:
            chosen = rng.permutation(len(places))[: max(0, wanted)]
            wanted -= len(chosen)
            for at in sorted(chosen.tolist()):
                size = float(rng.uniform(*scale)) if "rescaled" in way else 1.0
                variation = Variation(mirrored="mirrored" in way, flipped="flipped" in way, scale=size)
                copies.append(Copy(place=places[at], variation=variation))
    return tuple(copies)


def varied_crop(crop: RgbImage, variation: Variation) -> RgbImage:
    """Return a crop of the same size with a variation; where it shrinks, its edge is mirrored outwards.

    Parameters
    ----------
    crop : ndarray
        uint8, shape (height, width, 3), RGB.
    variation : Variation
        What is done to it.

    Examples
    --------
    >>> crop = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    >>> varied_crop(crop, Variation(mirrored=True))[0, :, 0].tolist()
    [6, 3, 0]
    """
    shown = crop[:: -1 if variation.flipped else 1, :: -1 if variation.mirrored else 1]
    if variation.scale == 1.0:
        return np.ascontiguousarray(shown)
    height, width = crop.shape[:2]
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    matrix = np.column_stack([np.eye(2) * variation.scale, middle * (1 - variation.scale)])
    made = cv2.warpAffine(
        np.ascontiguousarray(shown), matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(made, np.uint8)
