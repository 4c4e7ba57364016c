"""The public site of 36,624 boxes without pictures: how long from opening it on the disk until something is painted.

Raabin's label files of the first microscope are imported and published as boxes; so that all of them are in the
release, the second expert is given the word of the first here, or the first that of the second, or both the word for a
cell that was not recognized. Labels so made are for this figure only and are thrown away with it. Chromium is Debian's,
with a new window for each of five turns, on the first page and on the wall of cells; the first paint is what the page
says of itself before its script has run, ``first tiles`` is when cells stand there, and ``all cells`` is when every
file of cells has been read and the filter counts them all.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Final

from buffycoat.domain.label import Standing
from buffycoat.domain.query import Query
from buffycoat.domain.release import ReleaseAbout
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.publish import ReleaseWish, publish_release, release_folder
from buffycoat.workflows.releasing.site import build_site
from buffycoat.workflows.workspace import open_workspace

__all__ = ["measure"]

TURNS: Final = 5
ABOUT: Final = ReleaseAbout(
    title="Boxes of Raabin-WBC",
    terms_of_use="For a measurement only.",
    ethics="A public set, see its paper.",
    contributors=("Raabin-WBC",),
    citation="Kouzehkanan et al. 2022",
)
PAINT: Final = """() => new Promise((done) => {
  const known = performance.getEntriesByName('first-contentful-paint')[0];
  if (known) done(known.startTime);
  else new PerformanceObserver((list, watch) => {
    const entry = list.getEntriesByName('first-contentful-paint')[0];
    if (entry) { watch.disconnect(); done(entry.startTime); }
  }).observe({type: 'paint', buffered: true});
})"""


def measure(data: Path) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        release = _release(data, folder)
        started = time.perf_counter()
        summary = build_site(release, folder / "site", archives=False)
        seconds = time.perf_counter() - started
        index = Path(summary.index).resolve().as_uri()
        size = sum(path.stat().st_size for path in (folder / "site" / "data" / "cells").glob("*.js"))
        rows = [
            {"figure": "cells on the site", "value": summary.cells, "note": f"{summary.fields} photographs"},
            {"figure": "building it", "value": round(seconds, 2), "unit": "s"},
            {"figure": "files of cells", "value": round(size / 1e6, 2), "unit": "MB"},
        ]
        for name, value in _painted(index).items():
            rows.append({"figure": name, "value": value, "unit": "ms", "note": f"best of {TURNS}, from the disk"})
        return rows


def _release(data: Path, folder: Path) -> Path:
    source = data / "raabin_json" / "first_microscope_jsons.zip"
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(folder / "labels.zip", "w") as made:
        for name in given.namelist():
            content = given.read(name)
            made.writestr(name, _agreeing(content) if name.endswith(".json") else content)
    with open_workspace(folder / "workspace", create=True) as workspace:
        import_set(workspace, folder / "labels.zip", name="raabin")
        wish = ReleaseWish(
            about=ABOUT,
            level="full",
            query=Query(id="all", standing=(Standing.AGREED,)),
            formats=("csv", "raabin"),
            search_repeats=False,
            minimum_group=1,
        )
        publish_release(workspace, version="boxes", wish=wish)
        return release_folder(workspace, "boxes")


def _agreeing(content: bytes) -> bytes:
    record = json.loads(content)
    for name, cell in record.items():
        if name.startswith("Cell_") and isinstance(cell, dict):
            word = next((cell[key] for key in ("Label1", "Label2") if cell.get(key) not in (None, "", "null")), "Unknn")
            cell["Label1"] = cell["Label2"] = word
    return json.dumps(record).encode()


def _painted(index: str) -> dict[str, int]:
    from playwright.sync_api import Browser, sync_playwright

    path = os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium")

    def turn(browser: Browser, address: str, ready: str) -> tuple[float, float]:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        painted = page.evaluate(PAINT)
        page.wait_for_selector(ready, state="attached")
        whole = page.evaluate("performance.now()")
        page.close()
        return painted, whole

    pages: dict[str, tuple[str, str]] = {
        "first page, first paint": ("#/", ".cards"),
        "wall of cells, first paint": ("#/browse", ".tile"),
        "wall of cells, first tiles": ("#/browse", ".tile"),
        "wall of cells, all cells": ("#/browse", "html[data-cells=whole] .tile"),
        "one class of the wall, all cells": ("#/browse?class=monocyte", "html[data-cells=whole] .tile"),
    }
    best: dict[str, float] = dict.fromkeys(pages, float("inf"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-gpu", "--no-first-run"])
        for _ in range(TURNS):
            for name, (address, ready) in pages.items():
                painted, whole = turn(browser, index + address, ready)
                best[name] = min(best[name], painted if name.endswith("paint") else whole)
        browser.close()
    return {name: round(value) for name, value in best.items()}
