"""Color filters over the network: tried, judged, saved, previewed and put to use by those who curate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from buffycoat.detect import ColorFilter
from buffycoat.service import create_app
from buffycoat.workflows.workspace import Workspace


@pytest.fixture(scope="module")
def site(own_demo: Workspace, serve) -> Iterator[str]:
    with serve(create_app(own_demo)) as url:
        yield url


@pytest.fixture
def page(site: str, sign_in: Callable[[str, str], httpx.Client]) -> httpx.Client:
    return sign_in(site, "carla")


def drawn(page: httpx.Client, fields: int, **more: object) -> dict[str, object]:
    """What the screen sends where somebody takes the boxes that are there."""
    setup = page.get("/api/filters/setups").raise_for_status().json()[0]
    boxed = []
    for field_id in setup["among"][:fields]:
        field = page.get(f"/api/fields/{field_id}").json()["field"]
        places = [each["place"] for each in page.get(f"/api/fields/{field_id}/locate").json()["boxes"]]
        inside = [
            [place["left"], place["top"], place["right"], place["bottom"]]
            for place in places
            if min(place["left"], place["top"]) >= 0
            and place["right"] <= field["width_px"]
            and place["bottom"] <= field["height_px"]
        ]
        boxed.append({"field_id": field_id, "boxes": inside})
    wish: dict[str, object] = {"smear_id": setup["smear_id"], "capture_id": setup["capture"]["id"], "fields": boxed}
    return wish | {"shown": setup["among"][0]} | more


def test_a_few_boxes_become_a_filter_and_what_it_sees(page):
    wish = drawn(page, 2)
    trial = page.post("/api/filters/trial", json=wish).raise_for_status().json()
    assert (trial["filter"]["images"], trial["filter"]["default"]) == (2, False)
    sight = trial["sight"]
    assert sight["field_id"] == wish["shown"]
    assert sum(sight["mask"]) == sight["width_px"] * sight["height_px"]
    assert len(sight["found"]) > 0
    usual = page.post("/api/filters/trial", json=wish | {"fields": []}).raise_for_status().json()
    assert usual["filter"]["default"]


def test_it_is_judged_beside_the_one_that_comes_along(page):
    judged = page.post("/api/filters/judgement", json=drawn(page, 2)).raise_for_status().json()
    assert judged["own"]["found"] + judged["own"]["missed"] == judged["default"]["found"]
    assert judged["verdict"] in ("alike", "too-few", "better", "worse")
    refused = page.post("/api/filters/judgement", json=drawn(page, 1))
    assert (refused.status_code, refused.json()["code"]) == (422, "too-few")


def test_it_is_saved_with_whose_it_is_previewed_and_put_to_use_as_a_job(page):
    wish = drawn(page, 2)
    saved = page.post("/api/filters", json={"name": "ward 3", "wish": wish}).raise_for_status().json()
    assert (saved["name"], saved["by"], saved["used_for"]) == ("ward 3", "carla", [])
    # The file is what the command reads, and its digest is what is told.
    content = page.get(f"/api/documents/{saved['id']}").raise_for_status()
    assert content.headers["content-type"] == "application/json"
    assert list(ColorFilter.from_json(content.content).weights) == saved["filter"]["weights"]
    again = page.post("/api/filters", json={"name": "ward 3", "wish": drawn(page, 1)})
    assert (again.status_code, again.json()["code"]) == (409, "already-exists")
    place = {"smear_id": wish["smear_id"], "capture_id": wish["capture_id"]}
    use = place | {"filter_id": saved["id"]}
    preview = page.post("/api/filters/preview", json=use).raise_for_status().json()
    assert preview["now"] == sum(each["now"] for each in preview["fields"])
    assert page.get("/api/filters").json()[0]["used_for"] == [], "a preview keeps nothing"
    job = page.post("/api/filters/use", json=use).raise_for_status().json()
    assert (job["kind"], job["state"], job["handle"]) == ("detect", "waiting", "carla")
    assert (job["parameters"]["smear"], job["parameters"]["capture"]) == (wish["smear_id"], wish["capture_id"])
    [kept] = page.get("/api/filters").json()
    [setup] = [each for each in page.get("/api/filters/setups").json() if each["smear_id"] == wish["smear_id"]]
    assert (kept["used_for"], setup["in_use"]) == ([setup["smear"]], "ward 3")


@pytest.mark.parametrize("change", [{"strictness": "much"}, {"fields": [{"field_id": "f", "boxes": [[1, 2, 3]]}]}])
def test_what_is_no_wish_is_refused(page, change):
    refused = page.post("/api/filters/trial", json=drawn(page, 1) | change)
    assert refused.status_code == 422


def test_documents_do_not_show_filters_among_finished_pages(page):
    """A filter is no page for people."""
    kinds = {each["kind"] for each in page.get("/api/documents").json()}
    assert kinds.isdisjoint({"color-filter", "filter-choice"})
