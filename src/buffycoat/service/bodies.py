"""How much may be sent: a body is read before anybody asks who sends it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MOST_BYTES", "BodyLimit"]

MOST_BYTES = 4 * 1024 * 1024
"""Five hundred answers with their comments are a tenth of it."""


class BodyLimit:
    """Refuses a body as soon as it is larger than any that a route takes, whatever its header says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what is read of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
