"""People label while photographs are imported and repeats are looked for, undisturbed and while everything is killed.

On SQLite and on PostgreSQL by the same code. First nothing is killed: how long does an answer take? Then the import, the
worker, the service and, where there is one, the server of the database are killed in turn, at any moment of their work.
Every answer that was acknowledged is there, once; the audit log holds; what was broken off is finished by the same
command; and nobody is told anything but that the database does not answer.
"""

from __future__ import annotations

import csv
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import make_url

from buffycoat.domain.account import Scope
from buffycoat.domain.job import JobAct, JobEvent
from buffycoat.domain.label import Label, Round
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import StoreUnreachable
from buffycoat.label import items_of
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.jobs import start_job
from buffycoat.workflows.people import list_people
from buffycoat.workflows.people.sessions import make_token
from buffycoat.workflows.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("BUFFYCOAT_SOAK") == "full"
KILLS = 60 if FULL else 6
LABELLERS = 20 if FULL else 8
CELLS = 1000 if FULL else 200
PHOTOGRAPHS = 5000 if FULL else 100
UNDISTURBED_S = 180 if FULL else 4
SMEAR = 50
"""Cells of one smear of the round; see ``conftest.py``."""
A_SECOND = 5
"""Answers of one labeller."""
PATIENCE_S = 300
"""As long as a slow machine may need for a step."""


def wait_until(reached: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < end, f"not in {PATIENCE_S} s: {what}"
        time.sleep(0.02)


@dataclass
class Labeller:
    """A device: what it answers, it sends again until it has heard that it is kept."""

    url: str
    token: str
    items: list[str]
    kept: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lost: int = 0

    def work(self, stop: threading.Event) -> None:
        due = time.monotonic()
        place = 0
        with httpx.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=90) as client:
            while not stop.is_set():
                given = {
                    "event": str(uuid4()),
                    "item": self.items[place % len(self.items)],
                    "term": ("monocyte", "basophil", "smudge")[place % 3],
                    "given_at": datetime.now(UTC).isoformat(),
                }
                place += 1
                due += 1 / A_SECOND
                while not self._sent(client, given) and not stop.is_set():
                    time.sleep(0.25)
                due = max(due, time.monotonic() - 1)
                stop.wait(max(0.0, due - time.monotonic()))

    def _sent(self, client: httpx.Client, given: dict[str, str]) -> bool:
        started = time.perf_counter()
        try:
            answer = client.post(self.url, json=[given])
        except httpx.TransportError:
            self.lost += 1
            return False
        if answer.status_code == 503 and answer.json()["code"] == "store-unreachable":
            self.lost += 1
            return False
        if answer.status_code != 200 or answer.json()[0]["state"] not in ("kept", "known"):
            self.wrong.append(answer.text)
            return True
        self.seconds.append(time.perf_counter() - started)
        self.kept.append(given["event"])
        return True


@dataclass
class Program:
    """One of our commands; where it was killed, or its database was, it is given again until it comes to its end."""

    arguments: list[str]
    log: Path
    done: int = 0
    broken_off: int = 0
    process: subprocess.Popen[bytes] | None = None

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set() and not self.done:
            with self.log.open("ab") as said:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "buffycoat", *self.arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    start_new_session=True,
                )
            while self.process.poll() is None and not stop.wait(0.05):
                pass
            if stop.is_set():
                break
            if self.process.returncode == 0:
                self.done += 1
            else:
                self.broken_off += 1
                stop.wait(0.3)
        self.kill()

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> bool:
        """Kill it as it is; say whether it ran."""
        if self.process is not None and self.runs:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return True
        return False


def order_cleanings(opened: Workspace, stop: threading.Event) -> None:
    """Order that repeats be looked for, over and over: one order waits at most."""
    while not stop.wait(0.5):
        with suppress(StoreUnreachable):
            start_job(opened, "clean")


def write_photographs(folder: Path, count: int) -> None:
    rng = np.random.default_rng(3)
    folder.mkdir()
    for number in range(count):
        noise = rng.integers(0, 256, (96, 128, 3), dtype=np.uint8)
        Image.fromarray(noise).save(folder / f"{number:05}.jpg", quality=60)


def labellers(workspace: Path, campaign: Round, url: str) -> list[Labeller]:
    with open_workspace(workspace) as opened:
        return [
            Labeller(
                url=f"{url}/api/rounds/{campaign.id}/answers",
                token=make_token(opened, person.person.id, name="device", scope=Scope.LABEL, days=1).token or "",
                # All but the last: a round that is closed takes nothing more.
                items=[item.item for item in items_of(campaign, person.person.id)][:-1],
            )
            for person in list_people(opened)
            if person.person.id in campaign.experts
        ]


def healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def disturb(devices: Sequence[Labeller], programs: dict[str, Program], server: Any) -> list[tuple[Any, ...]]:
    """Kill one after the other, at any moment of the work; after each, everybody goes on."""
    rng, rows = random.Random(20261123), []
    kinds = ("worker", "import", "service") if server is None else ("worker", "database", "import", "service")

    def heard() -> list[int]:
        return [len(device.kept) for device in devices]

    def goes_on(after: str) -> None:
        before = heard()
        wait_until(lambda: all(map(int.__lt__, before, heard())), f"an answer of each after {after}")

    for number, kind in enumerate(islice(cycle(kinds), KILLS)):
        goes_on(f"{number} kills")
        what = "worker" if kind == "import" and programs[kind].done else kind
        if what != "database":
            wait_until(lambda what=what: programs[what].runs or programs[what].done > 0, f"the start of the {what}")
        moment = rng.uniform(0, 1.5 if FULL else 0.3)
        time.sleep(moment)
        if what == "database":
            server.crash()
            met = True
        else:
            # It may just have ended of itself, as its database was killed: it is given again, and met then.
            wait_until(lambda what=what: programs[what].kill() or programs[what].done > 0, f"a {what} that runs")
            met = programs[what].done == 0
        rows.append((number, what, met, round(moment, 3), sum(heard())))
    goes_on("the last kill")
    wait_until(lambda: programs["import"].done > 0, "the end of the import")
    return rows


