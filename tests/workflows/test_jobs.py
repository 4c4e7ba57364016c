"""Jobs as workers do them: followed, ended, taken up again after a kill, and never done by two."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell
from buffycoat.domain.job import Job, JobAct, JobOrder, JobState
from buffycoat.domain.run import Outcome
from buffycoat.domain.value import value
from buffycoat.errors import Conflict, InputError, NotFound, TooFew
from buffycoat.store.chain import ACTOR
from buffycoat.store.database import Database
from buffycoat.workflows.audit import list_entries
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.jobs import (
    KINDS,
    JobProgress,
    Kind,
    cancel_job,
    get_job,
    job_log,
    list_jobs,
    start_job,
    work_off,
)
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.runs import Progress, now
from buffycoat.workflows.workspace import Workspace, open_workspace

SIDE = 96
HOLD = """
import sys, time
from datetime import timedelta
from pathlib import Path
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.jobs import KINDS, Kind, work_off
from buffycoat.workflows.workspace import open_workspace

def held(workspace, told, progress):
    def show(step):
        progress(step)
        while step.done == 10:
            time.sleep(0.05)
    return {"done": detect_cells(workspace, side=told["side"], progress=show).done}

with open_workspace(Path(sys.argv[1])) as workspace:
    kind = Kind(do=held, parameters=KINDS["detect"].parameters)
    work_off(workspace, kinds={"detect": kind}, lease=timedelta(seconds=float(sys.argv[2])))
