"""Small commands about a workspace: ``digest``, ``config``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import show_result
from buffycoat.settings import read_settings
from buffycoat.workflows.digest import digest_workspace
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def digest(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Print one hash of all that the workspace holds, with ids and times mapped out."""
    with open_workspace(workspace) as opened:
        found = digest_workspace(opened)
    show_result({"digest": found}, found, as_json=as_json)


def config(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Print each setting, its value and where it came from."""
    settings, origins = read_settings(workspace)
    values = settings.model_dump()
    rows = {name: {"value": _shown(value), "from": origins[name]} for name, value in values.items()}
    lines = [
        f"{name} = {_shown(value) if isinstance(value, SecretStr) else repr(value)}  ({origins[name]})"
        for name, value in values.items()
    ]
    show_result(rows, "\n".join(lines), as_json=as_json)


def _shown(value: Any) -> Any:
    """Return a setting as it may be read by whoever looks at the screen."""
    if not isinstance(value, SecretStr):
        return value
    return "set (hidden)" if value.get_secret_value() else "not set"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (digest, config):
        app.command()(command)
