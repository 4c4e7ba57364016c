"""Whether the service lives and whether it can take work: for whoever watches over it, and telling nothing else."""

from __future__ import annotations

import logging
import time
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buffycoat.service.logs import OURS
from buffycoat.service.metrics import metrics
from buffycoat.workflows.keeping.readiness import unready
from buffycoat.workflows.workspace import Workspace

__all__ = ["Readiness", "probes"]

log = logging.getLogger(f"{OURS}.health")
_HELD_S = 2.0
_NOT_KEPT = {"Cache-Control": "no-store"}


class Readiness:
    """Whether a workspace can take work, looked up at most every two seconds: anybody may ask as often as they like."""

    def __init__(self, workspace: Workspace | None) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._looked, self._ready = -_HELD_S, False

    def now(self) -> bool:
        """Say whether it can; why not goes into the log."""
        with self._lock:
            if time.monotonic() - self._looked >= _HELD_S:
                reasons = ("no workspace",) if self._workspace is None else unready(self._workspace)
                for reason in reasons:
                    log.warning("not ready: %s", reason)
                self._looked, self._ready = time.monotonic(), not reasons
            return self._ready


async def _healthz(request: Request) -> Response:
    request.scope["pattern"] = "/healthz"
    return JSONResponse({"status": "alive"}, headers=_NOT_KEPT)


async def _readyz(request: Request) -> Response:
    request.scope["pattern"] = "/readyz"
    ready = await run_in_threadpool(request.app.state.readiness.now)
    return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else 503, headers=_NOT_KEPT)


def probes() -> list[Route]:
    """Return the routes of those who watch over the service; they stand beside ``/api``, where probes look for them."""
    return [Route("/healthz", _healthz), Route("/readyz", _readyz), Route("/metrics", metrics)]
