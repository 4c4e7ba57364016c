"""The review of repeats over the network: who says what is kept, refused words change nothing, long work is ordered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from buffycoat.domain.repeating import Way
from buffycoat.service import create_app
from buffycoat.workflows.jobs import work_off
from buffycoat.workflows.label import open_round
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.reading import close_reading, list_rounds
from buffycoat.workflows.repeating import covered_pairs, list_cleanings, threshold_sheet
from buffycoat.workflows.repeats import list_repeats
from buffycoat.workflows.workspace import Workspace


@pytest.fixture(scope="module")
def site(own_demo: Workspace, serve) -> Iterator[str]:
    ada = next(person for person in demo_people(own_demo) if person.handle == "ada")
    for view in list_rounds(own_demo, ada):
        if not view.closed:
            close_reading(own_demo, view.id, ada)
    with serve(create_app(own_demo)) as url:
        yield url


@pytest.fixture
def carla(site: str, sign_in: Callable[[str, str], httpx.Client]) -> httpx.Client:
    page = sign_in(site, "carla")
    page.timeout = 120  # a ruling lays the photographs of its smear upon one another anew
    return page


def test_answers_are_kept_under_the_name_of_who_is_signed_in(carla: httpx.Client, own_demo: Workspace):
    sheet = carla.get("/api/repeats/threshold").raise_for_status().json()
    pair = sheet["asked"][0]
    given = {"cell_id": pair["a"], "other_id": pair["b"], "answer": "same"}
    assert carla.post("/api/repeats/answers", json=given).json() == given
    later = carla.get("/api/repeats/threshold").json()
    (answered,) = later["answered"]
    assert {answered["a"], answered["b"]} == {pair["a"], pair["b"]}
    assert (answered["answer"], answered["by"]) == ("same", "carla")
    assert len(later["asked"]) == len(sheet["asked"]) - 1
    assert later == carla.get("/api/repeats/threshold", params={"way": "hashes"}).json()
    wrong = carla.post("/api/repeats/answers", json={**given, "other_id": "nothing"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "not-found")
    assert carla.post("/api/repeats/answers", json={**given, "answer": "perhaps"}).status_code == 422


def test_thresholds_are_applied_by_a_job_and_gone_back_from_by_another(carla: httpx.Client, own_demo: Workspace):
    before = list_repeats(own_demo)
    told = carla.get("/api/repeats/preview", params={"method": "paper", "average_bits": 5}).raise_for_status().json()
    assert told["parted"] > 0
    job = carla.post("/api/repeats/apply", json={"method": "paper", "average_bits": 5}).raise_for_status().json()
    assert (job["kind"], job["state"], job["handle"]) == ("clean", "waiting", "carla")
    assert list_repeats(own_demo) == before, "ordered is not done"
    work_off(own_demo, until_idle=True)
    newest = carla.get("/api/repeats/cleanings").json()[0]
    assert (newest["by"], newest["lines"]["average_bits"]) == ("carla", 5)
    done = carla.get(f"/api/repeats/cleanings/{newest['id']}/difference").json()
    assert {**done, "read": told["read"]} == told
    back = carla.post(f"/api/repeats/cleanings/{newest['id']}/undo").raise_for_status().json()
    assert back["kind"] == "clean-back"
    work_off(own_demo, until_idle=True)
    assert {view.cells for view in list_repeats(own_demo)} == {view.cells for view in before}
    latest = list_cleanings(own_demo)[0]
    assert latest.by == "carla"
    assert latest.lines.method == "registered"
    for wish in (
        {"method": "paper", "average_bits": 66},
        {"method": "nothing"},
        {"method": "paper", "correlation": 0.9},
    ):
        assert carla.post("/api/repeats/apply", json=wish).status_code in {400, 422}


def test_a_ruling_changes_the_groups_at_once(carla: httpx.Client):
    page = carla.get("/api/repeats/groups", params={"limit": 1}).raise_for_status().json()
    stays, other = (member["cell_id"] for member in page["items"][0]["members"][:2])
    said = carla.post(
        "/api/repeats/rulings", json={"cell_id": stays, "other_id": other, "ruled": "apart", "reason": "x"}
    )
    assert said.json() == {"cell_id": stays, "other_id": other, "ruled": "apart", "by": "carla", "reason": "x"}
    after = carla.get("/api/repeats/groups", params={"limit": 1}).json()
    assert after["totals"]["kept"] == page["totals"]["kept"] + 1
    assert said.json() in after["apart"]
    carla.post(
        "/api/repeats/rulings", json={"cell_id": stays, "other_id": other, "ruled": "measured"}
    ).raise_for_status()
    assert carla.get("/api/repeats/groups", params={"limit": 1}).json() == page


def test_covered_photographs_are_told_without_names(carla: httpx.Client, own_demo: Workspace):
    told = carla.get("/api/repeats/covered").raise_for_status()
    assert len(told.json()) == len(covered_pairs(own_demo)) > 0
    assert ".png" not in told.text
    assert "origin" not in told.text


def test_what_an_open_round_reads_is_not_taken_away(carla: httpx.Client, own_demo: Workspace):
    group = carla.get("/api/repeats/groups", params={"limit": 1}).json()["items"][0]
    kept, other = (member["cell_id"] for member in group["members"][:2])
    open_round(own_demo, name="all", experts=["amina"])
    refused = carla.post("/api/repeats/rulings", json={"cell_id": other, "other_id": kept, "ruled": "keep"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert carla.get("/api/repeats/groups", params={"limit": 1}).json()["items"][0]["read"]
    waits = carla.post("/api/repeats/apply", json={"method": "paper"})
    assert (waits.status_code, waits.json()["code"]) == (409, "conflict")
    assert threshold_sheet(own_demo, Way.HASHES).in_force.method == "registered"
