from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from buffycoat.cli.app import app
from buffycoat.domain.experiment import TEST_A, TEST_B
from buffycoat.errors import InputError
from buffycoat.formats.experiment_folder import read_experiment


def run(*words: str, code: int = 0):
    done = CliRunner().invoke(app, ["learn", *words])
    assert done.exit_code == code, done.output
    return done


def test_a_release_is_learned_from_by_the_features_alone(demo_workspace: Path, tmp_path):
    words = ["--preset", "paper-2022", "--data", str(demo_workspace / "releases" / "demo-1"), "--networks", "none"]
    said = run(*words, "--most-cells", "4", "--out", str(tmp_path / "out")).stdout
    assert "REDUCED" in said
    found = read_experiment(tmp_path / "out")
    assert [run.model for run in found.runs] == ["features-svm", "constant"]
    assert found.simulated
    assert {TEST_A, TEST_B} <= {one.name for one in found.sets}
    assert any(found.sets[0].experts)
    assert found.leaks == {} or "THIS SPLIT LEAKS" in said
    again = run(*words, "--most-cells", "4", "--out", str(tmp_path / "out"), "--json").stdout
    assert json.loads(again)["runs"] == 2


def test_what_the_demo_learned_is_kept_for_its_report(demo_workspace: Path):
    found = read_experiment(demo_workspace / "experiments" / "demo-1")
    assert [run.kind for run in found.runs] == ["features", "constant"]
    assert found.simulated
    machine = found.runs[0].predictions[TEST_A]
    assert len(machine.terms) == len(found.set_named(TEST_A).cells)
    assert all(len(row) == len(found.classes) for row, term in zip(machine.scores, machine.terms, strict=True) if term)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--data", "somewhere"], "--data is for an experiment"),
        (["--preset", "paper-2022", "--stand-in", "Barcelona"], "--stand-in"),
        (["--preset", "paper-2022", "--seeds", "0,one"], "--seeds"),
        (["--preset", "paper-2023"], "no such preset"),
    ],
)
def test_what_cannot_be_meant_is_refused(words, said, tmp_path):
    done = CliRunner().invoke(app, ["learn", *words, "--out", str(tmp_path / "out")])
    assert done.exit_code != 0
    assert isinstance(done.exception, InputError)
    assert said in str(done.exception)
