from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.clean import chains
from buffycoat.clean.chains import measure_chains
from buffycoat.clean.keeper import keep_order
from buffycoat.clean.paper import PaperRepeats, paper_repeats
from buffycoat.errors import InputError, WrongArray
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.hashes import average_hash, perceptual_hash
from buffycoat.imaging.sharpness import sharpness

BLACK = np.zeros((40, 40, 3), np.uint8)
NOISE = np.random.default_rng(3).integers(0, 256, (40, 40, 3), np.uint8)


def cleaned(crops: list[RgbImage]) -> PaperRepeats:
    """From pixels to groups, as the paper did."""
    return paper_repeats(
        average_hash(crops),
        perceptual_hash(crops),
        [sharpness(crop) for crop in crops],
        [crop.shape[0] * crop.shape[1] for crop in crops],
        [f"{number:06}" for number in range(len(crops))],
    )


def ladder(*bits: int) -> np.ndarray:
    return np.array([(1 << each) - 1 for each in bits], np.uint64)


@given(st.lists(st.tuples(st.integers(0, 2**12 - 1), st.integers(0, 2**12 - 1)), max_size=25))
def test_groups_are_those_of_the_papers_breadth_first_search(hashes: list[tuple[int, int]]):
    count = len(hashes)

    def same(i: int, j: int) -> bool:
        return all((a ^ b).bit_count() < 3 for a, b in zip(hashes[i], hashes[j], strict=True))

    unseen, groups = set(range(count)), []
    while unseen:
        start = min(unseen)
        unseen.remove(start)
        group, waiting = [start], deque([start])
        while waiting:
            here = waiting.popleft()
            near = {other for other in unseen if same(here, other)}
            unseen -= near
            group += near
            waiting += near
        if len(group) > 1:
            groups.append(tuple(sorted(group)))
    average, perceptual = np.array(hashes, np.uint64).reshape(-1, 2).T
    sharp = [float(number % 5) for number in range(count)]
    found = paper_repeats(
        average, perceptual, sharp, [1] * count, [f"{n:02}" for n in range(count)], average_bits=3, perceptual_bits=3
    )
    assert found.groups == tuple(groups)
    assert found.kept == tuple(max(group, key=lambda n: (sharp[n], -n)) for group in groups)
    assert found.dropped == tuple(sorted({n for group in groups for n in group} - set(found.kept)))
    assert tuple(chain.members for chain in found.chains) == found.groups


def test_the_sharpest_stays_then_the_larger_then_the_first_name():
    hashes = np.zeros(4, np.uint64)

    def kept(sharp: list[float], areas: list[int], names: list[str]) -> tuple[int, ...]:
        return paper_repeats(hashes, hashes, sharp, areas, names).kept

    assert kept([1, 3, 2, 3.5], [9, 9, 9, 1], ["a", "b", "c", "d"]) == (3,)
    assert kept([3, 3, 3, 1], [4, 9, 4, 99], ["a", "b", "c", "d"]) == (1,)
    assert kept([3, 3, 3, 3], [4, 4, 4, 4], ["d", "c", "a", "b"]) == (2,)
    assert keep_order(3.0, 4, "a") < keep_order(3.0, 4, "b") < keep_order(2.0, 9, "a")


def test_bad_input_has_defined_results():
    assert cleaned([]) == PaperRepeats(groups=(), kept=(), chains=())
    assert cleaned([NOISE]).groups == ()
    identical = cleaned([NOISE] * 5)
    assert (identical.groups, identical.kept) == (((0, 1, 2, 3, 4),), (0,))
    assert (identical.chains[0].average_width, identical.chains[0].perceptual_width) == (0, 0)
    assert cleaned([BLACK] * 3).kept == (0,)
    assert cleaned([BLACK, NOISE]).groups == ()
    # Every flat picture is the same to these hashes, whatever its size: the larger one stays.
    sizes = cleaned([np.zeros((1, 1, 3), np.uint8), BLACK, np.zeros((3, 700, 3), np.uint8)])
    assert (sizes.groups, sizes.kept) == (((0, 1, 2),), (2,))
    resized = cleaned([NOISE, NOISE.repeat(2, axis=0).repeat(2, axis=1)])
    assert len(resized.groups) <= 1


def test_forty_three_thousand_black_crops_are_one_cell():
    count = 43_000
    black = np.zeros(count, np.uint64)
    found = paper_repeats(black, black, [0.0] * count, [9] * count, [f"{number:05}" for number in range(count)])
    assert found.kept == (0,)
    assert len(found.groups[0]) == count
    assert not found.chains[0].is_long


def test_a_chain_is_told_from_a_tight_group():
    hashes = ladder(0, 4, 8, 12, 40, 41)
    none = np.zeros(6, np.uint64)
    found = paper_repeats(hashes, none, [1.0] * 6, [1] * 6, list("abcdef"), average_bits=5, perceptual_bits=5)
    assert found.groups == ((0, 1, 2, 3), (4, 5))
    assert [(chain.average_width, chain.perceptual_width, chain.is_long) for chain in found.chains] == [
        (12, 0, True),
        (1, 0, False),
    ]
    # Twice the threshold itself is not more than twice the threshold.
    [edge] = measure_chains([(0, 1, 2)], ladder(0, 5, 10), ladder(0, 5, 10), average_bits=5, perceptual_bits=5)
    assert not edge.is_long
    [edge] = measure_chains([(0, 1, 2)], ladder(0, 5, 10), ladder(0, 5, 11), average_bits=5, perceptual_bits=5)
    assert edge.is_long


@settings(deadline=None)  # the first example loads numba
@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=30))
def test_the_width_is_that_of_two_loops(hashes: list[int]):
    widest = max((a ^ b).bit_count() for a in hashes for b in hashes)
    array = np.array(hashes, np.uint64)
    few = chains._FEW
    try:
        for limit in (few, 0):
            chains._FEW = limit
            [chain] = measure_chains([range(len(hashes))], array, array, average_bits=6, perceptual_bits=12)
            assert (chain.average_width, chain.perceptual_width) == (widest, widest)
    finally:
        chains._FEW = few


def test_what_does_not_fit_is_refused():
    hashes = np.zeros(2, np.uint64)
    with pytest.raises(InputError, match="expected 2 each, found 2, 1 and 2"):
        paper_repeats(hashes, hashes, [1.0, 1.0], [1], ["a", "b"])
    with pytest.raises(WrongArray, match="no hashes of the crops"):
        paper_repeats(hashes, hashes[:1], [1.0, 1.0], [1, 1], ["a", "b"])
    with pytest.raises(InputError, match="0 to 65 bits"):
        paper_repeats(hashes, hashes, [1.0, 1.0], [1, 1], ["a", "b"], average_bits=70)
