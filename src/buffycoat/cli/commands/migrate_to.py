"""``buffycoat migrate-to``: the rows of a workspace, from the file in its folder to a database server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, say, show_result
from buffycoat.errors import InputError
from buffycoat.workflows.moving import cancel_move, move_workspace
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

Address = Annotated[
    str | None,
    typer.Argument(
        metavar="ADDRESS", help="Of an empty database: postgresql://USER@HOST/DATABASE.", show_default=False
    ),
]


def migrate_to(
    address: Address = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="Give up a move that was broken off: the workspace stays where it is.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Move a workspace from SQLite to PostgreSQL, compared row by row; the same command again goes on.

    People may go on labeling meanwhile. In its last step what they send is refused with a reason, and devices keep it
    until the studio is started anew.
    """
    if cancel:
        cancel_move(workspace)
        say("the workspace stays where it is, and can be written to again")
        return
    if address is None:
        raise InputError("no database is named", expected="postgresql://USER@HOST/DATABASE", found="nothing")
    with progress_bars() as progress:
        done = move_workspace(workspace, address, progress=progress)
    with open_workspace(workspace):
        pass  # as everybody will from now on
    lines = [
        f"{sum(done.rows.values()):,} rows in {len(done.rows)} tables are in {done.address}, each as it was",
        f"  digest of all rows, here and there: {done.digest}",
        f"  {done.entries:,} entries of the audit log followed; {done.late:,} rows came while others were taken over",
        "start `buffycoat serve` and whatever else is running anew; the old database is read-only and may be kept",
    ]
    show_result(done, "\n".join(lines), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="migrate-to")(migrate_to)
