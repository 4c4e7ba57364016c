"""Writing burnt into a picture: a date that the camera stamped, a name, a number, the label of a scale bar.

Nothing is read, only found. Rendered writing differs from all that a microscope shows: its edges are a pixel or two
wide whatever the optics do, its ink is of one level, and its strokes stand in a row. So strokes with edges that sharp
are sought at full size and on two smaller copies, gathered to rows, and each row is scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["find_writing"]

_Gray = NDArray[np.uint8]
_Mask = NDArray[np.bool_]
_Numbers = NDArray[np.float64]

_COARSEST: Final = 4
_SMALLEST: Final = 400  # a copy whose longer side is at most this is not halved
_BLOCK: Final = 8
_BAND: Final = 256  # rows that are looked at together, so that they stay in the processor's cache
_FAINT: Final = 8  # levels from one pixel to the next
_STEP: Final = 20
_BUSY: Final = 6  # pixels of a block with such a step
_SEED: Final = 5  # the same at full size
_SUDDEN: Final = 0.5  # least share of large steps among all
_LEAST_BLOCKS: Final = 8
_MARGIN: Final = 16
_WINDOW: Final = 31
_LIFT: Final = 14  # a stroke is that much brighter than the mean of the window around it
_LOWEST: Final = 5
_HIGHEST: Final = 60
_LEAST_SHARP: Final = 0.42
_LEAST_CONTRAST: Final = 18.0
_MOST_STROKES: Final = 1500  # more of them are a texture
_WHITE: Final = 230
_THREE: Final = np.ones((3, 3), np.uint8)
_SEVEN: Final = np.ones((7, 7), np.uint8)

# A logistic regression of rows in photographs with drawn stamps against rows in the same photographs without: BCCD's
# fields, Raabin's photograph and crops, crops of the Barcelona set, drawn smears; as they are, and again resized,
# sharpened and noisy.
_WEIGHTS: Final = {
    "count": 3.27,
    "sharp": 11.2,
    "level": 0.0186,
    "contrast": 0.00147,
    "thick": -22.1,
    "tall": -3.41,
    "wide": -0.116,
    "fill": 2.99,
    "aspect": 0.693,
    "crowd": -1.35,
    "halved": -0.461,
    "large": -9.13,
}
_ENOUGH: Final = 10.8


@value
class _Strokes:
    """Sharp strokes of one brightness: arrays of one number each, in pixels and levels.

    ``thick`` is area over outline; ``sharp`` is how much of the height of its edges lies within three pixels of seven.
    """

    x: _Numbers
    y: _Numbers
    width: _Numbers
    height: _Numbers
    area: _Numbers
    thick: _Numbers
    contrast: _Numbers
    sharp: _Numbers
    peak: _Numbers

    def turned(self) -> _Strokes:
        """Return the strokes of the picture with its axes swapped."""
        return _Strokes(
            x=self.y,
            y=self.x,
            width=self.height,
            height=self.width,
            area=self.area,
            thick=self.thick,
            contrast=self.contrast,
            sharp=self.sharp,
            peak=self.peak,
        )


def find_writing(image: RgbImage) -> tuple[Box, ...]:
    """Find writing that was drawn into a picture.

    Made for stamps of a camera, names and numbers laid over a corner or an edge, and labels of scale bars, in Latin,
    Persian or other letters of 12 to some 240 pixels. A picture that was turned is looked at along both axes; slanting
    writing, and writing that hardly differs from what lies under it, is missed. Nothing that is found is read.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB: a photograph or a crop, of any size.

    Returns
    -------
    tuple of Box
        Around each piece of writing, from the top down; empty where there is none.

    Raises
    ------
    WrongArray
        Where the array is no image.

    Examples
    --------
    >>> field = np.full((240, 320, 3), (222, 200, 210), np.uint8)
    >>> find_writing(field)
    ()
    >>> stamped = cv2.putText(field, "2016-07-20", (150, 230), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 240, 0), 2)
    >>> [found] = find_writing(stamped)
    >>> found.contains(220, 222), found.contains(60, 60)
    (True, False)
    """
    check_rgb(image)
    height, width, _ = image.shape
    shorter = min(height, width)
    found: list[tuple[_Numbers, float]] = []
    copy, factor = image, 1
    seeds: _Gray | None = None
    while True:
        sudden = _sudden_steps(copy)
        # What is sharp on a smaller copy only is no writing: red cells look like letters from afar.
        if seeds is None:
            seeds = np.asarray(cv2.dilate((sudden >= _SEED).astype(np.uint8) * 255, _THREE), np.uint8)
        near = np.asarray(cv2.resize(seeds, sudden.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8) > 0
        for rows, columns in _places((sudden >= _BUSY) & near, *copy.shape[:2]):
            offset = np.array([columns.start, rows.start, columns.start, rows.start])
            found += [
                ((place + offset) * factor, score)
                for place, score in _rows_of_writing(copy[rows, columns], halved=factor.bit_length() - 1, whole=shorter)
            ]
        high, wide = copy.shape[0] // 2, copy.shape[1] // 2
        if max(high, wide) <= _SMALLEST // 2 or min(high, wide) == 0 or factor == _COARSEST:
            return _joined(found, width, height)
        copy = np.asarray(cv2.resize(copy, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
        factor *= 2


def _planes(image: RgbImage) -> tuple[_Gray, _Gray]:
    """Return the darkest and the brightest channel of each pixel: black and any full color are dark in the first."""
    red, green, blue = cv2.split(image)
    darkest, brightest = cv2.min(cv2.min(red, green), blue), cv2.max(cv2.max(red, green), blue)
    return np.asarray(darkest, np.uint8), np.asarray(brightest, np.uint8)


def _sudden_steps(image: RgbImage) -> _Gray:
    """Count, by block, pixels with a large step to the right; 0 where the blocks around have mostly small ones."""
    height, width, _ = image.shape
    down, across = -(-height // _BLOCK), -(-width // _BLOCK)
    counts = np.zeros((down, across), np.uint8)
    if width == 1:
        return counts
    marked = np.zeros((_BAND, across * _BLOCK), np.uint8)
    for top in range(0, height, _BAND):
        part = image[top : top + _BAND]
        rows = len(part)
        marked[rows:] = 0
        here = counts[top // _BLOCK : -(-(top + rows) // _BLOCK)]
        for plane in _planes(part):
            steps = cv2.absdiff(plane[:, 1:], plane[:, :-1])
            by_level = []
            for level in (_FAINT, _STEP):
                marked[:rows, : width - 1] = cv2.threshold(steps, level, _BLOCK * _BLOCK, cv2.THRESH_BINARY)[1]
                share = cv2.resize(marked, (across, _BAND // _BLOCK), interpolation=cv2.INTER_AREA)
                by_level.append(share[: len(here)])
            all_steps, large = by_level
            large[large < _SUDDEN * cv2.blur(all_steps, (3, 3))] = 0
            np.maximum(here, large, out=here)
    return counts


def _places(busy: _Mask, height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Yield rows and columns of the parts of a picture whose blocks hang together, with a margin."""
    joined = cv2.morphologyEx(busy.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 5), np.uint8))
    for left, top, wide, high, blocks in cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:].tolist():
        if blocks >= _LEAST_BLOCKS:
            yield (
                slice(max(0, top * _BLOCK - _MARGIN), min(height, (top + high) * _BLOCK + _MARGIN)),
                slice(max(0, left * _BLOCK - _MARGIN), min(width, (left + wide) * _BLOCK + _MARGIN)),
            )


