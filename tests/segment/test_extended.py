from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from buffycoat.errors import InputError, InvalidMask, NothingFound, WrongArray
from buffycoat.segment import EXTENDED_NAMES, FEATURE_NAMES, FEATURES, Surroundings, segment_cell, segment_nucleus
from buffycoat.segment.features.extended import extended_features_of
from buffycoat.segment.features.lobes import count_lobes
from buffycoat.segment.features.surroundings import optical_density, surroundings_of

FIELD = Surroundings(glass=(235, 228, 220), red_cells=(200, 150, 145), red_cell_px=60)


def discs(side: int, *circles: tuple[float, float, float]) -> np.ndarray:
    ys, xs = np.mgrid[:side, :side]
    return np.any([(xs - x) ** 2 + (ys - y) ** 2 <= radius**2 for x, y, radius in circles], axis=0)


def named(crop: np.ndarray, nucleus: np.ndarray, cell: np.ndarray, field: Surroundings = FIELD) -> dict[str, float]:
    found = extended_features_of(crop, nucleus, cell, surroundings=field)
    return dict(zip(EXTENDED_NAMES, found.tolist(), strict=True))


# ---------------------------------------------------------------- the table


def test_the_table_has_every_feature_in_order_with_formula_unit_and_source():
    assert tuple(feature.name for feature in FEATURES) == (*FEATURE_NAMES, *EXTENDED_NAMES)
    assert all(feature.formula and feature.unit in {"1", "count", "degree"} for feature in FEATURES)
    assert {feature.source for feature in FEATURES[:51]} == {"Tavakoli et al. 2021"}
    assert FEATURES[0].formula == "mean_N(c) / mean_H(c), c = R of RGB, 8 bits"
    assert FEATURES[25].formula == "std_R(c) / std_H(c), c = R of RGB, 8 bits"


# ---------------------------------------------------------------- shape


@pytest.mark.parametrize("scale", [0.5, 1, 3])
@pytest.mark.parametrize(
    ("circles", "lobes"),
    [
        ([(60, 60, 40)], 1),
        ([(45, 60, 22), (85, 60, 22)], 2),
        ([(30, 40, 16), (62, 40, 16), (62, 72, 16)], 3),
        ([(25, 30, 14), (60, 30, 14), (95, 30, 14), (60, 90, 14), (25, 90, 14)], 5),
        ([(50, 60, 30), (62, 60, 30)], 1),  # a shallow bay
        ([(60, 60, 40), (112, 112, 3)], 1),  # a speck
    ],
)
def test_lobes_of_drawn_nuclei(circles, lobes, scale):
    drawn = discs(round(120 * scale), *((x * scale, y * scale, r * scale) for x, y, r in circles))
    assert count_lobes(drawn) == lobes


def test_a_bent_band_is_one_lobe_and_nothing_is_none():
    band = np.zeros((100, 100), np.uint8)
    cv2.ellipse(band, (50, 50), (30, 30), 0, 0, 200, 1, 16)
    assert count_lobes(band.astype(bool)) == 1
    assert count_lobes(np.zeros((9, 9), bool)) == 0
    assert count_lobes(np.ones((1, 1), bool)) == 1


def test_shape_of_a_drawn_cell():
    nucleus, cell = discs(240, (130, 120, 30)), discs(240, (120, 120, 60))
    found = named(np.full((240, 240, 3), 200, np.uint8), nucleus, cell)
    assert found["lobes"] == 1
    assert found["nc_ratio"] == pytest.approx(nucleus.sum() / cell.sum())
    assert found["nucleus.offset"] == pytest.approx(10 / 60, rel=0.01)
    assert found["nucleus.elongation"] == pytest.approx(0, abs=0.1)
    assert found["cell.size"] == pytest.approx(120 / 60, rel=0.01)
    assert found["cell.circularity"] == pytest.approx(1, abs=0.15)


def test_an_ellipse_is_as_long_as_it_is():
    nucleus = np.zeros((200, 200), np.uint8)
    cv2.ellipse(nucleus, (100, 100), (80, 40), 30, 0, 360, 1, -1)
    nucleus = nucleus.astype(bool)
    found = named(np.full((200, 200, 3), 200, np.uint8), nucleus, nucleus)
    assert found["nucleus.elongation"] == pytest.approx(np.sqrt(1 - 0.25), abs=0.01)


# ---------------------------------------------------------------- color


def test_color_of_a_drawn_cell_is_the_formula():
    crop = np.full((100, 100, 3), (235, 228, 220), np.uint8)
    nucleus, cell = discs(100, (50, 50, 15)), discs(100, (50, 50, 35))
    crop[cell], crop[nucleus] = (205, 160, 150), (110, 45, 150)
    found = named(crop, nucleus, cell)
    glass, red = np.array([235.0, 228, 220]), np.log10(np.array([236, 229, 221]) / np.array([201, 151, 146]))

    def hue(color: np.ndarray) -> float:
        return float(np.degrees(np.arctan2(np.sqrt(3) * (color[1] - color[2]), 2 * color[0] - color[1] - color[2])))

    for part, color in (("nucleus", (110, 45, 150)), ("cytoplasm", (205, 160, 150))):
        density = np.log10((glass + 1) / (np.array(color) + 1))
        assert found[f"{part}.density"] == pytest.approx(density.mean() / red.mean(), rel=1e-5)
        assert found[f"{part}.hue"] == pytest.approx((hue(density) - hue(red) + 180) % 360 - 180, abs=1e-3)
        gray = np.linalg.norm(density - density.mean()) / np.linalg.norm(density)
        assert found[f"{part}.purity"] == pytest.approx(gray, rel=1e-5)
        assert found[f"{part}.granularity"] == pytest.approx(0, abs=1e-6)
    assert found["cytoplasm.reddish"] == 1
    assert found["cytoplasm.dark"] == 0


