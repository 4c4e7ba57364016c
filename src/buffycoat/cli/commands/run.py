"""``buffycoat run``: the main job."""

from __future__ import annotations

from pathlib import Path

import typer

from buffycoat.cli.options import AsJson, EngineAddress, Photographs, Side, WorkspaceFolder
from buffycoat.cli.output import finish, ingest_text, progress_bars
from buffycoat.cli.record import takes_record
from buffycoat.settings import engine_for, read_settings
from buffycoat.workflows.ingest import IngestOptions, Record
from buffycoat.workflows.run import RunSummary, run_photographs
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def run(  # noqa: PLR0913 (one for each option)
    photographs: Photographs,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    record: Record,
    options: IngestOptions,
    metadata: Path | None,
    side: Side = None,
    engine: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Photographs in, cells found, repeats marked, crops ready to label, and a summary to look at.

    Interrupted at any moment, the same command again finishes the work without doing any of it twice.
    """
    settings, _ = read_settings(workspace, max_megapixels=options.max_megapixels)
    with (
        open_workspace(workspace, create=True, engine=engine_for(workspace, engine)) as opened,
        progress_bars() as progress,
    ):
        summary = run_photographs(
            opened,
            photographs,
            record=record,
            metadata=metadata,
            options=options.within(settings.max_megapixels),
            side=side,
            progress=progress,
        )
    finish(summary.tallies, as_json=as_json, text=_text(summary, workspace), result=summary)


def _text(summary: RunSummary, workspace: Path) -> str:
    funnels = summary.funnels
    lines = [ingest_text(summary.ingest)]
    lines += [
        f"smear {funnel.smear.code}: {funnel.photographs} photographs, {funnel.elements} elements found, "
        f"{funnel.repeats} repeats, {funnel.covered} photographs covered, {funnel.kept} cells left"
        for funnel in funnels
    ]
    return "\n".join([*lines, f"summary: {workspace / 'summary.html'}", f"look:    buffycoat serve -w {workspace}"])


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(takes_record(run))
