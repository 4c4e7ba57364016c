"""The page of jobs: ordering, following, ending; and how it looks."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from buffycoat.domain.job import JobAct, JobOrder
from buffycoat.store.jobs import beat, close_job, note, take_job
from buffycoat.workflows.jobs import KINDS, JobProgress, Kind, work_off
from buffycoat.workflows.runs import Progress, now
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
LONG = timedelta(hours=9)
OVERFLOWING = """(() => {
    const told = [];
    if (document.documentElement.scrollWidth > innerWidth) told.push(`page ${document.documentElement.scrollWidth}`);
    for (const each of document.querySelectorAll('main *')) {
        const {overflowX} = getComputedStyle(each);
        const hidden = each.closest('.skip, svg, select, progress') || each.clientWidth < 2;
        if (!hidden && overflowX === 'visible' && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1) {
            told.push(`${each.tagName} ${each.className} ${each.scrollWidth} > ${each.clientWidth}`);
        }
    }
    return told;
})()"""
START = re.compile("^(Start a job|آغاز یک کار)$")
LOG = re.compile("Show log|نمایش گزارش")


@pytest.fixture
def gate() -> threading.Event:
    """Until it is set, the work stands at 12 of 48."""
    return threading.Event()


@pytest.fixture
def working(studio: Workspace, gate: threading.Event, monkeypatch) -> Callable[[], Any]:
    """A worker whose search for cells waits in the middle."""

    def search(_: Workspace, told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
        progress(Progress(room="detect", done=12, total=48))
        while not gate.is_set():
            time.sleep(0.05)
            progress.look()
        progress.say("detect: 46 done, 2 done before, 0 refused")
        return {"done": 46, "before": 2, "refused": 0, "side": told["side"]}

    plain = KINDS["detect"].parameters
    monkeypatch.setitem(KINDS, "detect", Kind(do=search, parameters=plain, plain=True))

    @contextmanager
    def begun() -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=work_off, args=(studio,), kwargs={"stop": stop})
        thread.start()
        try:
            yield
        finally:
            stop.set()
            gate.set()
            thread.join(60)

    return begun


def newest(page: Page) -> Locator:
    return page.locator(".jobs > li .job").first


def order(page: Page, side: str) -> None:
    page.get_by_role("button", name="Start a job").click()
    page.get_by_label("side of the crops in pixels").fill(side)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(newest(page)).to_contain_text(f"side of the crops in pixels: {side}")


def test_a_job_is_ordered_followed_and_ended(window: Window, site, working, gate, people):
    page = window(site, "/curate", "carla")
    page.get_by_role("link", name="Jobs", exact=True).click()
    order(page, "200")
    expect(newest(page)).to_contain_text("Waits for a worker")
    with working():
        expect(newest(page)).to_contain_text("photographs searched: 12 of 48")
        expect(newest(page).get_by_role("progressbar")).to_have_attribute("value", "0.25")
        # It goes on whoever looks; another tab, or the same after a reload, follows it.
        page.reload()
        expect(newest(page)).to_contain_text("photographs searched: 12 of 48")
        gate.set()
        expect(newest(page)).to_have_attribute("data-state", "done")
        expect(newest(page)).to_contain_text("46 done")
        expect(page.get_by_text("Nothing runs or waits.")).to_be_visible()
        newest(page).get_by_role("button", name="Show log").click()
        lines = newest(page).get_by_role("list", name="Log").get_by_role("listitem")
        expect(lines).to_have_count(3)
        expect(lines.nth(1)).to_contain_text("46 done, 2 done before")
        gate.clear()
        order(page, "300")
        expect(newest(page)).to_contain_text("12 of 48")
        newest(page).get_by_role("button", name="End it").click()
        expect(newest(page)).to_have_attribute("data-state", "canceled")
    page.locator(".jobs .job").nth(1).get_by_role("link", name="Look at it").click()
    expect(page).to_have_url(re.compile("/cells$"))


def test_others_see_their_own_jobs_and_start_none_here(window: Window, site, people):
    page = window(site, "/jobs", "edna")
    expect(page.get_by_text("Nothing was started yet")).to_be_visible()
    expect(page.get_by_role("button", name="Start a job")).to_have_count(0)


@pytest.fixture(scope="module")
def many(studio: Workspace, people) -> None:
    """A job in every state."""
    told: dict[str, Any] = {"side": None, "border": "pad", "again": True}

    def asked(number: int, kind: str = "detect", **parameters: Any) -> JobOrder:
        person = people["carla" if number % 2 else "ada"].id
        return JobOrder(id=f"look{number}", kind=kind, parameters=parameters or told, by=person, asked_at=now())

    fault = {"code": "worker-lost", "what": "each worker that did this job ended", "found": "3 that did not"}
    few = {"code": "too-few", "what": "there are too few cells", "expected": "2", "found": "1", "hint": "label more"}
    ends: list[tuple[JobAct, Mapping[str, Any]]] = [
        (JobAct.DONE, {"done": 46, "before": 2, "refused": 0, "repeats": 0}),
        (JobAct.FAILED, fault),
        (JobAct.FAILED, few),
        (JobAct.CANCELED, {}),
    ]
    with studio.database.writing() as transaction:
        for number, (act, detail) in enumerate(ends):
            transaction.add([asked(number)])
            take_job(transaction, "laboratory-1:4711:a1b2c3", kinds=("detect",), lease=LONG)
            note(transaction, f"look{number}", JobAct.SAID, text="detect: 3 refused with unreadable-image")
            close_job(transaction, f"look{number}", act, worker="laboratory-1:4711:a1b2c3", detail=detail)
        transaction.add([asked(4)])
        take_job(transaction, "laboratory-1:4711:a1b2c3", kinds=("detect",), lease=LONG)
        beat(transaction, "look4", "laboratory-1:4711:a1b2c3", lease=LONG, room="detect", done=12, total=48)
        transaction.add([asked(5, "clean", method="paper", average_bits=8, perceptual_bits=8, smear=None)])


def test_the_page_as_it_is_seen(window: Window, site, look, screens: Path, serious, many, settled):
    page = window(site, "/jobs", "carla", **look.window)
    running = page.locator(".job[data-state='running']")
    expect(running.get_by_role("progressbar")).to_have_attribute("value", "0.25")
    running.get_by_role("button", name=LOG).click()
    expect(running.locator(".job-log li")).to_have_count(1)
    settled(page)
    assert page.evaluate("document.documentElement.dir") == look.reads
    assert page.evaluate(OVERFLOWING) == []
    assert serious(page) == []
    page.screenshot(path=screens / look.file("jobs-list"), full_page=True)
    page.get_by_role("button", name=START).click()
    page.locator(".job-form .text-field").first.wait_for()
    settled(page)
    assert page.evaluate(OVERFLOWING) == []
    assert serious(page) == []
    page.screenshot(path=screens / look.file("jobs-start"))
