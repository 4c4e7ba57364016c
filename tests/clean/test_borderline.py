from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.clean.borderline import BorderlinePair, borderline_pairs, thresholds_from_answers
from buffycoat.errors import InputError, TooFew


def pair(average: int, perceptual: int) -> BorderlinePair:
    return BorderlinePair(a=0, b=1, average_apart=average, perceptual_apart=perceptual, margin=0)


def is_same(one: BorderlinePair, average_bits: int, perceptual_bits: int) -> bool:
    return one.average_apart < average_bits and one.perceptual_apart < perceptual_bits


def test_a_pair_turns_when_the_thresholds_move_by_its_margin():
    rng = np.random.default_rng(0)
    average, perceptual = (rng.integers(0, 2**16, 80).astype(np.uint64) for _ in range(2))
    films = [number % 3 for number in range(80)]
    found = borderline_pairs(average, perceptual, films, average_bits=6, perceptual_bits=7, band=2, at_most=10_000)
    expected = set()
    for i, j in itertools.combinations(range(80), 2):
        apart = [int(side[i] ^ side[j]).bit_count() for side in (average, perceptual)]
        joined = [apart[0] < 6 + move and apart[1] < 7 + move for move in (-2, -1, 0, 1, 2)]
        if films[i] == films[j] and len(set(joined)) == 2:
            expected.add((i, j))
    assert {(each.a, each.b) for each in found} == expected
    assert {each.margin for each in found} == {-1, 0, 1, 2}
    for each in found:
        assert is_same(each, 6 + each.margin, 7 + each.margin)
        assert not is_same(each, 6 + each.margin - 1, 7 + each.margin - 1)
    closeness = [abs(each.margin - 0.5) for each in found]
    assert closeness == sorted(closeness)


def test_a_person_is_asked_about_both_sides():
    hashes = np.array([(1 << bits) - 1 for bits in range(12)], np.uint64)
    films = ["one"] * 12
    few = borderline_pairs(hashes, hashes, films, average_bits=4, perceptual_bits=4, band=2, at_most=6)
    assert [each.margin for each in few] == [0, 0, 0, 1, 1, 1] or sorted(each.margin for each in few) == [0] * 3 + [
        1
    ] * 3
    more = borderline_pairs(hashes, hashes, films, average_bits=1, perceptual_bits=1, band=2, at_most=6)
    assert [each.margin for each in more] == [1] * 6  # no two are joined, so all are asked on the other side
    assert borderline_pairs(hashes, hashes, films, average_bits=4, perceptual_bits=4, at_most=0) == ()
    assert borderline_pairs(hashes[:1], hashes[:1], films[:1], average_bits=4, perceptual_bits=4) == ()
    assert borderline_pairs(hashes[:0], hashes[:0], [], average_bits=4, perceptual_bits=4) == ()


def test_answers_draw_the_line_where_the_person_does():
    pairs = [pair(2, 9), pair(5, 3), pair(5, 12), pair(8, 4), pair(9, 9)]
    found = thresholds_from_answers(pairs, [True, True, False, True, False])
    assert (found.average_bits, found.perceptual_bits) == (9, 10)
    assert (found.precision, found.recall, found.asked) == (1.0, 1.0, 5)
    assert found.recall_interval[0] < 0.5


def test_precision_comes_before_recall_and_recall_before_strictness():
    pairs = [pair(3, 3), pair(6, 6), pair(5, 5), pair(7, 7)]
    same = [True, False, True, True]
    strict = thresholds_from_answers(pairs, same)
    assert (strict.average_bits, strict.perceptual_bits, strict.precision) == (6, 6, 1.0)
    assert strict.recall == pytest.approx(2 / 3)
    loose = thresholds_from_answers(pairs, same, precision=0.7)
    assert (loose.average_bits, loose.perceptual_bits, loose.precision, loose.recall) == (8, 8, 0.75, 1.0)


def test_where_nothing_is_precise_the_most_precise_is_said_with_its_figures():
    found = thresholds_from_answers([pair(2, 2), pair(2, 2), pair(9, 9)], [True, False, False])
    assert (found.average_bits, found.perceptual_bits, found.precision, found.recall) == (3, 3, 0.5, 1.0)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans()), min_size=1, max_size=12))
def test_no_other_thresholds_find_more_as_precisely(answers: list[tuple[int, int, bool]]):
    pairs, same = [pair(a, p) for a, p, _ in answers], [yes for *_, yes in answers]
    if not any(same):
        with pytest.raises(TooFew, match="without a repeat"):
            thresholds_from_answers(pairs, same)
        return
    found = thresholds_from_answers(pairs, same, precision=0.8)
    best = 0.0
    for a, p in itertools.product(range(1, 9), repeat=2):
        told = [yes for each, yes in zip(pairs, same, strict=True) if is_same(each, a, p)]
        if told and sum(told) / len(told) >= 0.8:
            best = max(best, sum(told) / sum(same))
    if best:
        assert found.recall == pytest.approx(best)
        assert found.precision >= 0.8
    else:
        assert found.precision < 0.8


def test_questions_and_answers_that_do_not_fit_are_refused():
    hashes = np.zeros(3, np.uint64)
    with pytest.raises(InputError, match="expected a band of at least 1 bit, 3 films, found a band of 4 bits, 2 films"):
        borderline_pairs(hashes, hashes, ["one"] * 2, average_bits=4, perceptual_bits=4)
    with pytest.raises(InputError, match="a band of 0 bits"):
        borderline_pairs(hashes, hashes, ["one"] * 3, average_bits=4, perceptual_bits=4, band=0)
    with pytest.raises(InputError, match="expected 1 answers"):
        thresholds_from_answers([pair(1, 1)], [])
    with pytest.raises(InputError, match="a precision of 0 to 1"):
        thresholds_from_answers([pair(1, 1)], [True], precision=1.1)
    with pytest.raises(TooFew, match="0 pairs"):
        thresholds_from_answers([], [])
