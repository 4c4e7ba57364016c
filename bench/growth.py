"""A workspace of ten thousand cells, of a hundred thousand, of a million: what grows, and how.

Cells are crops of Raabin, shrunk, turned, mirrored and recolored at random, 500 a film: a set of Raabin's own layout in
a zip, labels of two experts included, that goes through `buffycoat import`, `clean` and `statistics` as anybody's
would, each a process of its own. Then the studio is asked for its pages by somebody signed in, one after the other.

``BUFFYCOAT_BENCH_CELLS`` names the sizes (default: 10000,100000), ``BUFFYCOAT_BENCH_FOLDER`` a folder to work in.
"""

from __future__ import annotations

import csv
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np

from buffycoat.domain.label import Role
from buffycoat.imaging.codecs import read_rgb
from buffycoat.workflows.people import add_person
from buffycoat.workflows.people.sessions import open_session
from buffycoat.workflows.workspace import open_workspace

__all__ = ["measure"]

FILM, SIDE, TURNS = 500, 64, 40
GOAL_MS = 300


def measure(data: Path) -> Iterator[dict[str, Any]]:
    """Give rates, sizes, memory and pages for every number of cells."""
    sizes = [int(size) for size in os.environ.get("BUFFYCOAT_BENCH_CELLS", "10000,100000").split(",")]
    for cells in sizes:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BUFFYCOAT_BENCH_FOLDER")) as place:
            for row in _grown(data, Path(place), cells):
                yield {**row, "figure": f"{cells} cells: {row['figure']}"}


def _grown(data: Path, place: Path, cells: int) -> Iterator[dict[str, Any]]:
    archive, folder = place / "synthetic.zip", place / "workspace"
    _write_set(data, archive, cells)
    yield _row("the set as a zip", archive.stat().st_size / 2**20, "MiB")
    steps = {
        "import": ["import", str(archive), "--format", "raabin-crops"],
        "clean": ["clean"],
        "statistics": ["statistics"],
    }
    for step, words in steps.items():
        seconds, peak = _run([*words, "--workspace", str(folder)])
        yield _row(step, seconds, "s", f"{cells / seconds:.0f} cells/s")
        yield _row(f"{step}, most memory", peak, "MiB")
    archive.unlink()
    with open_workspace(folder) as workspace:
        person = add_person(workspace, handle="carla", role=Role.CURATOR).person
        secret = open_session(workspace, person.id).secret
    rows = (folder / "buffycoat.db").stat().st_size
    yield _row("database", rows / 2**20, "MiB", f"{rows / cells:.0f} bytes a cell")
    kept = sum(path.stat().st_blocks * 512 for path in (folder / "objects").rglob("*") if path.is_file())
    yield _row("objects on disk", kept / 2**20, "MiB", f"{kept / cells:.0f} bytes a cell")
    with _serving(folder) as client:
        client.headers["Cookie"] = f"buffycoat_session={secret}"
        yield from _pages(client, cells)


def _row(figure: str, value: float, unit: str, note: str = "") -> dict[str, Any]:
    return {"figure": figure, "value": round(value, 1), "unit": unit, "note": note}


def _write_set(data: Path, archive: Path, cells: int) -> None:
    """Write crops of their own each, named as Raabin's are, and a table of two experts who mostly agree."""
    rng = np.random.default_rng(cells)
    paths = sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))
    small = [(path.parent.name, cv2.resize(read_rgb(path), (96, 96), interpolation=cv2.INTER_AREA)) for path in paths]
    classes = sorted({name for name, _ in small})
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["file", "label1", "label2"])
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as to:
        for number in range(cells):
            name, pixels = small[rng.integers(len(small))]
            left, top = rng.integers(0, 96 - SIDE, 2)
            turned = np.rot90(pixels[top : top + SIDE, left : left + SIDE], int(rng.integers(4)))
            turned = turned[:, ::-1] if rng.integers(2) else turned
            colored = np.clip(turned * rng.uniform(0.85, 1.15, 3), 0, 255).astype(np.uint8)
            file = f"80-1-1-{1 + number // FILM}_{number % FILM}_1.jpg"
            to.writestr(
                f"set/{name}/{file}", cv2.imencode(".jpg", np.ascontiguousarray(colored[:, :, ::-1]))[1].tobytes()
            )
            second = name if rng.random() < 0.95 else classes[rng.integers(len(classes))]  # fmt: skip
            rows.writerow([file, name, second])
        to.writestr("set/labels.csv", table.getvalue())


