"""The browser's masks are Python's, bit for bit, on real crops at every threshold; and how fast an overlay is drawn."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route

from buffycoat.domain.mask import MaskSelection
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.regions import encode_run_lengths
from buffycoat.segment import easy_gt, segment_parts
from buffycoat.workflows.masks.selecting import select_for_masks
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
FRONTEND = Path(__file__).parents[2] / "frontend"
CROPS, STEP = 50, 3
# Of each crop and way of cleaning: a checksum of the mask at each level, packed to bits.
EVERY_LEVEL = """([channel, width, height]) => {
    const bytes = Uint8Array.from(atob(channel), (sign) => sign.charCodeAt(0));
    const table = Uint32Array.from({length: 256}, (_, at) => {
        for (let bit = 0; bit < 8; bit += 1) at = at & 1 ? 0xedb88320 ^ (at >>> 1) : at >>> 1;
        return at;
    });
    const sum = (mask) => {
        let crc = 0xffffffff;
        for (let at = 0; at < mask.length; at += 8) {
            let byte = 0;
            for (let bit = 0; bit < 8; bit += 1) byte = (byte << 1) | (mask[at + bit] ?? 0);
            crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
        }
        return (crc ^ 0xffffffff) >>> 0;
    };
    const {thresholded} = window.masksUnderTest;
    return [['all', false], ['lobes', true]].map(([keep, fill]) =>
        Array.from({length: 256}, (_, level) => sum(thresholded(bytes, level, {width, height}, keep, fill))));
}"""
FAST = """() => {
    const took = performance.getEntriesByName('masks.overlay').map(({duration}) => duration).sort((a, b) => a - b);
    return took;
}"""


def raabin_crops(data: Path, count: int) -> list[Path]:
    found = sorted((data / "raabin_crops" / "crops").rglob("*.*"))
    return found[:: len(found) // count][:count]


@pytest.fixture(scope="module")
def arithmetic(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The screen's own source, as a script that a page can run."""
    out = tmp_path_factory.mktemp("pixels")
    tsc = FRONTEND / "node_modules" / ".bin" / "tsc"
    source = FRONTEND / "src" / "rooms" / "masks" / "pixels.ts"
    asked = [tsc, source, "--outDir", out, "--target", "es2022", "--module", "commonjs", "--ignoreConfig"]
    subprocess.run([*map(str, asked[:2]), *map(str, asked[2:-1])], check=True, capture_output=True, cwd=out)
    return f"(() => {{ const exports = {{}}; {(out / 'pixels.js').read_text()}; window.masksUnderTest = exports; }})()"


def test_masks_are_pythons_to_the_bit_on_real_crops_at_every_threshold(window: Window, site, data, arithmetic):
    page = window(site, "/", None)
    page.evaluate(arithmetic)
    different = []
    for path in raabin_crops(data, CROPS):
        # Every third pixel, so that twenty-five thousand masks take seconds.
        crop = np.ascontiguousarray(read_rgb(path)[::STEP, ::STEP])
        found = {post: easy_gt(crop, post=post) for post in ("paper", "clean")}
        channel = found["paper"].magenta
        told = page.evaluate(EVERY_LEVEL, [base64.b64encode(channel.tobytes()).decode(), *channel.shape[::-1]])
        for post, sums in zip(("paper", "clean"), told, strict=True):
            expected = [
                zlib.crc32(np.packbits(found[post].moved(level).mask.ravel()).tobytes()) for level in range(256)
            ]
            different += [(path.name, post, level) for level in range(256) if sums[level] != expected[level]]
    assert different == []


def test_a_drag_of_the_threshold_on_a_crop_of_575_pixels_is_drawn_at_once(
    window: Window, site, studio: Workspace, data: Path
):
    selection: MaskSelection = select_for_masks(studio, "drag", {"monocyte": 3})
    [path] = raabin_crops(data, 1)
    crop = read_rgb(path)
    assert crop.shape == (575, 575, 3)
    found, parts = easy_gt(crop, weight=0.25), segment_parts(crop, check=False)
    assert parts.nucleus is not None
    runs = {"nucleus": encode_run_lengths(parts.nucleus), "cell": encode_run_lengths(parts.cell)}
    content = io.BytesIO()
    Image.fromarray(crop).save(content, "PNG")
    page = window(site, "/", "edna")

    def start(route: Route) -> None:
        told = route.fetch().json() | {"width_px": 575, "height_px": 575, "threshold": found.threshold}
        route.fulfill(json=told)

    def draft(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {name: list(lengths) for name, lengths in runs.items()})

    page.route(re.compile(r"/api/masks/cells/\w+$"), start)
    page.route("**/api/masks/cells/*/draft", draft)
    page.route("**/api/masks/cells/*/channel", lambda route: route.fulfill(body=found.magenta.tobytes()))
    page.route("**/api/cells/*/picture", lambda route: route.fulfill(body=content.getvalue(), content_type="image/png"))
    page.goto(f"/masks/{selection.id}")
    slider = page.locator(".mask-slider input")
    slider.wait_for()
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.evaluate("performance.clearMeasures('masks.overlay')")
    for step in range(120):
        page.mouse.move(box["x"] + 30 + (box["width"] - 60) * step / 119, box["y"] + box["height"] / 2)
    page.mouse.up()
    page.wait_for_timeout(300)
    took = page.evaluate(FAST)
    assert len(took) > 40, "the overlay followed the drag"
    median, high = np.median(took), np.quantile(took, 0.95)
    sys.stdout.write(f"overlay of 575 x 575, {len(took)} steps: median {median:.1f} ms, p95 {high:.1f} ms\n")
    assert high < 300, "ten times what is aimed at, as a machine may have much to do beside"
