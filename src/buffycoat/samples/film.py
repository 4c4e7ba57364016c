"""A stretch of blood film: where everything lies, and the whole of it drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.samples.cast import CAST
from buffycoat.samples.ink import Ink
from buffycoat.samples.patch import Plane
from buffycoat.samples.red_cell import RedCells, draw_red_cell
from buffycoat.samples.remnant import platelet, speck
from buffycoat.samples.sprite import Sprite

__all__ = ["Drawn", "Film", "Inks", "Place", "Stretch", "View", "draw_stretch", "look_at"]

Inks = Mapping[Ink, NDArray[np.float32]]
"""Absorbance of each ink in the three channels of a camera."""
_SHEET = 96
"""Red cells of a stretch are taken from so many different ones, turned and mirrored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """How one smear is spread.

    ``crowding``: places tried for red cells, for each square of one diameter. ``overlap``: share of red cells that may
    lie on another. ``platelets`` and ``specks``: mean number in a megapixel.
    """

    red_cells: RedCells
    crowding: float
    overlap: float
    platelets: float
    specks: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An element to draw: a key of the taxonomy, its center, and how far it may reach; pixels."""

    term: str
    x: int
    y: int
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """A drawn element, and where its sprite lies on the stretch."""

    place: Place
    sprite: Sprite

    @property
    def left(self) -> int:
        """Left edge of the sprite on the stretch."""
        return self.place.x - self.sprite.side // 2

    @property
    def top(self) -> int:
        """Top edge of the sprite on the stretch."""
        return self.place.y - self.sprite.side // 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """A part of a smear, drawn: absorbance of shape (height, width, 3), and the elements in it."""

    absorbance: NDArray[np.float32]
    elements: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a window shows of an element: tight boxes in the window's pixels, and whether its edge cuts the nucleus."""

    extent: Box
    nucleus: Box | None
    cut: bool


def draw_stretch(
    rng: np.random.Generator, film: Film, inks: Inks, scale: float, size: tuple[int, int], places: Sequence[Place]
) -> Stretch:
    """Draw a stretch of smear: red cells first, platelets on them, then the named elements, then specks of stain.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws everything that is not given.
    film : Film
        How the smear is spread.
    inks : mapping
        The inks as the camera sees them.
    scale : float
        Pixels a micrometre.
    size : tuple of int
        Width and height in pixels.
    places : sequence of Place
        The elements to draw.
    """
    width, height = size
    elements = tuple(Drawn(place=place, sprite=CAST[place.term](rng, scale)) for place in places)
    hemoglobin = np.zeros((height, width), dtype=np.float32)
    sheet = [draw_red_cell(rng, film.red_cells, scale) for _ in range(_SHEET)]
    for x, y in _red_cell_centers(rng, film, scale, size, elements):
        red_cell = np.rot90(sheet[int(rng.integers(_SHEET))], int(rng.integers(4)))
        _lay(hemoglobin, red_cell if rng.random() < 0.5 else red_cell.T, x, y)
    absorbance = hemoglobin[..., None] * inks[Ink.HEMOGLOBIN]
    megapixels = width * height / 1e6
    for _ in range(rng.poisson(film.platelets * megapixels)):
        _paint(absorbance, platelet(rng, scale), int(rng.integers(width)), int(rng.integers(height)), inks)
    for element in elements:
        _paint(absorbance, element.sprite, element.place.x, element.place.y, inks)
    for _ in range(rng.poisson(film.specks * megapixels)):
        _paint(absorbance, speck(rng, scale), int(rng.integers(width)), int(rng.integers(height)), inks)
    return Stretch(absorbance=absorbance, elements=elements)


def look_at(drawn: Drawn, window: Box) -> View | None:
    """Return what a window shows of an element; ``None`` where it is less than a twelfth."""
    cell = _tight(drawn, drawn.sprite.cell, window)
    if cell is None or cell[1] < 1 / 12:
        return None
    if drawn.sprite.nucleus is None:
        return View(extent=cell[0], nucleus=None, cut=cell[1] < 1)
    nucleus = _tight(drawn, drawn.sprite.nucleus, window)
    if nucleus is None:
        return View(extent=cell[0], nucleus=None, cut=True)
    return View(extent=cell[0], nucleus=nucleus[0], cut=nucleus[1] < 1)


def _red_cell_centers(
    rng: np.random.Generator, film: Film, scale: float, size: tuple[int, int], elements: Sequence[Drawn]
) -> list[tuple[int, int]]:
    """Return where red cells lie: beside each other, some on each other, pushed aside by the named elements."""
    diameter = film.red_cells.diameter * scale
    tries = round(film.crowding * size[0] * size[1] / diameter**2)
    points = rng.uniform(-diameter / 2, np.array(size) + diameter / 2, size=(tries, 2))
    on_another = rng.random(tries) < film.overlap
    gaps = diameter * np.where(on_another, rng.uniform(0.45, 0.85, tries), rng.uniform(0.97, 1.12, tries))
    for element in elements:
        girth = math.sqrt(float(element.sprite.cell.sum()) / math.pi)
        away = np.hypot(points[:, 0] - element.place.x, points[:, 1] - element.place.y)
        free = away >= girth * rng.uniform(0.98, 1.1, len(points)) + 0.47 * diameter
        points, gaps = points[free], gaps[free]
    taken = np.empty_like(points)
    count = 0
    for point, gap in zip(points, gaps, strict=True):
        if not count or float(((taken[:count] - point) ** 2).sum(1).min()) >= gap * gap:
            taken[count] = point
            count += 1
    return [(round(x), round(y)) for x, y in taken[:count].tolist()]


def _tight(drawn: Drawn, part: Plane, window: Box) -> tuple[Box, float] | None:
    """Return the tight box of what a window shows of a part, in the window's pixels, and the share it shows."""
    rows, columns = np.nonzero(part >= np.float32(0.5))
    x, y = columns + (drawn.left - window.left), rows + (drawn.top - window.top)
    inside = (x >= 0) & (y >= 0) & (x < window.width) & (y < window.height)
    if not inside.any():
        return None
    x, y = x[inside], y[inside]
    box = Box(left=int(x.min()), top=int(y.min()), right=int(x.max()) + 1, bottom=int(y.max()) + 1)
    return box, float(inside.mean())


def _lay(hemoglobin: Plane, thickness: Plane, x: int, y: int) -> None:
    """Lay a red cell on others: they flatten each other, so together they are thinner than their sum."""
    target, source = _meet(hemoglobin.shape, thickness.shape[0], x, y)
    below, above = hemoglobin[target], thickness[source]
    hemoglobin[target] = np.maximum(below, above) + np.float32(0.27) * np.minimum(below, above)


def _paint(absorbance: NDArray[np.float32], sprite: Sprite, x: int, y: int, inks: Inks) -> None:
    """Lay a sprite on the stretch, centered on (x, y); little of what lies below shows through."""
    target, source = _meet(absorbance.shape, sprite.side, x, y)
    part = absorbance[target]
    part *= (1 - np.float32(0.88) * sprite.cell[source])[..., None]
    for ink, amount in sprite.inks.items():
        part += amount[source][..., None] * inks[ink]


def _meet(shape: tuple[int, ...], side: int, x: int, y: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the slices of stretch and sprite where they meet; empty ones where they do not."""
    left, top = x - side // 2, y - side // 2
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = max(x0, min(left + side, shape[1])), max(y0, min(top + side, shape[0]))
    return (slice(y0, y1), slice(x0, x1)), (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
