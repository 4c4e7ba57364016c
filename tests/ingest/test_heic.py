"""HEIC, as telephones write it."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from heic_pictures import BLOCK, COLORS, make_heic

from buffycoat.errors import ImageTooLarge, UnreadableImage
from buffycoat.imaging.codecs import decode_rgb, probe, read_rgb
from buffycoat.ingest import read_exif, strip, take_in


def expected() -> np.ndarray:
    """The colors of the blocks, by the formula of BT.601 in full range."""
    y, blue, red = np.moveaxis(np.array(COLORS, float), -1, 0)
    rgb = [y + 1.402 * (red - 128), y - 0.344136 * (blue - 128) - 0.714136 * (red - 128), y + 1.772 * (blue - 128)]
    return np.clip(np.round(np.stack(rgb, axis=-1)), 0, 255)


def centers(image: np.ndarray) -> np.ndarray:
    return image[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK].astype(float)


EXIF_ASKS_FOR_A_TURN = (
    b"Exif\0\0MM\0*\0\0\0\x08\0\x02"
    + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    + struct.pack(">HHII", 0x010F, 2, 12, 38)
    + b"\0\0\0\0SECRET PHONE"
)


def test_known_colors_come_back() -> None:
    image = decode_rgb(make_heic(), name="a.heic")
    assert image.shape == (32, 48, 3)
    assert np.abs(centers(image) - expected()).max() <= 1


def test_is_read_by_content_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(make_heic())
    assert read_rgb(tmp_path / "a.jpg").shape == (32, 48, 3)


def test_a_rotation_of_the_format_is_carried_out() -> None:
    plain, turned = (decode_rgb(make_heic(turned=turned), name="a.heic") for turned in (False, True))
    assert np.array_equal(turned, np.rot90(plain))


def test_an_orientation_in_exif_is_not() -> None:
    plain = decode_rgb(make_heic(), name="a.heic")
    assert np.array_equal(decode_rgb(make_heic(exif=EXIF_ASKS_FOR_A_TURN), name="a.heic"), plain)


def test_becomes_a_png_of_the_same_pixels_without_exif() -> None:
    content = make_heic(exif=EXIF_ASKS_FOR_A_TURN)
    kept = strip(content, name="a.heic")
    assert b"SECRET" in content
    assert b"SECRET" not in kept.content
    assert kept.media_type == "image/png"
    assert kept.removed == ("EXIF:Orientation", "EXIF:Make")
    assert np.array_equal(decode_rgb(kept.content, name="a"), decode_rgb(content, name="a"))
    assert read_exif(content).orientation == 6


def test_a_wide_color_space_is_kept() -> None:
    kept = strip(make_heic(primaries=12), name="a.heic")
    assert kept.icc_profile == "code points 12/13"
    assert b"cICP\x0c\x0d\0\1" in kept.content
    assert strip(kept.content, name="a.png") == kept.__class__(
        content=kept.content, media_type="image/png", removed=(), icc_profile=kept.icc_profile
    )


def test_is_taken_in_turned() -> None:
    taken = take_in(make_heic(), name="a.heic", quarter_turns=1)
    assert (taken.width_px, taken.height_px, taken.media_type) == (32, 48, "image/png")


def test_too_large_is_refused_from_the_header() -> None:
    assert probe(make_heic(), name="a.heic").width == 48
    with pytest.raises(ImageTooLarge, match="48 x 32"):
        decode_rgb(make_heic(), name="a.heic", max_megapixels=0.001)


@pytest.mark.parametrize("keep", [40, 300, 900, -1])
def test_cut_short_is_refused(keep: int) -> None:
    with pytest.raises(UnreadableImage):
        decode_rgb(make_heic()[:keep], name="a.heic")


def test_a_name_of_an_item_that_is_no_text_is_refused() -> None:
    # Given this file, pi_heif 1.4.0 ends the process.
    content = make_heic(exif=EXIF_ASKS_FOR_A_TURN).replace(b"Exif\0", b"Ex\xc3f\0", 1)
    for look in (decode_rgb, strip):
        with pytest.raises(UnreadableImage, match="UTF-8 in its infe box"):
            look(content, name="a.heic")
    assert read_exif(content).make is None
