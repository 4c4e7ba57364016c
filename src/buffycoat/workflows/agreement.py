"""How far two experts agree, and where folders contradict them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from buffycoat.domain.label import Expert, Role
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.view import AgreementRound, Answered
from buffycoat.errors import NotFound, TooFew
from buffycoat.label import (
    AgreementReport,
    Contradiction,
    FiledCell,
    agreement_lines,
    agreement_report,
    cells_at,
    find_contradictions,
)
from buffycoat.label.agreement import Estimate
from buffycoat.store.queries import CellFilter, current_cells, smear_by_cell
from buffycoat.workflows.consensus import Answers, closed_answers, counting_rounds, said_by
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "ContradictedCell",
    "agree",
    "agreement_lines_of",
    "agreement_text",
    "answers_of_two",
    "cells_answered",
    "list_agreements",
    "list_contradictions",
    "report_on",
]


def agree(
    workspace: Workspace,
    *,
    round_name: str | None = None,
    level: str = "full",
    seed: int = 0,
    shown: bool = False,
) -> AgreementReport:
    """Compare the two experts of a closed round at a level of its taxonomy.

    Parameters
    ----------
    workspace
        Where.
    round_name : str, optional
        The round; without it, the latest closed one of two experts.
    level : str
        ``"full"`` for every term, or a level of the taxonomy.
    seed : int
        Of the intervals, which draw whole smears.
    shown : bool
        Whether people who read will look at it: then cells that an open round holds do not count, so that nobody is
        told what an earlier round said of them.

    Raises
    ------
    NotFound
        No closed round of two experts has this name.
    """
    with workspace.database.reading() as transaction:
        closed, held = closed_answers(transaction)
        answers = answers_of_two(closed, round_name)
        smears = {cell: smear for cell, smear in smear_by_cell(transaction).items() if not (shown and cell in held)}
    return report_on(answers, smears, taxonomy_of(workspace, answers.round.taxonomy), level=level, seed=seed)


def report_on(
    answers: Answers, smears: Mapping[str, str], taxonomy: Taxonomy, *, level: str, seed: int
) -> AgreementReport:
    """Return how far the two experts of a round agree; ``smears`` is the smear of each cell that counts."""
    said = said_by(answers)
    cells = [cell for cell in answers.round.cells if cell in smears]
    first, second = (expert.id for expert in answers.experts)
    nothing: dict[str, str] = {}
    return agreement_report(
        [smears[cell] for cell in cells],
        [said.get(cell, nothing).get(first) for cell in cells],
        [said.get(cell, nothing).get(second) for cell in cells],
        taxonomy=taxonomy,
        level=level,
        seed=seed,
        experts=(answers.experts[0].handle, answers.experts[1].handle),
        simulated=any(expert.simulated for expert in answers.experts),
    )


def cells_answered(answers: Answers, taxonomy: Taxonomy, wanted: Answered) -> set[str]:
    """Return the ids of the cells of a round that stand in a row and a column of its matrix.

    Raises
    ------
    UnknownTerm
        The taxonomy has no such level.
    NotFound
        The matrix has no such row or column.
    """
    said = said_by(answers)
    cells = answers.round.cells
    first, second = (expert.id for expert in answers.experts)
    nothing: dict[str, str] = {}
    places = cells_at(
        [said.get(cell, nothing).get(first) for cell in cells],
        [said.get(cell, nothing).get(second) for cell in cells],
        taxonomy=taxonomy,
        level=wanted.level,
        row=wanted.first,
        column=wanted.second,
    )
    return {cells[place] for place in places}


def list_agreements(workspace: Workspace) -> tuple[AgreementRound, ...]:
    """Return the closed rounds of two experts, the latest first; nothing of open ones, and no answer is read."""
    with workspace.database.reading() as transaction:
        people = {person.id: person for person in transaction.find(Expert)}
        rounds = [campaign for campaign in counting_rounds(transaction) if len(campaign.experts) == 2]
    told = []
    for campaign in reversed(rounds):
        first, second = (people[expert] for expert in campaign.experts)
        if first.role is second.role is Role.SOURCE:
            continue
        told.append(
            AgreementRound(
                name=campaign.name,
                taxonomy=campaign.taxonomy,
                level=campaign.level,
                levels=tuple(taxonomy_of(workspace, campaign.taxonomy).levels),
                cells=len(campaign.cells),
                experts=(first.handle, second.handle),
                simulated=first.simulated or second.simulated,
                opened_at=campaign.opened_at,
            )
        )
    return tuple(told)


def agreement_text(report: AgreementReport) -> str:
    """Return a report as lines for people."""
    return "\n".join(agreement_lines(report))


def answers_of_two(closed: Sequence[Answers], name: str | None) -> Answers:
    """Return the named round of two experts, or the latest.

    Raises
    ------
    NotFound
        There is none that is closed.
    """
    found = [
        answers
        for answers in closed
        if len(answers.experts) == 2 and not answers.filed and name in (None, answers.round.name)
    ]
    if not found:
        raise NotFound(
            "there is no closed round of two experts" + ("" if name is None else f" named {name!r}"),
            expected=", ".join(answers.round.name for answers in closed if not answers.filed),
            hint="folders are no experts, and a round tells nothing until it is closed: see `buffycoat label`",
        )
    if name is not None:
        return found[-1]
    return _joined([each for each in found if _team(each) == _team(found[-1])])


def _team(answers: Answers) -> tuple[str, tuple[str, ...]]:
    return answers.round.taxonomy, answers.round.experts


def _joined(rounds: Sequence[Answers]) -> Answers:
    """Return the rounds of one team as one: what came in later than the rest is no round to judge them by."""
    latest = rounds[-1]
    if len(rounds) == 1:
        return latest
    standings = {cell: found for answers in rounds for cell, found in answers.standings.items()}
    name = f"{rounds[0].round.name} and {len(rounds) - 1} more"
    return Answers(
        round=replace(latest.round, name=name, cells=tuple(standings)),
        experts=latest.experts,
        rows=[row for answers in rounds for row in answers.rows],
        standings=standings,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictedCell:
    """A cell whose folder contradicts an expert: which, what it was called in its set, and what is wrong, in words."""

    cell_id: str
    origin: str
    kind: str
    filed: str
    answers: tuple[str, ...]
    words: str


def list_contradictions(workspace: Workspace, *, level: str = "five-class") -> tuple[ContradictedCell, ...]:
    """Return the cells whose folder contradicts what the experts of a set say, the worst first.

    Raises
    ------
    TooFew
        No cell has both a folder and an expert's answer.
    """
    with workspace.database.reading() as transaction:
        closed, _ = closed_answers(transaction)
    filed = {
        cell_id: (term, answers.round.taxonomy)
        for answers in closed
        if answers.filed
        for cell_id, (_, term) in answers.standings.items()
        if term is not None
    }
    by_taxonomy: dict[str, dict[str, FiledCell]] = {}
    for answers in closed:
        if answers.filed:
            continue
        for cell_id, words in said_by(answers).items():
            term, taxonomy = filed.get(cell_id, (None, ""))
            if term is not None and taxonomy == answers.round.taxonomy:  # words of two taxonomies cannot be compared
                cell = FiledCell(
                    cell=cell_id, filed=term, answers=tuple(words[e.id] for e in answers.experts if e.id in words)
                )
                by_taxonomy.setdefault(taxonomy, {})[cell_id] = cell
    if not by_taxonomy:
        raise TooFew(
            "no cell has both a folder and an expert's answer",
            hint="import a set of class folders with a table of the experts' labels beside it",
        )
    findings = [
        found
        for taxonomy, cells in by_taxonomy.items()
        for found in find_contradictions(cells.values(), taxonomy=taxonomy_of(workspace, taxonomy), level=level)
    ]
    with workspace.database.reading() as transaction:
        cells_there = {cell.id: cell for cell in current_cells(transaction, CellFilter(among=_ids(findings)))[1]}
        fields = {field.id: field.origin or "" for field in transaction.find(FieldOfView)} if findings else {}
    return tuple(
        ContradictedCell(
            cell_id=found.cell,
            origin=f"{fields[cells_there[found.cell].field_id]} {cells_there[found.cell].origin or ''}".strip(),
            kind=found.kind.value,
            filed=found.filed,
            answers=found.answers,
            words=found.words,
        )
        for found in findings
        if found.cell in cells_there
    )


def _ids(findings: Sequence[Contradiction]) -> list[str]:
    return [found.cell for found in findings]


def agreement_lines_of(workspace: Workspace, level: str, *, rounds: Collection[str] | None = None) -> list[str]:
    """Return a sentence on each closed round of two experts, for a datasheet; nothing of open ones.

    ``rounds`` are the names of those that a release holds; without it, all whose taxonomy has the level.
    """
    with workspace.database.reading() as transaction:
        closed, _ = closed_answers(transaction)
    lines = []
    for answers in closed:
        if len(answers.experts) != 2 or answers.filed or (rounds is not None and answers.round.name not in rounds):
            continue
        if level not in taxonomy_of(workspace, answers.round.taxonomy).levels:
            continue
        report = agree(workspace, round_name=answers.round.name, level=level, shown=True)
        if report.raw.value is None:
            continue
        simulated = "simulated " if report.simulated else ""
        parts = [f"raw agreement {100 * report.raw.value:.2f} %{_within(report.raw, 100)}"]
        if report.kappa.value is not None:
            parts.append(f"Cohen's kappa {report.kappa.value:.3f}{_within(report.kappa)}")
        if report.ac1.value is not None:
            parts.append(f"Gwet's AC1 {report.ac1.value:.3f}{_within(report.ac1)}")
        lines.append(
            f"Two {simulated}experts answered {report.both_labeled:,} of {report.cells:,} cells of a round, compared "
            f"at level {level}: {', '.join(parts)}; intervals draw whole smears."
        )
    return lines


def _within(estimate: Estimate, times: float = 1.0) -> str:
    if estimate.interval is None:
        return ""
    low, high = (times * bound for bound in estimate.interval)
    return f" (95 % {low:.3g} to {high:.3g})"
