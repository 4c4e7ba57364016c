"""Ask osv.dev which of our pins have a published fault; without a network it says that nobody looked.

Names and versions of public packages go out, and nothing else. ``--strict`` fails where nobody could be asked, as before
a release. What was looked at and does not touch us stands in ``requirements/accepted-faults.toml``, with its reason.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
ACCEPTED = ROOT / "requirements" / "accepted-faults.toml"
ADDRESS = "https://api.osv.dev/v1/querybatch"
AT_ONCE = 500
PATIENCE_S = 10.0


def pins(requirements: str, lock: str) -> list[tuple[str, str, str]]:
    """Return ecosystem, name and version of all that is pinned."""
    found = {
        ("PyPI", name, version)
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", requirements, re.MULTILINE)
    }
    for place, package in json.loads(lock)["packages"].items():
        if "node_modules/" in place and not package.get("link"):
            found.add(("npm", place.rpartition("node_modules/")[2], package["version"]))
    return sorted(found)


def ask(
    wanted: list[tuple[str, str, str]], client: httpx.Client, address: str
) -> dict[tuple[str, str, str], list[str]]:
    """Return the ids of known faults by pin.

    Raises
    ------
    httpx.HTTPError, ValueError
        Nobody answered, or not what was asked.
    """
    faults: dict[tuple[str, str, str], list[str]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        queries = [
            {"package": {"ecosystem": system, "name": name}, "version": version} for system, name, version in some
        ]
        answer = client.post(address, json={"queries": queries})
        answer.raise_for_status()
        told = answer.json()
        if not isinstance(told, dict):
            raise ValueError("an answer of another kind")  # noqa: TRY004 (of what came, not of our own types)
        results: list[dict[str, Any]] = told.get("results", [])
        for pin, result in zip(some, results, strict=True):
            ids = sorted(each["id"] for each in (result or {}).get("vulns", ()))
            if ids:
                faults[pin] = ids
    return faults


def main(arguments: list[str], client: httpx.Client | None = None) -> int:
    requirements = "\n".join(each.read_text() for each in sorted((ROOT / "requirements").glob("*.txt")))
    wanted = pins(requirements, (ROOT / "frontend" / "package-lock.json").read_text())
    accepted: dict[str, str] = tomllib.loads(ACCEPTED.read_text())["accepted"]
    try:
        with client or httpx.Client(timeout=PATIENCE_S) as asked:
            faults = ask(wanted, asked, os.environ.get("OSV_ADDRESS", ADDRESS))
    except (httpx.HTTPError, ValueError) as error:
        sys.stdout.write(
            f"known faults: NOT LOOKED AT, as osv.dev does not answer ({type(error).__name__}); {len(wanted)} pins\n"
        )
        return 1 if "--strict" in arguments else 0
    new = {pin: left for pin, ids in faults.items() if (left := [each for each in ids if each not in accepted])}
    for (system, name, version), ids in new.items():
        sys.stderr.write(f"{system} {name} {version}: {', '.join(ids)}\n")
    sys.stderr.write(
        "take a newer version, or enter why it does not touch us in requirements/accepted-faults.toml\n" * bool(new)
    )
    sys.stdout.write(
        f"known faults: {len(wanted)} pins asked for, {len(new)} of them with a fault that nobody has looked at\n"
    )
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
