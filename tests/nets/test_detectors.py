"""Detectors learn from boxes, the same way twice, in slices, and run without torch as they run with it."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import nms

from buffycoat.detect.network import NetworkDetector, without_doubles
from buffycoat.domain.cell import FoundBy
from buffycoat.errors import Conflict, InputError, TooFew, UnreadableFile, UnreadableFormat
from buffycoat.formats.detector_file import DetectorFacts
from buffycoat.metrics.average_precision import corners, overlap_matrix
from buffycoat.nets.backbones import FeatureMap, feature_map
from buffycoat.nets.detector_export import export_detector
from buffycoat.nets.detector_training import score_detector, train_detector
from buffycoat.nets.detectors import look
from buffycoat.nets.one_stage import OneStage, assign
from buffycoat.nets.training_plan import TrainingPlan
from buffycoat.nets.two_stage import TwoStage


def facts(**changes) -> DetectorFacts:
    usual = {
        "red_cell_px": 18.0,
        "score_threshold": 0.3,
        "architecture": "one-stage",
        "backbone": "shufflenet-v2",
        "trained_on": "drawn fields, boxes as drawn",
        "weights_license": "none: random weights",
    }
    return DetectorFacts(**{**usual, **changes})


def small_features() -> FeatureMap:
    """Three plain steps in place of a backbone: quick to export."""
    torch.manual_seed(0)
    stages = torch.nn.ModuleList(
        [torch.nn.Conv2d(3, 8, 8, 8), torch.nn.Conv2d(8, 8, 2, 2), torch.nn.Conv2d(8, 8, 2, 2)]
    )
    light = {"mean": (120.0, 120.0, 120.0), "deviation": (60.0, 60.0, 60.0)}
    return FeatureMap(stages, (8, 8, 8), 8, light)


def test_loss_falls_and_a_drawn_field_is_learned_in_one_stage(one_stage, draw):
    losses = [step.loss for step in one_stage.history]
    assert np.mean(losses[-4:]) < 0.75 * np.mean(losses[:4])
    score = score_detector(one_stage.detector, [draw(0)], red_cell_px=18)
    assert score.ap50 == 1.0
    boxes, scores = look(one_stage.detector, draw(0).image)
    assert scores[0] > 0.3
    assert overlap_matrix(corners(draw(0).boxes), boxes)[0, 0] > 0.5


def test_loss_falls_and_a_drawn_field_is_learned_by_faster_rcnn(two_stage, draw):
    losses = [step.loss for step in two_stage.history]
    assert np.mean(losses[-4:]) < 0.8 * np.mean(losses[:4])
    assert score_detector(two_stage.detector, [draw(0)], red_cell_px=18).ap50 == 1.0


def test_the_chosen_epoch_is_the_best_one_looked_at(one_stage):
    merit = {step.epoch: step.ap50 + step.ap50_95 for step in one_stage.history if step.ap50 is not None}
    assert sorted(merit) == [4, 8, 12, 16]
    assert one_stage.chosen == max(merit, key=lambda epoch: (merit[epoch], -epoch))


def test_a_training_in_slices_is_the_training_in_one_go(draw, plan):
    fields, held = [draw(seed) for seed in range(6)], [draw(9)]
    whole = train_detector(fields, held, plan=plan())
    told = []
    part = train_detector(fields, held, plan=plan(), epochs_now=1, progress=told.append)
    assert [(step.epoch, step.epochs) for step in told] == [(1, 4)]
    rest = train_detector(fields, held, plan=plan(), resume=part.checkpoint)
    assert whole.history == rest.history
    assert whole.chosen == rest.chosen
    assert whole.checkpoint == rest.checkpoint == b""
    for name, tensor in whole.detector.state_dict().items():
        assert torch.equal(tensor, rest.detector.state_dict()[name]), name


def test_the_same_seed_gives_the_same_faster_rcnn_and_torchs_own_state_is_left_alone(draw, plan):
    asked = plan(architecture="faster-rcnn", backbone="mobilenet-v2", epochs=1)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    one, same = (train_detector([draw(1), draw(2)], plan=asked) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads
    assert one.history == same.history
    other = train_detector(
        [draw(1), draw(2)], plan=plan(architecture="faster-rcnn", backbone="mobilenet-v2", epochs=1, seed=4)
    )
    assert other.history != one.history


@pytest.fixture(scope="module", params=[OneStage, TwoStage])
def exported(request):
    """A small detector of each kind with its file."""
    detector = request.param(small_features()).eval()
    return detector, export_detector(detector, facts())


def test_onnx_gives_what_torch_gives_on_fields_of_any_size(exported):
    detector, content = exported
    assert b"/tests/" not in content  # nothing of where it was made
    assert b"site-packages" not in content
    network = NetworkDetector.from_bytes(content)
    rng = np.random.default_rng(0)
    for height, width in ((32, 64), (288, 512), (416, 320)):
        pixels = rng.uniform(0, 255, (1, 3, height, width)).astype(np.float32)
        with torch.inference_mode():
            boxes, scores = detector(torch.from_numpy(pixels))
        ours = network.run(pixels)
        assert np.abs(ours[0] - boxes.numpy()).max() < 1e-3
        assert np.abs(ours[1] - scores.numpy()).max() < 1e-5
        assert len(scores) == (256 if isinstance(detector, TwoStage) else height * width // 64)


def test_the_exported_file_finds_what_the_detector_finds(exported, draw):
    detector, content = exported
    network = NetworkDetector.from_bytes(content)
    assert network.facts == facts()
    image = draw(0).image
    boxes, scores = look(detector, image, least_score=1e-6)
    found = network.look(image, red_cell_px=18, least_score=1e-6)
    assert len(found) == len(boxes) > 3
    for (box, score), theirs, sure in zip(found, boxes, scores, strict=True):
        assert np.abs(np.array([box.left, box.top, box.right, box.bottom]) - theirs).max() <= 0.51
        assert score == pytest.approx(float(sure), abs=1e-4)
    assert {one.found_by for one in network.find(image, micrometres_per_pixel=7.5 / 18, least_score=0)} == {
        FoundBy.NETWORK
    }


def test_torchvision_trains_what_we_look_with(two_stage, draw):
    # torchvision's own way through the network, with suppression of regions, finds the same best box
    field = draw(0)
    network = two_stage.detector.network
    image = torch.from_numpy(field.image.transpose(2, 0, 1)[None].astype(np.float32))
    network.eval()
    with torch.inference_mode():
        maps = {"0": network.backbone(image)}
        sizes = [(64, 64)]
        regions, _ = network.rpn(ImageList(image, sizes), maps)
        [theirs], _ = network.roi_heads(maps, regions, sizes)
        boxes, scores = two_stage.detector(image)
    best = int(scores.argmax())
    assert torch.allclose(theirs["boxes"][0], boxes[best].clamp(0, 64), atol=1.0)
    assert float(theirs["scores"][0]) == pytest.approx(float(scores[best]), abs=0.02)


def test_places_answer_for_the_cell_that_they_lie_in():
    places = torch.tensor([[4.0, 4.0], [12.0, 4.0], [60.0, 60.0], [90.0, 4.0]])
    true = torch.tensor([[0.0, 0.0, 20.0, 20.0], [50.0, 50.0, 70.0, 70.0]])
    boxes = torch.tensor([[0.0, 0, 20, 20], [0, 0, 20, 10], [50, 50, 70, 65], [0, 0, 20, 20]])
    owner, target = assign(boxes, torch.tensor([0.5, 0.5, 0.5, 0.9]), places, true)
    assert owner.tolist() == [0, 0, 1, -1]
    assert target[0] == pytest.approx(1.0)  # fits fully
    assert target[1] == pytest.approx(0.5**4, abs=1e-6)
    assert target[2] == pytest.approx(0.75)  # the best of its cell has its overlap
    assert target[3] == 0


def test_bad_plans_fields_and_checkpoints_are_refused(draw, plan):
    with pytest.raises(TooFew, match="no cell to learn from"):
        train_detector([draw(0, cells=0)], plan=plan())
    for change in ({"window_px": 65}, {"epochs": 0}, {"channels": 12}, {"rate": -1.0}):
        with pytest.raises(InputError, match=next(iter(change))):
            plan(**change)
    with pytest.raises(InputError, match="no such detector"):
        train_detector([draw(0)], plan=plan(architecture="yolo"))
    with pytest.raises(InputError, match="no such backbone"):
        train_detector([draw(0)], plan=plan(backbone="vgg"))
    with pytest.raises(UnreadableFormat, match="no checkpoint"):
        train_detector([draw(0)], plan=plan(), resume=b"something else")
    part = train_detector([draw(0)], plan=plan(), epochs_now=1)
    with pytest.raises(Conflict, match="of another training: seed"):
        train_detector([draw(0)], plan=plan(seed=5), resume=part.checkpoint)


def test_pretrained_weights_are_read_and_foreign_ones_refused(data, tmp_path):
    # the weights lie beside the data sets
    folder = data.parent / "weights"
    shufflenet = folder / "shufflenet_v2_x1_0_nanodet" / "shufflenet_v2_x1_0_nanodet_backbone.safetensors"
    mobilenet = folder / "mobilenet_v2" / "mobilenet_v2_features.safetensors"
    pixels = torch.full((1, 3, 64, 64), 128.0)
    for backbone, path in (("shufflenet-v2", shufflenet), ("mobilenet-v2", mobilenet)):
        features = feature_map(backbone, weights=path, channels=16).eval()
        with torch.inference_mode():
            assert features(pixels).shape == (1, 16, 8, 8)
    with pytest.raises(InputError, match="weights of another network"):
        feature_map("mobilenet-v2", weights=shufflenet, channels=16)
    with pytest.raises(InputError, match="torchvision has no ShuffleNetV2 of this kind"):
        feature_map("shufflenet-v2", weights="download", channels=16)
    with pytest.raises(UnreadableFile, match=r"nowhere\.safetensors cannot be read"):
        feature_map("shufflenet-v2", weights=tmp_path / "nowhere.safetensors", channels=16)
    table = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    for content in (b"", b"text", struct.pack("<Q", len(table)) + table + b"123", struct.pack("<Q", 2) + b"[]"):
        broken = tmp_path / "broken.safetensors"
        broken.write_bytes(content)
        with pytest.raises(UnreadableFormat, match="holds no weights"):
            feature_map("shufflenet-v2", weights=broken, channels=16)


def test_a_plan_has_sound_defaults():
    assert TrainingPlan().window_px % 32 == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 30))
def test_suppression_is_that_of_torchvision(seed, count):
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 50, (count, 2))
    boxes = np.concatenate([start, start + rng.uniform(10, 40, (count, 2))], axis=1).astype(np.float32)
    scores = rng.permutation(count).astype(np.float32) / 31
    theirs = nms(torch.from_numpy(boxes), torch.from_numpy(scores), 0.4)
    assert without_doubles(boxes, scores, 0.4).tolist() == theirs.tolist()
