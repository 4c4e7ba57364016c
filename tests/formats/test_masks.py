"""Masks as pictures and as COCO's run lengths: others read ours, and we read theirs."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pycocotools import mask as coco

from buffycoat.errors import ImageTooLarge, InvalidMask, UnreadableFormat, UnreadableImage, UnsupportedImage
from buffycoat.formats.masks import (
    coco_rle,
    mask_png,
    read_coco_rle,
    read_levels,
    read_mask_png,
    three_levels_png,
)
from buffycoat.imaging.regions import encode_run_lengths


@st.composite
def masks(draw):
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    bits = draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    return np.array(bits).reshape(height, width)


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@settings(max_examples=100, deadline=None)
@given(masks())
def test_a_picture_comes_back_and_pillow_sees_the_same(mask):
    runs, (height, width) = encode_run_lengths(mask), mask.shape
    content = mask_png(runs, height, width)
    assert read_mask_png(content) == (runs, height, width)
    image = Image.open(io.BytesIO(content))
    assert image.mode == "L"
    assert (np.asarray(image) == np.where(mask, 255, 0)).all()
    assert mask_png(runs, height, width) == content


# pycocotools 2.0 has arrays of its own that do not know NumPy 2's way to copy.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
@settings(max_examples=100, deadline=None)
@given(masks())
def test_pycocotools_decodes_ours_to_the_same_mask_and_we_read_what_it_packs(mask):
    runs, (height, width) = encode_run_lengths(mask), mask.shape
    ours = coco_rle(runs, height, width)
    packed = coco.frPyObjects(ours, height, width)
    assert (coco.decode(packed).astype(bool) == mask).all()
    theirs = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert packed["counts"] == theirs["counts"]
    for rle in (ours, theirs, {**theirs, "counts": theirs["counts"].decode()}):
        assert read_coco_rle(rle) == (runs, height, width)


def test_long_runs_unpack_as_pycocotools_packed_them():
    mask = np.zeros((700, 900), bool)
    mask[100:600, 200:850] = True
    mask[300, 400] = False
    assert read_coco_rle(coco.encode(np.asfortranarray(mask.astype(np.uint8))))[0] == encode_run_lengths(mask)


@settings(max_examples=100, deadline=None)
@given(masks(), st.randoms(use_true_random=False))
def test_three_levels_come_back(cell, random):
    nucleus = cell & np.array([random.random() < 0.5 for _ in range(cell.size)]).reshape(cell.shape)
    content = three_levels_png(nucleus, cell)
    assert (np.asarray(Image.open(io.BytesIO(content))) == np.where(nucleus, 255, np.where(cell, 128, 0))).all()
    assert all((a == b).all() for a, b in zip(read_levels(content, 191, 63), (nucleus, cell), strict=True))


def test_masks_of_real_sets_are_read(data):
    content = min((data / "seg_zheng" / "dataset1").glob("*.png")).read_bytes()
    nucleus, cell = read_levels(content, 191, 63)
    assert three_levels_png(nucleus, cell) != content
    assert (
        np.asarray(Image.open(io.BytesIO(three_levels_png(nucleus, cell))))
        == np.asarray(Image.open(io.BytesIO(content)))
    ).all()
    banik = min((data / "bccd" / "fields" / "masks_nucleus_cytoplasm").glob("*.png")).read_bytes()
    nucleus, cell = read_levels(banik, 205, 80)
    assert nucleus.shape == (480, 640)
    assert 0 < nucleus.sum() < cell.sum() < cell.size / 4
    assert not (nucleus & ~cell).any()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
@pytest.mark.parametrize("mode", ["L", "1", "RGB", "P"])
def test_every_way_to_save_a_gray_mask_is_the_same(kind, mode):
    gray = Image.fromarray(np.array([[0, 255], [255, 0]], np.uint8))
    assert read_mask_png(saved(gray.convert(mode), kind)) == ((1, 2, 1), 2, 2)


GRAY = Image.fromarray(np.full((64, 64), 7, np.uint8))


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", UnreadableImage, "m.png is no mask: expected PNG, BMP or TIFF, found an unknown kind of file"),
        (saved(GRAY, "JPEG"), UnreadableImage, "found JPEG"),
        (saved(Image.effect_noise((64, 64), 50))[:-40], UnreadableImage, "m.png cannot be decoded"),
        (saved(GRAY.convert("I;16")), UnsupportedImage, "expected a mask of 8 bits, found I;16"),
        (
            saved(Image.new("RGBA", (2, 2), (9, 9, 9, 8))),
            UnsupportedImage,
            "transparent: expected opacity 255, found down to 8",
        ),
        (
            saved(Image.new("RGB", (2, 2), (9, 9, 8))),
            InvalidMask,
            "m.png is in color: expected gray, found 4 colored pixels",
        ),
        (saved(GRAY), InvalidMask, "m.png is no mask of two levels: expected 0 and 255, found 7"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(content, error, said):
    with pytest.raises(error) as caught:
        read_mask_png(content, name="m.png")
    assert said in str(caught.value)


def test_several_pictures_and_turned_ones_are_refused():
    out = io.BytesIO()
    GRAY.save(out, "TIFF", save_all=True, append_images=[GRAY])
    turned = io.BytesIO()
    GRAY.save(turned, "TIFF", tiffinfo={0x0112: 6})
    for content, found in ((out, "several pictures"), (turned, "a picture to be turned")):
        with pytest.raises(UnsupportedImage, match=f"expected one mask as it lies, found {found}"):
            read_levels(content.getvalue(), 191, 63)


def test_a_bomb_is_refused_from_its_header(bad_files):
    with pytest.raises(ImageTooLarge, match="found 30000 x 30000"):
        read_levels((bad_files / "bomb.png").read_bytes(), 191, 63)


def test_masks_that_contradict_each_other_are_refused():
    whole, none = np.ones((2, 2), bool), np.zeros((2, 2), bool)
    with pytest.raises(
        InvalidMask, match="nucleus leaves the cell: expected nucleus within cell, found 4 pixels outside"
    ):
        three_levels_png(whole, none)
    with pytest.raises(InvalidMask, match="masks of two sizes"):
        three_levels_png(none, np.ones((2, 3), bool))
    with pytest.raises(InvalidMask, match="levels in the wrong order"):
        read_levels(b"", 63, 191)
    with pytest.raises(InvalidMask, match="run lengths do not fill"):
        mask_png((1, 2), 2, 2)


@pytest.mark.parametrize(
    ("rle", "said"),
    [
        ({}, "segmentation.size: expected height and width in pixels, found None"),
        ({"size": [2, 0], "counts": []}, "segmentation.size"),
        ({"size": [2, 2.0], "counts": [4]}, "segmentation.size"),
        ({"size": [10**6, 10**6], "counts": [10**12]}, "at most 200 megapixels"),
        ({"size": [2, 2]}, "segmentation.counts: expected lengths that add up to 4, found None"),
        ({"size": [2, 2], "counts": [1, 2]}, "found 2 lengths of 3"),
        ({"size": [2, 2], "counts": [-1, 5]}, "found 2 lengths of 4"),
        ({"size": [2, 2], "counts": [4.0]}, "found [4.0]"),
        ({"size": [2, 2], "counts": "!"}, "segmentation.counts: expected packed run lengths, found '!'"),
        ({"size": [2, 2], "counts": "P"}, "cut short"),
    ],
)
def test_run_lengths_that_are_wrong_are_refused_with_their_key(rle, said):
    with pytest.raises(UnreadableFormat) as caught:
        read_coco_rle(rle)
    assert said in str(caught.value)


def test_a_packed_length_without_an_end_is_refused_at_its_first_digits():
    with pytest.raises(UnreadableFormat, match="found 'o'"):
        read_coco_rle({"size": [2, 3], "counts": "o" * 1000})
