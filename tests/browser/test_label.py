"""Signing in and the Label screen, driven as people would: by numpad, by thumb, without a network, in two windows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from buffycoat.workflows.workspace import Workspace, open_workspace

# What the numpad says for cells of Raabin's taxonomy.
NUMPAD = {
    "7": "eosinophil",
    "8": "basophil",
    "9": "monocyte",
    "4": "lymphocyte.small",
    "5": "neutrophil.segmented",
    "6": "lymphocyte.large",
    "1": "neutrophil.band",
    "2": "neutrophil.metamyelocyte",
    "3": "smudge",
    "0": "artifact",
}
WORDS = "four plain words here"
Window = Callable[..., Page]
Audit = Callable[[Page], list[str]]


def painted(page: Page) -> str:
    """Wait until the cell is to be seen; gives its item."""
    page.locator("canvas[data-painted]").wait_for()
    return str(page.locator("canvas").get_attribute("data-painted"))


def press(page: Page, key: str) -> None:
    """Press a key that names a cell, and wait for the next one."""
    before = painted(page)
    page.keyboard.press(key)
    expect(page.locator(f"canvas[data-painted]:not([data-painted='{before}'])")).to_have_count(1)


def all_sent(page: Page) -> None:
    page.locator("[data-waiting='0']").first.wait_for(state="attached", timeout=20_000)


def answers(page: Page, round_id: str) -> list[str | None]:
    """What the service holds, in this person's order."""
    page_of = page.request.get(f"/api/rounds/{round_id}/items?limit=500").json()
    return [item["answer"]["term"] if item["answer"] else None for item in page_of["items"]]


def test_fifty_cells_by_numpad_and_undo_across_a_reload(window: Window, site: str, a_round):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    given = [NUMPAD[digit] for digit in itertools.islice(itertools.cycle("5469713820"), 50)]
    for digit in itertools.islice(itertools.cycle("5469713820"), 25):
        press(page, f"Numpad{digit}")
    # The rest with NumLock off, when the numpad says arrows, and from the row of digits.
    moves = {
        "5": "Clear",
        "4": "ArrowLeft",
        "6": "ArrowRight",
        "9": "PageUp",
        "7": "Home",
        "1": "End",
        "3": "PageDown",
        "8": "ArrowUp",
        "2": "ArrowDown",
        "0": "Insert",
    }
    for digit in itertools.islice(itertools.cycle("5469713820"), 25, 40):
        before = painted(page)
        page.evaluate(
            "([code, key]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {code, key, bubbles: true, cancelable: true}))",
            [f"Numpad{digit}", moves[digit]],
        )
        expect(page.locator(f"canvas[data-painted]:not([data-painted='{before}'])")).to_have_count(1)
    for digit in itertools.islice(itertools.cycle("5469713820"), 40, 50):
        press(page, f"Digit{digit}")
    expect(page.locator(".label-place")).to_contain_text("Cell 51 of")
    all_sent(page)
    assert answers(page, round_id)[:52] == [*given, None, None]
    expect(page.locator(".tally tfoot td").first).to_have_text("50")

    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.locator(".label-place")).to_contain_text("Cell 48 of")
    all_sent(page)
    page.reload()
    painted(page)
    expect(page.locator(".label-place")).to_contain_text("Cell 48 of")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator(".label-place")).to_contain_text("Cell 47 of")
    all_sent(page)
    assert answers(page, round_id)[:50] == given[:46] + [None] * 4


def test_a_class_above_a_skip_and_a_comment(window: Window, site: str, a_round, screens: Path):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    press(page, "Shift+Numpad4")
    press(page, "Control+Space")
    page.keyboard.press("KeyA")
    page.get_by_role("textbox").fill("two nucleoli?")
    page.get_by_role("button", name="Keep the comment").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, "KeyX")
    page.keyboard.press("Shift+NumpadSubtract")
    page.get_by_role("searchbox").fill("nrbc")
    page.get_by_role("option", name="nucleated red cell").wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".label-place")).to_contain_text("Cell 5 of")
    all_sent(page)
    assert answers(page, round_id)[:4] == ["lymphocyte", None, "not-recognized", "erythroblast"]
    items = page.request.get(f"/api/rounds/{round_id}/items?limit=5").json()["items"]
    assert items[2]["answer"]["comment"] == "two nucleoli?"
    # While the space bar is held, the whole field; and it names no button that was pressed before.
    page.keyboard.down("Space")
    page.locator(".field-look .look-line").wait_for()
    page.screenshot(path=screens / "label-field-1440x900-desk-light-en.png")
    page.keyboard.up("Space")
    expect(page.locator(".field-look")).to_have_count(0)


