"""An experiment drawn by hand: small enough to count on paper, with all that a report tells."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from buffycoat.domain.experiment import (
    FROM_SCRATCH,
    TEST_A,
    TEST_B,
    TRAIN,
    CurvePoint,
    Experiment,
    ExperimentRun,
    ExperimentSet,
    Predictions,
)

CLASSES = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")


def make_set(name: str, truth: str | tuple[str, ...], *, per_group: int = 2, **more) -> ExperimentSet:
    """Return a set of cells; ``truth`` may be first letters, two cells of a smear."""
    terms = tuple(next(term for term in CLASSES if term.startswith(each)) for each in truth)
    cells = tuple(f"{name}/{place}.jpg" for place in range(len(terms)))
    groups = tuple(f"{name}-{place // per_group}" for place in range(len(terms)))
    return ExperimentSet(name=name, cells=cells, truth=terms, groups=groups, **more)


def make_run(
    model: str, said: dict[str, str], *, kind: str = "network", weights: str = "ImageNet", **more
) -> ExperimentRun:
    """Return a run that answered by first letters; ``-`` is no answer, and probabilities are 0.6 for the answer."""
    predictions = {}
    for name, letters in said.items():
        terms = tuple(next((term for term in CLASSES if term.startswith(each)), None) for each in letters)
        rows = tuple(() if term is None else tuple(0.6 if one == term else 0.1 for one in CLASSES) for term in terms)
        predictions[name] = Predictions(terms=terms, probabilities=rows if kind == "network" else ())
    titles = {"vgg16": "VGG16", "resnet18": "ResNet18", "features-svm": "Feature-based SVM", "constant": "Constant"}
    defaults = {"seed": 0, "recipe": "ab" * 32, "trained_on": 10, "shown": 20, "seconds": 3.0, "hardware": "2 cores"}
    return ExperimentRun(
        model=model,
        title=titles.get(model, model),
        kind=kind,
        weights="" if kind != "network" else weights,
        predictions=predictions,
        **defaults | more,
    )


def with_said(run: ExperimentRun, predictions: dict[str, Predictions]) -> ExperimentRun:
    """Return a run with other predictions."""
    return dataclasses.replace(run, predictions=predictions)


def make(sets: list[ExperimentSet], runs: list[ExperimentRun], **more) -> Experiment:
    """Return an experiment of these."""
    return Experiment(name="paper-2022", title="drawn", classes=CLASSES, sets=tuple(sets), runs=tuple(runs), **more)


def jpeg(level: int) -> bytes:
    """Return a small gray picture."""
    written = io.BytesIO()
    Image.fromarray(np.full((40, 40, 3), level, np.uint8)).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture(scope="session")
def hand() -> SimpleNamespace:
    """What tests draw with."""
    return SimpleNamespace(
        CLASSES=CLASSES, make=make, make_run=make_run, make_set=make_set, jpeg=jpeg, with_said=with_said
    )


@pytest.fixture(scope="session")
def drawn() -> Callable[[], Experiment]:
    """Five models with two seeds of one, on 120 cells at home and 80 away; the same in every call."""

    def build(**more) -> Experiment:
        random = np.random.default_rng(3)
        letters = np.array(list("belmn"))
        truths = {
            TRAIN: "n" * 60 + "l" * 30 + "m" * 10 + "e" * 8 + "b" * 5,
            TEST_A: "".join(random.choice(letters, 120, p=[0.1, 0.1, 0.3, 0.1, 0.4])),
            TEST_B: "".join(random.choice(letters, 80, p=[0, 0, 0.25, 0, 0.75])),
        }
        words = {"b": "basophil", "e": "eosinophil", "l": "lymphocyte", "m": "monocyte", "n": "neutrophil"}
        sets = [
            make_set(
                name,
                truth,
                per_group=20,
                origin=f"drawn, {name}",
                facets={
                    "camera": tuple("first" if place % 3 else "second" for place in range(len(truth))),
                    "sharpness": tuple(f"{number:.3f}" for number in random.random(len(truth))),
                    "stain": ("Giemsa",) * len(truth),
                },
                experts=tuple((words[each], words[each] if random.random() < 0.9 else "band") for each in truth),
            )
            for name, truth in truths.items()
        ]

        def answer(name: str, right: float) -> str:
            said = [each if random.random() < right else str(random.choice(letters)) for each in truths[name]]
            return "".join(said)

        def spread(truth: tuple[str, ...], terms: tuple[str | None, ...]) -> tuple[tuple[float, ...], ...]:
            rows = []
            for _, term in zip(truth, terms, strict=True):
                raw = random.random(5) * 0.3
                raw[CLASSES.index(term)] += 0.4 + random.random()
                rows.append(tuple((raw / raw.sum()).tolist()))
            return tuple(rows)

        runs = []
        for model, seed, weights, home, away in (
            ("vgg16", 0, "ImageNet", 0.97, 0.75),
            ("vgg16", 1, "ImageNet", 0.98, 0.65),
            ("resnet18", 0, FROM_SCRATCH, 0.95, 0.3),
            ("densenet121", 0, "ImageNet", 0.97, 0.4),
        ):
            run = make_run(
                model, {TEST_A: answer(TEST_A, home), TEST_B: answer(TEST_B, away)}, weights=weights, seed=seed,
                curve=tuple(
                    CurvePoint(epoch=epoch, rate=0.001, train_loss=1.6 / epoch, train_accuracy=1 - 0.7 / epoch,
                               validation_loss=1.7 / epoch + 0.1, validation_accuracy=0.95 - 0.7 / epoch)
                    for epoch in range(1, 8)
                ),
            )  # fmt: skip
            told = {
                name: Predictions(
                    terms=said.terms,
                    probabilities=spread(said.terms, said.terms),
                )
                for name, said in run.predictions.items()
            }
            runs.append(with_said(run, told))
        runs.append(
            make_run(
                "features-svm",
                {TEST_A: "---" + answer(TEST_A, 0.85)[3:], TEST_B: answer(TEST_B, 0.8)},
                kind="features",
            )
        )
        runs.append(make_run("constant", {TEST_A: "n" * 120, TEST_B: "n" * 80}, kind="constant"))
        defaults = {
            "command": "buffycoat learn --preset paper-2022 --data DIR",
            "software": {"buffycoat": "0.1.0", "torch": "2.5"},
            "recipe_text": "epochs = 15  # page 4\n",
            "split": "By smear, stratified by class (seed 0).",
            "leaks": {},
        }
        return make(sets, runs, **defaults | more)

    return build
