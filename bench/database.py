"""All label files of Raabin's first microscope: imported beside a bare ``json.load`` loop, then counted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.timing import best_of_five
from buffycoat.domain.query import NOT_RECOGNIZED, UNLABELED
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.statistics import count_database
from buffycoat.workflows.workspace import Workspace, open_workspace

__all__ = ["measure"]

_MEMORY = """
import resource, sys
from pathlib import Path
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.workspace import open_workspace
with open_workspace(Path(sys.argv[2]), create=True) as workspace:
    import_set(workspace, Path(sys.argv[1]), name="raabin")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(data: Path) -> list[dict[str, Any]]:
    """Return the ratio of the import to the bare loop, from the archive and from a folder, memory, and statistics."""
    archive = data / "raabin_json" / "first_microscope_jsons.zip"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zipfile.ZipFile(archive).extractall(folder / "files")
        figures = [
            _import(folder, archive, _bare_archive, "archive"),
            _import(folder, folder / "files", _bare_folder, "folder"),
        ]
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-c", _MEMORY, str(archive), str(folder / "memory")],
            capture_output=True,
            text=True,
            check=True,
        )
        figures.append({"figure": "peak memory of the import", "value": round(float(done.stdout)), "unit": "MiB"})
        with open_workspace(folder / "memory") as workspace:
            seconds = best_of_five(lambda: _statistics(workspace))[0]
        figures.append(
            {
                "figure": "matrix, kappa, AC1 with intervals, class counts, queries, overlapping boxes",
                "value": round(seconds, 3),
                "unit": "s",
                "note": "from the workspace; counts asserted",
            }
        )
    return figures


def _import(folder: Path, source: Path, bare: Callable[[Path], int], what: str) -> dict[str, Any]:
    target = folder / "workspace"
    seconds = []

    def ours() -> None:
        shutil.rmtree(target, ignore_errors=True)
        with open_workspace(target, create=True) as workspace:
            started = time.perf_counter()
            summary = import_set(workspace, source, name="raabin")
            seconds.append(time.perf_counter() - started)
        assert (summary.fields, summary.cells, summary.labels, summary.refused) == (17769, 36624, 51856, ())

    _, peer = best_of_five(ours, lambda: bare(source))
    return {
        "figure": f"import of 17,769 label files from a {what}, labels and all",
        "value": round(min(seconds), 3),
        "unit": "s",
        "peer": "json.load loop over the same files",
        "peer_value": round(peer, 3),
        "note": f"{min(seconds) / peer:.2f} times the loop",
    }


def _bare_archive(source: Path) -> int:
    with zipfile.ZipFile(source) as archive:
        return sum(len(json.load(archive.open(name))) for name in archive.namelist() if name.endswith(".json"))


def _bare_folder(source: Path) -> int:
    count = 0
    for path in source.rglob("*.json"):
        with path.open() as file:
            count += len(json.load(file))
    return count


def _statistics(workspace: Workspace) -> None:
    found = count_database(workspace)
    report = found.agreement
    assert (found.smears, found.fields, found.cells) == (66, 17769, 36624)
    assert (report.never_labeled, report.one_label, report.both_labeled, report.equal) == (9000, 3392, 24232, 23131)
    assert sum(found.released.values()) == 15951
    assert found.double_boxed == 405
    assert [len(cells_of(workspace, query)) for query in (UNLABELED, NOT_RECOGNIZED)] == [9000, 789]
