"""``buffycoat detect``: find the cells."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, Side, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


class Border(StrEnum):
    """What becomes of a box that leaves the field."""

    PAD = "pad"
    SHIFT = "shift"


def detect(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    side: Side = None,
    border: Annotated[
        Border, typer.Option(help="Pad crops that leave the field, or shift their boxes inside, as Raabin does.")
    ] = Border.PAD,
    as_json: AsJson = False,
) -> None:
    """Find the cells of every field that these parameters have not seen yet."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        tally = detect_cells(opened, side=side, border=border, progress=progress)
    finish([tally], as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(detect)
