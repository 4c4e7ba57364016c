"""Masks of other programs as pictures: what a gray or a color means is said or known, and never guessed."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from buffycoat.errors import InputError, InvalidMask
from buffycoat.formats.mask_pictures import CODINGS, Coding, parse_coding, read_parts
from buffycoat.formats.masks import read_levels

GRAYS = np.array([[0, 128, 255], [0, 128, 128]], np.uint8)


def saved(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def as_lists(parts):
    return {part: mask.astype(int).tolist() for part, mask in parts.items()}


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_three_levels_are_known_by_themselves(kind):
    parts = read_parts(saved(GRAYS, kind))
    assert as_lists(parts) == {"nucleus": [[0, 0, 1], [0, 0, 0]], "cell": [[0, 1, 1], [0, 1, 1]]}


def test_a_part_alone_is_any_two_levels():
    for high in (1, 128, 255):
        pixels = np.array([[0, high], [high, 0]], np.uint8)
        for part in ("nucleus", "cell", "cytoplasm"):
            assert as_lists(read_parts(saved(pixels), part=part)) == {part: [[0, 1], [1, 0]]}
    bits = Image.fromarray(np.array([[False, True]]))
    out = io.BytesIO()
    bits.save(out, "PNG")
    assert as_lists(read_parts(out.getvalue(), part="cell")) == {"cell": [[0, 1]]}


def test_nothing_is_guessed():
    with pytest.raises(InvalidMask, match="not said which"):
        read_parts(saved(np.array([[0, 255]], np.uint8)))
    with pytest.raises(InvalidMask, match="which gray") as refused:
        read_parts(saved(np.array([[0, 160, 255]], np.uint8)))
    assert "--coding" in refused.value.hint
    with pytest.raises(InvalidMask, match="two levels"):
        read_parts(saved(GRAYS), part="cell")
    with pytest.raises(InvalidMask, match="in color"):
        read_parts(saved(np.array([[[0, 0, 0], [255, 0, 0]]], np.uint8)), part="cell")


def test_smoothed_edges_have_their_levels():
    pixels = np.array([[0, 80, 81, 160, 205, 206, 255]], np.uint8)
    assert as_lists(read_parts(saved(pixels), coding=CODINGS["bccd"])) == {
        "nucleus": [[0, 0, 0, 0, 0, 1, 1]],
        "cell": [[0, 0, 1, 1, 1, 1, 1]],
    }
    assert as_lists(read_parts(saved(pixels), part="nucleus", coding=Coding(levels=(127, 127)))) == {
        "nucleus": [[0, 0, 0, 1, 1, 1, 1]]
    }


def test_real_masks_of_both_sets(data):
    for path, coding in (
        (data / "bccd" / "fields" / "masks_nucleus_cytoplasm" / "BloodImage_Mask_00000.png", "bccd"),
        (min((data / "seg_zheng" / "dataset1").glob("*.png")), "zheng"),
    ):
        content = path.read_bytes()
        parts = read_parts(content, coding=CODINGS[coding])
        levels = read_levels(content, *CODINGS[coding].levels)
        for found, expected in zip((parts["nucleus"], parts["cell"]), levels, strict=True):
            assert found.any()
            assert (found == expected).all()


def test_colors_mean_what_was_said():
    pixels = np.zeros((1, 4, 3), np.uint8)
    pixels[0, 1] = (255, 0, 0)
    pixels[0, 2] = (0, 255, 0)
    pixels[0, 3] = (0, 0, 255)
    coding = parse_coding("ff0000=nucleus, 00FF00=cytoplasm, 0000ff=cytoplasm")
    assert as_lists(read_parts(saved(pixels), coding=coding)) == {
        "nucleus": [[0, 1, 0, 0]],
        "cytoplasm": [[0, 0, 1, 1]],
    }
    with pytest.raises(InvalidMask, match="0000ff"):
        read_parts(saved(pixels), coding=parse_coding("ff0000=nucleus,00ff00=cytoplasm"))
    palette = Image.fromarray(pixels).quantize(4)
    out = io.BytesIO()
    palette.save(out, "PNG")
    assert as_lists(read_parts(out.getvalue(), coding=coding))["nucleus"] == [[0, 1, 0, 0]]


@pytest.mark.parametrize("wrong", ["", "nobody", "80,205", "255,0", "ff0000=blood", "ff00=nucleus", "1,2,3"])
def test_what_says_nothing_is_refused(wrong):
    with pytest.raises(InputError, match="coded"):
        parse_coding(wrong)