def test_what_is_no_class_has_a_key_and_a_cell_of_another_kind_is_named(window: Window, site: str, a_round):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    for key in ("NumpadAdd", "NumpadSubtract", "KeyN", "NumpadDecimal"):
        press(page, key)
    page.keyboard.press("KeyO")
    page.get_by_role("searchbox").fill("other")
    page.get_by_role("option", name="other, named").click()
    page.get_by_role("textbox").wait_for()
    expect(page.get_by_role("button", name="Keep the comment")).to_be_disabled()
    page.get_by_role("textbox").fill("mast cell")
    before = painted(page)
    page.get_by_role("button", name="Keep the comment").click()
    expect(page.locator(f"canvas[data-painted]:not([data-painted='{before}'])")).to_have_count(1)
    all_sent(page)
    given = ["poor-image", "not-leukocyte", "not-centered", "not-recognized", "other-named"]
    assert answers(page, round_id)[:6] == [*given, None]
    items = page.request.get(f"/api/rounds/{round_id}/items?limit=5").json()["items"]
    assert items[4]["answer"]["comment"] == "mast cell"


def test_without_a_network_everything_waits_and_nothing_is_lost(
    window: Window, serious: Audit, site: str, a_round, screens: Path, settled
):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    press(page, "Numpad5")
    all_sent(page)
    # Those ahead are here before the network goes.
    settled(page)
    page.context.set_offline(True)
    for digit in "469713820546971":
        press(page, f"Numpad{digit}")
    expect(page.locator(".waiting-mark")).to_contain_text("15 waiting")
    page.screenshot(path=screens / "label-waiting-1440x900-desk-light-en.png")
    assert serious(page) == []
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto("/rounds")
    again.locator(".meter").first.wait_for()
    again.goto(f"/rounds/{round_id}")
    painted(again)
    all_sent(again)
    assert answers(again, round_id)[:17] == [NUMPAD[digit] for digit in "5469713820546971"] + [None]
    expect(again.locator(".label-progress")).to_contain_text("16 of")


def test_two_windows_count_each_answer_once(window: Window, site: str, a_round, studio: Workspace):
    round_id = a_round()
    one = window(site, f"/rounds/{round_id}")
    painted(one)
    two = one.context.new_page()
    two.goto(f"/rounds/{round_id}")
    painted(two)
    press(one, "Numpad5")
    press(one, "Numpad4")
    expect(two.locator(".label-progress")).to_contain_text("2 of")
    press(two, "Numpad7")
    expect(one.locator(".label-progress")).to_contain_text("2 of")
    all_sent(one)
    all_sent(two)
    assert answers(one, round_id)[:3] == ["eosinophil", "lymphocyte.small", None]


