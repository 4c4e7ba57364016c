"""Long work that somebody ordered and a worker does: orders, what happened to them, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from buffycoat.domain.value import value

__all__ = ["Job", "JobAct", "JobEvent", "JobKind", "JobOrder", "JobPage", "JobProblem", "JobState"]


class JobState(StrEnum):
    """Where a job stands. One whose worker was lost waits again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


class JobAct(StrEnum):
    """What happened to a job.

    ``BEGUN``: a worker took it. ``SAID``: a line of its log. ``LOST``: its worker was not heard of for as long as its
    lease. ``RETURNED``: its worker was told to end, and gave it back. ``STOP_ASKED``: somebody wants it to end.
    ``DONE``, ``FAILED``, ``CANCELED``: how it ended; nothing follows.
    """

    BEGUN = "begun"
    SAID = "said"
    LOST = "lost"
    RETURNED = "returned"
    STOP_ASKED = "stop-asked"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


@value
class JobOrder:
    """What somebody asked for; never changed.

    Parameters
    ----------
    id : str
        Random: the same may be asked for again.
    kind : str
        Which work, by its name in the list of kinds.
    parameters : mapping
        What the work is told, complete.
    by : str or None
        Id of who asked; ``None`` on the command line.
    asked_at : datetime
        When.
    """

    id: str
    kind: str
    parameters: Mapping[str, Any]
    by: str | None
    asked_at: datetime


@value
class JobEvent:
    """One thing that happened to a job. Only added to, so the history of every job stays.

    Parameters
    ----------
    id : str
        Derived from the job and ``number``.
    job_id : str
        Of which job.
    number : int
        Counts from 1 in each job, without a gap.
    act : JobAct
        What happened.
    worker : str or None
        Which worker it happened to; ``None`` where it was no worker.
    by : str or None
        Id of the person who asked for an end; ``None`` for everything else, and on the command line.
    text : str
        A line for people. It names no file and no patient.
    detail : mapping
        The result of a job that is done; code, what, expected, found and hint of one that failed.
    at : datetime
        When.
    """

    id: str
    job_id: str
    number: int
    act: JobAct
    worker: str | None = None
    by: str | None = None
    text: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime


@value
class JobProblem:
    """Why a job failed: the parts of an error, with its code."""

    code: str
    what: str
    expected: str = ""
    found: str = ""
    hint: str = ""


@value
class Job:
    """A job as it stands now, put together from its order, its events, and the pulse of its worker.

    Parameters
    ----------
    id, kind, parameters, by, asked_at
        Of the order.
    handle : str or None
        Of the person who asked, where there is one.
    state : JobState
        Where it stands.
    stopping : bool
        Whether somebody asked for its end, and the worker has not come to it yet.
    room : str
        What the worker is at: ``"detect"``; empty before the first step.
    done, total : int
        How far it is with that; ``total`` is 0 where nobody knows yet.
    result : mapping or None
        What came of it, once it is done.
    problem : JobProblem or None
        Why it failed.
    attempts : int
        How often a worker began with it.
    worker : str or None
        Which worker has it, or had it last.
    lease_until : datetime or None
        Until when the worker is waited for, while it runs.
    began_at, ended_at : datetime or None
        When a worker first began, and when it ended.
    """

    id: str
    kind: str
    parameters: Mapping[str, Any]
    by: str | None
    asked_at: datetime
    handle: str | None = None
    state: JobState
    stopping: bool = False
    room: str = ""
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] | None = None
    problem: JobProblem | None = None
    attempts: int = 0
    worker: str | None = None
    lease_until: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELED)


@value
class JobPage:
    """A part of the list of jobs, newest first.

    Parameters
    ----------
    jobs : tuple of Job
        The part.
    total : int
        How many there are that the asking person sees.
    open : int
        How many of them wait or run.
    """

    jobs: tuple[Job, ...]
    total: int
    open: int


@value
class JobKind:
    """A kind of work that can be ordered.

    Parameters
    ----------
    name : str
        ``"detect"``.
    plain : bool
        Whether curators may order it from the page of jobs; others are ordered by the room that they belong to.
    schema : mapping
        JSON Schema of its parameters.
    """

    name: str
    plain: bool
    schema: Mapping[str, Any]
