"""Cleanings one after the other: what each changed, and back to what stood before one of them.

Nothing is deleted. Going back says again what an earlier run found, and where people ruled since or cells were found
anew, cleans in the way of that run: how cells were compared is put back, what people said is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from buffycoat.clean import Method
from buffycoat.clean.differences import CellsOnce, difference
from buffycoat.domain.cell import CoveredField, Repeat
from buffycoat.domain.job import Job, JobOrder
from buffycoat.domain.repeating import Cleaning, Lines, RepeatChange, ThresholdWish, WhyCleaned
from buffycoat.domain.ruling import RepeatRuling
from buffycoat.domain.run import Outcome, Run
from buffycoat.errors import Conflict, NotFound
from buffycoat.store import Transaction
from buffycoat.store.jobs import jobs_from
from buffycoat.store.queries import CellFilter, current_ids
from buffycoat.workflows.clean import known_smear, parameters_of, reclean_smear
from buffycoat.workflows.consensus import being_read
from buffycoat.workflows.repeating.previewing import lines_of, once_of, preview, smears_meant
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress, say_again
from buffycoat.workflows.workspace import Workspace

__all__ = ["WentBack", "compare_cleanings", "go_back", "list_cleanings"]

_FUNCTION = "clean.find_repeats"
_JOBS = ("clean", "clean-back")


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack:
    """What going back did: smears whose earlier verdicts stand again as they were, and those cleaned anew for it."""

    again: int
    anew: int
    kept: int


@dataclass(slots=True, kw_only=True)
class _Step:
    """One smear cleaned once."""

    outcome: Outcome
    run: Run
    before: Outcome | None
    why: WhyCleaned
    by: str | None


@dataclass(slots=True, kw_only=True)
class _Go:
    """Smears cleaned in one go."""

    steps: dict[str, _Step] = field(default_factory=dict)

    @property
    def first(self) -> _Step:
        return next(iter(self.steps.values()))

    @property
    def why(self) -> WhyCleaned:
        """One that found some of its verdicts from before and made the others is a cleaning."""
        whys = {step.why for step in self.steps.values()}
        return whys.pop() if len(whys) == 1 else WhyCleaned.CLEANED


def list_cleanings(workspace: Workspace) -> tuple[Cleaning, ...]:
    """Return what was cleaned when and why, the newest first.

    Smears that were cleaned in one way one after the other are told together; a ruling cleans its smear alone.
    """
    with workspace.database.reading() as transaction:
        codes = smears_meant(transaction, None)
        goes = _goes(transaction, codes)
        newest = {smear_id: step for go in goes for smear_id, step in go.steps.items()}
        repeats, covered = _counts(transaction)
    return tuple(
        Cleaning(
            id=go.first.outcome.id,
            began_at=go.first.outcome.finished_at,
            ended_at=max(step.outcome.finished_at for step in go.steps.values()),
            why=go.why,
            by=go.first.by,
            lines=_lines(go.first.run),
            smears=tuple(sorted(codes[smear_id] for smear_id in go.steps)),
            repeats=sum(repeats.get((smear_id, step.run.id), 0) for smear_id, step in go.steps.items()),
            covered=sum(covered.get((smear_id, step.run.id), 0) for smear_id, step in go.steps.items()),
            standing=sum(newest[smear_id].run.id == step.run.id for smear_id, step in go.steps.items()),
            first=sum(step.before is None for step in go.steps.values()),
        )
        for go in reversed(goes)
    )


def compare_cleanings(workspace: Workspace, cleaning_id: str, *, with_id: str | None = None) -> RepeatChange:
    """Return what a cleaning changed; or what stands otherwise after it than after another one.

    Raises
    ------
    NotFound
        There is no such cleaning.
    """
    with workspace.database.reading() as transaction:
        codes = smears_meant(transaction, None)
        goes = _goes(transaction, codes)
        chosen = _find(goes, cleaning_id)
        before: dict[str, Outcome | None]
        after: dict[str, Outcome | None]
        if with_id is None:
            before = {smear_id: step.before for smear_id, step in chosen.steps.items()}
            after = {smear_id: step.outcome for smear_id, step in chosen.steps.items()}
        else:
            before, after = _after(goes, _find(goes, with_id)), _after(goes, chosen)
        smears = [smear_id for smear_id in after if smear_id in before]
        cells = sum(len(current_ids(transaction, CellFilter(smear_id=each))) for each in smears)
        return difference(
            _once(transaction, {each: before[each] for each in smears}),
            _once(transaction, {each: after[each] for each in smears}),
            cells=cells,
            reading=being_read(transaction),
        )


def go_back(workspace: Workspace, cleaning_id: str, *, progress: ShowProgress = no_progress) -> WentBack:
    """Go back to what stood before a cleaning, in each of its smears; people's rulings stay.

    Where nothing was ruled or found since, the very verdicts of then stand again, as another outcome of the same run.
    Elsewhere the smear is cleaned in the way of then. A smear that had not been cleaned before stays as it is.

    Raises
    ------
    NotFound
        There is no such cleaning.
    Conflict
        None of its smears had been cleaned before; or a kept picture would go while an open round reads it; or a smear
        could not be cleaned anew.
    """
    with workspace.database.reading() as transaction:
        goes = _goes(transaction, smears_meant(transaction, None))
        chosen = _find(goes, cleaning_id)
        newest = {smear_id: step.outcome for go in goes for smear_id, step in go.steps.items()}
        back = {smear_id: step.before for smear_id, step in chosen.steps.items() if step.before is not None}
        runs = {run.id: run for run in transaction.find(Run, function=_FUNCTION)}
        same = {
            smear_id: known_smear(transaction, smear_id).inputs == runs[outcome.run_id].inputs
            for smear_id, outcome in back.items()
        }
        exact = {smear_id: outcome for smear_id, outcome in back.items() if same[smear_id]}
        read = difference(
            _once(transaction, {each: newest[each] for each in exact}),
            _once(transaction, dict(exact)),
            cells=0,
            reading=being_read(transaction),
        ).read
    if not back:
        raise Conflict(
            "nothing stood before this cleaning",
            expected="a cleaning of smears that had been cleaned before",
            found=cleaning_id,
            hint="choose a later one",
        )
    for smear_id, outcome in back.items():
        parameters = parameters_of(runs[outcome.run_id])
        if not same[smear_id] and parameters.method is Method.PAPER:
            wish = ThresholdWish(
                method=str(parameters.method),
                average_bits=parameters.average_bits,
                perceptual_bits=parameters.perceptual_bits,
            )
            read = (*read, *preview(workspace, wish, smear_id=smear_id).read)
    if read:
        raise Conflict(
            "open rounds read pictures that would go",
            expected="no picture of an open round among them",
            found=str(len(read)),
            hint="go back when the round ends",
        )
    anew = 0
    for position, (smear_id, outcome) in enumerate(sorted(back.items()), start=1):
        if not same[smear_id]:
            anew += 1
            tally = reclean_smear(workspace, smear_id, parameters=parameters_of(runs[outcome.run_id]))
            if tally.refused:
                raise Conflict("a smear could not be cleaned anew", found=tally.refused[0].message)
        elif newest[smear_id].run_id != outcome.run_id:
            say_again(workspace, outcome, newest[smear_id])
        progress(Progress(room="clean", done=position, total=len(back)))
    return WentBack(again=len(back) - anew, anew=anew, kept=len(chosen.steps) - len(back))


# ------------------------------------------------------------------ what went on


def _lines(run: Run) -> Lines:
    return lines_of(parameters_of(run))


def _goes(transaction: Transaction, codes: Mapping[str, str]) -> list[_Go]:
    """Return all cleanings, the oldest first."""
    runs = {run.id: run for run in transaction.find(Run, function=_FUNCTION)}
    outcomes = sorted(
        (
            each
            for each in transaction.find(Outcome, room="clean")
            if each.code is None and each.run_id in runs and each.subject in codes
        ),
        key=lambda each: (each.finished_at, each.id),
    )
    rulings: dict[str, list[RepeatRuling]] = defaultdict(list)
    for each in sorted(transaction.find(RepeatRuling), key=lambda each: (each.given_at, each.id)):
        rulings[each.smear_id].append(each)
    jobs = jobs_from(transaction, [order for kind in _JOBS for order in transaction.find(JobOrder, kind=kind)])
    goes: list[_Go] = []
    last: dict[str, Outcome] = {}
    seen: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        smear_id, run = outcome.subject, runs[outcome.run_id]
        before = last.get(smear_id)
        step = _Step(outcome=outcome, run=run, before=before, why=WhyCleaned.CLEANED, by=None)
        ruling = _ruled_between(rulings[smear_id], before, outcome)
        if ruling is not None and before is not None and _lines(runs[before.run_id]) == _lines(run):
            step.why, step.by = WhyCleaned.RULED, ruling.by
        elif run.id in seen[smear_id]:
            step.why = WhyCleaned.WENT_BACK
        if step.by is None:
            step.by = next((job.handle for job in jobs if _within(job, outcome)), None)
        if not goes or _begins(goes[-1], smear_id, step):
            goes.append(_Go())
        goes[-1].steps[smear_id] = step
        last[smear_id] = outcome
        seen[smear_id].add(run.id)
    return goes


def _within(job: Job, outcome: Outcome) -> bool:
    """Say whether a job made an outcome: only one cleans at a time, as each smear is one transaction."""
    began, ended = job.began_at, job.ended_at
    return began is not None and began <= outcome.finished_at and (ended is None or outcome.finished_at <= ended)


def _begins(go: _Go, smear_id: str, step: _Step) -> bool:
    first = go.first
    return (
        smear_id in go.steps
        or WhyCleaned.RULED in {step.why, first.why}
        or step.by != first.by
        or _lines(step.run) != _lines(first.run)
    )


def _ruled_between(rulings: Sequence[RepeatRuling], before: Outcome | None, after: Outcome) -> RepeatRuling | None:
    since: datetime | None = None if before is None else before.finished_at
    between = [
        each for each in rulings if (since is None or each.given_at > since) and each.given_at <= after.finished_at
    ]
    return between[-1] if between else None


def _find(goes: Sequence[_Go], cleaning_id: str) -> _Go:
    for go in goes:
        if go.first.outcome.id == cleaning_id:
            return go
    raise NotFound("no cleaning has this id", found=cleaning_id, hint="`buffycoat repeats runs` lists them")


def _after(goes: Sequence[_Go], chosen: _Go) -> dict[str, Outcome | None]:
    """Return what stood in each smear when a cleaning was done."""
    standing: dict[str, Outcome | None] = {}
    for go in goes:
        standing |= {smear_id: step.outcome for smear_id, step in go.steps.items()}
        if go is chosen:
            break
    return standing


def _once(transaction: Transaction, outcomes: Mapping[str, Outcome | None]) -> CellsOnce:
    repeats: list[Repeat] = []
    covered: list[CoveredField] = []
    for smear_id, outcome in outcomes.items():
        if outcome is not None:
            repeats += transaction.find(Repeat, smear_id=smear_id, run_id=outcome.run_id)
            covered += transaction.find(CoveredField, smear_id=smear_id, run_id=outcome.run_id)
    return once_of(repeats, covered)


def _counts(transaction: Transaction) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    repeats: dict[tuple[str, str], int] = defaultdict(int)
    covered: dict[tuple[str, str], int] = defaultdict(int)
    for each in transaction.find(Repeat):
        repeats[each.smear_id, each.run_id] += 1
    for gone in transaction.find(CoveredField):
        covered[gone.smear_id, gone.run_id] += 1
    return repeats, covered
