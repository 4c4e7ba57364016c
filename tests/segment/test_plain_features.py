"""The 51 features beside a second program: plain Python written from their definition, without NumPy or OpenCV."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from buffycoat.segment.features import features_of
from buffycoat.segment.nucleus import segment_nucleus

# ---------------------------------------------------------------- the second program

Pixel = tuple[int, int]
Color = tuple[int, int, int]
AROUND = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


def plain_features(crop: list[list[Color]], nucleus: set[Pixel]) -> list[float]:
    corners = plain_hull(nucleus)
    hull = {pixel for pixel in window(nucleus) if in_hull(pixel, corners)}
    rest = hull - nucleus
    outlines = [outline_length(region) for region in outer_regions(nucleus)]
    colors = [1.0] * 48
    if rest:
        balanced = balance(crop)
        channels = {(x, y): all_channels(balanced[y][x]) for x, y in hull}
        colors = [
            ratio(of_part, of_hull)
            for part in (nucleus, rest)
            for number in range(12)
            for of_part, of_hull in zip(
                mean_and_std([channels[pixel][number] for pixel in sorted(part)]),
                mean_and_std([channels[pixel][number] for pixel in sorted(hull)]),
                strict=True,
            )
        ]
    edges = list(zip(corners, corners[1:] + corners[:1], strict=True))
    hull_length = sum(math.dist(*edge) for edge in edges)
    hull_area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in edges)) / 2
    length, area = sum(outlines), len(nucleus)
    return [*colors, length**2 / (4 * math.pi * area), ratio(hull_length, length), ratio(area, hull_area)]


def ratio(above: float, below: float) -> float:
    return above / below if below else (1.0 if above == 0 else 10.0)


def mean_and_std(levels: list[int]) -> tuple[float, float]:
    count, total = len(levels), sum(levels)
    spread = count * sum(level * level for level in levels) - total * total
    return total / count, math.sqrt(spread) / count


def balance(crop: list[list[Color]]) -> list[list[Color]]:
    pixels = [color for row in crop for color in row]
    means = [Fraction(sum(color[c] for color in pixels), len(pixels)) for c in range(3)]
    luma = sum(share * mean for share, mean in zip((299, 587, 114), means, strict=True)) / 1000
    scale = [luma / mean if mean else Fraction(0) for mean in means]
    return [[tuple(min(255, math.floor(color[c] * scale[c])) for c in range(3)) for color in row] for row in crop]


def all_channels(color: Color) -> tuple[int, ...]:
    return (*color, *hsv(*color), *lab(*color), *ycrcb(*color))


def clip(level: int) -> int:
    return min(255, max(0, level))


def hsv(red: int, green: int, blue: int) -> Color:
    """Hue in half degrees, by OpenCV's fixed point of 12 bits."""
    high = max(red, green, blue)
    spread = high - min(red, green, blue)
    if spread == 0:
        return 0, 0, high
    if high == red:
        sixths = green - blue
    elif high == green:
        sixths = blue - red + 2 * spread
    else:
        sixths = red - green + 4 * spread
    hue = (sixths * round((180 << 12) / (6 * spread)) + 2048) >> 12
    return (hue + 180 if hue < 0 else hue), (spread * round((255 << 12) / high) + 2048) >> 12, high


def ycrcb(red: int, green: int, blue: int) -> Color:
    """By OpenCV's fixed point of 14 bits."""
    luma = (4899 * red + 9617 * green + 1868 * blue + 8192) >> 14
    shift = (128 << 14) + 8192
    return luma, clip(((red - luma) * 11682 + shift) >> 14), clip(((blue - luma) * 9241 + shift) >> 14)


def linear(level: int) -> int:
    """Linear light in eighths of a level, from sRGB."""
    part = level / 255
    return round(255 * 8 * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4))


def root(eighths: int) -> int:
    """The cube root of CIE Lab in 2^-15; OpenCV's table, in single precision, has two entries that round otherwise."""
    part = eighths / (255 * 8)
    exact = part ** (1 / 3) if part >= 216 / 24389 else part * 841 / 108 + 16 / 116
    return {49: 9454, 628: 22126}.get(eighths, round(exact * (1 << 15)))


XYZ = (
    ((0.412453, 0.357580, 0.180423), 0.950456),
    ((0.212671, 0.715160, 0.072169), 1),
    ((0.019334, 0.119193, 0.950227), 1.088754),
)


