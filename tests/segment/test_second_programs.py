"""Easy-GT and Tavakoli's nucleus beside second programs: floats and loops, written from the description alone."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import scipy.ndimage
import skimage.filters
import skimage.measure

from buffycoat.imaging import machine_code
from buffycoat.metrics.overlap import dice
from buffycoat.segment import easy_gt, tavakoli_parts


@pytest.fixture(scope="module")
def crops(data: Path) -> list[np.ndarray]:
    folders = sorted((data / "raabin_crops" / "crops").iterdir())
    paths = [sorted(folder.glob("*.jpg"))[number] for folder in folders for number in (7, 40)]
    pictures = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in paths]
    return [cv2.resize(picture, (160, 160), interpolation=cv2.INTER_AREA) for picture in pictures]


@pytest.fixture(params=["plain", "compiled"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_code._Work, "pixels", 0 if request.param == "plain" else machine_code._ENOUGH)


def float_balance(crop: np.ndarray) -> np.ndarray:
    means = crop.reshape(-1, 3).mean(axis=0)
    luma = (crop @ np.array([0.299, 0.587, 0.114])).mean()
    return np.floor(np.minimum(crop * luma / means, 255) + 1e-9)


def float_magenta(balanced: np.ndarray) -> np.ndarray:
    key = 1 - balanced.max(axis=2) / 255
    share = (1 - balanced[..., 1] / 255 - key) / np.maximum(1 - key, 1e-12)
    return np.floor(255 * np.where(key < 1, share, 0) + 1e-9)


def between(values: np.ndarray, *cuts: int) -> float:
    classes = np.digitize(values, cuts, right=True)
    parts = [values[classes == number] for number in range(len(cuts) + 1)]
    return sum(len(part) * (part.mean() - values.mean()) ** 2 for part in parts if len(part))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("weight", [0, 0.25, 0.3, 1])
def test_easy_gt_is_what_the_paper_says(weight, crops):
    for crop in crops[::3]:
        channel = float_magenta(float_balance(crop.astype(float)))
        t2 = skimage.filters.threshold_otsu(channel.astype(np.uint8))
        found = easy_gt(crop, weight=weight)
        np.testing.assert_array_equal(found.magenta, channel)
        assert found.t2 == t2
        values = channel.ravel()
        best = between(values, found.t_low, found.t_up)
        for low, up in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-5, 3), (8, -2), (20, 20)):
            if found.t_low + low < found.t_up + up:
                assert between(values, found.t_low + low, found.t_up + up) <= best * (1 + 1e-9)
        np.testing.assert_array_equal(found.mask, channel > weight * t2 + (1 - weight) * found.t_up)


def test_clean_is_what_the_paper_s_program_would_have_dropped(crops):
    for crop in crops:
        mask = easy_gt(crop).mask
        regions = skimage.measure.regionprops(skimage.measure.label(mask, connectivity=2))
        central = [r for r in regions if np.hypot(*(np.array(r.centroid) - 79.5)) <= 0.35 * 160]
        largest = max(region.area for region in central)
        expected = np.zeros_like(mask)
        for region in central:
            if region.area >= largest / 10:
                expected[tuple(region.coords.T)] = True
        holes = skimage.measure.regionprops(skimage.measure.label(~np.pad(expected, 1), connectivity=1))
        for hole in holes:
            if hole.bbox[0] > 0 and hole.area <= np.count_nonzero(mask & expected) // 100:
                expected[tuple(hole.coords.T - 1)] = True
        np.testing.assert_array_equal(easy_gt(crop, post="clean").mask, expected)


@pytest.mark.usefixtures("way")
def test_tavakoli_s_nucleus_is_what_the_paper_says(crops):
    kernel = np.exp(-(np.arange(-2.0, 3) ** 2) / (2 * 1.1**2))
    for crop in crops:
        balanced = float_balance(crop.astype(float))
        high, low = balanced.max(axis=2), balanced.min(axis=2)
        room = np.where(high + low < 255, high + low, 510 - high - low)
        saturation = np.rint(255 * (high - low) / np.maximum(room, 1))
        channel = float_magenta(balanced)
        stain = np.maximum(np.minimum(channel, saturation) - np.maximum(255 - high - channel, 0), 0)
        for axis in (0, 1):
            stain = scipy.ndimage.correlate1d(stain, kernel / kernel.sum(), axis=axis, mode="mirror")
        mask = np.rint(stain) >= skimage.filters.threshold_otsu(np.rint(stain).astype(np.uint8))
        found = tavakoli_parts(crop)
        outlines = [
            cv2.contourArea(outline)
            for outline in cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
        ]
        labels = skimage.measure.label(scipy.ndimage.binary_fill_holes(mask), connectivity=2)
        small = [r.label for r in skimage.measure.regionprops(labels) if r.area < max(outlines) / 20]
        assert dice(mask & ~np.isin(labels, small), found.nucleus) > 0.99
        corners = cv2.convexHull(cv2.findNonZero(found.nucleus.astype(np.uint8)))
        edges = np.abs(np.diff(np.concatenate([corners, corners[:1]])[:, 0], axis=0))
        on_edges = np.gcd(*edges.T).sum()
        assert np.count_nonzero(found.hull) == cv2.contourArea(corners) + on_edges / 2 + 1  # Pick's theorem
        assert (found.hull == (found.nucleus | found.rest)).all()
        assert not (found.nucleus & found.rest).any()
