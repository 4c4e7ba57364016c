"""What a person who reads is told of the own answers: in training at once, otherwise when the round is closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.label import Consensus, Label, Mode, Purpose, Role, Round, Standing
from buffycoat.domain.reading import Confused, Feedback, Tried
from buffycoat.domain.teaching import Differing, Learned, OwnReading, Score, Twice
from buffycoat.errors import Conflict
from buffycoat.label import score_against, standings
from buffycoat.store import Transaction
from buffycoat.store.accounts import only_simulated
from buffycoat.store.answers import answers_on, first_labels, is_round_open, labels_of, rounds_of
from buffycoat.store.queries import cells_with_smears
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.reading.panel import PANEL, TRYING
from buffycoat.workflows.reading.rounds import Plan, find_round, plan_for, require_reader
from buffycoat.workflows.shown import consensus_on
from buffycoat.workflows.workspace import Workspace

__all__ = ["Scored", "get_feedback", "list_learned", "may_adjudicate", "own_reading", "score_of"]

_Asked = tuple[str, Purpose]
"""Cell and purpose: an item, as labels have it."""


def may_adjudicate(campaign: Round, person: Person) -> bool:
    """Say whether a person may decide over the cells of a round: nobody who reads in it may, whatever the role."""
    return person.id not in campaign.experts and person.role in (Role.ADJUDICATOR, Role.CURATOR, Role.ADMIN)


def get_feedback(workspace: Workspace, round_id: str, person: Person) -> Feedback:
    """Return a person's own answers beside the panel's, in figures: see :func:`own_reading`.

    Raises
    ------
    NotFound
        There is no such round for this person.
    NotAllowed
        The person does not read in it.
    Conflict
        It is open, and not for training.
    """
    with workspace.database.reading() as transaction:
        return _feedback(_read(transaction, round_id, person))


def own_reading(workspace: Workspace, round_id: str, person: Person) -> OwnReading:
    """Return what a person did in a round beside the panel: what adjudicators decided, or experts agree on.

    In training and proficiency rounds the panel is of other rounds; otherwise the round itself counts, too. As long as
    cells of it wait for an adjudicator or are held by another open round, none that was adjudicated is told: with two
    experts the other's answer would be. Of held cells nothing is told but how many they are.

    Raises
    ------
    NotFound
        There is no such round for this person.
    NotAllowed
        The person does not read in it.
    Conflict
        It is open, and not for training.
    """
    with workspace.database.reading() as transaction:
        own = _read(transaction, round_id, person)
        plan = plan_for(workspace, own.campaign, person.id)
        told = OwnReading(
            person=person,
            feedback=_feedback(own),
            waiting=own.waiting,
            held=own.held,
            differing=_differing(own, plan),
            twice=_twice(own, plan),
            score=_score(workspace, transaction, own) if own.campaign.mode in TRYING else None,
            simulated=only_simulated(transaction),
        )
    # Of what equals the own answer, too, the panel's is told by not being among the others.
    panel = tuple(f"{cell} {found.term}" for cell, found in sorted(own.panel.items()))
    shown = [Suggested(kind=Suggestion.PANEL, about=round_id, shown=panel, round_id=round_id)] if panel else []
    note_showings(workspace, person.id, shown)
    return told


def list_learned(workspace: Workspace, person: Person) -> tuple[Learned, ...]:
    """Return how a person did over all own rounds for learners, the earliest first: nobody else's.

    Open training rounds are there as far as they are answered; open proficiency rounds are not.
    """
    told: list[Learned] = []
    with workspace.database.reading() as transaction:
        for campaign in rounds_of(transaction):
            if person.id not in campaign.experts or campaign.mode not in TRYING:
                continue
            is_open = is_round_open(transaction, campaign.id)
            if is_open and campaign.mode is not Mode.TRAINING:
                continue
            scored = score_of(workspace, transaction, campaign, person, is_open=is_open)
            told.append(
                Learned(
                    round_id=campaign.id,
                    name=campaign.name,
                    mode=campaign.mode,
                    taxonomy=campaign.taxonomy,
                    at=campaign.opened_at,
                    closed=not is_open,
                    answered=scored.answered,
                    score=scored.score,
                )
            )
    return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How a person did in a round for learners; ``held``: cells left out, as another open round reads them."""

    answered: int
    held: int
    score: Score


def score_of(
    workspace: Workspace, transaction: Transaction, campaign: Round, person: Person, *, is_open: bool
) -> Scored:
    """Score what a person answered in a round for learners."""
    own = _own(transaction, campaign, person, is_open=is_open)
    return Scored(answered=len(own.labels), held=own.held, score=_score(workspace, transaction, own))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """A person's answers to a round that count, and what is told of the panel's."""

    campaign: Round
    labels: dict[_Asked, Label]
    panel: dict[str, Consensus]
    waiting: int
    held: int

    def of(self, purpose: Purpose) -> list[Label]:
        """Return the answers to one kind of item."""
        return [label for (_, asked), label in self.labels.items() if asked is purpose]

    def differs(self, label: Label) -> bool:
        """Say whether a panel said otherwise."""
        return label.cell_id in self.panel and self.panel[label.cell_id].term != label.term


