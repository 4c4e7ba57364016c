"""Pairs that the registered way hardly tells apart: those that only their pixels decide, down to a low correlation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.edges import Registrar, edges_by_registration
from buffycoat.clean.overlaps import FieldOverlap
from buffycoat.clean.parameters import CleanParameters
from buffycoat.clean.places import Places
from buffycoat.domain.cell import DuplicateEdge, Evidence
from buffycoat.imaging.descriptors import look_at
from buffycoat.imaging.hashes import Hashes, hamming
from buffycoat.imaging.registration import in_sides

__all__ = ["count_bits", "near_pairs"]

_ROWS = 512


def near_pairs(
    candidates: Sequence[Candidate], overlaps: Sequence[FieldOverlap] = (), *, lowest: float
) -> tuple[DuplicateEdge, ...]:
    """Return the pairs of a smear that only pixels decide and that correlate enough, the most alike first.

    Pairs whose places say that they are one, or that they are two, are left out. What is worth a registration is what
    `find_repeats` takes for worth it, so pairs far below its threshold are not all here.

    Parameters
    ----------
    candidates : sequence of Candidate
        All cells of the smear; their ids differ.
    overlaps : sequence of FieldOverlap
        Photographs that show the same region.
    lowest : float
        -1 to 1.

    Examples
    --------
    >>> near_pairs([], lowest=0.8)
    ()
    """
    cells = sorted(candidates, key=lambda each: each.id)
    if not cells:
        return ()
    thumbnails = [each.thumbnail for each in cells]
    sightings, registrar = look_at(thumbnails), Registrar(thumbnails)
    chosen = replace(CleanParameters(), correlation=lowest)
    places = Places(
        cells,
        overlaps,
        iou=chosen.overlap,
        nucleus=lambda number: sightings.places[number, 1] if sightings.found[number] else None,
    )
    links = edges_by_registration(
        thumbnails, sightings, registrar, chosen, settled=lambda i, j: places.same(i, j) is not None
    )
    found = [
        DuplicateEdge(
            a=cells[i].id,
            b=cells[j].id,
            average_hash_distance=(cells[i].average_hash ^ cells[j].average_hash).bit_count(),
            perceptual_hash_distance=(cells[i].perceptual_hash ^ cells[j].perceptual_hash).bit_count(),
            correlation=link.correlation,
            evidence=Evidence.REGISTRATION,
            warp=None if link.warp is None else in_sides(link.warp),
        )
        for (i, j), link in links.items()
    ]
    return tuple(sorted(found, key=lambda edge: (-(edge.correlation or 0), edge.a, edge.b)))


def count_bits(average: Hashes, perceptual: Hashes, *, at_most: int = 32) -> dict[tuple[int, int], int]:
    """Return how many pairs of one smear differ by so many bits of both hashes, those up to ``at_most`` of each.

    Parameters
    ----------
    average, perceptual : ndarray of uint64
        Shape (n,), of one smear.
    at_most : int
        Bits of 64.

    Examples
    --------
    >>> import numpy as np
    >>> hashes = np.array([0, 0b11, 0b11], np.uint64)
    >>> count_bits(hashes, hashes)
    {(0, 0): 1, (2, 2): 2}
    """
    counts: dict[tuple[int, int], int] = {}
    for start in range(0, len(average), _ROWS):
        rows = slice(start, start + _ROWS)
        across = hamming(average[rows, None], average[None, start:])
        through = hamming(perceptual[rows, None], perceptual[None, start:])
        # Each pair once: the second stands behind the first.
        near = (across <= at_most) & (through <= at_most)
        first, second = near.nonzero()
        later = second > first
        for key in zip(across[near][later].tolist(), through[near][later].tolist(), strict=True):
            counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items()))
