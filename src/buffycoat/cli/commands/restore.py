"""``buffycoat restore``: a workspace out of a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.commands.backup import size_text
from buffycoat.cli.options import AsJson
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.domain.keeping import RestoreSummary
from buffycoat.workflows.keeping import restore as keeping

__all__ = ["register"]


def restore(
    backup: Annotated[Path, typer.Argument(help="The folder or zip of a backup.", show_default=False)],
    workspace: Annotated[Path, typer.Argument(help="A new folder, or an empty one.", show_default=False)],
    *,
    expect: Annotated[
        str | None, typer.Option(metavar="DIGEST", help="Of the manifest, as it was noted: fails where it is another.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring a workspace back from a backup; every byte is compared with its digest, and nothing is overwritten."""
    with progress_bars() as show:
        summary = keeping.restore(backup, workspace, expect=expect, progress=show)
    show_result(summary, _text(summary), as_json=as_json)


def _text(summary: RestoreSummary) -> str:
    log = (
        f"the audit log holds, {summary.entries} entries"
        if summary.audited
        else "made by an older buffycoat: the next command brings its schema up to date, then `buffycoat audit verify`"
    )
    return (
        f"{summary.workspace} is as it was on {summary.made_at:%Y-%m-%d %H:%M:%S} UTC: {summary.files} files, "
        f"{size_text(summary.size_bytes)}, each with the right digest\n{log}"
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(restore)
