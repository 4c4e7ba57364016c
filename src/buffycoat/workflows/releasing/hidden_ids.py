"""Ids that go out: made with a secret of the workspace, so that nobody can try codes of slides until one fits."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter

from buffycoat.publish.sealed import Contents
from buffycoat.workflows.workspace import Workspace

__all__ = ["ID", "hide_ids", "inward_ids", "outward_ids"]

ID: Final = re.compile(r"\b[scf][0-9a-f]{24}\b")
_CONTENTS: Final = TypeAdapter(Contents)
_SECRET: Final = "release.secret"  # noqa: S105 (the name of the file that holds it)


def hide_ids(workspace: Workspace, contents: Contents) -> tuple[Contents, dict[str, str]]:
    """Return the contents under other ids, and which id of the workspace each of them stands for.

    An id is derived from what it names, a smear's from site and code; a code is short, and a date at times. The same
    workspace gives the same ids in each of its releases, so that releases can be compared. Nothing is hidden of drawn
    smears, so that everybody's demo is the same.
    """
    secret = b"drawn" if contents.simulated else _secret(workspace)
    names: dict[str, str] = {}

    def hidden(found: re.Match[str]) -> str:
        known = found[0]
        if known not in names:
            names[known] = _hidden(secret, known)
        return names[known]

    text = ID.sub(hidden, _CONTENTS.dump_json(contents).decode())
    return _CONTENTS.validate_json(text), {name: known for known, name in names.items()}


def outward_ids(workspace: Workspace, key: str) -> frozenset[str]:
    """Return all ids under which something may stand in a release: from before ids were hidden, its own."""
    path = workspace.folder / _SECRET
    known = (b"drawn", *((path.read_bytes(),) if path.exists() else ()))
    return frozenset({key, *(_hidden(secret, key) for secret in known)})


def inward_ids(workspace: Workspace, keys: Iterable[str]) -> dict[str, str]:
    """Return, of each id under which something may stand in a release, which id of the workspace it stands for."""
    path = workspace.folder / _SECRET
    secrets_known = (b"drawn", *((path.read_bytes(),) if path.exists() else ()))
    return {name: key for key in keys for name in (key, *(_hidden(each, key) for each in secrets_known))}


def _hidden(secret: bytes, known: str) -> str:
    return known[0] + hmac.new(secret, known.encode(), "sha256").hexdigest()[:24]


def _secret(workspace: Workspace) -> bytes:
    """Return the workspace's secret, made when it is first needed."""
    path = workspace.folder / _SECRET
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(file, "wb") as opened:
        opened.write(secrets.token_hex(32).encode())
    return path.read_bytes()
