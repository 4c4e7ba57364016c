"""``buffycoat detect``: find the cells."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, EngineAddress, Side, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars
from buffycoat.settings import engine_for
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.finders import finders_for, load_finders
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
    filter_name: Annotated[
        str | None,
        typer.Option(
            "--filter",
            metavar="FILE_OR_NAME",
            help="A color filter that `buffycoat filter train` wrote, or the name of one that was saved in the studio; "
            "without it, the one chosen for each smear.",
        ),
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
    engine: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Find the cells of every field that these parameters have not seen yet."""
    finders = None
    path = None if filter_name is None else Path(filter_name)
    # No saved filter is called like a file.
    named = path is not None and path.suffix != ".json" and not path.is_file()
    if not named and (path or detector_file or both):
        finders = load_finders(filter_file=path, detector_file=detector_file, both=both)
    with open_workspace(workspace, engine=engine_for(workspace, engine)) as opened, progress_bars() as progress:
        if named:
            finders = finders_for(opened, filter_name=filter_name, detector_file=detector_file, both=both)
        tally = detect_cells(opened, side=side, border=border, finders=finders, again=again, progress=progress)
    finish([tally], as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(detect)
