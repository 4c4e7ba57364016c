"""``buffycoat backup``: a copy of the workspace, made while people go on with their work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.domain.keeping import BackupSummary
from buffycoat.workflows.keeping.backup import back_up

__all__ = ["register", "size_text"]

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_text(size: int) -> str:
    """Return a size as people read it.

    Examples
    --------
    >>> size_text(999), size_text(142_690_137)
    ('999 bytes', '142.7 MB')
    """
    number, unit = float(size), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.1f} {_UNITS[unit]}" if unit else f"{size} bytes"


def backup(
    target: Annotated[Path, typer.Argument(metavar="PLACE", help="A folder, or a name that ends in .zip.")],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Copy the workspace while people go on labeling; into a folder from before, only what it lacks is copied.

    Database, photographs, crops, releases, reports, settings: all as of one moment. Every byte is compared with its
    digest. A backup holds what the workspace holds, passwords' hashes and secrets too: keep it as safe.
    """
    with progress_bars() as show:
        summary = back_up(workspace, target, progress=show)
    show_result(summary, _text(summary), as_json=as_json)


def _text(summary: BackupSummary) -> str:
    moment, size = f"{summary.made_at:%Y-%m-%d %H:%M:%S} UTC", size_text(summary.size_bytes)
    lines = [
        f"backup of {moment} in {summary.backup}: {summary.files} files, {size}",
        f"copied {summary.copied} ({size_text(summary.copied_bytes)}), {summary.kept} were there already"
        + (f", removed {summary.removed} that the workspace no longer has" if summary.removed else ""),
        *(f"passed over {name}: {reason}" for name, reason in summary.passed_over),
        f"manifest {summary.manifest}",
    ]
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backup)
