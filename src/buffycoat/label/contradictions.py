"""Cells whose filed class contradicts the experts who read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Final

from buffycoat.domain.taxonomy import FULL, Taxonomy
from buffycoat.domain.value import value
from buffycoat.label.levels import classes_of, counted_as

__all__ = ["Contradiction", "ContradictionKind", "FiledCell", "find_contradictions"]


class ContradictionKind(StrEnum):
    """How a filed class and the answers of experts disagree, the worst first."""

    ALL_CONTRADICT = "all-contradict"
    NONE_MATCHES = "none-matches"
    ONLY_ANSWER = "only-answer"
    ONE_CONTRADICTS = "one-contradicts"


_ORDER: Final = {kind: place for place, kind in enumerate(ContradictionKind)}


@value
class FiledCell:
    """A cell of a released set.

    Parameters
    ----------
    cell : str
        Its id.
    filed : str
        The term or class as which it is filed, by key.
    answers : tuple of str
        What each expert answered, by key; those who gave none are left out.
    """

    cell: str
    filed: str
    answers: tuple[str, ...]


@value
class Contradiction:
    """One contradiction, with a sentence that says it."""

    kind: ContradictionKind
    cell: str
    filed: str
    answers: tuple[str, ...]
    words: str


def find_contradictions(
    cells: Iterable[FiledCell], /, *, taxonomy: Taxonomy, level: str = FULL
) -> tuple[Contradiction, ...]:
    """Find the cells whose filed class contradicts experts.

    Whether the file or the experts are right is not decided here: somebody has to look. Cells without an answer say
    nothing and are passed over.

    Parameters
    ----------
    cells : iterable of FiledCell
        What is filed and what was answered.
    taxonomy : Taxonomy
        Whose terms and classes they are.
    level : str
        At which to compare; ``full`` for terms as they are. A filed parent also holds the terms below it, unless it is
        a class of the level: then it holds what counts as that class.

    Returns
    -------
    tuple of Contradiction
        Worst first: all experts agree on another class, experts differ and none of them matches, the only answer
        contradicts, some contradict while others match. By filed class and cell within each.

    Raises
    ------
    UnknownTerm
        If a filed class or an answer is neither a term nor a class, or there is no such level.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> cell = FiledCell(cell="c1", filed="monocyte", answers=("lymphocyte.large", "lymphocyte.large"))
    >>> [finding.words for finding in find_contradictions([cell], taxonomy=RAABIN, level="five-class")]
    ['filed as monocyte, but both experts say large lymphocyte']
    """
    counted = counted_as(taxonomy, level)
    names = {key: key for key in counted} | {term.key: term.name for term in taxonomy.terms}
    matches = _matching(taxonomy, level, counted)
    findings: list[Contradiction] = []
    for cell in cells:
        for key in (cell.filed, *cell.answers):
            if key not in counted:
                taxonomy.term(key)
        matched = [matches(cell.filed, answer) for answer in cell.answers]
        if all(matched):
            continue
        kind = _kind(matched, {counted[answer] for answer in cell.answers})
        words = f"filed as {names[cell.filed]}, but {_said(kind, matched, [names[a] for a in cell.answers])}"
        findings.append(Contradiction(kind=kind, cell=cell.cell, filed=cell.filed, answers=cell.answers, words=words))
    return tuple(sorted(findings, key=lambda found: (_ORDER[found.kind], found.filed, found.cell)))


def _matching(taxonomy: Taxonomy, level: str, counted: Mapping[str, str]) -> Callable[[str, str], bool]:
    parents = {term.key: term.parent for term in taxonomy.terms}
    classes = classes_of(taxonomy, level)

    @cache
    def matches(filed: str, answer: str) -> bool:
        if counted[filed] == counted[answer]:
            return True
        above = None if counted[filed] in classes else parents.get(answer)
        while above is not None and above != filed:
            above = parents[above]
        return above is not None

    return matches


def _kind(matched: list[bool], said: set[str]) -> ContradictionKind:
    if any(matched):
        return ContradictionKind.ONE_CONTRADICTS
    if len(matched) == 1:
        return ContradictionKind.ONLY_ANSWER
    return ContradictionKind.ALL_CONTRADICT if len(said) == 1 else ContradictionKind.NONE_MATCHES


def _said(kind: ContradictionKind, matched: list[bool], answers: list[str]) -> str:
    different = list(dict.fromkeys(answers))
    match kind:
        case ContradictionKind.ALL_CONTRADICT:
            who = "both experts" if len(answers) == 2 else f"all {len(answers)} experts"
            return f"{who} say {' and '.join(different)}"
        case ContradictionKind.NONE_MATCHES:
            return f"the experts differ: {' against '.join(different)}"
        case ContradictionKind.ONLY_ANSWER:
            return f"the only expert says {answers[0]}"
        case ContradictionKind.ONE_CONTRADICTS:
            against = list(dict.fromkeys(word for word, fits in zip(answers, matched, strict=True) if not fits))
            who = "one expert says" if matched.count(False) == 1 else f"{matched.count(False)} experts say"
            return f"{who} {' and '.join(against)}"
