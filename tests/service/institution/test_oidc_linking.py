"""Linking an account with that of an institution, and removing the link: what it takes, and what it ends."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from buffycoat.domain.account import Scope
from buffycoat.domain.label import Role
from buffycoat.errors import NotSignedIn
from buffycoat.service.guards import COOKIE
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations, oidc, sessions

WORDS = "four words nobody joins"


@pytest.fixture
def edna(workspace):
    return people.add_person(workspace, handle="edna", role=Role.EXPERT, password=WORDS).person


def signed_in(studio, handle: str = "edna") -> httpx.Client:
    browser = studio()
    origin = str(browser.base_url).rstrip("/")
    browser.headers["Origin"] = origin
    browser.post("/api/session", json={"handle": handle, "password": WORDS}).raise_for_status()
    return browser


def secret_of(browser: httpx.Client) -> str:
    return next(cookie.value for cookie in browser.cookies.jar if cookie.name == COOKIE)


def come_back(browser: httpx.Client, address: str) -> str:
    """Come from the provider as a browser does: the cookie of the sign-in is not sent along from elsewhere."""
    kept = [(cookie.name, cookie.value, cookie.domain, cookie.path) for cookie in browser.cookies.jar]
    browser.cookies.delete(COOKIE)
    answer = browser.get(address)
    assert answer.status_code == 303
    if COOKIE not in answer.cookies:
        for name, value, domain, path in kept:
            if name == COOKIE:
                browser.cookies.set(name, value, domain, path)
    return answer.headers["location"]


def walk(browser: httpx.Client, provider, **query: str) -> str:
    return come_back(browser, provider.authorize(browser.get("/api/oidc/start", params=query).headers["location"]))


def problem(location: str) -> str:
    said = parse_qs(urlsplit(location).query)
    return f"{said['problem'][0]}: {said['detail'][0]}"


def who(browser: httpx.Client) -> str | None:
    person = browser.get("/api/session").json()["person"]
    return person and person["handle"]


def holds(workspace, secret: str) -> bool:
    return sessions.who(workspace, secret, token=False, demo=False) is not None


def test_who_is_signed_in_links_the_own_account_and_holds_a_new_sign_in(studio, provider, workspace, edna):
    browser = signed_in(studio)
    assert browser.get("/api/account").json()["identities"] == []
    before = secret_of(browser)
    assert walk(browser, provider, to="/account", link="true") == "/account"
    (link,) = browser.get("/api/account").json()["identities"]
    assert (link["expert_id"], who(browser)) == (edna.id, "edna")
    assert not holds(workspace, before), "a secret that was stolen before goes no further"
    assert holds(workspace, secret_of(browser))
    fresh = studio()
    assert (walk(fresh, provider), who(fresh)) == ("/", "edna")


def test_signing_in_with_the_institution_links_nothing_to_whoever_is_signed_in_there(studio, provider, workspace, edna):
    """At a microscope that several use, the one before may have left the page open."""
    people.add_person(workspace, handle="emil", role=Role.EXPERT, password=WORDS)
    shared = signed_in(studio, "emil")
    before = secret_of(shared)
    assert "nobody here does yet" in problem(walk(shared, provider))
    assert shared.get("/api/account").json()["identities"] == []
    walk(signed_in(studio), provider, link="true")
    assert (walk(shared, provider), who(shared)) == ("/", "edna")
    assert not holds(workspace, before), "the browser holds it no more, and nobody else may"


def test_nobody_links_an_account_without_being_signed_in(studio, provider, edna):
    browser = studio()
    location = browser.get("/api/oidc/start", params={"link": "true"}).headers["location"]
    assert problem(location) == "not-signed-in: nobody is signed in"


def test_who_signs_out_on_the_way_links_nothing(studio, provider, edna):
    browser = signed_in(studio)
    back = provider.authorize(browser.get("/api/oidc/start", params={"link": "true"}).headers["location"])
    browser.delete("/api/session").raise_for_status()
    assert "has ended" in problem(come_back(browser, back))
    browser = signed_in(studio)
    assert browser.get("/api/account").json()["identities"] == []


def test_an_account_of_the_institution_is_one_persons(studio, provider, workspace, edna):
    people.add_person(workspace, handle="emil", role=Role.EXPERT, password=WORDS)
    walk(signed_in(studio), provider, link="true")
    emil = signed_in(studio, "emil")
    assert problem(walk(emil, provider, link="true")) == "conflict: this sign-in is linked with another account"
    assert (who(emil), emil.get("/api/account").json()["identities"]) == ("emil", [])


def test_a_link_is_removed_and_everything_that_may_stand_on_it_ends(studio, provider, workspace, edna):
    browser, elsewhere = signed_in(studio), signed_in(studio)
    walk(browser, provider, link="true")
    token = sessions.make_token(workspace, edna.id, name="t", scope=Scope.READ, days=1).token
    before = secret_of(browser)
    (link,) = browser.get("/api/account").json()["identities"]
    answer = browser.delete(f"/api/identities/{link['id']}")
    assert (answer.status_code, answer.json()) == (200, {"has_password": True, "identities": []})
    assert (who(browser), who(elsewhere)) == ("edna", None)
    assert (holds(workspace, before), sessions.who(workspace, token, token=True, demo=False)) == (False, None)
    assert browser.delete(f"/api/identities/{link['id']}").status_code == 404
    assert "nobody here does yet" in problem(walk(studio(), provider)), "it lets nobody in any more"


def test_a_removed_link_is_made_again_and_by_somebody_else(studio, provider, workspace, edna):
    people.add_person(workspace, handle="emil", role=Role.EXPERT, password=WORDS)
    browser, seen = signed_in(studio), set()
    for _ in range(3):
        walk(browser, provider, link="true")
        (link,) = browser.get("/api/account").json()["identities"]
        seen.add(link["id"])
        browser.delete(f"/api/identities/{link['id']}").raise_for_status()
    assert len(seen) == 3
    emil = signed_in(studio, "emil")
    assert walk(emil, provider, link="true") == "/"
    fresh = studio()
    assert (walk(fresh, provider), who(fresh)) == ("/", "emil")


def test_nobody_removes_the_last_way_to_sign_in(studio, provider, workspace):
    invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    browser = studio()
    assert walk(browser, provider) == "/"
    browser.headers["Origin"] = str(browser.base_url).rstrip("/")
    (link,) = browser.get("/api/account").json()["identities"]
    refused = browser.delete(f"/api/identities/{link['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "last way" in refused.json()["detail"]
    assert "set a password" in refused.json()["hint"]
    assert who(browser) == "edna"
    # With a second account of the institution, or with a password, one of them may go.
    provider.person |= {"sub": "43"}
    assert walk(browser, provider, link="true") == "/"
    assert len(browser.get("/api/account").json()["identities"]) == 2
    assert len(browser.delete(f"/api/identities/{link['id']}").raise_for_status().json()["identities"]) == 1
    (other,) = browser.get("/api/account").json()["identities"]
    assert browser.delete(f"/api/identities/{other['id']}").status_code == 409
    made = invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    invitations.accept_invitation(workspace, made.code, handle="edna", password=WORDS)
    browser = signed_in(studio)
    assert browser.delete(f"/api/identities/{other['id']}").json()["identities"] == []


def test_nobody_sees_or_removes_the_link_of_somebody_else(studio, provider, workspace, edna):
    people.add_person(workspace, handle="emil", role=Role.ADMIN, password=WORDS)
    walk(signed_in(studio), provider, link="true")
    (link,) = signed_in(studio).get("/api/account").json()["identities"]
    emil = signed_in(studio, "emil")
    assert emil.get("/api/account").json()["identities"] == []
    assert emil.delete(f"/api/identities/{link['id']}").status_code == 404
    assert len(signed_in(studio).get("/api/account").json()["identities"]) == 1


def test_one_address_begins_only_so_many_sign_ins_in_a_minute(studio, provider):
    browser = studio()
    began = [browser.get("/api/oidc/start").headers["location"] for _ in range(31)]
    assert all(each.startswith(provider.issuer) for each in began[:30])
    assert problem(began[30]) == "too-many-tries: too many sign-ins begun"


def test_only_so_many_sign_ins_are_open_at_once(provider):
    """The oldest is forgotten; what was never finished is forgotten after ten minutes."""

    class Known:
        settings = provider

        def endpoint(self, _name: str) -> str:
            return "https://id.example/authorize"

    provider.client = "studio"
    moment = 0.0
    flows = oidc.Flows(most=3, clock=lambda: moment)
    begun = [flows.begin(Known(), redirect="/") for _ in range(4)]
    states = [parse_qs(urlsplit(each.address).query)["state"][0] for each in begun]
    assert len(flows._flows) == 3
    with pytest.raises(NotSignedIn):
        flows.take(states[0], begun[0].browser)
    assert flows.take(states[1], begun[1].browser).to == "/"
    moment = 601.0
    flows.begin(Known(), redirect="/")
    assert len(flows._flows) == 1
