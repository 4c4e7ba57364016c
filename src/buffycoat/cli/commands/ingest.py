"""``buffycoat ingest``: photographs in; ``buffycoat orient``: which way up they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, EngineAddress, Photographs, WorkspaceFolder
from buffycoat.cli.output import finish, ingest_text, progress_bars, show_result
from buffycoat.cli.record import takes_record
from buffycoat.settings import engine_for, read_settings
from buffycoat.workflows.ingest import IngestOptions, Record, ingest_photographs, preview_turns
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def ingest(
    photographs: Photographs,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    record: Record,
    options: IngestOptions,
    metadata: Path | None,
    engine: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Take photographs in: stripped of what is private, measured, each once."""
    settings, _ = read_settings(workspace, max_megapixels=options.max_megapixels)
    with (
        open_workspace(workspace, create=True, engine=engine_for(workspace, engine)) as opened,
        progress_bars() as progress,
    ):
        summary = ingest_photographs(
            opened,
            photographs,
            record=record,
            metadata=metadata,
            options=options.within(settings.max_megapixels),
            progress=progress,
        )
    finish([summary.tally], as_json=as_json, text=ingest_text(summary), result=summary)


def orient(
    photographs: Photographs,
    out: Annotated[Path, typer.Option(help="Picture to write.")] = Path("turns.png"),
    *,
    as_json: AsJson = False,
) -> None:
    """Show the first photograph in its four quarter turns, to choose --turns from."""
    name, tag = preview_turns(photographs, out)
    said = "no EXIF orientation" if tag is None else f"EXIF orientation {tag}, which is not applied"
    show_result(
        {"picture": str(out), "photograph": name, "exif_orientation": tag},
        f"{out} shows {name} ({said}) in its four quarter turns: choose the right one with --turns",
        as_json=as_json,
    )


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(takes_record(ingest))
    app.command()(orient)
