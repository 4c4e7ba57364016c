"""Routes of learning: told to the one whose answers they are, and when it is time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from buffycoat.service import create_app
from buffycoat.workflows.workspace import Workspace


@pytest.fixture(scope="module")
def site(own_demo: Workspace, serve) -> Iterator[str]:
    with serve(create_app(own_demo, guests=True)) as url:
        yield url


def ids(page: httpx.Client) -> dict[str, str]:
    return {each["person"]["handle"]: each["person"]["id"] for each in page.get("/api/people").json()}


def opened(page: httpx.Client, name: str, experts: list[str], **more: object) -> str:
    known = ids(page)
    wish = {"name": name, "experts": [known[each] for each in experts], "query": "double-labeled", **more}
    answer = page.post("/api/rounds", json=wish)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def say(page: httpx.Client, round_id: str, term: str, count: int) -> list[dict]:
    items = page.get(f"/api/rounds/{round_id}/items", params={"limit": count}).json()["items"]
    now = datetime.now(UTC).isoformat()
    given = [{"event": str(uuid4()), "item": each["item"], "term": term, "given_at": now} for each in items]
    return page.post(f"/api/rounds/{round_id}/answers", json=given).json()


def test_training_is_told_at_once_and_proficiency_at_the_end(site: str, sign_in):
    carla, theo, edna = (sign_in(site, handle) for handle in ("carla", "theo", "edna"))
    training = opened(carla, "learn", ["theo"], mode="training", most=8, examples=True)
    receipts = say(theo, training, "monocyte", 8)
    assert all(each["panel"] for each in receipts)
    own = theo.get(f"/api/rounds/{training}/mine").json()
    wrong = sum(each["panel"] != "monocyte" for each in receipts)
    assert len(own["differing"]) == wrong > 0
    assert own["score"]["accuracy"]["value"] == pytest.approx(1 - wrong / 8)
    assert own["score"]["blank"] == 0
    references = theo.get(f"/api/rounds/{training}/references").json()
    assert references["shown"]
    cell = references["terms"][0]["cells"][0]
    assert theo.get(f"/api/cells/{cell}/picture", params={"side": 64}).status_code == 200
    assert theo.get(f"/api/cells/{cell}").json()["consensus"]["term"] == references["terms"][0]["term"]
    carla.post(f"/api/rounds/{training}/close").raise_for_status()

    trial = opened(carla, "try", ["theo", "edna"], mode="proficiency", most=10, level="five-class")
    assert {each["panel"] for each in say(theo, trial, "monocyte", 10)} == {None}
    assert theo.get(f"/api/rounds/{trial}/mine").status_code == 409
    assert theo.get(f"/api/rounds/{trial}/references").json() == {"shown": False, "terms": []}
    assert [each["name"] for each in theo.get("/api/learned").json()] == ["learn"]
    carla.post(f"/api/rounds/{trial}/close").raise_for_status()
    assert [each["name"] for each in theo.get("/api/learned").json()] == ["learn", "try"]
    blank = edna.get(f"/api/rounds/{trial}/mine").json()["score"]
    assert (blank["cells"], blank["blank"], blank["accuracy"]["value"]) == (10, 10, 0.0)
    assert carla.get(f"/api/rounds/{trial}/mine").status_code == 403
    assert edna.get(f"/api/rounds/{training}/mine").status_code == 403
    assert carla.get("/api/learned").json() == []


def test_a_round_offers_the_terms_of_its_own_edition(site: str, sign_in):
    carla, edna = sign_in(site, "carla"), sign_in(site, "edna")
    for edition, offered in (("raabin@1", False), ("raabin", True)):
        known = opened(carla, f"of {edition}", ["edna"], query="disputed", taxonomy=edition)
        terms = {each["key"] for each in edna.get(f"/api/rounds/{known}/taxonomy").json()["terms"]}
        assert ("poor-image" in terms) is offered
        assert edna.get("/api/taxonomy").json()["version"] == (2 if offered else 1)
        assert httpx.get(f"{site}/api/rounds/{known}/taxonomy").status_code == 404, "an open round is told to no guest"
        carla.post(f"/api/rounds/{known}/close").raise_for_status()


def test_what_does_not_fit_the_mode_is_refused(site: str, sign_in):
    carla = sign_in(site, "carla")
    experts = [ids(carla)["edna"]]
    for more in (
        {"mode": "proficiency", "examples": True},
        {"mode": "blind", "panel": "demo"},
        {"mode": "blind", "most": 0},
    ):
        answer = carla.post("/api/rounds", json={"name": "no", "experts": experts, **more})
        assert answer.status_code == 422, more
    panel = carla.post("/api/rounds", json={"name": "no", "experts": experts, "mode": "training", "panel": "nothing"})
    assert panel.status_code == 404


def test_a_curator_takes_the_scores_of_all_along_as_a_table(site: str, sign_in):
    carla, theo = sign_in(site, "carla"), sign_in(site, "theo")
    trial = opened(carla, "for the table", ["theo"], mode="proficiency", most=6)
    say(theo, trial, "monocyte", 6)
    before = {each["round_id"] for each in carla.get("/api/learners").json()}
    assert trial not in before, "it is open"
    carla.post(f"/api/rounds/{trial}/close").raise_for_status()
    told = carla.get("/api/learners").json()
    assert {(each["person"]["handle"], each["name"]) for each in told} >= {("theo", "for the table")}
    table = carla.get("/api/learners/export")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "learners-" in table.headers["content-disposition"]
    assert table.content.decode("utf-8-sig").count("\r\n") == 1 + len(told)
    for handle in ("theo", "judith"):
        page = sign_in(site, handle)
        assert {page.get(path).status_code for path in ("/api/learners", "/api/learners/export")} == {403}
