"""Each of the nine networks learns 40 real crops by heart, and answers the same without torch.

``BUFFYCOAT_NETWORKS`` names some of them, with commas.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from buffycoat.imaging.codecs import read_rgb

__all__ = ["measure"]

SIDE, MOST_EPOCHS = 32, 150


def measure(data: Path) -> list[dict[str, Any]]:
    """Return for each network the epochs to 40 of 40, and how far its ONNX file differs."""
    import onnxruntime

    from buffycoat.nets.classifier_export import export_classifier
    from buffycoat.nets.classifier_plan import ClassifierPlan, LabeledCrops
    from buffycoat.nets.classifier_training import predict_probabilities, train_classifier
    from buffycoat.nets.classifiers import NETWORKS

    folders = sorted((data / "raabin_crops" / "crops").iterdir())
    paths = [(path, number) for number, folder in enumerate(folders) for path in sorted(folder.iterdir())[::8][:8]]
    pictures = np.stack(
        [cv2.resize(read_rgb(path), (SIDE, SIDE), interpolation=cv2.INTER_AREA) for path, _ in paths]
    ).astype(np.uint8)
    shown = LabeledCrops(read=pictures.__getitem__, labels=tuple(number for _, number in paths))
    rows: list[dict[str, Any]] = []
    for name in os.environ.get("BUFFYCOAT_NETWORKS", ",".join(NETWORKS)).split(","):
        started = time.perf_counter()
        # Without norms a larger rate runs away; MnasNet's own memory would need thousands of batches.
        plan = ClassifierPlan(
            network=name,
            classes=5,
            epochs=MOST_EPOCHS,
            batch=20,
            rate=0.01 if name == "vgg16" else 0.03,
            rate_epochs=MOST_EPOCHS,
            norm_memory=None if name == "vgg16" else 0.3,
        )
        trained = train_classifier(
            shown, plan=plan, validation=shown, enough=lambda step: step.validation_accuracy == 1.0
        )
        said = predict_probabilities(trained.network, shown)
        right = int((said.argmax(axis=1) == np.array(shown.labels)).sum())
        seconds = time.perf_counter() - started
        session = onnxruntime.InferenceSession(export_classifier(trained.network, {}, size=SIDE))
        given = {"crops": pictures.transpose(0, 3, 1, 2).astype(np.float32)}
        ours = session.run(["probabilities"], given)[0]
        note = f"{len(trained.history)} epochs of 2 batches at {SIDE} pixels from scratch, {seconds:.0f} s, 1 thread"
        rows += [
            {"figure": f"{NETWORKS[name].title}: learned by heart", "value": right, "unit": "of 40", "note": note},
            {
                "figure": f"{NETWORKS[name].title}: ONNX and torch differ by at most",
                "value": f"{np.abs(ours - said).max():.1e}",
                "unit": "probability",
            },
        ]
        print(rows[-2], rows[-1], flush=True)
    return rows
