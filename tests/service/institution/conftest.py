"""A small provider with real keys on this machine, and studios that know it."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from buffycoat.domain.label import Role
from buffycoat.service import create_app
from buffycoat.workflows import people
from buffycoat.workflows.people import passwords
from buffycoat.workflows.people.provider import ProviderSettings
from buffycoat.workflows.workspace import open_workspace

SECRET = "a secret of the studio"  # noqa: S105 (of a test)


class SmallProvider:
    """Says yes to everybody, as the person it is told to; ``bend`` changes what it signs."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.person = {"sub": "42", "email": "Edna@lab.example", "email_verified": True, "preferred_username": "edna"}
        self.bend: dict[str, object] = {}
        self.about: dict[str, object] = {}
        self.sign = self._sign
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def _sign(self, claims: dict[str, object]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def authorize(self, address: str) -> str:
        """Return where the browser is sent back to, as a person who says yes is."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?state={asked['state']}&code={code}"

    def redeem(self, form: dict[str, str], authorization: str) -> dict[str, object]:
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        basic = base64.b64encode(f"studio:{SECRET}".encode()).decode()
        if (
            asked is None
            or challenge.rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or authorization != f"Basic {basic}"
        ):
            return {"error": "invalid_grant"}
        moment = int(time.time())
        claims = {"iss": self.issuer, "aud": "studio", "nonce": asked["nonce"], "iat": moment, "exp": moment + 300}
        claims |= self.person | self.bend
        return {"id_token": self.sign({name: held for name, held in claims.items() if held is not None})}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments: object) -> None:
                pass

            def _answer(self, said: dict[str, object]) -> None:
                provider.asked.append(self.path)
                body = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                if self.path == "/keys":
                    return self._answer(KeySet([provider.key]).as_dict(private=False))
                return self._answer(
                    {
                        "issuer": provider.issuer,
                        "authorization_endpoint": f"{provider.issuer}/authorize",
                        "token_endpoint": f"{provider.issuer}/token",
                        "jwks_uri": f"{provider.issuer}/keys",
                        **provider.about,
                    }
                )

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                given = {name: values[0] for name, values in form.items()}
                self._answer(provider.redeem(given, self.headers.get("Authorization", "")))

        return Handler


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    small = SmallProvider()
    thread = threading.Thread(target=small.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield small
    small.server.shutdown()
    thread.join()
    small.server.server_close()


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An empty workspace with an admin, and passwords that cost nothing."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()
    with open_workspace(tmp_path / "w", create=True) as opened:
        people.add_person(opened, handle="ada", role=Role.ADMIN)
        yield opened
    passwords._of_nobody.cache_clear()


def settings_of(provider: SmallProvider, **changes) -> ProviderSettings:
    plain = ProviderSettings(
        issuer=provider.issuer, client="studio", secret=SECRET, name="Laboratory", handle_claim="email", roles={}
    )
    return replace(plain, **changes)


@pytest.fixture
def studio(provider, workspace, serve):
    """Open a browser at a studio with this provider."""
    with ExitStack() as opened:

        def browser(**changes) -> httpx.Client:
            app = create_app(workspace, provider=settings_of(provider, **changes))
            browser.late_s = 0.0
            app.state.flows._clock = app.state.provider._clock = lambda: time.monotonic() + browser.late_s
            url = opened.enter_context(serve(app))
            return opened.enter_context(httpx.Client(base_url=url))

        yield browser