def test_keys_are_changed_kept_and_set_back(window: Window, site: str, a_round):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    painted(page)
    page.keyboard.press("?")
    page.get_by_role("button", name="Add a key to monocyte").click()
    page.keyboard.press("KeyF")
    expect(page.locator(".key-said")).to_contain_text("F is also the key of: Next")
    page.get_by_role("button", name="Take away F").last.click()
    page.get_by_role("button", name="Add a key to basophil").click()
    page.keyboard.press("Control+w")
    expect(page.locator(".key-said")).to_contain_text("belongs to the browser")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    saved = Path(str(download.value.path())).read_text(encoding="utf-8")
    page.keyboard.press("Escape")
    press(page, "KeyF")
    all_sent(page)
    assert answers(page, round_id)[0] == "monocyte"
    page.reload()
    painted(page)
    press(page, "KeyF")
    page.keyboard.press("?")
    page.get_by_role("button", name="Back to the usual keys").click()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyF")
    expect(page.locator(".label-place")).to_contain_text("Cell 4 of")
    page.keyboard.press("?")
    page.locator("input[type=file]").set_input_files(
        {"name": "keys.json", "mimeType": "application/json", "buffer": saved.encode()}
    )
    expect(page.locator(".key-said")).to_contain_text("The keys of the file are set")
    page.keyboard.press("Escape")
    press(page, "KeyF")
    all_sent(page)
    assert answers(page, round_id)[:5] == ["monocyte", "monocyte", None, "monocyte", None]


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger over the screen, as a touch screen tells it."""
    session = page.context.new_cdp_session(page)
    steps = [
        (start[0] + (end[0] - start[0]) * step / 6, start[1] + (end[1] - start[1]) * step / 6) for step in range(7)
    ]
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 6], steps, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_by_thumb_on_a_phone(window: Window, site: str, a_round, screens: Path):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}", size="phone")
    for name in ("segmented neutrophil", "monocyte", "not recognized"):
        before = painted(page)
        page.locator(".pad-key", has_text=name).tap()
        expect(page.locator(f"canvas[data-painted]:not([data-painted='{before}'])")).to_have_count(1)
    expect(page.locator(".label-place")).to_contain_text("Cell 4 of")
    stage = page.locator(".label-frame").bounding_box()
    assert stage
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    swipe(page, middle, (middle[0] + 5, middle[1] - 150))
    expect(page.locator(".label-place")).to_contain_text("Cell 3 of")
    all_sent(page)
    assert answers(page, round_id)[:3] == ["neutrophil.segmented", "monocyte", None]
    tools, pad = page.locator(".tool-row"), page.locator(".pad")
    assert tools.bounding_box()["x"] < pad.bounding_box()["x"]
    page.get_by_role("button", name="Pad for the left hand").tap()
    page.locator("[data-hand=left]").wait_for()
    assert tools.bounding_box()["x"] > pad.bounding_box()["x"]
    page.screenshot(path=screens / "label-left-hand-390x844-phone-light-en.png")


def test_a_screen_reader_hears_the_cell_and_the_last_label(window: Window, site: str, a_round):
    page = window(site, f"/rounds/{a_round()}")
    painted(page)
    page.get_by_role("img", name=re.compile(r"^Cell 1 of \d+, unlabeled$")).wait_for()
    press(page, "Numpad9")
    page.get_by_role("status").filter(has_text=re.compile(r"Cell 1: monocyte Cell 2 of \d+, unlabeled")).wait_for()


def test_signed_out_anywhere_is_told_and_goes_on_after_signing_in(window: Window, site: str, a_round):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    painted(page)
    page.context.clear_cookies()
    page.keyboard.press("Numpad5")
    page.get_by_role("dialog", name="You are signed out").get_by_role("button", name="Sign in and go on").click()
    painted(page)
    all_sent(page)
    assert answers(page, round_id)[:2] == ["neutrophil.segmented", None]
    page.get_by_role("button", name=re.compile("edna")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()


def test_the_first_admin_invites_an_expert_who_joins(
    window: Window, serious: Audit, serve, tmp_path: Path, screens: Path
):
    with open_workspace(tmp_path / "new", create=True) as fresh, serve(fresh) as url:
        admin = window(url, "/sign-in", None)
        admin.wait_for_url("**/setup")
        admin.get_by_label("Handle").fill("zahra")
        admin.get_by_label("Password", exact=True).fill("short")
        admin.get_by_role("button", name="Create the administrator").click()
        admin.get_by_role("alert").wait_for()
        assert serious(admin) == []
        admin.screenshot(path=screens / "setup-1440x900-desk-light-en.png")
        admin.get_by_label("Password", exact=True).fill(WORDS)
        admin.get_by_role("button", name="Create the administrator").click()
        admin.wait_for_url("**/people")
        admin.get_by_role("button", name="Make a link").click()
        link = admin.get_by_role("textbox", name="Link of the invitation")
        path = link.input_value().removeprefix(url)
        assert path.startswith("/join/")
        assert serious(admin) == []
        admin.screenshot(path=screens / "invitation-1440x900-desk-light-en.png")
        joined = window(url, path, None, "phone")
        joined.get_by_label("Handle").fill("mina")
        joined.get_by_label("Password", exact=True).fill(WORDS)
        joined.screenshot(path=screens / "join-390x844-phone-light-en.png")
        assert serious(joined) == []
        joined.get_by_role("button", name="Create my account").click()
        joined.wait_for_url("**/rounds")
        joined.get_by_text("No rounds").wait_for()
        admin.reload()
        admin.get_by_role("row", name=re.compile("mina")).get_by_role("button", name="Switch off mina").click()
        admin.get_by_role("button", name="Switch on mina").wait_for()
        joined.goto("/rounds")
        joined.get_by_role("link", name="Sign in").wait_for()
