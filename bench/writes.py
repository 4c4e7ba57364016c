"""Labels written by one and by eight processes, each in a transaction of its own, on SQLite and on PostgreSQL.

``BUFFYCOAT_BENCH_DATABASE`` names an empty PostgreSQL database, as its server is run in earnest; without it, only
SQLite is measured. All label files of Raabin's first microscope are imported first, and moved from one to the other.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.moving import move_workspace
from buffycoat.workflows.workspace import open_workspace

__all__ = ["measure"]

_SECONDS = 8.0
_WRITER = """
import sys, time
from dataclasses import replace
from pathlib import Path
from buffycoat.domain.label import Label
from buffycoat.workflows.workspace import open_workspace
with open_workspace(Path(sys.argv[1])) as workspace:
    with workspace.database.reading() as transaction:
        like = transaction.find(Label, id=sys.argv[2])[0]
    end, number, took = time.time() + float(sys.argv[4]), 0, []
    while time.time() < end:
        number += 1
        key = f"{sys.argv[3]}-{number}"
        started = time.perf_counter()
        with workspace.database.writing() as transaction:
            transaction.add([replace(like, id=key, event=key, supersedes=None)])
        took.append(time.perf_counter() - started)
print(*(f"{1000 * each:.3f}" for each in took))
"""


def measure(data: Path) -> list[dict[str, Any]]:
    """Return the labels a second and how long one takes, by database and writers, and the time of the move."""
    archive = data / "raabin_json" / "first_microscope_jsons.zip"
    address = os.environ.get("BUFFYCOAT_BENCH_DATABASE")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "workspace"
        started = time.perf_counter()
        with open_workspace(folder, create=True) as workspace:
            import_set(workspace, archive, name="raabin")
        figures = [_figure("import of Raabin's label files, SQLite", time.perf_counter() - started, "s")]
        figures += _writes(folder, "SQLite")
        if address is None:
            return figures
        started = time.perf_counter()
        summary = move_workspace(folder, address)
        seconds = time.perf_counter() - started
        rows = sum(summary.rows.values())
        figures.append(
            _figure("migrate-to, all rows compared", seconds, "s", f"{rows:,} rows, {rows / seconds:,.0f} a second")
        )
        figures += _writes(folder, "PostgreSQL")
        # Anew, into the same database.
        with create_engine(address.replace("postgresql://", "postgresql+psycopg://")).connect() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
            connection.commit()
        os.environ["BUFFYCOAT_DATABASE"] = address
        started = time.perf_counter()
        with open_workspace(Path(name) / "again", create=True) as workspace:
            import_set(workspace, archive, name="raabin")
        del os.environ["BUFFYCOAT_DATABASE"]
        figures.append(_figure("import of Raabin's label files, PostgreSQL", time.perf_counter() - started, "s"))
    return figures


def _writes(folder: Path, name: str) -> list[dict[str, Any]]:
    with open_workspace(folder) as workspace, workspace.database.reading() as transaction:
        like = str(transaction.connection.exec_driver_sql("SELECT min(id) FROM label").scalar())
    figures = []
    for writers in (1, 8):
        commands = [
            [sys.executable, "-c", _WRITER, str(folder), like, f"{name}-{writers}-{each}", str(_SECONDS)]
            for each in range(writers)
        ]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]  # noqa: S603 (our own program)
        took = [float(each) for one in running for each in one.communicate()[0].split()]
        cut = statistics.quantiles(took, n=100)
        note = f"one label: median {cut[49]:.1f} ms, p95 {cut[94]:.1f} ms, p99 {cut[98]:.1f} ms"
        figures.append(_figure(f"labels written by {writers}, {name}", len(took) / _SECONDS, "1/s", note))
    return figures


def _figure(name: str, value: float, unit: str, note: str = "") -> dict[str, Any]:
    return {"figure": name, "value": round(value, 2), "unit": unit, "note": note}
