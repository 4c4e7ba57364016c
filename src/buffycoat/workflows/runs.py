"""How long work is done so that an interruption loses nothing: one transaction a subject, and never one twice."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from inspect import isgeneratorfunction
from typing import Any

from buffycoat.domain.run import Outcome, Run
from buffycoat.domain.value import Scalar, derive_id
from buffycoat.errors import BuffycoatError, EngineDiffers, EngineUnreachable, ExactRepeat
from buffycoat.workflows.engine import Call, Engine, Said, Steps
from buffycoat.workflows.workspace import Workspace

__all__ = ["ALGORITHMS", "Made", "Progress", "Tally", "no_progress", "now", "run_of", "say_again", "start_run", "work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a room is."""

    room: str
    done: int
    total: int


ALGORITHMS = {
    "ingest.take_in": "1",
    "ingest.import_set": "1",
    "ingest.correct": "1",
    "detect.find_cells": "2",
    "detect.draw_boxes": "1",
    "detect.keep_filter": "1",
    "detect.choose_filter": "1",
    "clean.find_repeats": "2",
    "clean.find_across": "1",
    "clean.rule": "1",
    "label.open_round": "1",
    "label.enter": "1",
    "label.adjudicate": "1",
    "label.keep_taxonomy": "1",
    "segment.segment_parts": "1",
    "segment.import_masks": "2",
    "segment.keep_masks": "1",
    "segment.select_cells": "1",
    "classify.suggest": "1",
    "publish.seal": "1",
    "learn.fit_svm": "1",
    "report.render_summary": "1",
    "report.render_experiment": "1",
    "report.keep_reference": "1",
}
"""Version of each function that makes rows. Raised when its results change, and only then: a new release of buffycoat
with the same algorithm is the same work, and the cells that people have labeled stay."""

ShowProgress = Callable[[Progress], None]


def no_progress(_progress: Progress) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the work on one subject made: values to add, and the id of the chief one.

    ``before``: the work found that all of it was there already; nothing is written.
    """

    values: Sequence[Any] = ()
    produced: str | None = None
    message: str = ""
    before: bool = False


Work = Callable[[], Made] | Callable[[], Steps[Made]]
"""What is done about a subject: at once when its turn has come, or in steps, of which an engine makes the calls."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of a run so far; ``older`` of those ``before`` were done by an earlier version of the same work."""

    room: str
    run_id: str
    done: int = 0
    before: int = 0
    older: int = 0
    seconds: float = 0.0
    refused: list[Outcome] = field(default_factory=list)
    repeats: list[Outcome] = field(default_factory=list)


def now() -> datetime:
    """Return the moment, in UTC: the one clock of the workflows."""
    return datetime.now(UTC)


def run_of(
    *, room: str, function: str, parameters: Mapping[str, Scalar], inputs: str = "", seed: int | None = None
) -> Run:
    """Return the run of this function with these parameters, as made now; nothing is written."""
    version = ALGORITHMS[function]
    identity: dict[str, Scalar] = {"function": function, "version": version, "inputs": inputs, "seed": seed}
    identity |= {f"parameter {name}": value for name, value in parameters.items()}
    return Run(
        id=derive_id("run", identity),
        room=room,
        function=function,
        version=version,
        parameters=dict(parameters),
        inputs=inputs,
        seed=seed,
        started_at=now(),
    )


def start_run(
    workspace: Workspace,
    *,
    room: str,
    function: str,
    parameters: Mapping[str, Scalar],
    inputs: str = "",
    seed: int | None = None,
) -> Run:
    """Return the run of this function with these parameters, made now or found from before."""
    run = run_of(room=room, function=function, parameters=parameters, inputs=inputs, seed=seed)
    with workspace.database.writing() as transaction:
        transaction.add([run])
        return transaction.get(Run, run.id)


