"""Crops as the gallery asks for them: our route beside bytes in memory and a file answered by the framework.

All are routes of one server, behind the same guard and the same headers: real crops of Raabin at 192 pixels, each
address another cell, eight connections that are kept open, on loopback. The peer `memory` answers from a dictionary,
and stands before all other routes as ours does. The *plain file response* is the framework's ``FileResponse`` of a
file on disk with the very same bytes, nothing is decoded, cut or scaled for it: once as `file`, declared like any route
of the service, which is how one would write it; once as `file first`, before all others. Guests ask first, then
somebody who is signed in, whose cookie all of them look up. Of a wall like this one our route holds all pictures in
memory once they were asked for; so it is measured again where it may hold none, and reads each from its file.

Wall times of a busy machine say little, so what the server's processor worked for one answer stands beside them.
"""

from __future__ import annotations

import multiprocessing
import selectors
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Role
from buffycoat.domain.run import Run
from buffycoat.domain.smear import Capture, Exif, FieldOfView, Quality, Smear
from buffycoat.imaging.codecs import encode_png, read_rgb
from buffycoat.workflows.people import add_person
from buffycoat.workflows.people.sessions import open_session
from buffycoat.workflows.workspace import Workspace, open_workspace

__all__ = ["measure", "write_workspace"]

SIDE, CONNECTIONS, SECONDS, TURNS = 192, 8, 0.5, 5
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PATHS = {
    "store": f"/api/cells/{{}}/picture?side={SIDE}",
    "memory": "/api/peer/memory/{}",
    "file": "/api/peer/file/{}",
    "file first": "/api/peer/first/{}",
}


def write_workspace(data: Path, workspace: Workspace) -> list[str]:
    """Make a workspace with every Raabin crop as a cell; return their ids."""
    box = Box(left=0, top=0, right=575, bottom=575)
    values: list[Any] = [
        Run(id="u1", room="detect", function="f", version="1", parameters={}, inputs="", seed=None, started_at=MOMENT),
        Smear(id="s1", code="S-1"),
        Capture(id="k1", microscope="Olympus CX18"),
        FieldOfView(
            id="f1",
            smear_id="s1",
            capture_id="k1",
            received="a",
            digest=None,
            pixels=None,
            media_type=None,
            quarter_turns=0,
            width_px=575,
            height_px=575,
            red_cell_diameter_px=None,
            quality=Quality(focus=1, brightness=0.5, clipped_dark=0, clipped_bright=0, cast_red=1, cast_blue=1),
            exif=Exif(),
            icc_profile=None,
            stripped=(),
            origin="a.jpg",
            crop_only=True,
            ingested_at=MOMENT,
            run_id="u1",
        ),
    ]
    crops = sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))
    ids = [f"c{number:024x}" for number in range(len(crops))]
    values += [
        Cell(
            id=key,
            field_id="f1",
            extent=box,
            box=box,
            score=None,
            found_by=FoundBy.SOURCE,
            crop=workspace.objects.put(encode_png(read_rgb(path))),
            sharpness=1.0,
            average_hash="ff",
            perceptual_hash="0f",
            run_id="u1",
        )
        for key, path in zip(ids, crops, strict=True)
    ]
    with workspace.database.writing() as transaction:
        transaction.add(values)
    return ids


def serve(folder: str, files: str, near_bytes: int | None, port: Any) -> None:
    """Serve the workspace and its peers until the process is ended."""
    import uvicorn
    from fastapi import Request, Response
    from fastapi.responses import FileResponse
    from starlette.routing import Route

    from buffycoat.service import cells, create_app
    from buffycoat.service.guards import LOOKING, looking

    contents = {path.stem: path.read_bytes() for path in Path(files).glob("*.jpg")}

    async def memory(request: Request) -> Response:
        await LOOKING.check(request)
        return Response(contents[request.path_params["cell_id"]], media_type="image/jpeg")

    async def first(request: Request) -> FileResponse:
        await LOOKING.check(request)
        return FileResponse(f"{files}/{request.path_params['cell_id']}.jpg", media_type="image/jpeg")

    async def worked(_: Request) -> Response:
        return Response(str(time.process_time()))

    @cells.router.get("/peer/file/{cell_id}", dependencies=[looking], response_class=FileResponse)
    async def file(cell_id: str) -> FileResponse:
        return FileResponse(f"{files}/{cell_id}.jpg", media_type="image/jpeg")

    with open_workspace(Path(folder)) as workspace, socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `buffycoat serve` does
        port.send(listener.getsockname()[1])
        if near_bytes is not None:
            workspace.thumbnails.near_bytes = near_bytes
        app = create_app(workspace, guests=True)
        peers = {"memory/{cell_id}": memory, "first/{cell_id}": first, "worked": worked}
        for at, (path, answer) in enumerate(peers.items(), start=1):
            app.router.routes.insert(at, Route(f"/api/peer/{path}", answer))
        uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False)).run(sockets=[listener])


