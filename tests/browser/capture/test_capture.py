"""Photographing with a phone: files and the live camera, kept on the device without a position, sent once."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segno
from browser_pages import kept
from gps_photographs import field, photograph, says_where
from playwright.sync_api import Browser, Page, expect

from buffycoat.imaging.codecs import decode_rgb
from buffycoat.ingest.camera import read_exif
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
CONTENTS = """async () => {
    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const database = await asked(indexedDB.open('buffycoat-photographs'));
    const store = (name) => database.transaction(name).objectStore(name);
    const text = (bytes) => btoa(Array.from(new Uint8Array(bytes), (each) => String.fromCharCode(each)).join(''));
    const records = await asked(store('photographs').getAll());
    const contents = await asked(store('contents').getAll());
    database.close();
    const small = records.filter((each) => each.small).map((each) => text(each.small));
    return {contents: contents.map((each) => text(each)), small, records: JSON.stringify(records)};
}"""


def files(*contents: bytes, ending: str = "jpg") -> list[dict[str, Any]]:
    return [
        {"name": f"IMG_{index}.{ending}", "mimeType": "image/jpeg", "buffer": content}
        for index, content in enumerate(contents)
    ]


def tiles(page: Page, state: str, count: int) -> None:
    expect(page.locator(f".photo-tile[data-state='{state}']")).to_have_count(count)


def begin(page: Page, code: str) -> None:
    page.get_by_label("Code on the slide").fill(code)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".slide-line h2")).to_contain_text(code)


def where_below(folder: Path) -> list[str]:
    """Name the files that say where a photograph was taken, searched byte by byte."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and says_where(path.read_bytes())]


def smear_of(page: Page, code: str) -> dict[str, Any]:
    """What the service knows of the one smear of a code."""
    (found,) = page.request.get(f"/api/captures/smears?code={code}").json()
    return page.request.get(f"/api/captures/smears/{found['id']}").json()


def test_files_wait_without_a_position_and_arrive_once(at_bench: Window, bench: Workspace):
    page = at_bench("/capture", "edna", size="phone")
    kept(page)
    begin(page, "S-26-0001")
    page.get_by_role("radio", name="Yes").check(force=True)
    page.context.set_offline(True)
    page.locator(".gallery-input").set_input_files(
        [*files(photograph(1), photograph(2), photograph(3)), *files(b"GIF89a" + photograph(4), ending="gif")]
    )
    tiles(page, "waiting", 3)
    expect(page.get_by_role("alert")).to_contain_text("GIF")
    expect(page.locator(".capture-sent [data-waiting], .capture-sent[data-waiting]").first).to_have_attribute(
        "data-waiting", "3"
    )

    held = page.evaluate(CONTENTS)
    assert len(held["contents"]) == 3
    stored = [base64.b64decode(text) for text in [*held["contents"], *held["small"]]]
    assert says_where(photograph(1))
    assert not any(says_where(content) for content in [*stored, held["records"].encode()])
    seen = read_exif(stored[0])
    assert (seen.make, seen.model, seen.orientation) == ("samsung", "SM-G991B", 1)
    assert seen.iso in {101, 102, 103}
    before = decode_rgb(photograph(1), name="as it was")
    assert any(np.array_equal(decode_rgb(each, name="as it is kept"), before) for each in stored[:3])

    # Opened anew without a connection, all is as it was; one is taken away.
    page.reload()
    tiles(page, "waiting", 3)
    page.locator(".photo-tile").first.click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alert").get_by_role("button", name="Delete").click()
    tiles(page, "waiting", 2)

    page.context.set_offline(False)
    tiles(page, "arrived", 2)
    told = smear_of(page, "S-26-0001")
    assert told["smear"]["photographs"] == 2
    assert told["counting_area"] == {"yes": 2, "no": 0, "unsaid": 0}
    assert page.evaluate(CONTENTS)["contents"] == []
    # The same file once more is known to be here.
    page.locator(".gallery-input").set_input_files(files(photograph(1)))
    page.locator(".gallery-input").set_input_files(files(photograph(2)))
    page.locator(".gallery-input").set_input_files(files(photograph(3)))
    expect(page.locator(".photo-tile:is([data-state='arrived'], [data-state='repeat'])")).to_have_count(5)
    assert smear_of(page, "S-26-0001")["smear"]["photographs"] == 3
    tiles(page, "repeat", 2)
    assert where_below(bench.folder) == []


