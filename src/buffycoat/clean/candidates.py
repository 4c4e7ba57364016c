"""Which pairs of crops look alike enough from afar that a registration is worth its cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.descriptors import Looks, Sightings, look_at
from buffycoat.imaging.registration import Thumbnail, inverse

__all__ = ["ALIKE", "Pairs", "Sighted", "pairs_by_sight", "sighted"]

Pairs = NDArray[np.int64]
"""Shape (m, 2): indices ``i < j``, in increasing order."""

_Grey = NDArray[np.float32]

ALIKE = 0.84

_ROWS = 256
_COLUMNS = 2048
_HITS = 2048
_ENOUGH = 0.4


class Sighted(NamedTuple):
    """Pairs that look alike from afar: shape (m, 2), ``i < j``, in increasing order.

    ``warps``, shape (m, 2, 3), take places in j to places in i, in thumbnail pixels: where each pair was seen alike;
    ``kinds`` tell around which of the two places of a picture.
    """

    pairs: Pairs
    kinds: NDArray[np.int64]
    likeness: _Grey
    warps: NDArray[np.float64]


class _Hits(NamedTuple):
    """Pairs of a block, each with the place and the pose in which it is most alike."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    kinds: NDArray[np.int64]
    poses: NDArray[np.int64]
    likeness: _Grey


def pairs_by_sight(thumbnails: Sequence[Thumbnail], *, alike: float = ALIKE) -> Pairs:
    """Return the pairs that look alike from afar; see `sighted`.

    Parameters
    ----------
    thumbnails : sequence of ndarray
        n thumbnails, see `buffycoat.imaging.registration.thumbnail`.
    alike : float
        Lowest correlation that counts.

    Examples
    --------
    >>> picture = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    >>> pairs_by_sight([picture, picture.T.copy(), picture]).tolist()
    [[0, 2]]
    """
    return sighted(look_at(thumbnails), alike=alike).pairs


def sighted(sightings: Sightings, *, alike: float = ALIKE, compared: Collection[int] = ()) -> Sighted:
    """Return the pairs that look alike from afar, each with a first guess of how one lies upon the other.

    Each picture is looked at from the middle of its crop and from that of its nucleus; the other is turned and moved a
    little around the same place. One matrix product compares one pose of many pictures with many others, so memory is
    bounded by the block, and what is kept of a picture is a few hundred numbers. Hashes are no such sieve: on BCCD,
    where cells lie on empty background, half of all pairs differ by 18 bits or fewer in one of the two.

    Parameters
    ----------
    sightings : Sightings
        Of n pictures, see `buffycoat.imaging.descriptors.look_at`.
    alike : float
        Lowest correlation of two windows that counts.
    compared : collection of int
        Pictures that have been compared with each other: such pairs are passed over.

    """
    straight = sightings.straight()
    short = straight.short[:, :, 0]
    known = np.zeros(len(sightings.detail), bool)
    known[list(compared)] = True
    found = [Sighted(np.empty((0, 2), np.int64), np.empty(0, np.int64), np.empty(0, np.float32), np.empty((0, 2, 3)))]
    for rows in _blocks(sightings.padded, known):
        turned = sightings.turned(rows)
        cut = bool(sightings.padded[rows[0]])
        views = None if cut else turned.short
        for start in range(0, len(known), _COLUMNS):
            columns = np.arange(start, min(start + _COLUMNS, len(known)))
            wanted = _wanted(rows, columns, known, None if cut else sightings.padded)
            if not wanted.any():
                continue
            if views is None:
                hits = _masked_hits(turned, straight.at(columns), wanted, alike)
            else:
                hits = _hits(views, short[columns], wanted, alike)
            found.append(_pairs(sightings, hits, rows, columns, cut=cut))
    return _best(Sighted(*(np.concatenate(each) for each in zip(*found, strict=True))))


