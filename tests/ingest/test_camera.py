from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.smear import Exif
from buffycoat.imaging.segments import make_chunk
from buffycoat.imaging.tags import read_tags
from buffycoat.ingest import PRESETS, camera_name, camera_preset, read_exif

Build = Callable[..., bytes]
G3 = Exif(
    make="LG Electronics",
    model="LG-D855",
    orientation=6,
    f_number=2.4,
    focal_length_mm=3.97,
    iso=125,
    exposure_seconds=0.025,
)


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_of_a_jpeg(phone_jpeg: Build, order: str) -> None:
    assert read_exif(phone_jpeg(order=order)) == G3
    assert camera_name(G3) == "LG G3"


def test_exif_of_a_png_and_a_tiff(encoded: Build, exif_block: Build) -> None:
    plain = encoded("PNG")
    assert read_exif(plain[:33] + make_chunk("eXIf", exif_block()) + plain[33:]) == G3
    assert read_exif(exif_block()) == G3
    assert read_exif(plain) == Exif()


def test_the_raabin_photograph(raabin_photograph: Path) -> None:
    exif = read_exif(raabin_photograph.read_bytes())
    assert exif == Exif(
        make="samsung",
        model="SAMSUNG-SM-G900A",
        orientation=6,
        f_number=2.2,
        focal_length_mm=4.8,
        iso=40,
        exposure_seconds=0.025,
    )
    preset = camera_preset(exif)
    assert camera_name(exif) == "Samsung Galaxy S5"
    assert preset is not None
    assert (preset.f_number, preset.focal_length_mm, preset.megapixels) == (exif.f_number, exif.focal_length_mm, 16)


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [
        ("samsung", "SM-G900F", "Samsung Galaxy S5"),
        ("LG Electronics", "LGLS990", "LG G3"),
        ("LG Electronics", "VS985 4G", "LG G3"),
        ("Apple", "iPhone 8", "Apple iPhone 8"),
        ("Apple", "iPhone 8 Plus", "Apple iPhone 8 Plus"),
        ("Carl Zeiss", "AxioCam ERc 5s Rev.2", "Zeiss Axiocam ERc 5s"),
        ("HUAWEI", "HUAWEI P20", "HUAWEI P20"),
        (None, "X", "X"),
        ("ACME", None, "ACME"),
        (None, None, None),
    ],
)
def test_camera_names(make: str | None, model: str | None, name: str | None) -> None:
    assert camera_name(Exif(make=make, model=model)) == name


def test_no_two_presets_claim_one_camera() -> None:
    assert len({preset.name for preset in PRESETS}) == len(PRESETS) > 12
    for preset in PRESETS:
        assert re.compile(preset.model)
        assert 0.3 <= preset.megapixels <= 200


@given(
    st.binary(max_size=300),
    st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0\x10" + bytes(7)]),
)
def test_nonsense_is_left_out(tail: bytes, head: bytes) -> None:
    exif = read_exif(head + tail)
    assert exif.orientation in (None, *range(1, 9))
    for field in dataclasses.fields(Exif):
        found = getattr(exif, field.name)
        assert found is None or isinstance(found, str) or 0 < found < 1e8
    assert all(len(tag.raw) <= len(tail) + 8 for tag in read_tags(head + tail))


def test_a_directory_that_points_to_itself() -> None:
    loop = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x69\x87\x04\0\x01\0\0\0\x08\0\0\0" + b"\x08\0\0\0"
    assert len(read_tags(loop)) == 1
