"""Where the photographs of a smear are taken, and which cells lie in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from buffycoat.domain.geometry import Box
from buffycoat.errors import TooFew
from buffycoat.samples.cast import reach_of
from buffycoat.samples.film import Place

__all__ = ["Site", "lay_out", "overlapping_site", "single_site"]

_APART = 20.0
"""Distance that two elements keep, center to center, in micrometres, where there is room."""
_CROP = 18.75
"""Half a crop of five red cells, in micrometres: repeats keep so far from the edges, where there is room."""
_TRIES = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A stretch of smear and the windows through which it is photographed, in the pixels of the stretch.

    ``covered``: the second window shows no cell that the first one does not show whole.
    """

    width: int
    height: int
    windows: tuple[Box, ...]
    covered: bool = False

    @property
    def repeats(self) -> int:
        """How many elements are placed in both photographs, at least."""
        return 0 if len(self.windows) == 1 else 3 if self.covered else 2


def single_site(width: int, height: int) -> Site:
    """Return a site that is photographed once."""
    return Site(width=width, height=height, windows=(Box(left=0, top=0, right=width, bottom=height),))


def overlapping_site(
    rng: np.random.Generator, width: int, height: int, *, shared: float, covered: bool = False
) -> Site:
    """Return a site that is photographed twice, about ``shared`` of the frame's width being seen in both."""
    dx, dy = round(width * (1 - shared) * rng.uniform(0.92, 1.0)), round(height * rng.uniform(0.02, 0.08))
    across = (0, dx) if rng.random() < 0.5 else (dx, 0)
    down = (0, dy) if rng.random() < 0.5 else (dy, 0)
    windows = tuple(
        Box(left=left, top=top, right=left + width, bottom=top + height) for left, top in zip(across, down, strict=True)
    )
    return Site(width=width + dx, height=height + dy, windows=windows, covered=covered)


def lay_out(
    rng: np.random.Generator, site: Site, whole: Sequence[str], edge: Sequence[str], scale: float
) -> tuple[Place, ...]:
    """Return a place for each term: apart from each other, and where the photographs want them.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the places.
    site : Site
        The stretch and its windows. On a site with two windows the first ``site.repeats`` terms are whole in both.
    whole : sequence of str
        Keys of the taxonomy that are whole in at least one photograph.
    edge : sequence of str
        Keys of what the edge of a photograph cuts.
    scale : float
        Pixels a micrometre.

    Raises
    ------
    TooFew
        If there is no room.
    """
    places: list[Place] = []
    for number, term in enumerate([*whole, *edge]):
        reach = reach_of(term) * scale
        for attempt in range(_TRIES):
            x, y = int(rng.integers(site.width)), int(rng.integers(site.height))
            if number >= len(whole):
                fits = _on_edge(site, x, y, reach)
            else:
                both = number < site.repeats
                margin = _CROP * scale if both and attempt < _TRIES // 2 else 0
                fits = _inside(site, x, y, max(reach, margin), everywhere=both)
            yielding = 1 - attempt / _TRIES / 2
            if fits and all(
                math.hypot(p.x - x, p.y - y) >= yielding * max(_APART * scale, p.reach + reach) for p in places
            ):
                places.append(Place(term=term, x=x, y=y, reach=reach))
                break
        else:
            raise TooFew("no room for another cell on this stretch of smear", found=f"{len(places)} cells placed")
    return tuple(places)


def _inside(site: Site, x: int, y: int, reach: float, *, everywhere: bool) -> bool:
    """Say whether an element is whole where it has to be."""
    whole = [_clearance(window, x, y) >= reach + 2 for window in site.windows]
    if everywhere:
        return all(whole)
    return whole[0] if site.covered else any(whole)


def _on_edge(site: Site, x: int, y: int, reach: float) -> bool:
    """Say whether the edge of the first photograph cuts the element, and no other photograph shows it."""
    others = (_clearance(window, x, y) < -reach for window in site.windows[1:])
    return abs(_clearance(site.windows[0], x, y)) < reach * 0.35 and all(others)


def _clearance(window: Box, x: int, y: int) -> float:
    """Return how far a point lies inside a window; negative outside."""
    return min(x - window.left, window.right - x, y - window.top, window.bottom - y)
