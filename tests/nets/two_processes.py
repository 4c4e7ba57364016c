"""What two processes of torch's launcher do together; run by test_classifier_training.py."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from torch import nn

from buffycoat.nets import classifiers
from buffycoat.nets.classifier_plan import ClassifierPlan, LabeledCrops
from buffycoat.nets.classifier_training import predict_probabilities, train_classifier
from buffycoat.nets.processes import joined

SIDE = 8


class Plain(nn.Module):
    """Without norms and without dropout, so that one process and two must come to the same."""

    def __init__(self, **_options) -> None:
        super().__init__()
        self.seen = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(4, 1000)

    def forward(self, crops):
        return self.fc(self.seen(crops).relu().mean(dim=(2, 3)))


def crops(count: int) -> LabeledCrops:
    rng = np.random.default_rng(0)
    labels = tuple(int(each) for each in rng.integers(0, 2, count))
    pictures = [rng.integers(0, 100, (SIDE, SIDE, 3), np.uint8) + np.uint8(120 * label) for label in labels]
    return LabeledCrops(read=pictures.__getitem__, labels=labels)


def trained(processes, checkpoint: Path) -> dict[str, object]:
    architecture = classifiers.Architecture(title="Plain", build=Plain, weights=None, last="fc", file="plain")
    shown = classifiers.NETWORKS | {"plain": architecture}
    classifiers.NETWORKS = shown
    plan = ClassifierPlan(network="plain", classes=2, epochs=4, batch=6, rate=0.05, seed=3)
    made = train_classifier(crops(28), plan=plan, validation=crops(11), checkpoint=checkpoint, processes=processes)
    return {
        "history": [[step.loss, step.accuracy, step.validation_loss] for step in made.history],
        "said": predict_probabilities(made.network, crops(120), processes=processes).tolist(),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with joined("cpu") as processes:
        told = trained(processes, folder / "checkpoint.pt")
        (folder / f"rank{processes.rank}.json").write_text(json.dumps(told))
