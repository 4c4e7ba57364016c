"""Who may use which route: all routes, all methods, eight kinds of caller."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from buffycoat.domain.account import Scope
from buffycoat.domain.label import Role
from buffycoat.service import create_app
from buffycoat.service.describe import describe, describe_guards
from buffycoat.service.guards import COOKIE, SAFE, Guard, everybody, looking, route_guards
from buffycoat.service.tries import Tries
from buffycoat.workflows import people
from buffycoat.workflows.people import sessions
from buffycoat.workflows.workspace import Workspace

CALLERS = ("nobody", "guest", "vera", "theo", "edna", "judith", "carla", "ada")
"""Not signed in, without and with guests; then a viewer, trainee, expert, adjudicator, curator and admin."""

# Every id is one that nobody has: 404 is said to those who may ask for it. 422 and 409, likewise, are said behind the guard.
TABLE = """
                                                        nobody guest viewer trainee expert adjudicator curator admin
GET    /api/session                                        200   200    200     200    200         200     200   200
POST   /api/session                                        401   401    401     401    401         401     401   401
POST   /api/session/demo                                   401   401    401     401    401         401     401   401
POST   /api/session/password                               401   401    422     422    422         422     422   422
DELETE /api/session                                        401   401    200     200    200         200     200   200
POST   /api/setup                                          409   409    409     409    409         409     409   409
GET    /api/invitations/{code}                             404   404    404     404    404         404     404   404
POST   /api/invitations/{code}                             404   404    404     404    404         404     404   404
GET    /api/tokens                                         401   401    200     200    200         200     200   200
POST   /api/tokens                                         401   401    200     200    200         200     200   200
DELETE /api/tokens/{token_id}                              401   401    404     404    404         404     404   404
GET    /api/account                                        401   401    200     200    200         200     200   200
DELETE /api/identities/{identity_id}                       401   401    404     404    404         404     404   404
GET    /api/people                                         401   401    403     403    403         403     200   200
POST   /api/people/invitations                             401   401    403     403    403         403     200   200
POST   /api/people/{person_id}/role                        401   401    403     403    403         403     403   404
POST   /api/people/{person_id}/active                      401   401    403     403    403         403     403   404
GET    /api/oidc/start                                     404   404    404     404    404         404     404   404
GET    /api/oidc/callback                                  404   404    404     404    404         404     404   404
GET    /api/audit                                          401   401    403     403    403         403     403   200
GET    /api/audit/verify                                   401   401    403     403    403         403     403   200
GET    /api/audit/export                                   401   401    403     403    403         403     403   200
GET    /api/rounds                                         401   200    200     200    200         200     200   200
POST   /api/rounds                                         401   401    403     403    403         403     422   422
GET    /api/rounds/{round_id}                              401   404    404     404    404         404     404   404
GET    /api/rounds/{round_id}/items                        401   401    403     404    404         404     404   404
GET    /api/rounds/{round_id}/items/{item}/picture         401   401    403     404    404         404     404   404
GET    /api/rounds/{round_id}/items/{item}/around          401   401    403     404    404         404     404   404
GET    /api/rounds/{round_id}/items/{item}/around/picture  401   401    403     404    404         404     404   404
POST   /api/rounds/{round_id}/answers                      401   401    403     404    404         404     404   404
GET    /api/rounds/{round_id}/history                      401   401    403     404    404         404     404   404
POST   /api/rounds/{round_id}/hand-in                      401   401    403     404    404         404     404   404
GET    /api/rounds/{round_id}/feedback                     401   401    403     404    404         404     404   404
GET    /api/rounds/{round_id}/taxonomy                     401   404    404     404    404         404     404   404
GET    /api/rounds/{round_id}/mine                         401   401    403     404    404         404     404   404
GET    /api/rounds/{round_id}/references                   401   401    403     404    404         404     404   404
GET    /api/learned                                        401   401    403     200    200         200     200   200
GET    /api/learners                                       401   401    403     403    403         403     200   200
GET    /api/learners/export                                401   401    403     403    403         403     200   200
POST   /api/rounds/{round_id}/close                        401   401    403     403    403         403     404   404
GET    /api/adjudication                                   401   401    403     403    403         200     200   200
GET    /api/adjudication/{round_id}                        401   401    403     403    403         404     404   404
GET    /api/adjudication/{round_id}/taxonomy               401   401    403     403    403         404     404   404
GET    /api/adjudication/{round_id}/items/{item}/picture   401   401    403     403    403         404     404   404
GET    /api/adjudication/{round_id}/items/{item}/around    401   401    403     403    403         404     404   404
GET    /api/adjudication/{round_id}/items/{item}/around/picture 401 401 403     403    403         404     404   404
GET    /api/adjudication/{round_id}/items/{item}/references 401  401    403     403    403         404     404   404
POST   /api/adjudication/{round_id}/decisions              401   401    403     403    403         404     404   404
GET    /api/health                                         200   200    200     200    200         200     200   200
GET    /api/errors/{code}                                  404   404    404     404    404         404     404   404
GET    /api/overview                                       401   200    200     200    200         200     200   200
GET    /api/smears                                         401   200    200     200    200         200     200   200
GET    /api/taxonomy                                       401   200    200     200    200         200     200   200
GET    /api/queries                                        401   200    200     200    200         200     200   200
GET    /api/agreement                                      401   200    200     200    200         200     200   200
GET    /api/agreement/rounds                               401   200    200     200    200         200     200   200
GET    /api/releases                                       401   200    200     200    200         200     200   200
GET    /api/scorecards                                     401   200    200     200    200         200     200   200
GET    /api/runs                                           401   200    200     200    200         200     200   200
GET    /api/smears/{smear_id}/fields                       401   404    404     404    404         404     404   404
GET    /api/fields/{field_id}                              401   404    404     404    404         404     404   404
GET    /api/fields/{field_id}/picture                      401   404    404     404    404         404     404   404
GET    /api/locate                                         401   401    403     200    200         200     200   200
GET    /api/fields/{field_id}/locate                       401   404    404     404    404         404     404   404
POST   /api/fields/{field_id}/boxes                        401   401    403     404    404         404     404   404
GET    /api/repeats/threshold                              401   401    403     403    403         403     200   200
POST   /api/repeats/answers                                401   401    403     403    403         403     422   422
GET    /api/repeats/preview                                401   401    403     403    403         403     422   422
POST   /api/repeats/apply                                  401   401    403     403    403         403     422   422
GET    /api/repeats/groups                                 401   401    403     403    403         403     200   200
POST   /api/repeats/rulings                                401   401    403     403    403         403     422   422
GET    /api/repeats/covered                                401   401    403     403    403         403     200   200
GET    /api/repeats/cleanings                              401   401    403     403    403         403     200   200
GET    /api/repeats/cleanings/{cleaning_id}/difference     401   401    403     403    403         403     404   404
POST   /api/repeats/cleanings/{cleaning_id}/undo           401   401    403     403    403         403     404   404
GET    /api/filters                                        401   401    403     403    403         403     200   200
GET    /api/filters/setups                                 401   401    403     403    403         403     200   200
POST   /api/filters/trial                                  401   401    403     403    403         403     404   404
POST   /api/filters/judgement                              401   401    403     403    403         403     404   404
POST   /api/filters                                        401   401    403     403    403         403     404   404
POST   /api/filters/preview                                401   401    403     403    403         403     404   404
POST   /api/filters/use                                    401   401    403     403    403         403     404   404
GET    /api/masks                                          401   401    403     200    200         200     200   200
GET    /api/masks/{selection_id}                           401   401    403     404    404         404     404   404
GET    /api/masks/cells/{cell_id}                          401   401    403     404    404         404     404   404
GET    /api/masks/cells/{cell_id}/channel                  401   401    403     404    404         404     404   404
GET    /api/masks/cells/{cell_id}/draft                    401   401    403     404    404         404     404   404
GET    /api/masks/presets                                  401   401    403     403    403         403     200   200
POST   /api/masks/selections                               401   401    403     403    403         403     422   422
POST   /api/masks                                          401   401    403     200    200         200     200   200
GET    /api/masks/cells/{cell_id}/comparison               401   401    403     404    404         404     404   404
GET    /api/cells                                          401   200    200     200    200         200     200   200
GET    /api/cells/{cell_id}                                401   404    404     404    404         404     404   404
GET    /api/cells/{cell_id}/picture                        401   404    404     404    404         404     404   404
GET    /api/cells/{cell_id}/repeats/{other_id}/picture     401   404    404     404    404         404     404   404
GET    /api/sorting                                        401   200    200     200    200         200     200   200
POST   /api/labels                                         401   401    403     200    200         200     200   200
GET    /api/smears/{smear_id}/differential                 401   404    404     404    404         404     404   404
GET    /api/smears/{smear_id}/differential/page            401   404    404     404    404         404     404   404
GET    /api/reference-intervals                            401   200    200     200    200         200     200   200
POST   /api/reference-intervals                            401   401    403     403    403         403     422   422
GET    /api/captures/smears                                401   401    403     403    200         403     200   200
POST   /api/captures/smears                                401   401    403     403    422         403     422   422
GET    /api/captures/smears/{smear_id}                     401   401    403     403    404         403     404   404
POST   /api/captures/fields/{field_id}/counting            401   401    403     403    404         403     404   404
GET    /api/captures/presets                               401   401    403     403    200         403     200   200
POST   /api/captures/presets                               401   401    403     403    422         403     422   422
POST   /api/captures/micrometer                            401   401    403     403    422         403     422   422
GET    /api/captures/labels                                401   401    403     403    422         403     422   422
GET    /api/captures/labels/mark                           401   401    403     403    422         403     422   422
POST   /api/captures/uploads                               401   401    403     403    412         403     412   412
HEAD   /api/captures/uploads/{upload}                      401   401    403     403    412         403     412   412
GET    /api/captures/uploads/{upload}                      401   401    403     403    404         403     404   404
PATCH  /api/captures/uploads/{upload}                      401   401    403     403    412         403     412   412
DELETE /api/captures/uploads/{upload}                      401   401    403     403    412         403     412   412
OPTIONS /api/captures/uploads                                204   204    204     204    204         204     204   204
GET    /api/documents                                      401   200    200     200    200         200     200   200
GET    /api/documents/{document_id}                        401   404    404     404    404         404     404   404
GET    /api/curating                                       401   401    403     403    403         403     200   200
GET    /api/metadata                                       401   401    403     403    403         403     200   200
POST   /api/metadata                                       401   401    403     403    403         403     422   422
GET    /api/metadata/history                               401   401    403     403    403         403     404   404
POST   /api/metadata/undo                                  401   401    403     403    403         403     404   404
GET    /api/metadata/table                                 401   401    403     403    403         403     200   200
POST   /api/metadata/table                                 401   401    403     403    403         403     422   422
GET    /api/progress                                       401   401    403     403    403         403     200   200
GET    /api/releasing                                      401   401    403     403    403         403     200   200
POST   /api/releasing/queries                              401   401    403     403    403         403     422   422
POST   /api/releasing/counts                               401   401    403     403    403         403     404   404
POST   /api/releasing/previews                             401   401    403     403    403         403     404   404
GET    /api/releasing/previews/{preview_id}                401   401    403     403    403         403     404   404
POST   /api/releasing/seal                                 401   401    403     403    403         403     404   404
GET    /api/releases/{version}/tables                      401   401    403     403    403         403     404   404
GET    /api/releases/{version}/manifest                    401   401    403     403    403         403     404   404
GET    /api/releases/{version}/difference                  401   401    403     403    403         403     422   422
GET    /api/jobs                                           401   401    200     200    200         200     200   200
POST   /api/jobs                                           401   401    403     403    403         403     422   422
GET    /api/jobs/kinds                                     401   401    403     403    403         403     200   200
GET    /api/jobs/{job_id}                                  401   401    404     404    404         404     404   404
GET    /api/jobs/{job_id}/log                              401   401    404     404    404         404     404   404
POST   /api/jobs/{job_id}/cancel                           401   401    404     404    404         404     404   404
GET    /api/errata                                         401   401    403     403    403         403     200   200
POST   /api/errata                                         401   401    403     403    403         403     422   422
POST   /api/errata/round                                   401   401    403     403    403         403     422   422
POST   /api/errata/{erratum_id}                            401   401    403     403    403         403     422   422
"""
EXPECTED = {(row[0], row[1]): dict(zip(CALLERS, map(int, row[2:]), strict=True)) for row in map(str.split, TABLE.strip().splitlines()[1:])}  # fmt: skip
BODIES = {
    "/api/session": {"handle": "nobody", "password": "not a password"},
    "/api/session/demo": {"handle": "nobody"},
    "/api/session/password": {"password": "not a password", "new_password": "four words nobody joins"},
    "/api/setup": {"handle": "eve", "password": "four words nobody joins"},
    "/api/invitations/{code}": {"handle": "eve", "password": "four words nobody joins"},
    "/api/tokens": {"name": "notebook"},
    "/api/people/invitations": {"role": "expert"},
    "/api/people/{person_id}/role": {"role": "viewer"},
    "/api/people/{person_id}/active": {"active": False},
    "/api/rounds": {"name": "t", "experts": []},
    "/api/rounds/{round_id}/answers": [],
    "/api/reference-intervals": {"name": "ours.toml", "content": ""},
    "/api/fields/{field_id}/boxes": [],
    "/api/labels": [],
    "/api/masks": [],
    "/api/filters": {"name": "t", "wish": {"smear_id": "s0", "capture_id": "c0"}},
    "/api/filters/trial": {"smear_id": "s0", "capture_id": "c0"},
    "/api/filters/judgement": {"smear_id": "s0", "capture_id": "c0"},
    "/api/filters/preview": {"smear_id": "s0", "capture_id": "c0", "filter_id": None},
    "/api/filters/use": {"smear_id": "s0", "capture_id": "c0", "filter_id": None},
    "/api/jobs": {"kind": "nothing"},
    "/api/metadata": {"fact": "stain", "value": None},
    "/api/metadata/undo": {"corrections": ["nothing"]},
    "/api/metadata/table": {"name": "t.csv", "content": "no base64"},
    "/api/releasing/queries": {"id": "no name"},
    "/api/releasing/counts": {"version": "0", "query": "nothing"},
    "/api/releasing/previews": {"version": "0", "query": "nothing"},
    "/api/releasing/seal": {"version": "0", "query": "nothing"},
    "/api/masks/selections": {"name": "t", "counts": {}},
    "/api/captures/smears": {"code": "no code"},
    "/api/captures/presets": {"name": ""},
    "/api/captures/fields/{field_id}/counting": {"in_counting_area": "yes"},
    "/api/adjudication/{round_id}/decisions": [],
}
ROUTES = sorted(EXPECTED)
UNSAFE = [route for route in ROUTES if route[0] not in SAFE]


class Callers:
    """One request as any of the eight."""

    def __init__(self, workspace: Workspace, addresses: dict[bool, str], apps: dict[bool, FastAPI]) -> None:
        self.workspace = workspace
        self.addresses = addresses
        self.apps = apps
        self.client = httpx.Client()

    def ask(self, method: str, path: str, caller: str, **headers: str) -> httpx.Response:
        guests = caller != "nobody"
        address = self.addresses[guests]
        self.apps[guests].state.tries = Tries()
        shown = {"Origin": address} | headers
        if caller not in ("nobody", "guest"):
            shown |= {"Cookie": f"{COOKIE}={sessions.sign_in_demo(self.workspace, caller).secret}"}
        return self.send(method, path, address, shown)

    def with_token(self, method: str, path: str, scope: Scope, handle: str = "ada") -> httpx.Response:
        (person,) = [each for each in sessions.list_demo(self.workspace) if each.handle == handle]
        for token in sessions.list_tokens(self.workspace, person.id):
            sessions.end_token(self.workspace, person.id, token.id)
        made = sessions.make_token(self.workspace, person.id, name="t", scope=scope, days=1)
        return self.send(method, path, self.addresses[False], {"Authorization": f"Bearer {made.token}"})

    def send(self, method: str, path: str, address: str, headers: dict[str, str]) -> httpx.Response:
        body = BODIES.get(path)
        parts = [f"{part[1]}0" if part.startswith("{") else part for part in path.split("/")]
        content = None if body is None or method in ("GET", "DELETE") else json.dumps(body)
        headers = {"Content-Type": "application/json"} | headers
        self.client.cookies.clear()
        return self.client.request(method, address + "/".join(parts), content=content, headers=headers)


@pytest.fixture(scope="module")
def callers(own_demo: Workspace, serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[Callers]:
    people.demo_people(own_demo)
    apps = {guests: create_app(own_demo, guests=guests) for guests in (False, True)}
    with serve(apps[False]) as closed, serve(apps[True]) as opened:
        made = Callers(own_demo, {False: closed, True: opened}, apps)
        with made.client:
            yield made


def test_the_table_names_every_route():
    app = create_app(None)
    guarded = {(each.method, each.path) for each in route_guards(app)}
    described = {
        (method.upper(), path) for path, methods in json.loads(describe())["paths"].items() for method in methods
    }
    assert guarded == described, "a router is not among those whose guards are read"
    assert guarded == set(EXPECTED), "a new route stands in the table with who may use it"


def test_every_route_has_a_guard():
    assert [f"{each.method} {each.path}" for each in route_guards(create_app(None)) if each.guard is None] == []


def test_the_page_about_people_holds_the_table():
    page = (Path(__file__).parents[2] / "docs" / "people.md").read_text()
    assert page.endswith("\n\n" + describe_guards()), "python -m buffycoat.service.describe guards"


def test_a_route_without_a_guard_and_one_with_two_are_noticed():
    app, bare, double = FastAPI(), APIRouter(), APIRouter(dependencies=[everybody])
    bare.get("/bare")(lambda: None)
    double.get("/double", dependencies=[looking])(lambda: None)
    app.state.routers = [bare]
    assert [each.guard for each in route_guards(app)] == [None]
    app.state.routers = [double]
    with pytest.raises(TypeError, match="2 guards"):
        list(route_guards(app))


def test_the_list_says_in_words_who_may():
    said = {(each.method, each.path): each.guard.who for each in route_guards(create_app(None)) if each.guard}
    assert said["GET", "/api/health"] == "everybody"
    assert said["POST", "/api/setup"] == "everybody on this machine"
    assert said["GET", "/api/cells"] == "guests, signed in"
    assert said["GET", "/api/people"] == "curator, admin"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_who_may_use_it(callers: Callers, method: str, path: str):
    found = {caller: callers.ask(method, path, caller).status_code for caller in CALLERS}
    assert found == EXPECTED[method, path]


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])  # fmt: skip
def test_a_page_from_elsewhere_borrows_nobody(callers: Callers, method: str, path: str, headers: dict[str, str]):
    answer = callers.ask(method, path, "ada", **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("method", "path"), UNSAFE)
def test_a_cookie_changes_nothing_where_it_is_not_said_which_page_asks(callers: Callers, method: str, path: str):
    secret = sessions.sign_in_demo(callers.workspace, "ada").secret
    callers.apps[False].state.tries = Tries()
    answer = callers.send(method, path, callers.addresses[False], {"Cookie": f"{COOKIE}={secret}"})
    opened = next(each.guard.anybody for each in route_guards(callers.apps[False]) if (each.method, each.path) == (method, path) and each.guard)  # fmt: skip
    assert answer.status_code == (EXPECTED[method, path]["nobody"] if opened else 403)


def test_a_browser_that_says_where_the_page_is_from_needs_no_origin(callers: Callers):
    secret = sessions.sign_in_demo(callers.workspace, "ada").secret
    headers = {"Cookie": f"{COOKIE}={secret}", "Sec-Fetch-Site": "same-origin"}
    assert callers.send("POST", "/api/tokens", callers.addresses[False], headers).status_code == 200


@pytest.mark.parametrize("scope", list(Scope))
def test_what_a_token_reaches(callers: Callers, scope: Scope):
    """It looks everywhere; it changes what its scope is for; and it makes no secrets."""
    for each in route_guards(callers.apps[False]):
        assert each.guard is not None
        allowed = (
            each.guard.anybody
            or (each.method in SAFE and not each.guard.browser and scope is not Scope.METRICS)
            or (not each.guard.browser and (scope is Scope.ALL or scope is each.guard.scope))
        )
        callers.apps[False].state.tries = Tries()
        answer = callers.with_token(each.method, each.path, scope)
        # With all rights, what is refused is refused because of the token.
        expected = EXPECTED[each.method, each.path]["ada"] if allowed else 403
        assert answer.status_code == expected, (each.method, each.path, scope)


def test_a_token_reaches_no_further_than_its_person(callers: Callers):
    assert callers.with_token("GET", "/api/people", Scope.ALL, handle="vera").status_code == 403
    assert callers.with_token("POST", "/api/rounds/{round_id}/answers", Scope.LABEL, handle="vera").status_code == 403
    assert callers.with_token("POST", "/api/rounds/{round_id}/answers", Scope.LABEL, handle="theo").status_code == 404


@pytest.mark.parametrize("shown", ["Bearer", "Bearer x", "Basic YTpi", "", "Bearer t0.0", "Bearer " + "t" * 5000])
def test_a_wrong_token_is_no_guest(callers: Callers, shown: str):
    answer = callers.send("GET", "/api/overview", callers.addresses[True], {"Authorization": shown})
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def test_a_cookie_that_holds_no_more_is_a_guest(callers: Callers):
    headers = {"Cookie": f"{COOKIE}=s0.0"}
    assert callers.send("GET", "/api/overview", callers.addresses[True], headers).status_code == 200
    assert callers.send("GET", "/api/overview", callers.addresses[False], headers).status_code == 401
    assert callers.send("POST", "/api/tokens", callers.addresses[True], headers).status_code == 401


def test_guards_say_no_to_no_role_by_default():
    assert Guard().roles == set(Role) - {Role.SOURCE}
    assert not Guard().guests
    assert not Guard().anybody
    assert Guard().scope is Scope.ALL
