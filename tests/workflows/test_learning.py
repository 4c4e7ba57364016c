"""The paper's experiment on a few real crops: read, parted, judged, gone on with, and kept."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from buffycoat.domain.experiment import TEST_A, TEST_B, TRAIN, VALIDATION
from buffycoat.errors import Conflict, InputError, NotFound, TooFew
from buffycoat.formats.experiment_folder import read_experiment, read_experiment_pictures
from buffycoat.workflows.learning import LearnJob, StandIn, run_experiment

NAMES = {"TestA": slice(30, 36), "Train": slice(0, 12), "TestB": slice(50, 54)}


@pytest.fixture(scope="module")
def crops(data: Path) -> dict[str, list[Path]]:
    """Real crops of two classes, by their class."""
    folder = data / "raabin_crops" / "crops"
    return {term: sorted((folder / term).iterdir()) for term in ("eosinophil", "lymphocyte", "monocyte")}


@pytest.fixture(scope="module")
def released(crops, tmp_path_factory) -> Path:
    """A folder as Raabin's release is: Train, TestA and TestB, with two classes in TestB."""
    folder = tmp_path_factory.mktemp("released")
    for split, some in NAMES.items():
        for term in ("Eosinophil", "Lymphocyte", "Monocyte"):
            if split == "TestB" and term == "Eosinophil":
                continue
            place = folder / split / term
            place.mkdir(parents=True)
            for path in crops[term.lower()][some]:
                small = cv2.resize(cv2.imread(str(path)), (192, 192), interpolation=cv2.INTER_AREA)
                cv2.imwrite(str(place / path.name), small)
    return folder


@pytest.fixture(scope="module")
def job(released, tmp_path_factory) -> LearnJob:
    return LearnJob(
        data=released,
        out=tmp_path_factory.mktemp("out") / "experiment",
        size=32,
        epochs=2,
        networks=("shufflenet-v2",),
        weights=("scratch",),
        device="cpu",
        command="buffycoat learn --preset paper-2022",
    )


@pytest.fixture(scope="module")
def made(job):
    return run_experiment(job)


def _films(one, term: str) -> set[str]:
    return {film for film, true in zip(one.groups, one.truth, strict=True) if true == term}


def test_the_released_folders_are_read_as_they_are(made):
    assert [one.heading for one in made.sets] == [TRAIN, VALIDATION, TEST_A, TEST_B]
    train, held, home, away = made.sets
    assert len(train.cells) + len(held.cells) == 36
    assert home.counts == {"eosinophil": 6, "lymphocyte": 6, "monocyte": 6}
    assert away.counts == {"lymphocyte": 4, "monocyte": 4}
    assert all(cell.startswith("TestB/") for cell in away.cells)
    photographs = [{cell.rpartition("/")[2].rpartition("_")[0] for cell in one.cells} for one in (train, held)]
    assert not photographs[0] & photographs[1]
    several = {term for term in train.counts if len({*_films(train, term), *_films(held, term)}) > 1}
    assert several
    assert not any(_films(train, term) & _films(held, term) for term in several)
    assert (home.grouped_by, made.split) == ("smear", "as it was released")


def test_every_row_of_the_tables_is_there_and_says_what_it_is(made, job):
    assert [run.model for run in made.runs] == ["shufflenet-v2", "features-svm", "constant"]
    network, features, constant = made.runs
    assert (network.title, network.weights, network.kind) == ("ShuffleNet-V2", "from scratch", "network")
    assert (features.weights, features.kind, constant.title[:6]) == ("", "features", "always")
    assert made.reduced == ("size 32 instead of 224 pixels", "2 epochs instead of 15", "1 of 9 networks")
    assert [point.epoch for point in network.curve] == [1, 2]
    assert all(point.validation_accuracy is not None for point in network.curve)
    for run in made.runs:
        assert set(run.predictions) == {VALIDATION, TEST_A, TEST_B}
    said = network.predictions[TEST_A]
    assert [sum(row) for row in said.probabilities] == pytest.approx([1.0] * 18)
    assert [made.classes[int(np.argmax(row))] for row in said.probabilities] == list(said.terms)
    machine = features.predictions[TEST_A]
    assert machine.probabilities == ()
    assert all(len(row) == 5 for row in machine.scores)
    assert (job.out / network.file).is_file()
    assert network.file.endswith(".onnx")


