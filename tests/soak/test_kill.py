"""kill -9 at random moments of the main job, then the same command: the content is as if nothing had happened."""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("BUFFYCOAT_SOAK") == "full"
KILLS = 20 if FULL else 2
FIELDS = 257 if FULL else 26


def command(source: Path, workspace: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "buffycoat",
        "run",
        str(source),
        "-w",
        str(workspace),
        "--smear",
        "bccd",
        "--stain",
        "wright",
    ]


def digest(workspace: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "buffycoat", "digest", "-w", str(workspace)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def finish(source: Path, workspace: Path) -> None:
    done = subprocess.run(command(source, workspace), capture_output=True, text=True, check=False)
    # 1: the folder also holds files that are refused.
    assert done.returncode == 1, done.stderr


def test_killed_run_ends_as_if_nothing_had_happened(data, tmp_path, bad_files):
    source = tmp_path / "photographs"
    shutil.copytree(bad_files, source, symlinks=True, ignore=lambda _folder, names: [n for n in names if "fifo" in n])
    for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:FIELDS]:
        shutil.copy2(path, source)
    whole = tmp_path / "whole"
    started = time.perf_counter()
    finish(source, whole)
    seconds = time.perf_counter() - started
    expected = digest(whole)

    rng = random.Random(20261122)
    rows = []
    for kill in range(KILLS):
        workspace = tmp_path / f"killed-{kill}"
        moment = rng.uniform(0.1, seconds)
        process = subprocess.Popen(
            command(source, workspace), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(timeout=moment)
            killed = False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed = True
        finish(source, workspace)
        rows.append((kill, round(moment, 3), killed, digest(workspace) == expected))
        shutil.rmtree(workspace)
    if FULL:
        folder = ROOT / "soak"
        folder.mkdir(exist_ok=True)
        with (folder / f"kill-{datetime.now(UTC):%Y-%m-%d}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [("kill", "moment_s", "killed", "same_digest"), *rows, ("whole run", round(seconds, 3), False, True)]
            )
    assert [row for row in rows if not row[3]] == []
    assert any(killed for _, _, killed, _ in rows)
