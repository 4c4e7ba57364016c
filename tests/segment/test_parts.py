from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.mask import Part
from buffycoat.errors import InputError, InvalidMask, NothingFound, SeveralCells, TouchesBorder
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.regions import find_regions
from buffycoat.metrics.overlap import dice
from buffycoat.segment import PART_METHODS, CellParts, border_failures, find_parts, segment_parts
from buffycoat.segment.frame import Frame, share_on_border
from buffycoat.segment.waist import has_waist

GLASS, RED_CELL, CYTOPLASM, STAIN = (235, 228, 220), (200, 150, 145), (200, 170, 205), (110, 45, 150)
THRESHOLD = "easy-gt"
ALL_OF_IT = Frame(0, 480, 0, 640)


class Field(NamedTuple):
    picture: np.ndarray
    cells: list[tuple[np.ndarray, np.ndarray]]


def field(height: int, width: int, *places: tuple[float, float, float], red: tuple = ((60, 60),)) -> Field:
    """A field with red cells, and white cells at x, y with a radius; a nucleus has two lobes that touch."""
    picture = np.full((height, width, 3), GLASS, np.uint8)
    ys, xs = np.mgrid[:height, :width]
    for x, y in red:
        picture[np.hypot(xs - x, ys - y) < 28] = RED_CELL
    cells = []
    for x, y, radius in places:
        cell = np.hypot(xs - x, ys - y) < radius
        lobes = np.hypot(xs - x + 0.35 * radius, ys - y) < 0.4 * radius
        nucleus = lobes | (np.hypot(xs - x - 0.35 * radius, ys - y) < 0.42 * radius)
        picture[cell], picture[nucleus] = CYTOPLASM, STAIN
        cells.append((nucleus, cell))
    picture = cv2.GaussianBlur(picture, (3, 3), 0)
    grain = np.random.default_rng(4).normal(0, 2, picture.shape)
    return Field((picture + grain).clip(0, 255).astype(np.uint8), cells)


@pytest.fixture(scope="module")
def barcelona(data: Path):
    """A crop of the Barcelona set by class and name."""
    return lambda name: read_rgb(data / "pbc_barcelona" / "crops" / f"{name}.jpg")


# ---------------------------------------------------------------- what comes back


@pytest.mark.parametrize("method", ["easy-gt", "easy-gt-clean", "tavakoli"])
def test_the_drawn_cell_comes_back_in_three_masks(drawn, method):
    parts = segment_parts(drawn.crop, method=method)
    assert dice(drawn.nucleus, parts.nucleus) > 0.93
    assert dice(drawn.cell, parts.cell) > 0.95
    np.testing.assert_array_equal(parts.cytoplasm, parts.cell & ~parts.nucleus)
    assert not (parts.nucleus & ~parts.cell).any()


@pytest.mark.parametrize("method", PART_METHODS)
def test_real_cells_are_as_people_drew_them_by_every_method(bccd, method):
    least = {"tavakoli": (0.8, 0.85), "easy-gt": (0.88, 0.9)}.get(method, (0.9, 0.92))
    scores = []
    for truth in bccd[::2]:
        parts = segment_parts(truth.crop, method=method)
        assert not (parts.nucleus & ~parts.cell).any()
        scores.append((dice(truth.nucleus, parts.nucleus), dice(truth.cell, parts.cell)))
    assert len(scores) > 15
    assert (np.median(scores, axis=0) > least).all()


def test_a_cell_cut_out_with_nothing_around_it_is_a_cell(bccd):
    scores = []
    for truth in bccd[::3]:
        ys, xs = np.nonzero(truth.cell)
        edge = 6
        place = slice(max(0, ys.min() - edge), ys.max() + edge), slice(max(0, xs.min() - edge), xs.max() + edge)
        parts = segment_parts(np.ascontiguousarray(truth.crop[place]))
        scores.append((dice(truth.nucleus[place], parts.nucleus), dice(truth.cell[place], parts.cell)))
    assert len(scores) > 10
    assert (np.median(scores, axis=0) > (0.9, 0.94)).all()


def test_of_a_basophil_the_whole_cell_only(raabin):
    whole, both = (segment_parts(raabin["basophil"], whole_only=only) for only in (True, False))
    assert whole.nucleus is None
    assert whole.cytoplasm is None
    np.testing.assert_array_equal(whole.cell, both.cell)


