"""How a picture is sent: where it never changes under its id, a browser may keep it for a year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from starlette.types import Message

__all__ = ["PICTURE", "held", "kind_of", "picture_of", "send_picture", "written"]

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
_KEPT = KEPT_FOR_A_YEAR.encode()


def held(request: Request, name: str) -> Response | None:
    """Return the answer to a browser that holds this picture already; ``None`` where it does not."""
    shown = request.headers.get("if-none-match")
    if shown is None:
        return None
    tag = f'"{name}"'
    tags = [each.strip().removeprefix("W/") for each in shown.split(",")]
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": KEPT_FOR_A_YEAR}) if tag in tags else None


def kind_of(content: bytes) -> str:
    """Return the media type of a picture."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"


def picture_of(name: str, content: bytes) -> Response:
    """Return a picture that never changes under its name."""
    return Response(
        content, media_type=kind_of(content), headers={"ETag": f'"{name}"', "Cache-Control": KEPT_FOR_A_YEAR}
    )


def written(name: str, content: bytes) -> tuple[Message, Message]:
    """Return what ``picture_of`` would send, as the server takes it: nothing is made for one answer alone.

    Examples
    --------
    >>> start, body = written("c1-96", b"a picture")
    >>> start["headers"] == picture_of("c1-96", b"a picture").raw_headers, body["body"]
    (True, b'a picture')
    """
    headers = [
        (b"etag", f'"{name}"'.encode()),
        (b"cache-control", _KEPT),
        (b"content-length", str(len(content)).encode()),
        (b"content-type", kind_of(content).encode()),
    ]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    return start, {"type": "http.response.body", "body": content}


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
    return Response(content, media_type=kind_of(content), headers=headers)
