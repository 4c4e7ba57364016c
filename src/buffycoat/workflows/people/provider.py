"""An OpenID provider: what it says of itself, and whether a token is one that it made for us just now."""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from buffycoat.domain.value import value
from buffycoat.errors import InvalidSetting, NotSignedIn

__all__ = ["Provider", "ProviderSettings"]

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key that only the provider holds; never ``none``, nor one made with a secret of ours."""
LEEWAY_S = 60
KEPT_S = 3600.0
PAUSE_S = 10.0
"""So long a provider that failed is not asked again."""
LONGEST = 1_000_000
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@value
class ProviderSettings:
    """What the settings say of a provider.

    Parameters
    ----------
    issuer : str
        Its address, as it names itself.
    client, secret : str
        What it calls the studio, and what the studio proves that with; without a secret, PKCE alone does.
    name : str
        What the button says.
    domains : tuple of str
        Of mail addresses that may sign in; empty for all.
    handle_claim : str
        Claim whose text is the handle of a newcomer; empty: only a link of invitation makes an account.
    role : str
        Of newcomers whom nobody invited; empty for none.
    role_claim : str
        Claim that ``roles`` looks into.
    roles : mapping of str to str
        Role of newcomers by what stands in that claim.
    """

    issuer: str
    client: str
    secret: str = field(default="", repr=False)
    name: str = ""
    domains: tuple[str, ...] = ()
    handle_claim: str = ""
    role: str = ""
    role_claim: str = "groups"
    roles: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse a provider that is asked over an open line, and a domain that nothing checks."""
        if not _is_safe(self.issuer):
            raise InvalidSetting("the address of the provider is not safe", expected="https://…", found=self.issuer)


class Provider:
    """A provider as it describes itself; asked when it is needed, and remembered for an hour.

    Parameters
    ----------
    settings : ProviderSettings
        Which.
    transport : httpx.BaseTransport, optional
        How it is reached.
    clock : callable
        Gives seconds that only grow.
    """

    def __init__(
        self,
        settings: ProviderSettings,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._transport = transport
        self._lock = threading.Lock()
        self._about: tuple[float, dict[str, Any]] | None = None
        self._failed: tuple[float, NotSignedIn] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def endpoint(self, name: str) -> str:
        """Return one of its addresses.

        Raises
        ------
        NotSignedIn
            It does not answer, names itself otherwise, or the address is not safe.
        """
        with self._lock:
            if self._about is None or self._clock() - self._about[0] > KEPT_S:
                self._about = (self._clock(), self._described())
        found = self._about[1].get(name)
        if not isinstance(found, str) or not _is_safe(found):
            raise _unsound(f"the provider has no safe {name}", str(found))
        return found

    def _described(self) -> dict[str, Any]:
        # Many who wait for one that does not answer would hold every thread of the service.
        if self._failed is not None and self._clock() - self._failed[0] < PAUSE_S:
            raise self._failed[1]
        try:
            about = self._read("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != self.settings.issuer:
                raise _unsound("the provider names itself otherwise", str(about.get("issuer")))
        except NotSignedIn as error:
            self._failed = (self._clock(), error)
            raise
        return about

    def redeem(self, code: str, *, redirect: str, verifier: str) -> str:
        """Return the ID token for a code.

        Raises
        ------
        NotSignedIn
            The provider gives none.
        """
        settings = self.settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": settings.client,
            "code_verifier": verifier,
        }
        by_form = "client_secret_post" in self._methods() and "client_secret_basic" not in self._methods()
        if settings.secret and by_form:
            form["client_secret"] = settings.secret
        auth = httpx.BasicAuth(settings.client, settings.secret) if settings.secret and not by_form else None
        answer = self._read("POST", self.endpoint("token_endpoint"), data=form, auth=auth)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _unsound("the provider gave no ID token", str(answer.get("error", "")))
        return token

    def _methods(self) -> Sequence[str]:
        self.endpoint("token_endpoint")
        said = self._about[1].get("token_endpoint_auth_methods_supported") if self._about else None
        return said if isinstance(said, list) else ["client_secret_basic"]

    def verify(self, token: str, *, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token that this provider made, for us, in answer to this very question.

        Source: OpenID Connect Core 1.0, section 3.1.3.7.

        Raises
        ------
        NotSignedIn
            It is of somebody else, for somebody else, of another question, too old, or not signed by the provider.
        """
        try:
            claims = self._decode(token)
        except (JoseError, ValueError) as error:
            raise _unsound("the provider did not sign this", type(error).__name__) from error
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        moment = time.time()
        expires, made = claims.get("exp"), claims.get("iat")
        rules = {
            "issuer": claims.get("iss") == self.settings.issuer,
            "audience": self.settings.client in audiences,
            "party": (len(audiences) == 1 and "azp" not in claims) or claims.get("azp") == self.settings.client,
            "nonce": isinstance(claims.get("nonce"), str)
            and hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()),
            "end": moment < _number(expires, 0.0) + LEEWAY_S,
            "beginning": _number(made, float("inf")) < moment + LEEWAY_S,
            "subject": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 255,
        }
        broken = [name for name, holds in rules.items() if not holds]
        if broken:
            raise _unsound("the token of the provider does not fit", ", ".join(broken))
        return claims

    def _decode(self, token: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(token, self._key_set(anew=False), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            # A provider changes its keys now and then; once it is asked for the new ones.
            return jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS).claims

    def _key_set(self, *, anew: bool) -> KeySet:
        address = self.endpoint("jwks_uri")
        with self._lock:
            moment = self._clock()
            # Whoever sends broken tokens must not make us ask the provider each time.
            stale = self._keys is None or moment - self._keys[0] > (PAUSE_S if anew else KEPT_S)
            if stale or self._keys is None:
                self._keys = (moment, KeySet.import_key_set(self._read("GET", address)))  # type: ignore[arg-type]  # of unknown origin: it checks
            return self._keys[1]

    def _read(self, method: str, address: str, **given: Any) -> dict[str, Any]:
        try:
            with httpx.Client(transport=self._transport, timeout=10, follow_redirects=False) as client:
                answer = client.request(method, address, headers={"Accept": "application/json"}, **given)
                read = json.loads(answer.content[:LONGEST])
        except (httpx.HTTPError, ValueError) as error:
            raise NotSignedIn(
                "the provider does not answer", found=type(error).__name__, hint="try again, or sign in with a password"
            ) from error
        if not isinstance(read, dict):
            raise _unsound("the provider answers with something else", type(read).__name__)
        return read


def _number(held: Any, otherwise: float) -> float:
    return float(held) if isinstance(held, (int, float)) and not isinstance(held, bool) else otherwise


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def _unsound(what: str, found: str) -> NotSignedIn:
    return NotSignedIn(what, found=found[:200], hint="begin again; where that does not help, tell an admin")
