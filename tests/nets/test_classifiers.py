"""The nine networks: built as torchvision has them, begun from a file or from nothing, and the same without torch."""

from __future__ import annotations

import pickle
import re

import numpy as np
import onnxruntime
import pytest
import torch

from buffycoat.errors import DownloadFailed, InputError, NotFound, UnreadableFile, UnreadableFormat
from buffycoat.learn.recipe import read_recipe
from buffycoat.nets.classifier_export import export_classifier
from buffycoat.nets.classifier_plan import LabeledCrops
from buffycoat.nets.classifier_training import predict_probabilities
from buffycoat.nets.classifier_weights import find_weights
from buffycoat.nets.classifiers import NETWORKS, build_classifier


def test_the_nine_are_those_of_the_recipe_in_the_order_of_the_rows():
    assert tuple(NETWORKS) == read_recipe("paper-2022").networks
    assert [each.title for each in NETWORKS.values()] == [
        "VGG16",
        "ResNet18",
        "ResNet34",
        "ResNet50",
        "ResNeXt50",
        "DenseNet121",
        "MobileNet-V2",
        "MnasNet1",
        "ShuffleNet-V2",
    ]


@pytest.mark.parametrize("name", NETWORKS)
def test_all_but_the_last_layer_is_torchvisions_network(name):
    with torch.device("meta"):
        made = build_classifier(name, classes=5)
    last = made.network.get_submodule(NETWORKS[name].last)
    assert (type(last), last.out_features) == (torch.nn.Linear, 5)
    theirs = NETWORKS[name].weights.meta["num_params"]
    ours = sum(tensor.numel() for tensor in made.parameters())
    assert theirs - ours == (1000 - 5) * (last.in_features + 1)
    norms = {layer.momentum for layer in made.modules() if isinstance(layer, torch.nn.BatchNorm2d)} or {1.0}
    assert norms == {NETWORKS[name].norm_memory}


def saved(name, folder, file, rename=lambda key: key):
    torch.manual_seed(1)
    tensors = NETWORKS[name].build(weights=None).state_dict()
    torch.save({rename(key): tensor for key, tensor in tensors.items()}, folder / file)
    return tensors


def old_name(key):
    """As the files of torchvision spell DenseNet's layers to this day."""
    return re.sub(r"(denselayer\d+\.(?:norm|conv))([12]\.)", r"\1.\2", key)


@pytest.mark.parametrize(
    ("name", "file", "rename"),
    [
        ("shufflenet-v2", "shufflenetv2_x1-5666bf0f80.pth", str),
        ("mnasnet1", "mnasnet1.0_top1_73.512-f206786ef8.pth", str),
        ("densenet121", "densenet121-a639ec97.pth", old_name),
        ("mobilenet-v2", "mobilenet-v2.pt", str),
    ],
)
def test_a_file_of_torchvision_begins_all_but_the_last_layer(name, file, rename, tmp_path):
    theirs = saved(name, tmp_path, file, rename)
    found = find_weights(name, [tmp_path, "scratch"])
    assert (found.weights, found.origin.split(",")[0]) == ("ImageNet", file)
    ours = build_classifier(name, classes=5, weights=found.tensors).network.state_dict()
    last = NETWORKS[name].last
    assert {key for key in theirs if not torch.equal(ours[key], theirs[key])} == {f"{last}.weight", f"{last}.bias"}


def test_what_no_file_has_is_trained_from_scratch_only_where_that_was_said(tmp_path):
    saved("shufflenet-v2", tmp_path, "shufflenetv2_x1-5666bf0f80.pth")
    for name in ("resnet18", "mobilenet-v2"):
        with pytest.raises(NotFound, match="no ImageNet weights") as refused:
            find_weights(name, [tmp_path])
        assert "scratch" in refused.value.hint
    found = find_weights("resnet18", [tmp_path, "scratch"])
    assert (found.tensors, found.weights, found.origin) == (None, "from scratch", "")


def test_weights_of_another_network_or_none_are_refused(tmp_path):
    saved("shufflenet-v2", tmp_path, "mnasnet1-wrong.pth")
    with pytest.raises(InputError, match="another network than MnasNet1"):
        find_weights("mnasnet1", [tmp_path])
    (tmp_path / "mnasnet1-more.pth").write_bytes(b"")
    with pytest.raises(InputError, match="several files"):
        find_weights("mnasnet1", [tmp_path])
    with pytest.raises(UnreadableFormat):
        find_weights("mnasnet1", [tmp_path / "mnasnet1-more.pth"])
    with pytest.raises(UnreadableFile):
        find_weights("mnasnet1", [tmp_path / "nowhere"])
    with pytest.raises(InputError, match="no such network"):
        build_classifier("resnet19", classes=5)
    with pytest.raises(InputError, match="classes"):
        build_classifier("resnet18", classes=1)


class Program:
    """What a foreign file might do."""

    def __reduce__(self):
        return print, ("it ran",)


def test_a_file_that_holds_a_program_does_not_run_it(tmp_path, capsys):
    (tmp_path / "resnet18-bad.pth").write_bytes(pickle.dumps({"fc.weight": Program()}))
    with pytest.raises(UnreadableFormat):
        find_weights("resnet18", [tmp_path])
    assert "it ran" not in capsys.readouterr().out


def test_a_download_that_fails_says_what_else_can_be_done(monkeypatch):
    def fail(*_given, **_named):
        raise OSError("no network")

    monkeypatch.setattr(type(NETWORKS["resnet18"].weights), "get_state_dict", fail)
    with pytest.raises(DownloadFailed, match="ResNet18") as refused:
        find_weights("resnet18", ["download"])
    assert "--weights" in refused.value.hint


@pytest.mark.parametrize("name", ["resnet18", "shufflenet-v2"])  # all nine: bench/learn_networks.py
def test_without_torch_it_answers_the_same(name):
    torch.manual_seed(2)
    network = build_classifier(name, classes=5)
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (7, 64, 64, 3), np.uint8)
    theirs = predict_probabilities(network, LabeledCrops(read=pictures.__getitem__, labels=(0,) * 7))
    session = onnxruntime.InferenceSession(export_classifier(network, {"classes": "a,b"}, size=64))
    given = {"crops": pictures.transpose(0, 3, 1, 2).astype(np.float32)}
    ours, logits = session.run(["probabilities", "logits"], given)
    assert np.abs(ours - theirs).max() < 1e-4
    assert ours.sum(axis=1) == pytest.approx(np.ones(7), abs=1e-5)
    assert (logits.argmax(axis=1) == theirs.argmax(axis=1)).all()
    assert session.get_modelmeta().custom_metadata_map["classes"] == "a,b"
