from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from buffycoat.errors import (
    BuffycoatError,
    ImageTooLarge,
    UnreadableFile,
    UnreadableImage,
    UnsupportedImage,
    WrongArray,
)
from buffycoat.imaging.arrays import check_rgb
from buffycoat.imaging.codecs import (
    decode_png,
    decode_rgb,
    encode_jpeg,
    encode_png,
    pixel_digest,
    probe,
    read_rgb,
    turn,
)
from buffycoat.imaging.segments import PNG_START, make_chunk

Y, X = np.mgrid[:40, :60]
PICTURE = np.stack([X * 4, Y * 6, X + Y], axis=-1).astype(np.uint8)


def encoded(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    (image or Image.fromarray(PICTURE)).save(file, kind, **options)
    return file.getvalue()


def with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


# ------------------------------------------------------------------- reading


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_lossless_formats_give_the_same_pixels(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(encoded(kind))
    assert np.array_equal(read_rgb(tmp_path / "a"), PICTURE)
    assert probe(encoded(kind), name="a").format == kind


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", None])
def test_tiff_of_any_compression(compression: str | None) -> None:
    assert np.array_equal(decode_rgb(encoded("TIFF", compression=compression), name="a.tif"), PICTURE)


def test_jpeg_gives_what_another_decoder_gives() -> None:
    content = encoded("JPEG", quality=85)
    other = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert np.array_equal(decode_rgb(content, name="a.jpg"), other)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_every_orientation_keeps_one_pixel_frame(kind: str, orientation: int) -> None:
    options = {"quality": 90} if kind == "JPEG" else {}
    turned = decode_rgb(encoded(kind, exif=with_exif(orientation), **options), name="a")
    assert np.array_equal(turned, decode_rgb(encoded(kind, **options), name="a"))
    assert turned.shape == (40, 60, 3)


def test_an_orientation_in_the_xmp_of_a_tiff_is_not_applied() -> None:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[700] = b'<x:xmpmeta><rdf tiff:Orientation="6"/></x:xmpmeta>'
    assert np.array_equal(decode_rgb(encoded("TIFF", tiffinfo=tags), name="a.tif"), PICTURE)


def test_the_raabin_photograph_is_read_wide(data: Path) -> None:
    image = read_rgb(data / "raabin_samples" / "full_field" / "images" / "20160720_232423.jpg")
    assert image.shape == (2988, 5312, 3)


def test_opaque_alpha_is_dropped() -> None:
    opaque = Image.fromarray(PICTURE).convert("RGBA")
    for kind in ("PNG", "TIFF"):
        image = decode_rgb(encoded(kind, opaque), name="a")
        assert np.array_equal(image, PICTURE)
        assert image.flags.c_contiguous


def test_draaslan_fields_have_opaque_alpha(data: Path) -> None:
    path = min((data / "draaslan_fields" / "images").iterdir())
    assert read_rgb(path).shape == (256, 256, 3)


def test_a_palette_is_looked_up() -> None:
    palette = Image.fromarray(PICTURE).quantize(16)
    assert np.array_equal(decode_rgb(encoded("PNG", palette), name="a.png"), np.array(palette.convert("RGB")))


# ------------------------------------------------------------------- refused


def png_of(width: int, height: int, depth: int = 8, kind: int = 2, rows: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return PNG_START + make_chunk("IHDR", header) + make_chunk("IDAT", zlib.compress(rows)) + make_chunk("IEND", b"")


def tiff_of_pages() -> bytes:
    page = Image.fromarray(PICTURE)
    return encoded("TIFF", page, save_all=True, append_images=[page])


def animation(kind: str) -> bytes:
    first, second = Image.fromarray(PICTURE), Image.fromarray(PICTURE[::-1].copy())
    return encoded(kind, first, save_all=True, append_images=[second], duration=100)


def see_through(alpha: int) -> Image.Image:
    layer = np.full((40, 60, 1), 255, np.uint8)
    layer[20, 30] = alpha
    return Image.fromarray(np.concatenate([PICTURE, layer], axis=2))


JPEG = encoded("JPEG", quality=90)
BAD = {
    "empty": (b"", UnreadableImage, "0 bytes"),
    "text": (b"dear diary, today", UnreadableImage, "found text"),
    "pdf": (b"%PDF-1.7\n\x00\x01", UnreadableImage, "found PDF"),
    "noise": (bytes(range(7, 256)), UnreadableImage, "unknown kind"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], UnreadableImage, "cut short"),
    "a JPEG without its last byte": (JPEG[:-1], UnreadableImage, "cut short"),
    "a JPEG without its last five bytes": (JPEG[:-5], UnreadableImage, "cut short"),
    "a PNG without its end": (encoded("PNG")[:-12], UnreadableImage, "cut short"),
    "a PNG cut in its pixels": (encoded("PNG")[:90], UnreadableImage, "cut short"),
    "half a TIFF": (encoded("TIFF")[:3000], UnreadableImage, ""),
    "half a packed TIFF": (encoded("TIFF", compression="tiff_lzw")[:400], UnreadableImage, ""),
    "half a BMP": (encoded("BMP")[:3000], UnreadableImage, "truncated"),
    "CMYK JPEG": (encoded("JPEG", Image.fromarray(PICTURE).convert("CMYK")), UnsupportedImage, "CMYK"),
    "gray JPEG": (encoded("JPEG", Image.fromarray(PICTURE).convert("L")), UnsupportedImage, "grayscale"),
    "gray PNG": (encoded("PNG", Image.fromarray(PICTURE).convert("LA")), UnsupportedImage, "grayscale"),
    "16-bit gray TIFF": (
        encoded("TIFF", Image.fromarray(PICTURE[..., 0].astype(np.uint16))),
        UnsupportedImage,
        "16 bits",
    ),
    "16-bit PNG": (png_of(2, 1, depth=16, rows=b"\0" + bytes(12)), UnsupportedImage, "16 bits"),
    "16-bit TIFF": (cv2.imencode(".tif", PICTURE.astype(np.uint16) * 257)[1].tobytes(), UnsupportedImage, "16 bits"),
    "TIFF of two pages": (tiff_of_pages(), UnsupportedImage, "several pages"),
    "transparent PNG": (encoded("PNG", see_through(254)), UnsupportedImage, "transparent"),
    "PNG with a transparent color": (encoded("PNG", transparency=(0, 0, 0)), UnsupportedImage, "transparent"),
    "animated PNG": (animation("PNG"), UnsupportedImage, "animation"),
    "animated GIF": (animation("GIF"), UnsupportedImage, "found GIF"),
    "WebP": (encoded("WEBP"), UnsupportedImage, "found WebP"),
    "AVIF": (encoded("AVIF"), UnsupportedImage, "found AVIF"),
    "bomb": (png_of(30_000, 30_000), ImageTooLarge, "30000 x 30000"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_by_their_own_error(name: str, tmp_path: Path) -> None:
    content, error, words = BAD[name]
    path = tmp_path / "a photo.jpg"
    path.write_bytes(content)
    with pytest.raises(BuffycoatError) as caught:
        read_rgb(path)
    assert type(caught.value) is error
    assert words in str(caught.value)
    assert str(caught.value).startswith("a photo.jpg")
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.expected
    assert caught.value.hint


def test_a_limit_can_be_set() -> None:
    content = encoded("PNG")
    assert decode_rgb(content, name="a", max_megapixels=0.0024).shape == (40, 60, 3)
    with pytest.raises(ImageTooLarge, match=r"at most 0\.0023 megapixels"):
        decode_rgb(content, name="a", max_megapixels=0.0023)


def test_between_the_limits_of_pillow_and_ours_nothing_warns() -> None:
    # Above 89 megapixels Pillow warns, above 179 it refuses.
    assert probe(png_of(14_000, 14_000), name="a").width == 14_000
    flat = encoded("TIFF", Image.new("RGB", (9500, 9500)), compression="tiff_deflate")
    assert decode_rgb(flat, name="a").shape == (9500, 9500, 3)


def test_files_that_the_system_refuses(tmp_path: Path) -> None:
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 31)
    for name, words in {
        "broken": "no such file",
        "loop": "too many levels of symbolic links",
        "pipe": "a pipe",
        "": "a folder",
        "x" * 300: "file name too long",
    }.items():
        with pytest.raises(UnreadableFile, match=words):
            read_rgb(tmp_path / name)
    with pytest.raises(ImageTooLarge, match="2,147,483,648 bytes"):
        read_rgb(tmp_path / "sparse")


def test_a_name_that_the_system_cannot_hold() -> None:
    with pytest.raises(UnreadableFile, match="null byte"):
        read_rgb("a\0b.jpg")


# ------------------------------------------------------------------- writing


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_png_is_lossless_and_always_the_same(image: np.ndarray) -> None:
    content = encode_png(image)
    assert np.array_equal(decode_png(content), image)
    assert encode_png(image.copy()) == content


def test_decode_png_reads_nothing_else() -> None:
    with pytest.raises(UnreadableImage, match="found JPEG"):
        decode_png(JPEG)


def test_a_preview_is_nearly_the_picture() -> None:
    again = decode_rgb(encode_jpeg(PICTURE, quality=95), name="a")
    assert np.abs(again.astype(int) - PICTURE).mean() < 4
    assert len(encode_jpeg(PICTURE, quality=30)) < len(encode_jpeg(PICTURE, quality=95))


@given(st.integers(-5, 9))
def test_turning_is_clockwise(turns: int) -> None:
    assert np.array_equal(turn(PICTURE, turns), np.rot90(PICTURE, -turns))
    assert not np.shares_memory(turn(PICTURE, turns), PICTURE)


def test_the_digest_is_that_of_the_pixels() -> None:
    assert pixel_digest(PICTURE) == pixel_digest(np.asfortranarray(PICTURE))
    assert pixel_digest(PICTURE) != pixel_digest(turn(PICTURE, 1))
    assert pixel_digest(PICTURE) != pixel_digest(PICTURE ^ 1)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 3), bool),
        [[[0, 0, 0]]],
    ],
)
def test_what_is_no_image_is_refused(array: np.ndarray) -> None:
    with pytest.raises(WrongArray, match="not an RGB image: expected a uint8 array of shape"):
        check_rgb(array)
    with pytest.raises(WrongArray):
        encode_png(array)