def test_granules_and_dark_granules_are_seen():
    rng = np.random.default_rng(3)
    smooth = np.full((200, 200, 3), (205, 175, 205), np.uint8)
    nucleus, cell = discs(200, (100, 100, 35)), discs(200, (100, 100, 80))
    smooth[nucleus] = (110, 45, 150)
    granular = smooth.copy()
    for x, y in rng.integers(20, 180, (150, 2)):
        cv2.circle(granular, (int(x), int(y)), 3, (80, 30, 120), -1)
    granular[nucleus | ~cell] = smooth[nucleus | ~cell]
    one, other = named(smooth, nucleus, cell), named(granular, nucleus, cell)
    assert one["cytoplasm.granularity"] < 1e-5
    assert other["cytoplasm.granularity"] > 0.05
    share = (granular[cell & ~nucleus] == (80, 30, 120)).all(axis=1).mean()
    assert other["cytoplasm.dark"] == pytest.approx(share)
    assert one["cytoplasm.dark"] == 0


def test_another_lamp_and_another_size_hardly_move_them(raabin):
    crop = raabin["eosinophil"]
    nucleus = segment_nucleus(crop)
    cell = segment_cell(crop, nucleus=nucleus)
    first = named(crop, nucleus, cell, surroundings_of(crop, red_cell_px=200, cells=cell))
    lamp = (crop * np.array([0.85, 0.95, 0.75])).astype(np.uint8)
    second = named(lamp, nucleus, cell, surroundings_of(lamp, red_cell_px=200, cells=cell))
    small, small_nucleus, small_cell = (
        cv2.resize(part, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        for part in (crop, nucleus.astype(np.uint8), cell.astype(np.uint8))
    )
    small_nucleus, small_cell = small_nucleus.astype(bool), (small_cell | small_nucleus).astype(bool)
    field = surroundings_of(small, red_cell_px=100, cells=small_cell)
    third = named(small, small_nucleus, small_cell, field)
    for name in EXTENDED_NAMES:
        allowed = 6 if name.endswith("hue") else 0.08
        assert second[name] == pytest.approx(first[name], abs=allowed), name
        assert third[name] == pytest.approx(first[name], abs=allowed), name


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.uint8, (9, 9, 3), elements=st.sampled_from([0, 1, 90, 254, 255])),
    arrays(np.bool_, (9, 9)).filter(lambda mask: mask.any()),
    arrays(np.bool_, (9, 9)),
    st.sampled_from([(0.0, 0.0, 0.0), (255.0, 0.0, 90.0), (255.0, 255.0, 255.0)]),
)
def test_every_number_is_finite(crop, nucleus, cytoplasm, color):
    field = Surroundings(glass=(255, 255, 255), red_cells=color, red_cell_px=3)
    found = extended_features_of(crop, nucleus, nucleus | cytoplasm, surroundings=field)
    assert found.shape == (len(EXTENDED_NAMES),)
    assert np.isfinite(found).all()


def test_what_cannot_be_measured_is_refused(drawn):
    for nucleus, cell, error in (
        (np.zeros_like(drawn.nucleus), drawn.cell, NothingFound),
        (drawn.cell, drawn.nucleus, InvalidMask),
        (drawn.nucleus[1:], drawn.cell, InvalidMask),
    ):
        with pytest.raises(error):
            extended_features_of(drawn.crop, nucleus, cell, surroundings=FIELD)
    with pytest.raises(WrongArray):
        extended_features_of(drawn.crop[..., 0], drawn.nucleus, drawn.cell, surroundings=FIELD)


# ---------------------------------------------------------------- surroundings


def test_surroundings_are_the_colors_of_glass_and_red_cells(drawn):
    found = surroundings_of(drawn.crop, red_cell_px=60, cells=drawn.cell)
    np.testing.assert_allclose(found.glass, (235, 228, 220), atol=2)
    np.testing.assert_allclose(found.red_cells, (200, 150, 145), atol=3)


def test_padding_is_no_glass(drawn):
    padded = np.full((400, 240, 3), 255, np.uint8)
    padded[:240] = drawn.crop
    np.testing.assert_allclose(surroundings_of(padded, red_cell_px=60).glass, (235, 228, 220), atol=2)


def test_no_surroundings_are_refused(drawn):
    grain = np.random.default_rng(0).integers(222, 226, (60, 60, 3)).astype(np.uint8)
    for image in (np.full((60, 60, 3), 220, np.uint8), np.full((60, 60, 3), 255, np.uint8), drawn.crop[:8, :8], grain):
        with pytest.raises(NothingFound):
            surroundings_of(image, red_cell_px=60)
    with pytest.raises(NothingFound):
        surroundings_of(drawn.crop, red_cell_px=60, cells=np.ones_like(drawn.cell))
    with pytest.raises(InvalidMask):
        surroundings_of(drawn.crop, red_cell_px=60, cells=drawn.cell[1:])
    for wrong in (0, -3, float("nan"), float("inf")):
        with pytest.raises(InputError):
            surroundings_of(drawn.crop, red_cell_px=wrong)
    with pytest.raises(InputError):
        Surroundings(glass=(300, 0, 0), red_cells=(0, 0, 0), red_cell_px=1)


def test_density_is_a_logarithm():
    assert optical_density(np.array([99.0]), np.array([199.0]))[0] == pytest.approx(np.log10(2))
