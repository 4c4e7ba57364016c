"""How alike two hands draw: overlap and boundary distance of many pairs of masks, as figures of a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import TooFew
from buffycoat.metrics.boundaries import BoundaryDistances, boundary_distances
from buffycoat.metrics.intervals import bootstrap_by_group
from buffycoat.metrics.overlap import dice, mask_iou

__all__ = ["PairFigures", "PairScore", "Spread", "pair_figures", "score_pair"]


@value
class PairScore:
    """One pair of masks. Where only one hand found the part, overlap is 0 and there are no distances.

    ``group`` is the smear, ``micrometers`` is ``None`` where the scale is not known.
    """

    group: str
    dice: float
    iou: float
    failed: bool
    pixels: BoundaryDistances | None
    micrometers: BoundaryDistances | None


@value
class Spread:
    """Figures of one measure over ``n`` pairs.

    ``tail`` is where the worst twentieth begins: the 5th percentile of an overlap, the 95th of a distance. ``interval``
    is the 95 % interval of the mean, drawing whole smears; ``None`` with fewer than two smears.
    """

    n: int
    mean: float
    median: float
    tail: float
    interval: tuple[float, float] | None


@value
class PairFigures:
    """A line of the table: pairs, how many of them one hand failed in (overlap 0), and the measures.

    Distances are over pairs that both hands drew, in micrometers over those whose scale is known besides; ``None``
    where there is none.
    """

    n: int
    failed: int
    dice: Spread
    iou: Spread
    mean_px: Spread | None
    hausdorff_95_px: Spread | None
    hausdorff_px: Spread | None
    mean_um: Spread | None
    hausdorff_95_um: Spread | None
    hausdorff_um: Spread | None


def score_pair(
    one: NDArray[np.bool_] | None, other: NDArray[np.bool_] | None, *, group: str, scale: float | None = None
) -> PairScore:
    """Return how alike two masks of one part of one cell are.

    Parameters
    ----------
    one, other : ndarray or None
        bool of one shape (height, width); ``None`` where that hand found nothing.
    group : str
        The smear.
    scale : float, optional
        Micrometers per pixel.

    Raises
    ------
    TooFew
        Neither hand found anything: there is no pair.
    InvalidMask
        Masks that do not fit.

    Examples
    --------
    >>> score_pair(np.ones((2, 2), bool), None, group="s").dice
    0.0
    """
    if one is None and other is None:
        raise TooFew("no pair of masks", expected="a mask by one hand at least", found="none")
    if one is None or other is None:
        return PairScore(group=group, dice=0.0, iou=0.0, failed=True, pixels=None, micrometers=None)
    apart = boundary_distances(one, other)
    there = np.isfinite(apart.hausdorff)
    scaled = None
    if there and scale is not None:
        scaled = BoundaryDistances(
            mean=apart.mean * scale, hausdorff_95=apart.hausdorff_95 * scale, hausdorff=apart.hausdorff * scale
        )
    return PairScore(
        group=group,
        dice=dice(one, other),
        iou=mask_iou(one, other),
        failed=not there,
        pixels=apart if there else None,
        micrometers=scaled,
    )


def pair_figures(scores: Sequence[PairScore], *, seed: int) -> PairFigures:
    """Return the figures of a line of the table.

    Parameters
    ----------
    scores : sequence of PairScore
        At least one.
    seed : int
        Of the intervals: the same seed gives the same.

    Raises
    ------
    TooFew
        There is no pair.

    Examples
    --------
    >>> mask = np.ones((2, 2), bool)
    >>> figures = pair_figures([score_pair(mask, mask, group="s"), score_pair(mask, None, group="t")], seed=1)
    >>> figures.n, figures.failed, figures.dice.mean, figures.mean_px.n
    (2, 1, 0.5, 1)
    """
    if not scores:
        raise TooFew("no figures of nothing", expected="a pair of masks", found="none")
    groups = [score.group for score in scores]
    drawn = [score for score in scores if score.pixels is not None]
    scaled = [score for score in scores if score.micrometers is not None]

    def apart(name: str, those: list[PairScore], unit: str) -> Spread | None:
        numbers = [getattr(getattr(score, unit), name) for score in those]
        return _spread(numbers, [score.group for score in those], 95, seed) if numbers else None

    return PairFigures(
        n=len(scores),
        failed=sum(score.failed for score in scores),
        dice=_spread([score.dice for score in scores], groups, 5, seed),
        iou=_spread([score.iou for score in scores], groups, 5, seed),
        mean_px=apart("mean", drawn, "pixels"),
        hausdorff_95_px=apart("hausdorff_95", drawn, "pixels"),
        hausdorff_px=apart("hausdorff", drawn, "pixels"),
        mean_um=apart("mean", scaled, "micrometers"),
        hausdorff_95_um=apart("hausdorff_95", scaled, "micrometers"),
        hausdorff_um=apart("hausdorff", scaled, "micrometers"),
    )


def _spread(numbers: Sequence[float], groups: Sequence[str], percentile: float, seed: int) -> Spread:
    values = np.asarray(numbers, dtype=np.float64)
    interval = None
    if len(set(groups)) > 1:
        interval = bootstrap_by_group(lambda drawn: float(values[drawn].mean()), groups, seed=seed)
    return Spread(
        n=len(values),
        mean=float(values.mean()),
        median=float(np.median(values)),
        tail=float(np.percentile(values, percentile)),
        interval=interval,
    )