@pytest.mark.parametrize("kind", ["basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil"])
def test_one_cell_with_its_neighbors_is_one_cell(data, kind):
    for path in sorted((data / "raabin_crops" / "crops" / kind).glob("*.jpg"))[1::12]:
        parts = segment_parts(read_rgb(path))
        assert parts.nucleus.any()
        assert len(find_regions(parts.cell).areas) == 1, path.name


@settings(max_examples=40, deadline=None)
@given(
    cells=st.lists(st.tuples(st.integers(0, 89), st.integers(0, 69), st.integers(3, 30)), max_size=3),
    at=st.none() | st.tuples(st.integers(0, 89), st.integers(0, 69)),
    method=st.sampled_from(sorted(PART_METHODS)),
    seed=st.integers(0, 5),
)
def test_whatever_is_in_the_picture_the_nucleus_is_in_its_cell_or_the_reason_is_told(cells, at, method, seed):
    picture = field(70, 90, *cells, red=((20, 30),)).picture
    noise = np.random.default_rng(seed).integers(-10, 10, picture.shape)
    picture = (picture + noise).clip(0, 255).astype(np.uint8)
    before = picture.copy()
    try:
        parts = segment_parts(picture, at=at, method=method)
    except (NothingFound, SeveralCells, TouchesBorder) as error:
        assert error.what  # noqa: PT017 (an error is one of two right answers)
    else:
        assert parts.nucleus.any()
        assert parts.nucleus.shape == parts.cell.shape == (70, 90)
        assert not (parts.nucleus & ~parts.cell).any()
        assert not border_failures(parts)
    np.testing.assert_array_equal(picture, before)


def test_masks_that_do_not_belong_together_are_refused():
    inner, outer, empty = (np.zeros((9, 9), bool) for _ in range(3))
    inner[3:5, 3:5], outer[2:7, 2:7] = True, True
    CellParts(nucleus=inner, cell=outer)
    for nucleus, cell in ((outer, inner), (empty, outer), (inner, empty), (inner[1:], outer), (None, empty)):
        with pytest.raises(InvalidMask):
            CellParts(nucleus=nucleus, cell=cell)


# ---------------------------------------------------------------- a click


def test_a_click_means_the_cell_under_it_and_nothing_else():
    there = field(480, 640, (150, 140, 55), (420, 300, 40), (560, 60, 32), red=((300, 90), (90, 380), (250, 330)))
    clicks = [
        [(150, 140), (115, 165), (188, 140), (150, 185)],
        [(420, 300), (445, 320), (402, 275)],
        [(560, 60), (575, 80)],
    ]
    for (nucleus, cell), points in zip(there.cells, clicks, strict=True):
        for point in points:
            parts = segment_parts(there.picture, at=point, method=THRESHOLD)
            assert dice(nucleus, parts.nucleus) > 0.93, point
            assert dice(cell, parts.cell) > 0.92, point
    for glass_or_red_cell in ((300, 90), (90, 380), (30, 30), (620, 460), (330, 200), (0, 479)):
        with pytest.raises(NothingFound, match="at this point"):
            segment_parts(there.picture, at=glass_or_red_cell, method=THRESHOLD)


def test_a_click_in_a_crop_of_three_takes_one_of_them(barcelona):
    crop = barcelona("eosinophil/EO_139723")
    with pytest.raises(SeveralCells):
        segment_parts(crop)
    left, right = segment_parts(crop, at=(120, 190)), segment_parts(crop, at=(275, 175))
    assert not (left.cell & right.cell).any()
    assert left.cell[190, 120]
    assert right.cell[175, 275]


def test_a_click_in_a_photograph_of_a_phone(photograph):
    picture = read_rgb(photograph)
    parts = segment_parts(picture, at=(2853, 1461))
    assert parts.cell.shape == picture.shape[:2]
    left, top, width, height = cv2.boundingRect(parts.cell.view(np.uint8))
    assert 180 < max(width, height) < 420
    assert abs(left + width / 2 - 2853) < 60
    assert abs(top + height / 2 - 1461) < 60
    with pytest.raises(NothingFound):
        segment_parts(picture, at=(2400, 700))