"""


@value
class Nothing:
    """Told nothing."""


@pytest.fixture
def workspace(demo_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(demo_workspace, tmp_path / "w")
    with open_workspace(tmp_path / "w") as opened:
        yield opened


@pytest.fixture
def kind(monkeypatch) -> Callable[[Callable[[JobProgress], Mapping[str, Any]]], str]:
    """A kind of work for one test."""

    def made(do: Callable[[JobProgress], Mapping[str, Any]]) -> str:
        monkeypatch.setitem(
            KINDS, "tried", Kind(do=lambda _workspace, _told, progress: do(progress), parameters=Nothing)
        )
        return "tried"

    return made


def until(fits: Callable[[], Any], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not fits():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@contextmanager
def worker_beside(workspace: Workspace, **more: Any) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=work_off, args=(workspace,), kwargs={"stop": stop, **more})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def acts(workspace: Workspace, job: Job) -> list[str]:
    return [event.act.value for event in job_log(workspace, job.id) if event.act is not JobAct.SAID]


def made_of(workspace: Workspace) -> tuple[set[Cell], set[tuple[str, str, str | None]]]:
    """What finding cells has made: cells, and what came of each photograph."""
    with workspace.database.reading() as transaction:
        outcomes = transaction.find(Outcome, room="detect")
        cells = {str(cell): cell for cell in transaction.find(Cell)}
        return set(cells), {(each.run_id, each.subject, each.code) for each in outcomes}


def test_a_job_is_done_and_tells_what_came_of_it(workspace):
    job = start_job(workspace, "detect", {"side": SIDE})
    assert (job.state, job.attempts, job.parameters) == (
        JobState.WAITING,
        0,
        {"side": SIDE, "border": "pad", "again": False, **_more("detect")},
    )
    assert work_off(workspace, until_idle=True) == 1
    done = get_job(workspace, job.id)
    assert (done.state, done.attempts, done.problem) == (JobState.DONE, 1, None)
    assert done.result is not None
    assert done.result["done"] > 40
    assert done.asked_at <= (done.began_at or done.asked_at) <= (done.ended_at or done.asked_at)
    said = [event.text for event in job_log(workspace, job.id) if event.act is JobAct.SAID]
    assert said == [f"detect: {done.result['done']} done, 0 done before, 0 refused"]


def _more(kind: str) -> Mapping[str, Any]:
    """Parameters that a kind has beside those that this test names."""
    plain = KINDS[kind].parameters()
    return {name: getattr(plain, name) for name in plain.__slots__ if name not in {"side", "border", "again"}}


def test_a_killed_worker_costs_time_only(workspace, tmp_path):
    twin = tmp_path / "twin"
    shutil.copytree(workspace.folder, twin)
    with open_workspace(twin) as undisturbed:
        detect_cells(undisturbed, side=SIDE)
        wanted = made_of(undisturbed)
    job = start_job(workspace, "detect", {"side": SIDE})
    lease = 10.0
    with subprocess.Popen([sys.executable, "-c", HOLD, str(workspace.folder), str(lease)]) as worker:
        until(lambda: get_job(workspace, job.id).done == 10)
        # It is slow, and gives signs of life: nobody takes its job, however long that lasts.
        until(lambda: (get_job(workspace, job.id).lease_until or now()) > now() + timedelta(seconds=lease / 2))
        time.sleep(1.5 * lease)
        assert work_off(workspace, until_idle=True) == 0
        worker.kill()
    assert made_of(workspace) != wanted
    with worker_beside(workspace):
        until(lambda: get_job(workspace, job.id).ended)
    done = get_job(workspace, job.id)
    assert (done.state, done.attempts) == (JobState.DONE, 2)
    assert done.result is not None
    assert done.result["before"] >= 10, "what was done is not done again"
    assert acts(workspace, job) == ["begun", "lost", "begun", "done"]
    assert made_of(workspace) == wanted


def test_a_worker_that_is_told_to_end_gives_its_job_back(workspace):
    job = start_job(workspace, "detect", {"side": SIDE})
    command = [sys.executable, "-m", "buffycoat", "work", "--workspace", str(workspace.folder)]
    held = HOLD.replace("import sys, time\n", "import signal, sys, time\n").replace(
        "with open", "def end(*_):\n    raise SystemExit\nsignal.signal(signal.SIGTERM, end)\nwith open", 1
    )
    with subprocess.Popen([sys.executable, "-c", held, str(workspace.folder), "60"]) as worker:
        until(lambda: get_job(workspace, job.id).done == 10)
        worker.terminate()
        worker.wait(60)
    assert (get_job(workspace, job.id).state, acts(workspace, job)) == (JobState.WAITING, ["begun", "returned"])
    subprocess.run([*command, "--once"], check=True, timeout=300)
    assert acts(workspace, job) == ["begun", "returned", "begun", "done"]


def test_three_processes_do_twenty_jobs_once_each(workspace):
    command = [sys.executable, "-m", "buffycoat", "work", "--workspace", str(workspace.folder)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        for worker in workers:
            assert "works for" in (worker.stdout.readline() if worker.stdout else "")
        orders = [
            JobOrder(id=f"many{number}", kind="doctor", parameters={"fast": True}, by=None, asked_at=now())
            for number in range(20)
        ]
        with workspace.database.writing() as transaction:
            transaction.add(orders)
        until(lambda: list_jobs(workspace).open == 0)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.communicate(timeout=60)
    for order in orders:
        job = get_job(workspace, order.id)
        assert (job.state, acts(workspace, job)) == (JobState.DONE, ["begun", "done"])


def test_one_that_runs_ends_with_its_next_step_and_one_that_waits_at_once(workspace, kind):
    seen = threading.Event()

    def endless(progress: JobProgress) -> Mapping[str, Any]:
        for count in range(100_000):
            seen.set()
            time.sleep(0.01)
            progress(Progress(room="tried", done=count, total=100_000))
        return {}

    running = start_job(workspace, kind(endless))
    waiting = start_job(workspace, "doctor", {"fast": True})
    with worker_beside(workspace):
        assert seen.wait(60)
        stopped = cancel_job(workspace, waiting.id)
        assert (stopped.state, acts(workspace, waiting)) == (JobState.CANCELED, ["stop-asked", "canceled"])
        assert cancel_job(workspace, running.id).stopping
        cancel_job(workspace, running.id)
        until(lambda: get_job(workspace, running.id).ended)
    assert acts(workspace, running) == ["begun", "stop-asked", "canceled"]
    assert "tried: " in job_log(workspace, running.id)[-1].text
    with pytest.raises(Conflict, match="ended already"):
        cancel_job(workspace, running.id)


def test_one_that_fails_says_why(workspace, kind):
    def refused(_: JobProgress) -> Mapping[str, Any]:
        raise TooFew("too few cells", expected="2", found="1", hint="label more")

    job = start_job(workspace, kind(refused))
    work_off(workspace, until_idle=True)
    problem = get_job(workspace, job.id).problem
    assert problem is not None
    assert (problem.code, problem.what) == ("too-few", "too few cells")
    assert (problem.expected, problem.found, problem.hint) == ("2", "1", "label more")


def test_a_fault_of_the_program_says_where_and_nothing_of_what_it_worked_on(workspace, kind, caplog):
    name = "Jane Doe.jpg"

    def broken(_: JobProgress) -> Mapping[str, Any]:
        raise KeyError(name)

    job = start_job(workspace, kind(broken))
    after = start_job(workspace, "doctor", {"fast": True})
    with caplog.at_level(logging.ERROR):
        assert work_off(workspace, until_idle=True) == 2, "the worker goes on"
    problem = get_job(workspace, job.id).problem
    assert problem is not None
    assert problem.found.startswith("KeyError at broken, line ")
    assert "in broken" in caplog.text
    assert "Jane" not in caplog.text + str(problem) + str(job_log(workspace, job.id))
    assert get_job(workspace, after.id).state is JobState.DONE


def test_progress_is_written_seldom_however_often_it_is_told(workspace, kind, monkeypatch):
    written = []
    writing = Database.writing

    def counted(database: Database) -> Any:
        written.append(time.monotonic())
        return writing(database)

    def quick(progress: JobProgress) -> Mapping[str, Any]:
        end = time.monotonic() + 2.2
        told = 0
        while time.monotonic() < end:
            told += 1
            progress(Progress(room="tried", done=told, total=told + 1))
        return {"told": told}

    job = start_job(workspace, kind(quick))
    monkeypatch.setattr(Database, "writing", counted)
    work_off(workspace, until_idle=True)
    result = get_job(workspace, job.id).result
    assert result is not None
    assert result["told"] > 10_000
    assert 3 <= len(written) <= 30, "taken, about twice a second, and ended"


def test_a_log_that_never_ends_is_cut(workspace, kind):
    def talks(progress: JobProgress) -> Mapping[str, Any]:
        for count in range(5000):
            progress.say(f"line {count}")
        return {}

    job = start_job(workspace, kind(talks))
    work_off(workspace, until_idle=True)
    lines = job_log(workspace, job.id)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) == 1002
    assert job_log(workspace, job.id, after=1001) == lines[1001:]


def test_the_same_is_asked_for_once_and_what_is_told_is_checked(workspace):
    job = start_job(workspace, "detect", {"side": SIDE})
    assert start_job(workspace, "detect", {"side": SIDE, "border": "pad"}).id == job.id
    assert start_job(workspace, "detect").id != job.id
    for kind_, told, words in [
        ("dig", {}, "no such kind"),
        ("detect", {"depth": 3}, "no such parameter"),
        ("detect", {"side": "wide"}, "side is not what"),
        ("clean", {"method": "luck"}, "method is not what"),
        ("ingest", {}, "is not what this job takes"),
    ]:
        with pytest.raises(InputError, match=words):
            start_job(workspace, kind_, told)
    assert list_jobs(workspace).total == 2


def test_who_sees_and_ends_which_job(workspace):
    people = {person.handle: person for person in demo_people(workspace)}
    job = start_job(workspace, "doctor", {"fast": True}, people["edna"])
    own = start_job(workspace, "detect", by=people["carla"])
    assert (job.by, job.handle) == (people["edna"].id, "edna")
    seen = {handle: [each.id for each in list_jobs(workspace, person).jobs] for handle, person in people.items()}
    assert seen["edna"] == [job.id]
    assert seen["carla"] == seen["ada"] == [own.id, job.id]
    assert seen["emil"] == seen["vera"] == []
    for look in (get_job, job_log, cancel_job):
        with pytest.raises(NotFound):
            look(workspace, job.id, people["emil"])
    assert cancel_job(workspace, job.id, people["edna"]).state is JobState.CANCELED
    told = [(line.action, line.person) for line in list_entries(workspace, people["ada"]).lines[:3]]
    assert [(str(action), person) for action, person in told] == [
        ("stopped", "edna"),
        ("started", "carla"),
        ("started", "edna"),
    ]


def test_work_is_entered_under_the_name_of_who_ordered_it(workspace, kind):
    person: Person = next(each for each in demo_people(workspace) if each.handle == "carla")
    job = start_job(workspace, kind(lambda _: {"actor": ACTOR.get()}), by=person)
    work_off(workspace, until_idle=True)
    assert get_job(workspace, job.id).result == {"actor": person.id}
    assert ACTOR.get() is None


def test_cleaning_one_smear_of_a_workspace_and_no_other(workspace):
    with workspace.database.reading() as transaction:
        smear = transaction.find(Outcome, room="clean")[0].subject
    job = start_job(workspace, "clean", {"smear": smear})
    wrong = start_job(workspace, "clean", {"smear": "nothing"})
    work_off(workspace, until_idle=True)
    done = get_job(workspace, job.id)
    assert (done.state, done.result) == (JobState.DONE, {"done": 0, "before": 1, "refused": 0, "repeats": 0})
    problem = get_job(workspace, wrong.id).problem
    assert problem is not None
    assert problem.code == "not-found"


def test_an_environment_without_a_name_of_a_machine_is_no_reason_to_share_a_name():
    from buffycoat.workflows.jobs.worker import name_of_worker

    assert len({name_of_worker() for _ in range(100)}) == 100
    assert str(os.getpid()) in name_of_worker()
