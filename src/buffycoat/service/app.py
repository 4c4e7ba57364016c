"""The application: routes, problems, headers and the front end, put together."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from buffycoat.errors import TooManyRequests
from buffycoat.service import (
    adjudication,
    audit,
    captures,
    catalog,
    cells,
    differential,
    documents,
    errata,
    fields,
    filters,
    jobs,
    locate,
    masks,
    metadata,
    oidc,
    people,
    problems,
    progress,
    releases,
    repeats,
    rounds,
    session,
    sorting,
    teaching,
)
from buffycoat.service.authority import certificate_route
from buffycoat.service.bodies import BodyLimit
from buffycoat.service.crops import KeptCrops
from buffycoat.service.crowding import Gate
from buffycoat.service.headers import SecurityHeaders
from buffycoat.service.health import Readiness, probes
from buffycoat.service.metrics import Metrics, Observed
from buffycoat.service.static_site import StaticSite
from buffycoat.service.tries import Bound, Tries
from buffycoat.version import VERSION
from buffycoat.workflows.people.oidc import Flows
from buffycoat.workflows.people.provider import Provider, ProviderSettings
from buffycoat.workflows.people.tokens import Uses
from buffycoat.workflows.workspace import Workspace

__all__ = ["create_app", "make_ready"]

PREFIX = "/api"


def create_app(  # noqa: PLR0913 (each an option)
    workspace: Workspace | None,
    *,
    hosts: Sequence[str] = ("*",),
    guests: bool = False,
    provider: ProviderSettings | None = None,
    public_address: str = "",
    authority: bytes | None = None,
    log_requests: bool = False,
    max_megapixels: float | None = None,
) -> FastAPI:
    """Return the service over an open workspace.

    Parameters
    ----------
    workspace : Workspace or None
        Open for as long as the application runs. ``None`` gives an application that can describe itself and answers
        everything else with ``workspace-missing``.
    hosts : sequence of str
        Names by which the service may be asked; a page from elsewhere cannot reach a local workspace under a name of
        its own.
    guests : bool
        Whether those who are not signed in may look; otherwise they are asked to sign in.
    provider : ProviderSettings, optional
        Whose accounts people may sign in with, beside passwords.
    public_address : str
        Where browsers reach the studio; without it, as the request says.
    authority : bytes, optional
        Certificate of the studio's own authority, which phones may fetch to trust it.
    log_requests : bool
        Log each request: by the pattern of its route, and nothing of who asks.
    max_megapixels : float, optional
        Photographs that are sent and larger are refused before they are decoded; without it, above 200.

    Returns
    -------
    FastAPI
        An ASGI application for uvicorn. It loads nothing from elsewhere, so the interactive description pages, which
        would, are left out; the description itself is at ``/api/openapi.json``.
    """
    app = FastAPI(
        title="buffycoat",
        summary="Smears, fields of view and cells of one workspace, and the people who read them.",
        version=VERSION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=problems.RESPONSES,
    )
    app.state.workspace = workspace
    app.state.guests = guests
    app.state.tries = Tries()
    app.state.provider = None if provider is None else Provider(provider)
    app.state.public_address = public_address
    app.state.authority = authority
    app.state.flows = Flows()
    app.state.begun = Tries({"address": Bound(most=30)}, what="too many sign-ins begun")
    app.state.wrong_tokens = _counted("address", 60, "too many wrong tokens")
    app.state.made_tokens = _counted("person", 20, "too many tokens were made")
    app.state.uploads_begun = _counted("person", 600, "too many photographs were announced")
    app.state.costly = Gate(at_once=4, each=2)
    app.state.arriving = Gate(at_once=4, each=2, patience_s=60.0)
    app.state.max_megapixels = max_megapixels
    app.state.uses = Uses()
    app.state.metrics = Metrics(workspace)
    app.state.readiness = Readiness(workspace)
    app.add_middleware(BodyLimit)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observed, metrics=app.state.metrics, logged=log_requests)
    problems.install(app)
    app.state.routers = [
        part.router
        for part in (
            session,
            oidc,
            people,
            audit,
            rounds,
            teaching,
            adjudication,
            catalog,
            fields,
            captures,
            filters,
            locate,
            masks,
            repeats,
            cells,
            sorting,
            differential,
            documents,
            metadata,
            progress,
            releases,
            jobs,
            errata,
        )
    ]
    for router in app.state.routers:
        app.include_router(router, prefix=PREFIX)
    app.router.routes.insert(0, KeptCrops(PREFIX))
    app.router.routes.extend([*probes(), certificate_route(), StaticSite()])
    return app


def _counted(kind: str, most: int, what: str) -> Tries:
    return Tries({kind: Bound(most=most)}, what=what, error=TooManyRequests)


def make_ready(app: FastAPI) -> None:
    """Build what the framework would build with the first request, which would wait for it."""
    for route in app.router.routes:
        route.matches(
            {"type": "http", "method": "GET", "path": "/", "query_string": b"", "root_path": "", "headers": []}
        )
