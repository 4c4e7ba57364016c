"""A worker: takes one job after the other and does it."""

from __future__ import annotations

import logging
import os
import socket
import threading
import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from buffycoat.domain.job import JobAct
from buffycoat.errors import BuffycoatError, PrivacyBreach, StoreUnreachable
from buffycoat.store.jobs import Taken, close_job, holds, may_be_taken, take_job
from buffycoat.workflows.audit import set_actor
from buffycoat.workflows.jobs.kinds import KINDS, Kind
from buffycoat.workflows.jobs.progress import Interrupted, JobProgress, Why
from buffycoat.workflows.people.accounts import random_id
from buffycoat.workflows.workspace import Workspace

__all__ = ["LEASE", "name_of_worker", "work_off"]

LEASE: Final = timedelta(seconds=60)
"""How long a job is left to a worker that gives no sign of life."""
_IDLE_S: Final = 1.0
_LONGEST_S: Final = 60.0
_LOG: Final = logging.getLogger(__name__)


def name_of_worker() -> str:
    """Return a name for this process that no other worker has: machine, process, and a few letters by chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{random_id('')[:6]}"


def work_off(
    workspace: Workspace,
    *,
    kinds: Mapping[str, Kind] | None = None,
    worker: str | None = None,
    lease: timedelta = LEASE,
    until_idle: bool = False,
    stop: threading.Event | None = None,
) -> int:
    """Do the jobs that wait, and wait for more.

    Any number of workers may do this at once, in processes of their own and on any machine that reaches the workspace.
    One that is ended gives its job back; one that is killed is waited for as long as its lease, then another takes the
    job up, which finds what was done before.

    Parameters
    ----------
    workspace
        Where.
    kinds : mapping, optional
        What this worker can do; without it, all that this version knows.
    worker : str, optional
        Its name; it must be no other's.
    lease : timedelta
        How long others wait for a sign of life of it.
    until_idle : bool
        Return once nothing waits.
    stop : threading.Event, optional
        Return after the job in hand once this is set.

    Returns
    -------
    int
        How many jobs it took.
    """
    known = KINDS if kinds is None else kinds
    name = worker or name_of_worker()
    ended = stop or threading.Event()
    taken, pause = 0, _IDLE_S
    while not ended.is_set():
        try:
            job = _take(workspace, name, known, lease)
            pause = _IDLE_S
        except StoreUnreachable as error:
            if until_idle:
                raise
            _LOG.warning("the worker waits: %s", error)
            ended.wait(pause)
            pause = min(2 * pause, _LONGEST_S)
            continue
        if job is None:
            if until_idle:
                break
            ended.wait(_IDLE_S)
            continue
        taken += 1
        _do(workspace, known[job.order.kind], job, name, lease)
    return taken


def _take(workspace: Workspace, worker: str, kinds: Mapping[str, Kind], lease: timedelta) -> Taken | None:
    with workspace.database.reading() as transaction:
        if not may_be_taken(transaction, kinds):
            return None
    with workspace.database.writing() as transaction:
        return take_job(transaction, worker, kinds=kinds, lease=lease)


def _do(workspace: Workspace, kind: Kind, job: Taken, worker: str, lease: timedelta) -> None:
    """Do one job, and note how it ended."""
    # What the work keeps is entered in the audit log under the name of who ordered it.
    set_actor(job.order.by)
    progress = JobProgress(workspace, job.order.id, worker, lease=lease)
    try:
        result = kind.do(workspace, job.order.parameters, progress)
        end: tuple[JobAct, str, Mapping[str, Any]] | None = JobAct.DONE, "done", result
    except Interrupted as error:
        end = (JobAct.CANCELED, "ended as was asked for", {}) if error.why is Why.CANCELED else None
    except PrivacyBreach as error:
        # What was found may name people, and the history of a job is for good.
        hint = "a preview of the release shows what was found, one by one"
        parts = {"what": error.what, "expected": error.expected, "found": "", "hint": hint}
        end = JobAct.FAILED, error.code, {"code": error.code, **parts}
    except BuffycoatError as error:
        parts = {"what": error.what, "expected": error.expected, "found": error.found, "hint": error.hint}
        end = JobAct.FAILED, error.code, {"code": error.code, **parts}
    except Exception as error:  # noqa: BLE001 (whatever the work does, the worker goes on and says so)
        # What an error of the program says may hold anything; where it came from does not.
        where = "".join(traceback.format_tb(error.__traceback__))
        _LOG.error("job %s (%s) met a fault of the program: %s\n%s", job.order.id, job.order.kind, type(error), where)
        last = traceback.extract_tb(error.__traceback__)[-1]
        found = f"{type(error).__name__} at {last.name}, line {last.lineno}"
        hint = "the log of the worker has more; report it, then start the job anew: what was done stays"
        what = "the program met a fault of its own"
        parts = {"what": what, "expected": "", "found": found, "hint": hint}
        end = JobAct.FAILED, "fault", {"code": "fault", **parts}
    except BaseException:
        _end(workspace, job, worker, progress, (JobAct.RETURNED, "its worker was ended", {}))
        raise
    finally:
        set_actor(None)
    if end is not None:
        _end(workspace, job, worker, progress, end)


def _end(
    workspace: Workspace,
    job: Taken,
    worker: str,
    progress: JobProgress,
    end: tuple[JobAct, str, Mapping[str, Any]],
) -> None:
    progress.close()
    act, said, detail = end
    text = f"{said}, {progress.reached}" if progress.reached and act is not JobAct.DONE else said
    try:
        with workspace.database.writing() as transaction:
            if holds(transaction, job.order.id, worker):
                close_job(transaction, job.order.id, act, worker=worker, text=text, detail=detail)
    except StoreUnreachable as error:
        # The lease runs out, and whoever takes the job up next finds what was done.
        _LOG.warning("the end of job %s could not be noted: %s", job.order.id, error)
