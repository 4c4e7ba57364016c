"""All that a report tells of an experiment, worked out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from buffycoat.domain.experiment import TEST_A, TEST_B, TRAIN, Experiment
from buffycoat.domain.value import value
from buffycoat.formats.table import PrintedTable
from buffycoat.report.experiment.claims import Claim, claims
from buffycoat.report.experiment.estimates import Draws, Overall, draw, overall
from buffycoat.report.experiment.falls import Fall, falls, shared_classes
from buffycoat.report.experiment.paper_tables import PaperTable, count_table, paper_table
from buffycoat.report.experiment.rows import Answers, answers_to, models_of, restricted_to
from buffycoat.report.experiment.slices import SliceTable, slices
from buffycoat.report.experiment.sureness import Curves, Trust, curves, trust
from buffycoat.report.experiment.verdict import verdict
from buffycoat.report.experiment.worst import Disagreement, WrongCell, disagreements, worst_errors

__all__ = ["Confusion", "Constant", "Findings", "Side", "find", "table_files"]


@value
class Constant:
    """Always answering the class that is commonest in training: what it scores on a set, 0 to 1."""

    term: str
    accuracy: float
    balanced: float


@value
class Confusion:
    """Answers of a model, all seeds together: rows truth, columns answer; a last column where there is none."""

    label: str
    terms: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    seeds: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """A test set and all that was found on it; ``narrow`` has answers restricted to its classes, if it lacks any."""

    answers: Answers
    draws: Draws
    overall: tuple[Overall, ...]
    constant: Constant | None
    paper: PaperTable
    narrow: PaperTable | None
    unable: tuple[str, ...]
    confusions: tuple[Confusion, ...]
    slices: tuple[SliceTable, ...]
    trust: tuple[Trust, ...]
    curves: tuple[Curves, ...]
    worst: tuple[WrongCell, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """An experiment, its test sets, and what is told of both together."""

    experiment: Experiment
    counts: PrintedTable
    home: Side | None
    away: Side | None
    shared: tuple[str, ...]
    falls: tuple[Fall, ...]
    claims: tuple[Claim, ...]
    verdict: tuple[str, ...]

    @property
    def sides(self) -> tuple[Side, ...]:
        """The test sets that there are."""
        return tuple(side for side in (self.home, self.away) if side is not None)


def find(
    experiment: Experiment, /, *, pictures: Mapping[tuple[str, str], bytes] | None = None, seed: int = 0
) -> Findings:
    """Work out all that is told of an experiment.

    Parameters
    ----------
    experiment : Experiment
        What each model said of each cell.
    pictures : mapping of (str, str) to bytes, optional
        Small JPEGs by name of the set and id of the cell.
    seed : int
        Of the draws for intervals: the same seed gives the same page.
    """
    sides = {name: _side(experiment, name, pictures or {}, seed) for name in (TEST_A, TEST_B)}
    home, away = sides[TEST_A], sides[TEST_B]
    lost: tuple[Fall, ...] = ()
    said: tuple[Claim, ...] = ()
    classes: tuple[str, ...] = ()
    if home is not None and away is not None:
        places = shared_classes(home.draws, away.draws)
        classes = tuple(experiment.classes[place] for place in places)
        narrow = None
        if away.narrow is not None:
            answers = restricted_to(away.answers, away.answers.present, commonest=_commonest(experiment))
            narrow = draw(answers, seed=seed)
        lost = falls(home.draws, away.draws, narrow)
        said = claims(home.draws, away.draws) if places else ()
    return Findings(
        experiment=experiment,
        counts=count_table(experiment),
        home=home,
        away=away,
        shared=classes,
        falls=lost,
        claims=said,
        verdict=verdict(
            lost,
            home.overall if home else (),
            away.overall if away else (),
            away.constant.accuracy if away and away.constant else None,
            where=away.answers.heading if away else TEST_B,
        ),
    )


def table_files(findings: Findings, /) -> Mapping[str, bytes]:
    """Return Tables 7, 8 and 9 as files, by name: CSV and LaTeX, Table 9 restricted and not."""
    files = {"table-7.csv": findings.counts.to_csv(), "table-7.tex": findings.counts.to_latex()}
    for side in findings.sides:
        for table, end in ((side.paper, ""), (side.narrow, "-restricted")):
            if table is not None:
                files[f"table-{table.number}{end}.csv"] = table.to_csv()
                files[f"table-{table.number}{end}.tex"] = table.to_latex()
    return {name: text.encode() for name, text in files.items()}


def _side(experiment: Experiment, name: str, pictures: Mapping[tuple[str, str], bytes], seed: int) -> Side | None:
    one = experiment.set_named(name)
    if one is None or not one.cells:
        return None
    answers = answers_to(experiment, one, models_of(experiment))
    draws = draw(answers, seed=seed)
    number = "8" if name == TEST_A else "9"
    narrow: PaperTable | None = None
    cannot: tuple[str, ...] = ()
    if len(answers.present) < len(experiment.classes):
        narrowed = restricted_to(answers, answers.present, commonest=_commonest(experiment))
        narrow = paper_table(draw(narrowed, seed=seed), number=number, reduced=experiment.reduced, restricted=True)
        cannot = tuple(model.label for model in answers.models if model not in narrowed.models)
    return Side(
        answers=answers,
        draws=draws,
        overall=overall(draws),
        constant=_constant(experiment, answers),
        paper=paper_table(draws, number=number, reduced=experiment.reduced),
        narrow=narrow,
        unable=cannot,
        confusions=_confusions(draws),
        slices=slices(answers, seed=seed),
        trust=trust(answers, seed=seed),
        curves=curves(answers),
        worst=worst_errors(answers, pictures),
        disagreements=disagreements(answers),
    )


def _commonest(experiment: Experiment) -> Sequence[int]:
    train = experiment.set_named(TRAIN)
    counts = Counter(train.truth) if train else Counter()
    return sorted(range(len(experiment.classes)), key=lambda place: (-counts[experiment.classes[place]], place))


def _constant(experiment: Experiment, answers: Answers) -> Constant | None:
    train = experiment.set_named(TRAIN)
    if train is None or not train.cells:
        return None
    term = _commonest(experiment)[0]
    there = answers.truth == term
    return Constant(
        term=experiment.classes[term],
        accuracy=float(np.mean(there)),
        balanced=1 / len(answers.present) if there.any() else 0.0,
    )


def _confusions(draws: Draws) -> tuple[Confusion, ...]:
    answers = draws.answers
    found = []
    for place, model in enumerate(answers.models):
        matrix = draws.whole[answers.owners == place].sum(axis=0).astype(int)
        silent = bool(matrix[:, -1].any())
        rows = matrix if silent else matrix[:, :-1]
        found.append(
            Confusion(
                label=model.label,
                terms=tuple(answers.classes[term] for term in answers.present),
                columns=(*answers.classes, "none") if silent else answers.classes,
                rows=tuple(tuple(rows[term].tolist()) for term in answers.present),
                seeds=len(model.runs),
            )
        )
    return tuple(found)
