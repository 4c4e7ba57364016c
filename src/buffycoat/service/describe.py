"""Print the description of the service: ``python -m buffycoat.service.describe > frontend/openapi.json``.

With the word ``guards`` it prints who may use which route, as the table of ``docs/people.md``.
"""

from __future__ import annotations

import json
import sys

from buffycoat.service.app import create_app
from buffycoat.service.guards import SAFE, RouteGuard, route_guards

__all__ = ["describe", "describe_guards", "main"]


def describe() -> str:
    """Return the OpenAPI description as JSON; the same routes give the same bytes."""
    page = create_app(None).openapi()
    return json.dumps(page, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def describe_guards() -> str:
    """Return the routes, who may use each, and what a token must be good for, as a table in Markdown."""
    lines = ["| route | who may | token |", "|---|---|---|"]
    lines += [
        f"| `{each.method} {each.path}` | {each.guard.who if each.guard else ''} | {_token(each)} |"
        for each in route_guards(create_app(None))
    ]
    return "\n".join(lines) + "\n"


def _token(route: RouteGuard) -> str:
    if route.guard is None or route.guard.anybody:
        return ""
    if route.guard.browser:
        return "none"
    return "read" if route.method in SAFE else route.guard.scope


def main() -> None:
    """Write the description to standard output."""
    sys.stdout.write(describe_guards() if "guards" in sys.argv[1:] else describe())


if __name__ == "__main__":
    main()
