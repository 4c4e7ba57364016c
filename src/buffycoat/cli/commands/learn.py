"""``buffycoat learn``: train on a release and score on both test sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.workflows.learn import LearnSummary, learn_release
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def learn(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    version: Annotated[str, typer.Option(help="Version of the release.")] = "1",
    seed: Annotated[int, typer.Option(help="Seed of training and intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Train the feature-based classifier on a release's train split and score it on test-A and test-B."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        summary = learn_release(opened, version=version, seed=seed, progress=progress)
    show_result(summary, _text(summary), as_json=as_json)


def _text(summary: LearnSummary) -> str:
    lines = []
    if summary.leaks:
        found = ", ".join(f"{count} {kind}" for kind, count in summary.leaks.items())
        lines.append(f"THIS SPLIT LEAKS, so scores say less than they seem to: {found}")
    for card in summary.scorecards:
        if card.balanced_accuracy is None or card.accuracy is None:
            lines.append(f"{card.recipe}, {card.split}: no cells")
            continue
        interval = f" ({card.interval[0]:.3f} to {card.interval[1]:.3f})" if card.interval else ""
        baseline = "" if card.baseline is None else f", constant baseline {card.baseline:.3f}"
        lines.append(
            f"{card.recipe}, {card.split}: balanced accuracy {card.balanced_accuracy:.3f}{interval}, "
            f"accuracy {card.accuracy:.3f}{baseline}"
        )
    if summary.without_nucleus:
        lines.append(f"no nucleus found in {summary.without_nucleus} cells: counted as wrong in the test sets")
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(learn)
