"""The certificate of the studio's own authority, for phones to trust: see docs/capture.md."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

__all__ = ["certificate_route"]


async def _authority(request: Request) -> Response:
    request.scope["pattern"] = "/ca.crt"
    content: bytes | None = request.app.state.authority
    if content is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": 'attachment; filename="buffycoat-ca.crt"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/x-x509-ca-cert", headers=headers)


def certificate_route() -> Route:
    """Return the route, which stands beside ``/api``: people type it into a phone."""
    return Route("/ca.crt", _authority)
