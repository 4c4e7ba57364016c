"""Small commands about a workspace: ``digest``, ``config``."""

from __future__ import annotations

from pathlib import Path

import typer

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
    rows = {name: {"value": value, "from": origins[name]} for name, value in settings.model_dump().items()}
    text = "\n".join(f"{name} = {row['value']!r}  ({row['from']})" for name, row in rows.items())
    show_result(rows, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (digest, config):
        app.command()(command)
