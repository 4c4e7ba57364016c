"""The public site in a browser: unpacked from a zip, opened from the disk, without any server."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser_pages import wait_until
from playwright.sync_api import Browser, Page, expect

from buffycoat.domain.taxonomy import RAABIN
from buffycoat.publish.manifest import verify_folder
from buffycoat.workflows.releasing.site import build_site

SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1440, 900)}
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WHOLE = "html[data-cells=whole]"
MARKUP = "<img src=x onerror=alert(1)><b>bold</b>"


@pytest.fixture(scope="module")
def folder(demo_workspace, tmp_path_factory) -> Path:
    """The site as somebody has it who unpacked it: in a folder whose name has a blank."""
    place = tmp_path_factory.mktemp("public")
    build_site(demo_workspace / "releases" / "demo-1", place / "site")
    packed = shutil.make_archive(str(place / "packed"), "zip", place / "site")
    shutil.unpack_archive(packed, place / "from a zip")
    shutil.rmtree(place / "site")
    return place / "from a zip"


@pytest.fixture(scope="module")
def hostile(demo_workspace, tmp_path_factory) -> Path:
    """The site of a release, made by somebody else, whose words hold markup."""
    place = tmp_path_factory.mktemp("hostile")
    release = shutil.copytree(demo_workspace / "releases" / "demo-1", place / "release")
    manifest = json.loads((release / "manifest.json").read_bytes())
    manifest["about"] |= dict.fromkeys(("title", "description", "citation", "terms_of_use", "contact"), MARKUP)
    manifest["about"]["contributors"] = manifest["withheld"] = [MARKUP]
    manifest["leaks"] = {MARKUP: 1}
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    terms = [replace(term, name=f"{term.name} {MARKUP}", morphology=MARKUP) for term in RAABIN.terms]
    build_site(release, place / "site", taxonomy=replace(RAABIN, terms=tuple(terms)), archives=False)
    return place / "site"


@pytest.fixture(scope="module")
def rows(folder) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "release" / "labels.csv").read_text(encoding="utf-8").splitlines()))


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, folder: Path) -> Iterator[Open]:
    """Open an address of the site; at the end nothing was asked of anybody, and no page complained."""
    complaints: list[str] = []
    contexts = []

    def opened(
        address: str = "#/", size: str = "desk", *, dark: bool = False, locale: str = "en", of: Path = folder
    ) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda asked: None if asked.url.startswith(("file:", "blob:")) else complaints.append(asked.url)
        )
        page.goto(f"{(of / 'index.html').as_uri()}{address}")
        expect(page.locator("main#content h1")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def a_masked(folder: Path) -> str:
    path = min((folder / "release" / "masks").rglob("*-nucleus.png"))
    return path.name.removesuffix("-nucleus.png")


def grave(page: Page) -> list[str]:
    """What axe finds that keeps people out; it is kept from asking for the sheet once more, which the page forbids."""
    page.evaluate(AXE.read_text())
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")["violations"]
    found = [each for each in violations if each["impact"] in {"serious", "critical"}]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def saved(page: Page, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def agree(page: Page) -> None:
    page.locator(".terms button.strong").click()
    expect(page.locator(".packs")).to_be_visible()


PAGES = {
    "home": ("#/", ".cards"),
    "browse": ("#/browse", WHOLE),
    "class": ("#/class/basophil", ".examples"),
    "cell": ("#/cell/{masked}", ".outline"),
    "statistics": ("#/statistics", "#table-7 table"),
    "download": ("#/download?class=basophil", ".terms"),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_as_people_have_them(visit, folder, look, screens, name):
    address, there = PAGES[name]
    page = visit(address.format(masked=a_masked(folder)), **look.window)
    expect(page.locator(there).first).to_be_attached()
    if name == "download":
        agree(page)
    assert page.evaluate("document.documentElement.dir") == look.reads
    # Nothing is wider than the window; tables scroll within themselves.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wait_until(page, "[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert grave(page) == []
    page.screenshot(path=screens / look.file(f"site-{name}"))


def test_filter_is_in_the_address_and_counts_are_right(visit, rows):
    page = visit("#/browse")
    expect(page.locator(WHOLE)).to_be_attached()
    page.locator("[data-key='class=basophil']").check()
    basophils = [row for row in rows if row["label"] == "basophil"]
    expect(page.locator(".total")).to_have_text(re.compile(rf"^{len(basophils)} of "))
    assert page.evaluate("location.hash") == "#/browse?class=basophil"
    trained = [row for row in basophils if row["split"] == "train"]
    count = page.locator("label", has_text=re.compile("^train")).locator(".count")
    expect(count).to_have_text(str(len(trained)))
    page.locator("[data-key='split=train']").check()
    expect(page.locator(".total")).to_have_text(re.compile(rf"^{len(trained)} of "))
    shown = page.locator(".tile a").evaluate_all("links => links.map((link) => link.dataset.cell)")
    assert shown
    assert set(shown) <= {row["cell_id"] for row in trained}
    page.reload()
    expect(page.locator(".total")).to_have_text(re.compile(rf"^{len(trained)} of "))
    expect(page.locator("[data-key='class=basophil']")).to_be_checked()


def test_grid_holds_rows_in_sight_and_is_walked_by_keys(visit, rows):
    page = visit("#/browse")
    expect(page.locator(WHOLE)).to_be_attached()
    assert page.locator(".tile").count() < len(rows)
    page.locator(".tile a").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".tile a:focus")).to_have_count(1)
    place = page.evaluate("document.activeElement.parentElement.getAttribute('aria-posinset')")
    assert int(place) > 4
    page.keyboard.press("End")
    size = page.evaluate("document.activeElement.parentElement.getAttribute('aria-setsize')")
    assert page.evaluate("document.activeElement.parentElement.getAttribute('aria-posinset')") == size
    key = page.evaluate("document.activeElement.dataset.cell")
    page.keyboard.press("Enter")
    expect(page.locator(".cell dd", has_text=key)).to_be_visible()
    page.go_back()
    expect(page.locator(f"[data-cell={key}]")).to_be_in_viewport()


def test_way_back_leads_to_the_place_among_the_chosen_cells(visit):
    page = visit("#/browse")
    expect(page.locator(WHOLE)).to_be_attached()
    page.locator("[data-key='split=train']").check()
    expect(page.locator(".total")).to_have_text(re.compile(" of "))
    page.locator(".tile a").first.focus()
    page.keyboard.press("End")
    wait_until(page, "scrollY > 0")
    key = page.evaluate("document.activeElement.dataset.cell")
    chosen = page.locator(f"[data-cell={key}]")
    page.keyboard.press("Enter")
    expect(page.locator(".cell dd", has_text=key)).to_be_visible()
    page.go_back()
    expect(chosen).to_be_in_viewport()
    assert page.evaluate("location.hash") == "#/browse?split=train"
    # The link of the cell's page leads to the same place; one of the menu leads to the top.
    page.go_forward()
    page.get_by_role("link", name="Back to the cells").click()
    expect(chosen).to_be_in_viewport()
    page.get_by_role("navigation").get_by_role("link", name="Statistics").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Statistics")
    page.get_by_role("navigation").get_by_role("link", name="Browse").click()
    expect(page.locator(".tile a").first).to_be_in_viewport()
    assert page.evaluate("[location.hash, scrollY]") == ["#/browse", 0]


def test_markup_in_a_release_is_shown_as_text(visit, hostile):
    page = visit(of=hostile)
    expect(page.get_by_role("heading", level=1)).to_have_text(MARKUP)
    expect(page.locator("[role=note]")).to_contain_text(f"This split leaks: {MARKUP}: 1.")
    expect(page.locator(".cards .name").first).to_have_text(f"basophil {MARKUP}")
    for address, there in PAGES.values():
        page = visit(address.format(masked=a_masked(hostile)), of=hostile)
        expect(page.locator(there).first).to_be_attached()
        expect(page.locator("body")).to_contain_text(MARKUP)
        assert page.locator("img[src=x], #site b").count() == 0


def test_cell_shows_masks_that_can_be_taken_off(visit, folder, rows):
    key = a_masked(folder)
    page = visit(f"#/cell/{key}")
    line = page.locator(".outline.nucleus")
    expect(line).to_be_visible()
    page.get_by_role("checkbox", name="Nucleus").uncheck()
    expect(line).to_be_hidden()
    row = next(row for row in rows if row["cell_id"] == key)
    page.locator("summary", has_text="As JSON").click()
    told = json.loads(saved(page, "Save JSON"))
    assert (told["cell_id"], told["label"], told["split"]) == (key, row["label"], row["split"])
    assert told["box"] == {side: int(row[side]) for side in ("left", "top", "right", "bottom")}
    assert sum(told["answers"].values()) == 2


def test_wrong_label_goes_into_a_file(visit, rows):
    row = rows[0]
    page = visit(f"#/cell/{row['cell_id']}")
    page.locator("summary", has_text="Report a wrong label").click()
    page.get_by_label("It should be").select_option("monocyte")
    page.get_by_label("Why").fill("folded nucleus")
    told = json.loads(saved(page, "Save as a file"))
    assert {key: told[key] for key in ("kind", "release", "cell_id", "label", "proposed", "why")} == {
        "kind": "buffycoat erratum",
        "release": "demo-1",
        "cell_id": row["cell_id"],
        "label": row["label"],
        "proposed": "monocyte",
        "why": "folded nucleus",
    }


def test_nothing_is_handed_out_before_the_terms_are_agreed_to(visit, folder):
    page = visit("#/download")
    expect(page.locator(".terms button.strong")).to_be_visible()
    assert page.locator("a[download]").count() == 0
    agree(page)
    page.reload()
    expect(page.locator(".packs")).to_be_visible()
    for pack in page.locator(".pack").all():
        href = pack.locator("a").get_attribute("href")
        expect(pack.locator("code")).to_have_text(hashlib.sha256((folder / href).read_bytes()).hexdigest())
    page.locator(".terms button.plain").click()
    expect(page.locator(".packs")).to_have_count(0)


def test_chosen_cells_are_fetched_and_checked_by_the_script(visit, folder, rows, tmp_path):
    page = visit("#/download?class=basophil&split=train")
    agree(page)
    wanted = {row["path"] for row in rows if (row["label"], row["split"]) == ("basophil", "train")}
    table = saved(page, "Table (CSV)").splitlines()
    assert len(table) == 1 + len(wanted)
    listed = dict(line.split("  ")[::-1] for line in saved(page, "List (SHA-256)").splitlines())
    assert wanted == {path for path in listed if path.startswith("crops/")}
    (tmp_path / "fetch.sh").write_text(saved(page, "Script"), encoding="utf-8")
    command = ["sh", "fetch.sh", (folder / "release").as_uri()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "all files are as they were sealed\n"), done.stderr
    for path, digest in listed.items():
        assert hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() == digest


def test_tables_are_copied_and_saved(visit, folder):
    page = visit("#/statistics")
    card = page.locator("#table-7")
    with page.expect_download() as download:
        card.get_by_role("button", name="Save LaTeX").click()
    assert Path(download.value.path()).read_bytes() == (folder / "release" / "tables" / "table-7.tex").read_bytes()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card.get_by_role("button", name="Copy for a spreadsheet").click()
    expect(card.locator(".said").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    table = (folder / "release" / "tables" / "table-7.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t") for line in copied] == [line.split(",") for line in table]


def test_matrix_of_labels_leads_to_the_cells_that_it_counts(visit, folder):
    page = visit("#/statistics")
    links = page.locator("#table-4 td a")
    expect(links.first).to_be_visible()
    counts = [int(text) for text in links.all_inner_texts()]
    boxes = [
        name
        for path in (folder / "release" / "raabin").glob("*.json")
        for name in json.loads(path.read_bytes())
        if name.startswith("Cell_")
    ]
    assert sum(counts) == len(boxes)
    pair = page.locator("#table-4 td a", has_text=re.compile(f"^{min(counts)}$")).first
    pair.click()
    expect(page.locator(".total")).to_have_text(re.compile(rf"^{min(counts)} of "))
    expect(page.locator(".tile")).to_have_count(min(counts))


def test_language_turns_the_page(visit):
    page = visit("#/browse?class=basophil")
    page.get_by_role("button", name=re.compile("فارسی")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("مرور")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["fa", "rtl"]
    expect(page.get_by_role("checkbox", name=re.compile("^بازوفیل")).first).to_be_checked()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("مرور")


def test_unknown_addresses_are_said_so(visit):
    expect(visit("#/nowhere").get_by_role("heading", level=1)).to_have_text("There is no such page")
    page = visit("#/cell/c0")
    expect(page.get_by_role("status")).to_have_text("This release has no such cell")


def test_release_beside_the_site_is_still_sealed(folder):
    assert verify_folder(folder / "release") > 800
