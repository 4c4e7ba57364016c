from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.metrics.matching import match_boxes, match_centers, score_matchings

BOXES = st.lists(
    st.builds(Box.around, st.integers(0, 20), st.integers(0, 20), st.integers(4, 12)), max_size=4, unique=True
)


def test_pairs_missed_and_extra():
    truth = [Box.around(10, 10, 8), Box.around(40, 40, 8)]
    found = [Box.around(80, 80, 8), Box.around(11, 10, 8)]
    matching = match_boxes(truth, found)
    assert (matching.pairs, matching.missed, matching.extra) == (((0, 1),), (1,), (0,))
    assert matching.ious == (56 / 72,)
    score = score_matchings([matching])
    assert (score.recall, score.precision, score.mean_iou) == (0.5, 0.5, 56 / 72)
    assert (score.true_count, score.found_count, score.hit_count) == (2, 2, 1)


def test_two_found_boxes_on_one_cell_count_once():
    matching = match_boxes([Box.around(10, 10, 8)], [Box.around(11, 10, 8), Box.around(10, 10, 8)])
    assert (matching.pairs, matching.extra) == (((0, 1),), (0,))


def test_the_best_pair_is_given_up_for_a_second_pair():
    truth = [Box(left=0, top=0, right=10, bottom=10), Box(left=4, top=0, right=14, bottom=10)]
    found = [Box(left=3, top=0, right=13, bottom=10), Box(left=9, top=0, right=19, bottom=10)]
    # greedily, truth 1 takes found 0 (0.82) and truth 0 goes without
    assert match_boxes(truth, found, threshold=0.3).pairs == ((0, 0), (1, 1))


def test_a_center_in_the_true_box_is_a_hit_whatever_the_sizes():
    truth = [Box.around(50, 50, 40)]
    assert match_centers(truth, [Box.around(60, 45, 4)]).pairs == ((0, 0),)
    assert match_centers(truth, [Box.around(75, 50, 40)]).pairs == ()


def test_nothing_there_or_nothing_found():
    box = Box.around(5, 5, 4)
    for match in (match_boxes, match_centers):
        assert match([], []).pairs == ()
        assert match([box], []).missed == (0,)
        assert match([], [box]).extra == (0,)
    empty = score_matchings([])
    assert (empty.recall, empty.precision, empty.mean_iou) == (None, None, None)
    assert score_matchings([match_boxes([box], [])]).precision is None


def test_scores_are_pooled_over_fields():
    box = Box.around(5, 5, 4)
    score = score_matchings([match_boxes([box], [box]), match_boxes([box, Box.around(30, 5, 4)], [])])
    assert (score.recall, score.precision) == (1 / 3, 1.0)


@given(BOXES, BOXES, st.sampled_from([0.1, 0.3, 0.5]))
def test_no_pairing_has_more_pairs_or_as_many_with_more_overlap(truth, found, threshold):
    def worth(pairs):
        ious = [truth[row].iou(found[column]) for row, column in pairs]
        ious = [iou for iou in ious if iou >= threshold]
        return len(ious), sum(ious)

    matching = match_boxes(truth, found, threshold=threshold)
    assert {row for row, _ in matching.pairs} | set(matching.missed) == set(range(len(truth)))
    assert {column for _, column in matching.pairs} | set(matching.extra) == set(range(len(found)))
    short, long = sorted((len(truth), len(found)))
    best = max(
        worth([(a, b) if len(truth) <= len(found) else (b, a) for a, b in zip(range(short), order, strict=True)])
        for order in permutations(range(long), short)
    )
    assert (len(matching.pairs), sum(matching.ious)) == pytest.approx(best)
