"""Who may use which route. Each route declares one guard; a route without one fails a test.

A request says who it is by the cookie of a browser or by ``Authorization: Bearer TOKEN``. What a cookie may change is
bound to pages of this service: a page from elsewhere cannot borrow it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from buffycoat.domain.account import Person, Scope
from buffycoat.domain.label import Role
from buffycoat.domain.value import value
from buffycoat.errors import NotAllowed, NotSignedIn
from buffycoat.service.opened import opened
from buffycoat.service.tries import neighborhood
from buffycoat.workflows.audit import set_actor
from buffycoat.workflows.people import sessions

__all__ = [
    "COOKIE",
    "EVERYBODY",
    "LOOKING",
    "READERS",
    "Guard",
    "Looking",
    "Reading",
    "RouteGuard",
    "Signed",
    "asking_from",
    "caller_of",
    "everybody",
    "here",
    "is_local",
    "looking",
    "needs",
    "route_guards",
]

COOKIE = "buffycoat_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
FORWARDED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})
"""What a proxy adds, besides everything that begins with ``X-Forwarded-``."""
NO_NAME = frozenset("@/?#\\")
"""What ends the name of a host in an address: what stands before or behind it might be taken for the name."""
EVERYBODY = frozenset({Role.VIEWER, Role.TRAINEE, Role.EXPERT, Role.ADJUDICATOR, Role.CURATOR, Role.ADMIN})
READERS = EVERYBODY - {Role.VIEWER}
"""Who may be an expert of a round."""


class Guard:
    """What a route asks of those who use it.

    Parameters
    ----------
    roles : frozenset of Role
        Who may, of those who are signed in.
    guests : bool
        Whether those who are not may, where the service has guests.
    anybody : bool
        Whether it is open to all: nothing of the workspace is told, or a secret is given with the request itself.
    local : bool
        Whether it must be asked from this machine.
    scope : Scope
        What a token must be good for to change something here; looking needs no more than ``Scope.READ``.
    browser : bool
        Whether tokens are refused: what gives out secrets is for people.
    """

    def __init__(
        self,
        roles: frozenset[Role] = EVERYBODY,
        *,
        guests: bool = False,
        anybody: bool = False,
        local: bool = False,
        scope: Scope = Scope.ALL,
        browser: bool = False,
    ) -> None:
        self.roles = roles
        self.guests = guests
        self.anybody = anybody
        self.local = local
        self.scope = scope
        self.browser = browser

    @property
    def who(self) -> str:
        """Who may, in words."""
        if self.anybody:
            return "everybody on this machine" if self.local else "everybody"
        known = "signed in" if self.roles == EVERYBODY else ", ".join(role for role in Role if role in self.roles)
        return f"guests, {known}" if self.guests else known

    async def hold(self, request: Request) -> AsyncIterator[Person | None]:
        """Let in as ``check`` does, but few at once: for what takes long, so that those who label need not wait for it.

        Raises
        ------
        TooManyRequests
            Others are served first.
        """
        person = await self.check(request)
        async with request.app.state.costly.of(person.id if person else "guest"):
            yield person

    async def check(self, request: Request) -> Person | None:
        """Return who asks, where that person may; ``None`` for a guest.

        Raises
        ------
        NotSignedIn
            Nobody is signed in, and guests may not; or a token holds no more.
        NotAllowed
            The role or the scope of the token does not reach, or a page from elsewhere asks.
        """
        if self.anybody:
            if request.method not in SAFE:
                _refuse_foreign(request, strict=False)
            if self.local and not is_local(request):
                raise NotAllowed("this is done on the machine that the service runs on only")
            return None
        caller = request.state.caller = caller_of(request)
        if caller is None:
            if self.guests and request.app.state.guests and request.method in SAFE:
                return None
            raise NotSignedIn("nobody is signed in")
        by_token = "authorization" in request.headers
        if by_token and caller.scope is Scope.METRICS:
            raise NotAllowed("this token is for /metrics alone", hint="make another one")
        if by_token and self.browser:
            raise NotAllowed("a token cannot do this", hint="sign in with a browser")
        if request.method not in SAFE:
            if not by_token:
                _refuse_foreign(request, strict=True)
            elif caller.scope is not Scope.ALL and caller.scope is not self.scope:
                raise NotAllowed(
                    "this token is not made for that", expected=self.scope, found=caller.scope, hint="make another one"
                )
        if caller.person.role not in self.roles:
            raise NotAllowed(
                "your role does not reach so far",
                expected=", ".join(role for role in Role if role in self.roles),
                found=caller.person.role,
            )
        if by_token and not request.app.state.uses.is_kept(caller.by):
            await run_in_threadpool(request.app.state.uses.keep, opened(request), caller.by)
        set_actor(caller.person.id)  # the context is this request's own, so nobody else's
        return caller.person


def caller_of(request: Request) -> sessions.Caller | None:
    """Return whose request this is, by its token or, without one, by its cookie; ``None`` where nobody is signed in.

    Raises
    ------
    NotSignedIn
        It shows a token that is none, or holds no more.
    """
    shown = request.headers.get("authorization")
    if shown is not None:
        scheme, _, secret = shown.partition(" ")
        caller = _who(request, secret.strip(), token=True) if scheme.casefold() == "bearer" else None
        if caller is None:
            # After the look, not before: a program with a token of yesterday stops no other of its address.
            request.app.state.wrong_tokens.begin([asking_from(request)])
            raise NotSignedIn("this token holds no more", hint="make a new one where you are signed in")
        return caller
    cookie = request.cookies.get(COOKIE)
    return _who(request, cookie, token=False) if cookie else None


def _who(request: Request, secret: str, *, token: bool) -> sessions.Caller | None:
    # On the thread that all requests share: handing it to another takes many times as long as the look itself.
    caller = sessions.who(opened(request), secret, token=token, demo=True)
    return None if caller is not None and caller.person.simulated and not is_local(request) else caller


def is_local(request: Request) -> bool:
    """Say whether somebody at this machine asks it by a name of its own, and nobody else through a proxy on it."""
    host = request.client.host if request.client else ""
    return (
        host in LOOPBACK
        and _name(request.headers.get("host", "")) in LOOPBACK
        and not any(name in FORWARDED or name.startswith("x-forwarded-") for name in request.headers)
    )


def asking_from(request: Request) -> str:
    """Return the address that asks, as tries are counted by it."""
    return f"address {neighborhood(request.client.host if request.client else '')}"


def _name(host: str) -> str:
    """Return the name in a ``Host``; empty where it is none."""
    if not NO_NAME.isdisjoint(host):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _refuse_foreign(request: Request, *, strict: bool) -> None:
    """Refuse what a page of another origin makes a browser ask.

    Raises
    ------
    NotAllowed
        The browser says that the page is from elsewhere; or, where ``strict``, nothing says where it is from.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if origin is not None:
        own = origin.partition("://")[2].casefold() == request.headers.get("host", "").casefold() != ""
    else:
        own = site is not None or not strict
    if site is not None:
        own = own and site == "same-origin"
    if not own:
        raise NotAllowed(
            "a page from elsewhere may not do this",
            expected="Origin or Sec-Fetch-Site of this service, or a token",
            hint="open the studio itself",
        )


