from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from buffycoat.domain.value import digest_of
from buffycoat.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from buffycoat.imaging.codecs import decode_rgb, pixel_digest, turn
from buffycoat.ingest import camera_name, take_in

Build = Callable[..., bytes]


def test_all_that_is_known_of_one_photograph(phone_jpeg: Build) -> None:
    content = phone_jpeg()
    stored = decode_rgb(content, name="a.jpg")
    taken = take_in(content, name="a.jpg", quarter_turns=1)
    assert taken.received == digest_of(content)
    assert taken.digest == digest_of(taken.content) != taken.received
    assert taken.pixels == pixel_digest(stored)
    assert (taken.width_px, taken.height_px, taken.quarter_turns) == (61, 90, 1)
    assert np.array_equal(taken.image, turn(stored, 1))
    assert taken.media_type == "image/jpeg"
    assert taken.exif.orientation == 6
    assert camera_name(taken.exif) == "LG G3"
    assert "EXIF:GPSInfo" in taken.stripped
    assert b"SECRET" not in taken.content
    assert taken.red_cell_diameter_px is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_are_one_photograph(phone_jpeg: Build, orientation: int) -> None:
    straight = take_in(phone_jpeg(orientation=1), name="a.jpg")
    taken = take_in(phone_jpeg(orientation=orientation), name="a.jpg")
    assert (taken.digest, taken.pixels) == (straight.digest, straight.pixels)
    assert (taken.received == straight.received) == (orientation == 1)


def test_taking_in_again_what_was_kept_changes_nothing(phone_jpeg: Build) -> None:
    first = take_in(phone_jpeg(), name="a.jpg")
    second = take_in(first.content, name="a.jpg")
    assert second.received == second.digest == first.digest
    assert second.pixels == first.pixels
    assert second.stripped == ()


def test_the_raabin_photograph(raabin_photograph: Path) -> None:
    taken = take_in(raabin_photograph.read_bytes(), name="a.jpg")
    assert (taken.width_px, taken.height_px) == (5312, 2988)
    assert taken.red_cell_diameter_px == pytest.approx(125, abs=2)
    assert 0.5 < taken.quality.brightness < 0.7
    assert taken.icc_profile is None


def test_refused_with_the_error_of_the_reader(encoded: Build) -> None:
    with pytest.raises(UnreadableImage):
        take_in(encoded("JPEG")[:-2], name="a.jpg")
    with pytest.raises(UnsupportedImage, match="CMYK"):
        take_in(encoded("JPEG", mode="CMYK"), name="a.jpg")
    with pytest.raises(ImageTooLarge):
        take_in(encoded("BMP"), name="a.bmp", max_megapixels=0.001)
