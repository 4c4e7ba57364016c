"""``buffycoat classify`` and ``buffycoat suspects``: what a program takes cells for, and which labels it doubts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, EngineAddress, WorkspaceFolder
from buffycoat.cli.output import REFUSED, finish, progress_bars, show_result
from buffycoat.domain.reading import Received
from buffycoat.domain.value import value
from buffycoat.settings import engine_for
from buffycoat.workflows.classifying import UNKNOWN, ClassifiedPicture, classify_pictures, read_classifier
from buffycoat.workflows.people import curator_of
from buffycoat.workflows.runs import Tally
from buffycoat.workflows.suggesting import list_suggestions, suggest_types
from buffycoat.workflows.suspecting import Suspects, report_suspects
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

Model = Annotated[
    Path | None,
    typer.Option(help="An ONNX file of your own with its card beside it; else that of the workspace, or ours."),
]


@value
class Suggested:
    """What was done, and what cells are taken for, ``not-recognized`` among it; those being read are left out."""

    tally: Tally
    counts: dict[str, int]


def classify(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    model: Model = None,
    picture: Annotated[
        list[Path] | None, typer.Option(help="Crops of one cell each in place of a workspace; may be repeated.")
    ] = None,
    engine: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Say of all kept cells what a program takes them for: a suggestion, no label, and hidden while a round reads them.

    In the gallery, cells without a class can then be sorted by it. With --picture, files are classified without a
    workspace.
    """
    classifier = None if model is None else read_classifier(model)
    if picture:
        found = classify_pictures(picture, classifier)
        show_result(found, "\n".join(map(_line, found)), as_json=as_json)
        return
    with open_workspace(workspace, engine=engine_for(workspace, engine)) as opened:
        with progress_bars() as progress:
            tally = suggest_types(opened, classifier, progress=progress)
        counts = Counter(each.term or UNKNOWN for each in list_suggestions(opened))
    done = Suggested(tally=tally, counts=dict(counts.most_common()))
    lines = [f"classify: {tally.done} done, {tally.before} done before, {len(tally.refused)} refused"]
    lines += [f"  {term}: {count}" for term, count in done.counts.items()]
    finish([tally], as_json=as_json, text="\n".join(lines), result=done)


def suspects(
    release: Annotated[str, typer.Argument(help="Version of a sealed release.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: Annotated[str, typer.Option("--by", envvar="BUFFYCOAT_HANDLE", help="Your handle.", show_default=False)],
    most: Annotated[int, typer.Option(min=1, max=500, help="At most so many, the surest first.")] = 100,
    keep: Annotated[bool, typer.Option("--report", help="Take them in as reports of wrong labels.")] = False,
    as_json: AsJson = False,
) -> None:
    """List labels of a release that are probably wrong; with --report, a curator finds them among the reports.

    What is accepted there is read again blindly, as every report is.
    """
    with open_workspace(workspace) as opened:
        found = report_suspects(opened, release, curator_of(opened, by), most=most, keep=keep)
    show_result(found, "\n".join(_lines(found)), as_json=as_json)
    if any(receipt.state is Received.REFUSED for receipt in found.receipts):
        raise typer.Exit(REFUSED)


def _line(found: ClassifiedPicture) -> str:
    likely = ", ".join(f"{term} {chance:.2f}" for term, chance in found.chances.items())
    return f"{found.file}: {found.said} ({likely})"


def _lines(found: Suspects) -> list[str]:
    lines = [f"{len(found.labels)} of {found.cells} labels are probably wrong"]
    lines += [f"  {each.cell_id}: {each.label}, rather {each.proposed} ({each.margin:+.2f})" for each in found.labels]
    if found.receipts:
        kept = Counter(str(receipt.state) for receipt in found.receipts)
        lines.append("reports: " + ", ".join(f"{count} {state}" for state, count in kept.items()))
        lines += [f"  {receipt.code}: {receipt.detail}" for receipt in found.receipts if receipt.code]
    return lines


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(classify)
    app.command()(suspects)
