"""``buffycoat publish``: seal a release, or check one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import show_result
from buffycoat.settings import read_settings
from buffycoat.workflows.publish import publish_release, verify_release
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def publish(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    version: Annotated[str, typer.Option(help="Version of the release.")] = "1",
    license_name: Annotated[str | None, typer.Option("--license", help="License named in the release.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the split.")] = 0,
    verify: Annotated[bool, typer.Option("--verify", help="Check the files of a sealed release instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Seal the cells on which the experts agree: split by person and set-up, described, with a digest for each file."""
    with open_workspace(workspace) as opened:
        if verify:
            files = verify_release(opened, version)
            show_result(
                {"version": version, "files": files},
                f"release {version}: {files} files are as they were sealed",
                as_json=as_json,
            )
            return
        settings, _ = read_settings(workspace, release_license=license_name)
        release = publish_release(opened, version=version, license_name=settings.release_license, seed=seed)
    counts = ", ".join(f"{split} {sum(by_class.values())}" for split, by_class in release.counts.items())
    show_result(release, f"sealed release {release.version}: {counts}; manifest {release.manifest}", as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(publish)
