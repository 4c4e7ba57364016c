"""The work of curators: facts of photographs, how far the reading is, and the next release."""

from buffycoat.workflows.curating.facts import change_facts, fact_history, metadata_of
from buffycoat.workflows.curating.progress import curating_counts, reading_progress
from buffycoat.workflows.curating.releasing import (
    check_choice,
    count_choice,
    keep_query,
    manifest_of_release,
    read_preview,
    release_choices,
    release_difference,
    tables_of_release,
)
from buffycoat.workflows.curating.tables import export_metadata, take_metadata
from buffycoat.workflows.curating.undoing import undo_corrections

__all__ = [
    "change_facts",
    "check_choice",
    "count_choice",
    "curating_counts",
    "export_metadata",
    "fact_history",
    "keep_query",
    "manifest_of_release",
    "metadata_of",
    "read_preview",
    "reading_progress",
    "release_choices",
    "release_difference",
    "tables_of_release",
    "take_metadata",
    "undo_corrections",
]
