from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from buffycoat.domain.geometry import Box
from buffycoat.errors import WrongArray
from buffycoat.imaging.codecs import decode_rgb, encode_jpeg, read_rgb
from buffycoat.imaging.writing import find_writing
from buffycoat.samples.smears import draw_field

INKS = {"white": (255, 255, 255), "black": (0, 0, 0), "yellow": (255, 220, 0), "red": (255, 30, 20)}
LATIN = ("2016/07/20 23:24", "20-07-2016", "23:24:23", "1395/05/01", "Ali Rezaei", "PATIENT 0042", "No. 12345", "10 um")
PERSIAN = ("۱۳۹۵/۰۵/۰۱", "علی رضایی", "محمد احمدی", "بیمار ۱۲۳۴۵", "مریم کریمی")


def font_of_persian() -> Path:
    """A font with Persian letters, from a package that the tests need anyway."""
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"


def letters(text: str, size: int, *, hershey: bool) -> np.ndarray:
    """Coverage of a text, 0 to 255."""
    if hershey:
        thick = max(1, size // 18)
        (width, height), low = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size / 30, thick)
        mask = np.zeros((height + low + 8, width + 8), np.uint8)
        return cv2.putText(mask, text, (4, height + 4), cv2.FONT_HERSHEY_SIMPLEX, size / 30, 255, thick, cv2.LINE_AA)
    font = ImageFont.truetype(str(font_of_persian()), size)
    left, top, right, bottom = font.getbbox(text)
    mask = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(mask).text((2 - left, 2 - top), text, 255, font=font)
    return np.array(mask)


def stamp(image: np.ndarray, mask: np.ndarray, at: tuple[int, int], ink: tuple[int, int, int], quality: int = 90):
    """The picture with writing in it, as a camera would keep it, and where the writing is."""
    (x, y), (height, width) = at, mask.shape
    share = mask[:, :, None] / 255
    out = image.copy()
    part = out[y : y + height, x : x + width]
    part[:] = np.round(part * (1 - share) + np.array(ink) * share)
    rows, columns = np.nonzero(mask > 30)
    box = Box(left=x + columns.min(), top=y + rows.min(), right=x + columns.max() + 1, bottom=y + rows.max() + 1)
    return decode_rgb(encode_jpeg(out, quality=quality), name="stamped"), box


def found_in(image: np.ndarray, box: Box) -> bool:
    """Whether a box that is found lies on the writing, and covers a quarter of it."""
    return any(
        (shared := found.intersection(box)) > 0.4 * found.area and shared > 0.25 * box.area
        for found in find_writing(image)
    )


def stamps(image: np.ndarray, rng: np.random.Generator, texts: tuple[str, ...], *, hershey: bool):
    """A stamp of 16 to 80 pixels in a corner, of a text and an ink by chance, where it differs from what is below."""
    while True:
        mask = letters(str(rng.choice(texts)), int(16 * 5 ** rng.random()), hershey=hershey)
        room = np.array(image.shape[:2]) - mask.shape - 8
        if (room > 0).all():
            y, x = 4 + room * rng.integers(0, 2, 2)
            ink = INKS[str(rng.choice(list(INKS)))]
            below = image[y : y + mask.shape[0], x : x + mask.shape[1]].reshape(-1, 3).mean(axis=0)
            if np.abs(below - ink).max() > 60:
                return stamp(image, mask, (int(x), int(y)), ink, int(rng.integers(75, 96)))


def real(data: Path, pattern: str, step: int = 1) -> list[np.ndarray]:
    paths = sorted(data.glob(pattern))[::step]
    assert paths
    return [read_rgb(path) for path in paths]


@pytest.mark.parametrize(
    ("pattern", "step", "pictures", "most"),
    [
        ("bccd/fields/images/*", 1, 257, 0),
        ("raabin_crops/crops/*/*", 2, 175, 0),
        ("pbc_barcelona/crops/*/*", 2, 196, 1),
        ("raabin_samples/full_field/images/*", 1, 1, 0),
    ],
)
def test_hardly_anything_is_found_where_there_is_no_writing(data, pattern, step, pictures, most):
    images = real(data, pattern, step)
    assert len(images) == pictures
    assert sum(bool(find_writing(image)) for image in images) <= most


@pytest.mark.parametrize(
    ("pattern", "step", "least"),
    [("bccd/fields/images/*", 4, 0.96), ("raabin_crops/crops/*/*", 5, 0.96), ("pbc_barcelona/crops/*/*", 5, 0.88)],
)
@pytest.mark.parametrize(("texts", "hershey"), [(LATIN, True), (LATIN, False), (PERSIAN, False)])
def test_nearly_all_stamps_are_found(data, pattern, step, least, texts, hershey):
    rng = np.random.default_rng(7)
    found = [found_in(*stamps(image, rng, texts, hershey=hershey)) for image in real(data, pattern, step)]
    assert np.mean(found) >= least


def test_nothing_is_found_in_a_drawn_field():
    assert find_writing(draw_field().image) == ()


@pytest.mark.parametrize("size", [16, 40, 120, 200])
def test_a_stamp_in_a_corner_of_a_large_photograph(photograph, size):
    image = read_rgb(photograph)
    mask = letters("2016/07/20 23:24", size, hershey=True)
    at = (image.shape[1] - mask.shape[1] - 40, image.shape[0] - mask.shape[0] - 30)
    stamped, box = stamp(image, mask, at, INKS["yellow"])
    assert found_in(stamped, box)
    assert len(find_writing(stamped)) == 1


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_writing_is_found_in_a_picture_that_was_turned(data, turns):
    image = real(data, "bccd/fields/images/*", 100)[0]
    stamped, _ = stamp(image, letters("PATIENT 0042", 24, hershey=False), (330, 430), INKS["black"])
    [found] = find_writing(stamped)
    [turned] = find_writing(np.ascontiguousarray(np.rot90(stamped, turns)))
    assert abs(turned.area - found.area) < 0.3 * found.area
    if turns == 2:
        assert abs(turned.center[0] - (640 - found.center[0])) < 12
    else:
        assert turned.height > turned.width


def test_two_lines_are_one_piece_and_two_corners_are_two(data):
    image = real(data, "bccd/fields/images/*", 100)[0]
    lines = np.vstack(
        [
            np.pad(part, ((0, 0), (0, 400)))[:, :300]
            for part in (letters("2016/07/20", 26, hershey=True), letters("23:24:56", 26, hershey=True))
        ]
    )
    stamped, box = stamp(image, lines, (10, 10), INKS["black"])
    [found] = find_writing(stamped)
    assert found.intersection(box) > 0.7 * box.area
    both, _ = stamp(stamped, letters("20 um", 30, hershey=False), (500, 430), INKS["black"])
    assert len(find_writing(both)) == 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (2, 3), (7, 9), (8, 8), (255, 257), (401, 2)])
def test_any_size_is_looked_at(shape):
    noise = np.random.default_rng(3).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert all(box.inside(shape[1], shape[0]) for box in find_writing(noise))
    assert find_writing(np.zeros((*shape, 3), np.uint8)) == ()


def test_the_picture_stays_as_it_was_and_the_answer_too(data):
    image = real(data, "bccd/fields/images/*", 100)[0]
    stamped, _ = stamp(image, letters("Ali Rezaei", 30, hershey=False), (10, 10), INKS["black"])
    kept = stamped.copy()
    assert find_writing(stamped) == find_writing(stamped) != ()
    assert np.array_equal(stamped, kept)


def test_what_is_no_picture_is_refused():
    with pytest.raises(WrongArray):
        find_writing(np.zeros((9, 9), np.uint8))
