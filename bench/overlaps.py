"""Photographs that show the same region: BCCD, where the thresholds were chosen, and two sets for testing only."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from bench.rephotographed import Camera, rephotographed, windows
from buffycoat.clean.overlaps import FieldOverlap, find_overlaps
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.field_description import describe_field

__all__ = ["bccd", "draaslan", "draw_pairs", "lisc", "measure"]


def bccd(data: Path) -> Iterator[tuple[str, RgbImage]]:
    """Yield the 257 fields of BCCD."""
    for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg")):
        yield path.name, read_rgb(path)


def draaslan(data: Path) -> Iterator[tuple[str, RgbImage]]:
    """Yield the 70 fields of draaslan, without their alpha channel, which is opaque."""
    for path in sorted((data / "draaslan_fields" / "images").glob("*.png")):
        with Image.open(path) as picture:
            yield path.name, np.asarray(picture.convert("RGB"))


def lisc(data: Path) -> Iterator[tuple[str, RgbImage]]:
    """Yield the 50 fields of LISC."""
    for archive in sorted((data / "lisc").glob("lisc_*.zip")):
        with zipfile.ZipFile(archive) as files:
            for name in sorted(files.namelist()):
                if name.endswith(".bmp"):
                    with Image.open(io.BytesIO(files.read(name))) as picture:
                        yield name, np.asarray(picture.convert("RGB"))


SETS: dict[str, tuple[Callable[[Path], Iterator[tuple[str, RgbImage]]], str, str]] = {
    "BCCD": (bccd, "bccd/fields/overlap_pairs.csv", "thresholds chosen here"),
    "draaslan": (draaslan, "draaslan_fields/overlap_pairs.csv", "for testing only, looked at once"),
    "LISC": (lisc, "lisc/overlap_pairs.csv", "for testing only, looked at once"),
}


# On no list; looked at one by one, laid upon each other: the same region. What is found beyond these is false.
JUDGED = {
    "BCCD": {
        frozenset(f"BloodImage_{number:05d}.jpg" for number in pair)
        for pair in [
            (37, 38),
            (40, 41),
            (160, 161),
            (166, 193),
            (204, 276),
            (224, 264),
            (232, 255),
            (239, 240),
            (365, 408),
            (377, 400),
        ]
    },
    "draaslan": {frozenset({"image-50.png", "image-52.png"})},
    "LISC": set[frozenset[str]](),
}


def known_pairs(path: Path) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the pairs of a list, smaller name first, with the shift that takes a place in b to its place in a."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    known = {}
    for row in rows:
        x, y = float(row["dx"]), float(row["dy"])
        known[min(row["a"], row["b"]), max(row["a"], row["b"])] = (-x, -y) if row["a"] < row["b"] else (x, y)
    return known


def draw_pairs(
    fields: dict[str, RgbImage], overlaps: list[FieldOverlap], path: Path, *, height: int = 200, across: int = 2
) -> None:
    """Draw each pair: both photographs, and the second laid upon the first, half and half as a chessboard."""
    rows = []
    for overlap in overlaps:
        one, other = fields[overlap.a], fields[overlap.b]
        tall, wide = one.shape[:2]
        moved = cv2.warpAffine(other, np.reshape(overlap.warp, (2, 3)), (wide, tall))
        y, x = np.mgrid[:tall, :wide]
        square = max(16, wide // 10)
        mixed = np.where((((y // square + x // square) % 2) == 0)[..., None], one, moved)
        shown = [cv2.resize(each, (height * each.shape[1] // each.shape[0], height)) for each in (one, other, mixed)]
        row = np.hstack(shown)
        text = f"{overlap.a} {overlap.b} r={overlap.correlation:.2f} share={overlap.share_a:.2f}"
        cv2.putText(row, text, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 0, 0), 1)
        rows.append(row)
    if rows:
        wide = max(row.shape[1] for row in rows)
        rows = [np.pad(row, ((0, 4), (0, wide + 4 - row.shape[1]), (0, 0))) for row in rows]
        rows += [np.zeros_like(rows[0])] * (-len(rows) % across)
        sheet = np.vstack([np.hstack(rows[at : at + across]) for at in range(0, len(rows), across)])
        Image.fromarray(sheet).save(path)


def measure(data: Path, *, names: tuple[str, ...] = tuple(SETS), sheets: Path | None = None) -> list[dict[str, Any]]:
    """Return for each set the known pairs found and those that are on no list, and the time of a smear."""
    figures: list[dict[str, Any]] = []
    for name in names:
        read, listed, origin = SETS[name]
        images = dict(read(data))
        known = known_pairs(data / listed)
        described = {field: describe_field(image) for field, image in images.items()}
        started = time.perf_counter()
        overlaps = find_overlaps(described)
        seconds = time.perf_counter() - started
        found = {(overlap.a, overlap.b): overlap for overlap in overlaps}
        off = [_off(found[pair], shift) for pair, shift in known.items() if pair in found]
        more = [overlap for pair, overlap in found.items() if pair not in known]
        false = [overlap for overlap in more if frozenset({overlap.a, overlap.b}) not in JUDGED[name]]
        if sheets is not None:
            draw_pairs(images, more, sheets / f"{name}-more.png")
        note = f"{origin}; {len(images)} fields; at most {max(off, default=0):.1f} px off the listed shift"
        named = " ".join(f"{each.a}+{each.b} r={each.correlation:.2f}" for each in false)
        figures += [
            {"figure": f"{name}: known overlaps found", "value": len(off), "unit": f"of {len(known)}", "note": note},
            {
                "figure": f"{name}: false pairs",
                "value": len(false),
                "note": f"{named}; {len(more) - len(false)} more are on no list and true, judged by eye".lstrip("; "),
            },
            {"figure": f"{name}: find_overlaps", "value": round(seconds, 2), "unit": "s", "note": "one run"},
        ]
        if name == "BCCD":
            alone = sorted(set(images) - {each for pair in (*found, *known) for each in pair})
            figures += _made_up({each: images[each] for each in alone})
    return figures


def _made_up(sources: dict[str, RgbImage]) -> list[dict[str, Any]]:
    """Return how many overlaps are found among 300 made-up photographs of 75 fields that overlap no other one."""
    rng = np.random.default_rng(20)
    shots = {}
    for name in rng.permutation(sorted(sources))[:75].tolist():
        high, wide = sources[name].shape[:2]
        for number, window in enumerate(windows(rng, wide, high, 4)):
            shots[f"{name}-{number}"] = rephotographed(sources[name], [], window, rng, camera=Camera())
    started = time.perf_counter()
    described = {name: describe_field(shot.pixels) for name, shot in shots.items()}
    between = time.perf_counter()
    found = {(each.a, each.b): each for each in find_overlaps(described)}
    ended = time.perf_counter()
    there, hits, off, false = 0, 0, [], 0
    for a, b in combinations(sorted(shots), 2):
        if a.rsplit("-", 1)[0] != b.rsplit("-", 1)[0]:
            false += (a, b) in found
            continue
        warp = (np.vstack([shots[b].warp, [0, 0, 1]]), cv2.invertAffineTransform(shots[a].warp))
        direct = warp[1] @ warp[0]
        high, wide = shots[b].pixels.shape[:2]
        shared = cv2.warpAffine(np.ones((high, wide), np.float32), direct, shots[a].pixels.shape[1::-1]).mean()
        if shared < 0.2:
            continue
        there += 1
        if (a, b) in found:
            hits += 1
            corners = np.array([[0, wide, 0, wide], [0, 0, high, high], [1, 1, 1, 1]])
            off.append(np.abs((np.reshape(found[a, b].warp, (2, 3)) - direct) @ corners).max())
    note = (
        "BCCD fields, windows half to all of it wide that share 20 % or more, turned by up to 4 degrees, blur, light, "
        "noise, JPEG, the same dust and shading in all"
    )
    middle, most = np.percentile(off, [50, 95])
    return [
        {"figure": "made-up: overlaps found", "value": hits, "unit": f"of {there}", "note": note},
        {"figure": "made-up: false pairs", "value": false, "unit": f"of {len(shots)} photographs"},
        {
            "figure": "made-up: worst corner of the map off by",
            "value": round(float(middle), 2),
            "unit": "px",
            "note": f"median; 95 % below {most:.1f} px",
        },
        {
            "figure": "made-up: find_overlaps of 300 photographs",
            "value": round(ended - between, 2),
            "unit": "s",
            "note": f"one run; describe_field took {1000 * (between - started) / len(shots):.1f} ms each",
        },
    ]


def _off(overlap: FieldOverlap, shift: tuple[float, float]) -> float:
    """Return how far the map takes the middle of the shared region from where the listed shift takes it, in pixels."""
    wide, high = overlap.size_b
    x, y = wide / 2 - shift[0] / 2, high / 2 - shift[1] / 2
    p, q, dx, r, s, dy = overlap.warp
    return float(np.hypot(p * x + q * y + dx - x - shift[0], r * x + s * y + dy - y - shift[1]))
