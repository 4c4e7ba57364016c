"""Ten thousand cells by class: how smoothly they scroll, and how soon the first picture is there."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from buffycoat.domain.cell import Cell
from buffycoat.domain.value import derive_id
from buffycoat.service import create_app
from buffycoat.workflows import reading
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.sorting import arrange_cells
from buffycoat.workflows.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("BUFFYCOAT_SOAK") == "full"
CELLS = 10_000
FRAMES, OPENED = (1200, 5) if FULL else (120, 1)
# About a row of cells a frame is a wheel turned fast; a page a second is somebody who reads.
SPEEDS = {"fast": 40, "reading": 12}
SCROLL = """async ([frames, pixels]) => {
    const scroller = document.querySelector('.grid-scroller');
    const times = [];
    for (let frame = 0; frame < frames; frame += 1) {
        scroller.scrollTop += pixels;
        times.push(await new Promise(requestAnimationFrame));
    }
    return times.slice(1).map((time, index) => time - times[index]);
}"""
FIRST = """() => new Promise((resolve) => {
    const look = () => {
        const image = [...document.querySelectorAll('[data-cell] img')].find((each) => each.complete && each.naturalWidth);
        // The frame is painted when the task after its callbacks runs.
        if (image) requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
        else requestAnimationFrame(look);
    };
    look();
})"""


def many_cells(workspace: Workspace) -> None:
    """Cells of the demo again and again, under ids of their own."""
    with workspace.database.writing() as transaction:
        some = [cell for cell in transaction.find(Cell) if cell.crop is not None]
        transaction.add(
            [replace(some[index % len(some)], id=derive_id("cell", {"copy": index})) for index in range(CELLS)]
        )


@contextmanager
def serving(workspace: Workspace) -> Iterator[str]:
    """Serve a workspace in a thread; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `buffycoat serve` does
        server = uvicorn.Server(uvicorn.Config(create_app(workspace, guests=True), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def calibration_ms() -> float:
    """Best of five of decoding one made-up JPEG of 640 x 480: the yardstick beside absolute times."""
    picture = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8), (0, 0), 2)
    content = io.BytesIO(cv2.imencode(".jpg", picture)[1].tobytes()).getvalue()
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        assert cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR).shape == (480, 640, 3)
        best = min(best, time.perf_counter() - began)
    return 1000 * best


def opened(browser: Browser, url: str) -> tuple[Page, float]:
    """Open the gallery in a window that knows nothing yet; gives the milliseconds to the first picture."""
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
    signed = context.request.post("/api/session/demo", data={"handle": "edna"}, headers={"Origin": url})
    assert signed.ok
    page = context.new_page()
    page.goto("/cells", wait_until="commit")
    return page, float(page.evaluate(FIRST))


def test_ten_thousand_cells_scroll_and_are_there_at_once(demo_workspace: Path, tmp_path: Path):
    folder = tmp_path / "workspace"
    shutil.copytree(demo_workspace, folder)
    figures: dict[str, Any] = {"cells": CELLS, "jpeg_decode_ms": round(calibration_ms(), 2)}
    browser_path = os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium")
    with open_workspace(folder) as workspace:
        people = {person.handle: person for person in demo_people(workspace)}
        for campaign in reading.list_rounds(workspace, people["ada"]):
            if not campaign.closed:
                reading.close_reading(workspace, campaign.id, people["ada"])
        many_cells(workspace)
        assert arrange_cells(workspace, people["edna"], kept=True).total >= CELLS
        with serving(workspace) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--disable-gpu"])
            firsts = []
            for _ in range(OPENED):
                page, first = opened(browser, url)
                firsts.append(first)
                page.context.close()
            page, _ = opened(browser, url)
            total = page.locator(".count").first.inner_text()
            assert int("".join(filter(str.isdigit, total))) >= CELLS
            for name, pixels in SPEEDS.items():
                page.wait_for_timeout(500)
                page.locator(".grid-scroller").evaluate("(scroller) => { scroller.scrollTop = 0; }")
                frames = page.evaluate(SCROLL, [FRAMES, pixels])
                figures |= {
                    f"{name}_fps": round(1000 / statistics.mean(frames), 1),
                    f"{name}_median_ms": round(statistics.median(frames), 1),
                    f"{name}_p95_ms": round(statistics.quantiles(frames, n=20)[-1], 1),
                }
            assert page.locator("[data-cell]").count() < 200, "only what is in sight exists"
            page.locator(".grid-scroller").evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight; }")
            page.wait_for_timeout(500)
            assert page.locator("[data-cell]").count() > 5, "the end of the list is there"
            # Many at once: all are named in one go, and undone in one go.
            browser.close()
    figures["first_picture_ms"] = round(min(firsts))
    print(figures)  # noqa: T201 (what the trial is for)
    if FULL:
        out = ROOT / "soak"
        out.mkdir(exist_ok=True)
        with (out / f"gallery-{datetime.now(UTC):%Y-%m-%d}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([figures.keys(), figures.values()])