def _run(words: list[str]) -> tuple[float, float]:
    """Run the program to its end; return its seconds, and the most memory it had, MiB."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "buffycoat", *words]
        process = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603 (our own program)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        assert process.returncode == 0, said.read()[-2000:].decode()
    return time.perf_counter() - started, used.ru_maxrss / 1024


@contextmanager
def _serving(folder: Path) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["serve", "--workspace", str(folder), "--port", str(port), "--workers", "0"]
    command = [sys.executable, "-m", "buffycoat", *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 (our own program)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            end = time.monotonic() + 60
            while time.monotonic() < end and not _ready(client):
                time.sleep(0.2)
            yield client
    finally:
        process.terminate()
        process.wait()


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/api/health").is_success
    except httpx.TransportError:
        return False


def _pages(client: httpx.Client, cells: int) -> Iterator[dict[str, Any]]:
    """Ask for each page many times, another part of it each time where it has parts."""
    rng = np.random.default_rng(1)
    some = [
        client.get(f"/api/cells?limit=1&offset={at}").raise_for_status().json() for at in rng.integers(cells, size=20)
    ]
    ids = [item["cell"]["id"] for page in some for item in page["items"]]
    smears = [smear["smear"]["id"] for smear in client.get("/api/smears").raise_for_status().json()]
    pages = {
        "overview": ["/api/overview"],
        "smears": ["/api/smears"],
        "gallery, first page": ["/api/cells"],
        "gallery, any page": [f"/api/cells?offset={at}" for at in rng.integers(cells, size=TURNS)],
        "gallery, kept": [f"/api/cells?kept=true&offset={at}" for at in rng.integers(cells // 2, size=TURNS)],
        "gallery, one class": [
            f"/api/cells?term=eosinophil&offset={at}" for at in rng.integers(cells // 20, size=TURNS)
        ],
        "gallery, disputed": ["/api/cells?standing=disputed"],
        "gallery, one smear": [f"/api/cells?smear_id={smear}" for smear in rng.choice(smears, TURNS)],
        "gallery, sorted": ["/api/sorting"],
        "a cell": [f"/api/cells/{key}" for key in ids],
        "a picture": [f"/api/cells/{key}/picture?side=192" for key in ids],
        "repeats": [f"/api/repeats/groups?offset={at}" for at in rng.integers(20, size=TURNS)],
        "cleanings": ["/api/repeats/cleanings"],
        "facts": ["/api/metadata"],
        "progress": ["/api/progress"],
        "runs": ["/api/runs"],
        "rounds": ["/api/rounds"],
        "masks": ["/api/masks"],
        "releases": ["/api/releases"],
        "release wizard": ["/api/releasing"],
        "jobs": ["/api/jobs"],
    }
    for name, addresses in pages.items():
        took, size = [], 0
        for turn in range(TURNS):
            started = time.perf_counter()
            size = len(client.get(addresses[turn % len(addresses)]).raise_for_status().content)
            took.append(1000 * (time.perf_counter() - started))
            if sum(took) > 60_000:
                break
        note = f"median {statistics.median(took):.0f}, {len(took)} times, goal {GOAL_MS}, {size / 1024:.0f} KiB"
        yield _row(f"{name}, p95", float(np.quantile(took, 0.95)), "ms", note)
