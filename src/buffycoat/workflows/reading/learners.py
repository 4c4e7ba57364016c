"""All learners side by side, for those who teach: scores of closed rounds for learners, and nothing else of them."""

from __future__ import annotations

from collections import Counter

from buffycoat.domain.account import Person
from buffycoat.domain.label import Role, Round, Standing
from buffycoat.domain.teaching import LearnerScore
from buffycoat.errors import NotAllowed
from buffycoat.label import count_items, standings
from buffycoat.label.learners import learners_csv
from buffycoat.store import Transaction
from buffycoat.store.answers import answers_on, is_round_open, rounds_of
from buffycoat.workflows.consensus import counting_rounds, held_cells
from buffycoat.workflows.people.accounts import facts_of
from buffycoat.workflows.reading.feedback import score_of
from buffycoat.workflows.reading.panel import PANEL, TRYING
from buffycoat.workflows.workspace import Workspace

__all__ = ["learners_table", "list_learners"]

_TEACHING = (Role.CURATOR, Role.ADMIN)


def list_learners(workspace: Workspace, person: Person) -> tuple[LearnerScore, ...]:
    """Return how everybody did in closed training and proficiency rounds, by person, the earliest round first.

    Nothing is told of open rounds, not even that somebody reads in one: who teaches may read in it, too. Nor of blind
    rounds and counts, which try cells, not people; nor of a round for learners that asks about cells which an open
    round holds, but for what the others of its cells give. Only figures are told, no answer to any cell.

    Raises
    ------
    NotAllowed
        The person is no curator or admin.
    """
    if person.role not in _TEACHING:
        raise NotAllowed(
            "only a curator or admin sees the scores of all", hint="your own stand under My learning, GET /api/learned"
        )
    told: list[LearnerScore] = []
    with workspace.database.reading() as transaction:
        for campaign in rounds_of(transaction):
            if campaign.mode not in TRYING or is_round_open(transaction, campaign.id):
                continue
            panel = _panel(transaction, campaign)
            for expert in campaign.experts:
                reader = facts_of(transaction, expert).person
                scored = score_of(workspace, transaction, campaign, reader, is_open=False)
                told.append(
                    LearnerScore(
                        person=reader,
                        round_id=campaign.id,
                        name=campaign.name,
                        mode=campaign.mode,
                        taxonomy=campaign.taxonomy,
                        panel=panel,
                        at=campaign.opened_at,
                        items=count_items(campaign),
                        answered=scored.answered,
                        held=scored.held,
                        score=scored.score,
                    )
                )
    return tuple(sorted(told, key=lambda each: (each.person.handle.casefold(), each.person.id, each.at)))


def learners_table(workspace: Workspace, person: Person) -> bytes:
    """Return what :func:`list_learners` tells as a CSV table, in UTF-8 with the mark that spreadsheets look for.

    Raises
    ------
    NotAllowed
        The person is no curator or admin.
    """
    return learners_csv(list_learners(workspace, person)).encode("utf-8-sig")


def _panel(transaction: Transaction, campaign: Round) -> tuple[str, ...]:
    """Return the names of the rounds that decided the cells of a round, as far as anybody may be told."""
    held = held_cells(transaction, but=campaign.id)
    cells = [cell for cell in campaign.cells if cell not in held]
    given = answers_on(transaction, cells)
    found: dict[str, str] = {}
    for each in counting_rounds(transaction):
        members = set(each.cells)
        asked = [cell for cell in cells if cell in members]
        for cell, (standing, _) in standings(asked, given.get(each.id, [])).items():
            if standing is not Standing.OPEN:  # the last in which anybody answered counts, decided or not
                found[cell] = each.name if standing in PANEL else ""
    return tuple(name for name, _ in Counter(name for name in found.values() if name).most_common())
