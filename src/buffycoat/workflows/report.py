"""Scores and agreement to a report."""

from __future__ import annotations

from pathlib import Path

from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.run import Document
from buffycoat.errors import NotFound
from buffycoat.report import render_experiment
from buffycoat.workflows.agreement import agreement_lines_of
from buffycoat.workflows.documents import keep_document
from buffycoat.workflows.runs import start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["report_release"]

_UNTOLD = "No round of two experts is closed: agreement is not told yet."


def report_release(workspace: Workspace, *, version: str) -> tuple[Document, Path]:
    """Write the report of a release, keep it, and return it with the file it lies in.

    Raises
    ------
    NotFound
        No such release, or nothing was learned from it yet.
    """
    with workspace.database.reading() as transaction:
        releases = transaction.find(Release, version=version)
        if not releases:
            raise NotFound("no release has this version", found=version)
        scorecards = transaction.find(Scorecard, release_id=releases[0].id)
    if not scorecards:
        raise NotFound(
            f"nothing was learned from release {version}", hint=f"run `buffycoat learn --version {version}` first"
        )
    run = start_run(
        workspace,
        room="report",
        function="report.render_experiment",
        parameters={"version": version},
        inputs=releases[0].manifest,
    )
    page = render_experiment(
        releases[0],
        sorted(scorecards, key=lambda card: (card.recipe, card.split)),
        agreement=" ".join(agreement_lines_of(workspace, releases[0].level)) or _UNTOLD,
    )
    path = workspace.folder / f"report-{version}.html"
    path.write_bytes(page)
    document = keep_document(
        workspace, kind="experiment", title=f"Report of release {version}", page=page, run_id=run.id
    )
    return document, path
