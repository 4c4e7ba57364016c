from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.detect.cells import find_cells
from buffycoat.detect.parameters import DetectParameters
from buffycoat.domain.cell import FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, WrongArray
from buffycoat.imaging.scale import RED_CELL_MICROMETRES, cell_side

LABELED = Box(left=2567, top=1171, right=3142, bottom=1746)
BCCD_SCALE = RED_CELL_MICROMETRES / 91
GLASS, RED, NUCLEUS, CYTOPLASM = (235, 225, 220), (215, 160, 160), (110, 50, 140), (200, 170, 215)


def drawn(*cells: tuple[int, int], red_cells: bool = True) -> np.ndarray:
    """A field of red cells 40 pixels wide, with white cells 70 pixels wide at the given places."""
    image = np.full((480, 640, 3), GLASS, np.uint8)
    for x in range(30, 640, 58) if red_cells else ():
        for y in range(30, 480, 58):
            cv2.circle(image, (x, y), 20, RED, -1, cv2.LINE_AA)
    for x, y in cells:
        cv2.circle(image, (x, y), 46, GLASS, -1)
        cv2.circle(image, (x, y), 35, CYTOPLASM, -1, cv2.LINE_AA)
        cv2.circle(image, (x, y), 24, NUCLEUS, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(image, (0, 0), 1)


@pytest.fixture(scope="module")
def photograph(data: Path) -> np.ndarray:
    with Image.open(data / "raabin_samples/full_field/images/20160720_232423.jpg") as picture:
        return np.asarray(picture)


def read_bccd(data: Path, file: Path) -> tuple[np.ndarray, list[Box]]:
    with Image.open(data / "bccd/fields/images" / f"{file.stem}.jpg") as picture:
        image = np.asarray(picture.convert("RGB"))
    boxes = [
        Box(
            **{
                side: int(cell.findtext(f"bndbox/{name}", ""))
                for side, name in (("left", "xmin"), ("top", "ymin"), ("right", "xmax"), ("bottom", "ymax"))
            }
        )
        for cell in ET.parse(file).iter("object")
        if cell.findtext("name") == "WBC"
    ]
    return image, boxes


def test_drawn_cells_are_found_in_reading_order():
    found = find_cells(drawn((300, 320), (480, 120), (120, 120)), micrometres_per_pixel=RED_CELL_MICROMETRES / 40)
    assert [tuple(round(place, -1) for place in cell.extent.center) for cell in found] == [
        (120, 120),
        (480, 120),
        (300, 320),
    ]
    for cell in found:
        assert cell.found_by is FoundBy.COLOR_FILTER
        assert cell.score is not None
        assert 0.9 < cell.score <= 1
        assert abs(cell.extent.width - 70) < 20
        assert cell.box.width == cell.box.height == cell_side(red_cell_px=40)
        assert max(abs(a - b) for a, b in zip(cell.box.center, cell.extent.center, strict=True)) <= 1


def test_the_scale_comes_from_red_cells_where_it_is_not_given():
    (cell,) = find_cells(drawn((300, 240)))
    assert cell.box.width == pytest.approx(cell_side(red_cell_px=40), rel=0.1)


def test_without_red_cells_it_comes_from_the_side_or_from_the_cells_themselves():
    field = drawn((150, 150), (420, 300), red_cells=False)
    assert [cell.box.width for cell in find_cells(field, 190)] == [190, 190]
    alone = find_cells(field)
    assert len(alone) == 2
    assert 100 < alone[0].box.width < 300
    assert all(
        cell.extent.iou(Box.around(*place, 70)) > 0.6
        for cell, place in zip(alone, [(150, 150), (420, 300)], strict=True)
    )


def test_at_the_border_the_box_stays_around_the_cell_unless_it_is_to_be_moved():
    field = drawn((20, 240))
    (padded,) = find_cells(field, side=190)
    assert padded.box.left < 0
    (shifted,) = find_cells(field, 190, border="shift")
    assert (shifted.box.left, shifted.box.width, shifted.extent) == (0, 190, padded.extent)


def test_fields_without_white_cells_have_none():
    assert find_cells(drawn()) == ()
    assert find_cells(np.full((300, 400, 3), 230, np.uint8)) == ()
    assert find_cells(np.zeros((300, 400, 3), np.uint8)) == ()
    assert find_cells(np.full((1, 1, 3), 90, np.uint8)) == ()


@pytest.mark.parametrize(
    "asked",
    [{"side": 0}, {"side": 1.5}, {"border": "cut"}, {"micrometres_per_pixel": 0.0}, {"micrometres_per_pixel": 2.0}],
)
def test_what_makes_no_sense_is_refused(asked: dict):
    with pytest.raises(InputError):
        find_cells(drawn((300, 240)), **asked)


def test_a_gray_image_is_refused():
    with pytest.raises(WrongArray):
        find_cells(np.zeros((40, 40), np.uint8))


def test_parameters_are_what_find_cells_takes():
    assert DetectParameters() == DetectParameters(side=None, border="pad")
    with pytest.raises(InputError):
        DetectParameters(side=-3)


def test_the_image_is_left_alone():
    field = drawn((300, 240))
    before = field.copy()
    find_cells(field)
    np.testing.assert_array_equal(field, before)


def test_the_one_neutrophil_of_the_raabin_photograph_is_found_and_nothing_else(photograph: np.ndarray):
    (cell,) = find_cells(photograph, 575)
    assert cell.box.iou(LABELED) > 0.85
    (measured,) = find_cells(photograph)
    assert measured.box.width == pytest.approx(575, rel=0.05)


def test_a_mirrored_photograph_has_mirrored_cells(data: Path):
    files = sorted((data / "bccd/fields/annotations_voc").glob("*.xml"))[1::40]
    for file in files:
        image, _ = read_bccd(data, file)
        cells = find_cells(image, micrometres_per_pixel=BCCD_SCALE)
        mirrored = find_cells(np.ascontiguousarray(image[:, ::-1]), micrometres_per_pixel=BCCD_SCALE)
        assert len(cells) == len(mirrored) > 0
        for cell in cells:
            turned = Box(
                left=640 - cell.extent.right,
                top=cell.extent.top,
                right=640 - cell.extent.left,
                bottom=cell.extent.bottom,
            )
            assert max(turned.iou(other.extent) for other in mirrored) > 0.85


def test_the_boxes_of_bccd_are_found_on_the_half_that_nothing_was_fitted_on(data: Path):
    boxes = cells = hits = 0
    overlaps = []
    for file in sorted((data / "bccd/fields/annotations_voc").glob("*.xml"))[1::2]:
        image, true = read_bccd(data, file)
        found = find_cells(image, micrometres_per_pixel=BCCD_SCALE)
        best = [max((cell.extent.iou(box) for cell in found), default=0.0) for box in true]
        boxes, cells, hits = boxes + len(true), cells + len(found), hits + sum(overlap >= 0.5 for overlap in best)
        overlaps += [overlap for overlap in best if overlap >= 0.5]
    assert boxes == 131
    assert hits / boxes >= 0.985
    assert hits / cells >= 0.96
    assert np.mean(overlaps) >= 0.84


def test_fields_of_a_microscope_that_nothing_was_fitted_on_all_show_their_cell(data: Path):
    archives = sorted((data / "lisc").glob("*.zip"))
    assert len(archives) == 5
    for archive in archives:
        with zipfile.ZipFile(archive) as packed:
            for name in [name for name in packed.namelist() if name.endswith(".bmp")][::5]:
                with Image.open(io.BytesIO(packed.read(name))) as picture:
                    assert find_cells(np.asarray(picture.convert("RGB"))), name
