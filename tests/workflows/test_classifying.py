"""From crops to what a classifier is asked: cells, their size, and answers in the order of the crops."""

from __future__ import annotations

import hashlib
import json
import math
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest

from buffycoat.errors import InputError, WrongArray
from buffycoat.imaging.codecs import read_rgb
from buffycoat.learn.robust import ROBUST, read_robust
from buffycoat.workflows import classifying
from buffycoat.workflows.classifying import UNKNOWN, classes, classify, said_of, shipped_classifier

WEIGHTS = files("buffycoat.learn").joinpath("weights")
TERMS = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")


class Asked:
    """Stands for a classifier: says whether a cell is seen and how large it is."""

    facts = SimpleNamespace(classes=("monocyte", "not-leukocyte"), least_sure=0.7, mask_views=1)

    def probabilities(self, views, sizes):
        rows = [(0.0, 1.0) if view is None else (size or 0.5, 0.0) for view, size in zip(views, sizes, strict=True)]
        return np.array(rows, np.float32).reshape(-1, 2)


@pytest.fixture(scope="module")
def crops(data) -> list[np.ndarray]:
    folder = data / "pbc_barcelona" / "crops" / "monocyte"
    return [read_rgb(path) for path in sorted(folder.iterdir())[:3]]


def test_each_crop_has_its_answer_and_the_size_is_counted_in_red_cells(crops):
    glass = np.full((90, 90, 3), 230, np.uint8)
    told = classify([crops[0], glass, crops[1]], Asked(), red_cell_px=[73.0, 73.0, 36.5], threads=2)
    assert told[1].tolist() == [0, 1]
    alone = classify([crops[1]], Asked(), red_cell_px=73.0, threads=1)
    assert told[2, 0] == pytest.approx(alone[0, 0] + math.log(2), abs=1e-5)
    assert 0.4 < told[0, 0] < 1.1  # a monocyte is one and a half to three red cells wide


def test_widths_may_come_as_an_array(crops):
    widths = [73.0, 60.0, 36.5]
    told = classify(crops, Asked(), red_cell_px=np.array(widths, np.float32))
    assert told.tolist() == classify(crops, Asked(), red_cell_px=widths).tolist()


def test_where_nobody_tells_red_cells_are_measured(crops):
    found = classify(crops, Asked())
    assert found[:, 0] == pytest.approx(classify(crops, Asked(), red_cell_px=73.0)[:, 0], abs=0.1)


def test_crops_that_are_cut_too_closely_are_not_measured_one_by_one(crops, monkeypatch):
    asked: list[int] = []

    def counted(crop):
        asked.append(len(crop))
        return None if len(crop) < 200 else 73.0

    monkeypatch.setattr(classifying, "red_cells_in", counted)
    close = [crops[0][: 100 + side, : 100 + side] for side in range(30)]
    classify(close, Asked())
    assert len(asked) == 9
    asked.clear()
    classify([*close[:12], crops[0], crops[1]], Asked())  # the last of the nine shows red cells
    assert set(asked) == {len(crop) for crop in (*close[:12], crops[0], crops[1])}


def test_a_cell_is_drawn_as_often_as_the_file_says(crops, monkeypatch):
    drawn: list[int] = []
    monkeypatch.setattr(classifying, "nucleus_and_cell", lambda _crop, *, views: drawn.append(views))
    for views in (1, 4):
        classify(
            crops[:1], SimpleNamespace(facts=SimpleNamespace(mask_views=views), probabilities=Asked().probabilities)
        )
    assert drawn == [1, 4]


def test_one_that_is_not_sure_says_so():
    assert said_of(np.array([[0.6, 0.4], [0.8, 0.2]], np.float32), Asked()) == (UNKNOWN, "monocyte")


def test_what_is_no_crop_is_refused_and_none_is_no_row(crops):
    assert classify([], Asked()).shape == (0, 2)
    with pytest.raises(WrongArray):
        classify([np.zeros((9, 9), np.uint8)], Asked())
    with pytest.raises(InputError, match="not one width"):
        classify(crops[:2], Asked(), red_cell_px=[100.0])
    with pytest.raises(InputError, match="not a width"):
        classify(crops[:1], Asked(), red_cell_px=-3.0)


@pytest.fixture
def card() -> dict:
    return json.loads(WEIGHTS.joinpath("classifier.json").read_text())


def test_the_file_that_comes_along_is_that_of_its_card(card):
    content = WEIGHTS.joinpath("classifier.onnx").read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (card["bytes"], card["sha256"])
    others = files("buffycoat.segment").joinpath("weights", "segmenter.onnx").read_bytes()
    assert len(content) + len(others) < 25_000_000
    facts = shipped_classifier().facts
    assert facts.classes == classes
    assert (facts.temperature, facts.least_sure) == (card["temperature"], card["least_sure"])
    assert (card["recipe"], facts.mask_views) == (ROBUST, read_robust().mask_views)
    assert {name.split("/")[0] for name in card["files"]} == {"raabin_crops", "pbc_barcelona", "bccd"}


def test_the_card_names_the_pictures_as_they_are(data, card):
    for name in list(card["files"])[::97]:
        assert hashlib.sha256((data / name).read_bytes()).hexdigest() == card["files"][name], name


def test_crops_to_labels_with_what_comes_along(data):
    """Of cells it was fitted on, so it says that crops, file and order of classes belong together, and not how good it is."""
    paths = [path for term in TERMS for path in sorted((data / "pbc_barcelona" / "crops" / term).iterdir())[:4]]
    chances = classify([read_rgb(path) for path in paths])
    assert chances.shape == (20, 6)
    assert chances.sum(axis=1) == pytest.approx(1, abs=1e-5)
    right = [classes[row.argmax()] == path.parent.name for row, path in zip(chances, paths, strict=True)]
    assert sum(right) >= 17
    assert set(said_of(chances)) <= {*classes, UNKNOWN}


def test_glass_is_no_white_cell():
    assert classes[classify([np.full((90, 90, 3), 230, np.uint8)])[0].argmax()] == "not-leukocyte"
