"""The same scores by smear, camera, stain, class or any other fact of the cells."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from buffycoat.domain.value import value
from buffycoat.report.experiment.estimates import Estimate, balanced_over, draw, equivalent_cells, estimates
from buffycoat.report.experiment.rows import CONSTANT, Answers

__all__ = ["FEW", "MOST_ROWS", "SliceRow", "SliceTable", "slices"]

FEW: Final = 20
"""With fewer cells than this a row is shaded: it says next to nothing."""
MOST_ROWS: Final = 30
_ROUNDS: Final = 400
_MANY_NUMBERS: Final = 8
_UNKNOWN: Final = "not known"


@value
class SliceRow:
    """One value of a facet: its cells, over how many units, its classes, and the score of each model.

    ``constant`` is the balanced accuracy of always answering one of its classes: one over their number.
    """

    name: str
    cells: int
    units: int
    unit: str
    classes: int
    constant: float
    scores: tuple[Estimate, ...]
    few: bool


@value
class SliceTable:
    """A facet; ``alone`` is its value where all cells have the same, and there is nothing to compare."""

    facet: str
    alone: str
    models: tuple[str, ...]
    rows: tuple[SliceRow, ...]
    left_out: int = 0


def slices(answers: Answers, /, *, seed: int = 0) -> tuple[SliceTable, ...]:
    """Return a table for the classes, for the smears, and for each facet of a test set.

    Scores are balanced accuracy over the classes that the slice has; for a class it is its sensitivity. A slice of one
    smear is drawn by cell. A facet of many different numbers, such as sharpness, is cut into quarters of equal count.
    Of more than 30 values the 30 with the lowest mean score are told.
    """
    facets: dict[str, tuple[str, ...]] = {"class": answers.of.truth}
    if answers.unit != "cell":
        facets[answers.unit] = answers.units
    facets |= {name: _quarters(column) for name, column in sorted(answers.of.facets.items()) if name not in facets}
    return tuple(_table(name, column, answers, seed) for name, column in facets.items())


def _table(name: str, column: tuple[str, ...], answers: Answers, seed: int) -> SliceTable:
    judged = tuple(place for place, model in enumerate(answers.models) if model.kind != CONSTANT)
    labels = tuple(answers.models[place].label for place in judged)
    values = sorted(set(column), key=lambda each: (each == "", _natural(each)))
    if len(values) < 2:
        return SliceTable(facet=name, alone=values[0] or _UNKNOWN if values else _UNKNOWN, models=labels, rows=())
    marks = np.array(column)
    rows = [_row(each, answers.taken(np.flatnonzero(marks == each)), judged, seed) for each in values]
    if len(rows) > MOST_ROWS:
        worst = sorted(rows, key=_mean)[:MOST_ROWS]
        return SliceTable(facet=name, alone="", models=labels, rows=tuple(worst), left_out=len(rows) - MOST_ROWS)
    return SliceTable(facet=name, alone="", models=labels, rows=tuple(rows))


def _row(name: str, part: Answers, judged: tuple[int, ...], seed: int) -> SliceRow:
    present = part.present
    draws = draw(part, seed=seed, rounds=_ROUNDS)
    found = estimates(draws, balanced_over(present), equivalent_cells)
    return SliceRow(
        name=name or _UNKNOWN,
        cells=len(part.truth),
        units=len(set(part.units)),
        unit=part.unit,
        classes=len(present),
        constant=1 / len(present),
        scores=tuple(found[place] for place in judged),
        few=len(part.truth) < FEW,
    )


def _mean(row: SliceRow) -> float:
    scores = [each.value for each in row.scores if each.value is not None]
    return sum(scores) / len(scores) if scores else 1.0


def _natural(text: str) -> tuple[int, float, str]:
    number = _number(text.partition(" to ")[0])
    return (1, 0.0, text) if number is None else (0, number, text)


def _quarters(column: tuple[str, ...]) -> tuple[str, ...]:
    numbers = [_number(each) for each in column if each]
    if len(set(numbers)) <= _MANY_NUMBERS or None in numbers:
        return column
    known = np.array([number for number in numbers if number is not None])
    edges = np.quantile(known, [0, 0.25, 0.5, 0.75, 1])
    names = [f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges)]
    return tuple(
        "" if not each else names[min(3, int(np.searchsorted(edges[1:-1], float(each), side="right")))]
        for each in column
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
