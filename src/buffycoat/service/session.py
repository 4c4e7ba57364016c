"""Routes of signing in and out, of the first admin, and of the tokens of programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field, SecretStr

from buffycoat.domain.account import InvitationFacts, OwnAccount, Person, Scope, TokenFacts, fold_handle
from buffycoat.domain.label import Role
from buffycoat.domain.value import value
from buffycoat.errors import InputError, NotSignedIn
from buffycoat.service.guards import COOKIE, Signed, asking_from, caller_of, everybody, here, is_local, needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.service.tries import Tries
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations, linking, sessions

__all__ = ["Code", "Known", "Session", "begin_session", "router"]

router = APIRouter(tags=["people"])
NO_STORE = "no-store"
Handle = Annotated[str, Field(min_length=1, max_length=64, description="Case does not matter.")]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=1000)]
Code = Annotated[str, Path(min_length=1, max_length=128, description="As the link holds it.")]
Owner = Annotated[Person, needs(browser=True)]


@value
class Session:
    """Who is signed in, and how one may sign in.

    ``guests``: whoever is not signed in may look. ``needs_setup``: the first admin is still to come, made at the
    machine that the service runs on. ``demo``: whom one may sign in as without a password, from here. ``provider``: the
    institution whose account one may sign in with, empty where it has no name, ``None`` where there is none.
    """

    person: Person | None
    guests: bool
    needs_setup: bool
    demo: tuple[Person, ...]
    provider: str | None = None


@value
class Credentials:
    """A handle and its password."""

    handle: Handle
    password: Secret


@value
class DemoName:
    """The handle of a person of the demo."""

    handle: Handle


@value
class PasswordChange:
    """The password that holds, and the one that is to hold."""

    password: Secret
    new_password: Secret


@value
class TokenWish:
    """What a new token is called, what it is good for, and for how many days."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    scope: Scope = Scope.READ
    days: Annotated[int, Field(ge=1, le=366)] = 90


async def _known(request: Request) -> Person | None:
    """Return who is signed in, where somebody is."""
    try:
        caller = caller_of(request)
    except NotSignedIn:
        return None
    return caller.person if caller else None


Known = Annotated[Person | None, Depends(_known)]


def _session(request: Request, workspace: Opened, person: Person | None) -> Session:
    return Session(
        person=person,
        guests=request.app.state.guests,
        needs_setup=people.needs_setup(workspace),
        demo=sessions.list_demo(workspace) if is_local(request) else (),
        provider=None if request.app.state.provider is None else request.app.state.provider.settings.name,
    )


