"""Nucleus, whole cell and cytoplasm of one cell, from its crop or from a click; a failure says why."""

from __future__ import annotations

import cv2
import numpy as np

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, NothingFound, SeveralCells
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.regions import BinaryMask, fill_holes, find_regions, keep_regions
from buffycoat.segment.bodies import look_at
from buffycoat.segment.cell_parts import CellParts, border_failures
from buffycoat.segment.frame import frame_of, share_on_border
from buffycoat.segment.meant import is_convex, meant_in_crop
from buffycoat.segment.outline import cell_around
from buffycoat.segment.part_methods import PART_METHODS, Point
from buffycoat.segment.waist import has_waist
from buffycoat.segment.window import fitting_window, windows_at

__all__ = ["find_parts", "segment_parts"]

SMALLEST_SIDE = 16
LARGEST_SIDE = 1024
SMALLEST_SHARE, SMALLEST_OFF_CENTER = 0.01, 0.03
"""Of the crop: smaller nuclei are platelets or specks; what is not in the middle has to be larger."""
SMALLEST_RATIO = 0.18
"""Of the cell: nuclei of BCCD, Raabin and Barcelona measured 0.22 at least, platelets joined over a red cell less."""
SPECK, HOLE = 0.1, 0.01
BESIDE = 0.1
"""How far outside of the drawn cell a click may be, in its radii."""
ATTEMPTS = 3


def segment_parts(
    crop: RgbImage, *, at: Point | None = None, method: str = "best", whole_only: bool = False, check: bool = True
) -> CellParts:
    """Return nucleus, whole cell and cytoplasm of one cell.

    Without a point, the cell in the middle of the crop is meant, and neighbors at its edge do not matter. With a
    point, the cell under it is meant wherever it is, also in a whole field of view: a window about twice as wide as the
    cell is looked at. Pictures wider than 1,024 px are worked on at that size.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3); any memory layout. White rows and columns at the border are padding.
    at : tuple of float, optional
        x and y of a click, in pixels of ``crop``.
    method : {"best", "easy-gt", "easy-gt-clean", "tavakoli", "vote"}
        How nuclei are found; see :data:`PART_METHODS`.
    whole_only : bool
        Tell no nucleus: granules cover that of a basophil, so that Kouzehkanan et al. 2022 drew the whole cell only.
    check : bool
        Without it, masks also come back where the cell goes on outside the picture, and where several cells have equal
        right (the nearest is taken then).

    Returns
    -------
    CellParts
        Masks of the size of ``crop``. Neither is ever empty, and the nucleus never leaves the cell.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InputError
        If there is no such method, or the point is not in the picture.
    NothingFound
        If there is no white cell: one color, no color, a picture of less than 16 px, a click on glass or a red cell.
        What is under 1 % of the crop (3 % where it is not in the middle), or not 50 levels of magenta above the rest,
        is no nucleus.
    SeveralCells
        If two cells or more have equal right to be meant, or one outline holds two.
    TouchesBorder
        If 0.15 of the outline of cell or nucleus or more lies on the border: 3 % of a round cell are missing then.

    Examples
    --------
    >>> crop = np.full((120, 120, 3), 230, np.uint8)
    >>> _ = cv2.circle(crop, (70, 60), 30, (190, 150, 200), -1)
    >>> _ = cv2.circle(crop, (70, 60), 18, (120, 40, 160), -1)
    >>> parts = segment_parts(crop, at=(80, 70), method="easy-gt")
    >>> bool(parts.nucleus[60, 70]), bool(parts.cytoplasm[60, 70]), bool(parts.cytoplasm[60, 45])
    (True, False, True)
    >>> segment_parts(crop, at=(10, 10), method="easy-gt")
    Traceback (most recent call last):
    ...
    buffycoat.errors.NothingFound: no white cell at this point: expected a nucleus near x 10, y 10
    """
    parts = find_parts(crop, at=at, method=method, strict=check)
    if whole_only:
        parts = CellParts(nucleus=None, cell=parts.cell, cell_on_border=parts.cell_on_border)
    if check:
        for failure in border_failures(parts).values():
            raise failure
    return parts


