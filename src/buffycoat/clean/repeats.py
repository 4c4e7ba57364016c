"""The room's work: which cells are the same one, and which picture of each is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.edges import Link, Links, Registrar, edges_by_hashes, edges_by_registration
from buffycoat.clean.groups import connected, connected_unless
from buffycoat.clean.keeper import sharpest
from buffycoat.clean.overlaps import FieldOverlap
from buffycoat.clean.pair_index import spanning_pairs
from buffycoat.clean.parameters import CleanParameters, Method
from buffycoat.clean.places import Places
from buffycoat.domain.cell import DuplicateEdge, Evidence
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.descriptors import Sightings, look_at
from buffycoat.imaging.hashes import Hashes, average_hash, perceptual_hash
from buffycoat.imaging.registration import Thumbnail, from_sides, in_sides, thumbnail

__all__ = ["Repeats", "find_repeats", "group_duplicates"]

_MIN_SHARE = 0.4
"""Members of a group are each shifted against the kept one, so two of them share less than a pair must."""

_Pair = tuple[int, int]


@value
class Repeats:
    """Groups of cell ids, each sorted, with the one kept of each in the same order, and the edges that made them."""

    edges: tuple[DuplicateEdge, ...]
    groups: tuple[tuple[str, ...], ...]
    kept: tuple[str, ...]


def find_repeats(
    candidates: Sequence[Candidate],
    *,
    parameters: CleanParameters | None = None,
    overlaps: Sequence[FieldOverlap] = (),
    compared: Collection[str] = (),
    known: Sequence[DuplicateEdge] = (),
) -> Repeats:
    """Return which cells are the same one, and which picture of each is kept.

    By the paper's method, all that hashes join is one cell, and no more is asked. By the other, in one photograph, and
    in two that are known to show the same region, the place decides: cells at one place are the same, cells at
    different places are not. Elsewhere two cells are the same where one picture, laid upon the other,
    correlates with it.

    No chain of pairs joins strangers: edges are taken strongest first, and one that would bring two cells together that
    lie at different places, or do not look the same, is left out. The order of the candidates does not matter.

    Parameters
    ----------
    candidates : sequence of Candidate
        All cells to compare, of one smear or of many; their ids differ.
    parameters : CleanParameters, optional
        Method and thresholds.
    overlaps : sequence of FieldOverlap
        Photographs that show the same region; those without cells here are passed over. The paper's method has none.
    compared : collection of str
        Ids of candidates that have been compared with each other already: only pairs with a new one are searched.
    known : sequence of DuplicateEdge
        What was found among those.

    Returns
    -------
    Repeats
        Groups of two or more. A cell that is no repeat is in none.

    Raises
    ------
    InputError
        If two candidates have the same id, or an edge names a cell that is not there.

    Examples
    --------
    >>> find_repeats([]).groups
    ()
    """
    chosen = parameters or CleanParameters()
    cells = sorted(candidates, key=lambda each: each.id)
    number = {cell.id: index for index, cell in enumerate(cells)}
    if len(number) < len(cells):
        raise InputError("two cells have the same id", expected=f"{len(cells)} ids", found=f"{len(number)}")
    before = {number[each] for each in compared if each in number}
    links = _known(known, number)
    if chosen.method is Method.PAPER:
        average = np.array([each.average_hash for each in cells], np.uint64)
        perceptual = np.array([each.perceptual_hash for each in cells], np.uint64)
        found = _by_hashes(average, perceptual, chosen)
        links |= {pair: link for pair, link in found.items() if not before.issuperset(pair)}
        apart: Callable[[int, int], bool] = _never  # the paper joins whatever its hashes join
    else:
        thumbnails = [each.thumbnail for each in cells]
        sightings, registrar = look_at(thumbnails), Registrar(thumbnails)
        places = Places(cells, overlaps, iou=chosen.overlap, nucleus=_nuclei(sightings))
        links |= _by_place(places, registrar, before)
        links |= {
            pair: link
            for pair, link in edges_by_registration(
                thumbnails,
                sightings,
                registrar,
                chosen,
                compared=before,
                settled=lambda i, j: (i, j) in links or places.same(i, j) is not None,
            ).items()
            if pair not in links
        }
        apart = _apart(links, registrar, chosen, places)
    held = _held(links, apart)
    groups = connected(len(cells), held)
    return Repeats(
        edges=tuple(_edge(cells[a], cells[b], links[a, b]) for a, b in held),
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
        Each uint8, shape (height, width, 3), RGB, centered on its cell; sizes may differ.
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
        bits = {"average_bits": chosen.average_bits, "perceptual_bits": chosen.perceptual_bits}
        spanning = spanning_pairs(average_hash(crops), perceptual_hash(crops), **bits)
        return connected(len(crops), ((int(a), int(b)) for a, b in spanning))
    return _groups([thumbnail(pixels) for pixels in crops], chosen)


def _groups(thumbnails: Sequence[Thumbnail], chosen: CleanParameters) -> tuple[tuple[int, ...], ...]:
    # In the order of their content, so that the order of the crops does not matter.
    order = sorted(range(len(thumbnails)), key=lambda each: thumbnails[each].tobytes())
    ordered = [thumbnails[each] for each in order]
    registrar = Registrar(ordered)
    links = edges_by_registration(ordered, look_at(ordered), registrar, chosen)
    held = _held(links, _apart(links, registrar, chosen))
    return connected(len(ordered), ((order[a], order[b]) for a, b in held))


def _by_hashes(average: Hashes, perceptual: Hashes, chosen: CleanParameters) -> Links:
    bits = {"average_bits": chosen.average_bits, "perceptual_bits": chosen.perceptual_bits}
    return edges_by_hashes(average, perceptual, **bits)


def _by_place(places: Places, registrar: Registrar, before: Collection[int]) -> Links:
    """Return the pairs that lie at one place; they are the strongest."""
    links: Links = {}
    for i, j in places.pairs():
        if i in before and j in before:
            continue
        warp = places.warp(i, j)
        correlation = None if warp is None else registrar.laid_upon(i, j, warp).correlation or None
        links[i, j] = Link(2 + (correlation or 0), Evidence.OVERLAP, correlation, warp)
    return links


def _known(edges: Sequence[DuplicateEdge], number: dict[str, int]) -> Links:
    links: Links = {}
    for edge in edges:
        if edge.a not in number or edge.b not in number:
            missing = edge.a if edge.a not in number else edge.b
            raise InputError("an edge names a cell that is not there", expected="an id of a candidate", found=missing)
        pair, turned = (number[edge.a], number[edge.b]), number[edge.a] > number[edge.b]
        evidence = edge.evidence or (Evidence.HASHES if edge.correlation is None else Evidence.REGISTRATION)
        strength = float(-edge.average_hash_distance - edge.perceptual_hash_distance)
        if evidence is not Evidence.HASHES:
            strength = (edge.correlation or 0) + 2 * (evidence is Evidence.OVERLAP)
        warp = None if edge.warp is None else from_sides(edge.warp, turned=turned)
        links[min(pair), max(pair)] = Link(strength, evidence, edge.correlation, warp)
    return links


def _held(links: Links, apart: Callable[[int, int], bool]) -> list[_Pair]:
    strongest_first = sorted(links, key=lambda pair: (-links[pair].strength, pair))
    return sorted(connected_unless(strongest_first, apart))


def _never(_a: int, _b: int) -> bool:
    return False


def _apart(
    links: Links, registrar: Registrar, chosen: CleanParameters, places: Places | None = None
) -> Callable[[int, int], bool]:
    """Return what says of two cells that they cannot be one: by their places, else by what they look like."""
    seen: dict[_Pair, bool] = {}

    def apart(a: int, b: int) -> bool:
        pair = (min(a, b), max(a, b))
        if pair not in seen:
            by_place = None if places is None else places.same(*pair)
            if by_place is not None or pair in links:
                seen[pair] = by_place is False
            else:
                seen[pair] = registrar.register(*pair, min_share=_MIN_SHARE).correlation < chosen.plausible
        return seen[pair]

    return apart


def _nuclei(sightings: Sightings) -> Callable[[int], NDArray[np.float64] | None]:
    return lambda number: sightings.places[number, 1] if sightings.found[number] else None


def _edge(one: Candidate, other: Candidate, link: Link) -> DuplicateEdge:
    """Return what is kept of a pair: who, how alike by every measure, and how one lies upon the other."""
    return DuplicateEdge(
        a=one.id,
        b=other.id,
        average_hash_distance=(one.average_hash ^ other.average_hash).bit_count(),
        perceptual_hash_distance=(one.perceptual_hash ^ other.perceptual_hash).bit_count(),
        correlation=link.correlation,
        evidence=link.evidence,
        warp=None if link.warp is None else in_sides(link.warp),
    )