def test_clicks_on_real_fields(data):
    folder = data / "bccd" / "fields"
    inside, outside = [], []
    rng = np.random.default_rng(2)
    for path in sorted((folder / "masks_nucleus_cytoplasm").glob("*.png"))[3::20]:
        picture = read_rgb(folder / "images" / f"BloodImage_{path.stem[-5:]}.jpg")
        levels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        regions = find_regions(levels > 80)
        whole = [
            place
            for place, (left, top, right, bottom) in enumerate(regions.boxes)
            if regions.areas[place] > 1500 and left > 3 and top > 3 and right < 637 and bottom < 477
        ]
        if len(whole) != 1:
            continue
        cell = regions.labels == whole[0] + 1
        middle = tuple(regions.centroids[whole[0]])
        inside.append(dice(cell, find_parts(picture, at=middle).cell))
        far = np.argwhere(cv2.distanceTransform((levels < 60).astype(np.uint8), cv2.DIST_L2, 5) > 25)
        y, x = far[rng.integers(len(far))]
        try:
            find_parts(picture, at=(x, y))
        except NothingFound:
            outside.append(True)
        else:
            outside.append(False)
    assert len(inside) > 6
    assert np.median(inside) > 0.9
    assert np.mean(outside) > 0.9


@pytest.mark.parametrize("at", [(-1, 5), (5, 480), (640, 5), (float("nan"), 5), (5, float("inf"))])
def test_a_point_outside_is_refused(at):
    with pytest.raises(InputError, match="not in the picture"):
        segment_parts(np.zeros((480, 640, 3), np.uint8), at=at)


def test_a_method_that_there_is_not_is_refused(drawn):
    with pytest.raises(InputError, match="easy-gt"):
        segment_parts(drawn.crop, method="magic")


# ---------------------------------------------------------------- the border


@pytest.mark.parametrize(("missing", "touches"), [(-0.3, False), (0.03, False), (0.25, True), (0.6, True)])
def test_a_cell_that_goes_on_outside(missing, touches):
    """``missing`` is how far the cell reaches out of the picture, in its radii."""
    x = round(40 - missing * 40)
    there = field(240, 240, (x, 120, 40), red=((180, 60), (190, 190)))
    padded = np.full((300, 330, 3), 255, np.uint8)
    padded[30:270, 165 - x :] = there.picture[:, : 165 + x]
    for picture, at in ((there.picture, (x + 2, 120)), (padded, (167, 150)), (padded, None)):
        found = find_parts(picture, at=at, method=THRESHOLD)
        assert (Part.CELL in border_failures(found)) is touches
        if touches:
            with pytest.raises(TouchesBorder, match="cell goes on outside"):
                segment_parts(picture, at=at, method=THRESHOLD)
            assert segment_parts(picture, at=at, method=THRESHOLD, check=False).cell.any()


def test_a_nucleus_that_the_border_cuts_is_a_failure_of_its_own():
    cell, nucleus = np.zeros((60, 60), bool), np.zeros((60, 60), bool)
    cell[5:50, :50], nucleus[15:40, :20] = True, True
    frame = Frame(0, 60, 0, 60)
    parts = CellParts(
        nucleus=nucleus,
        cell=cell,
        nucleus_on_border=share_on_border(nucleus, frame),
        cell_on_border=share_on_border(cell, frame),
    )
    assert list(border_failures(parts)) == [Part.CELL, Part.NUCLEUS]
    assert border_failures(CellParts(nucleus=nucleus, cell=cell)) == {}


def test_the_share_of_the_outline_of_a_disc_is_that_of_its_chord():
    ys, xs = np.mgrid[:400, :400]
    for angle, share in ((np.pi / 6, 0.160), (np.pi / 4, 0.231), (np.pi / 2, 0.389)):
        disc = np.hypot(xs - 200, ys - (-0.5 + 120 * np.cos(angle))) < 120
        assert share_on_border(disc, Frame(0, 400, 0, 400)) == pytest.approx(share, abs=0.025)
    assert share_on_border(np.zeros((9, 9), bool), Frame(0, 9, 0, 9)) == 0