def find_parts(crop: RgbImage, *, at: Point | None = None, method: str = "best", strict: bool = True) -> CellParts:
    """Return nucleus and whole cell also where the border cuts them: :func:`segment_parts` without that check.

    Parameters
    ----------
    crop, at, method
        As for :func:`segment_parts`.
    strict : bool
        Whether several cells of equal right are an error; without it, the nearest is taken.

    Raises
    ------
    WrongArray, InputError, NothingFound, SeveralCells
        As for :func:`segment_parts`.
    """
    check_rgb(crop)
    if method not in PART_METHODS:
        raise InputError("no such method of segmentation", expected=" or ".join(PART_METHODS), found=repr(method))
    height, width = crop.shape[:2]
    if at is not None and not (-0.5 <= at[0] < width - 0.5 and -0.5 <= at[1] < height - 0.5):
        raise InputError(
            "the point is not in the picture", expected=f"x below {width}, y below {height}", found=str(at)
        )
    if min(height, width) < SMALLEST_SIDE:
        raise NothingFound(
            "the picture is too small for a cell",
            expected=f"at least {SMALLEST_SIDE} px a side",
            found=f"{width} x {height}",
        )
    if at is None:
        return _in_view(np.ascontiguousarray(crop), None, method, strict=strict)
    return _at_point(crop, at, method, strict=strict)


def _at_point(crop: RgbImage, at: Point, method: str, *, strict: bool) -> CellParts:
    """Look through windows around a point until a cell is found under it; the window is fitted to that cell."""
    for window in windows_at(crop, at):
        try:
            return _in_window(crop, window, at, method, strict=strict)
        except NothingFound:
            continue  # the next window is smaller
    raise NothingFound("no white cell at this point", expected=f"a nucleus near x {at[0]:g}, y {at[1]:g}")


def _in_window(crop: RgbImage, window: Box, at: Point, method: str, *, strict: bool) -> CellParts:
    height, width = crop.shape[:2]
    for attempt in range(ATTEMPTS):
        view = np.ascontiguousarray(crop[window.top : window.bottom, window.left : window.right])
        parts = _in_view(view, (at[0] - window.left, at[1] - window.top), method, strict=strict)
        better = fitting_window(parts.cell, window, (height, width))
        if better is None or attempt == ATTEMPTS - 1:
            break
        window = better
    nucleus, cell = (np.zeros((height, width), dtype=np.bool_) for _ in range(2))
    rows, columns = slice(window.top, window.bottom), slice(window.left, window.right)
    nucleus[rows, columns], cell[rows, columns] = parts.nucleus, parts.cell
    return CellParts(
        nucleus=nucleus,
        cell=cell,
        nucleus_on_border=parts.nucleus_on_border,
        cell_on_border=parts.cell_on_border,
    )


def _in_view(view: RgbImage, at: Point | None, method: str, *, strict: bool) -> CellParts:
    """Find the parts in one picture that is looked at as a whole; masks have its size."""
    height, width = view.shape[:2]
    scale = min(1.0, LARGEST_SIDE / max(height, width))
    small, point = view, at
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        point = None if at is None else (at[0] * scale, at[1] * scale)
    nucleus, cell = _one_cell(small, point, method, strict=strict)
    frame = frame_of(small)
    on_border = share_on_border(nucleus, frame), share_on_border(cell, frame)
    if scale < 1:
        nucleus, cell = (_enlarged(mask, (width, height)) for mask in (nucleus, cell))
    return CellParts(nucleus=nucleus, cell=cell | nucleus, nucleus_on_border=on_border[0], cell_on_border=on_border[1])


