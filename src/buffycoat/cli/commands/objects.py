"""``buffycoat objects``: where photographs, crops and documents lie, and how they come to another place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.errors import InputError
from buffycoat.workflows import moving

__all__ = ["register"]

commands = typer.Typer(no_args_is_help=True)
_VERSIONING = {
    "on": "the bucket keeps older versions of what is removed",
    "unknown": "this account may not ask whether the bucket keeps older versions",
}


@commands.callback()
def objects() -> None:
    """Photographs, crops and documents of a workspace: where they lie, and to another place with them."""


@commands.command()
def show(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Show where the objects of a workspace are."""
    found = moving.where_objects_are(workspace)
    lines = [found.address]
    if found.versioning is not None:
        lines.append(f"  {_VERSIONING[found.versioning]}")
    if found.before is not None:
        lines.append(f"  and still at {found.before}: `buffycoat objects drop-old` removes them there")
    show_result(found, "\n".join(lines), as_json=as_json)


@commands.command("copy")
def copy_(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ADDRESS", help="s3://BUCKET/PREFIX, a whole path, or an address of fsspec."),
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="Into the folder of the workspace again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring all objects to another place, compared one by one; the same command again goes on.

    People may go on with their work. When all are there, the workspace has them there from then on; nothing is removed
    where they were.
    """
    if (to is None) is not back:
        raise InputError(
            "it is not said where to", expected="--to ADDRESS, or --back", found="both" if to else "neither"
        )
    with progress_bars() as progress:
        done = moving.copy_objects(workspace, to, progress=progress)
    lines = [
        f"{done.objects:,} objects ({done.size_bytes:,} bytes) are at {done.address}, each with its digest",
        f"  {done.objects - done.there:,} were sent, {done.there:,} were there already",
        f"they lie at {done.before}, too: `buffycoat objects drop-old` removes them there",
    ]
    show_result(done, "\n".join(lines), as_json=as_json)


@commands.command("drop-old")
def drop_old(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Remove objects at the place where they were before, each after it was compared at the new one."""
    with progress_bars() as progress:
        done = moving.drop_old_objects(workspace, progress=progress)
    lines = [f"{done.removed:,} objects removed at {done.address}"]
    if done.versions_left:
        lines.append(f"  older versions of {done.versions_left:,} stay: this account may not remove them")
    show_result(done, "\n".join(lines), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="objects")