def lab(red: int, green: int, blue: int) -> Color:
    light = [linear(level) for level in (red, green, blue)]
    x, y, z = (
        root((sum(round(4096 * share / white) * level for share, level in zip(row, light, strict=True)) + 2048) >> 12)
        for row, white in XYZ
    )
    half = 1 << 14
    return (
        clip(((116 * 255 + 50) // 100 * y - (16 * 255 * (1 << 15) + 50) // 100 + half) >> 15),
        clip((500 * (x - y) + (128 << 15) + half) >> 15),
        clip((200 * (y - z) + (128 << 15) + half) >> 15),
    )


def turn(a: Pixel, b: Pixel, c: Pixel) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def plain_hull(pixels: set[Pixel]) -> list[Pixel]:
    """Corners of the hull through pixel centers (Andrew's chain)."""
    points = sorted(pixels)
    if len(points) < 3:
        return points
    chains = []
    for way in (points, points[::-1]):
        chain: list[Pixel] = []
        for point in way:
            while len(chain) > 1 and turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains += chain[:-1]
    return chains


def in_hull(pixel: Pixel, corners: list[Pixel]) -> bool:
    edges = zip(corners, corners[1:] + corners[:1], strict=True)
    return all(turn(*edge, pixel) >= 0 for edge in edges)


def window(pixels: set[Pixel]) -> list[Pixel]:
    xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
    return [(x, y) for y in range(min(ys), max(ys) + 1) for x in range(min(xs), max(xs) + 1)]


def spread_from(seeds: list[Pixel], allowed: set[Pixel], steps: tuple[Pixel, ...]) -> set[Pixel]:
    reached, todo = set(seeds), list(seeds)
    while todo:
        x, y = todo.pop()
        for dx, dy in steps:
            there = x + dx, y + dy
            if there in allowed and there not in reached:
                reached.add(there)
                todo.append(there)
    return reached


def outer_regions(pixels: set[Pixel]) -> list[set[Pixel]]:
    """Regions with their holes filled, whatever lies in these."""
    xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
    frame = {(x, y) for y in range(min(ys) - 1, max(ys) + 2) for x in range(min(xs) - 1, max(xs) + 2)}
    left = frame - spread_from([(min(xs) - 1, min(ys) - 1)], frame - pixels, AROUND[::2])
    regions = []
    while left:
        regions.append(spread_from([min(left)], left, AROUND))
        left = left - regions[-1]
    return regions


def outline_length(region: set[Pixel]) -> float:
    """Length of the walk along the outermost pixels, from center to center, until it repeats."""
    here = start = min(region, key=lambda pixel: (pixel[1], pixel[0]))
    back, first, length = 4, None, 0.0
    while True:
        for step in range(1, 9):
            way = (back + step) % 8
            there = here[0] + AROUND[way][0], here[1] + AROUND[way][1]
            if there in region:
                break
        else:
            return 0.0
        if here == start and way == first:
            return length
        first = way if first is None else first
        length += math.hypot(*AROUND[way])
        here, back = there, (way + 4) % 8


# ---------------------------------------------------------------- both beside each other


def plain(crop: np.ndarray, nucleus: np.ndarray) -> np.ndarray:
    rows = [[tuple(color) for color in row] for row in crop.tolist()]
    ys, xs = np.nonzero(nucleus)
    return np.array(plain_features(rows, set(zip(xs.tolist(), ys.tolist(), strict=True))))


@pytest.fixture(scope="module")
def small_crops(data: Path) -> list[np.ndarray]:
    paths = [
        path
        for folder in sorted((data / "raabin_crops" / "crops").iterdir())
        for path in sorted(folder.glob("*.jpg"))[5:65:30]
    ]
    paths += (
        sorted((data / "bccd" / "crops").rglob("*.jpg"))[::60] or sorted((data / "bccd" / "crops").rglob("*.png"))[::60]
    )
    pictures = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in paths]
    return [cv2.resize(picture, (96, 96), interpolation=cv2.INTER_AREA) for picture in pictures]


def test_real_nuclei_have_the_same_51_numbers(small_crops):
    assert len(small_crops) > 12
    lobed = 0
    for crop in small_crops:
        nucleus = segment_nucleus(crop)
        second = plain(crop, nucleus)
        lobed += second[0] != 1
        np.testing.assert_allclose(features_of(crop, nucleus), second, rtol=0, atol=1e-6)
    assert lobed > 12


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    arrays(np.bool_, (11, 13)).filter(lambda mask: mask.any()),
    st.sampled_from([1, 40, 128]),
)
def test_any_mask_on_any_colors_has_the_same_51_numbers(seed, nucleus, grain):
    noise = np.random.default_rng(seed).integers(0, 256, (11, 13, 3))
    crop = (noise // grain * grain).astype(np.uint8)
    np.testing.assert_allclose(features_of(crop, nucleus), plain(crop, nucleus), rtol=1e-6, atol=1e-6)


def test_the_second_program_knows_opencv_s_colors():
    colors = np.random.default_rng(4).integers(0, 256, (1, 3000, 3)).astype(np.uint8)
    for code, convert in ((cv2.COLOR_RGB2HSV, hsv), (cv2.COLOR_RGB2LAB, lab), (cv2.COLOR_RGB2YCrCb, ycrcb)):
        assert cv2.cvtColor(colors, code)[0].tolist() == [list(convert(*color)) for color in colors[0].tolist()]
