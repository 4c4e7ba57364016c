"""Which pairs of crops show the same cell, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from buffycoat.clean.candidates import sighted
from buffycoat.clean.pair_index import pairs_by_hashes
from buffycoat.clean.parameters import CleanParameters
from buffycoat.domain.cell import Evidence
from buffycoat.imaging.alignment import aligned
from buffycoat.imaging.descriptors import Sightings
from buffycoat.imaging.hashes import Hashes, hamming
from buffycoat.imaging.registration import MIN_OVERLAP, Picture, Registration, Thumbnail, Warp, laid_upon, register

__all__ = ["Link", "Links", "Registrar", "edges_by_hashes", "edges_by_registration"]


class Link(NamedTuple):
    """Why two crops are one cell: the higher the strength, the more alike they are."""

    strength: float
    evidence: Evidence
    correlation: float | None = None
    warp: Warp | None = None


Links = dict[tuple[int, int], Link]
"""Pairs ``i < j``; warps take places in thumbnail j to places in thumbnail i."""

# Prepared pictures kept at a time, 64 KiB each.
_PREPARED = 2048


def edges_by_hashes(average: Hashes, perceptual: Hashes, *, average_bits: int, perceptual_bits: int) -> Links:
    """Return the pairs whose hashes are both near; the strength is minus the bits in which they differ."""
    pairs = pairs_by_hashes(average, perceptual, average_bits=average_bits, perceptual_bits=perceptual_bits)
    a, b = pairs.T
    bits = hamming(average[a], average[b]) + hamming(perceptual[a], perceptual[b])
    return {(i, j): Link(-float(d), Evidence.HASHES) for (i, j), d in zip(pairs.tolist(), bits.tolist(), strict=True)}


class Registrar:
    """Registers thumbnails by their number; each is prepared once, as long as it is among the last that were needed."""

    def __init__(self, thumbnails: Sequence[Thumbnail]) -> None:
        self._picture = lru_cache(maxsize=_PREPARED)(lambda number: Picture(thumbnails[number]))

    def register(self, i: int, j: int, start: Warp | None = None, *, min_share: float = MIN_OVERLAP) -> Registration:
        """See `buffycoat.imaging.registration.register`."""
        return register(self._picture(i), self._picture(j), start, min_share=min_share)

    def laid_upon(self, i: int, j: int, warp: Warp) -> Registration:
        """See `buffycoat.imaging.registration.laid_upon`."""
        return laid_upon(self._picture(i), self._picture(j), warp)


def edges_by_registration(
    thumbnails: Sequence[Thumbnail],
    sightings: Sightings,
    registrar: Registrar,
    chosen: CleanParameters,
    *,
    compared: Collection[int] = (),
    settled: Callable[[int, int], bool] = lambda _i, _j: False,
) -> Links:
    """Return the pairs that correlate once one is laid upon the other; the strength is the correlation.

    Of equal pictures the first stands for all: they are linked to it, and it alone is compared with others.

    Parameters
    ----------
    thumbnails : sequence of ndarray
        n thumbnails.
    sightings : Sightings
        Of the same.
    registrar : Registrar
        Of the same.
    chosen : CleanParameters
        Thresholds.
    compared : collection of int
        Pictures that have been compared with each other: such pairs are passed over.
    settled : callable
        Says of a pair whether something else decides it, so that no registration is needed.
    """
    first: dict[bytes, int] = {}
    links: Links = {}
    known = set(compared)
    # Known pictures come first: a new one that equals a known one need not be compared with the others.
    for number in sorted(range(len(thumbnails)), key=lambda each: (each not in known, each)):
        other = first.setdefault(thumbnails[number].tobytes(), number)
        pair = (min(number, other), max(number, other))
        if number != other and not {number, other} <= known and not settled(*pair):
            links[pair] = Link(1.0, Evidence.REGISTRATION, 1.0, np.eye(2, 3))
    distinct = np.array(sorted(first.values()), np.int64)
    seen = sighted(
        sightings.at(distinct),
        alike=chosen.alike,
        compared=np.flatnonzero(np.isin(distinct, sorted(known))).tolist(),
    )
    lined_up = aligned(sightings, distinct[seen.pairs], seen.kinds, seen.warps)
    promising = np.flatnonzero(lined_up.likeness >= chosen.closer)
    for (i, j), start in zip(distinct[seen.pairs[promising]].tolist(), lined_up.warps[promising], strict=True):
        if not settled(i, j):
            found = registrar.register(i, j, start)
            if found.correlation >= chosen.correlation:
                links[i, j] = Link(found.correlation, Evidence.REGISTRATION, found.correlation, found.warp)
    return links
