"""``buffycoat report``: documents for people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import show_result
from buffycoat.workflows.report import report_release
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def report(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    version: Annotated[str, typer.Option(help="Version of the release.")] = "1",
    as_json: AsJson = False,
) -> None:
    """Write the report of a release: contents, agreement of the experts, classifiers on test-A and test-B."""
    with open_workspace(workspace) as opened:
        document, path = report_release(opened, version=version)
    show_result(document, f"wrote {path}", as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)
