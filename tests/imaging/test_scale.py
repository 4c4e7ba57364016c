from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InvalidMetadata, NothingFound, WrongArray
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.illumination import BACKGROUND_LEVEL, flatten, lit_area, shrink
from buffycoat.imaging.outlines import find_arcs
from buffycoat.imaging.scale import (
    RAABIN_MICROMETRES_PER_PIXEL,
    RAABIN_RED_CELL_PX,
    cell_side,
    micrometer_period,
    red_cell_diameter,
)

# ----------------------------------------------------------------- red cells


def smear_of(
    diameter: float, *, size: tuple[int, int] = (600, 800), touching: bool = False, seed: int = 0
) -> np.ndarray:
    """Rings like red cells, of one size to 5 %, a leukocyte and platelets; apart, or in overlapping pairs."""
    random = np.random.default_rng(seed)
    height, width = size
    image = np.full((height, width, 3), (225, 215, 220), np.uint8)
    step = int(diameter * (2.3 if touching else 1.4))
    for y in range(step // 2, height, step):
        for x in range(step // 2, width, step):
            for away in (-0.35, 0.35) if touching else (0,):
                radius = diameter * random.normal(1, 0.03) / 2 - 0.5  # OpenCV draws discs of 2 r + 1
                center = round((x + away * diameter) * 16), round(y * 16)
                cv2.circle(image, center, round(radius * 16), (190, 130, 140), -1, cv2.LINE_AA, 4)
                cv2.circle(image, center, round(radius * 4), (210, 185, 190), -1, cv2.LINE_AA, 4)
            cv2.circle(image, (x + step // 2, y + step // 2), max(2, int(diameter / 9)), (140, 60, 150), -1)
    cv2.circle(image, (width // 2, height // 2), int(diameter * 0.9), (110, 50, 150), -1)
    noise = random.normal(0, 3, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), max(0.6, diameter / 60)) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("diameter", [22, 35, 60, 100, 160])
@pytest.mark.parametrize("touching", [False, True])
def test_known_diameters(diameter: int, touching: bool) -> None:
    size = (max(600, 6 * diameter), max(800, 8 * diameter))
    image = smear_of(diameter, size=size, touching=touching)
    assert red_cell_diameter(image) == pytest.approx(diameter, rel=0.05)


def test_a_large_photograph_is_measured_in_its_own_pixels() -> None:
    image = smear_of(40, size=(500, 900))
    assert red_cell_diameter(np.kron(image, np.ones((5, 5, 1), np.uint8))) == pytest.approx(200, rel=0.05)


def test_light_from_one_side_and_a_black_surround_change_little() -> None:
    image = smear_of(50)
    light = np.linspace(0.6, 1, image.shape[1])[None, :, None]
    uneven = (image * light).astype(np.uint8)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    uneven[np.hypot(x - 400, y - 300) > 330] = 3
    assert red_cell_diameter(uneven) == pytest.approx(50, rel=0.06)


def test_turned_pictures_measure_the_same() -> None:
    image = smear_of(60)
    assert red_cell_diameter(np.rot90(image).copy()) == pytest.approx(red_cell_diameter(image), rel=0.02)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_nothing_in_an_empty_picture(level: int) -> None:
    with pytest.raises(NothingFound, match="no red cells"):
        red_cell_diameter(np.full((300, 400, 3), level, np.uint8))


def test_nothing_in_noise_or_in_four_cells() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    with pytest.raises(NothingFound):
        red_cell_diameter(noise)
    few = np.full((300, 400, 3), 220, np.uint8)
    for x in (60, 150, 240, 330):
        cv2.circle(few, (x, 150), 35, (190, 130, 140), -1, cv2.LINE_AA)
    with pytest.raises(NothingFound, match="found 4"):
        red_cell_diameter(few)


def voc_red_cells(path: Path) -> list[float]:
    """The mean side of each box named RBC that does not touch the border."""
    sides = []
    for found in ET.parse(path).getroot().iter("object"):
        box = {part.tag: int(part.text or 0) for part in found.find("bndbox") or []}
        inside = box["xmin"] > 3 and box["ymin"] > 3 and box["xmax"] < 637 and box["ymax"] < 477
        if found.findtext("name") == "RBC" and inside:
            sides.append((box["xmax"] - box["xmin"] + box["ymax"] - box["ymin"]) / 2)
    return sides


def test_bccd_fields_against_their_boxes(data: Path) -> None:
    ratios, nothing = [], 0
    for path in sorted((data / "bccd" / "fields" / "annotations_voc").glob("*.xml"))[::5]:
        sides = voc_red_cells(path)
        try:
            diameter = red_cell_diameter(read_rgb(path.parents[1] / "images" / f"{path.stem}.jpg"))
        except NothingFound:
            nothing += 1
            continue
        if len(sides) >= 4:
            ratios.append(diameter / np.median(sides))
    # The boxes are drawn with a margin: the circles fit the cells by eye, at 0.87 of the boxes.
    assert len(ratios) > 25
    assert nothing < 9
    assert np.median(ratios) == pytest.approx(0.87, abs=0.03)
    assert np.percentile(ratios, 5) > 0.7
    assert np.percentile(ratios, 95) < 1.1


def test_the_raabin_photograph_sets_the_scale(data: Path) -> None:
    image = read_rgb(data / "raabin_samples" / "full_field" / "images" / "20160720_232423.jpg")
    assert red_cell_diameter(image) == pytest.approx(RAABIN_RED_CELL_PX, abs=1)
    assert round(RAABIN_MICROMETRES_PER_PIXEL, 6) == 0.06


def test_arcs_of_two_overlapping_discs() -> None:
    y, x = np.mgrid[:80, :120]
    arcs = find_arcs((np.hypot(x - 40, y - 40) < 20) | (np.hypot(x - 70, y - 40) < 20))
    assert sorted((round(arc.x), round(arc.y), round(arc.diameter)) for arc in arcs) == [(40, 40, 40), (70, 40, 40)]


def test_arcs_of_squares_and_of_nothing() -> None:
    mask = np.zeros((80, 80), bool)
    assert find_arcs(mask) == []
    mask[10:50, 10:60] = True
    assert find_arcs(mask) == []


def test_flat_light() -> None:
    y, x = np.mgrid[:200, :300]
    light = 220 - 60 * ((x - 100) / 300) ** 2 - 40 * (y / 200)
    channel = light.astype(np.uint8)
    channel[np.hypot(x - 150, y - 100) < 30] //= 2
    flat = flatten(channel, lit_area(channel))
    assert abs(int(np.median(flat)) - BACKGROUND_LEVEL) <= 2
    assert flat[100, 150] == pytest.approx(BACKGROUND_LEVEL / 2, abs=4)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 50))
def test_shrinking_never_leaves_nothing(height: int, width: int, longest: int) -> None:
    image = np.full((height, width, 3), 7, np.uint8)
    small, factor = shrink(image, longest=longest)
    assert small.shape[:2] == (height // factor, width // factor)
    assert (small == 7).all()
    assert max(small.shape[:2]) <= longest or factor == min(height, width)


# ---------------------------------------------------------------- micrometer


def ruler(period: float, angle: float, *, blur: float = 0, noise: float = 0, thick: float = 3) -> np.ndarray:
    """A stage micrometer of 700 by 1000: longer lines at 5 and 10, a base line, numbers, light from one side."""
    fine, width, height = 4, 1000, 700
    long = int(np.hypot(width, height)) + 50
    drawn = np.full((long * 2, long * fine), 225, np.uint8)
    base = drawn.shape[0] // 2
    x = 37.0 * fine
    for number in range(int((long - 60) / period)):
        length = (300 if number % 10 == 0 else 220 if number % 5 == 0 else 140) * fine // 2
        half = thick * fine / 2
        cv2.rectangle(drawn, (round(x - half), base - length), (round(x + half), base), 30, -1)
        if number % 10 == 0:
            cv2.putText(drawn, str(number // 10), (round(x) - 80, base + 240), cv2.FONT_HERSHEY_SIMPLEX, 4, 30, 12)
        x += period * fine
    cv2.rectangle(drawn, (0, base), (drawn.shape[1], base + int(thick * fine)), 30, -1)
    move = cv2.getRotationMatrix2D((drawn.shape[1] / 2, drawn.shape[0] / 2), angle, 1 / fine)
    move[:, 2] += width / 2 - drawn.shape[1] / 2, height / 2 - drawn.shape[0] / 2
    seen = cv2.warpAffine(cv2.GaussianBlur(drawn, (0, 0), fine / 2), move, (width, height), borderValue=225)
    light = cv2.GaussianBlur(seen, (0, 0), blur) if blur else seen
    pixels = light * np.linspace(0.7, 1, width)[None] + np.random.default_rng(0).normal(0, noise, seen.shape)
    return np.repeat(np.clip(pixels, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize(
    ("period", "angle", "blur", "noise"),
    [(12.3, 0, 0, 0), (23.7, 3.3, 2, 8), (23.7, 31, 2, 8), (61.2, 45, 0, 0), (61.2, 77, 2, 8), (100, 90, 1, 4)],
)
def test_known_rulers(period: float, angle: float, blur: float, noise: float) -> None:
    image = ruler(period, angle, blur=blur, noise=noise, thick=max(2, period / 10))
    assert micrometer_period(image) == pytest.approx(period, rel=0.005)


def test_a_large_ruler_is_measured_in_its_own_pixels() -> None:
    image = np.kron(ruler(23.7, 10), np.ones((4, 4, 1), np.uint8))
    assert micrometer_period(image) == pytest.approx(4 * 23.7, rel=0.005)


def test_no_ruler(data: Path) -> None:
    for image in (
        np.full((300, 400, 3), 200, np.uint8),
        np.random.default_rng(1).integers(0, 256, (300, 400, 3)).astype(np.uint8),
        np.full((1, 1, 3), 9, np.uint8),
        *(read_rgb(path) for path in sorted((data / "bccd" / "fields" / "images").iterdir())[::60]),
    ):
        with pytest.raises(NothingFound, match="no ruler"):
            micrometer_period(image)


# ----------------------------------------------------------------- cell side


def test_cell_side_by_either_scale() -> None:
    assert cell_side(red_cell_px=RAABIN_RED_CELL_PX) == 575
    assert cell_side(micrometres_per_pixel=RAABIN_MICROMETRES_PER_PIXEL) == 575
    assert cell_side(red_cell_px=25) == 115
    assert cell_side(micrometres_per_pixel=0.12) == 288
    assert cell_side(red_cell_px=1, micrometres_per_pixel=0.06) == 575


@given(st.floats(1, 1000))
def test_both_scales_agree(diameter: float) -> None:
    by_ruler = cell_side(micrometres_per_pixel=7.5 / diameter)
    assert abs(cell_side(red_cell_px=diameter) - by_ruler) <= 1


@pytest.mark.parametrize("scale", [{}, {"red_cell_px": 0.0}, {"micrometres_per_pixel": float("nan")}])
def test_a_scale_that_is_none_is_refused(scale: dict[str, float]) -> None:
    with pytest.raises(InvalidMetadata, match="size of a cell is not known"):
        cell_side(**scale)


def test_what_is_no_image_is_refused() -> None:
    for measure in (red_cell_diameter, micrometer_period):
        with pytest.raises(WrongArray):
            measure(np.zeros((5, 5), np.uint8))
