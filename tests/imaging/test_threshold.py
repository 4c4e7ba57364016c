from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.filters
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import TooFew, WrongArray
from buffycoat.imaging import machine_code
from buffycoat.imaging.color import gray_world, magenta
from buffycoat.imaging.threshold import histogram_of, otsu, otsu_three, split_levels

HISTOGRAMS = st.lists(st.integers(0, 50), min_size=2, max_size=14).filter(lambda counts: sum(map(bool, counts)) >= 2)


def between(counts: list[int], cuts: tuple[int, ...]) -> Fraction:
    """Exact between-class variance, times the number of pixels."""
    whole = sum(counts)
    mean = Fraction(sum(level * count for level, count in enumerate(counts)), whole)
    edges = [-1, *cuts, len(counts) - 1]
    result = Fraction(0)
    for start, stop in pairwise(edges):
        part = range(start + 1, stop + 1)
        weight = sum(counts[level] for level in part)
        if weight:
            result += weight * (Fraction(sum(level * counts[level] for level in part), weight) - mean) ** 2
    return result


def magenta_histogram(data: Path, name: str) -> np.ndarray:
    crop = cv2.cvtColor(cv2.imread(str(data / "raabin_crops" / "crops" / name)), cv2.COLOR_BGR2RGB)
    return histogram_of(magenta(gray_world(crop)))


def test_a_histogram_counts_every_pixel():
    channel = np.array([[0, 0, 255], [7, 255, 255]], np.uint8)
    counts = histogram_of(channel)
    assert (counts[0], counts[7], counts[255], counts.sum()) == (2, 1, 3, 6)
    assert counts.shape == (256,)


def test_counts_beyond_single_precision_are_exact():
    channel = np.zeros((4097, 4096), np.uint8)
    channel[0, 0] = 1
    assert histogram_of(channel)[:2].tolist() == [4097 * 4096 - 1, 1]


@pytest.mark.parametrize("wrong", [np.zeros((2, 2)), np.zeros((2, 2, 3), np.uint8), np.zeros((0, 2), np.uint8)])
def test_what_is_no_channel_is_refused(wrong):
    with pytest.raises(WrongArray):
        histogram_of(wrong)


def test_known_splits():
    assert otsu(np.array([9, 0, 0, 0, 9])) == 0
    assert otsu_three(np.array([9, 0, 9, 0, 9])) == (0, 2)
    assert otsu_three(np.array([0, 4, 0, 4])) == (1, 1)


def test_of_equal_splits_the_lowest_is_taken():
    assert otsu(np.array([1, 1, 1])) == 0
    assert otsu_three(np.array([1, 1, 1, 1])) == (0, 1)


@given(HISTOGRAMS)
def test_two_classes_equal_brute_force(counts):
    scores = {t: between(counts, (t,)) for t in range(len(counts) - 1)}
    assert otsu(np.array(counts)) == min(t for t in scores if scores[t] == max(scores.values()))


@given(HISTOGRAMS.filter(lambda counts: sum(map(bool, counts)) >= 3))
def test_three_classes_equal_brute_force(counts):
    scores = {pair: between(counts, pair) for pair in combinations(range(len(counts) - 1), 2)}
    assert otsu_three(np.array(counts)) == min(pair for pair in scores if scores[pair] == max(scores.values()))


@pytest.mark.parametrize("name", ["neutrophil/95-8-3-1_101_1.jpg", "monocyte/95-8-10-1_1205_1.jpg"])
def test_real_histograms_equal_brute_force_and_scikit_image(name, data):
    counts = magenta_histogram(data, name)
    assert otsu(counts) == skimage.filters.threshold_otsu(hist=counts)
    shrunk = [int(n) for n in counts.reshape(32, 8).sum(axis=1)]
    best = max(combinations(range(31), 2), key=lambda pair: between(shrunk, pair))
    assert otsu_three(np.array(shrunk)) == best


