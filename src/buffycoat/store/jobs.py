"""Orders of long work, what happened to them, and who works on which now: taken, renewed and ended in turns.

Everybody who writes has the database alone while the transaction lasts, on SQLite by its lock and on PostgreSQL by ours
(``store.on_postgresql``). So looking for a job and taking it is one act on both, and no two workers take one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update

from buffycoat.domain.job import Job, JobAct, JobEvent, JobOrder, JobProblem, JobState
from buffycoat.domain.label import Expert
from buffycoat.domain.value import derive_id, value
from buffycoat.store.database import Transaction
from buffycoat.store.tables import PULSE, TABLES

__all__ = [
    "ENDS",
    "MOST_LOST",
    "Taken",
    "beat",
    "close_job",
    "count_jobs",
    "events_of",
    "holds",
    "jobs_from",
    "may_be_taken",
    "moment_now",
    "newest_orders",
    "note",
    "same_waiting",
    "stop_asked",
    "take_job",
]

ENDS: Final = frozenset({JobAct.DONE, JobAct.FAILED, JobAct.CANCELED})
"""What nothing follows."""
MOST_LOST: Final = 3
"""A job that took so many workers along with it is not given to another."""
_LOST_CODE: Final = "worker-lost"
_order, _event, _pulse = TABLES[JobOrder].c, TABLES[JobEvent].c, PULSE.c


@value
class Taken:
    """A job that a worker has just taken; ``attempt`` counts from 1."""

    order: JobOrder
    attempt: int


# ----------------------------------------------------------------- asking


def newest_orders(
    transaction: Transaction, *, by: str | None = None, before: str | None = None, limit: int = 100
) -> list[JobOrder]:
    """Return orders, the newest first.

    Parameters
    ----------
    transaction
        That reads.
    by : str, optional
        Only those of this person.
    before : str, optional
        Id of the last order of the part before.
    limit : int
        How many at most.
    """
    statement = select(TABLES[JobOrder]).order_by(_order.asked_at.desc(), _order.id.desc()).limit(limit)
    if by is not None:
        statement = statement.where(_order.by == by)
    if before is not None:
        last = transaction.get(JobOrder, before)
        older = (_order.asked_at < last.asked_at) | ((_order.asked_at == last.asked_at) & (_order.id < last.id))
        statement = statement.where(older)
    return transaction.select(JobOrder, statement)


def count_jobs(transaction: Transaction, *, by: str | None = None) -> tuple[int, int]:
    """Return how many jobs there are, and how many of them have not ended."""
    counted = select(func.count()).select_from(TABLES[JobOrder])
    if by is not None:
        counted = counted.where(_order.by == by)
    run = transaction.connection.execute
    return int(run(counted).scalar_one()), int(run(counted.where(_is_open())).scalar_one())


def same_waiting(transaction: Transaction, kind: str, parameters: Mapping[str, Any]) -> JobOrder | None:
    """Return an order of the same work that no worker has begun: asked for twice, it is done once."""
    begun = exists().where(_event.job_id == _order.id)
    waiting = select(TABLES[JobOrder]).where(_order.kind == kind, ~begun).order_by(_order.asked_at, _order.id)
    return next((each for each in transaction.select(JobOrder, waiting) if each.parameters == parameters), None)


def events_of(transaction: Transaction, job_id: str, *, after: int = 0) -> list[JobEvent]:
    """Return what happened to a job, from the event behind ``after`` on."""
    found = select(TABLES[JobEvent]).where(_event.job_id == job_id, _event.number > after).order_by(_event.number)
    return transaction.select(JobEvent, found)


def jobs_from(transaction: Transaction, orders: Sequence[JobOrder]) -> list[Job]:
    """Return how orders stand now."""
    ids = [order.id for order in orders]
    events: dict[str, list[JobEvent]] = {job_id: [] for job_id in ids}
    # The lines of a log may be many, and are asked for by themselves.
    told = select(TABLES[JobEvent]).where(_event.job_id.in_(ids), _event.act != JobAct.SAID.value)
    for event in transaction.select(JobEvent, told.order_by(_event.job_id, _event.number)):
        events[event.job_id].append(event)
    beats = transaction.connection.execute(select(PULSE).where(_pulse.job_id.in_(ids))).mappings()
    pulses = {row["job_id"]: dict(row) for row in beats}
    people = {order.by for order in orders if order.by is not None}
    named = select(TABLES[Expert].c.id, TABLES[Expert].c.handle).where(TABLES[Expert].c.id.in_(people))
    handles = {row.id: row.handle for row in transaction.connection.execute(named)}
    return [_job(each, events[each.id], pulses.get(each.id), handles.get(each.by or "")) for each in orders]


_STATES: Final[Mapping[JobAct, JobState]] = {
    JobAct.BEGUN: JobState.RUNNING,
    JobAct.LOST: JobState.WAITING,
    JobAct.RETURNED: JobState.WAITING,
    JobAct.DONE: JobState.DONE,
    JobAct.FAILED: JobState.FAILED,
    JobAct.CANCELED: JobState.CANCELED,
}


def _job(order: JobOrder, events: Iterable[JobEvent], pulse: Mapping[str, Any] | None, handle: str | None) -> Job:
    state, stopping, attempts, worker = JobState.WAITING, False, 0, None
    began = ended = None
    last: JobEvent | None = None
    for event in events:
        state = _STATES.get(event.act, state)
        stopping = stopping or event.act is JobAct.STOP_ASKED
        if event.act is JobAct.BEGUN:
            attempts, worker, began = attempts + 1, event.worker, began or event.at
        if event.act in ENDS:
            last, ended = event, event.at
    beating = pulse or {"room": "", "done": 0, "total": 0, "lease_until": None}
    return Job(
        id=order.id,
        kind=order.kind,
        parameters=order.parameters,
        by=order.by,
        asked_at=order.asked_at,
        handle=handle,
        state=state,
        stopping=stopping and ended is None,
        room=beating["room"],
        done=beating["done"],
        total=beating["total"],
        result=last.detail if last is not None and last.act is JobAct.DONE else None,
        problem=JobProblem(**last.detail) if last is not None and last.act is JobAct.FAILED else None,
        attempts=attempts,
        worker=worker,
        lease_until=beating["lease_until"] if state is JobState.RUNNING else None,
        began_at=began,
        ended_at=ended,
    )


def _is_open() -> ColumnElement[bool]:
    return ~exists().where(_event.job_id == _order.id, _event.act.in_([act.value for act in ENDS]))


# ------------------------------------------------------------------ writing


def note(
    transaction: Transaction,
    job_id: str,
    act: JobAct,
    *,
    worker: str | None = None,
    by: str | None = None,
    text: str = "",
    detail: Mapping[str, Any] | None = None,
) -> JobEvent:
    """Add what happened to a job, behind all that happened before."""
    number = select(func.coalesce(func.max(_event.number), 0) + 1).where(_event.job_id == job_id)
    count = int(transaction.connection.execute(number).scalar_one())
    event = JobEvent(
        id=derive_id("job-event", {"job": job_id, "number": count}),
        job_id=job_id,
        number=count,
        act=act,
        worker=worker,
        by=by,
        text=text,
        detail=detail or {},
        at=moment_now(transaction),
    )
    transaction.add([event])
    return event


def take_job(transaction: Transaction, worker: str, *, kinds: Collection[str], lease: timedelta) -> Taken | None:
    """Take the job that waits longest, or whose worker was not heard of for as long as its lease.

    Parameters
    ----------
    transaction
        That writes.
    worker : str
        Who takes it.
    kinds : collection of str
        What this worker can do; another version may know more.
    lease : timedelta
        How long nobody else takes it without a sign of life.

    Returns
    -------
    Taken or None
        ``None`` where there is nothing to do.
    """
    moment = moment_now(transaction)
    for order in transaction.select(JobOrder, _free(kinds, moment)):
        earlier = [event for event in events_of(transaction, order.id) if event.act is not JobAct.SAID]
        if _is_over(transaction, order, earlier):
            continue
        attempt = 1 + sum(event.act is JobAct.BEGUN for event in earlier)
        transaction.connection.execute(
            PULSE.insert().values(job_id=order.id, worker=worker, lease_until=moment + lease, room="", done=0, total=0)
        )
        note(transaction, order.id, JobAct.BEGUN, worker=worker, text=f"attempt {attempt}")
        return Taken(order=order, attempt=attempt)
    return None


def may_be_taken(transaction: Transaction, kinds: Collection[str]) -> bool:
    """Say whether there is anything to take: asked each second, by a look that keeps nobody from writing."""
    return transaction.connection.execute(_free(kinds, moment_now(transaction)).limit(1)).first() is not None


def _free(kinds: Collection[str], moment: datetime) -> Select[Any]:
    free = ~exists().where(_pulse.job_id == _order.id, _pulse.lease_until > moment)
    waiting = select(TABLES[JobOrder]).where(_is_open(), free, _order.kind.in_(sorted(kinds)))
    return waiting.order_by(_order.asked_at, _order.id)


def _is_over(transaction: Transaction, order: JobOrder, earlier: Sequence[JobEvent]) -> bool:
    """Note that a worker was lost, and end a job that nobody wants any more, or that took too many workers along."""
    held = transaction.connection.execute(select(_pulse.worker).where(_pulse.job_id == order.id)).scalar()
    lost = sum(event.act is JobAct.LOST for event in earlier)
    # A workspace that was moved has left the signs of life behind: the events still tell of the worker.
    begun = next((event for event in reversed(earlier) if event.act is not JobAct.STOP_ASKED), None)
    if held is not None or (begun is not None and begun.act is JobAct.BEGUN):
        lost += 1
        gone = held if begun is None else begun.worker
        transaction.connection.execute(delete(PULSE).where(_pulse.job_id == order.id))
        note(transaction, order.id, JobAct.LOST, worker=gone, text="its worker was not heard of any more")
    if any(event.act is JobAct.STOP_ASKED for event in earlier):
        close_job(transaction, order.id, JobAct.CANCELED, text="ended before it was taken up again")
        return True
    if lost >= MOST_LOST:
        close_job(
            transaction,
            order.id,
            JobAct.FAILED,
            text=f"{lost} workers ended while they did it",
            detail={
                "code": _LOST_CODE,
                "what": "each worker that did this job ended in the middle of it",
                "expected": "a worker that lives to the end",
                "found": f"{lost} that did not",
                "hint": "look into the log of the machine: memory may have run out; then start the job anew,"
                " what was done stays",
            },
        )
        return True
    return False


def beat(
    transaction: Transaction, job_id: str, worker: str, *, lease: timedelta, room: str, done: int, total: int
) -> bool:
    """Give a sign of life with how far the work is; say whether the job is still this worker's."""
    renewed = transaction.connection.execute(
        update(PULSE)
        .where(_pulse.job_id == job_id, _pulse.worker == worker)
        .values(lease_until=moment_now(transaction) + lease, room=room, done=done, total=total)
    )
    return renewed.rowcount == 1


