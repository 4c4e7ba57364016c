"""Thresholds of the two hashes as a measured choice: how many repeats they find, and how many wrong pairs they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from buffycoat.clean.retakes import Jitter, retake
from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew, WrongArray
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.hashes import Hashes, average_hash, hamming, perceptual_hash
from buffycoat.metrics.intervals import wilson

__all__ = ["Calibration", "ThresholdFigures", "calibrate", "calibrate_on_crops", "pairs_across", "retake_distances"]

Distances = NDArray[np.int64]
"""Shape (n, 2): bits in which the average and the perceptual hashes of a pair differ, 0 to 64."""

DistanceCounts = NDArray[np.int64]
"""Shape (65, 65): how many pairs have average hashes (row) and perceptual hashes (column) so far apart."""

_ROWS = 512


@value
class ThresholdFigures:
    """What one pair of thresholds does.

    Parameters
    ----------
    average_bits, perceptual_bits : int
        The thresholds; strict, of 64 bits.
    recall : float
        Share of repeats that are found, with its interval.
    false_pairs : int
        Pairs of different films that would be called the same cell.
    false_rate : float
        Their share of all such pairs, with its interval.
    expected_false : float
        False pairs to expect in the largest film: ``(false_pairs + 1) / (pairs + 2)`` of its pairs, so that a
        measurement too small to see any promises nothing.
    """

    average_bits: int
    perceptual_bits: int
    recall: float
    recall_interval: tuple[float, float]
    false_pairs: int
    false_rate: float
    false_rate_interval: tuple[float, float]
    expected_false: float


@value
class Calibration:
    """The whole curve, and what is chosen from it.

    Parameters
    ----------
    chosen : ThresholdFigures or None
        The highest recall with fewer than one false pair to expect in the largest film. ``None`` where no thresholds
        can promise that: then ``needed`` pairs of different films, or more, must be measured.
    curve : tuple of ThresholdFigures
        All thresholds from 1 to 64, by average, then perceptual bits.
    positives, negatives : int
        Retakes and pairs of different films that were measured.
    largest_film : int
        Crops of the largest film.
    """

    chosen: ThresholdFigures | None
    curve: tuple[ThresholdFigures, ...]
    positives: int
    negatives: int
    largest_film: int

    @property
    def needed(self) -> int:
        """The fewest pairs of different films that can promise less than one false pair, if none of them is false."""
        return max(self.largest_film * (self.largest_film - 1) // 2 - 1, 1)

    @property
    def frontier(self) -> tuple[ThresholdFigures, ...]:
        """The thresholds worth a look, strictest first: no others find as much with as few false pairs."""
        best: list[ThresholdFigures] = []
        for each in sorted(self.curve, key=lambda each: (each.false_pairs, -each.recall, _tightness(each))):
            if not best or each.recall > best[-1].recall:
                best.append(each)
        return tuple(best)


def calibrate_on_crops(
    crops: Sequence[RgbImage],
    films: Sequence[Hashable],
    rng: np.random.Generator,
    *,
    takes: int = 1,
    jitter: Jitter | None = None,
    largest_film: int | None = None,
) -> Calibration:
    """Return what thresholds of the two hashes do on these crops, and which to take.

    Repeats are made by taking each crop again (see `buffycoat.clean.retakes`); pairs that are no repeats are those of
    different films. One wrong pair joins two groups, so fewer than one is allowed in the largest film.

    Parameters
    ----------
    crops : sequence of ndarray
        Each uint8, shape (height, width, 3), RGB.
    films : sequence
        The film of each crop: no cell is in two of them.
    rng : numpy.random.Generator
        What retakes are drawn from; the same state gives the same answer.
    takes : int
        Retakes of each crop.
    jitter : Jitter, optional
        What a retake changes.
    largest_film : int, optional
        Crops of the largest film that will be cleaned; without it that of ``films``.

    Raises
    ------
    WrongArray
        If a crop is no RGB image.
    InputError
        If there is not one film for each crop.
    TooFew
        If there is no crop, or only one film.
    """
    if len(crops) != len(films):
        raise InputError("not one film for each crop", expected=f"{len(crops)} films", found=str(len(films)))
    negatives = pairs_across(average_hash(crops), perceptual_hash(crops), films)
    largest = largest_film or max(Counter(films).values(), default=0)
    apart = retake_distances(crops, rng, takes=takes, jitter=jitter)
    return calibrate(apart, negatives, largest_film=largest, sources=len(crops))


def calibrate(
    repeats: Distances, others: DistanceCounts, *, largest_film: int, sources: int | None = None
) -> Calibration:
    """Return what each pair of thresholds does, and which has the highest recall with no false pair to expect.

    Of equal recall the one with fewer false pairs is taken, then the stricter one.

    Parameters
    ----------
    repeats : ndarray of int
        Shape (n, 2): bits in which the hashes of repeats differ, made or real ones.
    others : ndarray of int
        Shape (65, 65): how many pairs of different cells are so far apart, see :func:`pairs_across`.
    largest_film : int
        Crops; all pairs of them are compared.
    sources : int, optional
        How many crops the repeats were made from, where there are several of each; intervals count crops.

    Returns
    -------
    Calibration
        Intervals are Wilson's, of 95 %; that of the false rate supposes pairs that know nothing of each other, and is
        too narrow where a few odd crops make all false pairs.

    Raises
    ------
    TooFew
        If there are no repeats or no others.
    WrongArray
        If an array has another shape, or distances out of range.

    Examples
    --------
    >>> repeats = np.array([[1, 2], [3, 4], [9, 9], [20, 1]])
    >>> others = np.zeros((65, 65), int)
    >>> others[8, 9], others[30, 30] = 1, 9_999
    >>> loose, strict = (calibrate(repeats, others, largest_film=count).chosen for count in (50, 120))
    >>> loose.average_bits, loose.perceptual_bits, loose.recall, round(loose.expected_false, 2)
    (21, 10, 1.0, 0.24)
    >>> strict.average_bits, strict.perceptual_bits, strict.recall, round(strict.expected_false, 2)
    (21, 5, 0.75, 0.71)
    """
    repeats, others = np.asarray(repeats), np.asarray(others)
    if repeats.ndim != 2 or repeats.shape[1] != 2 or others.shape != (65, 65):
        raise WrongArray(
            "no distances of hashes", expected="(n, 2) and (65, 65)", found=f"{repeats.shape} and {others.shape}"
        )
    if not len(repeats) or not others.sum():
        raise TooFew(
            "thresholds are chosen by repeats and by pairs of different films",
            expected="at least one of each",
            found=f"{len(repeats)} repeats, {others.sum()} pairs",
            hint="give crops of two films or more",
        )
    if repeats.min() < 0 or repeats.max() > 64:
        raise WrongArray("no distances of hashes", expected="0 to 64 bits", found=f"{repeats.min()} to {repeats.max()}")
    hits = np.zeros((65, 65), np.int64)
    np.add.at(hits, (repeats[:, 0], repeats[:, 1]), 1)
    # below[a, p]: pairs with both distances less than that.
    found, false = (np.pad(each.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0))) for each in (hits, others))
    negatives, counted = int(others.sum()), sources or len(repeats)
    film_pairs = largest_film * (largest_film - 1) / 2
    curve = tuple(
        ThresholdFigures(
            average_bits=a,
            perceptual_bits=p,
            recall=float(found[a, p] / len(repeats)),
            recall_interval=wilson(float(found[a, p] / len(repeats) * counted), counted),
            false_pairs=int(false[a, p]),
            false_rate=float(false[a, p] / negatives),
            false_rate_interval=wilson(float(false[a, p]), negatives),
            expected_false=(int(false[a, p]) + 1) / (negatives + 2) * film_pairs,
        )
        for a, p in product(range(1, 65), repeat=2)
    )
    safe = [each for each in curve if each.expected_false < 1]
    chosen = min(safe, key=lambda each: (-each.recall, each.false_pairs, _tightness(each)), default=None)
    return Calibration(
        chosen=chosen, curve=curve, positives=len(repeats), negatives=negatives, largest_film=largest_film
    )


def retake_distances(
    crops: Sequence[RgbImage], rng: np.random.Generator, *, takes: int = 1, jitter: Jitter | None = None
) -> Distances:
    """Return how far the hashes of a crop and its retake are apart.

    Parameters
    ----------
    crops : sequence of ndarray
        Each uint8, shape (height, width, 3), RGB.
    rng : numpy.random.Generator
        What retakes are drawn from.
    takes : int
        Retakes of each crop.
    jitter : Jitter, optional
        What a retake changes.

    Returns
    -------
    ndarray of int64
        Shape (len(crops) * takes, 2); retakes of a crop follow each other.

    Raises
    ------
    WrongArray
        If a crop is no RGB image.
    InputError
        If ``takes`` is less than 1.

    Examples
    --------
    >>> crop = np.full((64, 64, 3), 200, np.uint8)
    >>> retake_distances([crop], np.random.default_rng(0), takes=2, jitter=Jitter(shift=0, blur=0, light=0)).tolist()
    [[0, 0], [0, 0]]
    """
    if takes < 1:
        raise InputError("no such number of retakes", expected="at least 1", found=str(takes))
    rows = []
    for crop in crops:
        views = [view for _ in range(takes) for view in retake(crop, rng, jitter=jitter)]
        sides = [make(views) for make in (average_hash, perceptual_hash)]
        rows.append(np.stack([hamming(side[::2], side[1::2]) for side in sides], axis=1))
    return np.concatenate([np.empty((0, 2), np.int64), *rows])


def pairs_across(average: Hashes, perceptual: Hashes, films: Sequence[Hashable]) -> DistanceCounts:
    """Return how far apart the hashes of different films are: all pairs, counted by their two distances.

    About 20 ns a pair; of very many crops draw some.

    Parameters
    ----------
    average, perceptual : ndarray of uint64
        Shape (n,), see `buffycoat.imaging.hashes`.
    films : sequence
        The film of each crop.

    Returns
    -------
    ndarray of int64
        Shape (65, 65): average distance as rows, perceptual as columns.

    Raises
    ------
    InputError
        If the lengths differ.

    Examples
    --------
    >>> hashes = np.array([0, 1, 7], np.uint64)
    >>> counts = pairs_across(hashes, hashes, ["a", "a", "b"])
    >>> int(counts[3, 3]), int(counts[2, 2]), int(counts.sum())
    (1, 1, 2)
    """
    if not len(average) == len(perceptual) == len(films):
        raise InputError(
            "not two hashes and a film for each crop",
            expected=f"{len(films)} each",
            found=f"{len(average)} and {len(perceptual)}",
        )
    numbers = {film: number for number, film in enumerate(dict.fromkeys(films))}
    # In the order of films, the pairs of different films are those to the right of a film's own block.
    codes = np.array([numbers[film] for film in films], np.int64)
    order = np.argsort(codes, kind="stable")
    average, perceptual, codes = average[order], perceptual[order], codes[order]
    ends = np.searchsorted(codes, codes, side="right")
    counts = np.zeros(65 * 65, np.int64)
    for end in np.unique(ends):
        own = np.flatnonzero(ends == end)
        for start in range(0, len(own), _ROWS):
            rows = own[start : start + _ROWS]
            apart = hamming(average[rows, None], average[None, end:]) * 65
            apart += hamming(perceptual[rows, None], perceptual[None, end:])
            counts += np.bincount(apart.ravel(), minlength=65 * 65)
    return counts.reshape(65, 65)


def _tightness(each: ThresholdFigures) -> tuple[int, int]:
    return each.average_bits + each.perceptual_bits, each.average_bits
