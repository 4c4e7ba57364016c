"""Errors as RFC 9457 problems: the same words as on the command line, with the code and the hint."""

from __future__ import annotations

import logging
from dataclasses import asdict, fields
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, InputError, NotFound

__all__ = ["RESPONSES", "Problem", "install", "title_of", "told"]

MEDIA_TYPE = "application/problem+json"
DESCRIPTION = "the description of the service is at /api/openapi.json"


def told(*statuses: int, **phrases: str) -> dict[int | str, dict[str, Any]]:
    """Return how a description tells of problems; ``phrases``: of statuses that HTTP has no word for, as ``s460``."""
    words = {status: HTTPStatus(status).phrase for status in statuses}
    words |= {int(name[1:]): phrase for name, phrase in phrases.items()}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": phrase, "content": content} for status, phrase in words.items()}


RESPONSES = told(401, 403, 404, 409, 413, 422, 429, 503)
"""What every route may answer besides its own; for the description."""

log = logging.getLogger(__name__)


@value
class Problem:
    """What went wrong, in the form of RFC 9457.

    ``type`` leads to what ``code`` means; ``hint`` says what to do next.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str


def install(app: FastAPI) -> None:
    """Make the application answer every error with a problem, and describe it."""
    app.add_exception_handler(BuffycoatError, _buffycoat)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(UnicodeEncodeError, _cut)
    app.add_exception_handler(Exception, _unexpected)
    plain = app.openapi

    def described() -> dict[str, Any]:
        page = plain()
        page["components"]["schemas"]["Problem"] = _SCHEMA
        return page

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend the description


_PARTS = tuple(part.name for part in fields(Problem))
_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": Problem.__doc__,
    "required": list(_PARTS),
    "properties": {name: {"type": "integer" if name == "status" else "string"} for name in _PARTS},
}


def _answer(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(asdict(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _problem(status: int, *, code: str, title: str, detail: str, hint: str) -> Problem:
    # It may hold what was sent, and with it half a character, which cannot be sent back.
    whole = detail.encode(errors="backslashreplace").decode()
    return Problem(type=f"/api/errors/{code}", title=title, status=status, detail=whole, code=code, hint=hint)


def title_of(error: type[BuffycoatError]) -> str:
    """Return the first sentence of the class's description."""
    return (error.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def _buffycoat(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, BuffycoatError):
        raise TypeError(type(error).__name__) from error
    problem = _problem(
        error.http_status, code=error.code, title=title_of(type(error)), detail=str(error), hint=error.hint
    )
    return _answer(problem, None if error.retry_after is None else {"Retry-After": str(error.retry_after)})


def _invalid(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise TypeError(type(error).__name__) from error
    found = "; ".join(f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors())
    return _answer(
        _problem(
            InputError.http_status,
            code=InputError.code,
            title=title_of(InputError),
            detail=found,
            hint=DESCRIPTION,
        )
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise TypeError(type(error).__name__) from error
    if error.status_code == HTTPStatus.BAD_REQUEST:  # said of a body only
        return _buffycoat(request, InputError("the body is no JSON in UTF-8", hint=DESCRIPTION))
    phrase = HTTPStatus(error.status_code).phrase
    code = NotFound.code if error.status_code == HTTPStatus.NOT_FOUND else BuffycoatError.code
    detail = f"{request.method} {request.url.path}: {phrase.lower()}"
    problem = _problem(error.status_code, code=code, title=phrase, detail=detail, hint=DESCRIPTION)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods_of(request))
    return _answer(problem, headers)


def _cut(request: Request, _: Exception) -> JSONResponse:
    # JSON can spell one half of a character, as of a word that a page has cut to a length. It can be kept nowhere.
    return _buffycoat(request, InputError("the body holds half a character", expected="whole ones", hint=DESCRIPTION))


def _methods_of(request: Request) -> list[str]:
    """Return the methods of all routes of a path; the framework names those of the first."""
    path = request.url.path.removeprefix("/api")
    routes = [route for router in request.app.state.routers for route in router.routes]
    return sorted({method for route in routes if route.path_regex.match(path) for method in route.methods})


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # The pattern, not the address: that of an invitation is the invitation.
    log.error("unexpected error at %s", getattr(request.scope.get("route"), "path", "/"), exc_info=error)
    return _answer(
        _problem(
            500,
            code=BuffycoatError.code,
            title="Unexpected error",
            detail="the service met an error that it does not know; its log holds the details",
            hint="report it with the lines of the log",
        )
    )
