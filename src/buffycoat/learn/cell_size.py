"""What the size of a cell says of its class: red cells are of nearly one size everywhere, so they are the ruler."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError, NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.scale import red_cell_diameter

__all__ = ["SizePrior", "fit_size_prior", "red_cells_in", "with_size"]

MEASURED_PX: Final = 140
"""Longer side at which red cells of a crop are measured: more shows no more of their size."""
BETWEEN: Final = 0.1
"""Standard deviation, between laboratories, of the logarithm of a class's size: films are spread thinner or thicker."""
ANY: Final = 0.5
"""Of what is no white cell, which may have any size."""


@value
class SizePrior:
    """Mean and standard deviation of ``log(width of the cell / width of a red cell)``, by class.

    Parameters
    ----------
    mean, deviation : tuple of float
        One a class.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]


def red_cells_in(crop: RgbImage) -> float | None:
    """Return how wide red cells around the cell are, in pixels of the crop; none where too few are seen.

    Parameters
    ----------
    crop : ndarray
        uint8, shape (height, width, 3), RGB.

    Examples
    --------
    >>> red_cells_in(np.full((90, 90, 3), 230, np.uint8)) is None
    True
    """
    factor = min(1.0, MEASURED_PX / max(crop.shape[:2]))
    size = (max(1, round(crop.shape[1] * factor)), max(1, round(crop.shape[0] * factor)))
    small = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)
    try:
        return float(red_cell_diameter(small) / factor)
    except NothingFound:
        return None


def fit_size_prior(
    sizes: Sequence[float | None],
    labels: Sequence[int],
    laboratories: Sequence[str],
    *,
    classes: int,
    anything: int | None = None,
) -> SizePrior:
    """Learn how large the cells of each class are; each laboratory counts as much as any other.

    Parameters
    ----------
    sizes : sequence of float or None
        Logarithm of cell width to red cell width; ``None`` where it is not known.
    labels : sequence of int
        Class of each, from 0.
    laboratories : sequence of str
        Of each.
    classes : int
        How many there are.
    anything : int, optional
        A class that may have any size: its mean is that of all others.

    Raises
    ------
    InputError
        Not one label and laboratory a size.
    TooFew
        A class has no cell of known size.

    Examples
    --------
    >>> prior = fit_size_prior([0.0, 0.2, 0.7, None], [0, 0, 1, 1], ["a", "a", "a", "b"], classes=2)
    >>> [round(number, 3) for number in (*prior.mean, *prior.deviation)]
    [0.1, 0.7, 0.141, 0.1]
    """
    if not len(sizes) == len(labels) == len(laboratories):
        raise InputError(
            "not one label and laboratory a size", expected=str(len(sizes)), found=f"{len(labels)}, {len(laboratories)}"
        )
    means, spreads = [], []
    for label in range(classes):
        if label == anything:
            means.append(math.nan)
            spreads.append(ANY)
            continue
        found = [
            np.array(
                [
                    size
                    for size, a, b in zip(sizes, labels, laboratories, strict=True)
                    if size is not None and (a, b) == (label, name)
                ]
            )
            for name in sorted(set(laboratories))
        ]
        found = [some for some in found if len(some)]
        if not found:
            raise TooFew(f"class {label} has no cell of known size", expected="at least 1", found="0")
        means.append(float(np.mean([some.mean() for some in found])))
        spreads.append(math.hypot(math.sqrt(float(np.mean([some.var() for some in found]))), BETWEEN))
    if anything is not None:
        means[anything] = float(np.nanmean(means))
    return SizePrior(mean=tuple(means), deviation=tuple(spreads))


def with_size(
    logits: NDArray[np.float32], sizes: Sequence[float | None], prior: SizePrior, *, weight: float
) -> NDArray[np.float32]:
    """Return numbers before the softmax to which the size of each cell has had its say.

    Parameters
    ----------
    logits : ndarray
        float32, shape (n, classes).
    sizes : sequence of float or None
        Of each cell; where it is not known, nothing changes.
    prior : SizePrior
        Of as many classes.
    weight : float
        1 takes size and looks for independent of each other; less since they are not.

    Examples
    --------
    >>> prior = SizePrior(mean=(0.0, 0.5), deviation=(0.1, 0.1))
    >>> with_size(np.zeros((2, 2), np.float32), [0.0, None], prior, weight=1.0).astype(float).round(1).tolist()
    [[2.3, -10.2], [0.0, 0.0]]
    """
    changed = np.array(logits, np.float32)
    mean, spread = np.array(prior.mean), np.array(prior.deviation)
    for row, size in enumerate(sizes):
        if size is not None:
            changed[row] += weight * (-0.5 * ((size - mean) / spread) ** 2 - np.log(spread))
    return changed
