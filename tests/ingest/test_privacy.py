from __future__ import annotations

import contextlib
import io
import logging
import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from buffycoat.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from buffycoat.imaging.codecs import decode_rgb, encode_png
from buffycoat.imaging.segments import make_chunk
from buffycoat.ingest import strip, take_in

Build = Callable[..., bytes]


def by_another_decoder(content: bytes) -> np.ndarray:
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    return cv2.imdecode(np.frombuffer(content, np.uint8), flags)


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("order", ["<", ">"])
def test_no_secret_byte_is_left(phone_jpeg: Build, order: str, caplog: pytest.LogCaptureFixture) -> None:
    content = phone_jpeg(order=order)
    assert content.count(b"SECRET") == 10
    with caplog.at_level(logging.DEBUG):
        kept = strip(content, name="a.jpg")
    assert b"SECRET" not in kept.content
    assert "SECRET" not in " ".join(kept.removed) + caplog.text
    assert kept.removed == (
        "EXIF:Make",
        "EXIF:Model",
        "EXIF:Orientation",
        "EXIF:XResolution",
        "EXIF:GPSInfo",
        "EXIF:ExposureTime",
        "EXIF:FNumber",
        "EXIF:ISOSpeedRatings",
        "EXIF:FocalLength",
        "EXIF:MakerNote",
        "EXIF:BodySerialNumber",
        "EXIF:0x9999",
        "EXIF:thumbnail",
        "XMP",
        "MPF",
        "IPTC",
        "COM",
        "APP5",
        "1,204 bytes after the end",
    )


@pytest.mark.parametrize(
    "options",
    [
        {"quality": 90},
        {"quality": 75, "progressive": True},
        {"quality": 95, "subsampling": 0, "restart_marker_blocks": 2},
        {"quality": 60, "optimize": True, "subsampling": 2},
        {"quality": 90, "keep_rgb": True},
    ],
)
def test_jpeg_pixels_are_bit_identical(phone_jpeg: Build, options: dict[str, object]) -> None:
    content = phone_jpeg(icc=srgb(), **options)
    kept = strip(content, name="a.jpg")
    assert np.array_equal(by_another_decoder(kept.content), by_another_decoder(content))
    with Image.open(io.BytesIO(kept.content)) as after:
        assert np.array_equal(np.array(after), decode_rgb(content, name="a.jpg"))
        assert after.info["icc_profile"] == srgb()
        assert not after.getexif()
    assert kept.icc_profile == "sRGB built-in"
    assert strip(kept.content, name="a.jpg").content == kept.content
    assert strip(kept.content, name="a.jpg").removed == ()


def test_only_the_picture_is_left_of_a_jpeg(encoded: Build) -> None:
    plain = encoded("JPEG", quality=90)
    assert strip(plain, name="a.jpg").content == plain
    assert strip(plain, name="a.jpg").removed == ()


def test_a_thumbnail_in_the_jfif_header_goes(encoded: Build) -> None:
    plain = encoded("JPEG", quality=90)
    assert plain[2:6] == b"\xff\xe0\x00\x10"
    header = plain[6:18] + b"\x01\x01" + b"pix"
    content = plain[:2] + b"\xff\xe0" + struct.pack(">H", len(header) + 2) + header + plain[20:]
    kept = strip(content, name="a.jpg")
    assert kept.content == plain
    assert kept.removed == ("JFIF:thumbnail",)


def test_bytes_between_segments_go(encoded: Build) -> None:
    plain = encoded("JPEG", quality=90)
    kept = strip(plain[:20] + b"SECRET" + plain[20:], name="a.jpg")
    assert kept.content == plain
    assert kept.removed == ("6 bytes between segments",)


def test_png_chunks(encoded: Build, picture: np.ndarray, exif_block: Build) -> None:
    plain = encoded("PNG", icc_profile=srgb(), dpi=(300, 300))
    head, rest = plain[:33], plain[33:]
    beside = make_chunk("tEXt", b"Author\0SECRET") + make_chunk("eXIf", exif_block())
    beside += make_chunk("iTXt", b"XML:com.adobe.xmp\0\0\0\0\0SECRET") + make_chunk("tIME", bytes(7))
    beside += make_chunk("prVt", b"SECRET") + make_chunk("gAMA", struct.pack(">I", 45455))
    kept = strip(head + beside + rest + b"SECRET", name="a.png")
    assert b"SECRET" not in kept.content
    assert b"gAMA" in kept.content
    assert b"pHYs" in kept.content
    assert kept.removed[0] == "PNG:tEXt"
    assert "EXIF:GPSInfo" in kept.removed
    assert kept.removed[-4:] == ("XMP", "PNG:tIME", "PNG:prVt", "6 bytes after the end")
    assert kept.icc_profile == "sRGB built-in"
    assert np.array_equal(by_another_decoder(kept.content), picture)
    assert strip(kept.content, name="a.png").content == kept.content


