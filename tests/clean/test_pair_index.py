from __future__ import annotations

import itertools
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buffycoat.clean import pair_index, pair_plan, pair_search
from buffycoat.clean.groups import connected
from buffycoat.clean.pair_index import pairs_added, pairs_between, pairs_by_hashes, spanning_pairs
from buffycoat.clean.pair_plan import plan_search
from buffycoat.errors import InputError, WrongArray

THRESHOLDS = st.integers(0, 65)
EVERY = range(66)


@st.composite
def crops(draw: st.DrawFn, most: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Hashes that lie near each other, lie anywhere, and are equal: as those of real crops do."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count, centers, flips = draw(st.integers(0, most)), draw(st.integers(1, 4)), draw(st.integers(0, 24))
    sides = []
    for _ in range(2):
        middle = rng.integers(0, 2**64, centers, dtype=np.uint64)[rng.integers(0, centers, count)]
        for _ in range(flips):
            middle ^= np.uint64(1) << rng.integers(0, 64, count, dtype=np.uint64)
        sides.append(middle)
    return sides[0], sides[1]


def by_two_loops(
    average: np.ndarray, perceptual: np.ndarray, average_bits: int, perceptual_bits: int
) -> list[list[int]]:
    a, p = average.tolist(), perceptual.tolist()
    return [
        [i, j]
        for i, j in itertools.combinations(range(len(a)), 2)
        if (a[i] ^ a[j]).bit_count() < average_bits and (p[i] ^ p[j]).bit_count() < perceptual_bits
    ]


def plan_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look up chunks also where it is faster to compare all pairs."""
    for cost in ("_PLANNED", "_LOOK", "_GATHER"):
        monkeypatch.setattr(pair_plan, cost, 0)


@pytest.fixture(params=["numpy", "index"])
def way(request, monkeypatch):
    """Both ways to search, whatever the number of crops; the index in blocks as small as it allows."""
    if request.param == "index":
        monkeypatch.setattr(pair_index, "_are_few", lambda _comparisons: False)
        monkeypatch.setattr(pair_search, "_BLOCK", 1)
        plan_always(monkeypatch)
    else:
        monkeypatch.setattr(pair_index, "_are_few", lambda _comparisons: True)
        monkeypatch.setattr(pair_index, "_BLOCK", 64)


FIXED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


@FIXED
@given(hashes=crops(), average_bits=THRESHOLDS, perceptual_bits=THRESHOLDS)
def test_pairs_are_those_of_two_loops(way, hashes, average_bits, perceptual_bits):
    found = pairs_by_hashes(*hashes, average_bits=average_bits, perceptual_bits=perceptual_bits)
    assert found.dtype == np.int64
    assert found.tolist() == by_two_loops(*hashes, average_bits, perceptual_bits)


def test_every_threshold_is_exact(way):
    rng = np.random.default_rng(1)
    average, perceptual = (rng.integers(0, 2**64, 60, dtype=np.uint64) for _ in range(2))
    # One pair at each distance from 0 to 64, so that each threshold has something to lose.
    ladder = np.array([(1 << bits) - 1 for bits in range(65)], np.uint64)
    average, perceptual = np.concatenate([average, ladder]), np.concatenate([perceptual, ladder[::-1]])
    apart = [
        np.bitwise_count(side[:, None] ^ side)[np.triu_indices(len(side), 1)].astype(int)
        for side in (average, perceptual)
    ]
    for bits in EVERY:
        for other in (bits, 65):
            found = pairs_by_hashes(average, perceptual, average_bits=other, perceptual_bits=bits)
            assert len(found) == int(((apart[0] < other) & (apart[1] < bits)).sum()), (other, bits)


@FIXED
@given(new=crops(25), old=crops(25), average_bits=THRESHOLDS, perceptual_bits=THRESHOLDS)
def test_old_pairs_and_added_pairs_are_all_pairs(way, new, old, average_bits, perceptual_bits):
    bits = {"average_bits": average_bits, "perceptual_bits": perceptual_bits}
    both = [np.concatenate([a, b]) for a, b in zip(old, new, strict=True)]
    added, before = pairs_added(new, old, **bits), pairs_by_hashes(*old, **bits)
    assert sorted(before.tolist() + added.tolist()) == pairs_by_hashes(*both, **bits).tolist()
    assert added.tolist() == sorted(added.tolist())
    across = [[j - len(old[0]), i] for i, j in added.tolist() if i < len(old[0])]
    assert pairs_between(new, old, **bits).tolist() == sorted(across)


@FIXED
@given(hashes=crops(), average_bits=THRESHOLDS, perceptual_bits=THRESHOLDS)
def test_spanning_pairs_are_a_forest_with_the_same_groups(way, hashes, average_bits, perceptual_bits):
    bits = {"average_bits": average_bits, "perceptual_bits": perceptual_bits}
    every, some = pairs_by_hashes(*hashes, **bits), spanning_pairs(*hashes, **bits)
    assert {tuple(pair) for pair in some.tolist()} <= {tuple(pair) for pair in every.tolist()}
    groups = connected(len(hashes[0]), every.tolist())
    assert connected(len(hashes[0]), some.tolist()) == groups
    assert len(some) == sum(len(group) - 1 for group in groups)


@pytest.fixture
def always(monkeypatch):
    plan_always(monkeypatch)


def test_so_few_or_so_far_that_no_plan_helps():
    rng = np.random.default_rng(4)
    few, many = (rng.integers(0, 2**64, count, dtype=np.uint64) for count in (5_000, 50_000))
    assert [chunk.mask for chunk in plan_search(few, few, 10).chunks] == [0]
    assert [chunk.mask for chunk in plan_search(many, many, 30).chunks] == [0]
    assert [chunk.radius for chunk in plan_search(many, many, 10).chunks] in set_of_radii(2, 2, 2, 1)


def set_of_radii(*radii: int) -> list[list[int]]:
    return [list(each) for each in set(itertools.permutations(radii))]


def test_many_crops_are_searched_by_the_index_with_the_same_answer(monkeypatch):
    rng = np.random.default_rng(2)
    middle = rng.integers(0, 2**64, 300, dtype=np.uint64)
    average = perceptual = middle[rng.integers(0, 300, 7000)]
    for _ in range(3):
        average, perceptual = (
            side ^ (np.uint64(1) << rng.integers(0, 64, 7000, dtype=np.uint64)) for side in (average, perceptual)
        )
    plan_always(monkeypatch)
    plans = {}
    real = pair_search.plan_search

    def watched(first, second, radius):
        plans[radius] = real(first, second, radius)
        return plans[radius]

    monkeypatch.setattr(pair_search, "plan_search", watched)
    found = {
        bits: pairs_by_hashes(average, perceptual, average_bits=bits, perceptual_bits=bits) for bits in (6, 11, 30)
    }
    for radius in (5, 10):
        assert sum(chunk.radius + 1 for chunk in plans[radius].chunks) == radius + 1
    assert [chunk.mask for chunk in plans[29].chunks] == [0]  # four chunks would meet more than all pairs
    plans.clear()
    monkeypatch.setattr(pair_index, "_are_few", lambda _comparisons: True)
    for bits, pairs in found.items():
        assert len(pairs) > 50
        np.testing.assert_array_equal(
            pairs, pairs_by_hashes(average, perceptual, average_bits=bits, perceptual_bits=bits)
        )
    assert plans == {}


@FIXED
@given(radius=st.integers(0, 63), seed=st.integers(0, 2**32))
def test_a_plan_meets_every_near_pair(always, radius: int, seed: int):
    rng = np.random.default_rng(seed)
    one = rng.integers(0, 2**64, 200, dtype=np.uint64)
    flips = (rng.random((200, 64)).argsort(axis=1) < radius).astype(np.uint64)
    other = one ^ (flips << np.arange(64, dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
    met = np.zeros(200, bool)
    chunks = plan_search(one, other, radius).chunks
    assert radius > 24 or all(chunk.mask == 0xFFFF for chunk in chunks)
    for chunk in chunks:
        part = ((one ^ other) >> np.uint64(chunk.shift)) & np.uint64(chunk.mask)
        met |= np.bitwise_count(part) <= chunk.radius
    assert met.all()


def test_the_thresholds_are_strict(way):
    hashes, none = np.array([0, 0b111111], np.uint64), np.zeros(2, np.uint64)
    assert pairs_by_hashes(hashes, none, average_bits=6, perceptual_bits=1).tolist() == []
    assert pairs_by_hashes(hashes, none, average_bits=7, perceptual_bits=1).tolist() == [[0, 1]]
    assert pairs_by_hashes(hashes, none, average_bits=7, perceptual_bits=0).tolist() == []


def test_nothing_and_one_crop_make_no_pairs(way):
    for count in (0, 1):
        hashes = np.zeros(count, np.uint64)
        assert pairs_by_hashes(hashes, hashes).shape == (0, 2)
        assert spanning_pairs(hashes, hashes).shape == (0, 2)
        assert pairs_added((hashes, hashes), (hashes[:0], hashes[:0])).shape == (0, 2)
        assert pairs_between((hashes, hashes), (hashes[:0], hashes[:0])).shape == (0, 2)


@pytest.mark.parametrize("kind", ["equal", "alike"])
def test_crops_that_are_all_alike_do_not_fill_the_memory(kind):
    count = 43_000 if kind == "equal" else 12_000
    hashes = np.zeros(count, np.uint64)
    if kind == "alike":
        hashes += np.arange(count, dtype=np.uint64)
    apart = np.random.default_rng(3).integers(0, 2**64, 6000, dtype=np.uint64)
    pairs_by_hashes(apart, apart)  # numba's own memory is not counted
    tracemalloc.start()
    spanning = spanning_pairs(hashes, hashes, average_bits=20, perceptual_bits=20)
    with pytest.raises(InputError, match=r"at most 1,000,000 pairs, found .* and more") as caught:
        pairs_by_hashes(hashes, hashes, average_bits=20, perceptual_bits=20, most_pairs=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(spanning) == count - 1
    assert len(connected(count, spanning.tolist())) == 1
    assert "lower the thresholds" in caught.value.hint
    assert peak < 60e6


def test_the_limit_is_the_number_of_pairs(way):
    hashes = np.zeros(5, np.uint64)
    assert len(pairs_by_hashes(hashes, hashes, most_pairs=10)) == 10
    with pytest.raises(InputError, match="at most 9 pairs"):
        pairs_by_hashes(hashes, hashes, most_pairs=9)
    with pytest.raises(InputError, match="at most 19 pairs"):
        pairs_added((hashes, hashes), (hashes[:2], hashes[:2]), most_pairs=19)


def test_bad_hashes_and_thresholds_are_refused():
    good = np.zeros(3, np.uint64)
    for bad in (good[:2], good.astype(np.int64), good[:, None]):
        with pytest.raises(WrongArray, match="no hashes of the crops"):
            pairs_by_hashes(good, bad)
    with pytest.raises(WrongArray, match="no hashes of the old crops"):
        pairs_between((good, good), (good, good[:1]))
    for bits in (-1, 66):
        with pytest.raises(InputError, match=f"0 to 65 bits, found {bits} and 12"):
            spanning_pairs(good, good, average_bits=bits)


def test_few_crops_are_searched_without_numba():
    program = (
        "import sys, numpy as np; from buffycoat.clean.pair_index import pairs_by_hashes, spanning_pairs; "
        "h = np.zeros(2000, np.uint64); pairs_by_hashes(h, h); spanning_pairs(h, h); print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
