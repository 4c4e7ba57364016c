from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.taxonomy import ICSH, RAABIN, TAXONOMIES, Taxonomy, Term, TermKind
from buffycoat.errors import InputError, UnknownTerm
from buffycoat.report.taxonomy_tree import draw_taxonomy

SVG = "{http://www.w3.org/2000/svg}"
COUNTS = {
    "neutrophil.segmented": 9754,
    "neutrophil.band": 310,
    "lymphocyte": 184,
    "lymphocyte.small": 1795,
    "smudge": 1,
}


def drawn(taxonomy, counts=None):
    return ET.fromstring(draw_taxonomy(taxonomy, counts))


def texts(root):
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def boxes(root):
    found = []
    for group in root.findall(f"{SVG}g"):
        if group.find(f"{SVG}title") is not None:
            rect = group.find(f"{SVG}rect")
            x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("taxonomy", TAXONOMIES, ids=lambda taxonomy: taxonomy.name)
def test_every_term_stands_in_the_drawing_as_text(taxonomy):
    written = texts(drawn(taxonomy))
    assert [term.name for term in taxonomy.terms if term.name not in written] == []
    assert [term.key for term in taxonomy.terms if term.key not in written] == []
    assert [term.hotkey for term in taxonomy.terms if term.hotkey and term.hotkey not in written] == []
    assert "never a diagnosis" in " ".join(written)


def test_counts_shares_and_sums_are_right():
    written = texts(drawn(RAABIN, COUNTS))
    assert "12,044 cells, 23 terms" in written[1]
    assert "10,064 · 83.6 %" in written, "neutrophil: segmented and band"
    assert "1,979 · 16.4 % · 184 stop here" in written, "lymphocyte: small, and those whose size nobody told"
    assert {"9,754", "81.0 %", "310", "2.6 %", "1", "< 0.1 %", "0", "0.0 %"} <= set(written)
    assert "12,044 · 100.0 %" in written
    bars = [rect for rect in drawn(RAABIN, COUNTS).findall(f"{SVG}rect") if rect.get("fill-opacity")]
    lengths = [float(bar.get("width")) for bar in bars]
    assert len(bars) == 4
    assert lengths[1] / lengths[0] == pytest.approx(310 / 9754, abs=0.001)


def test_no_counts_and_no_cells_are_drawn_differently():
    assert "cells" not in texts(drawn(RAABIN))
    none = texts(drawn(RAABIN, {}))
    assert "0 · –" in none
    assert not any("%" in text for text in none)


def test_who_cannot_see_it_is_told_all_of_it():
    root = drawn(RAABIN, COUNTS)
    assert root.get("role") == "img"
    named = root.get("aria-labelledby").split()
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == named
    outline = root.find(f"{SVG}desc").text
    assert "      segmented neutrophil, leukocyte, key 5, 9,754 cells" in outline.split("\n")
    assert len(outline.split("\n")) == 1 + len(RAABIN.terms)


def test_kinds_are_told_apart_without_color():
    root = drawn(ICSH)
    signs = {}
    for group in root.findall(f"{SVG}g"):
        title = group.find(f"{SVG}title")
        if title is not None:
            key = re.search(r"\(([^()]*)\)$", title.text.split("\n")[0]).group(1)
            shape = group.find(f"{SVG}g")[0]
            plain = {name: word for name, word in shape.attrib.items() if not word.startswith("#")}
            signs.setdefault(ICSH.term(key).kind, set()).add((shape.tag, tuple(sorted(plain.items()))))
    assert all(len(each) == 1 for each in signs.values())
    assert len({next(iter(each)) for each in signs.values()}) == len(signs) == len(TermKind)


def test_same_taxonomy_same_bytes_and_nothing_from_elsewhere():
    first = draw_taxonomy(ICSH, {"blast": 1})
    assert first == draw_taxonomy(ICSH, {"blast": 1})
    assert re.findall(rb"(?:href|src|url\(|<script|<style)", first) == []


@pytest.mark.parametrize("counts", [None, {}])
@settings(max_examples=25, deadline=None)
@given(parents=st.lists(st.integers(0, 100), min_size=1, max_size=39), long=st.integers(1, 60))
def test_no_box_lies_on_another_and_all_lie_on_the_paper(counts, parents, long):
    terms = [Term(key="t0", name="root", parent=None, kind=TermKind.ROOT)]
    for i, parent in enumerate(parents, start=1):
        name = f"{'m' * long} {i}"
        terms.append(
            Term(key=f"t{i}", name=name, parent=f"t{parent % i}", kind=TermKind.OTHER_CELL, hotkey=chr(0x4E00 + i))
        )
    root = drawn(Taxonomy(name="t", version=1, terms=tuple(terms)), counts)
    _, _, width, height = (float(number) for number in root.get("viewBox").split())
    placed = boxes(root)
    assert len(placed) == len(terms)
    assert all(left >= 0 and right <= width and top >= 0 and bottom <= height for left, top, right, bottom in placed)
    for one, other in combinations(placed, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)


def test_words_that_would_break_the_drawing_do_not():
    odd = Term(key="a", name="<b> & \"c\" 'd' {}", parent=None, kind=TermKind.ROOT, morphology="x\x00\x0by ]]> \uffff")
    root = drawn(Taxonomy(name="t", version=1, terms=(odd,), notice="a < b\x07"), {"a": 3})
    assert odd.name in texts(root)


def test_counts_of_what_is_not_there_are_refused():
    with pytest.raises(UnknownTerm, match="monocyte"):
        draw_taxonomy(RAABIN, {"monocyt": 1})
    with pytest.raises(InputError, match="below 0"):
        draw_taxonomy(RAABIN, {"monocyte": -1})
