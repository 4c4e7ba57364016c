"""The application: routes, problems, headers and the front end, put together."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from buffycoat.service import catalog, cells, documents, fields, people, problems, rounds, session
from buffycoat.service.bodies import BodyLimit
from buffycoat.service.headers import SecurityHeaders
from buffycoat.service.static_site import StaticSite
from buffycoat.service.tries import Tries
from buffycoat.version import VERSION
from buffycoat.workflows.workspace import Workspace

__all__ = ["create_app"]

PREFIX = "/api"


def create_app(workspace: Workspace | None, *, hosts: Sequence[str] = ("*",), guests: bool = False) -> FastAPI:
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
    app.add_middleware(BodyLimit)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(SecurityHeaders)
    problems.install(app)
    app.state.routers = [part.router for part in (session, people, rounds, catalog, fields, cells, documents)]
    for router in app.state.routers:
        app.include_router(router, prefix=PREFIX)
    app.router.routes.append(StaticSite())
    return app
