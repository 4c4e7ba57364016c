from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.detect.color_filter import DEFAULT_FILTER
from buffycoat.detect.filter_file import ColorFilter
from buffycoat.errors import InputError, UnreadableFormat

NUMBERS = st.floats(-1e6, 1e6)


@given(
    weights=st.tuples(NUMBERS, NUMBERS, NUMBERS),
    bias=NUMBERS,
    prior=st.floats(0.001, 0.999),
    origin=st.text(max_size=40),
    images=st.integers(0, 10**6),
)
def test_a_filter_comes_back_from_its_file(**facts: object):
    made = ColorFilter(**facts, fitted_at="2026-05-01")
    assert ColorFilter.from_json(made.to_json()) == made
    assert ColorFilter.from_json(made.to_json().encode()) == made


def changed(**entries: object) -> str:
    record = json.loads(DEFAULT_FILTER.to_json())
    return json.dumps({**record, **entries})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "ward.json is no JSON"),
        (b"\xff\xfe\x00", "ward.json is no JSON"),
        ("[" * 20_000, "ward.json is no JSON"),
        (" " * 70_000, "at most 65,536 bytes"),
        ("[1]", "expected an object, found list"),
        ('{"Cell_0": {}}', "found no such key"),
        (changed(format="another"), "found 'another'"),
        (changed(version=2), "another version"),
        (changed(weights=[1, 2, 3]), "'weights'"),
        (changed(weights={"red": 1, "green": 2}), "'blue' is missing"),
        (changed(weights={"red": 1, "green": 2, "blue": True}), "'blue'"),
        (changed(bias="much"), "'bias'"),
        (changed(bias=float("nan")), "'bias'"),
        (changed(prior=1), "'prior'"),
        (changed(origin=None), "'origin'"),
        (changed(counts={"images": -1, "boxes": 0, "sources": 0}), "'images'"),
        (changed(more=1), "unknown key"),
    ],
)
def test_a_foreign_or_damaged_file_is_refused_with_its_key(text: str | bytes, says: str):
    with pytest.raises(UnreadableFormat) as caught:
        ColorFilter.from_json(text, name="ward.json")
    assert str(caught.value).startswith("ward.json")
    assert says in str(caught.value)


@pytest.mark.parametrize("weights", [(1.0, float("inf"), 0.0), (1.0, 2.0)])
def test_weights_are_three_numbers(weights: tuple[float, ...]):
    with pytest.raises(InputError):
        ColorFilter(weights=weights, bias=0.0)


def test_the_default_filter_says_what_it_was_fitted_on():
    assert "Raabin" in DEFAULT_FILTER.origin
    assert DEFAULT_FILTER.sources == 3
