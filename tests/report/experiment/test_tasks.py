"""Detection and segmentation in the report, from values counted by hand."""

from __future__ import annotations

import re

import pytest

from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.experiment import TEST_A
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.metrics.boundaries import BoundaryDistances
from buffycoat.metrics.intervals import wilson
from buffycoat.metrics.mask_pairs import PairScore, pair_figures
from buffycoat.report import SegmentationPart, detection_part, find, render_findings


def seen(x: int, score: float) -> Detection:
    box = Box.around(x, 50, 20)
    return Detection(extent=box, box=box, score=score, found_by=FoundBy.NETWORK)


TRUTH = [[Box.around(50, 50, 20)], [Box.around(50, 50, 20), Box.around(150, 50, 20)], [Box.around(50, 50, 20)]]
# Field 0: found. Field 1: one found, one not sure enough, one where nothing is. Field 2: found beside its place.
FOUND = [[seen(50, 0.9)], [seen(50, 0.8), seen(150, 0.2), seen(250, 0.7)], [seen(58, 0.9)]]


def test_cells_found_are_counted_by_overlap_and_by_center():
    part = detection_part(TRUTH, FOUND, label="net", heading="fields", least_score=0.5)
    assert (part.fields, part.report.boxes.true_count) == (3, 4)
    assert part.recall.value == 2 / 4
    assert part.center_recall.value == 3 / 4
    assert part.ap50.interval[0] <= part.ap50.value <= part.ap50.interval[1]
    assert part.recall.interval == (0.0, 1.0)
    assert len(part.report.missed) == 2


def test_all_cells_found_have_the_interval_of_wilson():
    part = detection_part(TRUTH, [[seen(50, 0.9)], [seen(50, 0.8), seen(150, 0.9)], [seen(50, 0.9)]],
                          label="net", heading="f", least_score=0.5)  # fmt: skip
    assert (part.recall.value, part.recall.interval) == (1.0, wilson(4, 4))
    assert (part.ap50.value, part.ap50.interval) == (1.0, None)


def test_fields_of_one_smear_have_no_interval_and_groups_must_fit():
    part = detection_part(TRUTH, FOUND, label="net", heading="f", least_score=0.5, groups=["s"] * 3, unit="smear")
    assert (part.recall.value, part.recall.interval) == (0.5, None)
    with pytest.raises(InputError, match="not one group a field"):
        detection_part(TRUTH, FOUND, label="net", heading="f", least_score=0.5, groups=["s"])


@pytest.fixture
def findings(hand):
    return find(hand.make([hand.make_set(TEST_A, "nnll")], [hand.make_run("vgg16", {TEST_A: "nnll"})]))


def test_the_page_tells_what_was_found_and_keeps_silent_on_what_cannot_be_known(findings):
    told = [detection_part(TRUTH, FOUND, label="net", heading=name, least_score=0.5, exhaustive=name == "all")
            for name in ("all", "some")]  # fmt: skip
    text = render_findings(findings, detection=told).decode()
    rows = re.findall(r'<tr><th scope="row">net</th>(.*?)</tr>', text)
    assert len(rows) == 2
    assert "not told" not in rows[0]
    assert "not told" in rows[1]
    assert "50.0<small>0.0–100.0</small>" in rows[0]
    assert 'href="#detection"' in text
    assert "average precision is too low" in text


def test_the_page_tells_masks_by_class_with_the_failed_among_them(findings):
    far = BoundaryDistances(mean=2.0, hausdorff_95=4.0, hausdorff=5.0)
    scores = [
        PairScore(group="a", dice=0.9, iou=0.8, failed=False, pixels=far, micrometers=None),
        PairScore(group="b", dice=0.0, iou=0.0, failed=True, pixels=None, micrometers=None),
    ]
    part = SegmentationPart(
        label="best",
        heading="beside anna",
        part="nucleus",
        by_class={"": pair_figures(scores, seed=0), "monocyte": pair_figures(scores[:1], seed=0)},
    )
    text = render_findings(findings, segmentation=[part], left_out=["Detection: no photographs with boxes."]).decode()
    every, monocyte = re.findall(r'<tr><th scope="row">best</th>(.*?)</tr>', text)
    assert "<td>nucleus</td><td>all</td>" in every
    assert '<td class="n">2</td><td class="n">1</td>' in every
    assert "45.0<small>0.0–90.0</small>" in every
    assert "90.0</td>" in monocyte
    assert "2.00</td>" in every
    assert "Detection: no photographs with boxes." in text