def _rows_of_writing(part: RgbImage, *, halved: int, whole: int) -> Iterator[tuple[_Numbers, float]]:
    """Yield left, top, right and bottom of the rows of a part that are writing, with their score."""
    darkest, brightest = _planes(part)
    # On a white ground, white ink differs in the darkest channel only.
    bright = brightest if np.median(brightest[::4, ::4]) < _WHITE else darkest
    for plane in (np.asarray(cv2.bitwise_not(darkest), np.uint8), bright):
        strokes = _find_strokes(plane)
        if strokes is None:
            continue
        for turned in (False, True):
            places, scores = _score_rows(strokes.turned() if turned else strokes, halved=halved, whole=whole)
            good = scores > _ENOUGH
            yield from zip(
                places[good][:, [1, 0, 3, 2]] if turned else places[good], scores[good].tolist(), strict=True
            )


def _find_strokes(plane: _Gray) -> _Strokes | None:
    """Return the strokes that are brighter than what is around them, of the right height and sharp enough."""
    lifted = cv2.subtract(plane, cv2.blur(plane, (_WINDOW, _WINDOW)))
    ink = np.asarray(cv2.threshold(lifted, _LIFT, 1, cv2.THRESH_BINARY)[1], np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    x, y, width, height, area = stats.T.astype(np.float64)
    good = (height >= _LOWEST) & (height <= _HIGHEST) & (width >= 2) & (width <= 6 * height)
    good &= area >= 0.12 * width * height
    good[0] = False
    if np.count_nonzero(good) < 2:
        return None
    inner = cv2.erode(ink, _THREE, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    rim = (cv2.subtract(ink, inner) > 0) & good[labels]
    of = labels[rim]
    outline = np.maximum(np.bincount(of, minlength=count), 1)
    step = np.bincount(of, weights=cv2.morphologyEx(plane, cv2.MORPH_GRADIENT, _THREE)[rim], minlength=count)
    whole = np.bincount(of, weights=cv2.morphologyEx(plane, cv2.MORPH_GRADIENT, _SEVEN)[rim], minlength=count)
    contrast, sharp = whole / outline, step / np.maximum(whole, 1)
    good &= (sharp > _LEAST_SHARP) & (contrast > _LEAST_CONTRAST)
    if not 2 <= np.count_nonzero(good) <= _MOST_STROKES:
        return None
    inked = good[labels]
    peak = np.zeros(count)
    np.maximum.at(peak, labels[inked], plane[inked].astype(np.float64))
    return _Strokes(
        x=x[good],
        y=y[good],
        width=width[good],
        height=height[good],
        area=area[good],
        thick=(area / outline)[good],
        contrast=contrast[good],
        sharp=sharp[good],
        peak=peak[good],
    )


def _most(numbers: _Numbers) -> _Numbers:
    return np.maximum(numbers[:, None], numbers)


def _least(numbers: _Numbers) -> _Numbers:
    return np.minimum(numbers[:, None], numbers)


def _neighbors(strokes: _Strokes) -> _Mask:
    """Say which strokes may stand beside each other in a row: alike in height, ink and contrast, close, level."""
    taller, smaller = _most(strokes.height), _least(strokes.height)
    gap = _most(strokes.x) - _least(strokes.x + strokes.width)
    shared = _least(strokes.y + strokes.height) - _most(strokes.y)
    near = (gap <= 1.5 * taller) & (gap >= -0.25 * smaller) & (shared >= 0.45 * smaller) & (taller <= 3 * smaller)
    near &= _most(strokes.peak) - _least(strokes.peak) <= 36
    near &= _most(strokes.contrast) <= 2.2 * _least(strokes.contrast)
    np.fill_diagonal(near, val=False)
    return near


def _alike(strokes: _Strokes) -> _Mask:
    """Say which strokes have about the same size, ink and sharpness, wherever they stand: cells do, all over."""
    size = np.maximum(strokes.width, strokes.height)
    alike = _most(strokes.peak) - _least(strokes.peak) <= 24
    alike &= _most(strokes.sharp) - _least(strokes.sharp) <= 0.2
    alike &= _most(size) <= 1.8 * _least(size)
    return alike


def _gathered(near: _Mask) -> NDArray[np.intp]:
    """Return the number of the group of each, from 0; those that are near each other, by others too, are in one."""
    group = np.arange(len(near))
    while True:
        lower = np.minimum(group, np.where(near, group, len(near)).min(axis=1))
        lower = lower[lower]
        if np.array_equal(lower, group):
            return np.asarray(np.unique(group, return_inverse=True)[1], np.intp)
        group = lower


def _score_rows(strokes: _Strokes, *, halved: int, whole: int) -> tuple[_Numbers, _Numbers]:
    """Return left, top, right and bottom of each row of strokes, and how much it is like writing.

    ``whole`` is the shorter side of the picture at full size: letters are small in it, cells need not be.
    """
    near = _neighbors(strokes)
    if not near.any():
        return np.zeros((0, 4)), np.zeros(0)
    of = _gathered(near)
    count = np.bincount(of)
    rows = len(count)

    def mean(numbers: _Numbers) -> _Numbers:
        return np.asarray(np.bincount(of, weights=numbers, minlength=rows) / count, np.float64)

    left, top = np.full(rows, np.inf), np.full(rows, np.inf)
    right, bottom = np.zeros(rows), np.zeros(rows)
    np.minimum.at(left, of, strokes.x)
    np.minimum.at(top, of, strokes.y)
    np.maximum.at(right, of, strokes.x + strokes.width)
    np.maximum.at(bottom, of, strokes.y + strokes.height)
    height, sharp, thick = mean(strokes.height), mean(strokes.sharp), mean(strokes.thick) / mean(strokes.height)
    tall = (bottom - top) / height
    alike_elsewhere = (_alike(strokes) & (of[:, None] != of)).sum(axis=1).astype(np.float64)
    facts = {
        "count": np.log(np.minimum(count, 8)),
        "sharp": sharp,
        "level": mean(strokes.peak),
        "contrast": np.minimum(mean(strokes.contrast), 120),
        "thick": thick,
        "tall": tall,
        "wide": np.minimum((right - left) / height, 12),
        "fill": mean(strokes.area / (strokes.width * strokes.height)),
        "aspect": np.minimum(mean(strokes.width / strokes.height), 3),
        "crowd": np.log1p(mean(alike_elsewhere)) - np.log(count),
        "halved": np.full(rows, float(halved)),
        "large": height * 2**halved / whole,
    }
    score = np.asarray(sum(weight * facts[name] for name, weight in _WEIGHTS.items()), np.float64)
    possible = (count >= 2) & (sharp > np.where(count > 2, 0.5, 0.6)) & (tall < 3.5) & (thick < 0.3)
    return np.stack([left, top, right, bottom], axis=1)[possible], score[possible]


def _joined(found: list[tuple[_Numbers, float]], width: int, height: int) -> tuple[Box, ...]:
    """Return one box for the rows of one piece of writing; of rows that lie on each other, the best alone."""
    best: list[_Numbers] = []
    for place, _ in sorted(found, key=lambda row: -row[1]):
        if not any(_shared(place, other) > 0 for other in best):
            best.append(place)
    if not best:
        return ()
    boxes = np.array(best)
    reach = 0.75 * np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])[:, None] * np.array([-1, -1, 1, 1])
    grown = boxes + reach
    apart = (grown[:, None, :2] >= boxes[None, :, 2:]).any(2) | (grown[:, None, 2:] <= boxes[None, :, :2]).any(2)
    of = _gathered(~apart | ~apart.T)
    joined = []
    for group in range(of.max() + 1):
        mine = boxes[of == group].round().astype(int)
        left, top = mine[:, :2].min(0).tolist()
        right, bottom = mine[:, 2:].max(0).tolist()
        joined.append(Box(left=left, top=top, right=min(right, width), bottom=min(bottom, height)))
    return tuple(sorted(joined, key=lambda box: (box.top, box.left)))


def _shared(one: _Numbers, other: _Numbers) -> float:
    """Return the area in which two places lie on each other."""
    wide, high = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    return float(max(wide, 0) * max(high, 0))
