from __future__ import annotations

import json
from dataclasses import replace

import pytest

from buffycoat.domain.experiment import (
    TEST_A,
    TEST_B,
    TRAIN,
    CurvePoint,
    Experiment,
    ExperimentRun,
    ExperimentSet,
    Predictions,
)
from buffycoat.errors import InputError, NotFound, UnreadableFormat
from buffycoat.formats.experiment_folder import read_experiment, read_experiment_pictures, write_experiment

CLASSES = ("basophil", "monocyte")


def a_run(**changes) -> ExperimentRun:
    said = Predictions(
        terms=("basophil", None),
        probabilities=((0.75, 0.25), ()),
        failures={"home/b.jpg": "nothing-found"},
    )
    usual = {
        "model": "vgg16",
        "title": "VGG16",
        "kind": "network",
        "weights": "from scratch",
        "seed": 3,
        "recipe": "d" * 64,
        "predictions": {TEST_A: said, TEST_B: Predictions(terms=("monocyte",), scores=((-0.1, 1 / 3),))},
        "curve": (CurvePoint(epoch=1, rate=0.001, train_loss=1.25, train_accuracy=0.5),),
        "trained_on": 1,
        "shown": 4,
        "seconds": 1.5,
        "hardware": "1 thread",
        "notes": ("one", "two"),
    }
    return ExperimentRun(**{**usual, **changes})


@pytest.fixture
def experiment() -> Experiment:
    return Experiment(
        name="paper-2022",
        title="Nine networks",
        classes=CLASSES,
        sets=(
            ExperimentSet(name=TRAIN, cells=("t.jpg",), truth=("basophil",), groups=("film 1",)),
            ExperimentSet(
                name=TEST_A,
                cells=("home/a.jpg", "home/b.jpg"),
                truth=("basophil", "monocyte"),
                groups=("film 2", "film 2"),
                facets={"camera": ("S5", "")},
                experts=(("Basophil", "Basophil"), ("Monocyte",)),
                grouped_by="photograph",
            ),
            ExperimentSet(
                name=TEST_B, stand_in="Barcelona", cells=("away.jpg",), truth=("monocyte",), groups=("away.jpg",)
            ),
        ),
        runs=(a_run(), a_run(seed=4, predictions={})),
        reduced=("64 pixels instead of 224",),
        leaks={"shared-films": 1},
        leak_notes=("no person is known",),
        software={"torch": "2"},
        split="by film, seed 0",
    )


def test_what_was_written_is_read_again(experiment, tmp_path):
    pictures = {(TEST_A, "home/b.jpg"): b"\xff\xd8 jpeg"}
    write_experiment(tmp_path / "made", experiment, pictures=pictures)
    assert read_experiment(tmp_path / "made") == experiment
    assert read_experiment_pictures(tmp_path / "made") == pictures
    write_experiment(tmp_path / "made", replace(experiment, leaks=None))
    assert read_experiment(tmp_path / "made").leaks is None
    assert read_experiment_pictures(tmp_path / "made") == {}


def test_headings_say_who_stands_in(experiment):
    assert [one.heading for one in experiment.sets] == [TRAIN, TEST_A, "stand-in for test-B: Barcelona"]
    assert experiment.set_named(TEST_A).counts == {"basophil": 1, "monocyte": 1}
    assert experiment.set_named("validation") is None


def test_columns_that_do_not_fit_are_refused(experiment):
    home = experiment.sets[1]
    for wrong in (
        {"truth": ("basophil",)},
        {"groups": ()},
        {"facets": {"camera": ("S5",)}},
        {"experts": (("Basophil",),)},
        {"cells": ("a", "a")},
        {"name": "test"},
    ):
        with pytest.raises(InputError):
            replace(home, **wrong)
    for wrong in (
        {"sets": experiment.sets[:2]},
        {"sets": (*experiment.sets, experiment.sets[0])},
        {"classes": ("monocyte",)},
        {"runs": (a_run(predictions={TEST_B: Predictions(terms=("monocyte",), probabilities=((1.0,), (1.0,)))}),)},
    ):
        with pytest.raises(InputError):
            replace(experiment, **wrong)


def test_what_is_damaged_or_gone_is_refused(experiment, tmp_path):
    with pytest.raises(NotFound, match="no experiment"):
        read_experiment(tmp_path)
    write_experiment(tmp_path, experiment)
    path = tmp_path / "experiment.json"
    told = json.loads(path.read_text())
    for wrong in ("{", json.dumps(told | {"form": 99}), json.dumps({**told, "runs": [{}]}), "[]"):
        path.write_text(wrong)
        with pytest.raises(UnreadableFormat):
            read_experiment(tmp_path)
    path.write_text(json.dumps(told))
    (tmp_path / "predictions.parquet").write_bytes(b"PAR1")
    with pytest.raises(UnreadableFormat, match=r"predictions\.parquet"):
        read_experiment(tmp_path)
    (tmp_path / "cells.parquet").unlink()
    with pytest.raises(NotFound, match="a table"):
        read_experiment(tmp_path)