def cut_at(picture, at):
    """Whether the cell at a point is told to be cut by the border; not where it is not found."""
    try:
        return Part.CELL in border_failures(find_parts(picture, at=at))
    except NothingFound:
        return False


def test_real_cells_at_the_edge_of_their_field_are_told_from_whole_ones(data, bccd):
    assert not any(border_failures(find_parts(truth.crop)) for truth in bccd[::3])
    folder = data / "bccd" / "fields"
    told = []
    for path in sorted((folder / "masks_nucleus_cytoplasm").glob("*.png")):
        regions = find_regions(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) > 80)
        for area, (left, top, right, bottom), middle in zip(
            regions.areas, regions.boxes, regions.centroids, strict=True
        ):
            on_border = share_on_border(regions.labels == regions.labels[int(middle[1]), int(middle[0])], ALL_OF_IT)
            if area > 3000 and on_border > 0.25 and len(told) < 8 and (left, top, right, bottom) != (0, 0, 640, 480):
                picture = read_rgb(folder / "images" / f"BloodImage_{path.stem[-5:]}.jpg")
                told.append(cut_at(picture, tuple(middle)))
    assert len(told) == 8
    assert np.mean(told) >= 0.75


# ---------------------------------------------------------------- several


def test_three_cells_none_in_the_middle():
    equal = field(300, 300, (72, 80, 70), (228, 80, 70), (150, 226, 70), red=((150, 150),))
    with pytest.raises(SeveralCells, match="none clearly in the middle"):
        segment_parts(equal.picture, method=THRESHOLD)
    assert segment_parts(equal.picture, method=THRESHOLD, check=False).cell.any()
    middle = field(300, 300, (60, 60, 34), (150, 150, 34), (250, 60, 34), red=((240, 240),))
    parts = segment_parts(middle.picture, method=THRESHOLD)
    assert dice(middle.cells[1][1], parts.cell) > 0.92


@pytest.mark.parametrize("name", ["lymphocyte/LY_29912", "neutrophil/BNE_845340"])
def test_of_two_real_cells_the_one_in_the_middle(barcelona, name):
    crop = barcelona(name)
    parts = segment_parts(crop, method="easy-gt-clean")
    middle = crop.shape[1] / 2, crop.shape[0] / 2
    left, top, width, height = cv2.boundingRect(parts.cell.view(np.uint8))
    assert abs(left + width / 2 - middle[0]) < 0.15 * crop.shape[1]
    assert abs(top + height / 2 - middle[1]) < 0.15 * crop.shape[0]
    assert max(width, height) < 0.45 * crop.shape[1]


def test_a_platelet_beside_the_cell_is_none_of_its_lobes(barcelona):
    parts = segment_parts(barcelona("neutrophil/SNE_894424"), method="easy-gt-clean")
    assert not parts.cell[:, :90].any()
    assert parts.cell[180, 180]


@pytest.mark.parametrize(
    "name",
    [
        "eosinophil/95-8-17-3_349_2",
        "eosinophil/95-8-17-3_271_2",
        "neutrophil/95-8-3-1_101_1",
        "neutrophil/95-8-3-1_139_1",
        "neutrophil/95-8-3-1_222_1",
    ],
)
def test_lobes_far_apart_are_one_cell(data, name):
    crop = read_rgb(data / "raabin_crops" / "crops" / f"{name}.jpg")
    parts = segment_parts(crop, method="easy-gt-clean")
    assert len(find_regions(parts.nucleus).areas) >= 2
    assert np.count_nonzero(parts.cell) > 2.5 * np.count_nonzero(parts.nucleus)


def test_a_waist_is_that_of_two_bodies():
    ys, xs = np.mgrid[:200, :300]
    one = np.hypot((xs - 150) / 1.6, ys - 100) < 60
    bean = (np.hypot(xs - 150, ys - 100) < 80) & ~(np.hypot(xs - 150, ys - 10) < 40)
    two = (np.hypot(xs - 90, ys - 100) < 55) | (np.hypot(xs - 195, ys - 100) < 55)
    tail = (np.hypot(xs - 90, ys - 100) < 55) | (np.hypot(xs - 160, ys - 100) < 15)
    assert [has_waist(mask) for mask in (one, bean, two, tail)] == [False, False, True, False]
