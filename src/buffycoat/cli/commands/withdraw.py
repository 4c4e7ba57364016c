"""``buffycoat withdraw``: a smear is taken back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import show_result
from buffycoat.domain.withdrawal import Reason, WithdrawalPlan
from buffycoat.errors import InputError
from buffycoat.workflows.keeping.withdraw import plan_withdrawal, withdraw_smear
from buffycoat.workflows.people import curator_of
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

_ELSEWHERE = (
    "what is not in this workspace stays: the photographs where they were taken in from, and backups from before "
    "(the next `buffycoat backup` into the same folder removes it there)"
)
_GO = (
    "that show it or may, all thumbnails (they are drawn again), and subject, sex, age band, diagnosis, ethics "
    "reference, code, names of files, comments on its cells"
)
_STAY = (
    "a tombstone, places of boxes, answers of experts, and the digests of its photographs, so that they are refused if "
    "they come again"
)


def withdraw(
    smear: Annotated[str, typer.Argument(help="Code of the smear, or its id.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    site: Annotated[str | None, typer.Option(help="Laboratory, where two have the same code.")] = None,
    by: Annotated[str | None, typer.Option(metavar="HANDLE", help="Who withdraws it: a curator or admin.")] = None,
    why: Annotated[Reason | None, typer.Option(help="Why; this goes into the audit log.")] = None,
    confirm: Annotated[
        str | None, typer.Option(metavar="CODE", help="The code again: without it nothing is done.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take a smear back for good: its pixels and what leads to a person go, a tombstone stays.

    Without --confirm it says what would go, and asks where somebody sits at the keyboard.
    """
    with open_workspace(workspace) as opened:
        plan = plan_withdrawal(opened, smear, site=site)
        if confirm is None:
            asks = sys.stdin.isatty() and not as_json
            show_result(plan, _planned(plan, hint=not asks), as_json=as_json)
            if not asks:
                return
            by = by or str(typer.prompt("your handle"))
            why = why or Reason(typer.prompt("why", type=typer.Choice(list(Reason))))  # type: ignore[attr-defined]  # its Click is its own
            confirm = str(typer.prompt(f"type {smear} to withdraw it for good"))
        if by is None or why is None:
            raise InputError(
                "who withdraws the smear, and why?", expected="--by HANDLE and --why REASON", found="not said"
            )
        person = curator_of(opened, by)
        done = withdraw_smear(opened, smear, site=site, by=person, reason=why, confirm=confirm)
    show_result(done, _done(done), as_json=as_json)


def _planned(plan: WithdrawalPlan, *, hint: bool) -> str:
    smear = f"smear {plan.code} of {plan.site}"
    if plan.done:
        lines = [f"{smear} was withdrawn; the same command with --confirm removes files that are left"]
    else:
        lines = [
            f"{smear} holds {plan.fields} photographs, {plan.cells} cells, {plan.masks} masks",
            f"would go: {plan.objects} files of pixels, {plan.documents} documents and {len(plan.pages)} pages {_GO}",
            f"would stay: {_STAY}",
        ]
    lines += _told(plan)
    if hint and not plan.done:
        lines.append("nothing was done: --by HANDLE --why REASON --confirm CODE does it, and there is no way back")
    return "\n".join(lines)


def _done(plan: WithdrawalPlan) -> str:
    first = f"withdrawn: {plan.code} of {plan.site}; {plan.fields} photographs, {plan.cells} cells, {plan.masks} masks"
    lines = [first, f"{plan.objects} files of pixels removed"]
    if plan.left:
        lines.append(f"{plan.left} of them were left by an interruption, and are removed now")
    return "\n".join([*lines, *_told(plan), _ELSEWHERE])


def _told(plan: WithdrawalPlan) -> list[str]:
    lines = []
    if plan.shared:
        lines.append(f"{plan.shared} files stay, because other smears hold the same bytes")
    if plan.rounds:
        lines.append(f"open rounds in which its cells cannot be seen any more: {', '.join(plan.rounds)}")
    if plan.releases:
        lines.append("releases that hold it, to be issued anew under another version, and then removed:")
        lines += [f"  {version}  releases/{version}, experiments/{version}" for version in plan.releases]
    else:
        lines.append("no release holds it")
    return lines


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(withdraw)
