"""The application: routes, problems, headers and the front end, put together."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from buffycoat.service import catalog, cells, documents, fields, problems
from buffycoat.service.headers import SecurityHeaders
from buffycoat.service.static_site import StaticSite
from buffycoat.version import VERSION
from buffycoat.workflows.workspace import Workspace

__all__ = ["create_app"]


def create_app(workspace: Workspace | None, *, hosts: Sequence[str] = ("*",)) -> FastAPI:
    """Return the service over an open workspace.

    Parameters
    ----------
    workspace : Workspace or None
        Open for as long as the application runs; it is read, never written. ``None`` gives an application that can
        describe itself and answers everything else with ``workspace-missing``.
    hosts : sequence of str
        Names by which the service may be asked; a page from elsewhere cannot reach a local workspace under a name of
        its own.

    Returns
    -------
    FastAPI
        An ASGI application for uvicorn. It loads nothing from elsewhere, so the interactive description pages, which
        would, are left out; the description itself is at ``/api/openapi.json``.
    """
    app = FastAPI(
        title="buffycoat",
        summary="Smears, fields of view and cells of one workspace, to look at.",
        version=VERSION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=problems.RESPONSES,
    )
    app.state.workspace = workspace
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(SecurityHeaders)
    problems.install(app)
    for part in (catalog, fields, cells, documents):
        app.include_router(part.router, prefix="/api")
    app.router.routes.append(StaticSite())
    return app
