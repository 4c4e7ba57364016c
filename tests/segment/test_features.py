from __future__ import annotations

import cv2
import numpy as np
import pytest
import skimage.measure
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from buffycoat.errors import InvalidMask, NothingFound, WrongArray
from buffycoat.imaging.color import gray_world
from buffycoat.segment.features import FEATURE_NAMES, extract_features, features_of
from buffycoat.segment.nucleus import segment_nucleus


def drawn_hull(mask: np.ndarray) -> list[list[bool]]:
    """Pixels whose centers are in the hull, one by one."""
    corners = cv2.convexHull(cv2.findNonZero(mask.astype(np.uint8)))
    height, width = mask.shape
    return [
        [cv2.pointPolygonTest(corners, (x, y), measureDist=False) >= 0 for x in range(width)] for y in range(height)
    ]


def named(vector: np.ndarray) -> dict[str, float]:
    return dict(zip(FEATURE_NAMES, vector.tolist(), strict=True))


def test_there_are_51_names_in_the_order_of_the_authors():
    assert len(FEATURE_NAMES) == len(set(FEATURE_NAMES)) == 51
    assert FEATURE_NAMES[:3] == ("rgb.r.nucleus.mean", "rgb.r.nucleus.std", "rgb.g.nucleus.mean")
    assert FEATURE_NAMES[24] == "rgb.r.rest.mean"
    assert FEATURE_NAMES[48:] == ("circularity", "convexity", "solidity")


def test_colors_are_ratios_to_the_hull(drawn):
    found = named(features_of(drawn.crop, drawn.nucleus))
    image = gray_world(drawn.crop)
    hull = np.array(drawn_hull(drawn.nucleus))
    spaces = {
        "rgb": image,
        "hsv": cv2.cvtColor(image, cv2.COLOR_RGB2HSV),
        "lab": cv2.cvtColor(image, cv2.COLOR_RGB2LAB),
        "ycrcb": cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb),
    }
    channels = {"rgb": "r g b", "hsv": "h s v", "lab": "l a b", "ycrcb": "y cr cb"}
    for space, pixels in spaces.items():
        for place, channel in enumerate(channels[space].split()):
            values = pixels[..., place].astype(float)
            for part, mask in (("nucleus", drawn.nucleus), ("rest", hull & ~drawn.nucleus)):
                where = f"{space}.{channel}.{part}"
                assert found[f"{where}.mean"] == pytest.approx(values[mask].mean() / values[hull].mean())
                assert found[f"{where}.std"] == pytest.approx(values[mask].std() / values[hull].std())


def test_shape_of_a_disc_and_of_two():
    crop = np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    ys, xs = np.mgrid[:300, :300]
    disc = (xs - 100) ** 2 + (ys - 150) ** 2 <= 60**2
    round_one = named(features_of(crop, disc))
    assert round_one["circularity"] == pytest.approx(1, abs=0.15)
    assert round_one["convexity"] == pytest.approx(1, abs=0.06)
    assert round_one["solidity"] == pytest.approx(1, abs=0.02)
    lobed = named(features_of(crop, disc | ((xs - 230) ** 2 + (ys - 150) ** 2 <= 60**2)))
    assert lobed["circularity"] == pytest.approx(2, abs=0.3)
    assert lobed["convexity"] == pytest.approx((2 * np.pi * 60 + 260) / (4 * np.pi * 60), abs=0.06)
    assert lobed["solidity"] == pytest.approx(2 * np.pi * 3600 / (np.pi * 3600 + 120 * 130), abs=0.02)


def test_shape_of_a_real_nucleus_is_near_that_of_scikit_image(raabin):
    nucleus = segment_nucleus(raabin["monocyte"])
    theirs = max(skimage.measure.regionprops(nucleus.astype(np.uint8)), key=lambda region: region.area)
    found = named(features_of(raabin["monocyte"], nucleus))
    assert found["solidity"] == pytest.approx(theirs.solidity, abs=0.02)
    assert found["circularity"] == pytest.approx(theirs.perimeter**2 / (4 * np.pi * theirs.area), rel=0.15)


def test_where_the_nucleus_fills_its_hull_all_ratios_are_one(drawn):
    square = np.zeros_like(drawn.nucleus)
    square[80:120, 80:120] = True
    assert features_of(drawn.crop, square)[:48].tolist() == [1.0] * 48


def test_flat_channels_give_no_nan():
    crop = np.full((40, 40, 3), 255, np.uint8)
    crop[10:30, 10:30] = 0
    lobes = np.zeros((40, 40), bool)
    lobes[10:14, 10:14] = lobes[24:28, 24:28] = True
    found = features_of(crop, lobes)
    assert found[:48].tolist() == [1.0] * 48


def test_a_single_pixel_and_a_line_are_measured():
    crop = np.random.default_rng(0).integers(0, 255, (20, 20, 3)).astype(np.uint8)
    one, line = np.zeros((20, 20), bool), np.zeros((20, 20), bool)
    one[5, 5] = line[7, 3:12] = True
    assert features_of(crop, one)[-3:].tolist() == [0.0, 1.0, 10.0]
    assert features_of(crop, line)[-2:].tolist() == [1.0, 10.0]


@settings(max_examples=60)
@given(
    arrays(np.uint8, (9, 9, 3), elements=st.sampled_from([0, 1, 90, 254, 255])),
    arrays(np.bool_, (9, 9)).filter(lambda mask: mask.any()),
)
def test_every_number_is_finite(crop, nucleus):
    found = features_of(crop, nucleus)
    assert found.shape == (51,)
    assert found.dtype == np.float64
    assert np.isfinite(found).all()
    assert (found >= 0).all()


def test_a_change_of_light_hardly_moves_them(raabin):
    crop = raabin["neutrophil"]
    nucleus = segment_nucleus(crop)
    dimmed = (crop * np.array([0.8, 0.9, 0.7])).astype(np.uint8)
    moved = np.abs(features_of(dimmed, nucleus) - features_of(crop, nucleus))
    assert np.median(moved) < 0.02


def test_extraction_is_segmentation_and_measuring(raabin):
    crop = raabin["eosinophil"]
    np.testing.assert_array_equal(extract_features(crop), features_of(crop, segment_nucleus(crop)))


def test_what_cannot_be_measured_is_refused(drawn):
    with pytest.raises(NothingFound):
        extract_features(np.full((50, 50, 3), 220, np.uint8))
    with pytest.raises(NothingFound):
        features_of(drawn.crop, np.zeros_like(drawn.nucleus))
    with pytest.raises(InvalidMask):
        features_of(drawn.crop, np.ones((4, 4), bool))
    with pytest.raises(WrongArray):
        features_of(drawn.crop[..., 0], drawn.nucleus)
