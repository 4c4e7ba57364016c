"""Each laboratory is left out once, and what has no answer is an error."""

from __future__ import annotations

import pytest

from buffycoat.errors import InputError, TooFew
from buffycoat.learn.laboratories import judge_unseen, leave_one_out

TERMS = ("basophil", "lymphocyte", "monocyte")


def test_every_laboratory_is_left_out_once_and_never_learned_from():
    folds = leave_one_out(["b", "a", "b", "c"])
    assert [(fold.name, fold.train, fold.test) for fold in folds] == [
        ("a", (0, 2, 3), (1,)),
        ("b", (1, 3), (0, 2)),
        ("c", (0, 1, 2), (3,)),
    ]


def test_a_cell_of_unknown_origin_is_refused():
    with pytest.raises(InputError, match="none for 1 of 3"):
        leave_one_out(["a", None, "b"])


def test_one_laboratory_alone_leaves_nothing_to_learn_from():
    with pytest.raises(TooFew):
        leave_one_out(["a", "a"])


def test_small_classes_do_not_count_but_their_cells_still_can_be_taken_wrongly():
    truth = ["lymphocyte"] * 10 + ["monocyte"] * 8 + ["basophil"] * 2
    said = ["lymphocyte"] * 9 + ["basophil"] + ["monocyte"] * 6 + [None, "not-leukocyte"] + ["basophil"] * 2
    found = judge_unseen("x", truth, said, terms=TERMS, groups=range(20))
    assert found.judged == ("lymphocyte", "monocyte")
    assert found.balanced_accuracy == pytest.approx((9 / 10 + 6 / 8) / 2)
    assert found.all_classes == pytest.approx((9 / 10 + 6 / 8 + 1) / 3)
    assert (found.cells, found.unanswered) == (20, 2)
    assert found.confusion == ((2, 0, 0, 0), (1, 9, 0, 0), (0, 0, 6, 2))
    # F1: basophil 4 / 5, lymphocyte 18 / 19, monocyte 12 / 14
    assert found.macro_f1 == pytest.approx((4 / 5 + 18 / 19 + 12 / 14) / 3)
    low, high = found.interval or (1, 0)
    assert low <= found.balanced_accuracy <= high


def test_no_class_with_enough_cells_is_told():
    with pytest.raises(TooFew, match="x: too few"):
        judge_unseen("x", ["monocyte"] * 7, ["monocyte"] * 7, terms=TERMS, groups=range(7))
