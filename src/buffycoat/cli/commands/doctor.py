"""``buffycoat doctor``: whether the workspace is what was kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.domain.keeping import Examination, Finding, Weight
from buffycoat.errors import SetupError, Unsound
from buffycoat.workflows.keeping.doctor import examine

__all__ = ["register"]


def doctor(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    fast: Annotated[bool, typer.Option("--fast", help="Count objects and releases, and do not read them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look through the workspace: database, every digest, orphans, releases, audit log, disk and permissions.

    Nothing is changed, and people may go on. Status 0: sound, perhaps with advice. 6: data is not what was kept.
    7: only the machine stands in the way.
    """
    with progress_bars() as show:
        found = examine(workspace, fast=fast, progress=show)
    show_result(found, _text(found), as_json=as_json)
    if found.weighs(Weight.FAULT, Weight.UNKNOWN):
        raise typer.Exit(Unsound.exit_status)
    if found.weighs(Weight.SETUP):
        raise typer.Exit(SetupError.exit_status)


def _text(found: Examination) -> str:
    lines = [line for finding in found.findings for line in _lines(finding)]
    bad = found.weighs(Weight.FAULT, Weight.UNKNOWN, Weight.SETUP)
    advice = len(found.weighs(Weight.ADVICE))
    said = f"{len(bad)} faults" if bad else "sound"
    read = ", objects not read" if found.fast else ""
    return "\n".join(
        [*lines, f"{found.workspace}: {said}, {advice} {'piece' if advice == 1 else 'pieces'} of advice{read}"]
    )


def _lines(finding: Finding) -> list[str]:
    if finding.weight is Weight.OK:
        where = f" of {finding.where}" if finding.where else ""
        return [f"{finding.weight:8} {finding.what}{where}: {finding.found}"]
    rows = (("where", finding.where), ("expected", finding.expected), ("found", finding.found), ("do", finding.to_do))
    return [f"{finding.weight:8} {finding.what}", *(f"{'':8} {name:9}{text}" for name, text in rows if text)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)