def holds(transaction: Transaction, job_id: str, worker: str) -> bool:
    """Say whether a job is this worker's: one that was thought lost writes nothing more about it."""
    held = select(_pulse.worker).where(_pulse.job_id == job_id)
    return transaction.connection.execute(held).scalar() == worker


def stop_asked(transaction: Transaction, job_id: str) -> bool:
    """Say whether somebody asked for the end of a job."""
    asked = select(func.count()).where(_event.job_id == job_id, _event.act == JobAct.STOP_ASKED.value)
    return bool(transaction.connection.execute(asked).scalar_one())


def close_job(
    transaction: Transaction,
    job_id: str,
    act: JobAct,
    *,
    worker: str | None = None,
    text: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """End the work of a worker on a job: for good, or so that another takes it."""
    transaction.connection.execute(delete(PULSE).where(_pulse.job_id == job_id))
    note(transaction, job_id, act, worker=worker, text=text, detail=detail)


def moment_now(transaction: Transaction) -> datetime:
    """Return the moment by the one clock that all workers share: the server's, or this machine's beside a file."""
    if transaction.connection.dialect.name != "postgresql":
        return datetime.now(UTC)
    # The connection speaks UTC, and what it says has its zone.
    told: datetime = transaction.connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return told.astimezone(UTC)
