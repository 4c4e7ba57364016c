"""``buffycoat errata``: reports of wrong labels, taken in and answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import REFUSED, show_result
from buffycoat.domain.erratum import AgainWish, ErratumGiven, ErratumReceipt, ErratumState, ErratumView
from buffycoat.domain.reading import Received
from buffycoat.workflows import errata as rooms
from buffycoat.workflows.people import curator_of
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

By = Annotated[str, typer.Option("--by", envvar="BUFFYCOAT_HANDLE", help="Your handle.", show_default=False)]
ErratumId = Annotated[str, typer.Argument(metavar="REPORT", help="Id of a report, as the list shows it.")]

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def errata() -> None:
    """Take reports of wrong labels in, answer them, and have their cells read again."""


@commands.command("import")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(help="Files that the public site of a release saved, or mails.", show_default=False)
    ],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: By,
    as_json: AsJson = False,
) -> None:
    """Take reports in, each once, and say of each what became of it; no label changes by that."""
    with open_workspace(workspace) as opened:
        person = curator_of(opened, by)
        receipts = rooms.import_files(opened, files, person)
    refused = sum(receipt.state is Received.REFUSED for receipt in receipts)
    lines = [_receipt(receipt) for receipt in receipts]
    lines.append(f"{len(receipts) - refused} of {len(receipts)} are here now")
    show_result(receipts, "\n".join(lines), as_json=as_json)
    if refused:
        raise typer.Exit(REFUSED)


@commands.command("list")
def list_reports(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """List the reports, those that wait for an answer first."""
    with open_workspace(workspace) as opened:
        views = rooms.list_errata(opened)
    lines = [line for view in views for line in _view(view)]
    show_result(views, "\n".join([f"{len(views)} reports", *lines]), as_json=as_json)


@commands.command()
def accept(
    report: ErratumId,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: By,
    reason: Annotated[str, typer.Option(help="Words of your own.")] = "",
    as_json: AsJson = False,
) -> None:
    """Accept a report: its cell waits to be read again."""
    _answer(workspace, report, ErratumState.ACCEPTED, reason, by, as_json=as_json)


@commands.command()
def decline(
    report: ErratumId,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: By,
    reason: Annotated[str, typer.Option(help="Why.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Decline a report, and say why."""
    _answer(workspace, report, ErratumState.DECLINED, reason, by, as_json=as_json)


@commands.command()
def reread(
    name: Annotated[str, typer.Argument(help="Name of the new round.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    experts: Annotated[list[str], typer.Option("--open-for", help="Handles of those who read.", show_default=False)],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Open a blind round over the cells of accepted reports that were not read since."""
    with open_workspace(workspace) as opened:
        person = curator_of(opened, by)
        opened_round = rooms.read_again(opened, AgainWish(name=name, experts=rooms.ids_of(opened, experts)), person)
    cells = "1 cell" if opened_round.cells == 1 else f"{opened_round.cells} cells"
    text = f"round {opened_round.name}: {cells} to read again"
    show_result(opened_round, text, as_json=as_json)


def _answer(workspace: Path, report: str, state: ErratumState, reason: str, by: str, *, as_json: bool) -> None:
    with open_workspace(workspace) as opened:
        person = curator_of(opened, by)
        view = rooms.answer_erratum(opened, report, ErratumGiven(state=state, reason=reason), person)
    show_result(view, "\n".join(_view(view)), as_json=as_json)


def _receipt(receipt: ErratumReceipt) -> str:
    where = receipt.file if receipt.place == 0 else f"{receipt.file}, report {receipt.place}"
    said = {Received.KEPT: "taken in", Received.KNOWN: "known already", Received.REFUSED: "refused"}[receipt.state]
    return f"  {where}: {said} {receipt.erratum or receipt.detail}"


def _view(view: ErratumView) -> list[str]:
    erratum = view.erratum
    first = f"  {erratum.id}  {view.state}  release {view.release}, cell {erratum.cell_id}"
    if view.held:
        return [first, "    its cell is being read: nothing more is told until the round is closed"]
    lines = [first, f"    {erratum.label or 'no class'} should be {erratum.proposed}"]
    lines += [f"    {line}" for line in erratum.why.splitlines() if line.strip()]
    if view.answered_by:
        lines.append(f"    {view.state} by {view.answered_by}{': ' if view.reason else ''}{view.reason}")
    if view.read_again:
        lines.append(f"    read again in round {view.read_again}; now {view.now or 'open'}")
    if view.newest:
        lines.append(f"    release {view.newest}: {view.newest_label or 'left out'}")
    return lines


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    app.add_typer(commands, name="errata")
