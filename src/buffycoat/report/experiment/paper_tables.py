"""Tables 7, 8 and 9 in the paper's layout, for a page, a spreadsheet and LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from buffycoat.domain.experiment import Experiment
from buffycoat.domain.value import Scalar, value
from buffycoat.formats.table import PrintedTable, latex_text
from buffycoat.report.experiment.estimates import Draws, Estimate, Overall, by_class, overall

__all__ = ["MEASURES", "PAPER_ORDER", "PaperTable", "count_table", "paper_table", "term_title"]

MEASURES: Final = ("P", "S", "F1", "Acc")
PAPER_ORDER: Final = ("neutrophil", "lymphocyte", "monocyte", "eosinophil", "basophil")
_DAGGER: Final = r"0$^\dagger$"


@value
class PaperTable:
    """Precision, sensitivity, F1 and accuracy of each class, a row a model; the feature-based method is the last.

    Parameters
    ----------
    number : str
        Of the table in the paper whose layout this is.
    heading : str
        What the set is called.
    title : str
        Above the table.
    classes : tuple of str
        Terms that the set has, in the paper's order.
    lacking : tuple of str
        Classes that it lacks.
    cells : int
        How many it has.
    rows : tuple of (Overall, tuple of tuple of Estimate)
        For each model its scores as a whole, and the four measures of each class.
    notes : tuple of str
        Sentences below.
    """

    number: str
    heading: str
    title: str
    classes: tuple[str, ...]
    lacking: tuple[str, ...]
    cells: int
    rows: tuple[tuple[Overall, tuple[tuple[Estimate, ...], ...]], ...]
    notes: tuple[str, ...]

    def to_csv(self) -> str:
        """Return the table with every interval in columns of its own, in percent; what is undefined is an en dash."""
        scores = [f"{term_title(term)} {measure}" for term in self.classes for measure in MEASURES]
        named = [*scores, "accuracy", "balanced accuracy", "macro F1"]
        columns = ["model", *(f"{name}{end}" for name in named for end in ("", " low", " high")), "no answer", "seeds"]
        rows: list[tuple[Scalar, ...]] = []
        for whole, terms in self.rows:
            found = [each for term in terms for each in term]
            numbers: list[Scalar] = []
            for each in [*found, whole.accuracy, whole.balanced, whole.macro_f1]:
                low, high = each.interval or (None, None)
                numbers += [None if one is None else 100 * one for one in (each.value, low, high)]
            rows.append((whole.label, *numbers, whole.unanswered, whole.seeds))
        return PrintedTable(
            title=self.title,
            columns=tuple(columns),
            rows=tuple(rows),
            decimals=(None, *(2 for _ in columns[1:-2]), None, None),
        ).to_csv()

    def to_latex(self) -> str:
        """Return the table for the packages ``booktabs`` and ``graphicx``, intervals small below their numbers."""
        wide = len(self.classes) * len(MEASURES)
        above = [rf"\multicolumn{{4}}{{c}}{{{latex_text(term_title(term))}}}" for term in self.classes]
        rules = [rf"\cmidrule(lr){{{2 + 4 * place}-{5 + 4 * place}}}" for place in range(len(self.classes))]
        header = ["model", *MEASURES * len(self.classes), "accuracy", "balanced accuracy"]
        lines = [
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{latex_text(self.title)}}}",
            r"\resizebox{\textwidth}{!}{%",
            rf"\begin{{tabular}}{{l{'r' * (wide + 2)}}}",
            r"\toprule",
            " & ".join(["", *above, "", ""]) + r" \\",
            " ".join(rules),
            " & ".join(header) + r" \\",
            r"\midrule",
        ]
        for whole, terms in self.rows:
            found = [*(each for term in terms for each in term), whole.accuracy, whole.balanced]
            lines.append(" & ".join([latex_text(whole.label), *map(_latex_number, found)]) + r" \\")
            lines.append(" & ".join(["", *map(_latex_interval, found)]) + r" \\")
        lines += [r"\bottomrule", r"\end{tabular}}"]
        if any(each.value is None for _, terms in self.rows for term in terms for each in term):
            lines.append(r"\par\smallskip $^\dagger$ 0/0: undefined, printed as 0.")
        lines += [rf"\par\smallskip {latex_text(note)}" for note in self.notes]
        return "\n".join([*lines, r"\end{table}", ""])


def term_title(term: str, /) -> str:
    """Return a term as a heading.

    Examples
    --------
    >>> term_title("neutrophil")
    'Neutrophil'
    """
    return term[:1].upper() + term[1:]


def paper_table(draws: Draws, /, *, number: str, reduced: Sequence[str], restricted: bool = False) -> PaperTable:
    """Return a test set's results in the layout of the paper's Table 8 or 9.

    Parameters
    ----------
    draws : Draws
        Of the test set.
    number : str
        ``"8"`` or ``"9"``.
    reduced : sequence of str
        How the experiment is less than the recipe; the table says so.
    restricted : bool
        Whether only classes that the set has could be answered.
    """
    answers = draws.answers
    places = sorted(answers.present, key=lambda place: _rank(answers.classes[place], place))
    found = by_class(draws)
    how = ", answers restricted to its classes" if restricted else ""
    notes = []
    if reduced:
        notes.append(f"Reduced, so these are not the paper's figures: {'; '.join(reduced)}.")
    lacking = tuple(term for place, term in enumerate(answers.classes) if place not in answers.present)
    if lacking and not restricted:
        notes.append(f"The set has no {' and no '.join(lacking)}: such an answer is an error of the cell's own class.")
    if restricted:
        notes.append("Restricting answers takes knowledge of the test set: read it beside the unrestricted table.")
    return PaperTable(
        number=number,
        heading=answers.heading,
        title=f"In the layout of the paper's Table {number}: {answers.heading}{how}",
        classes=tuple(answers.classes[place] for place in places),
        lacking=lacking,
        cells=len(answers.truth),
        rows=tuple(
            (whole, tuple(terms[place] for place in places)) for whole, terms in zip(overall(draws), found, strict=True)
        ),
        notes=tuple(notes),
    )


def count_table(experiment: Experiment, /) -> PrintedTable:
    """Return the cells of each set by class: the paper's Table 7."""
    order = sorted(range(len(experiment.classes)), key=lambda place: _rank(experiment.classes[place], place))
    terms = [experiment.classes[place] for place in order]
    rows: list[tuple[Scalar, ...]] = [
        (term_title(term), *(one.counts.get(term, 0) or None for one in experiment.sets)) for term in terms
    ]
    rows.append(("all", *(len(one.cells) for one in experiment.sets)))
    return PrintedTable(
        title="In the layout of the paper's Table 7: cells by set and class",
        columns=("class", *(one.heading for one in experiment.sets)),
        rows=tuple(rows),
        notes=(f"Reduced: {'; '.join(experiment.reduced)}.",) if experiment.reduced else (),
    )


def _rank(term: str, place: int) -> tuple[int, int]:
    return (PAPER_ORDER.index(term) if term in PAPER_ORDER else len(PAPER_ORDER), place)


def _latex_number(found: Estimate) -> str:
    return _DAGGER if found.value is None else f"{100 * found.value:.1f}"


def _latex_interval(found: Estimate) -> str:
    if found.interval is None:
        return ""
    return rf"{{\scriptsize {100 * found.interval[0]:.1f}--{100 * found.interval[1]:.1f}}}"
