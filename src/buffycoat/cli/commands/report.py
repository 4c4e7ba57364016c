"""``buffycoat report``: documents for people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.workflows.report import ExperimentReport, report_experiment, report_release
from buffycoat.workflows.reporting.tasks import detection_of, segmentation_of
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def report(  # noqa: PLR0913 (what is told, and where it is written)
    experiment: Annotated[
        Path | None,
        typer.Argument(help="Folder that `buffycoat learn --preset` wrote; without it, a release.", show_default=False),
    ] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    version: Annotated[str, typer.Option(help="Version of the release.")] = "1",
    out: Annotated[Path, typer.Option(help="The HTML file, where an experiment is told.")] = Path("report.html"),
    tables: Annotated[
        Path | None, typer.Option(help="Folder for Tables 7, 8 and 9 of an experiment, as CSV and LaTeX.")
    ] = None,
    boxes: Annotated[
        Path | None, typer.Option(help="Photographs with boxes, for a section on detection.", show_default=False)
    ] = None,
    detector: Annotated[
        Path | None, typer.Option(help="The detector to judge on them; without it, the color filter.")
    ] = None,
    partly_boxed: Annotated[
        bool, typer.Option("--partly-boxed", help="Not all cells of the photographs are boxed.")
    ] = False,
    masks: Annotated[
        str | None, typer.Option(metavar="METHOD", help="Hold this method's masks of the workspace against a hand's.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draws for intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Write how the models do at home and in the next laboratory, as one HTML file that prints."""
    if experiment is None:
        with open_workspace(workspace) as opened:
            document, path = report_release(opened, version=version)
        show_result(document, f"wrote {path}", as_json=as_json)
        return
    sections = []
    if boxes is not None:
        with progress_bars() as progress:
            told = detection_of(
                boxes, detector_file=detector, exhaustive=not partly_boxed, seed=seed, progress=progress
            )
        sections.append(told)
    if masks is not None:
        with open_workspace(workspace) as opened:
            sections.append(segmentation_of(opened, method=masks, seed=seed))
    written = report_experiment(experiment, out, tables=tables, sections=sections, seed=seed)
    show_result(written, _text(written), as_json=as_json)


def _text(written: ExperimentReport) -> str:
    lines = [f"wrote {written.path}", *(f"wrote {each}" for each in written.tables), *written.verdict]
    lines += [
        f"the paper's claim {number}: {balanced} by balanced accuracy, {accuracy} by accuracy"
        for number, balanced, accuracy in written.claims
    ]
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)
