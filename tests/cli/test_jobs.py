"""``buffycoat jobs``, ``buffycoat work``, and the worker that ``buffycoat serve`` keeps beside it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from buffycoat.cli.commands import work
from buffycoat.cli.stop import INTERRUPTED
from buffycoat.cli.workers import workers_beside
from buffycoat.workflows.jobs import get_job, list_jobs, start_job
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture
def folder(demo_workspace: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo_workspace, tmp_path / "w")
    return tmp_path / "w"


def until(fits: Callable[[], Any], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not fits():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_a_job_from_its_start_to_its_end(command, folder: Path):
    job = command("jobs", "start", "doctor", "fast=true", "--workspace", folder, "--json").result
    assert (job["state"], job["parameters"]) == ("waiting", {"fast": True})
    other = command("jobs", "start", "detect", "side=96", "border=shift", "--workspace", folder, "--json").result
    assert (other["parameters"]["side"], other["parameters"]["border"]) == (96, "shift")
    assert command("jobs", "cancel", other["id"], "--workspace", folder, "--json").result["state"] == "canceled"
    done = command("work", "--once", "--workspace", folder)
    assert done.out.splitlines() == [
        "works for w  (Ctrl-C ends it, its job is given back)",
        "1 job taken, nothing waits",
    ]
    told = command("jobs", "list", "--workspace", folder).out
    assert told.startswith("2 jobs, 0 of them wait or run\n")
    assert re.search(rf"^  {other['id']}  detect   canceled, asked for .* UTC$", told, re.MULTILINE)
    listed = command("jobs", "list", "--workspace", folder, "--json").result
    assert [each["state"] for each in listed["jobs"]] == ["canceled", "done"]
    shown = command("jobs", "show", job["id"], "--workspace", folder)
    assert "begun: attempt 1 (" in shown.out
    assert '"findings"' in shown.out
    story = command("jobs", "show", job["id"], "--workspace", folder, "--json").result
    assert story["job"]["state"] == "done"
    assert story["log"][0]["act"] == "begun"
    assert story["log"][-1]["act"] == "done"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("start", "dig"), 2, "no such kind of job"),
        (("start", "detect", "side"), 2, "NAME=VALUE"),
        (("start", "detect", "depth=1"), 2, "no such parameter"),
        (("show", "nothing"), 3, "no job has this id"),
        (("cancel", "nothing"), 3, "no job has this id"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(command, folder: Path, words: tuple[str, ...], status: int, said: str):
    done = command("jobs", *words, "--workspace", folder)
    assert (done.status, said in done.err) == (status, True), done.err


def test_a_job_that_failed_says_all_of_why(command, folder: Path):
    job = command("jobs", "start", "clean", "smear=nothing", "--workspace", folder, "--json").result
    assert command("work", "--once", "--workspace", folder).status == 0
    shown = command("jobs", "show", job["id"], "--workspace", folder).out
    assert re.search(r"^  what +no smear has this id$", shown, re.MULTILINE)
    assert re.search(r"^  found +nothing$", shown, re.MULTILINE)


def test_a_worker_that_is_told_twice_to_end_still_gives_its_job_back(command, tmp_path: Path, monkeypatch):
    done = []

    def works(*_, **__) -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        finally:
            for again in (signal.SIGTERM, signal.SIGINT):
                os.kill(os.getpid(), again)
            time.sleep(0.05)
            done.append("given back")
        return 0

    with open_workspace(tmp_path / "w", create=True):
        pass
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(work, "work_off", works)
    assert command("work", "--workspace", tmp_path / "w").status == INTERRUPTED
    assert done == ["given back"]
    assert signal.getsignal(signal.SIGTERM) == before


SLOW = """#!/bin/sh
trap 'echo told >> {folder}/told' TERM
echo begun >> {folder}/told
cat > /dev/null
sleep 1
echo 'given back' >> {folder}/told
"""


def test_the_studio_lets_its_worker_end_by_itself(tmp_path: Path, monkeypatch):
    program, told = tmp_path / "python", tmp_path / "told"
    program.write_text(SLOW.format(folder=tmp_path))
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    with workers_beside(tmp_path, 1):
        until(told.exists)
    assert told.read_text().splitlines() == ["begun", "given back"]


@contextmanager
def studio(folder: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    words = ["serve", "--workspace", str(folder), "--port", "0", *more]
    with subprocess.Popen([sys.executable, "-m", "buffycoat", *words], stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            assert "open http" in served.stdout.readline()
            yield served
        finally:
            served.kill()


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return sorted(int(each) for file in found for each in file.read_text().split())


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_studio_keeps_a_worker_that_comes_back_and_does_not_outlive_it(folder: Path):
    with open_workspace(folder) as workspace, studio(folder) as served:
        job = start_job(workspace, "doctor", {"fast": True})
        until(lambda: get_job(workspace, job.id).state == "done")
        [first] = children(served.pid)
        assert os.getpriority(os.PRIO_PROCESS, first) > os.getpriority(os.PRIO_PROCESS, served.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: children(served.pid) not in ([], [first]))
        again = start_job(workspace, "doctor", {"fast": True})
        until(lambda: get_job(workspace, again.id).state == "done")
        [second] = children(served.pid)
        served.kill()
        served.wait(60)
        until(lambda: not lives(second))
        assert list_jobs(workspace).open == 0


def test_the_studio_ends_its_worker_with_itself_and_starts_none_where_none_is_wanted(folder: Path):
    with studio(folder) as served:
        until(lambda: children(served.pid))
        [worker] = children(served.pid)
        served.send_signal(signal.SIGINT)
        served.wait(60)
        assert not lives(worker)
    (folder / "buffycoat.toml").write_text("workers = 0\n")
    with studio(folder) as served:
        assert children(served.pid) == []
