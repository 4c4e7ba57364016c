"""What is told of a detector agrees with a count by hand."""

from __future__ import annotations

import pytest

from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.metrics.detection import Miss, report_detections


def seen(x: int, y: int, side: int, score: float | None) -> Detection:
    return Detection(extent=Box.around(x, y, side), box=Box.around(x, y, 46), score=score, found_by=FoundBy.NETWORK)


def test_hits_misses_ill_fitting_and_extra_boxes_are_told_apart():
    truth = [[Box.around(50, 50, 20), Box.around(100, 50, 20)], [Box.around(50, 50, 20)], []]
    found = [
        [seen(51, 50, 20, 0.9), seen(100, 50, 10, 0.8)],  # the second is too small: its center is right
        [seen(50, 50, 20, 0.2), seen(150, 50, 20, 0.7)],  # right but not sure; sure but wrong
        [],
    ]
    report = report_detections(truth, found, least_score=0.5)
    assert (report.boxes.hit_count, report.boxes.found_count, report.boxes.true_count) == (1, 3, 3)
    assert (report.centers.hit_count, report.centers.recall) == (2, pytest.approx(2 / 3))
    assert report.missed == (
        Miss(field=0, cell=1, best_overlap=0.25, center_found=True),
        Miss(field=1, cell=0, best_overlap=0.0, center_found=False),
    )
    assert report.extra == ((1, 1),)
    # by falling score: right, too small, wrong, right; precisions 1 and 2/4 at recalls 1/3 and 2/3
    assert report.precision.ap50 == pytest.approx((34 * 1 + 33 * 0.5) / 101)


def test_a_box_drawn_by_a_person_is_surest():
    truth = [[Box.around(50, 50, 20)]]
    report = report_detections(truth, [[seen(50, 50, 20, None), seen(90, 50, 20, 0.99)]], least_score=1.0)
    assert report.precision.ap50 == 1.0
    assert report.extra == ()


def test_no_field_gives_undefined_figures_and_other_fields_are_refused():
    report = report_detections([], [], least_score=0.5)
    assert (report.precision.ap50, report.boxes.recall, report.missed) == (None, None, ())
    with pytest.raises(InputError, match="of other fields"):
        report_detections([[]], [], least_score=0.5)
