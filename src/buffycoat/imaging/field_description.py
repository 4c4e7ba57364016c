"""What is kept of a photograph to tell whether another one shows the same region: its details and its landmarks."""

from __future__ import annotations

from dataclasses import field

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["DESCRIBED_SIDE", "DETAIL_UNIT", "FieldDescription", "describe_field"]

DESCRIBED_SIDE = 640
"""The longest side, in pixels, at which a photograph is described; a smaller one is described as it is."""

DETAIL_UNIT = 32
"""What the mean contrast of a neighborhood is scaled to in `FieldDescription.detail`."""

# In described pixels: details lie between these two sizes, and their contrast is that of a wider neighborhood.
_FINE = 1.0
_COARSE = 12.0
_NEIGHBORHOOD = 24.0
# Grey levels of detail that count as noise: empty ground must not be blown up to full contrast.
_NOISE = 2.0

# Black around the ocular's round image: dark, touching the edge of the photograph, and larger than any cell there.
_DARK = 0.35
_SURROUND = 0.01
_MARGIN = 9

# Landmarks: at most four in a square of 40 pixels, so that one cell full of granules does not take them all.
_LANDMARKS = 500
_SQUARE = 40
_PER_SQUARE = 4
_FAR_FROM_EDGE = 15


@value
class FieldDescription:
    """A photograph as `buffycoat.clean.find_overlaps` sees it; 0.6 MB.

    Attributes
    ----------
    width_px, height_px : int
        Size of the photograph, in the pixel frame where its boxes are.
    detail : ndarray
        int8, shape (h, w): details of the reduced photograph, free of light and shading, of equal contrast everywhere.
    seen : ndarray
        uint8, shape (h, w): 1 where the smear is seen, 0 in the black around the ocular's image.
    points : ndarray
        float32, shape (n, 2): places (x, y) of landmarks, in reduced pixels; those that tell most of each part first.
    angles : ndarray
        float32, shape (n,): direction of each, in degrees.
    descriptors : ndarray
        uint8, shape (n, 32): 256 bits each.
    """

    width_px: int
    height_px: int
    detail: NDArray[np.int8] = field(repr=False, compare=False)
    seen: NDArray[np.uint8] = field(repr=False, compare=False)
    points: NDArray[np.float32] = field(repr=False, compare=False)
    angles: NDArray[np.float32] = field(repr=False, compare=False)
    descriptors: NDArray[np.uint8] = field(repr=False, compare=False)

    @property
    def reduction(self) -> tuple[float, float]:
        """Pixels of the photograph in one of the description, across and down."""
        height, width = self.detail.shape
        return self.width_px / width, self.height_px / height


def describe_field(image: RgbImage, *, size_px: tuple[int, int] | None = None) -> FieldDescription:
    """Return what is kept of a photograph to find others that show the same region.

    Light, shading and stain strength are taken out by comparing each pixel with its surroundings. Landmarks are
    oriented FAST corners with rotated BRIEF descriptors (Rublee et al., ORB, ICCV 2011).

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB: the photograph, or a reduced one. More than 640 pixels are not used.
    size_px : tuple of int, optional
        Width and height of the photograph itself, where ``image`` is a reduced one.

    Returns
    -------
    FieldDescription
        Without landmarks where there is nothing to see.

    Raises
    ------
    WrongArray
        If ``image`` is no RGB image.
    InputError
        If the size is none, or smaller than the image.

    Examples
    --------
    >>> field = describe_field(np.full((750, 1000, 3), 200, np.uint8), size_px=(4000, 3000))
    >>> field.detail.shape, field.reduction, len(field.points)
    ((480, 640), (6.25, 6.25), 0)
    """
    check_rgb(image)
    height, width = image.shape[:2]
    whole_width, whole_height = size_px or (width, height)
    if whole_width < width or whole_height < height:
        found = f"{whole_width} x {whole_height}"
        raise InputError(
            "a photograph is smaller than its reduced picture", expected=f"{width} x {height}", found=found
        )
    part = min(1.0, DESCRIBED_SIDE / max(width, height))
    size = (max(1, round(width * part)), max(1, round(height * part)))
    grey = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    seen = _seen(np.asarray(grey, np.uint8))
    detail = _detail(np.asarray(grey, np.uint8), seen)
    points, angles, descriptors = _landmarks(detail, seen)
    return FieldDescription(
        width_px=whole_width,
        height_px=whole_height,
        detail=detail,
        seen=seen,
        points=points,
        angles=angles,
        descriptors=descriptors,
    )


def _seen(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return 0 where there is the black around the ocular's image, and 1 elsewhere."""
    dark = np.asarray(grey < _DARK * np.percentile(grey, 95), np.uint8)
    height, width = grey.shape
    _, names, facts, _ = cv2.connectedComponentsWithStats(dark)
    left, top, wide, high, area = facts.T
    touches = (left == 0) | (top == 0) | (left + wide == width) | (top + high == height)
    surround = touches & (area > _SURROUND * grey.size)
    surround[0] = False
    if not surround.any():
        return np.ones_like(grey)
    return np.asarray(cv2.erode(np.uint8(1) - surround[names], np.ones((_MARGIN, _MARGIN), np.uint8)), np.uint8)


def _detail(grey: NDArray[np.uint8], seen: NDArray[np.uint8]) -> NDArray[np.int8]:
    inside = seen.astype(np.float32)

    def blurred(picture: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
        weight = np.maximum(cv2.GaussianBlur(inside, (0, 0), sigma), 1e-3)
        return np.asarray(cv2.GaussianBlur(picture * inside, (0, 0), sigma) / weight, np.float32)

    picture = grey.astype(np.float32)
    band = blurred(picture, _FINE) - blurred(picture, _COARSE)
    contrast = np.sqrt(blurred(band * band, _NEIGHBORHOOD))
    even = DETAIL_UNIT * inside * band / (contrast + _NOISE)
    return np.clip(np.rint(even), -127, 127).astype(np.int8)


def _landmarks(
    detail: NDArray[np.int8], seen: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8]]:
    """Return places, directions and descriptors, the strongest of each square first, then all second ones, ...."""
    none = np.empty((0, 2), np.float32), np.empty(0, np.float32), np.empty((0, 32), np.uint8)
    if min(detail.shape) <= 4 * _FAR_FROM_EDGE:
        return none
    finder = cv2.ORB.create(
        nfeatures=2500, scaleFactor=1.2, nlevels=4, edgeThreshold=_FAR_FROM_EDGE, patchSize=31, fastThreshold=7
    )
    allowed = cv2.erode(seen, np.ones((_FAR_FROM_EDGE, _FAR_FROM_EDGE), np.uint8))
    picture = (detail.astype(np.int16) + 128).astype(np.uint8)
    found, descriptors = finder.detectAndCompute(picture, 255 * allowed)
    if not found:
        return none
    places = np.array([each.pt for each in found], np.float32)
    angles = np.array([each.angle for each in found], np.float32)
    strength = np.array([each.response for each in found], np.float32)
    column, row = (places // _SQUARE).astype(np.int64).T
    square = row * (detail.shape[1] // _SQUARE + 1) + column
    order = np.lexsort((places[:, 0], places[:, 1], -strength, square))
    first = np.flatnonzero(np.diff(square[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    best = np.lexsort((-strength[order], rank))
    chosen = order[best[rank[best] < _PER_SQUARE][:_LANDMARKS]]
    return places[chosen], angles[chosen], np.asarray(descriptors[chosen], np.uint8)
