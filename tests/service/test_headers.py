"""What every answer says to the browser."""

from __future__ import annotations

import httpx
import pytest


@pytest.mark.parametrize("path", ["/", "/api/overview", "/api/nothing", "/fields/anything"])
def test_nothing_from_elsewhere_and_no_framing(client: httpx.Client, path: str):
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert policy["frame-ancestors"] == "'none'"
    assert policy["worker-src"] == policy["manifest-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-cache"