@contextmanager
def serving(folder: Path, files: Path, *, near_bytes: int | None = None) -> Iterator[int]:
    """Serve in a process of its own; gives the port. ``near_bytes``: how much of the pictures is held in memory."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(str(folder), str(files), near_bytes, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


class _Line:
    """One connection: asks, reads the whole answer, and asks for the next cell."""

    def __init__(self, port: int, requests: list[bytes], start: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.at, self.asked, self.left = requests, start, 0.0, 0

    def send(self) -> None:
        self.at = (self.at + CONNECTIONS) % len(self.requests)
        self.asked, self.left = time.perf_counter(), -1
        self.socket.sendall(self.requests[self.at])

    def read(self) -> bool:
        """Read what there is; say whether the answer is whole."""
        part = self.socket.recv(1 << 18)
        if self.left < 0:
            head, _, rest = part.partition(b"\r\n\r\n")
            lines = head.lower()
            assert lines.startswith(b"http/1.1 200"), head
            length = int(lines.split(b"content-length: ")[1].split(b"\r\n")[0])
            self.left = length - len(rest)
        else:
            self.left -= len(part)
        return self.left == 0


def load(port: int, path: str, cells: list[str], headers: Mapping[str, str], seconds: float) -> list[float]:
    """Ask over eight connections for some seconds; return how long each answer took, in seconds."""
    head = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    requests = [f"GET {path.format(cell)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{head}\r\n".encode() for cell in cells]
    selector = selectors.DefaultSelector()
    lines = [_Line(port, requests, number) for number in range(CONNECTIONS)]
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
        line.send()
    took: list[float] = []
    until = time.perf_counter() + seconds
    while (now := time.perf_counter()) < until:
        for key, _ in selector.select(timeout=1):
            line = key.data
            if line.read():
                took.append(time.perf_counter() - line.asked)
                line.send()
        assert time.perf_counter() - now < 5, "no answer in five seconds"
    for line in lines:
        line.socket.close()
    return took


def measure(data: Path) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        folder, files = Path(place) / "workspace", Path(place) / "files"
        files.mkdir()
        with open_workspace(folder, create=True) as workspace:
            cells = write_workspace(data, workspace)
            person = add_person(workspace, handle="edna", role=Role.EXPERT).person
            secret = open_session(workspace, person.id).secret
        with serving(folder, files) as port, _client(port) as client:
            client.get("/api/session").raise_for_status()
            started = time.perf_counter()
            drawn = {cell: client.get(PATHS["store"].format(cell)).raise_for_status().content for cell in cells}
            took = time.perf_counter() - started
        for cell, content in drawn.items():  # the peers' files are what the route itself answers
            (files / f"{cell}.jpg").write_bytes(content)
        size = statistics.median(len(content) for content in drawn.values())
        yield {
            "figure": "first time, drawn from the kept PNG",
            "value": round(1000 * took / len(cells), 2),
            "unit": "ms",
        }
        yield {"figure": "one picture", "value": round(size / 1024, 1), "unit": "KiB", "note": f"{len(cells)} cells"}
        with serving(folder, files) as port:
            for who, headers in (("guest", {}), ("signed in", {"Cookie": f"buffycoat_session={secret}"})):
                with _client(port) as client:
                    for name, path in PATHS.items():
                        some = cells if who == "guest" else cells[::5]
                        equal = all(client.get(path.format(key), headers=headers).content == drawn[key] for key in some)
                        assert equal, f"{name} answers the same bytes"
                yield from _compared(port, cells, who, headers, tuple(PATHS))
        with serving(folder, files, near_bytes=0) as port:
            yield from _compared(port, cells, "guest, none held in memory", {}, ("store", "memory"))


def _client(port: int) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}")


def _worked(client: httpx.Client) -> float:
    """Return the seconds that the processor has worked for the server."""
    return float(client.get("/api/peer/worked").raise_for_status().text)


def _compared(
    port: int, cells: list[str], who: str, headers: Mapping[str, str], names: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Give requests a second of all in turns, the work for one, and how long the slowest hundredth of ours took."""
    rates: dict[str, list[float]] = {name: [] for name in names}
    slow: dict[str, list[float]] = {name: [] for name in names}
    work: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        load(port, PATHS[name], cells, headers, 0.2)
    with _client(port) as client:
        for _ in range(TURNS):
            for name in names:
                before = _worked(client)
                took = load(port, PATHS[name], cells, headers, SECONDS)
                work[name].append(1e6 * (_worked(client) - before) / len(took))
                rates[name].append(len(took) / SECONDS)
                slow[name].append(1000 * statistics.quantiles(took, n=100)[98])
    # Best of five, as a neighbor's load falls on all of them, though not evenly.
    rate, least = {name: max(rates[name]) for name in names}, {name: min(work[name]) for name in names}
    goals = {"memory": "; goal 0.8 x", "file": "; goal 4 x"}
    for peer in names[1:]:
        median = statistics.median(ours / theirs for ours, theirs in zip(rates["store"], rates[peer], strict=True))
        yield {
            "figure": f"{who}: requests a second",
            "value": round(rate["store"]),
            "unit": "1/s",
            "peer": peer,
            "peer_value": round(rate[peer]),
            "note": f"{rate['store'] / rate[peer]:.2f} x{goals.get(peer, '')}; median of the turns {median:.2f} x; "
            f"same bytes",
        }
        yield {
            "figure": f"{who}: processor time for one",
            "value": round(least["store"]),
            "unit": "us",
            "peer": peer,
            "peer_value": round(least[peer]),
            "note": f"{least[peer] / least['store']:.2f} x as many in the same time",
        }
    yield {
        "figure": f"{who}: 99 % of answers within",
        "value": round(min(slow["store"]), 2),
        "unit": "ms",
        "peer": "memory",
        "peer_value": round(min(slow["memory"]), 2),
        "note": f"goal 15 ms at {CONNECTIONS} connections; "
        f"all turns {', '.join(f'{each:.2f}' for each in sorted(slow['store']))} ms",
    }
