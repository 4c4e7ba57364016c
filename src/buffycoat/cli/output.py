"""What commands print: text for people, one JSON object for programs, progress on standard error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from buffycoat.cli.visible import visible
from buffycoat.workflows.ingest import IngestSummary
from buffycoat.workflows.runs import Progress as RoomProgress
from buffycoat.workflows.runs import ShowProgress, Tally

__all__ = ["REFUSED", "finish", "ingest_text", "progress_bars", "say", "show_result"]

REFUSED = 1


def say(text: str, *, err: bool = False) -> None:
    """Print a line for people."""
    typer.echo(visible(text), err=err)


def show_result(result: Any, text: str, *, as_json: bool) -> None:
    """Print a result: as one JSON object, or as text."""
    if as_json:
        typer.echo(TypeAdapter(type(result)).dump_json(result, indent=1).decode())
    else:
        say(text)


def finish(tallies: Sequence[Tally], *, as_json: bool, text: str = "", result: Any = None) -> None:
    """Print what came of the work, name each refusal with its code, and leave with the status that tells.

    Raises
    ------
    typer.Exit
        With status 1 where something was refused.
    """
    lines = [
        f"{tally.room}: {tally.done} done, {tally.before} done before, {len(tally.refused)} refused"
        for tally in tallies
    ]
    show_result(list(tallies) if result is None else result, text or "\n".join(lines), as_json=as_json)
    for tally in tallies:
        if tally.older:
            typer.echo(
                f"{tally.room}: {tally.older} were done by an earlier version of this work and are left as they are; "
                "--again does them anew, and cells that people labeled stay as they are",
                err=True,
            )
        for outcome in tally.refused:
            say(f"refused [{outcome.code}] {outcome.subject}: {outcome.message}", err=True)
    if any(tally.refused for tally in tallies):
        raise typer.Exit(REFUSED)


def ingest_text(summary: IngestSummary) -> str:
    """Say in a line or two what came in."""
    tally = summary.tally
    here = f", {tally.before} done before" if tally.before else ""
    counts = f"{len(tally.repeats)} exact repeats, {len(tally.refused)} refused"
    line = f"ingest: {tally.done} photographs taken in{here}, {counts}"
    if summary.passed_over:
        line += f", {len(summary.passed_over)} files passed over"
    if summary.orientation_tags:
        line += (
            f"\nwith an EXIF orientation tag, which was not applied: {summary.orientation_tags} "
            "(`buffycoat orient` shows the four turns)"
        )
    return line


class _Rate(TextColumn):
    """Items a second; rich knows only speeds of bytes."""

    def __init__(self) -> None:
        super().__init__("{task.fields[rate]}")


@contextmanager
def progress_bars() -> Iterator[ShowProgress]:
    """Show how far each room is, its rate and the time left; nothing where nobody watches."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:8}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: RoomProgress) -> None:
            if step.room not in tasks:
                tasks[step.room] = bars.add_task(step.room, total=step.total, rate="")
            task = bars.tasks[tasks[step.room]]
            elapsed = task.elapsed or 0.0
            rate = f"{step.done / elapsed:.1f}/s" if elapsed > 0 else ""
            bars.update(tasks[step.room], completed=step.done, total=step.total, rate=rate)

        yield show