def _read(transaction: Transaction, round_id: str, person: Person) -> _Own:
    campaign, is_open = find_round(transaction, round_id, person)
    require_reader(campaign, person)
    if is_open and campaign.mode is not Mode.TRAINING:
        raise Conflict("nothing is told until this round is closed", found=campaign.name)
    return _own(transaction, campaign, person, is_open=is_open)


def _own(transaction: Transaction, campaign: Round, person: Person, *, is_open: bool) -> _Own:
    if campaign.mode is Mode.TRAINING:  # the first answer counts: after it the panel's was told
        labels = first_labels(transaction, campaign.id, person.id)
    else:
        labels = labels_of(transaction, campaign.id, expert_id=person.id)
        labels = [label for label in labels if label.purpose is not Purpose.ADJUDICATION]
    held = held_cells(transaction, but=campaign.id).intersection(campaign.cells)
    judged = not is_open and campaign.mode not in TRYING
    waiting = _undecided(transaction, campaign, but=held) if judged else 0
    asked = {label.cell_id for label in labels}
    if campaign.mode is Mode.PROFICIENCY:  # what was left blank counts, too
        asked.update(campaign.cells)
    # Whether a held cell waits is what another open round holds back, so each counts as one that does.
    told = (Standing.AGREED,) if waiting or (judged and held) else PANEL
    known = set(campaign.gold)
    panel = {
        cell: found
        for cell, found in consensus_on(transaction, sorted(asked), within=campaign.id).items()
        if found.term is not None and (found.standing in told or (cell in known and found.standing in PANEL))
    }
    return _Own(
        campaign=campaign,
        labels={(label.cell_id, label.purpose): label for label in labels},
        panel=panel,
        waiting=waiting,
        held=len(held),
    )


def _undecided(transaction: Transaction, campaign: Round, *, but: AbstractSet[str]) -> int:
    """Return on how many cells of a round, but for these, its experts differ, and nobody has decided."""
    cells = [cell for cell in campaign.cells if cell not in but]
    given = answers_on(transaction, cells).get(campaign.id, [])
    return sum(standing is Standing.DISPUTED for standing, _ in standings(cells, given).values())


def _feedback(own: _Own) -> Feedback:
    readings = own.of(Purpose.READING)
    again = [
        (own.labels[label.cell_id, Purpose.READING], label)
        for label in own.of(Purpose.REPEAT)
        if (label.cell_id, Purpose.READING) in own.labels
    ]
    differing = Counter((label.term, own.panel[label.cell_id].term or "") for label in readings if own.differs(label))
    return Feedback(
        answered=len(own.labels),
        cells=_tried(own, readings),
        repeats=Tried(asked=len(again), equal=sum(first.term == second.term for first, second in again)),
        gold=_tried(own, own.of(Purpose.GOLD)),
        confused=tuple(
            Confused(said=term, panel=other, cells=count)
            for (term, other), count in sorted(differing.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    )


def _tried(own: _Own, labels: Sequence[Label]) -> Tried:
    decided = [label for label in labels if label.cell_id in own.panel]
    return Tried(asked=len(decided), equal=sum(not own.differs(label) for label in decided))


def _differing(own: _Own, plan: Plan) -> tuple[Differing, ...]:
    found: list[Differing] = []
    for item in plan.items:
        label = own.labels.get((item.cell_id, item.purpose))
        if label is None or item.purpose is Purpose.REPEAT or not own.differs(label):
            continue
        panel = own.panel[item.cell_id]
        found.append(
            Differing(
                item=item.item,
                place=item.place,
                said=label.term,
                panel=panel.term or "",
                comment=label.comment,
                decided=panel.standing is Standing.ADJUDICATED,
                gold=item.purpose is Purpose.GOLD,
            )
        )
    return tuple(found)


def _twice(own: _Own, plan: Plan) -> tuple[Twice, ...]:
    first = {item.cell_id: item for item in plan.items if item.purpose is Purpose.READING}
    found: list[Twice] = []
    for item in plan.items:
        one = own.labels.get((item.cell_id, Purpose.READING))
        other = own.labels.get((item.cell_id, item.purpose))
        if item.purpose is Purpose.REPEAT and one and other and one.term != other.term:
            before = first[item.cell_id]
            found.append(
                Twice(
                    item=before.item,
                    place=before.place,
                    said=one.term,
                    again=item.item,
                    again_place=item.place,
                    again_said=other.term,
                )
            )
    return tuple(found)


def _score(workspace: Workspace, transaction: Transaction, own: _Own) -> Score:
    tries = own.campaign.mode is Mode.PROFICIENCY
    said = {label.cell_id: label.term for label in own.of(Purpose.READING)}
    cells = [cell for cell in own.campaign.cells if cell in own.panel and (tries or cell in said)]
    smears = cells_with_smears(transaction, cells)
    return score_against(
        [smears[cell][1] for cell in cells],
        [own.panel[cell].term or "" for cell in cells],
        [said.get(cell) for cell in cells],
        taxonomy=taxonomy_of(workspace, own.campaign.taxonomy),
        level=own.campaign.level,
        blank_counts=tries,
    )
