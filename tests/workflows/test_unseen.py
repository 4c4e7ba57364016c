"""Laboratories are left out in turn, and every way of learning is judged there."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner

from buffycoat.cli.app import app
from buffycoat.errors import InputError, NotFound
from buffycoat.workflows.learning import UnseenJob, means, run_unseen

TERMS = ("eosinophil", "lymphocyte")


@pytest.fixture(scope="module")
def laboratories(data: Path, tmp_path_factory) -> dict[str, Path]:
    """A few real crops of two laboratories, small."""
    folder = tmp_path_factory.mktemp("laboratories")
    sets = {"Raabin": data / "raabin_crops" / "crops", "Barcelona": data / "pbc_barcelona" / "crops"}
    for name, crops in sets.items():
        for term in TERMS:
            place = folder / name / term
            place.mkdir(parents=True)
            for path in sorted((crops / term).iterdir())[:9]:
                small = cv2.resize(cv2.imread(str(path)), (160, 160), interpolation=cv2.INTER_AREA)
                cv2.imwrite(str(place / path.name), small)
    return {name: folder / name for name in sets}


def test_features_are_learned_in_one_and_judged_in_the_other(laboratories, tmp_path):
    lines: list[str] = []
    rows = run_unseen(
        UnseenJob(out=tmp_path, laboratories=laboratories, methods=("features-svm",), seeds=(0, 1)), told=lines.append
    )
    assert [(row.method, row.score.laboratory, row.score.cells) for row in rows] == [
        ("features-svm", "Barcelona", 18),
        ("features-svm", "Raabin", 18),
    ]  # nothing is drawn: one seed is all
    assert [sum(line) for line in rows[0].score.confusion] == [0, 9, 9, 0, 0]
    assert len(lines) == 2
    found = means(rows)["features-svm"]
    assert found == pytest.approx(sum(row.score.balanced_accuracy for row in rows) / 2)
    with (tmp_path / "unseen.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [float(line["balanced_accuracy"]) for line in table] == [row.score.balanced_accuracy for row in rows]


def test_networks_are_trained_in_three_ways(laboratories, tmp_path):
    rows = run_unseen(
        UnseenJob(
            out=tmp_path,
            laboratories=laboratories,
            methods=("plain", "paper", "robust"),
            network="shufflenet-v2",
            weights=("scratch",),
            size=32,
            epochs=1,
            steps=2,
        )
    )
    assert [row.method for row in rows] == ["plain"] * 2 + ["paper"] * 2 + ["robust"] * 2
    assert all(row.score.cells == 18 for row in rows)
    assert rows[0].reduced.startswith("size 32 instead of 224")
    assert rows[-1].reduced.startswith("2 steps instead of")


def test_what_is_not_clear_is_refused(laboratories, tmp_path):
    with pytest.raises(InputError, match="which laboratories"):
        run_unseen(UnseenJob(out=tmp_path))
    with pytest.raises(InputError, match="no such method"):
        run_unseen(UnseenJob(out=tmp_path, laboratories=laboratories, methods=("magic",)))
    with pytest.raises(InputError, match="not known where every cell"):
        run_unseen(UnseenJob(out=tmp_path, data=laboratories["Raabin"], facet="microscope", methods=("features-svm",)))
    with pytest.raises(NotFound, match="no weights of shufflenet-v2"):
        run_unseen(UnseenJob(out=tmp_path, laboratories=laboratories, methods=("robust",), weights=(str(tmp_path),)))


def test_the_command_says_the_same(laboratories, tmp_path):
    words = [word for name, path in laboratories.items() for word in ("--lab", f"{name}={path}")]
    asked = ["learn", "--protocol", "leave-one-lab-out", *words, "--methods", "features-svm", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "features-svm: mean balanced accuracy" in done.output
    refused = CliRunner().invoke(app, ["learn", "--protocol", "leave-one-out", "--out", str(tmp_path)])
    assert isinstance(refused.exception, InputError)
    assert "no such protocol" in str(refused.exception)
