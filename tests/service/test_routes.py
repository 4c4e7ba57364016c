"""Each route answers with the value that the workflow gives, and nothing that may not leave."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from buffycoat.domain.smear import Smear
from buffycoat.service import create_app
from buffycoat.version import VERSION
from buffycoat.workflows import browse
from buffycoat.workflows.workspace import Workspace, open_workspace


def as_json(value: object) -> object:
    """What a value looks like after it went over the wire."""
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat().replace("+00:00", "Z")))


@pytest.fixture(scope="module")
def smear_id(workspace: Workspace) -> str:
    return browse.list_funnels(workspace)[0].smear.id


@pytest.fixture(scope="module")
def field_id(workspace: Workspace, smear_id: str) -> str:
    return browse.list_fields(workspace, smear_id=smear_id).items[0].field.id


@pytest.fixture(scope="module")
def cell_id(workspace: Workspace) -> str:
    return browse.list_cells(workspace).items[0].cell.id


def test_health_needs_no_workspace(bare: httpx.Client):
    answer = bare.get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": VERSION})


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("/api/overview", "overview"),
        ("/api/documents", "list_documents"),
        ("/api/releases", "list_releases"),
        ("/api/scorecards", "list_scorecards"),
        ("/api/runs", "list_runs"),
        ("/api/taxonomy", "taxonomy"),
    ],
)
def test_values_are_served_as_they_are(client: httpx.Client, workspace: Workspace, route: str, name: str):
    value = getattr(browse, name)(workspace)
    expected = [asdict(each) for each in value] if isinstance(value, tuple) else asdict(value)
    answer = client.get(route)
    assert answer.status_code == 200
    assert answer.json() == as_json(expected)
    assert answer.json()


def test_the_name_of_the_received_file_never_leaves(client: httpx.Client, workspace: Workspace, smear_id: str):
    inside = browse.list_fields(workspace, smear_id=smear_id, limit=500).items
    origins = [view.field.origin for view in inside]
    assert all(origins), "the test needs fields that have something to hide"
    page = client.get(f"/api/smears/{smear_id}/fields", params={"limit": 500})
    single = [client.get(f"/api/fields/{view.field.id}") for view in inside]
    assert [view["field"]["origin"] for view in page.json()["items"]] == [None] * len(inside)
    assert [answer.json()["field"]["origin"] for answer in single] == [None] * len(inside)
    text = page.text + "".join(answer.text for answer in single)
    assert [origin for origin in origins if origin and origin in text] == []
    shown = page.json()["items"][0] | {"field": page.json()["items"][0]["field"] | {"origin": origins[0]}}
    assert shown == as_json(asdict(inside[0])), "nothing else is changed"


def test_who_the_person_is_and_the_ethics_reference_never_leave(
    serve: Callable[[FastAPI], AbstractContextManager[str]], tmp_path: Path
):
    smear = Smear(id="s1", code="S-1", subject="pseudonym-7", ethics_reference="IR.TEST.REC.1", site="Lab A")
    with open_workspace(tmp_path / "w", create=True) as opened:
        with opened.database.writing() as transaction:
            transaction.add([smear])
        (inside,) = browse.list_funnels(opened)
        with serve(create_app(opened, guests=True)) as address:
            answer = httpx.get(f"{address}/api/smears")
    assert inside.smear == smear, "the workspace keeps them"
    assert [word for word in ("pseudonym-7", "IR.TEST.REC.1") if word in answer.text] == []
    (shown,) = answer.json()
    assert (shown["smear"]["subject"], shown["smear"]["ethics_reference"]) == (None, None)
    hidden = {"subject": "pseudonym-7", "ethics_reference": "IR.TEST.REC.1"}
    assert shown | {"smear": shown["smear"] | hidden} == as_json(asdict(inside)), "nothing else is changed"


def test_smears_of_the_demo_are_served(client: httpx.Client, workspace: Workspace):
    funnels = [asdict(funnel) for funnel in browse.list_funnels(workspace)]
    expected = [funnel | {"smear": funnel["smear"] | {"subject": None}} for funnel in funnels]
    assert client.get("/api/smears").json() == as_json(expected)
    assert all(funnel["smear"]["subject"] for funnel in funnels), "the test needs subjects that have to be hidden"


def test_fields_come_in_pages(client: httpx.Client, smear_id: str):
    whole = client.get(f"/api/smears/{smear_id}/fields").json()
    second = client.get(f"/api/smears/{smear_id}/fields", params={"offset": 1, "limit": 1}).json()
    assert second == {"total": whole["total"], "items": whole["items"][1:2]}
    assert whole["total"] == len(whole["items"]) > 1


def test_cells_are_filtered(client: httpx.Client, workspace: Workspace, field_id: str):
    everything = browse.list_cells(workspace, limit=500)
    kept = client.get("/api/cells", params={"kept": "true", "limit": 500}).json()
    repeats = client.get("/api/cells", params={"kept": "false", "limit": 500}).json()
    assert kept["total"] + repeats["total"] == everything.total
    assert {view["kept"] for view in repeats["items"]} == {False}
    here = client.get("/api/cells", params={"field_id": field_id}).json()
    assert {view["cell"]["field_id"] for view in here["items"]} == {field_id}
    labeled = next(view for view in everything.items if view.consensus and view.consensus.term)
    assert labeled.consensus is not None
    wanted = {"term": labeled.consensus.term, "standing": labeled.consensus.standing.value, "limit": 500}
    found = client.get("/api/cells", params=wanted).json()["items"]
    assert labeled.cell.id in {view["cell"]["id"] for view in found}
    assert {view["consensus"]["term"] for view in found} == {labeled.consensus.term}


def test_one_cell(client: httpx.Client, workspace: Workspace, cell_id: str):
    assert client.get(f"/api/cells/{cell_id}").json() == as_json(asdict(browse.get_cell(workspace, cell_id)))


def test_pictures(client: httpx.Client, workspace: Workspace, field_id: str, cell_id: str):
    field = browse.get_field(workspace, field_id).field
    small = client.get(f"/api/fields/{field_id}/picture", params={"width": 100})
    whole = client.get(f"/api/fields/{field_id}/picture", params={"width": 16_384})
    assert small.headers["content-type"] == whole.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(small.content)).width == 100
    assert Image.open(io.BytesIO(whole.content)).size == (field.width_px, field.height_px)
    cell = browse.get_cell(workspace, cell_id).cell
    crop = client.get(f"/api/cells/{cell_id}/picture")
    assert crop.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(crop.content)).size == (cell.box.width, cell.box.height)
    thumbnail = client.get(f"/api/cells/{cell_id}/picture", params={"side": 48})
    assert thumbnail.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(thumbnail.content)).width == 48


def test_pictures_are_kept_by_the_browser(client: httpx.Client, field_id: str):
    url = f"/api/fields/{field_id}/picture?width=64"
    first = client.get(url)
    assert first.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = client.get(url, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = client.get(f"/api/fields/{field_id}/picture?width=65", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_documents_run_no_script(client: httpx.Client, workspace: Workspace):
    for document in browse.list_documents(workspace):
        answer = client.get(f"/api/documents/{document.id}")
        policy = answer.headers["content-security-policy"]
        assert answer.content == browse.get_document(workspace, document.id)[1]
        assert answer.headers["content-type"].startswith(document.media_type)
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert "sandbox" in policy
        assert answer.headers["content-disposition"].startswith("inline")


def test_runs_come_in_pages(client: httpx.Client, workspace: Workspace):
    runs = browse.list_runs(workspace, offset=0, limit=500)
    answer = client.get("/api/runs", params={"offset": 1, "limit": 1}).json()
    assert [run["id"] for run in answer] == [runs[1].id]