def begin_session(request: Request, response: Response, workspace: Opened, signed: sessions.Signed) -> Session:
    """Hand the secret to the browser, where no page can read it and no other origin can send it.

    Whoever was signed in there before is signed out: what the browser no longer holds must not go on being good.
    """
    before = sessions.who(workspace, request.cookies.get(COOKIE, ""), token=False, demo=is_local(request))
    if before is not None:
        sessions.sign_out(workspace, before)
    response.headers["Cache-Control"] = NO_STORE
    response.set_cookie(
        COOKIE,
        signed.secret,
        max_age=int(sessions.SIGNED_IN_FOR.total_seconds()),
        path="/api",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return _session(request, workspace, signed.person)


def _tried(request: Request, handle: str) -> tuple[Tries, list[str]]:
    tries: Tries = request.app.state.tries
    address, folded = asking_from(request), fold_handle(handle)
    return tries, [f"pair {folded} at {address}", f"handle {folded}", address]


@router.get("/session", operation_id="session", dependencies=[everybody])
def session(request: Request, response: Response, workspace: Opened, person: Known) -> Session:
    """Say who is signed in, and how one may sign in."""
    response.headers["Cache-Control"] = NO_STORE
    return _session(request, workspace, person)


@router.post("/session", operation_id="sign_in", dependencies=[everybody])
def sign_in(request: Request, response: Response, workspace: Opened, given: Credentials) -> Session:
    """Sign in with handle and password; after five wrong ones in a minute one waits, each time twice as long."""
    tries, names = _tried(request, given.handle)
    tries.begin(names)
    signed = sessions.sign_in(workspace, handle=given.handle, password=given.password.get_secret_value())
    tries.right(names, forget=names[0])
    return begin_session(request, response, workspace, signed)


@router.post("/session/demo", operation_id="sign_in_demo", dependencies=[here])
def sign_in_demo(request: Request, response: Response, workspace: Opened, given: DemoName) -> Session:
    """Sign in as a person of the demo, without a password: only at this machine, and where every smear is simulated."""
    return begin_session(request, response, workspace, sessions.sign_in_demo(workspace, given.handle))


@router.post("/session/password", operation_id="change_password")
def change_password(
    request: Request, response: Response, workspace: Opened, person: Owner, given: PasswordChange
) -> Session:
    """Change one's own password; every sign-in and token ends but the one that is made here."""
    tries, names = _tried(request, person.handle)
    tries.begin(names)
    try:
        sessions.sign_in(workspace, handle=person.handle, password=given.password.get_secret_value())
    except NotSignedIn as error:
        raise InputError("this is not the password that holds") from error
    tries.right(names, forget=names[0])
    people.set_password(workspace, person.id, given.new_password.get_secret_value(), by=person.id)
    return begin_session(request, response, workspace, sessions.open_session(workspace, person.id))


@router.delete("/session", operation_id="sign_out")
def sign_out(request: Request, response: Response, workspace: Opened, _: Owner) -> Session:
    """Sign out of this browser."""
    sessions.sign_out(workspace, request.state.caller)
    response.headers["Cache-Control"] = NO_STORE
    response.delete_cookie(COOKIE, path="/api", httponly=True, samesite="strict")
    return _session(request, workspace, None)


@router.post("/setup", operation_id="set_up", dependencies=[here])
def set_up(request: Request, response: Response, workspace: Opened, given: Credentials) -> Session:
    """Make the first admin: only while there is no account, and only at this machine."""
    made = people.add_person(
        workspace, handle=given.handle, role=Role.ADMIN, password=given.password.get_secret_value(), first=True
    )
    return begin_session(request, response, workspace, sessions.open_session(workspace, made.person.id))


@router.get("/invitations/{code}", operation_id="invitation", dependencies=[everybody])
def invitation(response: Response, workspace: Opened, code: Code) -> InvitationFacts:
    """Return what an invitation offers."""
    response.headers["Cache-Control"] = NO_STORE
    return invitations.find_invitation(workspace, code)


@router.post("/invitations/{code}", operation_id="accept_invitation", dependencies=[everybody])
def accept_invitation(
    request: Request, response: Response, workspace: Opened, code: Code, given: Credentials
) -> Session:
    """Take an invitation: choose handle and password, and be signed in."""
    person = invitations.accept_invitation(
        workspace, code, handle=given.handle, password=given.password.get_secret_value()
    )
    return begin_session(request, response, workspace, sessions.open_session(workspace, person.id))


@router.get("/tokens", operation_id="tokens")
def tokens(workspace: Opened, person: Signed) -> tuple[TokenFacts, ...]:
    """Return one's own tokens that still hold, oldest first."""
    return sessions.list_tokens(workspace, person.id)


@router.post("/tokens", operation_id="make_token")
def make_token(request: Request, response: Response, workspace: Opened, person: Owner, given: TokenWish) -> TokenFacts:
    """Make a token for a program; it is told here, and never again."""
    response.headers["Cache-Control"] = NO_STORE
    request.app.state.made_tokens.begin([f"person {person.id}"])
    return sessions.make_token(workspace, person.id, name=given.name, scope=given.scope, days=given.days)


@router.delete("/tokens/{token_id}", operation_id="end_token")
def end_token(workspace: Opened, person: Owner, token_id: Id) -> tuple[TokenFacts, ...]:
    """End one of one's own tokens, and return the others."""
    sessions.end_token(workspace, person.id, token_id)
    return sessions.list_tokens(workspace, person.id)


@router.get("/account", operation_id="account")
def account(workspace: Opened, person: Signed) -> OwnAccount:
    """Return by what oneself may sign in: no secrets, and of the institution digests without a name."""
    return linking.own_account(workspace, person.id)


@router.delete("/identities/{identity_id}", operation_id="unlink")
def unlink(request: Request, response: Response, workspace: Opened, person: Owner, identity_id: Id) -> OwnAccount:
    """Remove a link with an account of the institution, never the last way to sign in; return what is left.

    Every sign-in and token ends but the one that is made here.
    """
    linking.unlink(workspace, person.id, identity_id)
    begin_session(request, response, workspace, sessions.open_session(workspace, person.id))
    return linking.own_account(workspace, person.id)
