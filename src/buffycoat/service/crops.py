"""The short way to a small picture of a cell: a wall of them asks for hundreds a second.

The route in ``buffycoat.service.cells`` stands in the description, takes every other size and answers alike. This one
comes before all routes, knows its address without trying theirs, and sends what was drawn before from the thread that
serves. Who may look is asked by the same guard.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from buffycoat.service.guards import LOOKING
from buffycoat.service.opened import opened
from buffycoat.service.pictures import held, written
from buffycoat.workflows import cell_pictures

__all__ = ["KeptCrops"]

_LONGEST_ID = 64


class KeptCrops(BaseRoute):
    """Answers ``GET /api/cells/{cell_id}/picture?side=N`` where pictures of that side are kept.

    Parameters
    ----------
    prefix : str
        Where the routes of the service begin: ``"/api"``.
    """

    def __init__(self, prefix: str) -> None:
        self._start, self._end = f"{prefix}/cells/", "/picture"
        self._pattern = f"{self._start}{{cell_id}}{self._end}"
        self._sides = {f"side={side}".encode(): side for side in cell_pictures.SIDES}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether the address is ours; every other, and one that is not quite as usual, is left to the rest."""
        if scope["type"] == "http" and scope["method"] == "GET" and scope["query_string"] in self._sides:
            path: str = scope["path"]
            if path.startswith(self._start) and path.endswith(self._end):
                cell = path[len(self._start) : -len(self._end)]
                if 0 < len(cell) <= _LONGEST_ID and cell.isalnum():
                    return Match.FULL, {
                        "cell": cell,
                        "side": self._sides[scope["query_string"]],
                        "pattern": self._pattern,
                    }
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the picture."""
        request = Request(scope, receive)
        await LOOKING.check(request)
        workspace, cell, side = opened(request), scope["cell"], scope["side"]
        name = cell_pictures.picture_name(cell, side)
        answer = held(request, name)
        if answer is not None:
            await answer(scope, receive, send)
            return
        content = cell_pictures.kept_picture(workspace, cell, side)
        if content is None:
            content = await run_in_threadpool(cell_pictures.draw_picture, workspace, cell, side)
        for message in written(name, content):
            await send(message)

    def url_path_for(self, name: str, /, **path_params: object) -> NoMatchFound:  # type: ignore[override]  # these routes have no names
        """Have no name."""
        raise NoMatchFound(name, dict(path_params))
