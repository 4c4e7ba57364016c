"""Signing in with an institution's account, against a small provider with real keys on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from buffycoat.domain.account import Identity
from buffycoat.domain.label import Role
from buffycoat.errors import InvalidSetting
from buffycoat.service import create_app
from buffycoat.settings import Settings, provider_of
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations

SECRET = "a secret of the studio"  # noqa: S105 (of a test)


def begin(browser: httpx.Client, **query: str) -> str:
    answer = browser.get("/api/oidc/start", params=query)
    assert answer.status_code == 303
    return answer.headers["location"]


def walk(browser: httpx.Client, provider, **query: str) -> str:
    """Sign in as a browser does; gives where it ends."""
    answer = browser.get(provider.authorize(begin(browser, **query)))
    assert answer.status_code == 303
    return answer.headers["location"]


def problem(location: str) -> tuple[str, str]:
    assert location.startswith("/sign-in?")
    said = parse_qs(urlsplit(location).query)
    return said["problem"][0], said["detail"][0]


def who(browser: httpx.Client) -> str | None:
    person = browser.get("/api/session").json()["person"]
    return person and person["handle"]


def test_who_was_invited_signs_in_and_again_without_another_invitation(studio, provider, workspace):
    browser = studio()
    assert browser.get("/api/session").json()["provider"] == "Laboratory"
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    assert walk(browser, provider, to="/rounds?a=b") == "/rounds?a=b"
    assert who(browser) == "edna"
    cookie = next(cookie for cookie in browser.cookies.jar if cookie.name == "buffycoat_session")
    assert (cookie.path, cookie.has_nonstandard_attr("HttpOnly")) == ("/api", True)
    with workspace.database.reading() as transaction:
        kept = transaction.find(Identity)
    assert len(kept) == 1
    assert "edna@lab" not in repr(kept).casefold()
    browser.delete("/api/session", headers={"Origin": str(browser.base_url).rstrip("/")}).raise_for_status()
    provider.person |= {"email": "married@lab.example"}
    assert (walk(browser, provider), who(browser)) == ("/", "edna")


def test_nobody_is_let_in_whom_nobody_invited(studio, provider):
    browser = studio()
    code, words = problem(walk(browser, provider))
    assert (code, who(browser)) == ("not-allowed", None)
    assert "nobody here does yet" in words


def test_a_link_of_invitation_needs_no_claim(studio, provider, workspace):
    browser = studio(handle_claim="")
    made = invitations.invite(workspace, role=Role.TRAINEE, handle="theo")
    assert (walk(browser, provider, invitation=made.code), who(browser)) == ("/", "theo")
    other = studio(handle_claim="")
    provider.person |= {"sub": "43"}
    assert problem(walk(other, provider, invitation=made.code))[0] == "not-found"


def test_nobody_becomes_somebody_who_is_here_by_a_handle_alone(studio, provider, workspace):
    made = invitations.invite(workspace, role=Role.ADMIN, handle="ada")
    provider.person |= {"sub": "66", "email": "ada@elsewhere.example"}
    browser = studio()
    assert (problem(walk(browser, provider))[0], who(browser)) == ("not-allowed", None)
    assert (walk(browser, provider, invitation=made.code), who(browser)) == ("/", "ada")


def test_newcomers_get_the_role_that_the_settings_say(studio, provider, workspace):
    browser = studio(role="viewer", roles={"readers": "expert", "leads": "curator"})
    provider.person |= {"groups": ["readers", "leads", "others"]}
    assert walk(browser, provider) == "/"
    assert browser.get("/api/session").json()["person"]["role"] == "curator"
    provider.person |= {"sub": "43", "email": "vera@lab.example", "groups": []}
    browser.cookies.clear()
    assert walk(browser, provider) == "/"
    assert browser.get("/api/session").json()["person"]["role"] == "viewer"
    provider.person |= {"sub": "44", "email": "ada@elsewhere.example"}
    browser.cookies.clear()
    assert "somebody's" in problem(walk(browser, provider))[1], "a handle is no proof of being the admin of that name"


BENT = {
    "another issuer": ({"iss": "https://evil.example"}, "issuer"),
    "another audience": ({"aud": "other"}, "audience"),
    "an audience more": ({"aud": ["studio", "other"]}, "party"),
    "another party": ({"azp": "other"}, "party"),
    "another nonce": ({"nonce": "x"}, "nonce"),
    "no nonce": ({"nonce": None}, "nonce"),
    "expired": ({"exp": int(time.time()) - 3600}, "end"),
    "no end": ({"exp": None}, "end"),
    "an end in words": ({"exp": "tomorrow"}, "end"),
    "from the future": ({"iat": int(time.time()) + 3600}, "beginning"),
    "nobody": ({"sub": ""}, "subject"),
    "a number": ({"sub": 42}, "subject"),
}


@pytest.mark.parametrize("case", BENT)
def test_a_token_that_does_not_fit_lets_nobody_in(studio, provider, workspace, case):
    provider.bend, named = BENT[case]
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    browser = studio()
    code, words = problem(walk(browser, provider))
    assert (code, who(browser)) == ("not-signed-in", None)
    assert named in words


def test_only_the_provider_s_own_signature_holds(studio, provider, workspace):
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    browser = studio()

    def part(held: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")

    def unsigned(claims: dict[str, object]) -> str:
        return f"{part({'alg': 'none'})}.{part(claims)}."

    def by_secret(claims: dict[str, object]) -> str:
        import hmac

        said = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
        signature = hmac.new(provider.key.as_pem(private=False), said.encode(), hashlib.sha256).digest()
        return f"{said}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    stranger = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    own = provider.sign
    tampered = lambda claims: own({**claims, "sub": "1"}).replace(  # noqa: E731 (one of four ways)
        own({**claims, "sub": "1"}).split(".")[1], part(claims)
    )
    ways = (unsigned, by_secret, lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, stranger), tampered)
    for provider.sign in ways:
        assert problem(walk(browser, provider))[0] == "not-signed-in"
        assert who(browser) is None
    provider.sign = own
    assert walk(browser, provider) == "/"


def test_new_keys_of_the_provider_are_asked_for(studio, provider, workspace):
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    browser = studio()
    assert walk(browser, provider) == "/"
    provider.key = RSAKey.generate_key(2048, {"kid": "two"}, private=True)
    assert problem(walk(browser, provider))[0] == "not-signed-in", "who sends broken tokens does not make us ask"
    studio.late_s = 11
    assert walk(browser, provider) == "/"
    assert provider.asked.count("/keys") == 2


def test_a_way_back_is_good_once_and_in_one_browser(studio, provider, workspace):
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    browser = studio()
    back = provider.authorize(begin(browser))
    with httpx.Client() as elsewhere:
        assert problem(elsewhere.get(back).headers["location"])[0] == "not-signed-in"
    assert problem(browser.get(back).headers["location"])[0] == "not-signed-in", "it was used, by whomever"
    back = provider.authorize(begin(browser))
    assert browser.get(back).headers["location"] == "/"
    browser.cookies.delete("buffycoat_session")
    assert problem(browser.get(back).headers["location"])[0] == "not-signed-in"
    assert problem(browser.get("/api/oidc/callback?state=made-up&code=x").headers["location"])[0] == "not-signed-in"


def test_a_way_back_is_good_for_ten_minutes(studio, provider):
    browser = studio()
    back = provider.authorize(begin(browser))
    studio.late_s = 601
    assert "took too long" in problem(browser.get(back).headers["location"])[1]


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "javascript:alert(1)", "/a\r\nb", ""]
)
def test_nobody_is_led_elsewhere(studio, provider, workspace, to):
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    assert walk(studio(), provider, to=to) == "/"


@pytest.mark.parametrize(
    "person",
    [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}, {"email": "edna@evil.example"}],
)
def test_a_mail_address_counts_where_it_is_verified_and_of_the_institution(studio, provider, workspace, person):
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    provider.person |= person
    browser = studio(domains=("lab.example",))
    assert problem(walk(browser, provider))[0] == "not-allowed"
    assert who(browser) is None


def test_an_unverified_address_makes_no_handle(studio, provider, workspace):
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    provider.person |= {"email_verified": False}
    assert problem(walk(studio(), provider))[0] == "not-allowed"


def test_who_says_no_or_is_switched_off_is_told_so(studio, provider, workspace):
    browser = studio()
    state = parse_qs(urlsplit(begin(browser)).query)["state"][0]
    answer = browser.get(f"/api/oidc/callback?state={state}&error=access_denied")
    assert "access_denied" in problem(answer.headers["location"])[1]
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    assert walk(browser, provider) == "/"
    person = browser.get("/api/session").json()["person"]
    people.appoint(workspace, person["id"], active=False)
    browser.cookies.clear()
    assert problem(walk(browser, provider))[0] == "conflict"


def test_a_provider_that_names_itself_otherwise_or_is_away_lets_nobody_in(studio, provider):
    provider.about = {"issuer": "https://evil.example"}
    assert "otherwise" in problem(begin(studio()))[1]
    provider.about = {"authorization_endpoint": "http://evil.example/authorize"}
    assert "no safe" in problem(begin(studio()))[1]
    assert "does not answer" in problem(begin(studio(issuer="http://127.0.0.1:9")))[1]


def test_a_provider_that_failed_is_not_asked_by_everybody(studio, provider):
    """Each would hold a thread of the service until the provider has not answered."""
    provider.about = {"issuer": "https://evil.example"}
    browser = studio()
    for _ in range(3):
        assert "otherwise" in problem(begin(browser))[1]
    assert len(provider.asked) == 1
    provider.about = {}
    studio.late_s = 11
    assert begin(browser).startswith(provider.issuer)


def test_without_a_provider_there_is_none(workspace, serve):
    with serve(create_app(workspace)) as url, httpx.Client(base_url=url) as client:
        assert client.get("/api/session").json()["provider"] is None
        assert client.get("/api/oidc/start").status_code == 404


def test_settings_make_a_provider_and_the_secret_comes_from_a_file(tmp_path):
    assert provider_of(Settings()) is None
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    made = provider_of(
        Settings(
            oidc_issuer="https://id.example",
            oidc_secret_file=tmp_path / "secret",
            oidc_domains="Lab.example, other.example",
            oidc_roles={"readers": "expert"},
        )
    )
    assert (made.secret, made.domains, made.roles) == (SECRET, ("lab.example", "other.example"), {"readers": "expert"})
    assert SECRET not in repr(made)
    with pytest.raises(InvalidSetting, match="not safe"):
        provider_of(Settings(oidc_issuer="http://id.example"))
