"""The whole service, asked what its description allows and what it does not, by everybody: no crash, no lie of the schema."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from buffycoat.domain.account import Scope
from buffycoat.service import create_app
from buffycoat.service.describe import describe
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.people.sessions import make_token
from buffycoat.workflows.workspace import open_workspace

FULL = os.environ.get("BUFFYCOAT_SOAK") == "full"
ROLES = ("ada", "carla", "judith", "edna", "theo", "vera")
"""The people of the demo: admin, curator, adjudicator, expert, trainee, viewer. Guests are asked in tests/service."""
# What a rule of the house refuses, such as a word that is no class, the schema need not know: it is told with 422.
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_dict(json.loads(describe()))


@pytest.fixture(scope="module")
def world(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A service over a demo of its own, and a token of each of its people."""
    folder = shutil.copytree(demo_workspace, tmp_path_factory.mktemp("fuzz") / "w")
    with open_workspace(folder) as workspace, socket.create_server(("127.0.0.1", 0)) as listener:
        tokens = {
            person.handle: make_token(workspace, person.id, name="fuzz", scope=Scope.ALL, days=1).token
            for person in demo_people(workspace)
        }
        server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", tokens
        server.should_exit = True
        thread.join(timeout=20)


@pytest.mark.parametrize("role", ROLES)
@schema.parametrize()
@settings(max_examples=100 if FULL else 3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_service_keeps_to_its_description(case: schemathesis.Case, role: str, world: tuple[str, dict[str, str]]):
    address, tokens = world
    case.call_and_validate(base_url=address, headers={"Authorization": f"Bearer {tokens[role]}"}, checks=list(CHECKS))
