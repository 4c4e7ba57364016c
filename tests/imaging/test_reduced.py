from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from buffycoat.errors import ImageTooLarge, InputError, UnreadableImage, UnsupportedImage
from buffycoat.imaging.codecs import decode_rgb, encode_png
from buffycoat.imaging.reduced import REDUCTIONS, decode_reduced, reduce

Y, X = np.mgrid[:83, :117]
PICTURE = np.stack([X * 2, Y * 3, X + Y], axis=-1).astype(np.uint8)


def jpeg(image: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", **options)
    return file.getvalue()


@pytest.mark.parametrize("times", [2, 4, 8])
def test_a_reduced_photograph_is_the_mean_of_its_areas(data: Path, times: int) -> None:
    fields = sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[::80]
    crops = sorted((data / "raabin_crops" / "crops").glob("*/*.jpg"))[::120]
    for path in [*fields, *crops]:
        content = path.read_bytes()
        small = decode_reduced(content, name=path.name, times=times)
        off = np.abs(small.image.astype(int) - reduce(decode_rgb(content, name=path.name), times))
        assert off.mean() < 0.6
        assert np.percentile(off, 99.9) <= 4


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from(REDUCTIONS), st.sampled_from([0, 1, 2]), st.booleans())
def test_every_size_is_rounded_up(height: int, width: int, times: int, subsampling: int, progressive: bool) -> None:
    image = np.full((height, width, 3), (200, 120, 90), np.uint8)
    content = jpeg(image, quality=95, subsampling=subsampling, progressive=progressive)
    small = decode_reduced(content, name="a", times=times)
    assert small.image.shape == (-(-height // times), -(-width // times), 3)
    assert (small.width, small.height, small.times) == (width, height, times)
    assert np.abs(small.image.astype(int) - image[0, 0]).max() <= 4


def test_a_pixel_stands_for_its_own_square_at_every_size() -> None:
    for width in range(57, 74):
        image = np.full((40, width, 3), 30, np.uint8)
        image[:, 40:48] = 230
        small = decode_reduced(jpeg(image, quality=98, subsampling=0), name="a", times=8).image
        assert np.abs(small[:, 5].astype(int) - 230).max() <= 3
        assert np.abs(np.delete(small, 5, axis=1).astype(int) - 30).max() <= 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_no_orientation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = decode_reduced(jpeg(PICTURE, exif=exif.tobytes()), name="a", times=4)
    assert np.array_equal(turned.image, decode_reduced(jpeg(PICTURE), name="a", times=4).image)
    assert turned.image.shape == (21, 30, 3)


@pytest.mark.parametrize("times", REDUCTIONS)
def test_other_formats_are_averaged(times: int) -> None:
    small = decode_reduced(encode_png(PICTURE), name="a.png", times=times)
    assert np.array_equal(small.image, reduce(PICTURE, times))
    whole = small.image[: 83 // times, : 117 // times]
    means = PICTURE[: 83 // times * times, : 117 // times * times].reshape(83 // times, times, 117 // times, times, 3)
    assert np.abs(whole - means.mean(axis=(1, 3))).max() <= 1


JPEG = jpeg(PICTURE, quality=90)
BAD = {
    "half a JPEG": (JPEG[: len(JPEG) // 2], UnreadableImage, "cut short"),
    "without its last bytes": (JPEG[:-5], UnreadableImage, "cut short"),
    "no tables": (JPEG.replace(b"\xff\xdb", b"\xff\xef"), UnreadableImage, "cannot be decoded"),
    "gray": (jpeg(PICTURE[..., 0]), UnsupportedImage, "grayscale"),
    "text": (b"dear diary", UnreadableImage, "found text"),
    "nothing": (b"", UnreadableImage, "empty"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_refused_as_at_full_size(kind: str) -> None:
    content, error, words = BAD[kind]
    for decode in (decode_rgb, lambda content, name: decode_reduced(content, name=name, times=8)):
        with pytest.raises(error, match=words) as caught:
            decode(content, name="a photo.jpg")
        assert str(caught.value).startswith("a photo.jpg")


def test_limits_and_fractions() -> None:
    with pytest.raises(ImageTooLarge, match="117 x 83"):
        decode_reduced(JPEG, name="a", times=8, max_megapixels=0.009)
    with pytest.raises(InputError, match="no such fraction"):
        decode_reduced(JPEG, name="a", times=3)
