from __future__ import annotations

import io
from pathlib import Path

import cv2
import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from buffycoat.errors import ImageTooLarge, InputError, UnreadableImage, UnsupportedImage
from buffycoat.imaging import file_hashes
from buffycoat.imaging.codecs import decode_rgb, encode_png
from buffycoat.imaging.file_hashes import hash_file, hash_files
from buffycoat.imaging.hashes import average_hash, hamming, perceptual_hash

NOISE = cv2.GaussianBlur(np.random.default_rng(7).integers(0, 256, (150, 210, 3), np.uint8), (0, 0), 3)


def peers(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as picture:
        return int(str(imagehash.average_hash(picture)), 16), int(str(imagehash.phash(picture)), 16)


def saved(image: np.ndarray | Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    file = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(file, kind, **how)
    return file.getvalue()


def counted_carefully(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which each file that goes the careful way adds its name."""
    seen: list[str] = []
    careful = file_hashes._gray_of_any

    def spy(content: bytes, name: str) -> np.ndarray:
        seen.append(name)
        return careful(content, name)

    monkeypatch.setattr(file_hashes, "_gray_of_any", spy)
    return seen


@pytest.fixture(scope="module")
def crops(data: Path) -> list[bytes]:
    folders = ("raabin_crops/crops", "bccd/crops", "pbc_barcelona/crops")
    return [path.read_bytes() for folder in folders for path in sorted((data / folder).glob("*/*.jpg"))[::2]]


@pytest.fixture(scope="module")
def expected(crops: list[bytes]) -> np.ndarray:
    return np.array([peers(content) for content in crops], np.uint64)


def test_every_real_crop_has_the_hashes_of_imagehash_without_the_careful_way(
    crops: list[bytes], expected: np.ndarray, monkeypatch: pytest.MonkeyPatch
):
    assert len(crops) > 480
    careful = counted_carefully(monkeypatch)
    found = hash_files(crops)
    np.testing.assert_array_equal(found.average, expected[:, 0])
    np.testing.assert_array_equal(found.perceptual, expected[:, 1])
    assert careful == []


def test_the_fast_mode_is_at_most_three_bits_off_on_real_crops_and_mostly_none(
    crops: list[bytes], expected: np.ndarray
):
    found = hash_files(crops, fast=True)
    for mine, theirs in zip(found, expected.T, strict=True):
        off = hamming(mine, theirs)
        assert off.max() <= 3
        assert (off == 0).mean() > 0.85
    assert any((mine != theirs).any() for mine, theirs in zip(found, expected.T, strict=True)), "this is not fast"


def test_the_fast_mode_reads_a_crop_in_balance_exactly():
    # A flat field of one level, and a spot: 63 of 64 pixels are half a level from the mean.
    field = np.full((512, 512, 3), 120, np.uint8)
    field[200:230, 200:230] = 90
    content = saved(field, quality=95)
    assert hash_file(content, fast=True) == peers(content)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("quality", [5, 60, 100])
def test_jpegs_of_every_kind(subsampling: str, progressive: bool, quality: int, monkeypatch: pytest.MonkeyPatch):
    careful = counted_carefully(monkeypatch)
    content = saved(NOISE, subsampling=subsampling, progressive=progressive, quality=quality)
    assert hash_file(content) == peers(content)
    assert careful == []


@pytest.mark.parametrize("factor", [0x411111, 0x221111, 0x211111, 0x121111, 0x111111])
@pytest.mark.parametrize("shape", [(64, 64), (131, 97), (17, 350)])
def test_jpegs_with_color_at_any_resolution(factor: int, shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch):
    careful = counted_carefully(monkeypatch)
    image = np.random.default_rng(factor).integers(0, 256, (*shape, 3), np.uint8)
    flags = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor, cv2.IMWRITE_JPEG_RST_INTERVAL, 3]
    content = cv2.imencode(".jpg", image, flags)[1].tobytes()
    assert hash_file(content) == peers(content)
    assert careful == []


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_note_on_orientation_changes_nothing(orientation: int):
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(NOISE, exif=exif)
    assert hash_file(content) == peers(content) == hash_file(saved(NOISE))
    assert hash_file(content, fast=True) == hash_file(saved(NOISE), fast=True)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_gray_and_cmyk_jpegs_too(mode: str):
    content = saved(Image.fromarray(NOISE).convert(mode))
    assert hash_file(content) == peers(content)
    assert np.all(hamming(*np.array([hash_file(content, fast=True), peers(content)], np.uint64)) <= 3)


def test_a_jpeg_that_stores_red_green_and_blue():
    content = saved(NOISE, keep_rgb=True)
    assert b"Adobe" in content
    assert hash_file(content) == peers(content)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_other_formats_are_exact_in_both_modes(kind: str):
    content = saved(NOISE, kind)
    assert hash_file(content) == hash_file(content, fast=True) == peers(content)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1"])
def test_pngs_that_are_not_rgb(mode: str):
    content = saved(Image.fromarray(NOISE).convert(mode), "PNG")
    assert hash_file(content) == peers(content)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (8, 8), (9, 1), (8, 300), (300, 8), (31, 33), (64, 64), (65, 1000)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_every_size(size: tuple[int, int], kind: str):
    content = saved(Image.fromarray(NOISE).resize(size), kind)
    assert hash_file(content) == peers(content)
    hash_file(content, fast=True)


@pytest.mark.parametrize("level", [0, 1, 77, 128, 254, 255])
def test_flat_pictures_where_every_wave_is_a_rounding_error(level: int):
    content = saved(np.full((60, 70, 3), level, np.uint8))
    assert hash_file(content) == peers(content) == hash_file(content, fast=True)


@settings(deadline=None)  # the compiled loops may be loaded in the middle
@given(arrays(np.uint8, st.tuples(st.integers(1, 70), st.integers(1, 70), st.just(3))), st.integers(1, 100))
def test_any_jpeg(image: np.ndarray, quality: int):
    content = saved(image, quality=quality)
    assert hash_file(content) == peers(content)


def test_bytes_and_pixels_have_the_same_hashes():
    content = saved(NOISE, quality=80)
    pixels = [decode_rgb(content, name="a.jpg")]
    assert hash_file(content) == (average_hash(pixels)[0], perceptual_hash(pixels)[0])


def test_another_jpeg_library_in_opencv_costs_time_and_no_bit(monkeypatch: pytest.MonkeyPatch):
    content = saved(NOISE)
    sound = cv2.imdecode

    def another(buffer: np.ndarray, flags: int) -> np.ndarray:
        pixels = sound(buffer, flags)
        pixels[::2] ^= 1
        return pixels

    monkeypatch.setattr(cv2, "imdecode", another)
    file_hashes._decoders_agree.cache_clear()
    careful = counted_carefully(monkeypatch)
    try:
        assert hash_file(content, name="a.jpg") == peers(content)
        assert careful == ["a.jpg"]
    finally:
        file_hashes._decoders_agree.cache_clear()


def test_damaged_jpegs_have_the_hashes_of_imagehash_or_an_error():
    content = saved(NOISE, quality=70)
    start = content.index(b"\xff\xda") + 14
    rng = np.random.default_rng(0)
    for _ in range(60):
        damaged = bytearray(content)
        damaged[rng.integers(start, len(content) - 2)] ^= 1 << rng.integers(8)
        try:
            found = hash_file(bytes(damaged))
        except InputError:
            continue
        assert found == peers(bytes(damaged))


def test_a_jpeg_with_something_behind_it_is_read():
    content = saved(NOISE)
    assert hash_file(content + b"a film") == hash_file(content) == peers(content)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", UnreadableImage, "b.jpg is empty"),
        (b"dear diary", UnreadableImage, "b.jpg is no photograph"),
        (saved(NOISE)[:-500], UnreadableImage, "b.jpg is cut short"),
        (saved(NOISE, "PNG")[:-500], UnreadableImage, "b.jpg cannot be decoded"),
        (saved(NOISE, "GIF"), UnsupportedImage, "b.jpg is of a kind"),
    ],
)
def test_bad_files_are_named(content: bytes, error: type[InputError], says: str, fast: bool):
    with pytest.raises(error, match=says):
        hash_files([saved(NOISE), content], names=["a.jpg", "b.jpg"], fast=fast)


def test_without_names_files_are_numbered():
    with pytest.raises(UnreadableImage, match="picture 2 is no photograph"):
        hash_files([saved(NOISE), b"dear diary"])


def test_a_file_that_claims_to_be_enormous_is_refused_unread(bad_files: Path):
    with pytest.raises(ImageTooLarge, match=r"bomb\.png is too large"):
        hash_file((bad_files / "bomb.png").read_bytes(), name="bomb.png")


def test_threads_keep_the_order_and_files_are_read_as_they_are_needed():
    contents = [encode_png(np.roll(NOISE, 5 * number, axis=1)) for number in range(40)]
    one, four = hash_files(iter(contents)), hash_files(iter(contents), threads=4)
    np.testing.assert_array_equal(one.average, four.average)
    np.testing.assert_array_equal(one.perceptual, four.perceptual)
    assert len(np.unique(one.perceptual)) > 30


def test_no_files_have_no_hashes():
    found = hash_files([])
    assert found.average.shape == found.perceptual.shape == (0,)
    assert found.average.dtype == found.perceptual.dtype == np.uint64
