"""The built front end: its files, and its page for every path that it routes itself."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

__all__ = ["FOLDER", "StaticSite"]

FOLDER = Path(__file__).parent / "static"
NOT_THE_PAGE = frozenset({"sw.js", "manifest.webmanifest"})
"""Read by the browser itself, which must be told when they are not there."""
IN_PART = frozenset({b"range", b"if-none-match", b"if-modified-since", b"if-range"})
"""Headers of a request to which the answer may be less than the whole file."""
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
        self._whole: dict[str, tuple[bytes, dict[str, str]]] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or the page; hashed files may be kept for good, the page never."""
        hashed = path.startswith("assets/")
        needed = hashed or path.startswith("icons/") or path in NOT_THE_PAGE
        asked = {name for name, _ in scope["headers"]}
        plain = hashed and scope["method"] == "GET" and asked.isdisjoint(IN_PART)
        if plain and path in self._whole:
            content, headers = self._whole[path]
            return Response(content, headers=headers)
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or needed:
                raise
            response = await super().get_response("index.html", scope)
        if hashed and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if path.endswith(".webmanifest") and response.status_code == 200:
            response.headers["Content-Type"] = "application/manifest+json"
        if plain and isinstance(response, FileResponse):
            # Read whole and kept: sent in pieces, each from another thread, the script would wait for who works there.
            content = await run_in_threadpool(Path(response.path).read_bytes)
            if len(content) == int(response.headers["content-length"]):
                self._whole[path] = content, dict(response.headers)
                return Response(content, headers=dict(response.headers))
        return response


async def _not_built(scope: Scope, receive: Receive, send: Send) -> None:
    await HTMLResponse(NOT_BUILT, status_code=503)(scope, receive, send)
