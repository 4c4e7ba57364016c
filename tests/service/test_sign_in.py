"""Signing in where somebody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
from fastapi import FastAPI

from buffycoat.service import create_app
from buffycoat.service.guards import COOKIE
from buffycoat.workflows.workspace import Workspace


def test_whoever_signs_in_ends_the_sign_in_of_before_in_that_browser_only(
    own_demo: Workspace,
    serve: Callable[[FastAPI], AbstractContextManager[str]],
    sign_in: Callable[[str, str], httpx.Client],
):
    with serve(create_app(own_demo, guests=True)) as url:
        edna, elsewhere = sign_in(url, "edna"), sign_in(url, "edna")
        before = edna.cookies[COOKIE]
        assert edna.post("/api/session/demo", json={"handle": "emil"}).json()["person"]["handle"] == "emil"
        kept = httpx.get(f"{url}/api/session", headers={"Cookie": f"{COOKIE}={before}"})
        assert kept.json()["person"] is None
        assert elsewhere.get("/api/session").json()["person"]["handle"] == "edna"
