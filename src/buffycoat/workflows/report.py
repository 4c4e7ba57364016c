"""Scores and agreement to a report: of a release in a workspace, or of the folder of an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.run import Document
from buffycoat.domain.value import value
from buffycoat.errors import NotFound, UnwritableFile
from buffycoat.formats.experiment_folder import EXPERIMENT_FILE, read_experiment, read_experiment_pictures
from buffycoat.report import find, render_findings, render_scorecards, table_files
from buffycoat.workflows.agreement import agreement_lines_of
from buffycoat.workflows.documents import keep_document
from buffycoat.workflows.reporting.tasks import Sections, segmentation_of
from buffycoat.workflows.runs import start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["ExperimentReport", "experiment_folder_of", "report_experiment", "report_release"]

_UNTOLD = "No round of two experts is closed: agreement is not told yet."


@value
class ExperimentReport:
    """What was written, the verdict in sentences, and the paper's claims by number, each by both measures."""

    path: str
    tables: tuple[str, ...]
    verdict: tuple[str, ...]
    claims: tuple[tuple[str, str, str], ...]


def experiment_folder_of(workspace: Workspace, version: str) -> Path:
    """Return where the experiment on a release lies, if there is one."""
    return workspace.folder / "experiments" / version


def report_experiment(
    folder: Path,
    out: Path,
    *,
    tables: Path | None = None,
    sections: Sequence[Sections] = (),
    seed: int = 0,
) -> ExperimentReport:
    """Write the report of an experiment's folder as one HTML file.

    Parameters
    ----------
    folder : Path
        What ``buffycoat learn --preset`` wrote.
    out : Path
        The HTML file.
    tables : Path, optional
        A folder for Tables 7, 8 and 9 as CSV and LaTeX; made where it is not there.
    sections : sequence of Sections
        On detection and segmentation.
    seed : int
        Of the intervals.

    Raises
    ------
    NotFound
        No experiment is in the folder.
    UnreadableFormat
        Its files are damaged.
    UnwritableFile
        A file cannot be written.
    """
    findings = find(read_experiment(folder), pictures=read_experiment_pictures(folder), seed=seed)
    page = render_findings(
        findings,
        detection=[part for each in sections for part in each.detection],
        segmentation=[part for each in sections for part in each.segmentation],
        left_out=[words for each in sections for words in each.left_out],
    )
    _write(out, page)
    written = []
    if tables is not None:
        for name, content in table_files(findings).items():
            _write(tables / name, content)
            written.append(str(tables / name))
    return ExperimentReport(
        path=str(out),
        tables=tuple(written),
        verdict=findings.verdict,
        claims=tuple((each.number, each.balanced.standing, each.accuracy.standing) for each in findings.claims),
    )


def report_release(workspace: Workspace, *, version: str) -> tuple[Document, Path]:
    """Write the report of a release, keep it, and return it with the file it lies in.

    Where the experiment on the release lies beside it, the report tells all of that; else it tells the scorecards.

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
    folder = experiment_folder_of(workspace, version)
    learned = (folder / EXPERIMENT_FILE).is_file()
    if not scorecards and not learned:
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
    agreement = " ".join(agreement_lines_of(workspace, releases[0].level)) or _UNTOLD
    if learned:
        told = segmentation_of(workspace)
        findings = find(read_experiment(folder), pictures=read_experiment_pictures(folder))
        page = render_findings(findings, segmentation=told.segmentation, left_out=told.left_out, agreement=agreement)
    else:
        cards = sorted(scorecards, key=lambda card: (card.recipe, card.split))
        page = render_scorecards(releases[0], cards, agreement=agreement)
    path = workspace.folder / f"report-{version}.html"
    path.write_bytes(page)
    document = keep_document(
        workspace, kind="experiment", title=f"Report of release {version}", page=page, run_id=run.id
    )
    return document, path


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UnwritableFile(
            "the report cannot be written",
            expected="a folder that may be written to",
            found=f"{path}: {error.strerror}",
        ) from error
