"""``buffycoat detect``: find the cells."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, Side, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars
from buffycoat.workflows.detect import detect_cells, load_finders
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


class Border(StrEnum):
    """What becomes of a box that leaves the field."""

    PAD = "pad"
    SHIFT = "shift"


def detect(  # noqa: PLR0913 (one for each option)
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    side: Side = None,
    border: Annotated[
        Border, typer.Option(help="Pad crops that leave the field, or shift their boxes inside, as Raabin does.")
    ] = Border.PAD,
    filter_file: Annotated[
        Path | None, typer.Option("--filter", help="A color filter that `buffycoat filter train` wrote.")
    ] = None,
    detector_file: Annotated[
        Path | None,
        typer.Option(
            "--detector", help="A network that `buffycoat detector train` wrote; it looks instead of the filter."
        ),
    ] = None,
    both: Annotated[
        bool, typer.Option("--both", help="With --detector: filter and network look, and are joined.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Search anew what an earlier version has searched.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find the cells of every field that these parameters have not seen yet."""
    finders = load_finders(filter_file=filter_file, detector_file=detector_file, both=both)
    with open_workspace(workspace) as opened, progress_bars() as progress:
        tally = detect_cells(opened, side=side, border=border, finders=finders, again=again, progress=progress)
    finish([tally], as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(detect)