def test_three_classes_are_never_worse_than_those_of_scikit_image(data):
    counts = magenta_histogram(data, "neutrophil/95-8-3-1_101_1.jpg")
    pixels = np.repeat(np.arange(256, dtype=np.uint8), counts)
    low, up = (int(level) for level in skimage.filters.threshold_multiotsu(pixels, classes=3))
    whole = [int(n) for n in counts]
    ours = between(whole, otsu_three(counts))
    assert all(ours >= between(whole, (low + shift, up + shift)) for shift in (-1, 0))


@pytest.mark.parametrize("function", [otsu, otsu_three])
def test_one_level_cannot_be_split(function):
    for counts in ([0, 7, 0], [0, 0, 0]):
        with pytest.raises(TooFew):
            function(np.array(counts))


def test_what_is_no_histogram_is_refused():
    for wrong in (np.zeros(4), np.zeros((2, 2), int), np.ones(257, int)):
        with pytest.raises(WrongArray):
            split_levels(wrong)


@pytest.fixture(params=["plain", "compiled"])
def way(request, monkeypatch):
    monkeypatch.setattr(machine_code._Work, "pixels", 0 if request.param == "plain" else machine_code._ENOUGH)
    return request.param


def test_both_ways_find_the_exact_optimum_of_real_histograms(way, data):
    folders = sorted((data / "raabin_crops" / "crops").iterdir())
    for folder in folders:
        counts = magenta_histogram(data, str(sorted(folder.glob("*.jpg"))[3]))
        shrunk = [int(n) for n in counts.reshape(16, 16).sum(axis=1)]
        pairs = {pair: between(shrunk, pair) for pair in combinations(range(15), 2)}
        found = split_levels(np.array(shrunk))
        assert (found.t_low, found.t_up) == min(pair for pair in pairs if pairs[pair] == max(pairs.values()))


@pytest.mark.usefixtures("way")
def test_both_ways_break_ties_alike():
    assert split_levels(np.array([1, 1, 1, 1])) == (1, 0, 1)
    assert split_levels(np.array([1, 1, 1])) == (0, 0, 1)
    assert split_levels(np.array([5, 0, 5, 0, 5, 0, 5])) == (2, 0, 2)
    assert split_levels(np.full(256, 3)) == (127, 84, 169)


@pytest.mark.usefixtures("way")
def test_what_rounding_would_confuse_is_told_apart():
    # Mirror images are equally good; one pixel in 2^40 decides which is better.
    many = 1 << 40
    assert split_levels(np.array([many, many, many])).t2 == 0
    assert split_levels(np.array([many, many, many + 1])).t2 == 1
    assert split_levels(np.array([many + 1, many, many])).t2 == 0
    assert split_levels(np.array([many, many, many, many]))[1:] == (0, 1)
    assert split_levels(np.array([many, many, many, many + 1]))[1:] == (0, 2)
    assert split_levels(np.array([many, many, many + 1, many]))[1:] == (1, 2)


@pytest.mark.usefixtures("way")
def test_a_single_pixel_among_millions_is_a_class():
    counts = np.zeros(256, np.int64)
    counts[[3, 4, 200]] = 36_000_000, 1, 1
    assert split_levels(counts) == (4, 3, 4)


@settings(deadline=None)  # compiled on the first call
@given(st.integers(0, 2**32 - 1))
def test_compiled_loops_answer_as_numpy_does(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, rng.integers(2, 10 ** rng.integers(1, 6)), rng.integers(2, 257))
    counts[:2] += 1
    channel = rng.integers(0, rng.integers(2, 257), rng.integers(1, 30, 2)).astype(np.uint8)
    answers = []
    for pixels in (0, machine_code._ENOUGH):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(machine_code._Work, "pixels", pixels)
            answers.append((split_levels(counts), histogram_of(channel).tolist()))
    assert answers[0] == answers[1]