def _blocks(padded: NDArray[np.bool_], known: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Return blocks of pictures to turn; those with padding come apart, as they are looked at in more ways."""
    whole, cut = np.flatnonzero(~padded & ~known), np.flatnonzero(padded)
    for group in (whole, cut):
        for start in range(0, len(group), _ROWS):
            yield group[start : start + _ROWS]


def _wanted(
    rows: NDArray[np.int64], columns: NDArray[np.int64], known: NDArray[np.bool_], padded: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """Return which of the block are compared: each pair once, but padded pictures both ways."""
    wanted = ~(known[rows][:, None] & known[columns][None])
    if padded is None:
        return np.asarray(wanted & (rows[:, None] != columns[None]))
    wanted &= (columns[None] < rows[:, None]) | known[columns][None]
    return np.asarray(wanted & ~padded[columns][None])


def _hits(views: _Grey, there: _Grey, wanted: NDArray[np.bool_], alike: float) -> _Hits:
    """Return the pairs that are alike, of turned pictures (n, 2, poses, 32) and straight ones (m, 2, 32)."""
    _, kinds, poses, _ = views.shape
    best = np.full(wanted.shape, -1, np.float32)
    score = np.empty_like(best)
    for kind in range(kinds):
        for pose in range(poses):
            np.matmul(views[:, kind, pose], there[:, kind].T, out=score)
            np.maximum(best, score, out=best)
    rows, columns = np.nonzero((best >= alike) & wanted)
    found = []
    for start in range(0, len(rows), _HITS):
        row, column = rows[start : start + _HITS], columns[start : start + _HITS]
        scores = (views[row] @ there[column][..., None])[..., 0].reshape(len(row), -1)
        found.append(_at_best(row, column, scores, poses))
    return _joined(found)


def _masked_hits(turned: Looks, there: Looks, wanted: NDArray[np.bool_], alike: float) -> _Hits:
    """Return the same where pictures are padded: the likeness is that of what both have inside."""
    _, kinds, poses, size = turned.values.shape
    best = np.full(wanted.shape, -1, np.float32)
    at = np.zeros(wanted.shape, np.int64)
    for kind in range(kinds):
        values, inside = there.values[:, kind, 0].T, there.inside[:, kind, 0].T
        for pose in range(poses):
            here, mask = turned.values[:, kind, pose], turned.inside[:, kind, pose]
            lengths = ((here**2) @ inside) * (mask @ (values**2))
            score = here @ values / np.sqrt(np.maximum(lengths, 1e-2))
            better = (score > best) & (mask @ inside >= _ENOUGH * size)
            best[better], at[better] = score[better], kind * poses + pose
    rows, columns = np.nonzero((best >= alike) & wanted)
    seen = at[rows, columns]
    return _Hits(rows, columns, seen // poses, seen % poses, best[rows, columns])


def _at_best(rows: NDArray[np.int64], columns: NDArray[np.int64], scores: _Grey, poses: int) -> _Hits:
    at = scores.argmax(axis=1)
    return _Hits(rows, columns, at // poses, at % poses, scores[np.arange(len(at)), at])


def _joined(parts: Sequence[_Hits]) -> _Hits:
    none = np.empty(0, np.int64)
    if not parts:
        return _Hits(none, none, none, none, np.empty(0, np.float32))
    return _Hits(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _pairs(
    sightings: Sightings, hits: _Hits, rows: NDArray[np.int64], columns: NDArray[np.int64], *, cut: bool
) -> Sighted:
    """Return hits as pairs, with the warp from the later to the earlier."""
    ones, others = rows[hits.rows], columns[hits.columns]
    warps = sightings.warps(ones, others, hits.kinds, hits.poses, outward=cut)
    later = ones > others
    warps[later] = inverse(warps[later])
    return Sighted(np.sort(np.stack([ones, others], axis=1), axis=1), hits.kinds, hits.likeness, warps)


def _best(found: Sighted) -> Sighted:
    """Return the pairs in order, each once: as it is most alike."""
    order = np.lexsort((-found.likeness, found.pairs[:, 1], found.pairs[:, 0]))
    pairs = found.pairs[order]
    first = np.ones(len(order), bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    chosen = order[first]
    return Sighted(found.pairs[chosen], found.kinds[chosen], found.likeness[chosen], found.warps[chosen])
