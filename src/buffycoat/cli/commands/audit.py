"""``buffycoat audit``: who did what when, whether the log of it is whole, and the log for others to check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import say, show_result
from buffycoat.domain.audit import Action, AuditLine, AuditPage, Fault, FaultKind, Verdict
from buffycoat.errors import DigestMismatch, UnwritableFile
from buffycoat.workflows import audit as rooms
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

Expect = Annotated[
    str | None,
    typer.Option(metavar="DIGEST", help="The head as it was noted before: fails where it is of no entry."),
]
_TALES = {
    FaultKind.CHANGED: "entry {seq} was changed",
    FaultKind.MISSING: "entry {seq} is missing",
    FaultKind.INSERTED: "entry {seq} was put in between",
    FaultKind.REORDERED: "entry {seq} stands in the place of another",
    FaultKind.VALUE_CHANGED: "what entry {seq} speaks of was changed: {of}",
    FaultKind.VALUE_MISSING: "what entry {seq} speaks of is gone: {of}",
    FaultKind.VALUE_UNKNOWN: "no entry speaks of {of}",
    FaultKind.HEAD_UNKNOWN: "no entry has the digest that was noted: the log was cut or written anew",
}

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def audit() -> None:
    """Check, show and export the log of what people did and were shown."""


@commands.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An exported log; without it, the log of the workspace.", show_default=False)
    ] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    expect: Expect = None,
    as_json: AsJson = False,
) -> None:
    """Follow the log from its beginning, and compare each entry with the value that it speaks of."""
    if file is not None:
        verdict = rooms.verify_file(file, expect=expect)
    else:
        with open_workspace(workspace) as opened:
            verdict = rooms.verify_log(opened, expect=expect)
    show_result(verdict, _told(verdict), as_json=as_json)
    if verdict.fault is not None:
        raise DigestMismatch("the audit log does not hold", found=_tale(verdict.fault))


def _told(verdict: Verdict) -> str:
    lines = [f"{verdict.entries} entries follow each other, {verdict.values} compared with what they speak of"]
    if verdict.noted_at is not None:
        lines.append(f"the digest that was noted is that of entry {verdict.noted_at}")
    return "\n".join([*lines, f"head {verdict.head}"])


def _tale(fault: Fault) -> str:
    return _TALES[fault.kind].format(seq=fault.seq, of=f"{fault.subject_class} {fault.subject}")


@commands.command()
def export(
    out: Annotated[Path, typer.Option(help="File to write: lines of JSON.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
) -> None:
    """Write the log as lines of JSON that can be checked without the workspace.

    Entries of open rounds are sealed. How many there are still says how far a round is: give the file to nobody who
    reads in it.
    """
    with open_workspace(workspace) as opened:
        try:
            with out.open("wb") as file:
                file.writelines(rooms.export_log(opened))
        except OSError as error:
            raise UnwritableFile(f"{out.name} cannot be written", found=error.strerror or "") from error
    verdict = rooms.verify_file(out)
    say(f"{verdict.entries} entries written to {out.name}\nhead {verdict.head}")


@commands.command()
def show(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    person: Annotated[str | None, typer.Option(help="Handle: only what this person did or was shown.")] = None,
    since: Annotated[str | None, typer.Option(help="Only from this moment on: 2026-05-01, in UTC.")] = None,
    kind: Annotated[
        list[Action] | None, typer.Option(help="Only this, such as answered or shown; may be given again.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most, the latest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show who did what when, and who saw which suggestion; the latest last."""
    with open_workspace(workspace) as opened:
        page = rooms.list_entries(opened, None, handle=person, actions=kind or (), since=since, limit=limit)
    show_result(page, _page(page), as_json=as_json)


def _page(page: AuditPage) -> str:
    return "\n".join([*map(_line, reversed(page.lines)), f"{page.entries} entries, head {page.head}"])


def _line(line: AuditLine) -> str:
    if line.sealed:
        return f"{line.seq:>8}  sealed: of a round that is open"
    moment = (line.moment or "")[:19].replace("T", " ")
    of = f"{line.subject_class} {line.subject}"
    if line.showing is not None:
        seen = line.showing
        source = "" if seen.source is None else f", by {seen.source}"
        of = f"{seen.kind} of {seen.about}, {seen.count}{source}"
    where = "" if line.round is None else f", round {line.round}"
    return f"{line.seq:>8}  {moment}  {line.person or 'command line':20}  {line.action or '':12}  {of}{where}"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(commands, name="audit")
