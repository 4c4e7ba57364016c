"""The room's work: which cells are the same one, and which picture of each is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.edges import Strengths, edges_by_hashes, edges_by_registration
from buffycoat.clean.groups import connected, connected_unless
from buffycoat.clean.keeper import sharpest
from buffycoat.clean.parameters import CleanParameters, Method
from buffycoat.domain.cell import DuplicateEdge
from buffycoat.domain.value import value
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.hashes import Hashes, average_hash, perceptual_hash
from buffycoat.imaging.registration import Thumbnail, thumbnail

__all__ = ["Repeats", "find_repeats", "group_duplicates"]


@value
class Repeats:
    """Groups of cell ids, each sorted, with the one kept of each in the same order, and the edges that made them."""

    edges: tuple[DuplicateEdge, ...]
    groups: tuple[tuple[str, ...], ...]
    kept: tuple[str, ...]


def find_repeats(candidates: Sequence[Candidate], *, parameters: CleanParameters | None = None) -> Repeats:
    """Return which cells of one smear are the same one, and which picture of each is kept.

    Two different cells of one photograph are never in one group, not even by way of a third: where edges would join
    them, the weakest of these is left out. The order of the candidates does not matter.

    Parameters
    ----------
    candidates : sequence of Candidate
        All cells of one smear; their ids differ.
    parameters : CleanParameters, optional
        Method and thresholds.

    Returns
    -------
    Repeats
        Groups of two or more. A cell that is no repeat is in none.
    """
    chosen = parameters or CleanParameters()
    cells = sorted(candidates, key=lambda each: each.id)

    def forbidden(a: int, b: int) -> bool:
        one, other = cells[a], cells[b]
        return one.field_id == other.field_id and one.box.iou(other.box) <= chosen.overlap

    if chosen.method is Method.PAPER:
        average = np.array([each.average_hash for each in cells], np.uint64)
        perceptual = np.array([each.perceptual_hash for each in cells], np.uint64)
        strengths = _by_hashes(average, perceptual, chosen)
    else:
        strengths = _by_registration([each.thumbnail for each in cells], chosen)
    strongest_first = sorted(strengths, key=lambda pair: (-strengths[pair], pair))
    held = sorted(connected_unless(strongest_first, forbidden))
    groups = connected(len(cells), held)
    registered = chosen.method is Method.REGISTERED
    return Repeats(
        edges=tuple(_edge(cells[a], cells[b], strengths[a, b] if registered else None) for a, b in held),
        groups=tuple(tuple(cells[member].id for member in group) for group in groups),
        kept=tuple(sharpest(cells[member] for member in group).id for group in groups),
    )


def group_duplicates(
    crops: Sequence[RgbImage], method: str = "registered", *, parameters: CleanParameters | None = None
) -> tuple[tuple[int, ...], ...]:
    """Return which crops show the same cell.

    Parameters
    ----------
    crops : sequence of ndarray
        Each uint8, shape (height, width, 3), RGB, centered on its cell.
    method : {"registered", "paper"}
        ``"registered"``: pairs that look alike are laid upon one another, and must correlate. ``"paper"``: both
        perceptual hashes must be near (Kouzehkanan et al. 2022, Data cleaning).
    parameters : CleanParameters, optional
        Thresholds; its own method gives way to ``method``.

    Returns
    -------
    tuple of tuple of int
        Groups of two or more indices, each in increasing order, groups by their first member.

    Raises
    ------
    WrongArray
        If a crop is no RGB image.
    InputError
        If there is no such method.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> one, other = (rng.integers(0, 256, (64, 64, 3), np.uint8) for _ in range(2))
    >>> group_duplicates([one, other, one])
    ((0, 2),)
    """
    chosen = replace(parameters or CleanParameters(), method=Method(method))
    if chosen.method is Method.PAPER:
        strengths = _by_hashes(average_hash(crops), perceptual_hash(crops), chosen)
    else:
        strengths = _by_registration([thumbnail(pixels) for pixels in crops], chosen)
    return connected(len(crops), strengths)


def _by_hashes(average: Hashes, perceptual: Hashes, chosen: CleanParameters) -> Strengths:
    bits = {"average_bits": chosen.average_bits, "perceptual_bits": chosen.perceptual_bits}
    return edges_by_hashes(average, perceptual, **bits)


def _by_registration(thumbnails: list[Thumbnail], chosen: CleanParameters) -> Strengths:
    return edges_by_registration(thumbnails, alike=chosen.alike, correlation=chosen.correlation)


def _edge(one: Candidate, other: Candidate, correlation: float | None) -> DuplicateEdge:
    """Return what is kept of a pair: who, and how alike by every measure."""
    return DuplicateEdge(
        a=one.id,
        b=other.id,
        average_hash_distance=(one.average_hash ^ other.average_hash).bit_count(),
        perceptual_hash_distance=(one.perceptual_hash ^ other.perceptual_hash).bit_count(),
        correlation=correlation,
    )