def test_png_with_a_wrong_checksum_is_refused(encoded: Build) -> None:
    content = bytearray(encoded("PNG"))
    content[-20] ^= 1
    with pytest.raises(UnreadableImage, match="checksum"):
        strip(bytes(content), name="a.png")


@pytest.mark.parametrize("kind", ["TIFF", "BMP"])
def test_what_cannot_be_cut_becomes_png(encoded: Build, picture: np.ndarray, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x013B] = "SECRET camera", 6, "SECRET artist"
    content = encoded(kind, exif=exif, icc_profile=srgb()) if kind == "TIFF" else encoded(kind)
    kept = strip(content, name="a")
    assert kept.media_type == "image/png"
    assert b"SECRET" not in kept.content
    assert np.array_equal(by_another_decoder(kept.content), picture)
    assert kept.removed == (("EXIF:Make", "EXIF:Orientation", "EXIF:Artist") if kind == "TIFF" else ())
    assert kept.icc_profile == ("sRGB built-in" if kind == "TIFF" else None)
    if kind == "TIFF":
        with Image.open(io.BytesIO(kept.content)) as after:
            assert after.info["icc_profile"] == srgb()
    again = strip(kept.content, name="a")
    assert (again.content, again.icc_profile) == (kept.content, kept.icc_profile)


def test_what_is_no_photograph_is_refused() -> None:
    with pytest.raises(UnsupportedImage, match="GIF"):
        strip(b"GIF89a" + bytes(100), name="a.gif")
    with pytest.raises(UnreadableImage, match="text"):
        strip(b"dear diary", name="a.jpg")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    segments=st.lists(st.tuples(st.integers(0xE0, 0xFE), st.binary(max_size=40)), max_size=5),
    behind=st.binary(max_size=30),
)
def test_stripping_twice_is_stripping_once(encoded: Build, segments: list[tuple[int, bytes]], behind: bytes) -> None:
    plain = encoded("JPEG", quality=80)
    beside = b"".join(struct.pack(">BBH", 0xFF, marker, len(load) + 2) + load for marker, load in segments)
    once = strip(plain[:2] + beside + plain[2:] + behind, name="a.jpg")
    twice = strip(once.content, name="a.jpg")
    assert twice.content == once.content
    assert np.array_equal(by_another_decoder(once.content), by_another_decoder(plain))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["JPEG", "PNG", "TIFF", "BMP"]), seed=st.integers(0, 2**32 - 1), cut=st.floats(0, 1))
def test_damaged_bytes_are_refused_or_read_and_nothing_else(encoded: Build, kind: str, seed: int, cut: float) -> None:
    random = np.random.default_rng(seed)
    content = bytearray(encoded(kind))
    for at in random.integers(0, len(content), 4):
        content[at] = random.integers(256)
    damaged = bytes(content[: int(len(content) * (0.5 + cut))])
    for look in (strip, decode_rgb, take_in):
        with contextlib.suppress(UnreadableImage, UnsupportedImage, ImageTooLarge):
            look(damaged, name="a")


def test_every_bccd_field_is_stripped_without_loss(data: Path) -> None:
    paths = sorted((data / "bccd" / "fields" / "images").iterdir())
    assert len(paths) == 257
    named = {}
    for path in paths:
        content = path.read_bytes()
        kept = strip(content, name=path.name)
        assert np.array_equal(by_another_decoder(kept.content), by_another_decoder(content))
        if kept.removed:
            named[path.name] = kept.removed
        else:
            assert kept.content == content
    assert set(named) == {"BloodImage_00096.jpg", "BloodImage_00329.jpg"}
    assert all({"XMP", "IPTC"} <= set(removed) for removed in named.values())


def test_the_raabin_photograph(raabin_photograph: Path) -> None:
    content = raabin_photograph.read_bytes()
    kept = strip(content, name="a.jpg")
    assert len(content) - len(kept.content) == 18452
    for secret in (b"SM-G900A", b"2016:07:20", b"F16QLHF01SB"):
        assert secret in content
        assert secret not in kept.content
    assert {"EXIF:MakerNote", "EXIF:ImageUniqueID", "EXIF:thumbnail"} <= set(kept.removed)
    assert np.array_equal(by_another_decoder(kept.content), by_another_decoder(content))


def test_an_encoded_png_has_no_chunk_but_the_picture(picture: np.ndarray) -> None:
    content = encode_png(picture)
    assert strip(content, name="a.png").content == content


def test_a_scan_of_fill_bytes_takes_no_time(encoded: Build) -> None:
    plain = encoded("JPEG", quality=90)
    content = plain[:-2] + b"\xff" * 1_000_000 + b"\0" + b"\xff\xd9"
    assert strip(content, name="a.jpg").content.endswith(b"\xff\xd9")
