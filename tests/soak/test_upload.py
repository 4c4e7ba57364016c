"""Photographs of 12 megapixels over a link that is cut: all arrive, each once, and none says where it was taken.

The client is a program that speaks tus as a device does, but strips nothing: what is searched for on the disk is what
the studio itself would have left there. ``tests/browser`` drives the page.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import cv2
import httpx
import numpy as np
import uvicorn
from gps_photographs import exif, field, photograph, says_where

from buffycoat.domain.account import Scope
from buffycoat.domain.capturing import Arrival, SmearWish
from buffycoat.domain.label import Role
from buffycoat.domain.smear import FieldOfView
from buffycoat.service import create_app
from buffycoat.workflows import capturing
from buffycoat.workflows.people import add_person
from buffycoat.workflows.people.sessions import make_token
from buffycoat.workflows.workspace import Workspace, open_workspace

WHOLE = os.environ.get("BUFFYCOAT_SOAK") == "full"
# In part the same is done with fewer and smaller ones: what they weigh is for the whole trial.
PHOTOGRAPHS, CUTS = (200, 10) if WHOLE else (8, 4)
PIECE = 1 << 20
SIZE = (4000, 3000) if WHOLE else (2000, 1500)
ROOT = Path(__file__).parents[2]


class Link:
    """A link to the studio that breaks in the middle of a piece, when it is told to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cuts = 0
        self._left: int | None = None
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._passing: list[tuple[threading.Thread, threading.Thread, socket.socket, socket.socket]] = []
        self._accepts = threading.Thread(target=self._accept, daemon=True)
        self._accepts.start()

    def cut_after(self, count: int) -> None:
        with self._lock:
            self._left = count

    def close(self) -> None:
        """End all of it, and leave no socket open."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # to close it would not wake who waits at it
        self._accepts.join(timeout=60)
        self._listener.close()
        for there, back, near, far in self._passing:
            for each in (near, far):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            there.join(timeout=60)
            back.join(timeout=60)
            assert [each for each in (there, back) if each.is_alive()] == []
            near.close()
            far.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:  # closed
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.port))
            except OSError:  # the studio is gone
                near.close()
                continue
            there = threading.Thread(target=self._pass, args=(near, far, True), daemon=True)
            back = threading.Thread(target=self._pass, args=(far, near, False), daemon=True)
            self._passing.append((there, back, near, far))
            there.start()
            back.start()

    def _pass(self, one: socket.socket, other: socket.socket, outward: bool) -> None:
        with suppress(OSError):
            while content := one.recv(65_536):
                if outward and self._breaks(len(content)):
                    other.sendall(content[: len(content) // 2])
                    break
                other.sendall(content)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        # Both are closed once both directions are through: a number given back could be another socket's by then.

    def _breaks(self, count: int) -> bool:
        with self._lock:
            if self._left is None:
                return False
            self._left -= count
            if self._left > 0:
                return False
            self._left = None
            self.cuts += 1
            return True


@contextmanager
def serving(workspace: Workspace) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(create_app(workspace), log_level="critical", timeout_graceful_shutdown=10)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(timeout=120)
        assert not thread.is_alive()


def content_of(number: int, ground: np.ndarray) -> bytes:
    """A photograph of its own: the same smear, moved, and a stamp."""
    moved = np.roll(ground, (37 * number % 997, 53 * number % 1499), axis=(0, 1))
    cv2.putText(moved, str(number), (40, SIZE[1] - 40), cv2.FONT_HERSHEY_SIMPLEX, 4, (90, 60, 70), 12)
    return photograph(number, image=moved, quality=90)


def coded(word: str) -> str:
    return base64.b64encode(word.encode()).decode()


class Device:
    """What sends: announces, sends pieces, and after a cut asks how much is there."""

    def __init__(self, address: str, token: str) -> None:
        self.client = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}, timeout=120
        )
        self.resumed = 0

    def close(self) -> None:
        self.client.close()

    def send(self, content: bytes, *, client: str, smear: str) -> str:
        said = {"client": client, "smear": smear, "sha256": hashlib.sha256(content).hexdigest(), "counting": "yes"}
        metadata = ",".join(f"{name} {coded(word)}" for name, word in said.items())
        told = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        while True:
            try:
                begun = self.client.post("/api/captures/uploads", headers=told)
                begun.raise_for_status()
                if begun.status_code == 201:  # 200: these bytes are there already
                    self._pieces(begun.headers["Location"], content)
                return str(begun.json()["state"])
            except httpx.TransportError:
                self.resumed += 1

    def _pieces(self, place: str, content: bytes) -> None:
        asked = self.client.head(place)
        asked.raise_for_status()
        offset = int(asked.headers["Upload-Offset"])
        while offset < len(content):
            piece = content[offset : offset + PIECE]
            checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
            headers = {
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {checksum}",
            }
            answer = self.client.patch(place, content=piece, headers=headers)
            if answer.status_code == 423:  # the piece of before the cut is still being written
                time.sleep(0.1)
                offset = int(self.client.head(place).headers["Upload-Offset"])
                continue
            answer.raise_for_status()
            offset = int(answer.headers["Upload-Offset"])


def told_where(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and says_where(path.read_bytes())]


def test_all_arrive_each_once_and_none_says_where(tmp_path: Path):
    ground = cv2.resize(field(1, width=2000, height=1500, red_px=40.0), SIZE, interpolation=cv2.INTER_CUBIC)
    assert says_where(content_of(0, ground)), "nothing could be found"
    assert exif().get_ifd(0x8825)
    sent: dict[str, str] = {}
    bytes_sent, seconds, halves = 0, 0.0, 0
    with open_workspace(tmp_path / "lab", create=True) as workspace:
        person = add_person(workspace, handle="edna", role=Role.EXPERT).person
        token = make_token(workspace, person.id, name="phone", scope=Scope.ALL, days=1).token
        smear = capturing.make_smear(workspace, SmearWish(code="S-26-0001"))[0].id
        with serving(workspace) as port, closing(Link(port)) as link, closing(Device(link.address, token)) as device:
            every = PHOTOGRAPHS // CUTS
            for number in range(PHOTOGRAPHS):
                content = content_of(number, ground)
                if number % every == every // 2:
                    link.cut_after(len(content) * (1 + number // every) // (CUTS + 2))
                begun = time.perf_counter()
                device.send(content, client=f"device-{number:06}", smear=smear)
                seconds += time.perf_counter() - begun
                bytes_sent += len(content)
                sent[hashlib.sha256(content).hexdigest()] = f"device-{number:06}"
                if number % every == 0:  # one of them twice, under another id, and one is left half sent
                    assert device.send(content, client=f"again-{number:06}", smear=smear) == "repeat"
                    half = content_of(10_000 + number, ground)
                    part = begin_half(device, half, smear, 10_000 + number)
                    assert told_where(workspace.folder) == []
                    assert device.client.delete(part).status_code == 204
                    halves += 1
        with workspace.database.reading() as transaction:
            fields, arrivals = transaction.find(FieldOfView), transaction.find(Arrival)
        assert (link.cuts, halves) == (CUTS, CUTS)
        assert device.resumed >= CUTS
        assert {each.received for each in fields} == set(sent)
        assert len(fields) == len(arrivals) == PHOTOGRAPHS
        for each in fields:
            assert hashlib.sha256(workspace.objects.get(each.digest or "")).hexdigest() == each.digest
            assert "EXIF:GPSInfo" in each.stripped
            assert (each.width_px, each.height_px) == SIZE
        assert not list((workspace.folder / "uploads").iterdir())
    assert told_where(tmp_path) == []
    figures = {
        "photographs": PHOTOGRAPHS,
        "megabytes": round(bytes_sent / 1e6, 1),
        "cuts": CUTS,
        "resumed": device.resumed,
        "seconds": round(seconds, 1),
        "megabytes_per_second": round(bytes_sent / 1e6 / seconds, 2),
        "seconds_per_photograph": round(seconds / PHOTOGRAPHS, 2),
    }
    print(figures)  # noqa: T201 (what the trial is for)
    if WHOLE:
        keep(figures)


def begin_half(device: Device, content: bytes, smear: str, number: int) -> str:
    """Send the first piece of a photograph, in which its position stands, and no more."""
    said = {"client": f"device-{number:06}", "smear": smear, "sha256": hashlib.sha256(content).hexdigest()}
    metadata = ",".join(f"{name} {coded(word)}" for name, word in said.items())
    told = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    place = device.client.post("/api/captures/uploads", headers=told).headers["Location"]
    piece = content[: min(PIECE, len(content) // 2)]
    assert says_where(piece)
    checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    answer = device.client.patch(place, content=piece, headers=headers | {"Upload-Checksum": f"sha256 {checksum}"})
    assert answer.status_code == 204
    return place


def keep(figures: dict[str, float]) -> None:
    """Write a dated line, as the other trials do."""
    folder = ROOT / "soak"
    folder.mkdir(exist_ok=True)
    with (folder / f"upload-{datetime.now(UTC):%Y-%m-%d}.csv").open("w", newline="") as file:
        lines = csv.DictWriter(file, list(figures))
        lines.writeheader()
        lines.writerow(figures)
