"""Every row of the comparison has a source, and no count that is none."""

from __future__ import annotations

import re

import pytest

from buffycoat.errors import UnreadableFormat
from buffycoat.ingest.public_sets import public_sets
from buffycoat.publish.comparable_sets import comparable_sets, read_comparable_sets

GOOD = '[[set]]\nname = "a"\ncitation = "Nobody (2022)"\nchecked = "not at all"\n'


def test_every_row_has_its_source():
    sets = comparable_sets()
    assert len(sets) == 10
    for each in sets:
        assert re.search(r"\b(19|20)\d\d\b|github\.com/", each.citation), each.name
        assert each.doi == "" or re.fullmatch(r"10\.\d{4,9}/\S+", each.doi)
        assert each.doi or "arXiv" in each.citation
        assert len(each.checked) > 20
        assert each.year is None or 2000 < each.year < 2030
        assert each.year is None or str(each.year) in each.citation


def test_figures_are_those_of_the_other_table():
    """What two tables say of one set must be the same."""
    fetched = {each.name: each for each in public_sets()}
    compared = {each.name: each for each in comparable_sets()}
    for name, other in {
        "Double-labeled Raabin-WBC": "raabin-crops",
        "BCCD": "bccd-crops",
        "PBC (Barcelona)": "pbc",
        "AML-Cytomorphology_LMU": "aml-lmu",
        "MLL23": "mll23",
        "KU-Optofil PBC": "ku-optofil",
    }.items():
        assert compared[name].cells == fetched[other].counts["cells"], name
    for name, other in {"PBC (Barcelona)": "pbc", "BCCD": "bccd-crops", "AML-Cytomorphology_LMU": "aml-lmu"}.items():
        assert compared[name].classes == len(fetched[other].classes)
    assert compared["LISC"].cells == fetched["lisc"].counts["masks"]


def test_unknown_facts_are_nothing_and_not_guesses():
    (each,) = read_comparable_sets(GOOD)
    assert (each.cells, each.experts, each.masks, each.cameras) == (None, None, "", ())
    assert read_comparable_sets(GOOD + 'cameras = ["x", "y"]')[0].cameras == ("x", "y")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "cells = 0", "a: cells is not allowed: expected a positive whole number, found 0"),
        (GOOD + "cells = -3", "cells is not allowed"),
        (GOOD + "experts = 1.5", "experts is not allowed"),
        (GOOD + "classes = true", "classes is not allowed"),
        (GOOD + "celles = 3", "a: celles is not allowed: expected a known key"),
        (GOOD.replace("Nobody (2022)", ""), "citation is not allowed: expected a text, found nothing"),
        (GOOD.replace('citation = "Nobody (2022)"\n', ""), "citation is not allowed"),
        (GOOD + GOOD, "a name is used twice"),
        ("[[set", "cannot be read"),
    ],
)
def test_row_that_must_not_be_printed_is_refused(text, message):
    with pytest.raises(UnreadableFormat, match=re.escape(message)):
        read_comparable_sets(text)