everybody = Depends(Guard(anybody=True).check)
"""For ``dependencies=[…]`` of a route that is open to all."""
here = Depends(Guard(anybody=True, local=True).check)
"""For a route that is open to all who sit at this machine."""
LOOKING = Guard(guests=True)
looking = Depends(LOOKING.check)
"""For ``dependencies=[…]`` of a route that looks, and need not know who asks."""
Looking = Annotated[Person | None, looking]
"""A parameter of a route: who looks; ``None`` for a guest."""
Signed = Annotated[Person, Depends(Guard().check)]
"""A parameter of a route: who is signed in."""
Reading = Annotated[Person, Depends(Guard(READERS, scope=Scope.LABEL).check)]
"""A parameter of a route: somebody who may read in rounds; a token of scope ``label`` is enough."""


def needs(*roles: Role, scope: Scope = Scope.ALL, browser: bool = False, costly: bool = False) -> Any:
    """Return a dependency that gives the person who asks, and lets nobody in but these roles.

    Parameters
    ----------
    *roles : Role
        Who may; nobody named: everybody who is signed in.
    scope : Scope
        What a token must be good for.
    browser : bool
        Whether tokens are refused.
    costly : bool
        Whether it takes long, so that few may at once.

    Examples
    --------
    >>> Curator = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
    """
    guard = Guard(frozenset(roles) or EVERYBODY, scope=scope, browser=browser)
    return Depends(guard.hold if costly else guard.check)


@value
class RouteGuard:
    """Who may use a route; ``guard`` is empty where nobody said so, which is a fault."""

    method: str
    path: str
    guard: Guard | None


def route_guards(app: FastAPI) -> Iterator[RouteGuard]:
    """Give each route of the service with its guard, in the order in which they were added.

    Raises
    ------
    TypeError
        A route has two guards, and one might open what the other closes.
    """
    for route in (route for router in app.state.routers for route in router.routes):
        if isinstance(route, APIRoute):
            found = list(_guards(route.dependant))
            if len(found) > 1:
                raise TypeError(f"{route.path} has {len(found)} guards")
            for method in sorted(route.methods or ()):
                yield RouteGuard(method=method, path=f"/api{route.path}", guard=found[0] if found else None)


def _guards(dependant: Dependant) -> Iterator[Guard]:
    for each in dependant.dependencies:
        owner = getattr(each.call, "__self__", None)
        if isinstance(owner, Guard):
            yield owner
        yield from _guards(each)
