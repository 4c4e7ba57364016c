"""What thumbnails look like from afar, so that all of a slide can be compared by matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.registration import THUMBNAIL_SIDE, Thumbnail, band_pass, seen_part

__all__ = ["Looks", "Sightings", "look_at"]

_SIDE = THUMBNAIL_SIDE // 2
_WINDOW = 40.0
_CELLS = 10
_REACH = 14.0
_ROUNDS = 10
_BLOCK = 1024
_TURNS = (-10.0, -5.0, 0.0, 5.0, 10.0)
_STEPS = (-3.0, 0.0, 3.0)
_FAR = (-6.0, -3.0, 0.0, 3.0, 6.0)
_OUTWARD = (5.0, 8.0, 11.0)

_FLAT = 1.0
_EMPTY = 0.05

_Grey = NDArray[np.float32]


# What all cells have in common, a dark middle in a light ring, tells none from another: the mean of windows of length
# 1 by distance from their middle, in tenths of a window. Fitted on Barcelona and BCCD.
_COMMON = (-0.051, -0.062, -0.047, 0.001, 0.034, 0.034, 0.034)
_COARSEST = 6


class Looks(NamedTuple):
    """Windows of n pictures, seen from each of their two places in some poses.

    ``values`` has the shape (n, 2, poses, 100), 0 outside the photograph, ``inside`` the same, 1 inside; where all is
    inside, ``short`` has the shape (n, 2, poses, 32) and rows of length 1, so that products are likenesses.
    """

    values: _Grey
    inside: _Grey

    def at(self, chosen: NDArray[np.int64]) -> Looks:
        """Return those of some pictures."""
        return Looks(self.values[chosen], self.inside[chosen])

    @property
    def short(self) -> _Grey:
        """The lowest frequencies of the windows."""
        return _of_length_one(self.values @ _basis(), _EMPTY)


class Sightings(NamedTuple):
    """Thumbnails made ready for windows.

    ``detail``, between 2 and 8 pixels of the thumbnail, ``fine``, between 1 and 3, and ``inside`` have
    the shape (n, 32, 32). ``places`` are where each is looked at, shape (n, 2, 2): the
    middle of the crop, and that of its nucleus, as (x, y) in thumbnail pixels. ``found`` says of each whether there is
    a nucleus. ``outward`` points to the padding, shape (n, 2), and is 0 where a picture has none.
    """

    detail: _Grey
    fine: _Grey
    inside: NDArray[np.bool_]
    places: NDArray[np.float64]
    found: NDArray[np.bool_]
    outward: NDArray[np.float64]

    @property
    def padded(self) -> NDArray[np.bool_]:
        """Which pictures reach beyond their photograph."""
        return np.asarray(self.outward.any(axis=1))

    def at(self, chosen: NDArray[np.int64]) -> Sightings:
        """Return those of some pictures."""
        return Sightings(
            self.detail[chosen],
            self.fine[chosen],
            self.inside[chosen],
            self.places[chosen],
            self.found[chosen],
            self.outward[chosen],
        )

    def straight(self) -> Looks:
        """Return each picture from each of its places, as it is."""
        return self._windows(np.arange(len(self.detail)), np.zeros((1, 3)))

    def turned(self, chosen: NDArray[np.int64]) -> Looks:
        """Return some pictures from around each of their places, turned by up to 10 degrees.

        Padded ones also from farther outward, where the middle of the cell may be that the edge has cut.
        """
        outward = bool(self.padded[chosen].any())
        return self._windows(chosen, _poses(outward=outward))

    def warps(
        self,
        ones: NDArray[np.int64],
        others: NDArray[np.int64],
        kinds: NDArray[np.int64],
        poses: NDArray[np.int64],
        *,
        outward: bool,
    ) -> NDArray[np.float64]:
        """Return what takes places in each other picture, straight, to one, seen in a pose: shape (m, 2, 3)."""
        chosen = _poses(outward=outward)
        matrices = np.stack([_rotation(turn) for turn in chosen[:, 0]])[poses]
        steps = chosen[poses, 1:]
        far = poses >= _PLAIN
        steps[far] = np.einsum("mi,mij->mj", steps[far], _frames(self.outward[ones[far]]))
        there, here = self.places[others, kinds], self.places[ones, kinds] + steps
        return np.concatenate([matrices, (here - np.einsum("mij,mj->mi", matrices, there))[..., None]], axis=2)

    def _windows(self, chosen: NDArray[np.int64], poses: NDArray[np.float64]) -> Looks:
        ticks = ((np.arange(_CELLS) + 0.5) / _CELLS - 0.5) * _WINDOW
        grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
        seen = np.stack([grid @ _rotation(turn).T for turn, _, _ in poses])
        shape = (len(chosen), 2, len(poses), grid.shape[0])
        values, inside = np.empty(shape, np.float32), np.empty(shape, np.float32)
        steps = poses[:, 1:]
        for row, which in enumerate(chosen.tolist()):
            offsets = steps.copy()
            if len(poses) > _PLAIN:
                offsets[_PLAIN:] = steps[_PLAIN:] @ _frames(self.outward[which])
            where = self.places[which][:, None, None, :] + offsets[:, None, :] + seen
            # From pixels of the thumbnail to those of the smaller picture.
            along_x, along_y = np.moveaxis(((where + 0.5) / 2 - 0.5).astype(np.float32).reshape(2, -1, 2), -1, 0).copy()
            values[row] = cv2.remap(self.detail[which], along_x, along_y, cv2.INTER_LINEAR).reshape(shape[1:])
            whole = self.inside[which].astype(np.float32)
            inside[row] = cv2.remap(whole, along_x, along_y, cv2.INTER_NEAREST).reshape(shape[1:])
        values *= inside
        count = np.maximum(inside.sum(axis=-1, keepdims=True), 1)
        values -= values.sum(axis=-1, keepdims=True) / count * inside
        values = _of_length_one(values, _FLAT)
        shown = inside * values.any(axis=-1, keepdims=True)
        far = np.hypot(*grid.T) / _WINDOW * _CELLS
        values -= np.interp(far, np.arange(len(_COMMON)) + 0.5, _COMMON).astype(np.float32) * shown
        return Looks(values, inside)


def look_at(thumbnails: Sequence[Thumbnail]) -> Sightings:
    """Return thumbnails made ready for windows.

    Parameters
    ----------
    thumbnails : sequence of ndarray
        n thumbnails, see `buffycoat.imaging.registration.thumbnail`.

    Examples
    --------
    >>> picture = np.full((64, 64), 200, np.uint8)
    >>> picture[20:30, 40:50] = 50
    >>> look_at([picture]).places[0].round(1).tolist()
    [[31.5, 31.5], [44.5, 24.5]]
    """
    parts = [_looked_at(thumbnails[start : start + _BLOCK]) for start in range(0, max(len(thumbnails), 1), _BLOCK)]
    return Sightings(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _looked_at(thumbnails: Sequence[Thumbnail]) -> Sightings:
    count = len(thumbnails)
    small, inside = np.zeros((2, count, _SIDE, _SIDE), np.float32)
    dark = np.zeros((count, THUMBNAIL_SIDE, THUMBNAIL_SIDE), np.float32)
    outward = np.zeros((count, 2))
    for row, picture in enumerate(thumbnails):
        seen = seen_part(picture)
        part = picture[seen]
        if not part.size:
            continue
        whole = picture.astype(np.float32)
        if part.size < picture.size:
            mask = np.zeros(picture.shape, np.float32)
            mask[seen] = 1
            whole = np.where(mask > 0, whole, part.mean()).astype(np.float32)
            inside[row] = cv2.resize(mask, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) > 0.99
            outward[row] = _away_from(seen)
        else:
            inside[row] = 1
        small[row] = cv2.resize(whole, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        level, _ = cv2.threshold(np.ascontiguousarray(part), 0, 255, cv2.THRESH_OTSU)
        dark[row] = np.maximum(level + 1 - whole, 0)
    detail = band_pass(small, inside, fine=1.0, coarse=4.0)
    fine = band_pass(small, inside, fine=0.5, coarse=1.5)
    nucleus, found = _nuclei(dark)
    middle = np.full((count, 2), (THUMBNAIL_SIDE - 1) / 2)
    return Sightings(detail, fine, inside > 0, np.stack([middle, nucleus], axis=1), found, outward)


def _nuclei(dark: _Grey) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the middle of the dark body nearest to the middle of each picture (mean shift; Cheng 1995)."""
    ticks = np.arange(THUMBNAIL_SIDE, dtype=np.float32)
    at = np.full((len(dark), 2), (THUMBNAIL_SIDE - 1) / 2)
    found = np.zeros(len(dark), bool)
    for _ in range(_ROUNDS):
        near = np.exp(-((ticks - at[..., None]) ** 2) / (2 * _REACH**2)).astype(np.float32)
        rows = np.einsum("nyx,nx->ny", dark, near[:, 0]) * near[:, 1]
        columns = np.einsum("nyx,ny->nx", dark, near[:, 1]) * near[:, 0]
        whole = rows.sum(axis=1)
        found = np.asarray(whole > 1)
        moved = np.stack([columns @ ticks, rows @ ticks], axis=1) / np.maximum(whole, 1e-6)[:, None]
        at = np.where(found[:, None], moved, at)
    return at, found


