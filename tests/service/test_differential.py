"""The routes of the differential count: figures, refusals, and who may enter reference intervals."""

from __future__ import annotations

import re

import httpx
import pytest

from buffycoat.service import create_app
from buffycoat.workflows.differential import differential, differential_page, find_smear
from buffycoat.workflows.differential_reference import example_reference

OURS = 'laboratory = "Ours"\n[percent]\nmonocyte = [2, 10]\n[absolute]\nleukocyte = [4, 10]\n'


@pytest.fixture(scope="module")
def smear(workspace) -> str:
    return find_smear(workspace, "DRAWN-A2")


def test_a_guest_is_told_what_the_workflow_counts(client: httpx.Client, workspace, smear):
    told = client.get(f"/api/smears/{smear}/differential").json()
    found = differential(workspace, smear)
    assert told["notice"] == "Research use, not a diagnosis."
    assert (told["leukocytes"], told["found"], told["taxonomy"]) == (found.leukocytes, found.found, found.taxonomy)
    assert [(row["key"], row["count"]) for row in told["rows"]] == [(row.key, row.count) for row in found.rows]
    assert told["wbc"] is told["reference"] is None
    assert {row["absolute"] for row in told["rows"]} == {None}


def test_an_entered_count_gives_absolute_ones(client, smear):
    told = client.get(f"/api/smears/{smear}/differential", params={"wbc": 8}).json()
    assert (told["wbc"]["entered"], told["wbc"]["used"]) == (8, 8)
    for row in told["rows"]:
        assert row["absolute"]["value"] == pytest.approx(8 * row["count"] / told["leukocytes"])


@pytest.mark.parametrize("wbc", ["0", "-1", "6200", "nan", "inf", "six"])
def test_what_is_no_count_of_leukocytes(client, smear, wbc):
    answer = client.get(f"/api/smears/{smear}/differential", params={"wbc": wbc})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_refusal_says_what_to_type(client, smear):
    told = client.get(f"/api/smears/{smear}/differential", params={"wbc": 6200}).json()
    assert (told["code"], told["hint"]) == ("input", "10⁹/L are thousands for each µl: 6.2, not 6200")
    assert "6200" in told["detail"]


def test_the_page_to_keep_is_that_of_the_command_line(client, workspace, smear):
    answer = client.get(f"/api/smears/{smear}/differential/page", params={"wbc": 8})
    assert answer.content == differential_page(differential(workspace, smear, wbc=8))
    assert "Research use, not a diagnosis." in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''differential-DRAWN-A2.html"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", answer.text), "it asks for nothing"
    assert client.get(f"/api/smears/{smear}/differential/page", params={"wbc": "nan"}).status_code == 422
    assert client.get("/api/smears/nothing/differential/page").status_code == 404


def test_a_smear_that_is_not_there(client):
    assert client.get("/api/smears/nothing/differential").json()["code"] == "not-found"


def test_the_example_is_told_and_nothing_is_shipped_as_truth(client):
    told = client.get("/api/reference-intervals").json()
    assert (told["intervals"], told["kept_at"]) == (None, None)
    assert told["example"] == example_reference()
    assert "example = true" in told["example"]


def test_a_curator_enters_the_intervals_of_the_laboratory(own_demo, serve, sign_in):
    smear = find_smear(own_demo, "DRAWN-A2")
    with serve(create_app(own_demo, guests=True)) as url:
        carla, edna = sign_in(url, "carla"), sign_in(url, "edna")
        assert edna.post("/api/reference-intervals", json={"name": "o", "content": OURS}).status_code == 403
        broken = carla.post("/api/reference-intervals", json={"name": "ours.toml", "content": OURS + "mono = 3"})
        assert (broken.status_code, broken.json()["code"]) == (422, "unreadable-format")
        assert "ours.toml: [absolute] 'mono'" in broken.json()["detail"]
        view = carla.post("/api/reference-intervals", json={"name": "ours.toml", "content": OURS}).json()
        assert view["intervals"]["percent"]["monocyte"] == {"low": 2, "high": 10}
        told = edna.get(f"/api/smears/{smear}/differential", params={"wbc": 12}).json()
        assert (told["reference"]["laboratory"], told["wbc"]["flag"]) == ("Ours", "high")
        [monocytes] = [row for row in told["rows"] if row["key"] == "monocyte"]
        assert monocytes["percent"]["reference"] == {"low": 2, "high": 10}
        assert edna.get(f"/api/documents/{view['document_id']}").text == OURS
        [entered] = [
            line
            for line in sign_in(url, "ada").get("/api/audit", params={"action": "kept"}).json()["lines"]
            if line["subject"] == view["document_id"]
        ]
        assert (entered["person"], entered["subject_class"]) == ("carla", "document")
        assert "Reference intervals: Ours" in {each["title"] for each in edna.get("/api/documents").json()}
        children = OURS.replace("[percent]", 'population = "children under 6"\n[percent]', 1)
        second = carla.post("/api/reference-intervals", json={"name": "children.toml", "content": children}).json()
        kept = [(each["laboratory"], each["population"], each["holds"]) for each in second["kept"]]
        assert kept == [("Ours", "children under 6", True), ("Ours", "", False)], "the newest first"
        assert second["kept"][1]["document_id"] == view["document_id"]
        titles = {each["title"] for each in edna.get("/api/documents").json()}
        assert {"Reference intervals: Ours", "Reference intervals: Ours, for children under 6"} <= titles
        page = edna.get(f"/api/smears/{smear}/differential/page").text
        assert "children under 6" in page
