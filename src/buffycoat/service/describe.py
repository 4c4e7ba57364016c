"""Print the description of the service: ``python -m buffycoat.service.describe > frontend/openapi.json``."""

from __future__ import annotations

import json
import sys

from buffycoat.service.app import create_app

__all__ = ["describe", "main"]


def describe() -> str:
    """Return the OpenAPI description as JSON; the same routes give the same bytes."""
    page = create_app(None).openapi()
    return json.dumps(page, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the description to standard output."""
    sys.stdout.write(describe())


if __name__ == "__main__":
    main()
