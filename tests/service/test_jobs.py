"""Jobs over the service: ordered by curators, seen by whom they concern, ended from any page."""

from __future__ import annotations

import httpx
import pytest

from buffycoat.service import create_app
from buffycoat.workflows.jobs import KINDS, get_job, start_job, work_off
from buffycoat.workflows.people import demo_people


@pytest.fixture(scope="module")
def url(own_demo, serve):
    with serve(create_app(own_demo, guests=True)) as address:
        yield address


@pytest.fixture
def carla(url, sign_in) -> httpx.Client:
    return sign_in(url, "carla")


@pytest.fixture
def edna(url, sign_in) -> httpx.Client:
    return sign_in(url, "edna")


def test_a_job_is_ordered_followed_and_told(own_demo, carla):
    given = {"kind": "doctor", "parameters": {"fast": True}}
    job = carla.post("/api/jobs", json=given).json()
    assert (job["state"], job["handle"], job["parameters"]) == ("waiting", "carla", {"fast": True})
    assert carla.post("/api/jobs", json=given).json()["id"] == job["id"]
    page = carla.get("/api/jobs").json()
    assert (page["jobs"][0]["id"], page["open"]) == (job["id"], 1)
    work_off(own_demo, until_idle=True)
    done = carla.get(f"/api/jobs/{job['id']}").json()
    assert (done["state"], done["attempts"]) == ("done", 1)
    assert set(done["result"]["findings"]) == {"ok", "advice", "set-up", "fault", "unknown"}
    log = carla.get(f"/api/jobs/{job['id']}/log").json()
    assert [line["act"] for line in log if line["act"] != "said"] == ["begun", "done"]
    assert carla.get(f"/api/jobs/{job['id']}/log", params={"after": log[-2]["number"]}).json() == log[-1:]
    assert carla.post(f"/api/jobs/{job['id']}/cancel").status_code == 409
    assert carla.get("/api/jobs").json()["open"] == 0


def test_an_answer_of_a_job_that_runs_is_small(own_demo, carla):
    job = start_job(own_demo, "detect")
    answer = carla.get(f"/api/jobs/{job.id}")
    assert len(answer.content) < 1000, "it is asked for each second"
    carla.post(f"/api/jobs/{job.id}/cancel")


def test_only_plain_kinds_are_ordered_here_and_only_by_curators(carla, edna):
    plain = {name for name, kind in KINDS.items() if kind.plain}
    listed = carla.get("/api/jobs/kinds").json()
    assert {"detect", "clean", "doctor"} <= plain
    assert {each["name"] for each in listed} == plain
    clean = next(each for each in listed if each["name"] == "clean")["schema"]["properties"]
    assert clean["method"]["enum"] == ["registered", "paper"]
    folder = {"kind": "ingest", "parameters": {"photographs": "/", "metadata": "/etc/passwd"}}
    assert carla.post("/api/jobs", json=folder).status_code == 403
    assert edna.post("/api/jobs", json={"kind": "doctor"}).status_code == 403
    for wrong in (
        {"kind": "dig"},
        {"kind": "detect", "parameters": {"side": "x"}},
        {"kind": "detect", "parameters": {"no": 1}},
    ):
        refused = carla.post("/api/jobs", json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "input")


def test_whoever_ordered_a_job_sees_and_ends_it_and_others_do_not(own_demo, edna, carla, sign_in, url):
    person = next(each for each in demo_people(own_demo) if each.handle == "edna")
    job = start_job(own_demo, "doctor", {"fast": True}, person)
    emil = sign_in(url, "emil")
    assert [each["id"] for each in edna.get("/api/jobs").json()["jobs"]] == [job.id]
    assert job.id in {each["id"] for each in carla.get("/api/jobs").json()["jobs"]}
    assert emil.get("/api/jobs").json() == {"jobs": [], "total": 0, "open": 0}
    for method, path in (("GET", ""), ("GET", "/log"), ("POST", "/cancel")):
        assert emil.request(method, f"/api/jobs/{job.id}{path}").status_code == 404
    assert edna.post(f"/api/jobs/{job.id}/cancel").json()["state"] == "canceled"
    assert get_job(own_demo, job.id).ended
