"""The network of nucleus and cell: its variation, its training, its file."""

from __future__ import annotations

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from buffycoat.errors import InputError, TooFew
from buffycoat.nets.segmenter import Segmenter, parameter_count
from buffycoat.nets.segmenter_export import export_segmenter
from buffycoat.nets.segmenter_training import SegmenterPlan, train_segmenter
from buffycoat.nets.segmenter_variation import DrawnCell, Palette, varied_cell

GLASS = (235.0, 230.0, 228.0)


def cell(seed: int) -> DrawnCell:
    """A violet cell 96 pixels wide with a dark nucleus, among red cells."""
    rng = np.random.default_rng(seed)
    image = np.full((288, 288, 3), GLASS, np.uint8)
    for x, y in rng.integers(0, 288, (8, 2)):
        cv2.circle(image, (int(x), int(y)), 30, (222, 160, 158), -1)
    nucleus, whole = np.zeros((2, 288, 288), np.uint8)
    cv2.circle(whole, (144, 144), 48, 255, -1)
    cv2.ellipse(nucleus, (144, 144), (32, 20), float(rng.integers(180)), 0, 360, 255, -1)
    image[whole > 0] = (196, 176, 214)
    image[nucleus > 0] = (92, 50, 130)
    return DrawnCell(image=image, nucleus=nucleus, cell=whole, glass=GLASS)


@pytest.fixture(scope="module")
def tiny() -> Segmenter:
    plan = SegmenterPlan(steps=160, batch=8, sides=(32,), rate=1e-2, widths=(8, 12, 16, 16, 16), seed=1)
    return train_segmenter([[cell(number) for number in range(6)]], plan=plan)


def test_variation_keeps_the_nucleus_in_the_cell_and_depends_on_the_seed_only():
    cells = [cell(0), cell(1)]
    palettes = [Palette.of(np.full((8, 8, 3), (180, 150, 90), np.uint8))]
    for seed in range(40):
        shown, masks = varied_cell(
            cells[0], side=64, rng=np.random.default_rng(seed), neighbors=cells, palettes=palettes
        )
        again, same = varied_cell(
            cells[0], side=64, rng=np.random.default_rng(seed), neighbors=cells, palettes=palettes
        )
        assert shown.shape == (64, 64, 3)
        assert shown.dtype == np.uint8
        assert np.array_equal(shown, again)
        assert np.array_equal(masks, same)
        assert (masks[0] <= masks[1] + 0.02).all()


def test_variation_moves_picture_and_masks_together():
    for seed in range(40):
        shown, masks = varied_cell(cell(0), side=64, rng=np.random.default_rng(seed))
        inside, outside = shown[masks[0] > 0.9], shown[(masks[1] < 0.1) & (shown < 255).any(axis=2)]
        if len(inside) > 20 and len(outside) > 20:
            assert inside[:, 1].mean() < outside[:, 1].mean()


def test_it_learns_to_draw(tiny):
    shown, masks = varied_cell(cell(9), side=32, rng=np.random.default_rng(3))
    with torch.inference_mode():
        found = tiny(torch.from_numpy(shown).permute(2, 0, 1)[None].float())[0].numpy() > 0
    for truth, drawn in zip(masks > 0.5, found, strict=True):
        assert 2 * (truth & drawn).sum() / (truth.sum() + drawn.sum()) > 0.7


def test_the_same_plan_gives_the_same_network(tiny):
    plan = SegmenterPlan(steps=3, batch=2, sides=(32,), widths=(4, 4, 4, 4, 4))
    one, other = (train_segmenter([[cell(0)]], plan=plan).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_file_gives_what_torch_gives(tiny):
    content = export_segmenter(tiny, {"made": "of drawn cells"})
    assert onnx.load_from_string(content).metadata_props[0].value == "of drawn cells"
    assert len(content) < 4 * parameter_count(tiny) + 60_000
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    for rows, columns in ((32, 48), (64, 64)):
        pixels = np.random.default_rng(0).uniform(0, 255, (1, 3, rows, columns)).astype(np.float32)
        with torch.inference_mode():
            asked = tiny(torch.from_numpy(pixels)).sigmoid().numpy()
        assert np.abs(session.run(None, {"crop": pixels})[0] - asked).max() < 0.02


@pytest.mark.parametrize("changes", [{"steps": 0}, {"batch": 0}, {"sides": ()}, {"sides": (40, 100)}])
def test_plans_that_are_none_are_refused(changes):
    with pytest.raises(InputError):
        SegmenterPlan(**changes)


def test_no_cell_to_learn_from():
    with pytest.raises(TooFew):
        train_segmenter([[cell(0)], []], plan=SegmenterPlan(steps=1))
