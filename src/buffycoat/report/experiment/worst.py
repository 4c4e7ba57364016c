"""The cells that most models got wrong, beside what the experts had said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np

from buffycoat.domain.value import value
from buffycoat.metrics.intervals import wilson
from buffycoat.report.experiment.estimates import Estimate
from buffycoat.report.experiment.rows import CONSTANT, Answers

__all__ = ["Disagreement", "WrongCell", "disagreements", "worst_errors"]

_SHOWN: Final = 24


@value
class WrongCell:
    """A cell that models got wrong.

    ``said`` are the wrong answers with how many runs gave each, the commonest first; an answer ``None`` is none at all.
    ``experts`` are their words, ``differed`` whether they are not all the same; ``None`` with fewer than two of them.
    """

    cell: str
    truth: str
    wrong: int
    runs: int
    said: tuple[tuple[str | None, int], ...]
    experts: tuple[str, ...]
    differed: bool | None
    jpeg: bytes | None


@value
class Disagreement:
    """How often experts had differed on the cells that a model got wrong, and on those that it got right.

    Counted over all seeds, cells with the words of two experts or more only.
    """

    label: str
    wrong: int
    wrong_differed: Estimate
    right: int
    right_differed: Estimate


def worst_errors(
    answers: Answers, pictures: Mapping[tuple[str, str], bytes], /, *, shown: int = _SHOWN
) -> tuple[WrongCell, ...]:
    """Return the cells that most runs got wrong, the constant baseline aside; of equals, the surest errors first.

    Parameters
    ----------
    answers : Answers
        Unrestricted.
    pictures : mapping of (str, str) to bytes
        Small JPEGs by name of the set and id of the cell.
    shown : int
        How many at most.
    """
    runs = [run for run, owner in enumerate(answers.owners) if answers.models[owner].kind != CONSTANT]
    if not runs or not len(answers.truth):
        return ()
    said = answers.said[runs]
    wrong = said != answers.truth
    sure = np.zeros(said.shape)
    for row, run in enumerate(runs):
        scores = answers.scores[run]
        if scores is not None and answers.probable[run]:
            sure[row] = np.nan_to_num(np.take_along_axis(scores, np.maximum(said[row], 0)[:, None], axis=1)[:, 0])
    count = wrong.sum(axis=0)
    order = np.lexsort((np.arange(len(count)), -(sure * wrong).sum(axis=0), -count))
    found = []
    for cell in order[:shown].tolist():
        if count[cell] == 0:
            break
        answered = Counter(int(each) for each, bad in zip(said[:, cell], wrong[:, cell], strict=True) if bad)
        words = answers.of.experts[cell] if answers.of.experts else ()
        found.append(
            WrongCell(
                cell=answers.of.cells[cell],
                truth=answers.of.truth[cell],
                wrong=int(count[cell]),
                runs=len(runs),
                said=tuple(
                    (None if term < 0 else answers.classes[term], times)
                    for term, times in sorted(answered.items(), key=lambda item: (-item[1], item[0]))
                ),
                experts=words,
                differed=_differed(words),
                jpeg=pictures.get((answers.of.name, answers.of.cells[cell])),
            )
        )
    return tuple(found)


def disagreements(answers: Answers, /) -> tuple[Disagreement, ...]:
    """Return for each model how often experts had differed where it was wrong and where it was right.

    Empty where no cell has the words of two experts.
    """
    if not answers.of.experts:
        return ()
    differed = [_differed(words) for words in answers.of.experts]
    known = np.array([each is not None for each in differed], bool)
    apart = np.array([bool(each) for each in differed], bool)
    if not known.any():
        return ()
    found = []
    for place, model in enumerate(answers.models):
        if model.kind == CONSTANT:
            continue
        right = (answers.said[answers.owners == place] == answers.truth)[:, known]
        words = np.broadcast_to(apart[known], right.shape)
        found.append(
            Disagreement(
                label=model.label,
                wrong=int((~right).sum()),
                wrong_differed=_share(int((words & ~right).sum()), int((~right).sum()), len(right)),
                right=int(right.sum()),
                right_differed=_share(int((words & right).sum()), int(right.sum()), len(right)),
            )
        )
    return tuple(found)


def _differed(words: tuple[str, ...]) -> bool | None:
    given = [word for word in words if word]
    return None if len(given) < 2 else len(set(given)) > 1


def _share(part: int, whole: int, seeds: int) -> Estimate:
    """Return a share; its interval is Wilson's for the cells of one seed, since seeds see the same cells."""
    if whole == 0:
        return Estimate(value=None)
    return Estimate(value=part / whole, interval=wilson(part / seeds, whole / seeds))
