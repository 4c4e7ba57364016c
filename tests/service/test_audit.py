"""The audit log over the service: for admins, whole, and blind while a round is open."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from starlette.testclient import TestClient

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.label import Role
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.errors import InputError
from buffycoat.label import items_of
from buffycoat.service import create_app
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import audit, people, reading
from buffycoat.workflows.people.sessions import make_token
from buffycoat.workflows.workspace import Workspace, open_workspace


def answer(workspace: Workspace, round_id: str, person: Person, count: int, comment: str = "") -> None:
    with workspace.database.reading() as transaction:
        campaign = rounds_of(transaction, {round_id})[0]
    given = [
        Given(
            event=str(uuid4()),
            item=item.item,
            term="monocyte",
            given_at=datetime.now(UTC).isoformat(),
            comment=comment,
        )
        for item in items_of(campaign, person.id)[:count]
    ]
    receipts = reading.take_answers(workspace, round_id, person, given)
    assert {str(receipt.state) for receipt in receipts} == {"kept"}


def opened_round(workspace: Workspace, known: dict[str, Person], name: str, *experts: str) -> str:
    wish = RoundWish(name=name, experts=tuple(known[expert].id for expert in experts))
    return reading.open_reading(workspace, wish, known["carla"]).id


@pytest.fixture
def studio(demo_workspace, tmp_path):
    """A demo of its own, and its people."""
    shutil.copytree(demo_workspace, tmp_path / "w")
    with open_workspace(tmp_path / "w") as workspace:
        yield workspace, {person.handle: person for person in people.demo_people(workspace)}


@pytest.fixture
def ada(studio, serve, sign_in):
    with serve(create_app(studio[0])) as address:
        yield sign_in(address, "ada")


def lines(client: httpx.Client, **query: object) -> list[dict]:
    return client.get("/api/audit", params=query).raise_for_status().json()["lines"]


def test_an_admin_is_told_who_did_what_and_who_saw_what(studio, ada):
    workspace, known = studio
    boxes = Suggested(kind=Suggestion.BOXES, about="f1", shown=("c1", "c2"), source="filter")
    audit.note_showings(workspace, known["edna"].id, [boxes, boxes])
    audit.note_showings(workspace, known["edna"].id, [boxes])
    (seen,) = lines(ada, handle="EDNA", action="shown")
    assert (seen["person"], seen["showing"]) == (
        "edna",
        {"kind": "boxes", "about": "f1", "count": 2, "source": "filter"},
    )
    assert [line["action"] for line in lines(ada, handle="ada", limit=1)] == ["signed-in"]
    ada.post(f"/api/people/{known['vera'].id}/role", json={"role": "trainee"}).raise_for_status()
    first = lines(ada, limit=1)[0]
    assert (first["person"], first["action"], first["subject_class"]) == ("ada", "appointed", "appointment")
    page = ada.get("/api/audit", params={"limit": 2}).json()
    following = ada.get("/api/audit", params={"limit": 2, "before": page["following"]}).json()
    assert [line["seq"] for line in page["lines"] + following["lines"]] == [page["entries"] - n for n in (1, 2, 3, 4)]
    assert lines(ada, since="2999-01-01") == []
    assert ada.get("/api/audit", params={"handle": "nobody"}).status_code == 422
    assert ada.get("/api/audit", params={"since": "yesterday"}).status_code == 422


def test_what_is_done_over_the_service_is_entered_under_the_name_of_who_asks(studio, ada, sign_in):
    known = studio[1]
    wish = {"name": "by carla", "experts": [known["edna"].id]}
    carla = sign_in(str(ada.base_url).rstrip("/"), "carla")
    carla.post("/api/rounds", json=wish).raise_for_status()
    line = next(each for each in lines(ada) if each["sealed"])
    assert line["person"] is None
    opened = carla.get("/api/rounds").json()[0]["id"]
    carla.post(f"/api/rounds/{opened}/close").raise_for_status()
    assert [(each["person"], each["action"]) for each in lines(ada, action=["opened", "closed"], limit=2)] == [
        ("carla", "closed"),
        ("carla", "opened"),
    ]


def test_it_is_checked_and_exported_and_the_export_checks_itself(studio, ada, tmp_path):
    verdict = ada.get("/api/audit/verify").json()
    assert (verdict["fault"], verdict["values"]) == (None, verdict["entries"] - 1)
    answer_of = ada.get("/api/audit/export")
    assert answer_of.headers["content-disposition"].startswith("attachment")
    (tmp_path / "log.jsonl").write_bytes(answer_of.content)
    assert audit.verify_file(tmp_path / "log.jsonl", expect=verdict["head"]).noted_at == verdict["entries"] - 1
    assert ada.get("/api/audit/verify", params={"expect": "0" * 64}).json()["fault"]["kind"] == "head-unknown"
    text = answer_of.content.splitlines()
    broken = [*text[:5], text[5].replace(b'"action":"', b'"action":"x'), *text[6:]]
    (tmp_path / "broken.jsonl").write_bytes(b"\n".join(broken))
    with pytest.raises(InputError, match="line 6 is no entry"):
        audit.verify_file(tmp_path / "broken.jsonl")
    broken[5] = text[5].replace(b'"subject":"', b'"subject":"x')
    (tmp_path / "broken.jsonl").write_bytes(b"\n".join(broken))
    assert audit.verify_file(tmp_path / "broken.jsonl").fault.seq == 4
    (tmp_path / "broken.jsonl").write_bytes(b"\n".join([*text[:5], *text[6:]]))
    assert audit.verify_file(tmp_path / "broken.jsonl").fault.kind == "missing"
    (tmp_path / "cut.jsonl").write_bytes(b"\n".join(text[:-3]))
    assert audit.verify_file(tmp_path / "cut.jsonl").fault.kind == "missing"


def test_only_admins_may_look(studio, ada, sign_in, serve):
    address = str(ada.base_url).rstrip("/")
    for handle in ("carla", "edna", "judith", "theo", "vera"):
        assert sign_in(address, handle).get("/api/audit").status_code == 403
    for path in ("/api/audit", "/api/audit/verify", "/api/audit/export"):
        assert httpx.get(address + path).status_code == 401


def test_nothing_that_is_secret_or_said_in_a_comment_is_in_the_log(studio, ada):
    workspace, known = studio
    round_id = opened_round(workspace, known, "with words", "edna")
    answer(workspace, round_id, known["edna"], 3, comment="looks like Mrs Smith's")
    people.add_person(workspace, handle="nina", role=Role.EXPERT, password="four words nobody joins")  # noqa: S106 (of a test)
    reading.close_reading(workspace, round_id, known["carla"])
    for path in ("/api/audit?limit=500", "/api/audit/export"):
        text = ada.get(path).text
        assert "Smith" not in text
        assert "argon2" not in text
        assert "monocyte" not in text


def test_entries_of_an_open_round_are_sealed_and_open_with_the_same_digests_when_it_is_closed(studio, ada, tmp_path):
    workspace, known = studio
    round_id = opened_round(workspace, known, "sealed", "edna", "emil")
    answer(workspace, round_id, known["edna"], 4)
    panel = Suggested(kind=Suggestion.PANEL, about="c1", shown=("basophil",), round_id=round_id)
    audit.note_showings(workspace, known["emil"].id, [panel])
    latest = lines(ada, limit=6)
    assert [set(line) - {"seq", "digest", "sealed"} and line["moment"] for line in latest] == [None] * 6
    assert all(line["sealed"] and line["person"] is None and line["subject"] is None for line in latest)
    # Asking for somebody or something says nothing of sealed entries either.
    for query in ({"handle": "edna", "action": "answered"}, {"action": "shown"}, {"since": "2020-01-01"}):
        assert not any(line["sealed"] or line["round"] == "sealed" for line in lines(ada, **query))
    before = [json.loads(line) for line in ada.get("/api/audit/export").content.splitlines()]
    assert ["says" in line for line in before[-6:]] == [False] * 6
    (tmp_path / "sealed.jsonl").write_bytes(ada.get("/api/audit/export").content)
    noted = audit.verify_file(tmp_path / "sealed.jsonl")
    assert noted.fault is None
    reading.close_reading(workspace, round_id, known["carla"])
    after = [json.loads(line) for line in ada.get("/api/audit/export").content.splitlines()]
    assert all("says" in line for line in after[-7:])
    assert [line["content"] for line in before[1:]] == [line["content"] for line in after[1:]][: len(before) - 1]
    assert ada.get("/api/audit/verify", params={"expect": noted.head}).json()["noted_at"] == noted.entries - 1
    assert [line["person"] for line in lines(ada, action="answered", limit=4)] == ["edna"] * 4


PATHS = (
    "/api/audit",
    "/api/audit?limit=5",
    "/api/audit?handle=edna",
    "/api/audit?action=answered",
    "/api/audit?action=shown&action=signed-in",
    "/api/audit?since=2020-01-01",
    "/api/audit?before=1000000",
    "/api/audit/verify",
    "/api/audit/export",
)


def test_an_admin_who_reads_learns_nothing_of_the_others_in_twin_worlds(demo_workspace, tmp_path):
    """Two worlds from one; in one of them the other expert has answered, taken back, signed in and seen things."""
    shutil.copytree(demo_workspace, tmp_path / "0")
    with open_workspace(tmp_path / "0") as first:
        known = {person.handle: person for person in people.demo_people(first)}
        round_id = opened_round(first, known, "twin", "ada", "edna")
        other = people.add_person(first, handle="anna", role=Role.ADMIN).person
        token = make_token(first, known["ada"].id, name="device", scope="read", days=1).token
        second_token = make_token(first, other.id, name="device", scope="read", days=1).token
    shutil.copytree(tmp_path / "0", tmp_path / "1")
    told: list[list[tuple]] = []
    counts = []
    for world in "01":
        with open_workspace(tmp_path / world) as workspace:
            if world == "1":
                answer(workspace, round_id, known["edna"], 7)
                make_token(workspace, known["edna"].id, name="more", scope="read", days=1)
                panel = Suggested(kind=Suggestion.PANEL, about="c1", shown=("basophil",), round_id=round_id)
                boxes = Suggested(kind=Suggestion.BOXES, about="f1", shown=("c1",))
                audit.note_showings(workspace, known["edna"].id, [panel, boxes])
            page = TestClient(
                create_app(workspace),
                base_url="http://127.0.0.1",
                client=("127.0.0.1", 1),
                headers={"Authorization": f"Bearer {token}"},
            )
            told.append([(answered.status_code, answered.content) for answered in map(page.get, PATHS)])
            assert page.get("/api/audit").json()["held_by"] == "twin"
            page.headers["Authorization"] = f"Bearer {second_token}"
            counts.append(page.get("/api/audit").json()["entries"])
    assert {status for status, _ in told[0]} == {200}
    assert told[0] == told[1]
    assert counts[1] == counts[0] + 7 + 1 + 2, "who does not read in it sees that there is more"
