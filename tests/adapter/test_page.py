"""The page in both languages."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from buffycoat.adapter import find_ocular, find_phone, plan_adapter
from buffycoat.adapter.checks import Check
from buffycoat.adapter.page import COUNTS, LANGUAGES, PartRow, adapter_words, write_page
from buffycoat.adapter.screws import count_screws, screws_of

PLAN = plan_adapter(find_phone("lg-g3"), find_ocular("zeiss-primo-star"))
ROWS = [
    PartRow(name=name, count=count, volume=10_000.0, extent=(10.0, 20.0, 30.0), digest="ab")
    for name, count in COUNTS.items()
]
CHECKS = [
    *[
        Check(name=name, part=row.name, limit="1", found="2", holds=True)
        for row in ROWS
        for name in ("manifold", "bed", "overhang", "wall")
    ],
    Check(name="gap", part="clamp to sleeve", limit="1", found="2", holds=True),
    Check(name="axis", part="", limit="1", found="2", holds=False),
]


class Text(HTMLParser):
    """The words of a page, and whether every element that is opened is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.told = [], []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 (what a parser calls)
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.told.append(data)


def shape(words):
    """Keys, lengths of lists, and the names in braces."""
    if isinstance(words, dict):
        return {key: shape(held) for key, held in words.items()}
    if isinstance(words, list):
        return [shape(held) for held in words]
    return sorted(set(re.findall(r"\{(\w+)\}", words)) - {"lens"})


def test_persian_says_what_english_says():
    assert shape(adapter_words("fa")) == shape(adapter_words("en"))
    assert all(re.search("[آ-ی]", text) for text in (*adapter_words("fa")["steps"], *adapter_words("fa")["use"]))


def test_every_part_and_screw_has_words():
    for language in LANGUAGES:
        words = adapter_words(language)
        assert set(COUNTS) <= set(words["parts"])
        assert set(COUNTS) == set(words["beds"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole(language):
    page = write_page(PLAN, ROWS, CHECKS, language=language).decode()
    read = Text()
    read.feed(page)
    assert read.open == []
    words = adapter_words(language)
    assert f'dir="{words["dir"]}"' in page
    told = " ".join(read.told)
    for length, count in count_screws(PLAN).items():
        assert f"M3×{length}" in told, count
    assert re.findall(r"\{\w+\}", page) == []
    assert words["fails"] in told
    assert "LG G3" in told
    assert (f"{PLAN.top:.1f}" if language == "en" else "۵٫۵") in told
    assert ("≈\u00a037" if language == "en" else "≈\u00a0۳۷") in told
    assert set(re.findall(r'src="([^"]+)"', page)) == {
        f"{name}.png" for name in (*COUNTS, "assembled", "below", "exploded")
    }
    assert "<script" not in page
    assert "http" not in page


def test_masses_are_volume_by_density():
    assert ROWS[0].mass("PLA") == pytest.approx(12.4)
    assert ROWS[0].mass("PETG") == pytest.approx(12.7)


def test_three_knobs_for_three_screws_with_knob():
    assert COUNTS["knob"] == sum(screw.knob for screw in screws_of(PLAN))


def test_measured_numbers_have_no_mark_and_no_warning():
    phone = dataclasses.replace(PLAN.phone, estimated=())
    plan = plan_adapter(phone, dataclasses.replace(PLAN.ocular, estimated=()))
    page = write_page(plan, ROWS, CHECKS, language="en").decode()
    assert "≈" in write_page(PLAN, ROWS, CHECKS, language="en").decode()
    assert "≈" not in page
    assert "the clamp closes on 36.5 to 37.5 mm" in page


def test_the_page_says_whether_all_checks_hold():
    assert "some FAIL" in write_page(PLAN, ROWS, CHECKS, language="en").decode()
    held = [check for check in CHECKS if check.holds]
    assert f"{len(held)} checks; all hold" in write_page(PLAN, ROWS, held, language="en").decode()


def test_parts_have_links_to_their_files():
    page = write_page(PLAN, ROWS, CHECKS, language="fa").decode()
    for name in COUNTS:
        for kind in ("3mf", "stl", "step"):
            assert f'href="{name}.{kind}"' in page


def test_a_phone_to_the_left_goes_on_the_left_ocular():
    plan = plan_adapter(find_phone("iphone-15-pro"), find_ocular("zeiss-primo-star"))
    assert "take the left one" in write_page(plan, ROWS, CHECKS, language="en").decode()
    assert "take either" in write_page(PLAN, ROWS, CHECKS, language="en").decode()
