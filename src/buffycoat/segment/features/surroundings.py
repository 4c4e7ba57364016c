"""What colors of a cell are compared with: the glass and the red cells of its own field."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError, InvalidMask, NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.regions import check_mask
from buffycoat.imaging.threshold import histogram_of, otsu

__all__ = ["Surroundings", "optical_density", "surroundings_of"]

FEWEST = 50
"""Pixels of glass, and of red cells, below which a median says little."""
FAINTEST = 0.02
"""Least optical density of red cells: what is fainter is the grain of empty glass."""


@value
class Surroundings:
    """Colors of a field: RGB of its glass and of its red cells, 0 to 255; and how wide a red cell is, in pixels.

    Raises
    ------
    InputError
        If a color is none, or the width is not above 0.
    """

    glass: tuple[float, float, float]
    red_cells: tuple[float, float, float]
    red_cell_px: float

    def __post_init__(self) -> None:
        """Refuse colors and a width that are none."""
        for color in (self.glass, self.red_cells):
            if not all(0 <= level <= 255 for level in color):
                raise InputError("not a color", expected="three levels from 0 to 255", found=str(color))
        if not 0 < self.red_cell_px < float("inf"):
            raise InputError("not a width of red cells", expected="above 0 pixels", found=str(self.red_cell_px))


def surroundings_of(image: RgbImage, *, red_cell_px: float, cells: NDArray[np.bool_] | None = None) -> Surroundings:
    """Measure glass and red cells of a field, or of a crop around its white cell.

    Otsu's method splits the green channel outside white cells; glass is the median color above, red cells the median
    color below. Rows and columns of plain white are padding and do not count.

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).
    red_cell_px : float
        How wide a red cell is in it, in pixels: see :func:`~buffycoat.imaging.scale.red_cell_diameter`.
    cells : ndarray, optional
        bool of shape (height, width): the white cells, which are left out.

    Raises
    ------
    WrongArray
        If ``image`` is no RGB image.
    InvalidMask
        If ``cells`` is no mask of it.
    InputError
        If the width is not above 0.
    NothingFound
        If there is no glass, or there are no red cells.

    Examples
    --------
    >>> field = np.full((40, 40, 3), (230, 225, 220), np.uint8)
    >>> field[:20, :20] = (200, 150, 145)
    >>> surroundings_of(field, red_cell_px=20).red_cells
    (200.0, 150.0, 145.0)
    """
    check_rgb(image)
    outside = ~(image == 255).all(axis=2)
    if cells is not None:
        check_mask(cells)
        if cells.shape != image.shape[:2]:
            raise InvalidMask(
                "the cells are no mask of the image", expected=str(image.shape[:2]), found=str(cells.shape)
            )
        outside &= ~cells
    pixels = image[outside]
    if len(pixels) < 2 * FEWEST:
        raise NothingFound("nothing is seen around the cells", expected=f"{2 * FEWEST} px", found=f"{len(pixels)} px")
    try:
        bright = pixels[:, 1] > otsu(histogram_of(pixels[None, :, 1]))
    except TooFew as error:
        raise NothingFound("no red cells around", expected="glass and red cells", found="one color") from error
    dimmer = pixels[~bright]
    if min(len(dimmer), len(pixels) - len(dimmer)) < FEWEST:
        raise NothingFound(
            "no red cells around", expected=f"{FEWEST} px of glass and of red cells", found=f"{len(dimmer)} darker px"
        )
    glass, red_cells = (np.median(some, axis=0) for some in (pixels[bright], dimmer))
    density = float(optical_density(red_cells, glass).mean())
    if density < FAINTEST:
        raise NothingFound("no red cells around", expected=f"an optical density of {FAINTEST}", found=f"{density:.3f}")
    return Surroundings(glass=_color(glass), red_cells=_color(red_cells), red_cell_px=red_cell_px)


def optical_density(levels: NDArray[np.float64], glass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``log10((glass + 1) / (level + 1))``: how much less light comes through than beside the cells.

    Examples
    --------
    >>> optical_density(np.array([249.0, 24.0]), np.array([249.0, 249.0])).tolist()
    [0.0, 1.0]
    """
    return np.log10((glass + 1) / (levels + 1))


def _color(levels: NDArray[np.float64]) -> tuple[float, float, float]:
    red, green, blue = (float(level) for level in levels)
    return red, green, blue