def test_what_the_released_split_leaks_is_said(made):
    films = {one.name: set(one.groups) for one in made.sets}
    shared = len(
        (films[TRAIN] | films[VALIDATION]) & films[TEST_A] | (films[TRAIN] | films[VALIDATION]) & films[TEST_B]
    )
    assert shared
    assert made.leaks["shared-films"] >= shared
    assert any("person" in note for note in made.leak_notes)


def test_it_is_kept_with_pictures_of_what_went_wrong(made, job):
    assert read_experiment(job.out) == made
    pictures = read_experiment_pictures(job.out)
    home = made.set_named(TEST_A)
    wrong = {
        (TEST_A, cell)
        for run in made.runs[:2]
        for cell, true, said in zip(home.cells, home.truth, run.predictions[TEST_A].terms, strict=True)
        if true != said
    }
    assert wrong <= set(pictures)
    assert all(jpeg[:2] == b"\xff\xd8" for jpeg in pictures.values())
    assert not list(job.out.rglob("checkpoint.pt"))
    assert not list(job.out.rglob("*.npy"))


def test_what_is_done_is_not_done_again_and_another_experiment_is_refused(made, job):
    epochs = []
    again = run_experiment(job, epochs=epochs.append)
    assert epochs == []
    assert replace(again, made_at="") == replace(made, made_at="")
    with pytest.raises(Conflict, match="another experiment"):
        run_experiment(replace(job, epochs=3))


