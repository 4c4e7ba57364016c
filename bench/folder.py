"""A folder of 512 x 512 crops to groups of repeats, beside tools that do nothing else; all from files on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import czkawka
import imagehash
import numpy as np
from imagededup.methods import PHash
from PIL import Image

from bench.timing import best_of_five
from buffycoat.clean.folder import group_files
from buffycoat.clean.groups import connected
from buffycoat.clean.parameters import CleanParameters
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.file_hashes import hash_files
from buffycoat.imaging.hashes import hamming
from buffycoat.imaging.machine_code import load_loops

__all__ = ["measure", "write_folder"]

Found = set[tuple[int, int]]
TEN = CleanParameters(average_bits=11, perceptual_bits=11)
"""At most ten bits in each hash: ours is strict, as in the paper."""

_PLANTED = 50
_SIDE = 512


def write_folder(data: Path, folder: Path, *, seed: int) -> tuple[list[Path], Found]:
    """Write every Raabin crop and 50 near repeats, 512 x 512 each; return the files and the planted pairs.

    A repeat is another window of the same crop, shifted by up to 4 % of its side, and photographed again: blur, gain,
    noise, another JPEG quality. The 11 pairs of the data that show one cell count as planted too.
    """
    rng = np.random.default_rng(seed)
    sources = sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))
    crops = [read_rgb(path) for path in sources]
    place = {path.name: number for number, path in enumerate(sources)}
    listed = (data / "raabin_crops" / "duplicate_pairs.csv").read_text().splitlines()[1:]
    names = [line.split(",")[:2] for line in listed]
    planted: Found = {(min(pair), max(pair)) for pair in ([place[name] for name in two] for two in names)}
    windows = [(crop, *((np.array(crop.shape[:2]) - _SIDE) // 2)) for crop in crops]
    files = []
    for number, (crop, y, x) in enumerate(windows):
        files.append(folder / f"{number:04}.jpg")
        Image.fromarray(crop[y : y + _SIDE, x : x + _SIDE]).save(files[-1], quality=95)
    for number, chosen in enumerate(sorted(rng.choice(len(crops), _PLANTED, replace=False).tolist()), len(crops)):
        crop, y, x = windows[chosen]
        down, across = rng.integers(-_SIDE // 25, _SIDE // 25 + 1, 2)
        again = crop[y + down : y + down + _SIDE, x + across : x + across + _SIDE]
        again = cv2.GaussianBlur(again, (0, 0), rng.uniform(0.3, 1.2)) * rng.uniform(0.95, 1.05)
        again = np.clip(again + rng.normal(0, rng.uniform(0, 3), again.shape), 0, 255).astype(np.uint8)
        files.append(folder / f"{number:04}.jpg")
        Image.fromarray(again).save(files[-1], quality=int(rng.integers(75, 96)))
        planted.add((chosen, number))
    return files, _pairs(connected(len(files), sorted(planted)))


def measure(data: Path) -> list[dict[str, Any]]:
    """Return seconds a folder and what was found of the planted pairs, for each tool; groups of both modes compared."""
    load_loops()
    figures = [_modes(data, seed) for seed in (1, 2, 3)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files, planted = write_folder(data, folder, seed=0)

        def ours(*, fast: bool = True, threads: int = 1) -> Found:
            return _pairs(group_files([path.read_bytes for path in files], parameters=TEN, fast=fast, threads=threads))

        def by_imagededup(workers: int) -> Found:
            found = PHash(verbose=False).find_duplicates(folder, num_enc_workers=workers, num_dist_workers=workers)
            return {(int(a[:4]), int(b[:4])) for a, others in found.items() for b in others if a < b}

        def by_czkawka() -> Found:
            finder = czkawka.ImageSimilarity()
            finder.set_directories([folder])
            return _pairs([int(path.stem) for path in group] for group in finder.find_similar())

        exact = ours(fast=False)
        assert exact == by_imagehash(files), "not the groups of ImageHash"
        sides: dict[str, Callable[[], Found]] = {
            "buffycoat, fast": ours,
            "buffycoat, fast, 2 threads": lambda: ours(threads=2),
            "buffycoat, exact": lambda: ours(fast=False),
            "czkawka": by_czkawka,
            "imagededup": lambda: by_imagededup(0),
            "imagededup, 2 workers": lambda: by_imagededup(2),
        }
        found = {side: run() for side, run in sides.items()}
        assert len(found["buffycoat, fast"] ^ exact) <= 1, "the fast mode makes other groups"
        seconds = dict(zip(sides, best_of_five(*sides.values()), strict=True))
    best = min(seconds["buffycoat, fast"], seconds["buffycoat, fast, 2 threads"])
    for side in sides:
        hits = len(found[side] & planted)
        figures.append(
            {
                "figure": f"{len(files)} crops to groups: {side}",
                "value": round(seconds[side], 3),
                "unit": "s",
                "peer": "buffycoat, fast, its better number of threads",
                "peer_value": round(best, 3),
                "note": f"{len(files) / seconds[side]:.0f} crops/s; {seconds[side] / best:.2f} times; "
                f"{hits} of {len(planted)} planted pairs, {len(found[side]) - hits} others",
            }
        )
    return figures


def by_imagehash(files: Iterable[Path]) -> Found:
    """Return the pairs in one group when every pair is compared, as the paper's authors would."""
    hashes = []
    for path in files:
        with Image.open(path) as picture:
            hashes.append((imagehash.average_hash(picture), imagehash.phash(picture)))
    group = list(range(len(hashes)))
    for (i, (a, p)), (j, (b, q)) in combinations(enumerate(hashes), 2):
        if a - b <= 10 and p - q <= 10 and group[i] != group[j]:
            old, new = group[j], group[i]
            group = [new if each == old else each for each in group]
    return {(i, j) for i, j in combinations(range(len(group)), 2) if group[i] == group[j]}


def _modes(data: Path, seed: int) -> dict[str, Any]:
    """Return how the fast mode differs from the exact one on another folder."""
    with tempfile.TemporaryDirectory() as name:
        files, _ = write_folder(data, Path(name), seed=seed)
        exact, fast = (hash_files((path.read_bytes() for path in files), fast=fast) for fast in (False, True))
        readers = [path.read_bytes for path in files]
        groups = [_pairs(group_files(readers, parameters=TEN, fast=fast)) for fast in (False, True)]
    bits = [int(hamming(a, b).max()) for a, b in zip(exact, fast, strict=True)]
    assert max(bits) <= 3, f"{max(bits)} bits differ"
    assert len(groups[0] ^ groups[1]) <= 1, "the fast mode makes other groups"
    return {
        "figure": f"fast beside exact mode, folder {seed}: pairs in one group of one and not of the other",
        "value": len(groups[0] ^ groups[1]),
        "peer": "exact",
        "peer_value": len(groups[0]),
        "note": f"at most {bits[0]} and {bits[1]} bits differ",
    }


def _pairs(groups: Iterable[Iterable[int]]) -> Found:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}
