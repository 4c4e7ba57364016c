"""Classifiers learn, the same way twice, whatever kills them in between, alone or as several processes."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from buffycoat.errors import Conflict, TooFew, UnreadableFormat
from buffycoat.imaging.codecs import read_rgb
from buffycoat.nets import classifiers
from buffycoat.nets.classifier_plan import ClassifierPlan, LabeledCrops
from buffycoat.nets.classifier_training import predict_probabilities, train_classifier
from buffycoat.nets.processes import Processes

HERE = Path(__file__).parent
SIDE = 32


def crops(count: int, classes: int = 2) -> LabeledCrops:
    rng = np.random.default_rng(0)
    labels = tuple(place % classes for place in range(count))
    pictures = [rng.integers(0, 90, (SIDE, SIDE, 3), np.uint8) + np.uint8(80 * label) for label in labels]
    return LabeledCrops(read=pictures.__getitem__, labels=labels)


def plan(**changes) -> ClassifierPlan:
    return ClassifierPlan(**{"network": "shufflenet-v2", "classes": 2, "epochs": 3, "batch": 4, "seed": 5, **changes})


def numbers(trained) -> dict[str, torch.Tensor]:
    return trained.network.state_dict()


def same(one, other) -> bool:
    return all(torch.equal(tensor, numbers(other)[name]) for name, tensor in numbers(one).items())


@pytest.fixture(scope="module")
def unbroken():
    return train_classifier(crops(13), plan=plan(rate_epochs=2), validation=crops(6))


def test_one_seed_gives_one_network_and_another_another(unbroken):
    state = torch.random.get_rng_state()
    again = train_classifier(crops(13), plan=plan(rate_epochs=2), validation=crops(6))
    assert same(unbroken, again)
    assert torch.equal(state, torch.random.get_rng_state())
    assert not same(unbroken, train_classifier(crops(13), plan=plan(seed=6)))


def test_the_rate_falls_as_the_paper_says(unbroken):
    assert [step.rate for step in unbroken.history] == pytest.approx([0.001, 0.001, 0.0001])
    assert [step.epoch for step in unbroken.history] == [1, 2, 3]
    assert all(0 <= step.validation_accuracy <= 1 and step.loss > 0 for step in unbroken.history)


def test_what_was_killed_within_an_epoch_ends_in_the_same_numbers(unbroken, tmp_path):
    shown = crops(13)
    reads = 0

    def read(place: int) -> np.ndarray:
        nonlocal reads
        reads += 1
        if reads == 25:  # within the second epoch
            raise KeyboardInterrupt
        return shown.read(place)

    path = tmp_path / "checkpoint.pt"
    broken = LabeledCrops(read=read, labels=shown.labels)
    with pytest.raises(KeyboardInterrupt):
        train_classifier(broken, plan=plan(rate_epochs=2), validation=crops(6), checkpoint=path)
    told = []
    rest = train_classifier(shown, plan=plan(rate_epochs=2), validation=crops(6), checkpoint=path, progress=told.append)
    assert same(unbroken, rest)
    assert [step.epoch for step in told] == [1, 2, 3]
    assert [step.loss for step in rest.history] == [step.loss for step in unbroken.history]
    assert not list(tmp_path.glob("*.new"))


KILLED = """
import sys
sys.path.insert(0, {here!r})
from pathlib import Path
import test_classifier_training as t
t.train_classifier(t.crops(13), plan=t.plan(epochs=400), checkpoint=Path(sys.argv[1]))
"""


def test_kill_9_leaves_a_whole_checkpoint(tmp_path):
    path = tmp_path / "checkpoint.pt"
    training = subprocess.Popen([sys.executable, "-c", KILLED.format(here=str(HERE)), str(path)])
    try:
        while training.poll() is None and not path.exists():
            time.sleep(0.02)
        time.sleep(0.3)
        training.send_signal(signal.SIGKILL)
        assert training.wait() == -signal.SIGKILL
    finally:
        training.kill()
    kept = torch.load(path, weights_only=True)["epoch"]
    assert 1 <= kept < 400

    class EnoughError(Exception):
        """Two epochs more are enough to compare."""

    def until(step) -> None:
        losses.append(step.loss)
        if step.epoch == kept + 2:
            raise EnoughError

    found = []
    for checkpoint in (path, None):
        losses: list[float] = []
        with pytest.raises(EnoughError):
            train_classifier(crops(13), plan=plan(epochs=400), checkpoint=checkpoint, progress=until)
        found.append(losses)
    assert found[0] == found[1]


def test_a_checkpoint_of_another_training_or_none_is_refused(tmp_path):
    path = tmp_path / "checkpoint.pt"
    train_classifier(crops(5), plan=plan(epochs=1), checkpoint=path)
    with pytest.raises(Conflict, match="seed"):
        train_classifier(crops(5), plan=plan(epochs=1, seed=6), checkpoint=path)
    with pytest.raises(Conflict, match="data"):
        train_classifier(crops(5), plan=plan(epochs=1, data="other"), checkpoint=path)
    for content in (b"", b"text", path.read_bytes()[:-900]):
        path.write_bytes(content)
        with pytest.raises(UnreadableFormat):
            train_classifier(crops(5), plan=plan(epochs=1), checkpoint=path)


def test_a_last_batch_of_one_crop_joins_the_one_before():
    trained = train_classifier(crops(9), plan=plan(epochs=1, network="resnet18"))  # 4 + 5, at 1 x 1 pixel in the end
    assert trained.history[0].epochs == 1
    with pytest.raises(TooFew):
        train_classifier(crops(1), plan=plan())
    with pytest.raises(TooFew):
        train_classifier(crops(3), plan=plan(), processes=Processes(world=2))


@pytest.mark.parametrize("name", ["resnet18", "shufflenet-v2"])  # all nine: bench/learn_networks.py
def test_forty_real_crops_are_learned_by_heart(name, data):
    folders = sorted((data / "raabin_crops" / "crops").iterdir())
    paths = [(path, number) for number, folder in enumerate(folders) for path in sorted(folder.iterdir())[::8][:8]]
    pictures = [cv2.resize(read_rgb(path), (SIDE, SIDE), interpolation=cv2.INTER_AREA) for path, _ in paths]
    shown = LabeledCrops(read=pictures.__getitem__, labels=tuple(number for _, number in paths))
    assert len(shown) == 40
    asked = plan(network=name, classes=5, epochs=60, batch=20, rate=0.03, rate_epochs=99, norm_memory=0.3)
    trained = train_classifier(shown, plan=asked, validation=shown, enough=lambda step: step.validation_accuracy == 1.0)
    assert len(trained.history) < 60
    said = predict_probabilities(trained.network, shown)
    assert said.shape == (40, 5)
    assert said.argmax(axis=1).tolist() == list(shown.labels)


def test_two_processes_of_torchs_launcher_train_as_one(tmp_path, monkeypatch):
    monkeypatch.setattr(classifiers, "NETWORKS", classifiers.NETWORKS)
    launched = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    ran = subprocess.run(
        [*launched, str(HERE / "two_processes.py"), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    first, second = (json.loads((tmp_path / f"rank{rank}.json").read_text()) for rank in range(2))
    assert first == second
    spec = importlib.util.spec_from_file_location("two_processes", HERE / "two_processes.py")
    alone = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(alone)
    told = alone.trained(Processes(), tmp_path / "alone.pt")
    assert np.array(first["history"]) == pytest.approx(np.array(told["history"]), abs=1e-5)
    assert np.array(first["said"]) == pytest.approx(np.array(told["said"]), abs=1e-4)
