"""The page as text: what it must say, and what it must never say alone."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser

import pytest

from buffycoat.domain.experiment import TEST_A, TEST_B
from buffycoat.report.experiment import render_experiment


class Reader(HTMLParser):
    """Headings, captions of tables, addresses, and whether every element was closed."""

    VOID = frozenset({"meta", "img", "br", "rect", "line", "circle", "path", "polyline"})

    def __init__(self) -> None:
        """Begin with nothing read."""
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {"h1": [], "h2": [], "h3": [], "caption": [], "table": []}
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in self.texts:
            self.texts[tag].append("")
        self.addresses += [told for name, told in attributes if name in {"href", "src"}]

    def handle_startendtag(self, tag, attributes):
        """Nothing is opened."""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        for tag in set(self.open) & set(self.texts):
            self.texts[tag][-1] += data


def read(page: bytes) -> Reader:
    reader = Reader()
    reader.feed(page.decode())
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def page(drawn, hand) -> bytes:
    experiment = drawn()
    pictures = {(TEST_B, cell): hand.jpeg(90) for cell in experiment.set_named(TEST_B).cells}
    return render_experiment(experiment, pictures=pictures)


def test_the_page_is_whole_and_needs_nothing_outside_itself(page):
    reader = read(page)
    assert all(address.startswith(("#", "data:")) for address in reader.addresses)
    assert re.findall(rb"https?://", page) == []
    assert b"@import" not in page
    assert b"url(" not in page


def test_its_policy_allows_its_one_script_and_no_other(page):
    (script,) = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert f"script-src 'sha256-{digest}'".encode() in page
    assert b"default-src 'none'" in page
    assert re.search(rb"\son[a-z]+=", page) is None


def test_every_link_within_the_page_leads_somewhere(page):
    text = page.decode()
    for address in read(page).addresses:
        if address.startswith("#"):
            assert f'id="{address[1:]}"' in text


def test_the_same_experiment_makes_the_same_page(drawn, hand, page):
    experiment = drawn()
    pictures = {(TEST_B, cell): hand.jpeg(90) for cell in experiment.set_named(TEST_B).cells}
    assert render_experiment(experiment, pictures=pictures) == page


def test_parts_stand_in_order_and_rows_from_scratch_say_so(page):
    reader = read(page)
    assert reader.texts["h2"] == [
        "From test-A to test-B",
        "The paper’s claims on test-A and test-B",
        "Tables in the paper’s layout",
        "Confusion: test-A",
        "Confusion: test-B",
        "Slices: test-A",
        "Slices: test-B",
        "Calibration: test-A",
        "Calibration: test-B",
        "Training by epoch, in the manner of the paper’s Figure 11",
        "Worst errors: test-A",
        "Worst errors: test-B",
        "Leaks between the sets",
        "How to get this again",
    ]
    rows = re.findall(r'<th scope="row">(ResNet18[^<]*)', page.decode())
    assert rows.count("ResNet18") == 1  # where what it began with has a column of its own
    assert set(rows) == {"ResNet18", "ResNet18 (from scratch)"}


def test_restricted_scores_never_stand_alone(page):
    captions = [caption for caption in read(page).texts["caption"] if "Table 9" in caption]
    assert len(captions) == 2
    assert "restricted" not in captions[0]
    assert "restricted" in captions[1]
    (fall,) = [table for table in read(page).texts["table"] if "loss, restricted" in table]
    assert "balanced, test-B" in fall


def test_every_accuracy_stands_beside_the_constant_and_the_balanced_one(page):
    tables = [table for table in read(page).texts["table"] if "cells, in percent" in table and "macro F1" in table]
    assert len(tables) == 2
    for table in tables:
        assert "balanced accuracy" in table
        assert table.count("constant") >= 2


def test_a_stand_in_is_in_every_heading_of_its_set(drawn):
    experiment = drawn()
    sets = [dataclasses.replace(one, stand_in="Barcelona") if one.name == TEST_B else one for one in experiment.sets]
    reader = read(render_experiment(dataclasses.replace(experiment, sets=tuple(sets))))
    told = [text for tag in ("h1", "h2", "h3", "caption") for text in reader.texts[tag] if TEST_B in text]
    assert len(told) > 15
    for text in told:
        assert text.count("stand-in for test-B: Barcelona") == text.count(TEST_B), text


def test_a_reduced_run_says_so_at_the_top_and_at_every_table_of_scores(drawn):
    text = render_experiment(drawn(reduced=("64 pixels instead of 224",))).decode()
    assert "no full-size table is claimed" in text
    assert "neither proved nor refuted by a reduced run" in text
    assert text.count("64 pixels instead of 224") > 15
    full = render_experiment(drawn()).decode()
    assert "Reduced" not in full
    assert "reduced run" not in full


@pytest.fixture
def small(hand):
    return lambda **more: hand.make([hand.make_set(TEST_A, "nnl")], [hand.make_run("vgg16", {TEST_A: "nnl"})], **more)


@pytest.mark.parametrize(
    ("leaks", "words"),
    [
        (None, "Nobody has looked for"),
        ({}, "none found"),
        ({"same-smear": 320}, "This split leaks: 320 same smear"),
    ],
)
def test_the_leaks_of_the_split_are_told(small, leaks, words):
    assert words in render_experiment(small(leaks=leaks)).decode()


def test_simulated_results_are_marked_and_names_are_escaped(small):
    text = render_experiment(small(simulated=True, command="<script>alert(1)</script>", leak_notes=("a & b",))).decode()
    assert "Simulated: drawn smears" in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "a &amp; b" in text


def test_how_to_get_it_again_is_told(page):
    text = page.decode()
    for words in ("buffycoat learn --preset paper-2022 --data DIR", "epochs = 15", "0, 1", "2 cores", "torch"):
        assert words in text


def test_a_class_that_one_smear_holds_alone_is_named(hand):
    sets = [hand.make_set(TEST_A, "nnnnll", per_group=2)]
    text = render_experiment(hand.make(sets, [hand.make_run("vgg16", {TEST_A: "nnnnll"})])).decode()
    assert (
        "whole smears were drawn (3 of them, 6 cells). So few make a rough interval. All lymphocyte cells are of"
        in text
    )


def test_where_the_set_away_has_every_class_nothing_is_restricted(hand):
    sets = [hand.make_set(name, "belmn") for name in (TEST_A, TEST_B)]
    text = render_experiment(hand.make(sets, [hand.make_run("vgg16", {TEST_A: "belmn", TEST_B: "nelmb"})])).decode()
    assert "estricted" not in text.partition("<body>")[2]
    assert 'class="mark open"' not in text


def test_an_experiment_with_one_test_set_or_one_class_or_no_probabilities_still_has_a_page(hand):
    svm = hand.make_run("features-svm", {TEST_A: "nn-n"}, kind="features")
    text = render_experiment(hand.make([hand.make_set(TEST_A, "nnnn", per_group=4)], [svm])).decode()
    assert "nothing is known of a fall" in text
    assert "smears were drawn" not in text
    assert "single cells were drawn (4), since all are of one smear" in text
    assert "there are no curves" in text
    empty = hand.make([hand.make_set(TEST_A, "")], [hand.make_run("vgg16", {TEST_A: ""})])
    assert "No model has answered a test set." in render_experiment(empty).decode()