def work(
    workspace: Workspace,
    run: Run,
    subjects: Iterable[tuple[str, Work]],
    *,
    total: int,
    progress: ShowProgress = no_progress,
    since: datetime | None = None,
) -> Tally:
    """Work on each subject that this run has not done yet, and write what came of it.

    What a subject made and its outcome are written in one transaction, so a kill at any moment leaves either both or
    neither. An error of ours is a refusal: written with its code, and the next subject follows; it is tried again by
    the next run of the same command.

    Parameters
    ----------
    workspace, run
        Where, and for which run.
    subjects : iterable of (str, callable)
        Id of each subject, and the work on it. The subjects of ingest are names of files, and a name says nothing
        of the bytes: there the work itself finds out whether it was done before. Work that is a generator has its
        calls made by the engine of the workspace, some subjects ahead; what it keeps is kept in the order of subjects.
    total : int
        How many there are, for the progress.
    progress : callable
        Called after each subject.
    since : datetime, optional
        What was done before that counts only when it is said again: what it looked at was replaced in between, and
        then put back.

    Returns
    -------
    Tally
        Counts, refusals and exact repeats of this run.

    Raises
    ------
    EngineUnreachable, EngineDiffers
        The engine cannot go on. What was done stays.
    """
    started = time.perf_counter()
    tally = Tally(room=run.room, run_id=run.id)
    by_name = run.room == "ingest"
    with workspace.database.reading() as transaction:
        # Of one subject, as when a person draws cell after cell, nothing else is read: the room may hold thousands.
        one = {"subject": subjects[0][0]} if isinstance(subjects, Sequence) and len(subjects) == 1 else {}
        known = [] if by_name else [o for o in transaction.find(Outcome, room=run.room, **one) if o.code is None]
    settled = {outcome.subject: outcome for outcome in known if outcome.run_id == run.id}
    newest = {outcome.subject: outcome for outcome in sorted(known, key=lambda outcome: outcome.finished_at)}
    begun = deque[_Begun]()
    with closing(workspace.engine.run(_begin(subjects, settled, begun))) as answers:
        for position, said in enumerate(answers, start=1):
            ours = begun.popleft()
            subject = ours.subject
            if subject in settled:
                tally.before += 1
                if newest[subject].run_id != run.id or (since is not None and newest[subject].finished_at < since):
                    say_again(workspace, settled[subject], newest[subject])
            else:
                _count(tally, _attempt(workspace, run, subject, partial(ours.end, workspace.engine, said)))
            progress(Progress(room=run.room, done=position, total=total))
    tally.seconds = time.perf_counter() - started
    return tally


@dataclass(slots=True, kw_only=True)
class _Begun:
    """Work on a subject that has not ended; work without steps begins when its turn has come."""

    subject: str
    do: Work
    steps: Steps[Made] | None = None
    refused: BuffycoatError | None = None
    made: Made | None = None

    def begin(self) -> Call | None:
        """Go to the first step, and return the call that is to be made."""
        if not isgeneratorfunction(self.do):
            return None
        steps = self.do()
        try:
            call: Call | None = next(steps)
        except StopIteration as end:
            self.made = end.value
            return None
        except BuffycoatError as error:  # raised when its turn has come
            self.refused = error
            return None
        self.steps = steps
        return call

    def end(self, engine: Engine, said: Said) -> Made:
        """Go on from the answer to the end."""
        if self.refused is not None:
            raise self.refused
        if self.made is not None:
            return self.made
        if self.steps is None:
            made = self.do()
            assert isinstance(made, Made)  # noqa: S101 (what has steps has begun)
            return made
        try:
            while True:
                call = self.steps.send(said.value) if said.error is None else self.steps.throw(said.error)
                (said,) = engine.run([call])
        except StopIteration as end:
            last: Made = end.value
            return last


def _begin(
    subjects: Iterable[tuple[str, Work]], settled: Mapping[str, Outcome], begun: deque[_Begun]
) -> Iterator[Call | None]:
    """Begin with each subject, as soon as the engine asks for it."""
    for subject, do in subjects:
        one = _Begun(subject=subject, do=do)
        begun.append(one)
        yield None if subject in settled else one.begin()


def _count(tally: Tally, outcome: Outcome | None) -> None:
    if outcome is None:
        tally.before += 1
    elif outcome.code is None:
        tally.done += 1
    elif outcome.code == ExactRepeat.code:
        tally.repeats.append(outcome)
    else:
        tally.refused.append(outcome)


def say_again(workspace: Workspace, outcome: Outcome, since: Outcome) -> None:
    """Make an old outcome the newest of its subject: the person came back to the earlier parameters."""
    again = replace(outcome, id=derive_id("outcome", {"again": outcome.id, "since": since.id}), finished_at=now())
    with workspace.database.writing() as transaction:
        transaction.add([again])


def _attempt(workspace: Workspace, run: Run, subject: str, do: Callable[[], Made]) -> Outcome | None:
    """Do the work on one subject and write what came of it; ``None`` where it was done before."""
    code: str | None = None
    try:
        made = do()
    except (EngineUnreachable, EngineDiffers):  # says nothing of the subject
        raise
    except BuffycoatError as error:
        code = error.code
        made = Made(message=error.told)
    if made.before:
        return None
    outcome = Outcome(
        id=derive_id("outcome", {"run": run.id, "subject": subject, "code": code, "produced": made.produced}),
        run_id=run.id,
        room=run.room,
        subject=subject,
        produced=made.produced,
        code=code,
        message=made.message,
        finished_at=now(),
    )
    with workspace.database.writing() as transaction:
        transaction.add([*made.values, outcome])
    return outcome
