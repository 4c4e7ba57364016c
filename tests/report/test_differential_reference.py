"""A laboratory's reference intervals: what a file may say, and how what is wrong with it is told."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.taxonomy import ICSH, RAABIN
from buffycoat.errors import UnreadableFormat
from buffycoat.report.differential_reference import (
    CORRECTED_ABOVE,
    check_terms,
    example_reference,
    read_reference,
)
from buffycoat.report.differential_values import Limits

HEAD = 'laboratory = "Ours"\n'


def read(text: str):
    return read_reference(text.encode(), name="ours.toml")


def test_a_file_with_everything():
    ours = read(
        HEAD
        + 'population = "adults"\nsource = "our own, 2025"\ncorrected_above = 10\n'
        + '[percent]\nmonocyte = [2, 10.5]\n"neutrophil.band" = {high = 5}\n'
        + "[absolute]\nleukocyte = {low = 4, high = 10}\n[per_100]\nsmudge-cells = [0, 3]\n"
    )
    assert (ours.laboratory, ours.population, ours.source, ours.example) == ("Ours", "adults", "our own, 2025", False)
    assert ours.percent == {"monocyte": Limits(low=2, high=10.5), "neutrophil.band": Limits(high=5)}
    assert ours.absolute == {"leukocyte": Limits(low=4, high=10)}
    assert ours.per_100 == {"smudge-cells": Limits(low=0, high=3)}
    assert ours.corrected_above == 10
    assert read(HEAD).corrected_above == CORRECTED_ABOVE == 5


def test_the_example_says_that_it_is_one_and_names_terms_of_both_taxonomies():
    example = read(example_reference())
    assert example.example
    assert "EXAMPLE" in example.laboratory
    for taxonomy in (RAABIN, ICSH):
        check_terms(example, {term.key for term in taxonomy.terms}, name="example")


@pytest.mark.parametrize(
    ("text", "told", "expected", "found"),
    [
        ("", "ours.toml: laboratory", "whose intervals", "nothing"),
        ('laboratory = " "', "ours.toml: laboratory", "whose intervals", "' '"),
        ("laboratory = 3", "ours.toml: laboratory", "text", "3"),
        (HEAD + 'example = "yes"', "ours.toml: example", "true or false", "'yes'"),
        (HEAD + "percents = 3", "ours.toml has an unknown key", "percent", "'percents'"),
        (HEAD + "percent = 3", "ours.toml: [percent]", "a table", "3"),
        (HEAD + "[percent]\nmonocyte = 3", "[percent] 'monocyte'", "[low, high]", "3"),
        (HEAD + "[percent]\nmonocyte = [2]", "[percent] 'monocyte'", "[low, high]", "[2]"),
        (HEAD + "[percent]\nmonocyte = {}", "[percent] 'monocyte'", "[low, high]", "{}"),
        (HEAD + '[percent]\nmonocyte = ["2", 10]', "[percent] 'monocyte'", "a number", "'2'"),
        (HEAD + "[percent]\nmonocyte = [true, 10]", "[percent] 'monocyte'", "a number", "True"),
        (HEAD + "[percent]\nmonocyte = [10, 2]", "[percent] 'monocyte'", "low, then high", "[10, 2]"),
        (HEAD + "[percent]\nmonocyte = [2, 101]", "[percent] 'monocyte'", "0 to 100", "101"),
        (HEAD + "[percent]\nmonocyte = [-1, 10]", "[percent] 'monocyte'", "0 to 100", "-1"),
        (HEAD + "[percent]\nmonocyte = [nan, 10]", "[percent] 'monocyte'", "0 to 100", "nan"),
        (HEAD + "[percent]\nmonocyte = [0, inf]", "[percent] 'monocyte'", "0 to 100", "inf"),
        (HEAD + f"[absolute]\nmonocyte = [0, 1{'0' * 400}]", "[absolute] 'monocyte'", "0 to 1000", "1000"),
        (HEAD + "[percent]\nneutrophil.band = [0, 5]", "[percent] 'neutrophil'", "low or high", "'band'"),
        (HEAD + "[per_100]\nsmudges = [0, 5]", "[per_100]", "smudge-cells", "'smudges'"),
        (HEAD + "corrected_above = -2", "ours.toml: corrected_above", "0 to 1000", "-2"),
        (HEAD + "[percent\n", "ours.toml is not TOML", "TOML", "line 2"),
        (HEAD + "#" * 100_001, "ours.toml is too large", "100,000 bytes", "bytes"),
    ],
)
def test_file_key_expected_and_found_are_told(text: str, told: str, expected: str, found: str):
    with pytest.raises(UnreadableFormat) as refused:
        read(text)
    assert told in refused.value.what
    assert expected in refused.value.expected
    assert found in refused.value.found


def test_what_is_not_utf_8_is_told_with_its_line():
    with pytest.raises(UnreadableFormat, match="at line 2"):
        read_reference(HEAD.encode() + b"source = '\xff'", name="ours.toml")


def test_a_word_that_no_taxonomy_has_is_not_lost_in_silence():
    with pytest.raises(UnreadableFormat, match="names no term") as refused:
        check_terms(read(HEAD + "[absolute]\nmonocytes = [0, 1]"), {"monocyte", "basophil"}, name="ours.toml")
    assert (refused.value.expected, refused.value.found) == ("monocyte", "'monocytes'")


@given(st.text() | st.sampled_from([HEAD + "[percent]\nmonocyte = ", HEAD + "[[percent]]\n"]), st.binary(max_size=20))
def test_nothing_but_our_own_errors_comes_of_any_file(text: str, more: bytes):
    with contextlib.suppress(UnreadableFormat):
        read_reference(text.encode(errors="ignore") + more, name="any")


def test_the_docs_show_the_file_that_is_printed():
    page = Path(__file__).parents[2] / "docs" / "differential.md"
    assert f"```toml\n{example_reference()}```" in page.read_text(encoding="utf-8")
