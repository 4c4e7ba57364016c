from __future__ import annotations

from pathlib import Path

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from buffycoat.errors import WrongArray
from buffycoat.imaging import machine_code
from buffycoat.imaging.hashes import average_hash, hamming, perceptual_hash


def peers(image: np.ndarray) -> tuple[int, int]:
    picture = Image.fromarray(image)
    return int(str(imagehash.average_hash(picture)), 16), int(str(imagehash.phash(picture)), 16)


def ours(image: np.ndarray) -> tuple[int, int]:
    return int(average_hash([image])[0]), int(perceptual_hash([image])[0])


@pytest.mark.parametrize("folder", ["raabin_crops/crops", "bccd/crops"])
def test_every_real_crop_has_the_hashes_of_imagehash(data: Path, folder: str):
    files = sorted((data / folder).glob("*/*.jpg"))
    assert len(files) > 200
    crops = []
    for file in files:
        with Image.open(file) as picture:
            crops.append(np.asarray(picture.convert("RGB")))
    expected = np.array([peers(crop) for crop in crops], np.uint64)
    np.testing.assert_array_equal(average_hash(crops), expected[:, 0])
    np.testing.assert_array_equal(perceptual_hash(crops), expected[:, 1])


@pytest.mark.parametrize("level", range(0, 256, 15))
def test_flat_images_too_where_every_wave_is_a_rounding_error(level: int):
    flat = np.full((40, 50, 3), level, np.uint8)
    assert ours(flat) == peers(flat)


@settings(deadline=None)  # the compiled loops may be loaded in the middle
@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_images_of_any_size_too(image: np.ndarray):
    assert ours(image) == peers(image)


def test_compiled_loops_and_pillow_give_the_same_bits(data: Path, monkeypatch: pytest.MonkeyPatch):
    crops = []
    for file in sorted((data / "raabin_crops/crops").glob("*/*.jpg"))[::14]:
        with Image.open(file) as picture:
            crops.append(np.asarray(picture))
    found = []
    for pixels in (-(10**15), machine_code._ENOUGH):
        monkeypatch.setattr(machine_code._Work, "pixels", pixels)
        found.append((average_hash(crops), perceptual_hash(crops)))
        assert (machine_code._Work.pixels > 0) == (pixels > 0)
    np.testing.assert_array_equal(found[0], found[1])


def test_one_array_of_images_is_a_sequence_of_them():
    batch = np.random.default_rng(2).integers(0, 256, (3, 20, 30, 3), np.uint8)
    np.testing.assert_array_equal(average_hash(batch), average_hash(list(batch)))
    np.testing.assert_array_equal(perceptual_hash(batch), perceptual_hash(list(batch)))


def test_no_images_have_no_hashes():
    assert average_hash([]).shape == perceptual_hash([]).shape == (0,)
    assert average_hash([]).dtype == np.uint64


def test_a_single_image_in_place_of_a_sequence_is_refused():
    with pytest.raises(WrongArray):
        average_hash(np.zeros((8, 8, 3), np.uint8))


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_hamming_counts_the_bits_that_differ(a: int, b: int):
    assert hamming(np.array([a], np.uint64), np.array([b], np.uint64)).tolist() == [(a ^ b).bit_count()]


def test_hamming_broadcasts():
    hashes = np.array([0, 1, 3], np.uint64)
    assert hamming(hashes[:, None], hashes[None]).tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]