def test_an_experiment_that_was_killed_ends_in_the_same_answers(made, job, tmp_path):
    out = tmp_path / "experiment"
    options = ["--preset", "paper-2022", "--data", str(job.data), "--out", str(out), "--size", "32", "--epochs", "2"]
    options += ["--networks", "shufflenet-v2", "--weights", "scratch", "--device", "cpu"]
    options += ["--no-keep-networks"]
    command = [sys.executable, "-m", "buffycoat", "learn", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        path = out / "runs" / "shufflenet-v2-seed0" / "checkpoint.pt"
        while running.poll() is None and not path.exists():
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.communicate()
    assert not (out / "experiment.json").exists()
    rest = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert rest.returncode == 0, rest.stderr
    assert "epoch 2 of 2" in rest.stderr
    assert json.loads(rest.stdout)["runs"] == 3
    found = read_experiment(out)
    assert [run.predictions for run in found.runs] == [run.predictions for run in made.runs]
    assert [point.train_loss for point in found.runs[0].curve] == [point.train_loss for point in made.runs[0].curve]
    assert str(job.data) not in found.command


@pytest.fixture
def plain(released, tmp_path) -> LearnJob:
    """The features alone, in a copy that may be changed."""
    shutil.copytree(released, tmp_path / "data")
    return LearnJob(data=tmp_path / "data", out=tmp_path / "out", networks=(), size=32)


def test_three_crops_without_a_nucleus_score_three_errors(plain):
    blank = np.full((192, 192, 3), 235, np.uint8)
    for number in range(3):
        cv2.imwrite(str(plain.data / "TestA" / "Monocyte" / f"95-8-6-1_9000_{number}.jpg"), blank + np.uint8(number))
    found = run_experiment(plain)
    home = found.set_named(TEST_A)
    said = found.runs[0].predictions[TEST_A]
    assert len(said.terms) == 21
    unanswered = [cell for cell, term in zip(home.cells, said.terms, strict=True) if term is None]
    assert unanswered == [f"TestA/Monocyte/95-8-6-1_9000_{number}.jpg" for number in range(3)]
    assert dict(said.failures) == dict.fromkeys(unanswered, "nothing-found")
    right = sum(true == term for true, term in zip(home.truth, said.terms, strict=True))
    monocytes = sum(true == term == "monocyte" for true, term in zip(home.truth, said.terms, strict=True))
    assert right <= 18
    shares = {
        term: sum(t == term == s for t, s in zip(home.truth, said.terms, strict=True)) / home.counts[term]
        for term in home.counts
    }
    assert shares["monocyte"] == monocytes / 9
    assert home.balanced_accuracy(said.terms) == pytest.approx(sum(shares.values()) / 3)


def test_where_there_is_no_test_b_a_named_laboratory_stands_in(plain, data, tmp_path):
    away = tmp_path / "away"
    for term in ("lymphocyte", "platelet"):
        (away / term).mkdir(parents=True)
        for path in sorted((data / "pbc_barcelona" / "crops" / term).iterdir())[:3]:
            shutil.copy(path, away / term)
    job = replace(plain, stand_in=StandIn(name="Barcelona", path=away))
    with pytest.raises(Conflict, match="test-B of its own"):
        run_experiment(job)
    shutil.rmtree(plain.data / "TestB")
    found = run_experiment(job)
    last = found.sets[-1]
    assert (last.name, last.heading, last.counts) == (TEST_B, "stand-in for test-B: Barcelona", {"lymphocyte": 3})
    assert last.grouped_by == "cell"
    assert any("3 platelet" in note for note in found.leak_notes)


def test_data_without_a_split_are_split_by_film_and_a_class_of_one_film_says_so(crops, tmp_path):
    films = {}
    for term, paths in crops.items():
        (tmp_path / "data" / term).mkdir(parents=True)
        for path in paths[::5] if term != "lymphocyte" else [p for p in paths if p.name.startswith("95-7-24-2")][:12]:
            small = cv2.resize(cv2.imread(str(path)), (160, 160), interpolation=cv2.INTER_AREA)
            cv2.imwrite(str(tmp_path / "data" / term / path.name), small)
            films.setdefault(term, set()).add(path.name.split("_")[0])
    assert len(films["lymphocyte"]) == 1 < len(films["eosinophil"])
    found = run_experiment(LearnJob(data=tmp_path / "data", out=tmp_path / "out", networks=(), size=32, most_cells=9))
    home, train = found.set_named(TEST_A), found.set_named(TRAIN)
    shared = set(home.groups) & {*train.groups, *found.set_named(VALIDATION).groups}
    assert shared <= films["lymphocyte"]
    assert set(home.counts) == set(crops)
    assert any(note.startswith("same film: every lymphocyte") for note in found.leak_notes)
    assert "seed 0" in found.split
    assert max(train.counts.values()) <= 9
    photographs = [{cell.rpartition("_")[0] for cell in one.cells} for one in (home, train)]
    assert not photographs[0] & photographs[1]


def test_nothing_is_dropped_in_silence(plain):
    (plain.data / "TestA" / "Monocyte" / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"broken\.jpg"):
        run_experiment(plain)
    (plain.data / "TestA" / "Monocyte" / "broken.jpg").unlink()
    (plain.data / "TestA" / "Cells of mine").mkdir()
    shutil.copy(next((plain.data / "TestA" / "Monocyte").iterdir()), plain.data / "TestA" / "Cells of mine" / "x.jpg")
    with pytest.raises(InputError, match="no term"):
        run_experiment(plain)
    shutil.rmtree(plain.data / "TestA" / "Cells of mine")
    (plain.data / "TestA" / "Monocyte").rename(plain.data / "TestA" / "Neut")
    assert run_experiment(plain).set_named(TEST_A).counts == {"eosinophil": 6, "lymphocyte": 6, "neutrophil": 6}
    shutil.rmtree(plain.data / "TestA")
    with pytest.raises(TooFew, match="test-A"):
        run_experiment(plain)


def test_weights_that_are_nowhere_are_said_before_anything_is_trained(job, tmp_path):
    with pytest.raises(NotFound, match="no ImageNet weights of ShuffleNet-V2"):
        run_experiment(replace(job, weights=(str(tmp_path),), out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()