def test_a_label_is_scanned_from_its_photograph_and_a_link_that_breaks_is_gone_on_with(at_bench: Window):
    page = at_bench("/capture", "emil", size="phone")
    out = io.BytesIO()
    segno.make_qr("buffycoat:smear/S-26-0002", error="m").save(out, kind="png", scale=8, border=6)
    page.get_by_role("button", name="Scan its label").click()
    page.locator(".sheet .file-input").set_input_files(
        {"name": "label.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    expect(page.locator(".slide-line h2")).to_contain_text("S-26-0002")
    pieces: list[str] = []

    def third_breaks(route) -> None:
        pieces.append(route.request.headers["upload-offset"])
        if len(pieces) == 2:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route(
        "**/api/captures/uploads/*",
        lambda route: third_breaks(route) if route.request.method == "PATCH" else route.continue_(),
    )
    page.locator(".gallery-input").set_input_files(
        files(photograph(9, image=field(9, width=2400, height=1800), quality=97))
    )
    tiles(page, "arrived", 1)
    assert len(pieces) >= 3
    assert pieces[1] == pieces[2] != "0"
    assert smear_of(page, "S-26-0002")["smear"]["photographs"] == 1


@pytest.fixture(scope="module")
def with_camera(browser: Browser) -> Iterator[Browser]:
    """A browser that has a camera: one that draws its pictures itself."""
    path = os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium")
    flags = ["--disable-gpu", "--no-first-run", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    opened = browser.browser_type.launch(executable_path=path, args=flags)
    yield opened
    opened.close()


def test_the_live_camera(with_camera: Browser, bench_site: str):
    context = with_camera.new_context(base_url=bench_site, viewport={"width": 390, "height": 844}, locale="en")
    told = {"handle": "carla", "password": "four words at the bench"}
    signed = context.request.post("/api/session", data=told, headers={"Origin": bench_site})
    assert signed.ok, signed.text()
    page = context.new_page()
    page.set_default_timeout(20_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/capture")
    begin(page, "S-26-0003")
    page.get_by_role("button", name="Live camera").click()
    page.locator("video[data-width]").wait_for()
    expect(page.locator("[data-verdict]")).to_be_visible()
    shutter = page.get_by_role("button", name="Photograph", exact=True)
    box = shutter.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 64
    shutter.click()
    expect(page.locator("[data-taken='1']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".live-dialog")).to_have_count(0)
    tiles(page, "arrived", 1)

    # By a key, with the edge of the last photograph over the picture.
    page.get_by_role("button", name="Live camera").click()
    page.locator("video[data-width]").wait_for()
    page.get_by_role("button", name="Edge of the last photograph").click()
    page.get_by_role("option", name="I move right").click()
    page.locator(".live-head").click()
    page.keyboard.press("Space")
    expect(page.locator("[data-taken='1']")).to_be_visible()
    painted = page.evaluate(
        """() => {
            const canvas = document.querySelector('.live-ghost');
            const at = (x) => canvas.getContext('2d').getImageData(x, canvas.height >> 1, 1, 1).data[3];
            return [at(canvas.width >> 4), at(canvas.width >> 1), at(canvas.width - 8)];
        }"""
    )
    assert painted[0] > 0
    assert painted[1:] == [0, 0]
    page.get_by_role("button", name="Close the camera").click()
    tiles(page, "arrived", 2)
    told = smear_of(page, "S-26-0003")
    assert told["smear"]["photographs"] == 2
    size = page.request.get(f"/api/fields/{told['photographs'][0]['field_id']}").json()["field"]
    assert json.dumps([size["width_px"], size["height_px"]]) != "[null, null]"
    context.close()
    assert said == []
