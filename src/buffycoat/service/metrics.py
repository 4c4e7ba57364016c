"""Counts and times of requests, for Prometheus and for the log: by the pattern of a route, never by its address."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from buffycoat.domain import account
from buffycoat.domain.label import Role
from buffycoat.errors import NotAllowed, NotSignedIn
from buffycoat.service.guards import COOKIE, caller_of, is_local
from buffycoat.service.logs import OURS, REQUEST_ID
from buffycoat.service.opened import opened
from buffycoat.version import VERSION
from buffycoat.workflows.audit import reads_now
from buffycoat.workflows.keeping.readiness import Room, what_room
from buffycoat.workflows.workspace import Workspace

__all__ = ["Metrics", "Observed", "metrics"]

log = logging.getLogger(f"{OURS}.requests")
disable_created_metrics()  # type: ignore[no-untyped-call]  # when a count began doubles the series and tells nobody anything
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class Metrics:
    """What one service has counted since it began.

    Parameters
    ----------
    workspace : Workspace or None
        Whose database and disk are measured when somebody asks.
    """

    def __init__(self, workspace: Workspace | None) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "buffycoat_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "buffycoat_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.open = Gauge("buffycoat_requests_open", "Requests being answered.", registry=self.registry)
        Gauge("buffycoat_build", "The program; always 1.", ("version",), registry=self.registry).labels(VERSION).set(1)
        ProcessCollector(registry=self.registry)
        if workspace is not None:
            self.registry.register(_Room(lambda: what_room(workspace)))

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def written(self) -> bytes:
        """Return all of it as Prometheus reads it."""
        return generate_latest(self.registry)


class _Room(Collector):
    """Bytes of database and disk, measured when somebody asks."""

    def __init__(self, measure: Callable[[], Room]) -> None:
        self.measure = measure

    def collect(self) -> Iterable[Metric]:
        room = self.measure()
        yield GaugeMetricFamily("buffycoat_database_bytes", "Database, with the journal of a file.", room.database)
        yield GaugeMetricFamily("buffycoat_disk_free_bytes", "Left on the disk of the workspace.", room.free)


class Observed:
    """Counts and, where it is wished, logs each request; gives its answer an ``X-Request-ID``."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, logged: bool) -> None:
        self.app, self.metrics, self.logged = app, metrics, logged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, name = time.perf_counter(), 500, secrets.token_hex(8)
        REQUEST_ID.set(name)  # the context is this request's own
        self.metrics.open.inc()

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name.encode())]
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        finally:
            seconds = time.perf_counter() - began
            self.metrics.open.dec()
            method, route = _method(scope), route_of(scope)
            self.metrics.note(method, route, status, seconds)
            if self.logged and route not in _PROBES:
                said = {
                    "request_id": name,
                    "method": method,
                    "route": route,
                    "status": status,
                    "ms": round(1000 * seconds, 2),
                }
                log.info("request", extra={"request": said})


def _method(scope: Scope) -> str:
    """Return the method, or that it is none that exists: anybody may send any word."""
    return scope["method"] if scope["method"] in METHODS else "other"


def route_of(scope: Scope) -> str:
    """Return the pattern of the route that a request came to, and of those that came to none only that.

    Examples
    --------
    >>> route_of({"path": "/api/invitations/secret"}), route_of({"path": "/cells"})
    ('/api', '/')
    """
    path = getattr(scope.get("route"), "path", None) or scope.get("pattern")
    asked: str = scope.get("path", "")
    below = "/api" if asked == "/api" or asked.startswith("/api/") else ""
    if path is None:
        return below or "/"
    return str(path) if str(path).startswith(below) else f"{below}{path}"


async def metrics(request: Request) -> Response:
    """Answer ``GET /metrics``: to a program at this machine, or with a token of an admin that is made for it.

    How often something is answered tells how far others are, so nobody who reads in an open round is told.

    Raises
    ------
    NotSignedIn
        It is asked from elsewhere without a token, or with one that holds no more.
    NotAllowed
        The token is not made for this, its person is no admin or reads in an open round; or somebody who is signed in
        asks with a browser.
    """
    request.scope["pattern"] = "/metrics"
    if "authorization" in request.headers:
        await _refuse(request)
    elif COOKIE in request.cookies:
        raise NotAllowed("metrics are for programs", hint="ask at this machine without a cookie, or with a token")
    elif not is_local(request):
        raise NotSignedIn("metrics are asked from this machine, or with a token of scope metrics")
    written = await run_in_threadpool(request.app.state.metrics.written)
    return Response(written, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


async def _refuse(request: Request) -> None:
    caller = caller_of(request)
    if caller is None:
        raise NotSignedIn("nobody is signed in")
    if caller.scope not in (account.Scope.METRICS, account.Scope.ALL):
        raise NotAllowed("this token is not made for that", expected=account.Scope.METRICS, found=caller.scope)
    if caller.person.role is not Role.ADMIN:
        raise NotAllowed("your role does not reach so far", expected=Role.ADMIN, found=caller.person.role)
    if await run_in_threadpool(reads_now, opened(request), caller.person):
        raise NotAllowed("whoever reads in an open round is not told how much is answered")
