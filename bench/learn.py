"""The paper's experiment at reduced size on real crops: nine networks and the features, at home and in Barcelona.

Learned from Raabin's crops, held-out crops of Raabin as test-A, and Barcelona's stand in for test-B.
``BUFFYCOAT_WEIGHTS`` names a folder with ImageNet weights; a network without a file there is trained from scratch, and
its row says so. ``BUFFYCOAT_BENCH_KEEP`` names a folder for the experiment, for `buffycoat report`; a killed run
goes on there. ``BUFFYCOAT_BENCH_EPOCHS`` and ``BUFFYCOAT_BENCH_CELLS`` make it longer or shorter.

It shows that every row is filled, and how long it takes. With so few cells, pixels and epochs its scores say nothing of
the networks.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from buffycoat.domain.experiment import TEST_A, TEST_B
from buffycoat.workflows.learning import LearnJob, StandIn, run_experiment

__all__ = ["measure"]

SIZE = 32
EPOCHS = int(os.environ.get("BUFFYCOAT_BENCH_EPOCHS", "5"))
MOST_CELLS = int(os.environ.get("BUFFYCOAT_BENCH_CELLS", "20"))


def measure(data: Path) -> list[dict[str, Any]]:
    """Return balanced accuracy of every row on both test sets, and seconds."""
    weights = os.environ.get("BUFFYCOAT_WEIGHTS")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(os.environ.get("BUFFYCOAT_BENCH_KEEP", folder))
        started = time.perf_counter()
        found = run_experiment(
            LearnJob(
                data=data / "raabin_crops" / "crops",
                out=out,
                stand_in=StandIn(name="Barcelona", path=data / "pbc_barcelona" / "crops"),
                weights=(*([weights] if weights else []), "scratch"),
                size=SIZE,
                epochs=EPOCHS,
                most_cells=MOST_CELLS,
                device="cpu",
                keep_networks=False,
                command="buffycoat learn --preset paper-2022 --data raabin_crops/crops "
                "--stand-in Barcelona=pbc_barcelona/crops --weights WEIGHTS --weights scratch "
                f"--size {SIZE} --epochs {EPOCHS} --most-cells {MOST_CELLS}",
            ),
            epochs=lambda step: print(step.model, step.epoch, f"{step.loss:.3f} {step.accuracy:.2f}", flush=True),
        )
        seconds = time.perf_counter() - started
    assert found is not None
    rows: list[dict[str, Any]] = []
    for run in found.runs:
        for name in (TEST_A, TEST_B):
            one = found.set_named(name)
            assert one is not None
            rows.append(
                {
                    "figure": f"{run.title}, {one.heading}: balanced accuracy",
                    "value": round(one.balanced_accuracy(run.predictions[name].terms), 4),
                    "unit": f"of {len(one.cells)} cells",
                    "note": "; ".join([run.weights or run.kind, f"{run.seconds:.0f} s", *found.reduced]),
                }
            )
    kinds = ", ".join(f"{count} {kind}" for kind, count in (found.leaks or {}).items())
    rows.append({"figure": "the whole experiment", "value": round(seconds, 1), "unit": "s", "note": f"leaks: {kinds}"})
    return rows
