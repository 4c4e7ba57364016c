"""Splits and leaks on Raabin-WBC's own crops and label files."""

from __future__ import annotations

import csv
import json
import zipfile
from collections import Counter
from datetime import datetime

import pytest

from buffycoat.clean import group_duplicates
from buffycoat.domain.geometry import Box
from buffycoat.errors import SplitLeak
from buffycoat.imaging.codecs import read_rgb
from buffycoat.publish.confounding import Confounding, confounded
from buffycoat.publish.leaks import LeakCell, leak_lines, leak_report, refuse_leaks, shown_together
from buffycoat.publish.overlaps import overlapping_boxes
from buffycoat.publish.splits import RULES, SplitCell, film_split, split_of

REPEATS = "pairs-of-repeated-cells"
SEEDS = range(12)


def taken_at(name):
    return datetime.strptime(name[:15], "%Y%m%d_%H%M%S")  # noqa: DTZ007 (the phone wrote no time zone)


def crop_cell(row):
    """A row of labels.csv. Only crops that are found in a label file have a box and, but for basophils, a time."""
    own_time = row["film_id"] == "CML basophil series"
    return LeakCell(
        cell_id=row["file"],
        smear_id=row["film_id"],
        subject=None,
        photograph=row["photo"],
        box=Box(
            **{
                side: int(row[key])
                for side, key in zip(("left", "top", "right", "bottom"), ("x1", "y1", "x2", "y2"), strict=True)
            }
        )
        if row["x1"]
        else None,
        taken_at=taken_at(row["file"]) if own_time else taken_at(row["json"]) if row["json"] else None,
        label=row["label"],
        setup="Olympus CX18 / Samsung Galaxy S5",
    )


def split_cells(cells):
    return [
        SplitCell(cell_id=c.cell_id, smear_id=c.smear_id, subject=c.subject, setup=c.setup, label=c.label)
        for c in cells
    ]


