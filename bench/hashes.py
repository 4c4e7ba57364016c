"""AHash and PHash of crops beside ImageHash, from the bytes of files and from pixels; sharpness beside the formula."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.timing import best_of_five
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.file_hashes import hash_files
from buffycoat.imaging.hashes import average_hash, hamming, perceptual_hash
from buffycoat.imaging.machine_code import load_loops
from buffycoat.imaging.sharpness import sharpness

__all__ = ["measure"]

SETS = {
    "Raabin, 575 px": "raabin_crops/crops",
    "Barcelona, 363 px": "pbc_barcelona/crops",
    "BCCD, 131 to 367 px": "bccd/crops",
}


def measure(data: Path) -> list[dict[str, Any]]:
    """Return crops a second, one thread, compiled loops loaded; bits are compared on every crop of each set."""
    load_loops()
    cv2.setNumThreads(1)
    figures: list[dict[str, Any]] = []
    for name, folder in SETS.items():
        figures += _from_files(name, sorted((data / folder).rglob("*.jpg")))
    raabin = sorted((data / SETS["Raabin, 575 px"]).rglob("*.jpg"))[::3][:100]
    windows = [_saved(read_rgb(path)[31:543, 31:543]) for path in raabin]
    figures += _from_contents("Raabin, 512 px windows, quality 95", windows)
    crops = [read_rgb(path) for path in raabin]
    return [*figures, _from_pixels(crops), _sharpness(crops)]


def by_imagehash(picture: Image.Image) -> tuple[int, int]:
    return int(str(imagehash.average_hash(picture)), 16), int(str(imagehash.phash(picture)), 16)


def _saved(image: RgbImage) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=95)
    return file.getvalue()


def _from_files(name: str, paths: list[Path]) -> list[dict[str, Any]]:
    return _from_contents(name, [path.read_bytes() for path in paths])


def _from_contents(name: str, contents: list[bytes]) -> list[dict[str, Any]]:
    """Compare all files, and take the time of at most 100 of them."""

    def peer(files: list[bytes]) -> NDArray[np.uint64]:
        return np.array([by_imagehash(Image.open(io.BytesIO(content))) for content in files], np.uint64).T

    expected = peer(contents)
    exact, fast = (np.stack(hash_files(contents, fast=fast)) for fast in (False, True))
    assert np.array_equal(exact, expected), "not the bits of ImageHash"
    off = hamming(fast, expected)
    assert off.max() <= 3, "the fast mode is more than three bits off"
    some = contents[:: max(len(contents) // 100, 1)][:100]
    theirs, ours, quick = best_of_five(
        lambda: peer(some), lambda: hash_files(some), lambda: hash_files(some, fast=True)
    )
    equal = [f"{np.mean(each == 0):.1%}" for each in off]
    notes = {
        "exact": (ours, f"all bits of {len(contents)} crops equal"),
        "fast": (quick, f"AHash equal in {equal[0]}, PHash in {equal[1]} of {len(contents)}, at most {off.max()} off"),
    }
    return [
        {
            "figure": f"AHash + PHash from JPEG bytes, {mode}, {name}",
            "value": round(len(some) / seconds, 1),
            "unit": "1/s",
            "peer": "ImageHash, image opened once",
            "peer_value": round(len(some) / theirs, 1),
            "note": f"{theirs / seconds:.2f} times; {note}; one thread",
        }
        for mode, (seconds, note) in notes.items()
    ]


def _from_pixels(crops: list[RgbImage]) -> dict[str, Any]:
    def ours() -> list[tuple[int, int]]:
        return list(zip(average_hash(crops).tolist(), perceptual_hash(crops).tolist(), strict=True))

    def peer() -> list[tuple[int, int]]:
        return [by_imagehash(Image.fromarray(crop)) for crop in crops]

    assert ours() == peer()
    mine, theirs = best_of_five(ours, peer)
    return {
        "figure": "AHash + PHash from pixels, Raabin, 575 px",
        "value": round(len(crops) / mine, 1),
        "unit": "1/s",
        "peer": "ImageHash",
        "peer_value": round(len(crops) / theirs, 1),
        "note": f"{theirs / mine:.2f} times; all bits equal; one thread",
    }


def _sharpness(crops: list[RgbImage]) -> dict[str, Any]:
    def ours() -> list[float]:
        return [sharpness(crop) for crop in crops]

    def formula() -> list[float]:
        found = []
        for crop in crops:
            gray = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
            across, down = cv2.Sobel(gray, cv2.CV_64F, 1, 0), cv2.Sobel(gray, cv2.CV_64F, 0, 1)
            found.append(float(np.sqrt(across**2 + down**2).mean()))
        return found

    apart = max(abs(a / b - 1) for a, b in zip(ours(), formula(), strict=True))
    assert apart < 1e-6
    mine, theirs = best_of_five(ours, formula)
    return {
        "figure": "mean Sobel gradient, Raabin, 575 px",
        "value": round(1000 * mine / len(crops), 3),
        "unit": "ms",
        "peer": "OpenCV's Sobel and numpy in 64 bits",
        "peer_value": round(1000 * theirs / len(crops), 3),
        "note": f"{theirs / mine:.1f} times; at most {apart:.0e} of the value apart; one thread",
    }