def _of_length_one(values: _Grey, least: float) -> _Grey:
    """Return rows of length 1; what is shorter than ``least`` becomes 0."""
    length = np.sqrt(np.einsum("...i,...i->...", values, values))[..., None]
    return np.asarray(np.where(length > least, values / np.maximum(length, least), 0), np.float32)


def _basis() -> _Grey:
    """Return the 32 lowest cosines of a window, shape (100, 32)."""
    ticks = (np.arange(_CELLS) + 0.5) * np.pi / _CELLS
    waves = np.cos(np.outer(np.arange(_CELLS), ticks))
    waves /= np.linalg.norm(waves, axis=1, keepdims=True)
    how_often = np.hypot(*np.indices((_CELLS, _CELLS))).ravel()
    chosen = (how_often > 0) & (how_often < _COARSEST)
    return np.asarray(np.kron(waves, waves)[chosen].T, np.float32)


def _away_from(seen: tuple[slice, slice]) -> tuple[float, float]:
    """Return the direction from the middle of the seen part to that of the picture, of length 1."""
    y, x = ((THUMBNAIL_SIDE - part.start - part.stop) / 2 for part in seen)
    length = float(np.hypot(x, y))
    return (x / length, y / length) if length > 0 else (1.0, 0.0)


_PLAIN = (len(_TURNS) - 1) * len(_STEPS) ** 2 + len(_FAR) ** 2


def _frames(outward: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrices that take steps outward and across, as rows, to steps along x and y."""
    x, y = outward[..., 0], outward[..., 1]
    return np.stack([np.stack([x, y], axis=-1), np.stack([-y, x], axis=-1)], axis=-2)


def _poses(*, outward: bool) -> NDArray[np.float64]:
    """Return turns in degrees with steps along and across: along x and y, or, from the 62nd, outward and across."""
    plain = [(turn, x, y) for turn in _TURNS for steps in [_STEPS if turn else _FAR] for x in steps for y in steps]
    far = [(turn, along, across) for turn in _TURNS for along in _OUTWARD for across in _STEPS]
    return np.array([*plain, *far] if outward else plain)


def _rotation(degrees: float) -> NDArray[np.float64]:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
