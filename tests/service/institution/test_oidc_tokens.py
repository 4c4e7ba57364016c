"""Tokens and an institution's sign-in: whoever holds a token that only reads makes no way to sign in of it."""

from __future__ import annotations

import httpx

from buffycoat.domain.account import Scope
from buffycoat.domain.label import Role
from buffycoat.service import create_app
from buffycoat.workflows import people
from buffycoat.workflows.people import sessions
from buffycoat.workflows.people.provider import ProviderSettings
from buffycoat.workflows.workspace import open_workspace


def test_a_token_links_no_account(tmp_path, serve):
    provider = ProviderSettings(issuer="http://127.0.0.1:9", client="studio", roles={})
    with open_workspace(tmp_path / "w", create=True) as workspace:
        emil = people.add_person(workspace, handle="emil", role=Role.EXPERT).person
        token = sessions.make_token(workspace, emil.id, name="reader", scope=Scope.READ, days=1).token
        with serve(create_app(workspace, provider=provider)) as url:
            answer = httpx.get(f"{url}/api/oidc/start", headers={"Authorization": f"Bearer {token}"})
    assert answer.headers["location"].startswith("/sign-in?problem=not-allowed&")
    assert "set-cookie" not in answer.headers