def _enlarged(mask: BinaryMask, size: tuple[int, int]) -> BinaryMask:
    larger = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(larger > 127, dtype=np.bool_)


def _one_cell(image: RgbImage, at: Point | None, method: str, *, strict: bool) -> tuple[BinaryMask, BinaryMask]:
    """Return nucleus and cell of the one that is meant."""
    middle = (image.shape[1] - 1) / 2, (image.shape[0] - 1) / 2
    aside = SMALLEST_OFF_CENTER * image.shape[0] * image.shape[1]
    nuclei, outlined = PART_METHODS[method](image, at)
    if outlined is not None and at is None:
        nuclei, outlined = meant_in_crop(image, (nuclei, outlined), method, least=aside, strict=strict)
    scene = look_at(image, nuclei)
    if outlined is not None and outlined.any() and is_convex(outlined):
        scene = scene.joined()  # lobes may lie far apart in a pale cell
    nucleus = scene.meant(middle, least=aside, strict=strict) if at is None else scene.under(at)
    neighbors = [other for other in scene.nuclei if other is not nucleus]
    if outlined is None:
        nucleus = _without_specks(nucleus)
        cell = cell_around(image, nucleus=nucleus)
    else:
        cell = outlined | nucleus
    if neighbors:
        cell = _nearer(cell, nucleus, np.bitwise_or.reduce(neighbors))
    cell = fill_holes(_joined(cell, nucleus))
    if at is not None and not _holds(cell, at):
        raise NothingFound("no white cell at this point", expected=f"a nucleus near x {at[0]:g}, y {at[1]:g}")
    least = SMALLEST_SHARE if at is not None or _holds(cell, middle) else SMALLEST_OFF_CENTER
    share = np.count_nonzero(nucleus) / nucleus.size
    if share < least:
        raise NothingFound("no nucleus in this crop", expected=f"at least {least:.0%} of it", found=f"{share:.2%}")
    ratio = np.count_nonzero(nucleus) / np.count_nonzero(cell)
    if ratio < SMALLEST_RATIO:
        raise NothingFound(
            "no white cell: dark specks with more than a cell around them",
            expected=f"a nucleus of at least {SMALLEST_RATIO:.0%} of its cell",
            found=f"{ratio:.0%}",
        )
    if strict and has_waist(cell):
        raise SeveralCells("the outline holds two cells that touch", expected="one cell")
    return nucleus, cell


def _holds(cell: BinaryMask, point: Point) -> bool:
    """Say whether a point lies in a cell, or right beside it."""
    x, y = (min(max(round(place), 0), side - 1) for place, side in zip(point, cell.shape[::-1], strict=True))
    if cell[y, x] or not cell.any():
        return bool(cell[y, x])
    distance = cv2.distanceTransform((~cell).astype(np.uint8), cv2.DIST_L2, 5)[y, x]
    return bool(distance <= BESIDE * np.sqrt(np.count_nonzero(cell) / np.pi))


def _without_specks(nucleus: BinaryMask) -> BinaryMask:
    """Return the large regions of a nucleus, with their small holes filled."""
    regions = find_regions(nucleus)
    kept = keep_regions(regions, regions.areas >= SPECK * regions.areas.max())
    return fill_holes(kept, largest=int(HOLE * np.count_nonzero(kept)))


def _nearer(cell: BinaryMask, nucleus: BinaryMask, others: BinaryMask) -> BinaryMask:
    """Return the part of an outline that is nearer to one nucleus than to the others."""
    own, other = (cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5) for mask in (nucleus, others))
    return np.asarray(cell & (own <= other), dtype=np.bool_)


def _joined(cell: BinaryMask, nucleus: BinaryMask) -> BinaryMask:
    """Return the regions of a cell that hold any of its nucleus."""
    regions = find_regions(cell)
    held = np.bincount(regions.labels[nucleus], minlength=len(regions.areas) + 1)[1:] > 0
    return keep_regions(regions, held)
