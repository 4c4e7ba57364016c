"""Jobs from outside: ordered, listed, looked at, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from buffycoat.domain.account import Person
from buffycoat.domain.job import Job, JobAct, JobEvent, JobKind, JobOrder, JobPage
from buffycoat.domain.label import Role
from buffycoat.errors import Conflict, InputError, NotFound
from buffycoat.store import Transaction
from buffycoat.store.jobs import (
    close_job,
    count_jobs,
    events_of,
    jobs_from,
    moment_now,
    newest_orders,
    note,
    same_waiting,
)
from buffycoat.workflows.jobs.kinds import KINDS, Kind
from buffycoat.workflows.people.accounts import random_id
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["cancel_job", "get_job", "job_log", "list_jobs", "list_kinds", "start_job"]

_SEES_ALL = frozenset({Role.CURATOR, Role.ADMIN})


def start_job(
    workspace: Workspace, kind: str, parameters: Mapping[str, Any] | None = None, by: Person | None = None
) -> Job:
    """Order work. A worker takes it up; an order of the same that still waits is not given twice.

    Parameters
    ----------
    workspace
        Where.
    kind : str
        Which work: a name in :data:`~buffycoat.workflows.jobs.kinds.KINDS`.
    parameters : mapping, optional
        What the work is told; what is left out is as the kind has it.
    by : Person, optional
        Who orders it; nobody on the command line.

    Returns
    -------
    Job
        As it stands: it waits.

    Raises
    ------
    InputError
        There is no such kind, or a parameter is not allowed.
    """
    given = checked(kind_of(kind), parameters or {})
    with workspace.database.writing() as transaction:
        order = same_waiting(transaction, kind, given)
        if order is None:
            order = JobOrder(id=random_id("j"), kind=kind, parameters=given, by=by.id if by else None, asked_at=now())
            transaction.add([order])
        return jobs_from(transaction, [order])[0]


def kind_of(name: str) -> Kind:
    """Return a kind of work by its name.

    Raises
    ------
    InputError
        There is none of that name.
    """
    if name not in KINDS:
        raise InputError("no such kind of job", expected=" or ".join(sorted(KINDS)), found=name)
    return KINDS[name]


def checked(kind: Kind, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return parameters with all that was left out, as JSON holds them.

    Raises
    ------
    InputError
        One is not allowed, is missing, or has no such name.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(kind.parameters)
    known = adapter.json_schema().get("properties", {})
    for name in parameters:
        if name not in known:
            raise InputError("this job has no such parameter", expected=" or ".join(known) or "none", found=name)
    try:
        loaded = adapter.validate_python(dict(parameters))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "a parameter"
        raise InputError(
            f"{name} is not what this job takes", expected=first["msg"].lower(), found=repr(first.get("input"))
        ) from error
    complete: Mapping[str, Any] = adapter.dump_python(loaded, mode="json")
    return complete


def list_kinds(*, plain: bool = False) -> tuple[JobKind, ...]:
    """Return what can be ordered, with the parameters of each; ``plain``: only what curators order by itself."""
    return tuple(
        JobKind(name=name, plain=kind.plain, schema=TypeAdapter(kind.parameters).json_schema())
        for name, kind in KINDS.items()
        if kind.plain or not plain
    )


def list_jobs(
    workspace: Workspace, person: Person | None = None, *, before: str | None = None, limit: int = 50
) -> JobPage:
    """Return jobs, the newest first: all for curators and admins, for others those that they ordered.

    Parameters
    ----------
    workspace
        Where.
    person : Person, optional
        Who asks; nobody on the command line, who sees all.
    before : str, optional
        Id of the last job of the part before.
    limit : int
        How many at most.

    Raises
    ------
    NotFound
        There is no job ``before``.
    """
    by = None if _sees_all(person) or person is None else person.id
    with workspace.database.reading() as transaction:
        orders = newest_orders(transaction, by=by, before=before, limit=limit)
        total, opened = count_jobs(transaction, by=by)
        return JobPage(jobs=tuple(jobs_from(transaction, orders)), total=total, open=opened)


def get_job(workspace: Workspace, job_id: str, person: Person | None = None) -> Job:
    """Return a job as it stands.

    Raises
    ------
    NotFound
        There is none, or it is none of this person's business.
    """
    with workspace.database.reading() as transaction:
        return _job(transaction, job_id, person)


def job_log(workspace: Workspace, job_id: str, person: Person | None = None, *, after: int = 0) -> tuple[JobEvent, ...]:
    """Return all that happened to a job, from the event behind number ``after`` on.

    Raises
    ------
    NotFound
        There is no such job, or it is none of this person's business.
    """
    with workspace.database.reading() as transaction:
        _job(transaction, job_id, person)
        return tuple(events_of(transaction, job_id, after=after))


def cancel_job(workspace: Workspace, job_id: str, by: Person | None = None) -> Job:
    """End a job: at once where nobody works on it, else with the next step of its worker. What was done stays.

    Raises
    ------
    NotFound
        There is no such job, or it is none of this person's business.
    Conflict
        It has ended.
    """
    with workspace.database.writing() as transaction:
        job = _job(transaction, job_id, by)
        if job.ended:
            raise Conflict("this job has ended already", found=job.state, hint="start it anew if it is wanted again")
        if not job.stopping:
            text = "its end was asked for"
            note(transaction, job_id, JobAct.STOP_ASKED, by=by.id if by else None, text=text)
        alive = job.lease_until is not None and job.lease_until > moment_now(transaction)
        if not alive:
            close_job(transaction, job_id, JobAct.CANCELED, text="no worker had it")
        return _job(transaction, job_id, by)


def _job(transaction: Transaction, job_id: str, person: Person | None) -> Job:
    order = next(iter(transaction.find(JobOrder, id=job_id)), None)
    if order is None or not (_sees_all(person) or (person is not None and order.by == person.id)):
        raise NotFound("no job has this id", found=job_id)
    return jobs_from(transaction, [order])[0]


def _sees_all(person: Person | None) -> bool:
    return person is None or person.role in _SEES_ALL
