"""``buffycoat clean``: mark the repeats."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


class Method(StrEnum):
    """How two crops are compared."""

    REGISTERED = "registered"
    PAPER = "paper"


def clean(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    method: Annotated[Method, typer.Option(help="How two crops are compared.")] = Method.REGISTERED,
    as_json: AsJson = False,
) -> None:
    """Mark pictures of one cell, keep the sharpest, name photographs that another one covers. Nothing is deleted."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        tally = clean_cells(opened, method=method, progress=progress)
    finish([tally], as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(clean)
