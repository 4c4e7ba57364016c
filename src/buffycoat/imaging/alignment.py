"""Many pairs of thumbnails brought into line at once, coarsely, before the few that stay alike are registered."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.descriptors import Sightings
from buffycoat.imaging.registration import inverse

__all__ = ["Aligned", "aligned"]

_WINDOW = 40.0
_POINTS = 18
_BANDS = ("detail", "fine", "fine")
_CHUNK = 512
_ENOUGH = 0.4
_RIDGE = 1e-3
_LARGEST = np.array([2.0, 2.0, 0.1, 0.1])

_Grey = NDArray[np.float32]


class Aligned(NamedTuple):
    """How alike pairs are, shape (m,), once in line, and the warps, shape (m, 2, 3), that bring them there."""

    likeness: _Grey
    warps: NDArray[np.float64]


class _Templates(NamedTuple):
    """Windows of the first pictures: values of length 1, inside, and what a step in each of four ways changes."""

    values: _Grey
    inside: _Grey
    steps: _Grey
    solve: _Grey


def aligned(
    sightings: Sightings, pairs: NDArray[np.int64], kinds: NDArray[np.int64], warps: NDArray[np.float64]
) -> Aligned:
    """Return pairs of pictures in line: shifted, turned and scaled from where they were seen alike.

    Two steps of the inverse compositional method (Baker and Matthews 2004) on a window 40 pixels wide, blind to gain
    and offset as in Evangelidis and Psarakis 2008.

    Parameters
    ----------
    sightings : Sightings
        Of the pictures, see `buffycoat.imaging.descriptors.look_at`.
    pairs : ndarray of int64
        Shape (m, 2): i and j.
    kinds : ndarray of int64
        Shape (m,): around which of its places i is taken.
    warps : ndarray of float64
        Shape (m, 2, 3): takes places in j to places in i, in thumbnail pixels; off by four pixels at most.
    """
    parts = [
        _aligned(sightings, pairs[chosen], kinds[chosen], warps[chosen])
        for start in range(0, len(pairs), _CHUNK)
        for chosen in [slice(start, start + _CHUNK)]
    ]
    if not parts:
        return Aligned(np.empty(0, np.float32), np.empty((0, 2, 3)))
    return Aligned(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _aligned(
    sightings: Sightings, pairs: NDArray[np.int64], kinds: NDArray[np.int64], warps: NDArray[np.float64]
) -> Aligned:
    ones, others = pairs.T
    padded = bool((sightings.padded[ones] | sightings.padded[others]).any())
    # Both in pixels of the smaller pictures from here on; the map goes from the window in i to j.
    whole, which = np.unique(np.stack([ones, kinds], axis=1), axis=0, return_inverse=True)
    here = _small(sightings.places[whole[:, 0], whole[:, 1]])
    grid = _grid()
    back = inverse(warps)
    matrices, middles = back[:, :, :2], _small(_moved(back, sightings.places[ones, kinds]))
    likeness = np.zeros(len(pairs), np.float32)
    last = len(_BANDS) - 1
    for turn, band in enumerate(_BANDS):
        detail: _Grey = getattr(sightings, band)
        if turn == 0 or band != _BANDS[turn - 1]:
            templates = _templates(detail, sightings.inside, whole[:, 0], here)
        maps = (middles[:, None] + grid @ matrices.transpose(0, 2, 1)).astype(np.float32)
        seen, both = _sampled(detail, others, maps), templates.inside[which]
        wanted = templates.values[which]
        if padded:
            both = both * _sampled(sightings.inside.astype(np.float32), others, maps).round()
            wanted, seen = wanted * both, seen * both
        seen -= seen.sum(axis=1, keepdims=True) / np.maximum(both.sum(axis=1, keepdims=True), 1) * both
        power, product = (wanted**2).sum(axis=1), (seen * wanted).sum(axis=1)
        if turn == last:
            likeness = product / np.maximum(np.sqrt((seen**2).sum(axis=1) * power), 1e-3)
            likeness[both.mean(axis=1) < _ENOUGH] = 0
            break
        # Where the gain is that which fits best, what is left is due to the warp.
        gain = np.where(product > 0, power / np.maximum(product, 1e-3), 0)
        left = seen * gain[:, None] - wanted
        step = np.einsum("mij,mj->mi", templates.solve[which], np.einsum("mip,mp->mi", templates.steps[which], left))
        x, y, scale, angle = np.clip(step, -_LARGEST, _LARGEST).T.astype(float)
        undo = np.linalg.inv(np.stack([np.stack([1 + scale, -angle], -1), np.stack([angle, 1 + scale], -1)], -2))
        matrices = matrices @ undo
        middles = middles - np.einsum("mij,mj->mi", matrices, np.stack([x, y], axis=-1))
    there = _large(middles)
    onto = np.concatenate(
        [matrices, (there - np.einsum("mij,mj->mi", matrices, sightings.places[ones, kinds]))[..., None]], axis=-1
    )
    return Aligned(likeness, inverse(onto))


def _templates(
    detail: _Grey, inside: NDArray[np.bool_], which: NDArray[np.int64], middles: NDArray[np.float64]
) -> _Templates:
    grid = _grid()
    maps = (middles[:, None] + grid).astype(np.float32)
    values = _sampled(detail, which, maps)
    right, down = np.array([[0.5, 0], [0, 0.5]], np.float32)
    along_x = _sampled(detail, which, maps + right) - _sampled(detail, which, maps - right)
    along_y = _sampled(detail, which, maps + down) - _sampled(detail, which, maps - down)
    shown = np.ones(values.shape, np.float32)
    if not inside[which].all():
        shown = _sampled(inside.astype(np.float32), which, maps).round()
    values = (values - values.mean(axis=1, keepdims=True)) * shown
    length = np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1)
    values /= length
    x, y = grid.T.astype(np.float32)
    steps = np.stack([along_x, along_y, along_x * x + along_y * y, along_y * x - along_x * y], axis=1)
    steps *= (shown / length)[:, None]
    steps -= steps.mean(axis=2, keepdims=True)
    steps -= np.einsum("nip,np->ni", steps, values)[..., None] * values[:, None]
    normal = np.einsum("nip,njp->nij", steps, steps)
    ridge = _RIDGE * np.maximum(np.einsum("nii->ni", normal), 1e-3)
    return _Templates(values, shown, steps, np.linalg.inv(normal + ridge[..., None] * np.eye(4)).astype(np.float32))


def _sampled(pictures: NDArray[np.float32], which: NDArray[np.int64], maps: _Grey) -> _Grey:
    """Return pictures at places, shape (m, points, 2), 0 outside."""
    sampled = np.empty(maps.shape[:2], np.float32)
    all_x, all_y = np.moveaxis(maps, -1, 0).copy()
    for row, (picture, along_x, along_y) in enumerate(zip(which.tolist(), all_x, all_y, strict=True)):
        sampled[row] = cv2.remap(pictures[picture], along_x, along_y, cv2.INTER_LINEAR).ravel()
    return sampled


def _grid() -> NDArray[np.float64]:
    ticks = ((np.arange(_POINTS) + 0.5) / _POINTS - 0.5) * _WINDOW / 2
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)


def _moved(warps: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.einsum("mij,mj->mi", warps[:, :, :2], places) + warps[:, :, 2])


def _small(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places in pixels of the smaller picture, half as wide."""
    return (places + 0.5) / 2 - 0.5


def _large(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return (places + 0.5) * 2 - 0.5
