"""How a picture is sent: where it never changes under its id, a browser may keep it for a year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response

__all__ = ["PICTURE", "send_picture"]

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The picture.",
        "content": {
            "image/jpeg": {"schema": {"type": "string", "format": "binary"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
        },
    },
    304: {"description": "The copy that the browser holds is right."},
}
"""What a picture route answers, for the description."""

KEPT_FOR_A_YEAR = "private, max-age=31536000, immutable"
ASKED_AGAIN = "private, no-cache"


def send_picture(request: Request, *, name: str, draw: Callable[[], bytes], forever: bool = True) -> Response:
    """Answer with a picture, or with 304 where the browser holds it already.

    Parameters
    ----------
    request : Request
        Its ``If-None-Match`` is compared.
    name : str
        Id and size. Ids are derived from content, so the name is a sound entity tag.
    draw : callable
        Makes the bytes, JPEG or PNG; not called for a 304.
    forever : bool
        Whether the picture at this address never changes; otherwise browsers ask each time whether it did.
    """
    headers = {"ETag": f'"{name}"', "Cache-Control": KEPT_FOR_A_YEAR if forever else ASKED_AGAIN}
    held = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in held:
        return Response(status_code=304, headers=headers)
    content = draw()
    media_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return Response(content, media_type=media_type, headers=headers)
