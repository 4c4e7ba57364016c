"""Which pairs of crops have near hashes: the exact index beside faiss and numpy, with the same pairs from all."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

from bench.timing import best_of_five
from buffycoat.clean.pair_index import pairs_added, pairs_by_hashes
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.hashes import Hashes, average_hash, hamming, perceptual_hash

__all__ = ["clustered_hashes", "measure"]

BITS: dict[str, Any] = {"average_bits": 11, "perceptual_bits": 11}
"""At most ten bits in each hash: ours is strict, as in the paper."""

_SIDE = 64


def clustered_hashes(data: Path, count: int, *, seed: int = 0, near: float = 0.08) -> tuple[Hashes, Hashes]:
    """Return average and perceptual hashes of real crops, turned, flipped, zoomed, shifted and lit anew.

    A share of them, ``near``, are near repeats: another one's picture, shifted and lit by a little.
    """
    rng = np.random.default_rng(seed)
    folders = (data / "raabin_crops" / "crops", data / "pbc_barcelona" / "crops")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.jpg"))]
    crops = [
        np.asarray(cv2.resize(read_rgb(path), (128, 128), interpolation=cv2.INTER_AREA), np.uint8) for path in paths
    ]
    repeats = round(near * count)
    takes = [_take(rng, len(crops)) for _ in range(count - repeats)]
    for source in rng.integers(count - repeats, size=repeats):
        crop, flip, (turn, zoom, x, y), gain = takes[source]
        again = (turn + rng.normal(0, 0.5), zoom * rng.normal(1, 0.003), x + rng.normal(), y + rng.normal())
        takes.append((crop, flip, again, gain * rng.normal(1, 0.02)))
    hashes = [_hashed(crops[crop][:, ::flip], places, gain) for crop, flip, places, gain in takes]
    average, perceptual = np.array(hashes, np.uint64).T
    order = rng.permutation(count)
    return average[order], perceptual[order]


def _take(rng: np.random.Generator, crops: int) -> tuple[int, int, tuple[float, float, float, float], float]:
    """Return one way to take a crop again: which one, flipped or not, turn, zoom, shift; and the gain of the light."""
    places = (rng.uniform(0, 360), rng.uniform(0.45, 0.65), rng.normal(0, 4), rng.normal(0, 4))
    return int(rng.integers(crops)), int(rng.choice((-1, 1))), places, rng.uniform(0.85, 1.1)


def _hashed(crop: NDArray[np.uint8], places: tuple[float, float, float, float], gain: float) -> tuple[int, int]:
    turn, zoom, x, y = places
    warp = cv2.getRotationMatrix2D((64 + x, 64 + y), turn, zoom)
    warp[:, 2] += np.array([_SIDE / 2 - 64 - x, _SIDE / 2 - 64 - y])
    seen = cv2.warpAffine(crop, warp, (_SIDE, _SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
    lit = [np.asarray(cv2.convertScaleAbs(seen, alpha=gain), np.uint8)]
    return int(average_hash(lit)[0]), int(perceptual_hash(lit)[0])


def measure(data: Path) -> list[dict[str, Any]]:
    """Return the times of all sides on 43,000 clustered hashes, and time and memory on a million even ones."""
    average, perceptual = clustered_hashes(data, 43_000)

    def ours() -> NDArray[np.int64]:
        return pairs_by_hashes(average, perceptual, **BITS)

    def flat(threads: int) -> NDArray[np.int64]:
        faiss.omp_set_num_threads(threads)
        octets = perceptual.astype(">u8").view(np.uint8).reshape(-1, 8)
        index = faiss.IndexBinaryFlat(64)
        index.add(octets)
        limits, _, others = index.range_search(octets, BITS["perceptual_bits"])
        firsts = np.repeat(np.arange(len(octets)), np.asarray(np.diff(limits), np.int64))
        near = (firsts < others) & (hamming(average[firsts], average[others]) < BITS["average_bits"])
        return np.stack([firsts[near], others[near]], axis=1)

    def brute() -> NDArray[np.int64]:
        found = []
        for start in range(0, len(average), 512):
            rows = slice(start, start + 512)
            near = np.bitwise_count(perceptual[rows, None] ^ perceptual[None, start:]) < BITS["perceptual_bits"]
            near &= np.bitwise_count(average[rows, None] ^ average[None, start:]) < BITS["average_bits"]
            found.append(np.argwhere(np.triu(near, 1)) + start)
        return np.concatenate(found)

    pairs = ours()
    for other in (flat(1), brute()):
        np.testing.assert_array_equal(pairs, _sorted(other))
    mine, one, two, all_pairs = best_of_five(ours, lambda: flat(1), lambda: flat(2), brute)
    about = f"43,000 clustered hashes at 10/10, {len(pairs):,} pairs, the same from all"
    figures = [
        {
            "figure": "exact pair search",
            "value": round(mine, 4),
            "unit": "s",
            "peer": peer,
            "peer_value": round(seconds, 3),
            "note": f"{seconds / mine:.1f} times; {about}",
        }
        for peer, seconds in (
            ("faiss IndexBinaryFlat, 1 thread", one),
            ("faiss IndexBinaryFlat, 2 threads", two),
            ("numpy, all pairs", all_pairs),
        )
    ]
    return figures + _added(average, perceptual) + _million()


def _added(average: Hashes, perceptual: Hashes) -> list[dict[str, Any]]:
    """Return what a new smear of 300 crops costs beside the other 42,700."""
    new, old = ((average[part], perceptual[part]) for part in (slice(42_700, None), slice(42_700)))

    def again() -> NDArray[np.int64]:
        return pairs_by_hashes(average, perceptual, **BITS)

    added, before = pairs_added(new, old, **BITS), pairs_by_hashes(*old, **BITS)
    assert len(added)
    np.testing.assert_array_equal(_sorted(np.concatenate([before, added])), again())
    mine, whole = best_of_five(lambda: pairs_added(new, old, **BITS), again)
    return [
        {
            "figure": "a new smear of 300 crops beside 42,700 old ones",
            "value": round(mine, 4),
            "unit": "s",
            "peer": "all again",
            "peer_value": round(whole, 4),
            "note": f"{len(added)} pairs, the same",
        }
    ]


def _sorted(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _million() -> list[dict[str, Any]]:
    """Return time and memory of a million even hashes, each in a process of its own, numba and its code loaded."""
    done = [
        subprocess.run([sys.executable, "-m", "bench.pairs"], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    runs = [[float(part) for part in each.stdout.split()] for each in done]
    note = f"best of {len(runs)} processes; {runs[0][2]:.0f} planted pairs found, and no other"
    return [
        {"figure": "a million even hashes at 10/10", "value": min(run[0] for run in runs), "unit": "s", "note": note},
        {
            "figure": "a million even hashes at 10/10: memory above the loaded process",
            "value": max(run[1] for run in runs),
            "unit": "MB",
            "note": f"peak, the highest of {len(runs)}; hashes themselves 16 MB, in the process before",
        },
    ]


def _one_million() -> None:
    """Print seconds, megabytes and pairs: run as a program."""
    rng = np.random.default_rng(0)
    average, perceptual = (rng.integers(0, 2**64, 1_000_000, dtype=np.uint64) for _ in range(2))
    # A hundred pairs that are exactly ten bits apart in both, so that there is something to find.
    for side in (average, perceptual):
        for place in range(100):
            flipped = rng.choice(64, 10, replace=False).astype(np.uint64)
            side[999_999 - place] = side[place] ^ np.bitwise_or.reduce(np.uint64(1) << flipped)
    pairs_by_hashes(average[:10_000], perceptual[:10_000], **BITS)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest memory so far is forgotten
    before = _memory("VmRSS")
    started = time.perf_counter()
    pairs = pairs_by_hashes(average, perceptual, **BITS)
    seconds = time.perf_counter() - started
    expected = np.stack([np.arange(100), 999_999 - np.arange(100)], axis=1)
    np.testing.assert_array_equal(pairs, expected)
    print(round(seconds, 2), round((_memory("VmHWM") - before) / 1e6, 1), len(pairs))


def _memory(name: str) -> int:
    """Return a line of the kernel's account of this process, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    _one_million()
