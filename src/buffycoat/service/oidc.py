"""Routes of signing in with an institution's own account. Browsers walk them, so what goes wrong is told by a page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from buffycoat.errors import BuffycoatError, NotAllowed, NotFound, NotSignedIn
from buffycoat.service.guards import asking_from, caller_of, everybody
from buffycoat.service.opened import Opened
from buffycoat.service.session import begin_session
from buffycoat.service.tries import Tries
from buffycoat.workflows.people import oidc, sessions
from buffycoat.workflows.people.provider import Provider

__all__ = ["router"]

router = APIRouter(tags=["people"], prefix="/oidc", dependencies=[everybody])
COOKIE = "buffycoat_oidc"
PATH = "/api/oidc"
ANSWER = {303: {"description": "Where the browser goes on."}}
Text = Annotated[str, Query(max_length=4096)]


async def _caller(request: Request) -> sessions.Caller | None:
    """Return by which sign-in somebody is signed in, where somebody is."""
    try:
        return caller_of(request)
    except NotSignedIn:
        return None


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NotFound("this studio has no provider to sign in with")
    return provider


def _told(error: BuffycoatError) -> Response:
    """Lead to the page for signing in, which tells in words what is wrong."""
    query = urlencode({"problem": error.code, "detail": str(error)[:300]}, quote_via=quote)
    return _on(f"/sign-in?{query}")


def _on(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


@router.get("/start", operation_id="start_oidc", response_class=Response, status_code=303, responses=ANSWER)  # type: ignore[arg-type]  # a mapping by status
def start(
    request: Request,
    caller: Annotated[sessions.Caller | None, Depends(_caller)],
    *,
    to: Text = "/",
    invitation: Annotated[str | None, Query(max_length=128)] = None,
    link: bool = False,
) -> Response:
    """Begin: the browser goes to the provider. With ``link``, whoever is signed in links the own account with it."""
    provider = _provider(request)
    if "authorization" in request.headers:  # who holds a token, if only for looking, would get a way to sign in by it
        return _told(NotAllowed("a token cannot do this", hint="sign in with a browser"))
    flows: oidc.Flows = request.app.state.flows
    begun_by: Tries = request.app.state.begun
    address = request.app.state.public_address or str(request.base_url)
    try:
        begun_by.begin([asking_from(request)])
        begun = flows.begin(
            provider,
            redirect=f"{address.rstrip('/')}{PATH}/callback",
            to=to,
            invitation=invitation,
            caller=caller,
            link=link,
        )
    except BuffycoatError as error:
        return _told(error)
    answer = _on(begun.address)
    # Lax: the browser comes back from elsewhere, and must bring it.
    answer.set_cookie(
        COOKIE,
        begun.browser,
        max_age=int(oidc.LASTS_S),
        path=PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/callback", operation_id="end_oidc", response_class=Response, status_code=303, responses=ANSWER)  # type: ignore[arg-type]  # a mapping by status
def callback(
    request: Request,
    workspace: Opened,
    *,
    state: Text = "",
    code: Text = "",
    error: Text = "",
) -> Response:
    """Come back from the provider: signed in, or told why not."""
    provider = _provider(request)
    flows: oidc.Flows = request.app.state.flows
    browser = request.cookies.get(COOKIE, "")
    try:
        if error or not code:
            flows.take(state, browser)
            raise NotSignedIn("the provider did not sign you in", found=error[:80])
        person, to = oidc.sign_in_with(workspace, provider, flows, state=state, browser=browser, code=code)
        signed = sessions.open_session(workspace, person.id)
    except BuffycoatError as wrong:
        answer = _told(wrong)
    else:
        answer = _on(to)
        begin_session(request, answer, workspace, signed)
    answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
    return answer
