"""AHash and PHash of crops beside ImageHash, decode left out, with the equality check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imagehash
from PIL import Image

from bench.timing import best_of_five
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.hashes import average_hash, perceptual_hash

__all__ = ["measure"]


def measure(data: Path) -> list[dict[str, Any]]:
    """Return the figures on one hundred Raabin crops."""
    crops = [read_rgb(path) for path in sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))[::3][:100]]

    def ours() -> tuple[list[int], list[int]]:
        return average_hash(crops).tolist(), perceptual_hash(crops).tolist()

    def peer() -> tuple[list[int], list[int]]:
        pictures = [Image.fromarray(crop) for crop in crops]
        return (
            [int(str(imagehash.average_hash(picture)), 16) for picture in pictures],
            [int(str(imagehash.phash(picture)), 16) for picture in pictures],
        )

    assert ours() == peer()
    mine, theirs = best_of_five(ours, peer)
    return [
        {
            "figure": "AHash + PHash, crops a second",
            "value": round(len(crops) / mine, 1),
            "unit": "1/s",
            "peer": "ImageHash",
            "peer_value": round(len(crops) / theirs, 1),
            "note": "all bits equal",
        }
    ]
