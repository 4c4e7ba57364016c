"""The main job: a folder of photographs to a workspace with cells that wait for labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from buffycoat.domain.run import Document
from buffycoat.domain.view import Funnel
from buffycoat.workflows.browse import list_funnels
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import IngestOptions, IngestSummary, Record, ingest_photographs
from buffycoat.workflows.runs import ShowProgress, Tally, no_progress
from buffycoat.workflows.summary import write_summary
from buffycoat.workflows.workspace import Workspace

__all__ = ["RunSummary", "run_photographs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What came of the main job."""

    ingest: IngestSummary
    tallies: tuple[Tally, ...]
    funnels: tuple[Funnel, ...]
    document: Document


def run_photographs(
    workspace: Workspace,
    photographs: Path,
    *,
    record: Record,
    metadata: Path | None = None,
    options: IngestOptions | None = None,
    side: int | None = None,
    progress: ShowProgress = no_progress,
) -> RunSummary:
    """Ingest, detect, clean, and write the summary. Started again after an interruption, it finishes the work.

    Parameters are those of the rooms' own workflows.
    """
    ingest = ingest_photographs(
        workspace, photographs, record=record, metadata=metadata, options=options, progress=progress
    )
    tallies = (
        ingest.tally,
        detect_cells(workspace, side=side, progress=progress),
        clean_cells(workspace, progress=progress),
    )
    document = write_summary(workspace, ingest, tallies)
    return RunSummary(ingest=ingest, tallies=tallies, funnels=list_funnels(workspace), document=document)
