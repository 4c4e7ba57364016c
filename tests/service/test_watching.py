"""What those are told who watch over the service: alive, ready, counts; and what a log holds, and never holds."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from starlette.routing import Route

from buffycoat.domain.account import Scope
from buffycoat.service import create_app
from buffycoat.service.guards import COOKIE
from buffycoat.service.logs import OURS, REQUEST_ID, JsonLines
from buffycoat.workflows import people
from buffycoat.workflows.people import sessions
from buffycoat.workflows.workspace import Workspace

PROBES = ("/healthz", "/readyz", "/metrics")
HERE, ELSEWHERE = ("127.0.0.1", 50000), ("192.0.2.7", 50000)


def client_of(app: FastAPI, client: tuple[str, int] = HERE) -> TestClient:
    return TestClient(app, base_url="http://localhost", client=client, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def app(own_demo: Workspace) -> FastAPI:
    people.demo_people(own_demo)
    return create_app(own_demo)


def token(workspace: Workspace, handle: str, scope: Scope) -> dict[str, str]:
    (person,) = [each for each in sessions.list_demo(workspace) if each.handle == handle]
    made = sessions.make_token(workspace, person.id, name=f"{scope}-{time.monotonic_ns()}", scope=scope, days=1)
    return {"Authorization": f"Bearer {made.token}"}


# ------------------------------------------------------------ alive, ready


def test_probes_need_no_sign_in_and_tell_one_word(app: FastAPI):
    with client_of(app, ELSEWHERE) as client:
        alive, ready = client.get("/healthz"), client.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert {alive.headers["cache-control"], ready.headers["cache-control"]} == {"no-store"}


def test_a_service_without_a_workspace_lives_and_is_not_ready():
    with client_of(create_app(None)) as client:
        assert client.get("/healthz").status_code == 200
        assert (client.get("/readyz").status_code, client.get("/readyz").json()) == (503, {"status": "not ready"})


def broken_schema(workspace: Workspace, *_: object) -> None:
    with workspace.database.writing() as transaction:
        transaction.connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))


def read_only(_: Workspace, monkeypatch: pytest.MonkeyPatch, __: object) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)


def no_database(workspace: Workspace, _: pytest.MonkeyPatch, server: Any) -> None:
    workspace.close()
    if server is not None:
        server.ask(f"DROP DATABASE {workspace.database.engine.url.database} WITH (FORCE)")
        return
    for path in workspace.folder.glob("buffycoat.db*"):
        path.unlink()
    (workspace.folder / "buffycoat.db").mkdir()


@pytest.mark.parametrize(("break_it", "reason"), [(broken_schema, "schema at 0001"), (read_only, "Read-only"), (no_database, "database")])  # fmt: skip
def test_what_is_not_ready_says_so_and_why_only_to_the_log(
    tmp_path: Path, monkeypatch, caplog, request, on_postgresql, break_it, reason: str
):
    from buffycoat.workflows.workspace import open_workspace

    server = request.getfixturevalue("postgresql") if on_postgresql else None

    with (
        open_workspace(tmp_path / "w", create=True) as workspace,
        client_of(create_app(workspace), ELSEWHERE) as client,
    ):
        break_it(workspace, monkeypatch, server)
        with caplog.at_level(logging.WARNING, logger=OURS):
            answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
        assert reason in caplog.text
        monkeypatch.undo()


def test_whoever_asks_all_the_time_does_not_wear_the_disk_out(app: FastAPI, monkeypatch):
    asked = []
    monkeypatch.setattr("buffycoat.service.health.unready", lambda _: asked.append(1) or ())
    with client_of(app) as client:
        for _ in range(50):
            client.get("/readyz")
    assert len(asked) <= 2


# ----------------------------------------------------------------- metrics


def test_metrics_are_for_this_machine_or_for_a_token_that_is_made_for_them(app: FastAPI, own_demo: Workspace):
    with client_of(app) as here, client_of(app, ELSEWHERE) as elsewhere:
        assert here.get("/metrics").status_code == 200
        assert here.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 401
        assert here.get("/metrics", headers={"Host": "elsewhere.example"}).status_code == 401
        assert elsewhere.get("/metrics").status_code == 401
        assert elsewhere.get("/metrics", headers={"Authorization": "Bearer nothing"}).status_code == 401
        cookie = {"Cookie": f"{COOKIE}={sessions.sign_in_demo(own_demo, 'ada').secret}"}
        assert here.get("/metrics", headers=cookie).status_code == 403
        for handle, scope, status in (
            ("ada", Scope.METRICS, 200),
            ("ada", Scope.ALL, 200),
            ("ada", Scope.READ, 403),
            ("ada", Scope.LABEL, 403),
            ("carla", Scope.METRICS, 403),
            ("edna", Scope.METRICS, 403),
        ):
            assert here.get("/metrics", headers=token(own_demo, handle, scope)).status_code == status, (handle, scope)


def test_a_token_for_metrics_opens_nothing_else(app: FastAPI, own_demo: Workspace):
    with client_of(app) as client:
        shown = token(own_demo, "ada", Scope.METRICS)
        assert client.get("/api/overview", headers=shown).status_code == 403
        assert client.get("/api/cells", headers=shown).status_code == 403
        assert client.post("/api/tokens", headers=shown, json={"name": "x"}).status_code == 403


def test_whoever_reads_in_an_open_round_is_not_told_how_much_is_answered(
    app: FastAPI, own_demo: Workspace, monkeypatch
):
    monkeypatch.setattr("buffycoat.service.metrics.reads_now", lambda *_: True)
    with client_of(app) as client:
        assert client.get("/metrics", headers=token(own_demo, "ada", Scope.METRICS)).status_code == 403


def test_what_is_counted_is_the_pattern_of_a_route(own_demo: Workspace):
    with client_of(create_app(own_demo, guests=True)) as client:
        for _ in range(3):
            client.get("/api/smears?from=edna")
        client.get("/api/invitations/a-secret-code")
        client.get("/api/cells/c0/picture?side=96")
        client.get("/nowhere/edna")
        client.get("/api/nowhere/edna")
        client.request("BREW", "/api/smears")
        content = client.get("/metrics").text
    found = {}
    for family in text_string_to_metric_families(content):  # Prometheus' own reader
        for sample in family.samples:
            if sample.name == "buffycoat_requests_total":
                found[sample.labels["method"], sample.labels["route"], sample.labels["status"]] = sample.value
    assert found["GET", "/api/smears", "200"] == 3
    assert found["GET", "/api/invitations/{code}", "404"] == 1
    assert found["GET", "/api/cells/{cell_id}/picture", "404"] == 1
    assert (
        found["other", "/api", "405"] + 0 == 1
        if ("other", "/api", "405") in found
        else found["other", "/api/smears", "405"] == 1
    )
    assert not re.search("edna|secret|from=|BREW|c0", content)
    for name in (
        "buffycoat_database_bytes",
        "buffycoat_disk_free_bytes",
        "buffycoat_request_seconds_bucket",
        "process_resident_memory_bytes",
    ):
        assert f"\n{name}" in content, name


def test_the_probes_and_the_certificate_are_the_only_routes_beside_the_described_ones():
    plain = [route.path for route in create_app(None).routes if type(route) is Route]
    assert set(plain) - {"/api/openapi.json"} == {*PROBES, "/ca.crt"}


# -------------------------------------------------------------------- logs


@pytest.fixture
def written(own_demo: Workspace) -> Iterator[Callable[[], list[dict]]]:
    """What a service that logs writes, line by line."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, logger = Kept(), logging.getLogger(OURS)
    handler.setFormatter(JsonLines())
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in lines]
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_a_request_is_a_line_of_what_was_asked_and_how_it_ended(own_demo: Workspace, written):
    with client_of(create_app(own_demo, guests=True, log_requests=True)) as client:
        answer = client.get("/api/smears/s0/fields?offset=3")
        client.get("/healthz")
    (line,) = written()
    assert set(line) == {"at", "level", "logger", "request_id", "method", "route", "status", "ms"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/smears/{smear_id}/fields", 404)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["ms"] > 0


def test_nobody_and_no_secret_is_in_a_log(own_demo: Workspace, written):
    with client_of(create_app(own_demo, log_requests=True)) as client:
        shown = token(own_demo, "ada", Scope.ALL)
        secret = sessions.sign_in_demo(own_demo, "edna").secret
        client.post(
            "/api/session",
            json={"handle": "edna", "password": "a wrong password"},
            headers={"Origin": "http://localhost"},
        )
        client.get("/api/people?x=edna", headers=shown)
        client.get("/api/cells?smear=DRAWN-A1", headers={"Cookie": f"{COOKIE}={secret}"})
        client.get("/api/invitations/code-of-an-invitation")
        client.get("/api/audit?handle=edna", headers={"X-Request-ID": "edna"} | shown)
    lines = json.dumps(written())
    assert lines.count('"route"') == 5
    for word in (
        "edna",
        "ada",
        "DRAWN",
        "wrong password",
        "code-of",
        secret,
        secret.partition(".")[2],
        shown["Authorization"][7:],
        "handle=",
        "?",
    ):
        assert word not in lines, word


def test_an_unexpected_error_is_told_by_its_class_and_place_and_not_by_its_words(
    own_demo: Workspace, written, monkeypatch
):
    def fail(*_: object) -> None:
        raise RuntimeError("edna of smear DRAWN-A1")

    monkeypatch.setattr("buffycoat.service.catalog.browse.overview", fail)
    with client_of(create_app(own_demo, guests=True, log_requests=True)) as client:
        answer = client.get("/api/overview")
    assert answer.status_code == 500
    error = next(line for line in written() if "error" in line)
    request = next(line for line in written() if "route" in line)
    assert error["error"] == "RuntimeError"
    assert error["passed"][-1].endswith("fail")
    assert error["request_id"] == request["request_id"]
    assert request["status"] == 500
    assert "edna" not in json.dumps(written())


def test_of_other_programs_only_the_pattern_of_a_sentence_is_written():
    REQUEST_ID.set(None)
    record = logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "refused %s", ("edna",), None)
    assert "edna" not in JsonLines().format(record)


def test_serve_writes_json_where_it_is_told_to(demo_workspace: Path, tmp_path: Path):
    folder = tmp_path / "demo-workspace"
    folder.mkdir()
    for path in demo_workspace.glob("buffycoat*"):
        shutil.copy2(path, folder)
    command = [sys.executable, "-m", "buffycoat", "serve", "-w", str(folder), "--port", "0", "--log", "json"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as served:
        assert served.stdout is not None
        address = re.search(r"http://\S+", served.stdout.readline())[0]
        with httpx.Client(base_url=address, trust_env=False) as client:
            for _ in range(100):
                try:
                    client.get("/api/smears?x=edna")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
        served.terminate()
        _, errors = served.communicate(timeout=30)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [line["route"] for line in lines if "route" in line] == ["/api/smears"]
    assert "edna" not in errors