def acts_of(opened: Workspace) -> Counter[JobAct]:
    with opened.database.reading() as transaction:
        return Counter(event.act for event in transaction.find(JobEvent))


def figures(calm: list[float], kept: list[str], there: Counter[str], acts: Counter[JobAct]) -> list[tuple[Any, ...]]:
    """How long an answer took while nothing was killed, what was lost, and what became of the cleanings."""
    lost = sum(there[event] == 0 for event in kept)
    times = [(f"p{share}_ms", round(1000 * calm[len(calm) * share // 100], 1), len(calm)) for share in (50, 95, 99)]
    return [*times, ("lost", lost, len(kept)), *((f"cleanings {act.value}", count, "") for act, count in acts.items())]


def note(kind: str, rows: list[tuple[Any, ...]], told: list[tuple[Any, ...]]) -> None:
    """Keep what a whole trial gave beside the others."""
    folder = ROOT / "soak"
    folder.mkdir(exist_ok=True)
    with (folder / f"label-kill-{kind}-{datetime.now(UTC):%Y-%m-%d}.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("kill", "what", "met", "moment_s", "kept_so_far"), *rows, *told])


@pytest.fixture
def trial(request, tmp_path, round_of, monkeypatch) -> tuple[Path, Round, Any]:
    """A workspace with a round, and the server of its database where there is one."""
    workspace, server = tmp_path / "w", None
    handles = [f"expert-{number}" for number in range(LABELLERS)]
    with monkeypatch.context() as patched:
        address = None
        if request.param == "postgresql":
            server = request.getfixturevalue("postgresql")
            address = server.empty()
            # As it is in earnest.
            server.ask(f"ALTER DATABASE {make_url(address).database} SET synchronous_commit = on")
        # The programs are processes of their own: the folder tells them where the rows are.
        patched.setattr("buffycoat.store.place.given_address", lambda _folder: address)
        campaign = round_of(workspace, cells=CELLS, handles=handles)
    assert (workspace / "buffycoat.db").exists() == (server is None)
    return workspace, campaign, server


@pytest.mark.parametrize("trial", ["sqlite", "postgresql"], indirect=True)
def test_every_acknowledged_answer_outlives_a_kill(trial, tmp_path, record_property):
    workspace, campaign, server = trial
    write_photographs(tmp_path / "photographs", PHOTOGRAPHS)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    devices = labellers(workspace, campaign, f"http://127.0.0.1:{port}")
    here, log = ["-w", str(workspace)], tmp_path / "log.txt"
    programs = {
        "service": Program(["serve", *here, "--port", str(port), "--workers", "0"], log),
        "worker": Program(["work", *here, "--lease", "5"], log),
        "import": Program(["ingest", str(tmp_path / "photographs"), *here, "--smear", "S-imported"], log),
    }
    stop = threading.Event()
    threads = [threading.Thread(target=each.work, args=(stop,)) for each in (*programs.values(), *devices)]
    with open_workspace(workspace) as opened:
        threads.append(threading.Thread(target=order_cleanings, args=(opened, stop)))
        threads[0].start()
        try:
            wait_until(lambda: healthy(port), "the service")
            for thread in threads[1:]:
                thread.start()
            time.sleep(UNDISTURBED_S)
            wait_until(lambda: all(device.kept for device in devices), "an answer of each")
            calm = sorted(each for device in devices for each in list(device.seconds))
            lost_in_calm = sum(device.lost for device in devices)
            rows = disturb(devices, programs, server)
            wait_until(lambda: acts_of(opened)[JobAct.DONE] > 0, "the end of a cleaning")
        finally:
            stop.set()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
        log_of_people, acts = verify_log(opened), acts_of(opened)
        with opened.database.reading() as transaction:
            there = Counter(label.event for label in transaction.find(Label))
            fields = transaction.count(FieldOfView)
    kept = [event for device in devices for event in device.kept]
    told = figures(calm, kept, there, acts)
    record_property("figures", str([*rows, *told]))
    if FULL:
        note("sqlite" if server is None else "postgresql", rows, told)
    assert [answer for device in devices for answer in device.wrong] == []
    assert [event for event in kept if there[event] != 1] == []
    assert len(kept) == len(set(kept)) > KILLS * LABELLERS
    assert lost_in_calm == 0 < sum(device.lost for device in devices), "no kill met anybody"
    assert sum(met for _, _, met, *_ in rows) >= KILLS - 1, "only the import comes to its end, once"
    assert (log_of_people.fault, log_of_people.entries > len(kept)) == (None, True)
    assert fields == PHOTOGRAPHS + CELLS // SMEAR
    said = log.read_text()
    assert [word for word in ("locked", "Traceback", "fault of the program") if word in said] == [], said
    assert not FULL or told[1][1] < (150 if server is None else 500), "p95 of an answer, in milliseconds"