@pytest.fixture(scope="module")
def crops(data):
    with (data / "raabin_crops" / "labels.csv").open(newline="") as file:
        return [crop_cell(row) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def known(data):
    """The pairs that show one cell, found by other means and looked at one by one."""
    with (data / "raabin_crops" / "duplicate_pairs.csv").open(newline="") as file:
        return {frozenset((row["a"], row["b"])) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def repeats(data, crops):
    """The pairs that our own search finds among all crops, across films."""
    pixels = [read_rgb(data / "raabin_crops" / "crops" / cell.label / cell.cell_id) for cell in crops]
    return [
        (crops[group[0]].cell_id, crops[other].cell_id) for group in group_duplicates(pixels) for other in group[1:]
    ]


def across(plan, crops, pairs):
    film = {cell.cell_id: cell.smear_id for cell in crops}
    return {pair for pair in pairs if len({split_of(plan, name, film[name]) for name in pair}) == 2}


def test_our_search_finds_the_known_repeats_and_no_other(repeats, known):
    assert len(known) == 11
    assert {frozenset(pair) for pair in repeats} == known


def test_a_random_split_shows_the_known_repeats_that_fall_on_both_sides(crops, known, repeats):
    found = []
    for seed in SEEDS:
        plan = RULES["random"](split_cells(crops), seed=seed)
        report = leak_report(plan, crops, repeats=repeats)
        expected = across(plan, crops, known)
        assert report.counts().get(REPEATS, 0) == len(expected)
        for example in report.leaks[-1].examples:
            assert frozenset(place.split(" in ")[0] for place in example.split(" and ")) in expected
        with pytest.raises(SplitLeak, match="shared films"):
            refuse_leaks(report)
        found.append(len(expected))
    assert max(found) >= 3


def test_the_film_split_shows_those_that_cross_films_and_film_strict_none(crops, known, repeats):
    film = {cell.cell_id: cell.smear_id for cell in crops}
    crossing = {pair for pair in known if len({film[name] for name in pair}) == 2}
    assert {frozenset(film[name] for name in pair) for pair in crossing} == {frozenset(("95-5-4-1", "95-5-5-1"))}
    assert len(crossing) == 5
    together = shown_together(crops, repeats=repeats)
    parted = 0
    for seed in SEEDS:
        plan = film_split(split_cells(crops), seed=seed)
        counts = leak_report(plan, crops, repeats=repeats).counts()
        expected = across(plan, crops, crossing)
        assert len(expected) in {0, 5}
        assert counts == ({REPEATS: 5} if expected else {})
        parted += bool(expected)

        strict = RULES["film-strict"](split_cells(crops), seed=seed, together=together)
        report = leak_report(strict, crops, repeats=repeats)
        assert report.counts() == {}
        refuse_leaks(report)
        on_test_side = {name for pair in expected for name in pair if plan.assignment[film[name]] == "test-A"}
        assert set(strict.removed) == on_test_side
    assert parted > 0


def test_the_film_split_cannot_part_a_class_of_one_film(crops):
    plan = film_split(split_cells(crops))
    sides = {
        label: {split_of(plan, c.cell_id, c.smear_id) for c in crops if c.label == label}
        for label in ("neutrophil", "basophil", "lymphocyte", "monocyte", "eosinophil")
    }
    assert sides == {
        "neutrophil": {"train"},
        "basophil": {"train"},
        "lymphocyte": {"train", "test-A"},
        "monocyte": {"train", "test-A"},
        "eosinophil": {"train", "test-A"},
    }


def test_classes_of_one_film_are_warned_of(crops):
    assert [warning.line for warning in confounded(crops)] == [
        "basophil: all cells (70) are from one film, CML basophil series, and no other class is",
        "lymphocyte: 38 of 70 cells (54 %) are from film 95-7-24-2",
        "monocyte: 41 of 70 cells (59 %) are from film 95-8-10-1",
        "neutrophil: all cells (70) are from one film, 95-8-3-1",
    ]


@pytest.fixture(scope="module")
def fields(data):
    """The cells of each label file, labeled where both experts give the same word."""
    read = {}
    with zipfile.ZipFile(data / "raabin_json" / "first_microscope_jsons.zip") as archive:
        for name in archive.namelist():
            record = json.loads(archive.read(name))
            stem = name.rsplit("/", 1)[-1].removesuffix(".json")
            read[stem] = [
                LeakCell(
                    cell_id=f"{stem}/{key}",
                    smear_id=record["Film ID"],
                    subject=None,
                    photograph=stem,
                    box=Box(left=int(cell["x1"]), top=int(cell["y1"]), right=int(cell["x2"]), bottom=int(cell["y2"])),
                    taken_at=taken_at(stem),
                    label=cell["Label1"] if cell["Label1"] == cell["Label2"] else None,
                    setup="Olympus CX18 / Samsung Galaxy S5",
                )
                for key, cell in record.items()
                if isinstance(cell, dict)
            ]
    return read


def test_boxes_of_raabin_overlap_as_counted_before(data, fields):
    boxes = [[cell.box for cell in cells] for cells in fields.values()]
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    assert (len(boxes), sum(map(len, boxes))) == (17_769, 36_624)
    above = overlapping_boxes(boxes, iou=0.5)
    assert above == stats["same_photo_box_pairs_iou_gt_0_5"] == 405
    assert overlapping_boxes(boxes) - above == 14_194


def test_most_agreed_eosinophils_are_of_one_film(fields):
    warnings = confounded(cell for cells in fields.values() for cell in cells)
    assert [warning.line for warning in warnings] == [
        "Band: 193 of 310 cells (62 %) are from film 95-8-27-1",
        "Eosinophil: 1,069 of 1,466 cells (73 %) are from film 95-8-27-1",
        "Meta: 9 of 11 cells (82 %) are from film 95-8-27-1",
        "NRBC: all cells (1) are from one film, 95-8-8-1",
    ]


def test_the_film_split_of_all_raabin_leaks_nothing_and_keeps_the_shares(fields):
    classes = {"Neutrophil", "Large Lymph", "Small Lymph", "Monocyte", "Eosinophil"}
    cells = [cell for cells in fields.values() for cell in cells if cell.label in classes]
    plan = film_split(split_cells(cells))
    report = leak_report(plan, cells, repeats=None)
    assert leak_lines(report) == [
        "no leak was found",
        "not checked: 56 of 56 films name no person, who may be on two sides",
        "not checked: whether a cell was photographed twice",
    ]
    total = Counter(cell.label for cell in cells)
    tested = Counter(cell.label for cell in cells if split_of(plan, cell.cell_id, cell.smear_id) == "test-A")
    shares = {label: tested[label] / total[label] for label in classes}
    # One film of eosinophils holds 73 % of them: it stays in train, and test-A is left with some of the others.
    assert 0.05 < shares.pop("Eosinophil") < 0.27
    assert all(0.25 < share < 0.4 for share in shares.values())


def test_a_warning_is_made_for_persons_and_set_ups_too():
    def cell(cell_id, smear, subject, label, setup):
        return LeakCell(
            cell_id=cell_id,
            smear_id=smear,
            subject=subject,
            photograph=None,
            box=None,
            taken_at=None,
            label=label,
            setup=setup,
        )

    cells = [
        cell("c1", "s1", "p1", "basophil", "A"),
        cell("c2", "s2", "p1", "basophil", "A"),
        cell("c3", "s3", "p2", "monocyte", "A"),
        cell("c4", "s4", "p3", "monocyte", "B"),
        cell("c5", "s3", "p2", None, "A"),
        cell("c6", "s5", "p4", "eosinophil", "B"),
    ]
    assert confounded(cells) == (
        Confounding(label="basophil", kind="person", name="p1", cells=2, total=2, exclusive=True),
        Confounding(label="basophil", kind="set-up", name="A", cells=2, total=2),
        Confounding(label="eosinophil", kind="film", name="s5", cells=1, total=1, exclusive=True),
        Confounding(label="eosinophil", kind="set-up", name="B", cells=1, total=1),
    )
    assert [warning.line for warning in confounded(cells[2:3])] == [
        "all cells (1) are from one film, s3: they show nothing of any other"
    ]
    assert confounded([]) == ()
