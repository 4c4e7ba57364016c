"""Presets, numbers of one's own, and what is said where they cannot be."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from buffycoat.adapter import Ocular, Phone, find_ocular, find_phone, oculars, phones, plan_adapter, read_numbers
from buffycoat.adapter.numbers import LIMITS
from buffycoat.errors import InputError, NotFound

# As published (the field `source` says where): width, height, thickness in mm, mass in g.
PUBLISHED = {
    "samsung-galaxy-s5": (72.5, 142.0, 8.1, 145),
    "lg-g3": (74.6, 146.3, 8.9, 149),
    "iphone-se-2022": (67.3, 138.4, 7.3, 144),
    "iphone-15-pro": (70.6, 146.6, 8.25, 187),
    "iphone-16": (71.6, 147.6, 7.8, 170),
    "iphone-14-pro": (71.5, 147.5, 7.85, 206),
    "samsung-galaxy-s22": (70.6, 146.0, 7.6, 168),
    "samsung-galaxy-s23": (70.9, 146.3, 7.6, 168),
    "samsung-galaxy-a54": (76.7, 158.2, 8.2, 202),
    "pixel-6": (74.8, 158.6, 8.9, 207),
    "pixel-7": (73.2, 155.6, 8.7, 197),
    "samsung-galaxy-s24": (70.6, 147.0, 7.6, 167),
    "pixel-8": (70.8, 150.5, 8.9, 187),
}
A_PHONE = {
    "key": "a",
    "name": "A",
    "width": 72.0,
    "height": 145.0,
    "thickness": 8.0,
    "camera": (36.0, 17.0),
    "island": (28.0, 9.0, 16.0, 17.0),
}


@pytest.mark.parametrize("key", PUBLISHED)
def test_sizes_are_those_the_maker_publishes(key):
    phone = find_phone(key)
    assert (phone.width, phone.height, phone.thickness, phone.mass) == PUBLISHED[key]


def test_every_preset_says_what_has_a_source_and_what_is_an_estimate():
    assert set(PUBLISHED) == set(phones())
    for phone in phones().values():
        assert phone.source, phone.key
        assert phone.estimated == ("camera", "island", "bump"), phone.key
    for ocular in oculars().values():
        assert ocular.published, ocular.key
        assert ocular.estimated == ("diameter", "eye_relief", "grip"), ocular.key


def test_what_a_file_gives_is_measured_and_the_rest_stays_an_estimate():
    phone, ocular = read_numbers(
        '[phone]\nlike = "lg-g3"\ncamera = [37, 16]\n[ocular]\ndiameter = 33\neye_relief = 14\n', "mine.toml"
    )
    assert phone.estimated == ("island", "bump")
    assert ocular.estimated == ()
    assert read_numbers('[ocular]\nlike = "zeiss-axio"\nestimated = ["grip"]\n', "a.toml")[1].estimated == ("grip",)


@pytest.mark.parametrize("wrong", ['"camera"', "[1]", '["colour"]', '["diameter"]'])
def test_an_estimate_of_what_is_no_number_is_refused(wrong):
    with pytest.raises(InputError, match="estimated"):
        read_numbers(f'[phone]\nlike = "lg-g3"\nestimated = {wrong}\n', "mine.toml")


def test_the_papers_phones_and_microscopes_are_known():
    assert {"samsung-galaxy-s5", "lg-g3"} <= set(phones())
    assert {"olympus-cx18", "olympus-cx21", "olympus-cx23", "zeiss-primo-star", "zeiss-axio"} <= set(oculars())


@pytest.mark.parametrize("phone", phones())
@pytest.mark.parametrize("ocular", oculars())
def test_every_preset_goes_with_every_other(phone, ocular):
    plan = plan_adapter(find_phone(phone), find_ocular(ocular))
    assert plan.down >= 2
    assert plan.engaged >= 10


def test_values_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        find_phone("lg-g3").width = 80


@pytest.mark.parametrize("name", LIMITS["phone"])
@pytest.mark.parametrize("end", [0, 1])
def test_a_phone_outside_its_limits_is_told_the_limit(name, end):
    least, most = LIMITS["phone"][name]
    wrong = (least - 1, most + 1)[end]
    with pytest.raises(InputError) as caught:
        Phone(**A_PHONE | {name: wrong})
    assert f"{least:g} to {most:g}" in caught.value.expected
    assert f"{wrong:g}" in caught.value.found
    assert name in str(caught.value)


@pytest.mark.parametrize("name", LIMITS["ocular"])
@pytest.mark.parametrize("wrong", [-1.0, 0.0, 1000.0, float("nan"), float("inf")])
def test_an_ocular_outside_its_limits_is_told_the_limit(name, wrong):
    with pytest.raises(InputError, match=name) as caught:
        Ocular(**{"key": "a", "name": "A", "diameter": 34.0, "eye_relief": 15.0} | {name: wrong})
    assert caught.value.hint


@pytest.mark.parametrize("camera", [(-1, 17), (80, 17), (36, 0), (36, 90), (36, float("nan"))])
def test_a_camera_beside_the_phone_is_refused(camera):
    with pytest.raises(InputError, match=r"camera|no number"):
        Phone(**A_PHONE | {"camera": camera})


def test_a_lens_outside_its_island_is_refused():
    with pytest.raises(InputError, match="outside its own island"):
        Phone(**A_PHONE | {"camera": (10.0, 17.0)})


def test_an_unknown_preset_names_the_nearest():
    with pytest.raises(NotFound) as caught:
        find_phone("galaxy-s5")
    assert "samsung-galaxy-s5" in caught.value.hint
    assert "--numbers" in caught.value.hint


def test_numbers_of_ones_own_begin_with_a_preset():
    phone, ocular = read_numbers('[phone]\nlike = "lg-g3"\nthickness = 10.9\n', "mine.toml")
    assert (phone.width, phone.thickness, ocular) == (74.6, 10.9, None)


def test_without_an_island_a_square_around_the_lens_is_left_free():
    phone, _ = read_numbers("phone = {width = 70, height = 140, thickness = 8, camera = [12, 20]}", "mine.toml")
    assert phone.island == (2, 10, 20, 20)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("phone = {", "no TOML"),
        ("", "holds no numbers"),
        ("[camera]\n", "camera means nothing"),
        ("phone = 3", "phone is no table"),
        ("[phone]\nwidht = 70\n", "phone.widht means nothing"),
        ("[phone]\nwidth = 70\n", "phone.height is missing"),
        ('[ocular]\ndiameter = "34"\neye_relief = 15\n', "ocular.diameter is no number"),
        ("[ocular]\ndiameter = true\neye_relief = 15\n", "ocular.diameter is no number"),
        ("phone = {width = 70, height = 140, thickness = 8, camera = [1]}", "phone.camera is not what it should be"),
        ('phone = {width = 70, height = 140, thickness = 8, camera = ["a", 1]}', "phone.camera is not"),
        ("[ocular]\ndiameter = 34\n", "ocular.eye_relief is missing"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_key(text, said):
    with pytest.raises(InputError) as caught:
        read_numbers(text, "mine.toml")
    assert "mine.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_misspelled_key_gets_the_right_one():
    with pytest.raises(InputError) as caught:
        read_numbers("[phone]\nwidht = 70\n", "mine.toml")
    assert caught.value.hint == "did you mean width?"


def test_like_of_an_unknown_preset_is_refused():
    with pytest.raises(NotFound):
        read_numbers('[ocular]\nlike = "leitz"\n', "mine.toml")


def test_the_numbers_of_the_page_of_the_docs_are_read():
    page = (Path(__file__).parents[2] / "docs" / "adapter.md").read_text("utf-8")
    phone, ocular = read_numbers(re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1], "docs/adapter.md")
    assert (phone.thickness, phone.width, ocular.diameter) == (10.9, 74.6, 33.4)
    plan_adapter(phone, ocular)


def test_the_table_of_the_docs_is_that_of_the_presets():
    page = (Path(__file__).parents[2] / "docs" / "adapter.md").read_text("utf-8")
    for phone in phones().values():
        size = f"{phone.width:g} × {phone.height:g} × {phone.thickness:g}"
        assert f"| `{phone.key}` | {size} | {phone.source} |" in page
    for ocular in oculars().values():
        assert f"| `{ocular.key}` | {ocular.published} | {ocular.diameter:g} | {ocular.eye_relief:g} |" in page
