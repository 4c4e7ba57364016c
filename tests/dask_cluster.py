"""A Dask cluster of the tests' own: a scheduler and workers, each a process in a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = str(Path(__file__).parent)


@contextmanager
def a_process(name: str, *arguments: str, folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or a worker in a folder of its own, ended with all that it started."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *arguments, "--no-dashboard"]
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            # Where the tests' own functions are, as they are here.
            env={**os.environ, "PYTHONPATH": os.pathsep.join([TESTS, os.environ.get("PYTHONPATH", "")]), **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def a_scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    told = folder / "scheduler.json"
    arguments = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)]
    # One death more than this, and a task is refused: the usual three would cost a minute.
    deaths = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    with a_process("scheduler", *arguments, folder=folder, **deaths) as process:
        for _ in range(1200):
            if told.exists() and told.read_text():
                break
            time.sleep(0.1)
        yield json.loads(told.read_text())["address"], process


@contextmanager
def workers(address: str, count: int, folder: Path, **environment: str) -> Iterator[None]:
    arguments = [address, "--nworkers", str(count), "--nthreads", "1", "--host", "127.0.0.1", "--memory-limit", "0"]
    with a_process("worker", *arguments, "--local-directory", str(folder), folder=folder, **environment):
        yield
