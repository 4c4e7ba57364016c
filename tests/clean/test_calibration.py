from __future__ import annotations

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.clean.calibration import calibrate, calibrate_on_crops, pairs_across, retake_distances
from buffycoat.clean.retakes import Jitter, retake
from buffycoat.errors import InputError, TooFew, WrongArray
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.hashes import average_hash, perceptual_hash

NOISE = np.random.default_rng(7).integers(0, 256, (24, 58, 58, 3), np.uint8)
STILL = Jitter(shift=0, blur=0, light=0, quality=(100, 100))


def counts(**pairs: int) -> np.ndarray:
    """Counts of pairs: ``a3p4=10`` means ten pairs three and four bits apart."""
    table = np.zeros((65, 65), np.int64)
    for name, number in pairs.items():
        average, perceptual = name[1:].split("p")
        table[int(average), int(perceptual)] = number
    return table


def test_the_whole_curve_is_counted_by_hand():
    repeats = np.array([[0, 0], [2, 5], [7, 1], [64, 64]])
    found = calibrate(repeats, counts(a1p1=1, a10p3=2, a30p30=97), largest_film=3)
    curve = {(each.average_bits, each.perceptual_bits): each for each in found.curve}
    assert set(curve) == set(itertools.product(range(1, 65), repeat=2))
    expected = {(1, 1): (0.25, 0), (2, 2): (0.25, 1), (3, 6): (0.5, 1), (8, 6): (0.75, 1), (11, 4): (0.5, 3)}
    assert {key: (curve[key].recall, curve[key].false_pairs) for key in expected} == expected
    assert curve[64, 64].false_rate == 1.0
    assert curve[64, 64].recall == 0.75  # thresholds are strict, and this pair is 64 bits apart
    assert curve[3, 6].expected_false == pytest.approx(2 / 102 * 3)
    low, high = curve[3, 6].recall_interval
    assert 0.1 < low < 0.5 < high < 0.9
    assert (found.positives, found.negatives, found.largest_film, found.needed) == (4, 100, 3, 2)


def test_the_highest_recall_without_a_false_pair_to_expect_is_chosen():
    repeats = np.array([[3, 3]] * 6 + [[5, 9]] * 3 + [[20, 20]])
    # 1,000 pairs measured, 190 in a film of 20: five false pairs and less than one to expect there.
    others = counts(a8p8=2, a4p15=2, a20p19=8, a40p40=988)
    chosen = calibrate(repeats, others, largest_film=20).chosen
    assert (chosen.average_bits, chosen.perceptual_bits, chosen.recall) == (6, 10, 0.9)
    assert (chosen.false_pairs, chosen.expected_false) == (0, pytest.approx(190 / 1002))
    chosen = calibrate(repeats, others, largest_film=12).chosen
    assert (chosen.average_bits, chosen.perceptual_bits, chosen.recall, chosen.false_pairs) == (21, 21, 1.0, 12)


def test_of_equal_recall_the_fewest_false_pairs_then_the_strictest_thresholds_are_chosen():
    chosen = calibrate(np.array([[4, 6]]), counts(a5p6=1, a50p50=9999), largest_film=10).chosen
    assert (chosen.average_bits, chosen.perceptual_bits) == (5, 7)


def test_a_measurement_too_small_for_the_film_promises_nothing():
    repeats, others = np.zeros((5, 2), int), counts(a40p40=4949)
    assert calibrate(repeats, others, largest_film=101).chosen is None  # 5,050 pairs in the film
    found = calibrate(repeats, counts(a40p40=5049), largest_film=101)
    assert found.chosen is not None
    assert found.needed == 5049
    assert calibrate(repeats, counts(a40p40=5048), largest_film=101).chosen is None


def test_the_frontier_rises_and_nothing_beats_it():
    rng = np.random.default_rng(0)
    others = np.bincount(rng.integers(15, 45, (500, 2)) @ [65, 1], minlength=65 * 65).reshape(65, 65)
    found = calibrate(rng.integers(0, 30, (200, 2)), others, largest_film=5)
    front = found.frontier
    assert [each.recall for each in front] == sorted({each.recall for each in front})
    assert [each.false_pairs for each in front] == sorted({each.false_pairs for each in front})
    for each in found.curve:
        assert any(best.recall >= each.recall and best.false_pairs <= each.false_pairs for best in front)


def test_several_retakes_of_a_crop_do_not_make_the_interval_narrower():
    others = counts(a40p40=100)
    repeats = np.array([[0, 0], [9, 9]] * 50)
    each, crops = (calibrate(repeats, others, largest_film=3, sources=n).curve[5 * 64 + 5] for n in (None, 10))
    assert each.recall == crops.recall == 0.5
    assert crops.recall_interval[0] < each.recall_interval[0] < 0.5 < each.recall_interval[1] < crops.recall_interval[1]


