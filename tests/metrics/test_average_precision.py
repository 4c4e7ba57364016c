"""Average precision is that of COCO."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.metrics.average_precision import (
    COCO_THRESHOLDS,
    average_precision,
    corners,
    overlap_matrix,
    threshold_of_best_f1,
)


def fields(rng, count):
    """Random fields: true boxes, and found ones that are shaken copies, doubles and strangers."""
    truth, found, scores = [], [], []
    for _ in range(count):
        start = rng.uniform(0, 200, (rng.integers(0, 5), 2))
        true = np.concatenate([start, start + rng.uniform(20, 80, start.shape)], axis=1)
        copies = np.repeat(true, rng.integers(0, 3, len(true)), axis=0)
        start = rng.uniform(0, 200, (rng.integers(0, 3), 2))
        strange = np.concatenate([start, start + rng.uniform(20, 80, start.shape)], axis=1)
        seen = np.concatenate([copies + rng.normal(0, 5, copies.shape), strange])
        truth.append(true)
        found.append(seen)
        scores.append(rng.random(len(seen)).round(1 if rng.random() < 0.3 else 6))
    return truth, found, scores


def by_pycocotools(truth, found, scores):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def wide(box):
        return [box[0], box[1], box[2] - box[0], box[3] - box[1]]

    with contextlib.redirect_stdout(io.StringIO()):
        real = COCO()
        real.dataset = {
            "images": [{"id": number + 1} for number in range(len(truth))],
            "categories": [{"id": 1}],
            "annotations": [
                {
                    "id": 1000 * number + place + 1,
                    "image_id": number + 1,
                    "category_id": 1,
                    "bbox": wide(box),
                    "area": 1.0,
                    "iscrowd": 0,
                }
                for number, boxes in enumerate(truth)
                for place, box in enumerate(boxes.tolist())
            ],
        }
        real.createIndex()
        seen = real.loadRes(
            [
                {"image_id": number + 1, "category_id": 1, "bbox": wide(box), "score": float(score)}
                for number, (boxes, sure) in enumerate(zip(found, scores, strict=True))
                for box, score in zip(boxes.tolist(), sure, strict=True)
            ]
        )
        run = COCOeval(real, seen, "bbox")
        run.params.areaRng, run.params.areaRngLbl = [[-1, 1e10]], ["all"]
        run.evaluate()
        run.accumulate()
    return run.eval["precision"][:, :, 0, 0, -1].mean(axis=1)


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_those_of_pycocotools(seed):
    truth, found, scores = fields(np.random.default_rng(seed), 30)
    peer = by_pycocotools(truth, found, scores)
    ours = average_precision(truth, found, scores)
    assert np.abs(np.array(ours.by_threshold) - peer).max() < 1e-6
    assert abs(ours.ap50 - peer[0]) < 1e-6
    assert abs(ours.ap75 - peer[5]) < 1e-6
    assert abs(ours.ap50_95 - peer.mean()) < 1e-6
    assert 0.05 < ours.ap50_95 < 0.95


def test_more_than_a_hundred_boxes_of_a_field_count_as_pycocotools_counts_them():
    rng = np.random.default_rng(1)
    start = rng.uniform(0, 900, (150, 2))
    true = np.concatenate([start, start + 30], axis=1)
    truth, found, scores = [true], [true + rng.normal(0, 2, true.shape)], [rng.random(150)]
    peer = by_pycocotools(truth, found, scores)
    assert np.abs(np.array(average_precision(truth, found, scores).by_threshold) - peer).max() < 1e-6


def test_a_known_answer_by_hand():
    # two cells; the surest box is wrong, the next two are right: precision 1/2 at recall 1/2, 2/3 at recall 1
    cell, other, wrong = [0, 0, 10, 10], [50, 50, 60, 60], [80, 80, 90, 90]
    score = average_precision([np.array([cell, other])], [np.array([wrong, cell, other])], [np.array([0.9, 0.8, 0.7])])
    assert score.ap50 == pytest.approx(2 / 3)
    assert (score.true_count, score.found_count) == (2, 3)


def test_a_second_box_of_a_cell_is_false():
    cell = [0, 0, 10, 10]
    one = average_precision([np.array([cell, [50, 50, 60, 60]])], [np.array([cell])], [np.array([0.9])])
    two = average_precision([np.array([cell])], [np.array([cell, cell])], [np.array([0.9, 0.8])])
    assert one.ap50 == pytest.approx(51 / 101)  # recalls 0 to 0.5 are reached
    assert two.ap50 == 1.0  # the double comes after all cells are found, so costs nothing


def test_nothing_true_is_undefined_and_nothing_found_is_zero():
    none, box = np.empty((0, 4)), np.array([[0.0, 0, 10, 10]])
    assert average_precision([none], [box], [np.array([0.5])]).ap50 is None
    assert average_precision([box], [none], [np.empty(0)]).ap50_95 == 0.0
    assert average_precision([], [], []).ap50 is None


def test_lists_of_different_lengths_are_refused():
    box = np.array([[0.0, 0, 10, 10]])
    with pytest.raises(InputError, match="not of the same fields"):
        average_precision([box], [], [])
    with pytest.raises(InputError, match="field 0: boxes without scores"):
        average_precision([box], [box], [np.array([0.5, 0.6])])


def test_the_threshold_of_the_best_f1_parts_right_from_wrong():
    cell, other, wrong = [0, 0, 10, 10], [50, 50, 60, 60], [80, 80, 90, 90]
    best = threshold_of_best_f1(
        [np.array([cell, other])], [np.array([cell, other, wrong])], [np.array([0.9, 0.6, 0.2])]
    )
    assert best == pytest.approx(0.4)
    assert threshold_of_best_f1([np.empty((0, 4))], [np.array([cell])], [np.array([0.3])]) is None


integer_boxes = st.builds(
    lambda left, top, width, height: Box(left=left, top=top, right=left + width, bottom=top + height),
    st.integers(-20, 60), st.integers(-20, 60), st.integers(1, 60), st.integers(1, 60),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(integer_boxes, max_size=4), st.lists(integer_boxes, max_size=4))
def test_overlaps_are_those_of_boxes(one, other):
    expected = np.array([[a.iou(b) for b in other] for a in one]).reshape(len(one), len(other))
    assert np.allclose(overlap_matrix(corners(one), corners(other)), expected)


def test_ten_thresholds():
    assert COCO_THRESHOLDS[0] == 0.5
    assert len(COCO_THRESHOLDS) == 10
    assert COCO_THRESHOLDS[-1] == pytest.approx(0.95)
