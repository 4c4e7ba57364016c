"""Which pairs of crops show the same cell, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from buffycoat.clean.candidates import pairs_by_hashes, pairs_by_sight
from buffycoat.imaging.hashes import Hashes, hamming
from buffycoat.imaging.registration import Thumbnail, registered_correlation

__all__ = ["Strengths", "edges_by_hashes", "edges_by_registration"]

Strengths = dict[tuple[int, int], float]
"""Pairs ``i < j`` in increasing order, with a number that is the higher the more alike the two are."""


def edges_by_hashes(average: Hashes, perceptual: Hashes, *, average_bits: int, perceptual_bits: int) -> Strengths:
    """Return the pairs whose hashes are both near; the strength is minus the bits in which they differ."""
    pairs = pairs_by_hashes(average, perceptual, average_bits=average_bits, perceptual_bits=perceptual_bits)
    a, b = pairs.T
    bits = hamming(average[a], average[b]) + hamming(perceptual[a], perceptual[b])
    return {(i, j): -float(apart) for (i, j), apart in zip(pairs.tolist(), bits.tolist(), strict=True)}


def edges_by_registration(thumbnails: Sequence[Thumbnail], *, alike: float, correlation: float) -> Strengths:
    """Return the pairs that correlate once one is laid upon the other; the strength is the correlation."""
    strengths = {
        (i, j): registered_correlation(thumbnails[i], thumbnails[j])
        for i, j in pairs_by_sight(thumbnails, alike=alike).tolist()
    }
    return {pair: strength for pair, strength in strengths.items() if strength >= correlation}
