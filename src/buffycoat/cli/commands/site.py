"""``buffycoat site``: the public site of a sealed release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.workflows.site import site_of

__all__ = ["register"]


def site(
    release: Annotated[str, typer.Argument(help="Version of a release, or a release's folder anywhere.")],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    out: Annotated[Path, typer.Option(help="Where to: a folder that is not there yet, or empty.")],
    older: Annotated[
        list[str] | None, typer.Option(help="A release before this one, oldest first: what changed is told.")
    ] = None,
    archives: Annotated[
        bool, typer.Option("--archives/--no-archives", help="Pack zip files to download, beside the files themselves.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Build the public site of a sealed release: a folder to put on a web server, or to open from a disk."""
    with progress_bars() as progress:
        built = site_of(workspace, release, out, older=tuple(older or ()), archives=archives, progress=progress)
    crops = f" and {built.crops:,} crops that came alone" if built.crops else ""
    text = (
        f"site of release {built.version}: {built.cells:,} cells of {built.fields:,} photographs{crops}, "
        f"{built.files:,} files beside the release; open {built.index}"
    )
    show_result(built, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(site)
