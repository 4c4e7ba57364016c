"""The built front end: its files, and its page for every path that it routes itself."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

__all__ = ["FOLDER", "StaticSite"]

FOLDER = Path(__file__).parent / "static"
NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>buffycoat</title>
<h1>The front end is not built</h1>
<p>Run <code>make frontend</code> in the folder of the project, then reload this page.</p>
<p>The service itself runs: <a href="/api/overview">/api/overview</a>.</p>
</html>
"""


class StaticSite(Mount):
    """Everything outside ``/api``; that stays with the routes, so that a wrong method or path there is said so."""

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__("/", app=_Files(folder) if folder.is_dir() else _not_built, name="site")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave ``/api`` alone."""
        path: str = scope.get("path", "")
        return (Match.NONE, {}) if path == "/api" or path.startswith("/api/") else super().matches(scope)


class _Files(StaticFiles):
    """Static files with the page as an answer to unknown paths, but not to missing files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or the page; hashed files may be kept for good, the page never."""
        hashed = path.startswith("assets/")
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or hashed:
                raise
            response = await super().get_response("index.html", scope)
        if hashed and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


async def _not_built(scope: Scope, receive: Receive, send: Send) -> None:
    await HTMLResponse(NOT_BUILT, status_code=503)(scope, receive, send)
