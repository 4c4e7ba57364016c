"""Jobs in the store: each is taken by one worker, and one whose worker was lost is taken up again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from buffycoat.domain.job import JobAct, JobOrder, JobState
from buffycoat.errors import NotFound
from buffycoat.store import Database, Transaction
from buffycoat.store.jobs import (
    MOST_LOST,
    beat,
    close_job,
    count_jobs,
    events_of,
    holds,
    jobs_from,
    may_be_taken,
    newest_orders,
    note,
    same_waiting,
    take_job,
)
from buffycoat.store.moving import tables_in_order
from buffycoat.store.tables import PULSE

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LONG, OVER = timedelta(hours=1), timedelta(0)
KINDS = ("detect",)


@pytest.fixture
def opened(tmp_path, database) -> Iterator[Database]:
    opened = database(tmp_path)
    yield opened
    opened.close()


def order(number: int, **changes) -> JobOrder:
    given = {"id": f"j{number:03}", "kind": "detect", "parameters": {"side": number}, "by": None}
    return JobOrder(**{**given, "asked_at": MOMENT + timedelta(seconds=number), **changes})


def ask(opened: Database, *orders: JobOrder) -> None:
    with opened.writing() as transaction:
        transaction.add(orders)


def take(opened: Database, worker: str, lease: timedelta = LONG) -> str | None:
    with opened.writing() as transaction:
        taken = take_job(transaction, worker, kinds=KINDS, lease=lease)
    return None if taken is None else f"{taken.order.id} {taken.attempt}"


def acts(transaction: Transaction, job_id: str) -> list[str]:
    return [event.act.value for event in events_of(transaction, job_id)]


def test_many_workers_take_each_job_once_and_the_oldest_first(tmp_path, database, opened):
    ask(opened, *(order(number) for number in range(40)))
    taken: list[str] = []

    def work(name: str) -> None:
        mine = database(tmp_path)
        while (job := take(mine, name)) is not None:
            taken.append(job)
        mine.close()

    workers = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Counter(taken) == Counter(f"j{number:03} 1" for number in range(40))
    with opened.reading() as transaction:
        begun = [events_of(transaction, f"j{number:03}") for number in range(40)]
        assert [len(events) for events in begun] == [1] * 40
        moments = [events[0].at for events in begun]
    assert moments == sorted(moments)


def test_a_worker_that_is_heard_of_keeps_its_job_and_one_that_is_not_loses_it(opened):
    ask(opened, order(1))
    assert take(opened, "a", OVER) == "j001 1"
    with opened.writing() as transaction:
        assert beat(transaction, "j001", "a", lease=LONG, room="detect", done=3, total=9)
    assert take(opened, "b") is None, "its lease was renewed"
    with opened.reading() as transaction:
        [job] = jobs_from(transaction, newest_orders(transaction))
        assert (job.state, job.room, job.done, job.total, job.worker) == (JobState.RUNNING, "detect", 3, 9, "a")
        assert not may_be_taken(transaction, KINDS)
    with opened.writing() as transaction:
        beat(transaction, "j001", "a", lease=OVER, room="detect", done=4, total=9)
    assert take(opened, "b") == "j001 2"
    with opened.writing() as transaction:
        assert not beat(transaction, "j001", "a", lease=LONG, room="detect", done=5, total=9)
        assert not holds(transaction, "j001", "a")
        assert holds(transaction, "j001", "b")
        assert acts(transaction, "j001") == ["begun", "lost", "begun"]
        assert [event.worker for event in events_of(transaction, "j001")] == ["a", "a", "b"]


def test_a_job_that_takes_its_workers_along_is_not_given_to_more(opened):
    ask(opened, order(1))
    assert [take(opened, f"w{number}", OVER) for number in range(MOST_LOST)] == ["j001 1", "j001 2", "j001 3"]
    assert take(opened, "last") is None
    with opened.reading() as transaction:
        [job] = jobs_from(transaction, newest_orders(transaction))
        assert not may_be_taken(transaction, KINDS)
    assert (job.state, job.attempts) == (JobState.FAILED, MOST_LOST)
    assert job.problem is not None
    assert job.problem.code == "worker-lost"
    assert str(MOST_LOST) in job.problem.found
    assert "start the job anew" in job.problem.hint


def test_a_job_that_is_given_back_was_not_lost(opened):
    ask(opened, order(1))
    for attempt in range(1, MOST_LOST + 3):
        assert take(opened, "a") == f"j001 {attempt}"
        with opened.writing() as transaction:
            close_job(transaction, "j001", JobAct.RETURNED, worker="a")


def test_a_lost_job_that_nobody_wants_any_more_ends(opened):
    ask(opened, order(1))
    take(opened, "a", OVER)
    with opened.writing() as transaction:
        note(transaction, "j001", JobAct.STOP_ASKED)
    assert take(opened, "b") is None
    with opened.reading() as transaction:
        assert acts(transaction, "j001") == ["begun", "stop-asked", "lost", "canceled"]
        assert count_jobs(transaction) == (1, 0)


def test_a_workspace_that_moved_while_a_job_ran_has_it_done_anew(opened):
    assert PULSE not in tables_in_order()
    ask(opened, order(1))
    take(opened, "a")
    with opened.writing() as transaction:
        transaction.connection.execute(PULSE.delete())
    assert take(opened, "b") == "j001 2"
    with opened.reading() as transaction:
        assert acts(transaction, "j001") == ["begun", "lost", "begun"]


def test_a_worker_leaves_what_it_does_not_know(opened):
    ask(opened, order(1, kind="of a later version"), order(2))
    assert take(opened, "a") == "j002 1"
    assert take(opened, "a") is None


def test_the_list_is_the_newest_first_in_parts_and_of_one_person(opened):
    ask(opened, *(order(number, by="e1" if number % 2 else None) for number in range(1, 8)))
    with opened.reading() as transaction:
        first = [each.id for each in newest_orders(transaction, limit=3)]
        assert first == ["j007", "j006", "j005"]
        assert [each.id for each in newest_orders(transaction, before="j005", limit=3)] == ["j004", "j003", "j002"]
        assert [each.id for each in newest_orders(transaction, by="e1")] == ["j007", "j005", "j003", "j001"]
        assert count_jobs(transaction, by="e1") == (4, 4)
        with pytest.raises(NotFound):
            newest_orders(transaction, before="j999")


def test_the_same_is_found_only_while_it_waits(opened):
    ask(opened, order(1))
    with opened.writing() as transaction:
        assert same_waiting(transaction, "detect", {"side": 1}) == order(1)
        assert same_waiting(transaction, "detect", {"side": 2}) is None
        assert same_waiting(transaction, "clean", {"side": 1}) is None
        take_job(transaction, "a", kinds=KINDS, lease=LONG)
        assert same_waiting(transaction, "detect", {"side": 1}) is None, "what came since might be left out"
