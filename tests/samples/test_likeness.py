"""Drawn cells look like cells: to a threshold, to registration, and beside real ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from buffycoat.domain.geometry import Box
from buffycoat.imaging.color import gray_world, magenta
from buffycoat.imaging.scale import red_cell_diameter


def _stained(crop):
    """What Otsu takes for nucleus in the magenta of the balanced crop."""
    channel = magenta(gray_world(np.ascontiguousarray(crop)))
    level, _ = cv2.threshold(channel, 0, 255, cv2.THRESH_OTSU)
    return channel > level


def _cut(image, box, margin):
    top, left = max(box.top - margin, 0), max(box.left - margin, 0)
    return image[top : box.bottom + margin, left : box.right + margin], left, top


def _medians(crop):
    """Median color of background, red cells and the largest nucleus of a crop with one cell in its middle."""
    crop = cv2.GaussianBlur(crop, (5, 5), 0)
    stained = _stained(crop)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(stained.astype(np.uint8))
    nucleus = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    side = crop.shape[0]
    far = cv2.dilate(nucleus.astype(np.uint8), np.ones((side // 5, side // 5))) == 0
    green, _ = cv2.threshold(crop[far][:, 1].reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
    return np.array(
        [
            np.median(crop[far & (crop[..., 1] > green)], axis=0),
            np.median(crop[far & (crop[..., 1] <= green) & ~stained], axis=0),
            np.median(crop[nucleus], axis=0),
        ]
    )


def _crops(smears, term):
    for smear in smears:
        if "-A" not in smear.code:
            continue
        for f in smear.fields:
            for cell in f.cells:
                box = Box.around(*cell.extent.center, 300)
                if cell.truth == term and not cell.cut and box.inside(1024, 768):
                    yield f.image[box.top : box.bottom, box.left : box.right]


def test_a_threshold_finds_the_nuclei_where_the_truth_says(smears):
    """Otsu on magenta, in a square of five red cells: the box of what it finds is the box of the nucleus."""
    overlaps: dict[str, list[float]] = {}
    for smear in smears:
        margin = round(10 / smear.micrometres_per_pixel)
        for f in smear.fields:
            for cell in f.cells:
                if not cell.cut and cell.nucleus is not None and cell.truth not in {"smudge", "basophil"}:
                    crop, left, top = _cut(f.image, cell.extent, margin)
                    found = _stained_box(crop, cell.extent, left, top)
                    overlaps.setdefault(cell.truth, []).append(found.iou(cell.nucleus) if found else 0.0)
    medians = {term: float(np.median(values)) for term, values in overlaps.items()}
    every = np.concatenate(list(overlaps.values()))
    assert min(medians.values()) > 0.7, medians
    assert np.median(every) > 0.95
    assert (every > 0.8).mean() > 0.95


def _stained_box(crop, extent, left, top):
    """Box, in the field, of the stained parts of a crop that lie in the cell."""
    _, labels, stats, centers = cv2.connectedComponentsWithStats(_stained(crop).astype(np.uint8))
    kept = [
        label
        for label in range(1, len(stats))
        if stats[label, cv2.CC_STAT_AREA] > 60 and extent.contains(*(centers[label] + [left, top]))
    ]
    rows, columns = np.nonzero(np.isin(labels, kept))
    if not len(rows):
        return None
    return Box(
        left=left + int(columns.min()),
        top=top + int(rows.min()),
        right=left + int(columns.max()) + 1,
        bottom=top + int(rows.max()) + 1,
    )


def test_nuclei_are_darker_and_bluer_than_what_surrounds_the_cell(smears):
    for smear in smears:
        for f in smear.fields:
            for cell in f.cells:
                if cell.cut or cell.nucleus is None:
                    continue
                n = cell.nucleus
                inner = f.image[n.top : n.bottom, n.left : n.right].reshape(-1, 3).astype(np.float64)
                wide, _, _ = _cut(f.image, cell.extent, 25)
                dark = inner[inner[:, 1] <= np.median(inner[:, 1])].mean(axis=0)
                around = np.concatenate([wide[:20].reshape(-1, 3), wide[-20:].reshape(-1, 3)]).mean(axis=0)
                assert dark[1] < 0.75 * around[1], (f.name, cell.physical_id)
                assert dark[2] / dark[1] > 1.25 * around[2] / around[1], (f.name, cell.physical_id)


def test_repeats_are_the_same_cell_photographed_again(smears):
    """Registered, a repeat correlates with its other picture; another cell of its kind does not."""
    same, other = [], []
    for smear in smears:
        pictures: dict[str, list] = {}
        for f in smear.fields:
            for cell in f.cells:
                clear = Box.around(*cell.extent.center, 140)
                if not cell.cut and clear.inside(f.image.shape[1], f.image.shape[0]):
                    wide, _, _ = _cut(f.image, clear, 0)
                    pictures.setdefault(cell.physical_id, []).append((cell.truth, wide))
        firsts = [views[0] for views in pictures.values()]
        for views in pictures.values():
            if len(views) == 2:
                (truth, a), (_, b) = views
                assert a.tobytes() != b.tobytes()
                same.append(_correlation(a, b))
                other += [_correlation(a, c) for kind, c in firsts if kind == truth and c is not a]
    assert len(same) >= 15
    assert min(same) > 0.96
    assert max(other) < 0.94


def _correlation(a, b):
    core = cv2.cvtColor(a, cv2.COLOR_RGB2GRAY)[8:-8, 8:-8]
    return float(cv2.matchTemplate(cv2.cvtColor(b, cv2.COLOR_RGB2GRAY), core, cv2.TM_CCOEFF_NORMED).max())


def test_the_setups_differ_in_mean_color(smears):
    means = np.array([np.mean([f.image.mean((0, 1)) for f in smear.fields], axis=0) for smear in smears])
    a, b = means[:3].mean(0), means[3:].mean(0)
    assert abs(a - b).max() > 10
    # Red over green tells the set-up of any single smear.
    ratio = means[:, 0] / means[:, 1]
    assert ratio[:3].min() > ratio[3:].max() + 0.05


@pytest.mark.parametrize(
    ("term", "folder"),
    [
        ("neutrophil.segmented", "neutrophil"),
        ("lymphocyte.large", "lymphocyte"),
        ("monocyte", "monocyte"),
        ("eosinophil", "eosinophil"),
    ],
)
def test_colors_are_those_of_real_crops(data: Path, smears, term, folder):
    files = sorted((data / "raabin_crops" / "crops" / folder).glob("*.jpg"))[::5]
    real = np.median([_medians(cv2.imread(str(file))[..., ::-1]) for file in files], axis=0)
    drawn = np.median([_medians(crop) for crop in _crops(smears, term)], axis=0)
    assert abs(real - drawn).max() < 30


def test_basophils_are_dark_all_over(smears):
    """As on real ones, the granules hide the nucleus: the threshold takes the whole cell."""
    for crop in _crops(smears, "basophil"):
        assert _stained(crop)[110:190, 110:190].mean() > 0.55


@pytest.mark.parametrize("number", range(5))
def test_red_cells_measure_what_the_scale_says(smears, number):
    smear = smears[number]
    measured = [red_cell_diameter(f.image) * smear.micrometres_per_pixel for f in smear.fields[:3]]
    assert 7.0 < float(np.median(measured)) < 8.2
