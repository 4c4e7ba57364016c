"""``buffycoat metadata``: what is recorded, out to a spreadsheet and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import show_result
from buffycoat.workflows.metadata import correct_metadata, write_metadata
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def metadata(
    table: Annotated[Path, typer.Argument(help="A table, .xlsx or .csv: written where it is not there, else read.")],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Write a row a photograph into a new table; given a table that is there, record what it says otherwise of smears.

    Stain, diagnosis, subject, sex, age band and ethics reference can be corrected; what was recorded before stays.
    """
    with open_workspace(workspace) as opened:
        if not table.exists():
            rows = write_metadata(opened, table)
            text = f"wrote {table.name}: {rows} photographs. Change facts of smears in it, and give it again"
            show_result({"table": table.name, "rows": rows}, text, as_json=as_json)
            return
        made = correct_metadata(opened, table)
    lines = [f"{len(made)} smears corrected"]
    lines += [f"{one.smear_id}: {', '.join(f'{key} {value}' for key, value in one.facts.items())}" for one in made]
    show_result(list(made), "\n".join(lines), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(metadata)
