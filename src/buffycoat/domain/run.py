"""Provenance: what made a row, and what came of each thing it worked on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from buffycoat.domain.value import Digest, Scalar, value

__all__ = ["COLOR_FILTER", "ENTERED", "FILTER_CHOICE", "REFERENCE_INTERVALS", "Document", "Outcome", "Run"]

REFERENCE_INTERVALS = "reference-intervals"
COLOR_FILTER = "color-filter"
"""Kind of the documents that are a color filter with a name; the file is the one that ``buffycoat filter`` reads."""
FILTER_CHOICE = "filter-choice"
"""Kind of the documents that say with which filter a smear is searched; the file is that filter."""
ENTERED = (REFERENCE_INTERVALS, COLOR_FILTER, FILTER_CHOICE)
"""Kinds of the documents that a person enters; programs make all others."""


@value
class Run:
    """One function with one set of parameters.

    The id is derived from all but the time, so that the same command after an interruption is the same run. ``inputs``
    is the digest of what the run worked on as a whole; it is empty where each outcome's subject is an input of its own.
    """

    id: str
    room: str
    function: str
    version: str
    parameters: Mapping[str, Scalar]
    inputs: Digest
    seed: int | None
    started_at: datetime


@value
class Outcome:
    """What came of one subject of a run: done, or refused with the code of an error.

    ``subject`` is the id of a field, cell or smear; for ingest it is the name of the received file. A subject that is
    done is not worked on again by the same run; one that was refused is tried again.
    """

    id: str
    run_id: str
    room: str
    subject: str
    produced: str | None
    code: str | None
    message: str
    finished_at: datetime


@value
class Document:
    """A finished page for people, kept as an object: a run summary, a table, an experiment's report."""

    id: str
    kind: str
    title: str
    digest: Digest
    media_type: str
    made_at: datetime
    run_id: str
