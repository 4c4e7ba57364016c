"""What the labels of all cells amount to; computed from the labels each time, and never stored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from buffycoat.domain.label import Consensus, Expert, Role, Round, Standing
from buffycoat.label import standings
from buffycoat.store import Transaction
from buffycoat.store.queries import AnswerRow, answers_by_round
from buffycoat.workflows.workspace import Workspace

__all__ = ["Answers", "closed_answers", "consensus_by_cell", "deciding", "is_round_closed", "said_by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A closed round with the live answers to it, and where its cells stand."""

    round: Round
    experts: tuple[Expert, ...]
    rows: list[AnswerRow]
    standings: dict[str, tuple[Standing, str | None]] = field(repr=False)

    @property
    def filed(self) -> bool:
        """Whether no person answered, but a folder."""
        return all(expert.role is Role.SOURCE for expert in self.experts)


def is_round_closed(campaign: Round, rows: list[AnswerRow]) -> bool:
    """Say whether nobody reads on in a round: it was closed, or every expert has read every cell."""
    if campaign.closed_at is not None:
        return True
    read = {(row[0], row[1]) for row in rows if row[2] == "reading"}
    return all((cell, expert) in read for cell in campaign.cells for expert in campaign.experts)


def closed_answers(transaction: Transaction) -> tuple[list[Answers], set[str]]:
    """Return the closed rounds with their answers, and the cells that an open round holds.

    Rounds come in the order in which they count, the last one most: what a folder says before what people say, an
    earlier round before a later one.
    """
    people = {person.id: person for person in transaction.find(Expert)}
    rounds = sorted(transaction.find(Round), key=lambda campaign: (campaign.opened_at, campaign.id))
    rows = answers_by_round(transaction)
    closed: list[Answers] = []
    waiting: set[str] = set()
    for campaign in rounds:
        given = rows.get(campaign.id, [])
        if is_round_closed(campaign, given):
            experts = tuple(people[expert] for expert in campaign.experts)
            found = standings(campaign.cells, given)
            closed.append(Answers(round=campaign, experts=experts, rows=given, standings=found))
        else:
            waiting.update(campaign.cells)
    closed.sort(key=lambda answers: not answers.filed)
    return closed, waiting


def deciding(closed: list[Answers]) -> dict[str, Answers]:
    """Return the round that counts for each cell: the last in which anybody answered, or the first of all."""
    found: dict[str, Answers] = {}
    for answers in closed:
        for cell_id, (standing, _) in answers.standings.items():
            if standing is not Standing.OPEN or cell_id not in found:
                found[cell_id] = answers
    return found


def consensus_by_cell(workspace: Workspace, *, shown: bool = False) -> dict[str, Consensus]:
    """Return the consensus of every cell of a closed round, of the latest where there are several.

    Parameters
    ----------
    workspace
        Where.
    shown : bool
        Whether people will look at it: then cells that an open round holds are left out, whatever an earlier round said
        of them, so that nobody reads under its influence.
    """
    with workspace.database.reading() as transaction:
        closed, waiting = closed_answers(transaction)
    consensus: dict[str, Consensus] = {}
    for cell_id, answers in deciding(closed).items():
        if not (shown and cell_id in waiting):
            standing, term = answers.standings[cell_id]
            consensus[cell_id] = Consensus(cell_id=cell_id, standing=standing, term=term)
    return consensus


def said_by(answers: Answers) -> dict[str, dict[str, str]]:
    """Return what each expert of a round said of each cell: cell id to expert id to key of a term."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for cell_id, expert_id, purpose, term, _ in answers.rows:
        if purpose == "reading":
            words[cell_id][expert_id] = term
    return words
