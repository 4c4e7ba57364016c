"""The features of a cell beside a program of OpenCV, NumPy and floats, and their worth in another laboratory."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bench.timing import best_of_five
from buffycoat.errors import NothingFound
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.scale import red_cell_diameter
from buffycoat.segment import (
    extended_features_of,
    features_of,
    segment_cell,
    segment_nucleus,
    surroundings_of,
)

__all__ = ["measure"]

Mask = NDArray[np.bool_]
Pixels = NDArray[np.uint8]
TERMS = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")
FEWEST = 5


def measure(data: Path) -> list[dict[str, Any]]:
    """Return speeds on Raabin crops, and balanced accuracy on each set of a classifier fitted on the other two."""
    return [*_speed(data), *_laboratories(data)]


# ---------------------------------------------------------------- speed


def float_features(crop: Pixels, nucleus: Mask) -> NDArray[np.float64]:
    """Return the 51 features as one writes them with floats; a pixel is in the hull if its center is."""
    corners = _corners(nucleus)
    ys, xs = np.mgrid[: nucleus.shape[0], : nucleus.shape[1]]
    around = corners[:, 0].astype(np.int64)
    hull = np.ones(nucleus.shape, np.bool_)
    turned = np.sign(cv2.contourArea(corners, oriented=True))
    for (x0, y0), (x1, y1) in zip(around, np.roll(around, -1, axis=0), strict=True):
        hull &= turned * ((x1 - x0) * (ys - y0) - (y1 - y0) * (xs - x0)) >= 0
    return _float_features(crop, nucleus, hull)


def float_features_drawn(crop: Pixels, nucleus: Mask) -> NDArray[np.float64]:
    """Return them with the hull that OpenCV draws: it takes pixels outside that an edge touches."""
    hull = np.zeros(nucleus.shape, np.uint8)
    cv2.fillConvexPoly(hull, _corners(nucleus), 1)
    return _float_features(crop, nucleus, hull.astype(np.bool_) | nucleus)


def _corners(nucleus: Mask) -> cv2.typing.MatLike:
    points = cv2.findNonZero(nucleus.astype(np.uint8))
    return cv2.convexHull(points)


def _float_features(crop: Pixels, nucleus: Mask, hull: Mask) -> NDArray[np.float64]:
    image = crop.astype(np.float64)
    luma = (image @ np.array([0.299, 0.587, 0.114])).mean()
    means = image.mean(axis=(0, 1))
    balanced = np.floor(np.minimum(image * (luma / np.where(means > 0, means, 1)) + 1e-9, 255)).astype(np.uint8)
    spaces = (cv2.COLOR_RGB2HSV, cv2.COLOR_RGB2LAB, cv2.COLOR_RGB2YCrCb)
    channels = np.dstack([balanced, *(cv2.cvtColor(balanced, space) for space in spaces)]).astype(np.float64)
    rest = hull & ~nucleus
    numbers = [1.0] * 48
    if rest.any():
        whole, *parts = (
            np.stack([channels[part].mean(axis=0), channels[part].std(axis=0)], axis=1)
            for part in (hull, nucleus, rest)
        )
        numbers = [number for part in parts for number in (part / whole).ravel().tolist()]
    outlines, _ = cv2.findContours(nucleus.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    corners = _corners(nucleus)
    length, size = sum(cv2.arcLength(outline, closed=True) for outline in outlines), float(nucleus.sum())
    convexity, solidity = cv2.arcLength(corners, closed=True) / length, size / cv2.contourArea(corners)
    return np.array([*numbers, length**2 / (4 * math.pi * size), convexity, solidity])


def _speed(data: Path) -> list[dict[str, Any]]:
    files = sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))[::15]
    crops = [
        np.asarray(cv2.resize(read_rgb(path), (512, 512), interpolation=cv2.INTER_AREA), np.uint8) for path in files
    ]
    pairs = [(crop, segment_nucleus(crop)) for crop in crops]
    # The hull once pixel by pixel, once as OpenCV draws it, which is faster, and not the same set of pixels.
    ours, peer, drawn = (
        [program(*pair) for pair in pairs] for program in (features_of, float_features, float_features_drawn)
    )
    apart = max(float(np.abs(one - other).max()) for one, other in zip(ours, peer, strict=True))
    assert apart < 1e-6
    of_drawn = max(float(np.abs(one - other).max()) for one, other in zip(ours, drawn, strict=True))
    times = best_of_five(
        lambda: [features_of(*pair) for pair in pairs],
        lambda: [float_features(*pair) for pair in pairs],
        lambda: [float_features_drawn(*pair) for pair in pairs],
    )
    mine, theirs, theirs_drawn = (1000 * seconds / len(pairs) for seconds in times)
    figure = {"figure": "51 features, 512 x 512, ms a crop", "value": round(mine, 3), "unit": "ms"}
    return [
        {
            **figure,
            "peer": "OpenCV and NumPy, floats",
            "peer_value": round(theirs, 3),
            "note": f"{theirs / mine:.1f} x; masks given; greatest difference {apart:.1e}",
        },
        {
            **figure,
            "peer": "the same, hull drawn by OpenCV",
            "peer_value": round(theirs_drawn, 3),
            "note": f"{theirs_drawn / mine:.1f} x; greatest difference {of_drawn:.1e}, by pixels that the edge touches",
        },
    ]


# ---------------------------------------------------------------- other laboratories


def _laboratories(data: Path) -> list[dict[str, Any]]:
    """Fit on two sets, try on the third; red cells are as wide as they measure in fields or crops of the set."""
    fields = sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[::10]
    sets = {
        "Raabin": data / "raabin_crops" / "crops",
        "BCCD": data / "bccd" / "crops",
        "Barcelona": data / "pbc_barcelona" / "crops",
    }
    tables = {
        name: _table(folder, fields if name == "BCCD" else sorted(folder.rglob("*.jpg"))[::3])
        for name, folder in sets.items()
    }
    rows = []
    for name in sets:
        truth, numbers, lost = tables[name]
        others = [tables[other] for other in sets if other != name]
        labels = [label for table in others for label in table[0]]
        known = np.concatenate([table[1] for table in others])
        counts = Counter(truth)
        judged = np.array([counts[label] >= FEWEST for label in truth])
        scores = {}
        for kind, columns in (("51", slice(51)), ("16 extended", slice(51, None)), ("all 67", slice(None))):
            model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", C=0.1, max_iter=2000))
            said = model.fit(known[:, columns], labels).predict(numbers[judged][:, columns])
            scores[kind] = _balanced(np.array(truth)[judged], said)
        rows.append(
            {
                "figure": f"balanced accuracy on {name}, fitted on the two other sets, 51 and 16 extended features",
                "value": round(scores["all 67"], 4),
                "peer": "51 features alone",
                "peer_value": round(scores["51"], 4),
                "note": f"extended alone {scores['16 extended']:.4f}; {int(judged.sum())} cells, {lost} more without a "
                "nucleus or red cells; logistic regression, C = 0.1 not searched",
            }
        )
    return rows


def _balanced(truth: NDArray[Any], said: NDArray[Any]) -> float:
    """Return the mean recall of the terms that occur."""
    return float(np.mean([(said[truth == term] == term).mean() for term in np.unique(truth)]))


def _table(folder: Path, scaled: Sequence[Path]) -> tuple[list[str], NDArray[np.float64], int]:
    width = _red_cell_px(scaled)
    truth, rows, lost = [], [], 0
    for term in TERMS:
        for path in sorted((folder / term).glob("*.jpg")):
            crop = read_rgb(path)
            try:
                nucleus = segment_nucleus(crop)
                cell = segment_cell(crop, nucleus=nucleus)
                around = surroundings_of(crop, red_cell_px=width, cells=cell)
            except NothingFound:
                lost += 1
                continue
            truth.append(term)
            extended = extended_features_of(crop, nucleus, cell, surroundings=around)
            rows.append(np.concatenate([features_of(crop, nucleus), extended]))
    return truth, np.stack(rows), lost


def _red_cell_px(paths: Sequence[Path]) -> float:
    found = []
    for path in paths:
        try:
            found.append(red_cell_diameter(read_rgb(path)))
        except NothingFound:  # most crops show too few red cells
            continue
    return median(found)
