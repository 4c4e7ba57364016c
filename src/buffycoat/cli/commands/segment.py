"""``buffycoat segment``: draw nucleus and cell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars
from buffycoat.workflows.segment import segment_cells
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def segment(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    method: Annotated[str, typer.Option(help="Method of the nucleus: best, easy-gt, …")] = "best",
    term: Annotated[
        list[str] | None, typer.Option(help="Only cells on which the experts agreed for this term; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw nucleus and whole cell of the kept cells; where nothing is found, the mask says so with its reason."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        tally = segment_cells(opened, method=method, terms=tuple(term or ()), progress=progress)
    finish([tally], as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(segment)
