"""A classifier of one's own is asked as its card says, and one that does not fit its card is refused when it is read."""

from __future__ import annotations

import json

import numpy as np
import own_models
import pytest

from buffycoat.errors import DigestMismatch, UnreadableFile, UnreadableFormat, WrongArray
from buffycoat.learn.own_model import CropClassifier, read_card
from buffycoat.workflows.classifying import classify, read_classifier, said_of

REDDER, BLUER, GREENER = [8.0, 0.0, -8.0], [-8.0, 0.0, 8.0], [-8.0, 16.0, -8.0]
TERMS = ["eosinophil", "neutrophil.band", "neutrophil.band"]
NETWORK = own_models.network([REDDER, BLUER, GREENER])


def plain(red: int, green: int, blue: int, side: int = 50) -> np.ndarray:
    return np.full((side, side, 3), (red, green, blue), np.uint8)


def classifier(content: bytes = NETWORK, **facts) -> CropClassifier:
    told = own_models.card(content, facts.pop("classes", TERMS), **facts)
    return CropClassifier(content, read_card(json.dumps(told).encode(), name="mine.json"))


def test_answers_of_one_term_are_added_and_the_order_is_that_of_the_crops():
    made = classifier()
    assert made.facts.classes == ("eosinophil", "neutrophil.band")
    crops = [plain(200, 60, 60), plain(60, 60, 200, side=20), plain(128, 128, 128)]
    chances = made.of_crops(crops)
    assert chances.shape == (3, 2)
    assert chances.sum(axis=1) == pytest.approx(1)
    assert chances[0, 0] > 0.9
    assert chances[1, 0] < 0.1
    assert chances[2] == pytest.approx([1 / 3, 2 / 3], abs=1e-5)
    assert said_of(chances, made) == ("eosinophil", "neutrophil.band", "neutrophil.band")
    assert classify(crops * 7, made, threads=2) == pytest.approx(np.tile(chances, (7, 1)))
    assert classify([], made).shape == (0, 2)


def test_colors_are_brought_to_what_the_network_was_trained_with():
    seen = classifier(own_models.network([[1, 0, 0], [0, 1, 0]]), classes=["monocyte", "basophil"])
    told = classifier(
        own_models.network([[1, 0, 0], [0, 1, 0]]),
        classes=["monocyte", "basophil"],
        mean=[0.5, 0.5, 0.5],
        deviation=[0.25, 0.5, 1],
    )
    crop = plain(255, 0, 0)
    said = [float(np.log(row[0] / row[1])) for row in (seen.of_crops([crop])[0], told.of_crops([crop])[0])]
    assert said == pytest.approx([1 - 0, 0.5 / 0.25 - (-0.5 / 0.5)], abs=1e-4)


def test_probabilities_are_taken_as_they_are_and_what_is_none_is_refused():
    content = own_models.network([[1, 0, 0], [0, 1, 0]])
    made = classifier(content, classes=["monocyte", "basophil"], gives="probabilities")
    assert made.of_crops([plain(60, 180, 0)])[0] == pytest.approx([0.25, 0.75], abs=1e-5)
    below = classifier(
        own_models.network([[1, 0, 0], [0, -1, 0]]), classes=["monocyte", "basophil"], gives="probabilities"
    )
    with pytest.raises(UnreadableFormat, match="no probability"):
        below.of_crops([plain(60, 180, 0)])
    with pytest.raises(WrongArray):
        made.of_crops([np.zeros((4, 4), np.uint8)])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": "another"}, "no card of a classifier"),
        ({"classes": ["monocyte", "monocyte"]}, "classes"),
        ({"side_px": 8}, "side_px"),
        ({"mean": [0, 0]}, "mean"),
        ({"deviation": [1, 1, 0]}, "above 0"),
        ({"gives": "scores"}, "gives"),
        ({"least_sure": True}, "least_sure"),
        ({"sha256": "12"}, "sha256"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_no_card_is_refused_with_what_is_wrong(facts, said):
    with pytest.raises(UnreadableFormat, match=said):
        classifier(**facts)


def test_a_network_that_does_not_fit_its_card_is_refused_when_it_is_read():
    with pytest.raises(DigestMismatch, match="another file"):
        classifier(sha256="0" * 64)
    with pytest.raises(UnreadableFormat, match=r"shape \(2, 2\), found shape \(2, 3\)"):
        classifier(classes=["monocyte", "basophil"])
    with pytest.raises(UnreadableFormat, match="does not take crops"):
        classifier(own_models.network([REDDER, BLUER, GREENER], side=48))
    told = own_models.card(b"no network", TERMS)
    with pytest.raises(UnreadableFormat, match="ONNX"):
        CropClassifier(b"no network", read_card(json.dumps(told).encode(), name="mine.json"))


def test_a_file_is_read_with_the_card_beside_it(tmp_path):
    with pytest.raises(UnreadableFile, match="has no card"):
        read_classifier(own_models.written(tmp_path, NETWORK, None))
    path = own_models.written(tmp_path, NETWORK, own_models.card(NETWORK, TERMS))
    found = read_classifier(path)
    assert isinstance(found, CropClassifier)
    assert found.facts.name == "by color"
    path.with_suffix(".json").write_text("[", encoding="utf-8")
    with pytest.raises(UnreadableFormat, match=r"mine\.json is no card"):
        read_classifier(path)
    with pytest.raises(UnreadableFile):
        read_classifier(tmp_path / "none.onnx")


def test_a_file_of_the_kind_that_comes_along_needs_no_card(tmp_path):
    from importlib.resources import files

    content = files("buffycoat.learn").joinpath("weights", "classifier.onnx").read_bytes()
    path = own_models.written(tmp_path, content, None)
    assert read_classifier(path).facts.name == "buffycoat-classifier-1"
    path.with_suffix(".json").write_text(json.dumps({"sha256": "0" * 64}), encoding="utf-8")
    with pytest.raises(DigestMismatch):
        read_classifier(path)
