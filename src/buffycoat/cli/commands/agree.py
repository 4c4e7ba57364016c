"""``buffycoat agree``, ``contradictions`` and ``query``: what the labels of a workspace say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import say, show_result
from buffycoat.domain.label import Standing
from buffycoat.domain.query import Query
from buffycoat.workflows.agreement import agree, agreement_text, list_contradictions
from buffycoat.workflows.selection import find_query, list_queries, save_query
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.statistics import count_database, statistics_text
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def agree_command(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    name: Annotated[
        str | None, typer.Option("--round", help="A closed round of two experts; default: the latest.")
    ] = None,
    level: Annotated[str, typer.Option(help="Level of the taxonomy: full, five-class, …")] = "full",
    seed: Annotated[int, typer.Option(help="Of the intervals, which draw whole smears.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print the two experts' matrix, raw agreement, Cohen's kappa, Gwet's AC1 and what is confused most."""
    with open_workspace(workspace) as opened:
        report = agree(opened, round_name=name, level=level, seed=seed)
    show_result(report, agreement_text(report), as_json=as_json)


def statistics(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    name: Annotated[
        str | None, typer.Option("--round", help="A closed round of two experts; default: the latest.")
    ] = None,
    level: Annotated[str, typer.Option(help="Level of the taxonomy for the counts by class.")] = "five-class",
    as_json: AsJson = False,
) -> None:
    """Count what the database holds: films, cells, labels, agreement, classes by either rule, cells boxed twice."""
    with open_workspace(workspace) as opened:
        found = count_database(opened, round_name=name, level=level)
    show_result(found, statistics_text(found), as_json=as_json)


def contradictions(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    level: Annotated[str, typer.Option(help="Level at which folder and experts are compared.")] = "five-class",
    as_json: AsJson = False,
) -> None:
    """List the cells whose folder contradicts what their experts say, the worst first."""
    with open_workspace(workspace) as opened:
        findings = list_contradictions(opened, level=level)
    cells = "1 cell" if len(findings) == 1 else f"{len(findings)} cells"
    lines = [f"{cells} whose folder contradicts an expert"]
    lines += [f"{found.kind:16} {found.origin}  {found.words}" for found in findings]
    show_result(list(findings), "\n".join(lines), as_json=as_json)


def query(  # noqa: PLR0913 (every condition of a query)
    name: Annotated[str | None, typer.Argument(help="Name of a query; without it, all are listed.")] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    save: Annotated[bool, typer.Option("--save", help="Keep the conditions below under this name.")] = False,
    title: Annotated[str, typer.Option(help="What people read.")] = "",
    standing: Annotated[list[Standing] | None, typer.Option(help="Where labels stand; several mean any.")] = None,
    term: Annotated[list[str] | None, typer.Option(help="Key of a term; a parent means its leaves too.")] = None,
    setup: Annotated[list[str] | None, typer.Option(help='"microscope / camera"; several mean any.')] = None,
    kept: Annotated[bool | None, typer.Option("--kept/--repeats", help="Without repeats, or only repeats.")] = None,
    masks: Annotated[bool | None, typer.Option("--masks/--no-masks", help="With a mask, or without one.")] = None,
    pixels: Annotated[bool | None, typer.Option("--pixels/--no-pixels", help="With a crop, or without.")] = None,
    of_round: Annotated[str | None, typer.Option(help="Only labels of this closed round count.")] = None,
    ids: Annotated[bool, typer.Option("--ids", help="Print the ids of the cells.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a saved question about cells, save one of your own, or list them with their counts."""
    with open_workspace(workspace) as opened:
        if name is None:
            counted = [(known, len(cells_of(opened, known))) for known in list_queries(opened)]
            text = "\n".join(f"{known.id:24} {count:8}  {known.title}".rstrip() for known, count in counted)
            show_result([{"query": known, "cells": count} for known, count in counted], text, as_json=as_json)
            return
        if not save and any(
            given not in (None, [], "") for given in (title, standing, term, setup, kept, masks, pixels, of_round)
        ):
            raise typer.BadParameter("conditions make a query of your own: add --save to keep it under this name")
        if save:
            asked = save_query(
                opened,
                Query(
                    id=name,
                    title=title,
                    standing=tuple(standing or ()),
                    terms=tuple(term or ()),
                    setups=tuple(setup or ()),
                    kept=kept,
                    with_masks=masks,
                    with_pixels=pixels,
                    round=of_round,
                ),
            )
        else:
            asked = find_query(opened, name)
        found = cells_of(opened, asked)
        held = len(cells_of(opened, asked, held=True)) - len(found)
    lines = [f"{asked.id}: {len(found)} cells{f' ({asked.title})' if asked.title else ''}"]
    if held > 0:
        lines.append(f"{held} more are held by an open round: nothing is told of their labels")
    show_result({"query": asked, "count": len(found), "held": held, "cells": found}, "\n".join(lines), as_json=as_json)
    if ids and found and not as_json:
        say("\n".join(found))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("agree")(agree_command)
    app.command()(statistics)
    app.command()(contradictions)
    app.command()(query)
