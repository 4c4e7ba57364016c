"""``buffycoat label``: open a round, enter an expert's answers, see where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import show_result
from buffycoat.workflows.label import RoundStanding, enter_label_table, open_round, round_standing, write_queue
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def label(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    name: Annotated[str, typer.Option("--round", help="Name of the round.")] = "first",
    experts: Annotated[
        list[str] | None, typer.Option("--open-for", help="Open the round for these experts (two in the paper).")
    ] = None,
    expert: Annotated[str | None, typer.Option(help="Whose table is entered or written.")] = None,
    table: Annotated[
        Path | None,
        typer.Option(help="Enter the answers of this CSV: cell, label, seconds; rows without a label wait."),
    ] = None,
    queue: Annotated[
        Path | None, typer.Option(help="Write the expert's cells, in their own order, to this new CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Open a round over the kept cells, enter answers, and print where it stands.

    Agreement is told only once every expert has read every cell.
    """
    if (table or queue) and not expert:
        raise typer.BadParameter("say whose table it is: --expert NAME")
    with open_workspace(workspace) as opened:
        if experts:
            open_round(opened, name=name, experts=experts)
        if table and expert:
            enter_label_table(opened, name, expert, table)
        if queue and expert:
            write_queue(opened, name, expert, queue)
        standing = round_standing(opened, name)
    show_result(standing, _text(standing), as_json=as_json)


def _text(standing: RoundStanding) -> str:
    given = ", ".join(f"{who} {count}" for who, count in zip(standing.experts, standing.given, strict=True))
    line = f"round {standing.name}: {standing.cells} cells; labels given: {given}"
    if not standing.closed:
        return f"{line}; open, so agreement is not told yet"
    agreement = "" if standing.raw_agreement is None else f"; raw agreement {standing.raw_agreement:.4f}"
    kappa = "" if standing.kappa is None else f", Cohen's kappa {standing.kappa:.4f}"
    mark = " (simulated experts)" if standing.simulated else ""
    return f"{line}; closed{agreement}{kappa}{mark}"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(label)
