"""The five rooms that a cluster helps, in this process and on two workers of one machine, on BCCD's photographs.

All rows and objects are compared. ``--plan`` reckons from the newest figures what 1 and 100 million cells ask for.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster

from buffycoat.domain.cell import Cell, CoveredField, Repeat
from buffycoat.domain.mask import Mask
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import FieldOfView
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.engine import SERIAL, Engine
from buffycoat.workflows.engine.cluster import Cluster
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.segment import segment_cells
from buffycoat.workflows.suggesting import suggest_types
from buffycoat.workflows.workspace import Workspace, open_workspace

__all__ = ["measure"]

PHOTOGRAPHS, WARM = 32, 4
ROOMS = ("ingest", "detect", "clean", "segment", "classify")
PER_PHOTOGRAPH = {"ingest", "detect"}
# What a plan takes for given; each is said beside its figures.
MEGAPIXELS, CELLS_A_PHOTOGRAPH, BCCD_MEGAPIXELS = 12.0, 3.0, 0.3072
DOLLARS_A_CORE_HOUR, DOLLARS_A_GB_MONTH, CORES_A_MACHINE = 0.05, 0.023, 32
RESULTS = Path(__file__).parent / "results"


def measure(data: Path, *, plan: bool = False) -> list[dict[str, Any]]:
    """Return seconds and processor seconds of each room on both sides, best of two; or the plan."""
    if plan:
        return _plan()
    files = sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:PHOTOGRAPHS]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, some in (("all", files), ("warm", files[:WARM])):
            (folder / part).mkdir()
            for path in some:
                shutil.copy(path, folder / part)
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0) as local,
            Client(local, set_as_default=False) as client,
        ):

            def nothing() -> float:
                return 0.0

            def there() -> float:
                return float(sum(client.run(time.process_time).values()))

            sides: dict[str, tuple[Engine, Callable[[], float]]] = {
                "here": (SERIAL, nothing),
                "cluster": (Cluster(local.scheduler_address), there),
            }
            took: dict[str, list[dict[str, tuple[float, float, float]]]] = {side: [] for side in sides}
            rows: dict[str, Any] = {}
            for turn in ("warm", "all", "all"):
                for side, (engine, others) in sides.items():
                    seconds, rows[side], size = _go(folder, turn, engine, others)
                    took[side] += [seconds] if turn == "all" else []
                assert rows["here"] == rows["cluster"], "not the rows of this process"
            sides["cluster"][0].close()
    return _figures(took, rows["here"], size, len(files))


def _go(
    folder: Path, part: str, engine: Engine, others: Callable[[], float]
) -> tuple[dict[str, tuple[float, float, float]], dict[str, Any], int]:
    """Return seconds, own processor seconds and those of workers by room; all rows; and bytes of the workspace."""
    there, took = folder / "workspace", {}
    shutil.rmtree(there, ignore_errors=True)
    with open_workspace(there, create=True) as workspace:
        workspace.engine = engine
        record = Record(smear="bccd", site="bench", microscope="any")
        do: dict[str, Callable[[], object]] = {
            "ingest": lambda: ingest_photographs(workspace, folder / part, record=record),
            "detect": lambda: detect_cells(workspace),
            "clean": lambda: clean_cells(workspace),
            "segment": lambda: segment_cells(workspace),
            "classify": lambda: suggest_types(workspace),
        }
        for room in ROOMS:
            own, far, started = time.process_time(), others(), time.perf_counter()
            do[room]()
            wall = time.perf_counter() - started
            took[room] = wall, time.process_time() - own, others() - far
        rows = _rows(workspace)
        workspace.engine = SERIAL
    return took, rows, sum(path.stat().st_size for path in there.rglob("*") if path.is_file())


def _rows(workspace: Workspace) -> dict[str, Any]:
    kinds: tuple[type[Any], ...] = (FieldOfView, Cell, Repeat, CoveredField, Mask, Outcome)
    with workspace.database.reading() as transaction:
        found = {kind.__name__: [asdict(each) for each in transaction.find(kind)] for kind in kinds}
    for rows in found.values():
        for row in rows:
            row.pop("ingested_at", None)
            row.pop("finished_at", None)
            if row.get("room") == "classify":  # equal to 1e-6; four places are kept, so nearly always equal
                said = json.loads(row["message"])
                row["message"] = {term: round(chance, 3) for term, chance in said["chances"].items()}
        rows.sort(key=lambda row: str(row["id"]))
    return found


def _figures(
    took: dict[str, list[dict[str, tuple[float, float, float]]]], rows: dict[str, Any], size: int, photographs: int
) -> list[dict[str, Any]]:
    cells = len(rows["Cell"])
    figures = []
    for room in ROOMS:
        here, there = (min((turn[room] for turn in took[side]), key=lambda each: each[0]) for side in took)
        own = min(turn[room][1] for turn in took["here"])
        both = min(sum(turn[room][1:]) for turn in took["cluster"])
        client = min(turn[room][1] for turn in took["cluster"])
        units, unit = (photographs, "photograph") if room in PER_PHOTOGRAPH else (cells, "cell")
        figures += [
            {
                "figure": f"{room}, two workers",
                "value": round(there[0], 2),
                "unit": "s",
                "peer": "this process",
                "peer_value": round(here[0], 2),
                "note": f"{photographs} photographs, {cells} cells; all rows equal; processor time "
                f"{both / max(own, 1e-9):.2f} times that of this process",
            },
            {"figure": f"{room}, processor time", "value": round(1000 * own / units, 2), "unit": f"ms a {unit}"},
            {
                "figure": f"{room}, processor time of the client",
                "value": round(1000 * client / units, 2),
                "unit": f"ms a {unit}",
            },
        ]
    figures += [
        {"figure": "workspace", "value": round(size / cells / 1000, 1), "unit": "kB a cell"},
        {"figure": "memory", "value": round(_memory(rows) / 1000, 2), "unit": "kB a cell", "note": "cell and outcome"},
    ]
    return figures


def _memory(rows: dict[str, Any]) -> float:
    """Return bytes of a cell and its outcome as a run holds them."""
    cell = Cell(**{name: value for name, value in rows["Cell"][0].items() if name not in ("extent", "box")}, **_boxes())
    tracemalloc.start()
    many = [replace(cell, id=f"cell-{number:020d}", crop=f"{number:064d}") for number in range(20_000)]
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return 2 * before / len(many)  # an outcome is about as large


def _boxes() -> dict[str, Any]:
    from buffycoat.domain.geometry import Box

    box = Box(left=0, top=0, right=1, bottom=1)
    return {"extent": box, "box": box}


def _plan() -> list[dict[str, Any]]:
    newest = max(path for path in RESULTS.glob("cluster-2*.csv"))
    with newest.open(newline="") as file:
        measured = {row["figure"]: float(row["value"]) for row in csv.DictReader(file)}
    larger = MEGAPIXELS / BCCD_MEGAPIXELS

    def core_ms(room: str, kind: str = "processor time") -> float:
        """Milliseconds a cell; those of a photograph grow with its pixels."""
        value = measured[f"{room}, {kind}"]
        return value * larger / CELLS_A_PHOTOGRAPH if room in PER_PHOTOGRAPH else value

    a_cell = sum(core_ms(room) for room in ROOMS)
    client = sum(measured[f"{room}, processor time of the client"] for room in ROOMS)
    figures: list[dict[str, Any]] = []
    for cells, machines in ((1e6, 1), (1e8, 20)):
        hours, cores = a_cell * cells / 3.6e6, machines * CORES_A_MACHINE
        name = f"{cells / 1e6:g} million cells"
        told = {
            "core hours": (hours, "h"),
            f"on {machines} machines of {CORES_A_MACHINE} cores": (hours / cores, "h"),
            "of the client alone": (client * cells / 3.6e6, "h"),
            "memory of the client in one run": (measured["memory"] * cells / 1e6, "GB"),
            "workspace": (measured["workspace"] * cells / 1e9, "TB"),
            "processors": (hours * DOLLARS_A_CORE_HOUR, "USD"),
            "workspace kept": (measured["workspace"] * cells / 1e6 * DOLLARS_A_GB_MONTH, "USD a month"),
        }
        figures += [
            {"figure": f"{name}: {figure}", "value": float(f"{value:.3g}"), "unit": unit, "note": newest.name}
            for figure, (value, unit) in told.items()
        ]
    return figures
