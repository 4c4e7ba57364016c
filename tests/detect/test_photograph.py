from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.detect.cells import find_cells
from buffycoat.detect.photograph import find_cells_in
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, UnreadableImage
from buffycoat.imaging.codecs import decode_rgb, encode_jpeg, encode_png, turn
from buffycoat.imaging.scale import RAABIN_MICROMETRES_PER_PIXEL, RED_CELL_MICROMETRES

BCCD_RED_CELL_PX = 91.0


def same_cells(some: list[Box], others: list[Box], *, least: float) -> None:
    assert len(some) == len(others)
    for box in some:
        assert max(box.iou(other) for other in others) >= least


def enlarged(path: Path, times: float) -> bytes:
    image = decode_rgb(path.read_bytes(), name=path.name)
    return encode_jpeg(np.asarray(cv2.resize(image, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8))


@pytest.mark.parametrize("times", [2, 3.3])
def test_boxes_are_those_of_the_whole_photograph(data: Path, times: float) -> None:
    scale = RED_CELL_MICROMETRES / (times * BCCD_RED_CELL_PX)
    overlaps, alone = [], 0
    for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[3::40]:
        content = enlarged(path, times)
        whole = find_cells(decode_rgb(content, name="a"), micrometres_per_pixel=scale)
        found = find_cells_in(content, micrometres_per_pixel=scale)
        best = [max((cell.extent.iou(other.extent) for other in found), default=0) for cell in whole]
        overlaps += [each for each in best if each > 0.5]
        alone += len(whole) + len(found) - 2 * sum(each > 0.5 for each in best)
        assert {cell.box.width for cell in found} <= {cell.box.width for cell in whole}
    assert len(overlaps) >= 5
    assert alone <= 1
    assert np.mean(overlaps) > 0.9


def test_the_raabin_photograph(data: Path) -> None:
    path = data / "raabin_samples" / "full_field" / "images" / "20160720_232423.jpg"
    content = path.read_bytes()
    truth = Box(left=2567, top=1171, right=3142, bottom=1746)
    found = find_cells_in(content, micrometres_per_pixel=RAABIN_MICROMETRES_PER_PIXEL)
    assert any(truth.contains(*cell.extent.center) and cell.box.iou(truth) > 0.5 for cell in found)
    turned = find_cells_in(content, micrometres_per_pixel=RAABIN_MICROMETRES_PER_PIXEL, quarter_turns=1)
    upright = Box(left=2988 - truth.bottom, top=truth.left, right=2988 - truth.top, bottom=truth.right)
    assert any(upright.contains(*cell.extent.center) and cell.box.iou(upright) > 0.5 for cell in turned)


def drawn(height: int, width: int) -> np.ndarray:
    """Red cells of 100 pixels, and one white cell at (430, 330)."""
    image = np.full((height, width, 3), (225, 215, 220), np.uint8)
    for y in range(80, height, 130):
        for x in range(80, width, 130):
            cv2.circle(image, (x, y), 50, (215, 165, 170), -1, cv2.LINE_AA)
    cv2.circle(image, (430, 330), 75, (110, 50, 150), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(image, (0, 0), 2)


@pytest.mark.parametrize("quarter_turns", range(4))
@pytest.mark.parametrize("size", [(800, 1000), (803, 1005), (799, 1001)])
def test_odd_sizes_and_turns_move_no_box(size: tuple[int, int], quarter_turns: int) -> None:
    image = drawn(*size)
    content = encode_jpeg(image)
    [cell] = find_cells_in(content, micrometres_per_pixel=0.075, quarter_turns=quarter_turns)
    [other] = find_cells(turn(decode_rgb(content, name="a"), quarter_turns), micrometres_per_pixel=0.075)
    height, width = size
    x, y = {0: (430, 330), 1: (height - 330, 430), 2: (width - 430, height - 330), 3: (330, width - 430)}[quarter_turns]
    assert np.hypot(cell.extent.center[0] - x, cell.extent.center[1] - y) <= 8
    assert cell.extent.iou(other.extent) > 0.85


def test_a_png_and_a_jpeg_of_one_photograph() -> None:
    image = drawn(800, 1000)
    boxes = [
        [cell.extent for cell in find_cells_in(encode(image), micrometres_per_pixel=0.075)]
        for encode in (encode_png, encode_jpeg)
    ]
    same_cells(*boxes, least=0.9)


def test_the_scale_is_measured_where_it_is_not_given() -> None:
    content = encode_jpeg(drawn(1900, 2500))
    [cell] = find_cells_in(content)
    assert np.hypot(cell.extent.center[0] - 430, cell.extent.center[1] - 330) <= 12
    assert cell.box.width == pytest.approx(460, rel=0.1)


def test_without_a_scale_and_without_red_cells_it_is_decoded_whole() -> None:
    image = np.full((480, 640, 3), 220, np.uint8)
    assert find_cells_in(encode_jpeg(image)) == ()
    assert find_cells_in(encode_png(image), 100) == ()


def test_bad_input_is_refused() -> None:
    content = encode_jpeg(drawn(400, 500))
    with pytest.raises(UnreadableImage, match=r"field 7\.jpg is cut short"):
        find_cells_in(content[:-9], name="field 7.jpg", micrometres_per_pixel=0.075)
    with pytest.raises(InputError, match="scale is no length"):
        find_cells_in(content, micrometres_per_pixel=-1)
    with pytest.raises(InputError, match="red cells are too small"):
        find_cells_in(content, micrometres_per_pixel=2)
    gray = io.BytesIO()
    Image.new("L", (90, 80)).save(gray, "JPEG")
    with pytest.raises(InputError, match="grayscale"):
        find_cells_in(gray.getvalue(), micrometres_per_pixel=0.075)
