"""``buffycoat demo``: the whole way on drawn smears."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.commands.serve import serve_workspace
from buffycoat.cli.options import AsJson
from buffycoat.cli.output import say, show_result
from buffycoat.settings import read_settings
from buffycoat.workflows.demo import DemoSummary, RoomLine, run_demo
from buffycoat.workflows.people import DEMO
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the demo workspace.")] = Path("demo-workspace"),
    *,
    seed: Annotated[int, typer.Option(help="Seed of the drawing and of the simulated experts.")] = 0,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop when the report is written.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Draw smears, take them through all eight rooms with two simulated experts, and serve the studio."""
    settings, _ = read_settings(folder, host=host, port=port)
    say_line = None if as_json else lambda line: say(_text(line))
    if not as_json:
        say("Simulated: drawn smears, simulated experts.")
    with open_workspace(folder, create=True) as workspace:
        summary = run_demo(workspace, seed=seed, tell=say_line)
    if as_json:
        show_result(summary, "", as_json=True)
    else:
        say(_end(summary, folder))
    if not no_serve:
        serve_workspace(folder, settings)


def _text(line: RoomLine) -> str:
    return f"{line.room:8} {line.text} · {line.seconds:.1f} s"


def _end(summary: DemoSummary, folder: Path) -> str:
    seconds = sum(line.seconds for line in summary.lines)
    names = ", ".join(f"{handle} ({role})" for handle, role in DEMO.items())
    return (
        f"done in {seconds:.1f} s; workspace {folder}, report {folder / summary.report}\n"
        f"sign in without a password, at this machine, as {names}"
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)