def test_what_cannot_be_measured_is_refused():
    some, others = np.zeros((2, 2), int), counts(a40p40=5)
    with pytest.raises(TooFew, match="found 0 repeats, 5 pairs"):
        calibrate(some[:0], others, largest_film=3)
    with pytest.raises(TooFew, match="found 2 repeats, 0 pairs"):
        calibrate(some, counts(), largest_film=3)
    with pytest.raises(WrongArray, match=r"\(n, 2\) and \(65, 65\), found \(2,\)"):
        calibrate(some[0], others, largest_film=3)
    with pytest.raises(WrongArray, match="0 to 64 bits, found 0 to 65"):
        calibrate(np.array([[0, 65]]), others, largest_film=3)
    with pytest.raises(TooFew, match="found 2 repeats, 0 pairs"):
        calibrate_on_crops(NOISE[:2], ["one", "one"], np.random.default_rng(0))
    with pytest.raises(TooFew, match="found 0 repeats"):
        calibrate_on_crops([], [], np.random.default_rng(0))
    with pytest.raises(InputError, match="one film for each crop: expected 2 films, found 1"):
        calibrate_on_crops(NOISE[:2], ["one"], np.random.default_rng(0))
    with pytest.raises(InputError, match="two hashes and a film"):
        pairs_across(np.zeros(2, np.uint64), np.zeros(2, np.uint64), ["one"])
    with pytest.raises(InputError, match="at least 1, found 0"):
        retake_distances(NOISE, np.random.default_rng(0), takes=0)


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(0, 2**32))
def test_pairs_across_films_are_those_of_two_loops(films: list[int], seed: int):
    rng = np.random.default_rng(seed)
    average, perceptual = (rng.integers(0, 2**64, len(films), dtype=np.uint64) for _ in range(2))
    expected = np.zeros((65, 65), np.int64)
    for i, j in itertools.combinations(range(len(films)), 2):
        if films[i] != films[j]:
            a, p = (int(side[i] ^ side[j]).bit_count() for side in (average, perceptual))
            expected[a, p] += 1
    np.testing.assert_array_equal(pairs_across(average, perceptual, films), expected)


def test_the_same_seed_gives_the_same_answer_and_another_seed_another():
    first, again, other = (
        calibrate_on_crops(NOISE, [n % 3 for n in range(24)], np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first.curve != other.curve
    assert first.largest_film == 8
    assert first.negatives == 24 * 16 // 2


def test_a_retake_that_changes_nothing_is_the_same_view():
    seen, again = retake(np.full((30, 40, 3), 77, np.uint8), np.random.default_rng(0), jitter=STILL)
    assert seen.shape == again.shape == (30, 40, 3)
    np.testing.assert_array_equal(seen, again)
    noisy = retake_distances(NOISE, np.random.default_rng(0), jitter=STILL)
    assert noisy.shape == (24, 2)
    assert noisy.mean() < 2  # a JPEG of the best quality is not quite without loss


def test_a_retake_is_cut_inside_the_crop_and_shifted_by_no_more_than_asked():
    place = np.arange(116, dtype=np.uint8)
    crop = np.stack([*np.meshgrid(place, place, indexing="ij"), np.zeros((116, 116), np.uint8)], axis=2)
    rng = np.random.default_rng(0)
    shifts = set()
    for _ in range(200):
        seen, again = retake(crop, rng, jitter=Jitter(blur=0, light=0, quality=(100, 100)))
        assert seen.shape == again.shape == (100, 100, 3)
        assert seen[0, 0, :2].tolist() == [8, 8]
        shifts.add(tuple(np.round((again.astype(int) - seen)[20:80, 20:80, :2].mean(axis=(0, 1))).astype(int)))
    assert {abs(part) for shift in shifts for part in shift} == set(range(9))


def test_light_and_blur_change_by_no_more_than_asked():
    rng = np.random.default_rng(1)
    flat = np.full((20, 20, 3), 128, np.uint8)
    levels = [int(retake(flat, rng, jitter=Jitter(light=0.1))[1].mean()) for _ in range(200)]
    lowest, highest = 255 * (0.9 * 128 / 255) ** 1.1, 255 * (1.1 * 128 / 255) ** 0.9
    assert lowest - 2 <= min(levels) < 115
    assert 145 < max(levels) <= highest + 2


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 40, 3), (3, 2, 3)])
def test_the_smallest_crops_are_taken_again_too(shape):
    seen, again = retake(np.full(shape, 9, np.uint8), np.random.default_rng(0))
    assert seen.shape == again.shape


def test_jitter_out_of_range_is_refused():
    for wrong in ({"shift": 0.5}, {"blur": -1}, {"light": 1}, {"quality": (0, 95)}, {"quality": (90, 80)}):
        with pytest.raises(InputError, match="no such jitter"):
            Jitter(**wrong)
    with pytest.raises(WrongArray):
        retake(np.zeros((4, 4), np.uint8), np.random.default_rng(0))


def test_on_real_crops_a_shift_loses_most_repeats_at_strict_thresholds(data: Path):
    folder = data / "raabin_crops"
    with (folder / "labels.csv").open() as file:
        films = {row["file"]: row["film_id"] for row in csv.DictReader(file)}
    paths = sorted((folder / "crops").rglob("*.jpg"))[::5]
    crops = [read_rgb(path)[::3, ::3] for path in paths]
    found = calibrate_on_crops(
        crops, [films[path.name] for path in paths], np.random.default_rng(0), jitter=Jitter(blur=0.7)
    )
    strict = found.curve[5 * 64 + 11]
    assert (strict.average_bits, strict.perceptual_bits) == (6, 12)
    assert strict.recall < 0.4
    assert strict.false_pairs == 0
    assert found.chosen.recall > strict.recall
    assert found.chosen.expected_false < 1
    hashes = average_hash(crops), perceptual_hash(crops)
    assert found.negatives == int(pairs_across(*hashes, [films[path.name] for path in paths]).sum())
