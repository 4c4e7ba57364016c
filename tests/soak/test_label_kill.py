"""kill -9 of the server under labellers while photographs are imported: every answer that was acknowledged is there."""

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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import numpy as np
from PIL import Image

from buffycoat.domain.account import Scope
from buffycoat.domain.label import Label, Round
from buffycoat.domain.smear import FieldOfView
from buffycoat.label import items_of
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.people import list_people
from buffycoat.workflows.people.sessions import make_token
from buffycoat.workflows.workspace import open_workspace

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("BUFFYCOAT_SOAK") == "full"
KILLS = 100 if FULL else 10
LABELLERS = 20 if FULL else 8
PHOTOGRAPHS = 5000 if FULL else 500
A_SECOND = 5
"""Answers of one labeller."""


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
        if answer.status_code != 200 or answer.json()[0]["state"] not in ("kept", "known"):
            self.wrong.append(answer.text)
            return True
        self.seconds.append(time.perf_counter() - started)
        self.kept.append(given["event"])
        return True


def serve(workspace: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "buffycoat", "serve", "-w", str(workspace), "--port", str(port)]
    with log.open("ab") as said:
        return subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)


def wait_for(port: int) -> None:
    for _ in range(1200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server does not start")


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


def test_every_acknowledged_answer_outlives_a_kill(tmp_path, round_of):
    workspace, log = tmp_path / "w", tmp_path / "log.txt"
    handles = [f"expert-{number}" for number in range(LABELLERS)]
    campaign = round_of(workspace, cells=1000 if FULL else 200, handles=handles)
    write_photographs(tmp_path / "photographs", PHOTOGRAPHS)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    devices = labellers(workspace, campaign, f"http://127.0.0.1:{port}")
    source = [str(tmp_path / "photographs"), "-w", str(workspace), "--smear", "S-2"]
    importing = subprocess.Popen(
        [sys.executable, "-m", "buffycoat", "ingest", *source], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    rng, stop = random.Random(20261122), threading.Event()
    server = serve(workspace, port, log)
    wait_for(port)
    threads = [threading.Thread(target=device.work, args=(stop,)) for device in devices]
    for thread in threads:
        thread.start()
    rows = []
    for kill in range(KILLS):
        moment = rng.uniform(0.05, 2.0 if FULL else 0.8)
        time.sleep(moment)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        rows.append((kill, round(moment, 3), sum(len(device.kept) for device in devices)))
        server = serve(workspace, port, log)
        wait_for(port)
    stop.wait(1)
    stop.set()
    for thread in threads:
        thread.join()
    _, told = importing.communicate()
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()

    with open_workspace(workspace) as opened, opened.database.reading() as transaction:
        log_of_people = verify_log(opened)
        there = Counter(label.event for label in transaction.find(Label))
        fields = transaction.count(FieldOfView)
    kept = [event for device in devices for event in device.kept]
    seconds = sorted(each for device in devices for each in device.seconds)
    p95 = seconds[int(0.95 * len(seconds))]
    if FULL:
        folder = ROOT / "soak"
        folder.mkdir(exist_ok=True)
        with (folder / f"label-kill-{datetime.now(UTC):%Y-%m-%d}.csv").open("w", newline="") as file:
            last = ("p95_ms", round(1000 * p95, 1), len(kept))
            csv.writer(file).writerows([("kill", "moment_s", "kept_so_far"), *rows, last])
    assert [answer for device in devices for answer in device.wrong] == []
    assert [event for event in kept if there[event] != 1] == []
    assert len(kept) == len(set(kept)) > KILLS
    assert (log_of_people.fault, log_of_people.entries > len(kept)) == (None, True)
    assert (importing.returncode, fields) == (0, PHOTOGRAPHS + 1), told.decode()
    said = log.read_text()
    assert "locked" not in said
    assert "Traceback" not in said
    assert not FULL or p95 < 0.150
