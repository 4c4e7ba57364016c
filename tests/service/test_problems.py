"""Every error is a problem with type, title, status, detail, code and hint."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.service import create_app
from buffycoat.workflows import browse
from buffycoat.workflows.workspace import Workspace

ERRORS = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()
PARTS = {"type", "title", "status", "detail", "code", "hint"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/cells/c0", 404, "not-found"),
        ("GET", "/api/fields/f0", 404, "not-found"),
        ("GET", "/api/smears/s0/fields", 404, "not-found"),
        ("GET", "/api/documents/d0", 404, "not-found"),
        ("GET", "/api/fields/f0/picture", 404, "not-found"),
        ("GET", "/api/nothing", 404, "not-found"),
        ("GET", "/api", 404, "not-found"),
        ("GET", "/api/cells?limit=0", 422, "input"),
        ("GET", "/api/cells?standing=sitting", 422, "input"),
        ("GET", "/api/cells?offset=-1", 422, "input"),
        ("POST", "/api/cells", 405, "error"),
        ("DELETE", "/api/health", 405, "error"),
    ],
)
def test_errors_are_problems(client: httpx.Client, method: str, path: str, status: int, code: str):
    answer = client.request(method, path)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) == PARTS
    assert all(problem.values())
    assert problem["type"] == f"/api/errors/{code}"
    assert f"## `{code}`" in ERRORS


def test_validation_names_the_parameter(client: httpx.Client):
    detail = client.get("/api/cells?limit=0").json()["detail"]
    assert detail == "query.limit: Input should be greater than or equal to 1"


def test_without_a_workspace_it_says_so(bare: httpx.Client):
    answer = bare.get("/api/overview")
    assert (answer.status_code, answer.json()["code"]) == (503, "workspace-missing")


def test_what_was_not_foreseen_is_told_without_its_insides(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    def broken(_: object) -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(browse, "overview", broken)
    answer = client.get("/api/overview")
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "secret" not in answer.text


def test_type_of_a_problem_leads_to_what_it_means(client: httpx.Client):
    problem = client.get("/api/cells/c0").json()
    meant = client.get(problem["type"]).json()
    assert (meant["code"], meant["http_status"], meant["exit_status"]) == ("not-found", 404, 3)
    assert meant["title"]
    assert client.get("/api/errors/no-such-code").status_code == 404


def test_page_from_elsewhere_cannot_ask_under_a_name_of_its_own(workspace: Workspace, serve):
    with serve(create_app(workspace, hosts=("127.0.0.1",), guests=True)) as url:
        assert httpx.get(f"{url}/api/overview").status_code == 200
        assert httpx.get(f"{url}/api/overview", headers={"Host": "rebound.example"}).status_code == 400


@pytest.mark.parametrize("word", ["handle", "password"])
def test_half_a_character_is_said_to_be_one(
    workspace: Workspace, serve: Callable[[FastAPI], AbstractContextManager[str]], word: str
):
    """A page that cuts a word to a length can cut a character, which JSON spells and nothing can keep."""
    given = {"handle": '"edna"', "password": '"any words"'} | {word: '"\\ud83d"'}
    body = "{" + ", ".join(f'"{name}": {text}' for name, text in given.items()) + "}"
    with serve(create_app(workspace)) as url:
        answer = httpx.post(f"{url}/api/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "input")
