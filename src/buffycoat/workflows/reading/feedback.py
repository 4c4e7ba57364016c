"""What a person who reads is told of the own answers: in training at once, otherwise when the round is closed."""

from __future__ import annotations

from collections import Counter

from buffycoat.domain.account import Person
from buffycoat.domain.label import Label, Mode, Purpose, Role, Round
from buffycoat.domain.reading import Confused, Feedback, Tried
from buffycoat.errors import Conflict
from buffycoat.store.answers import first_labels, labels_of
from buffycoat.workflows.reading.rounds import find_round, require_reader
from buffycoat.workflows.shown import consensus_on
from buffycoat.workflows.workspace import Workspace

__all__ = ["get_feedback", "may_adjudicate"]


def may_adjudicate(campaign: Round, person: Person) -> bool:
    """Say whether a person may decide over the cells of a round: nobody who reads in it may, whatever the role."""
    return person.id not in campaign.experts and person.role in (Role.ADJUDICATOR, Role.CURATOR, Role.ADMIN)


def get_feedback(workspace: Workspace, round_id: str, person: Person) -> Feedback:
    """Return a person's own answers beside the panel's: what adjudicators decided, or experts agree on.

    In training and proficiency rounds the panel is of other rounds; otherwise the round itself counts, too. Nothing
    is told of cells that another open round holds.

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
        campaign, is_open = find_round(transaction, round_id, person)
        require_reader(campaign, person)
        if is_open and campaign.mode is not Mode.TRAINING:
            raise Conflict("nothing is told until this round is closed", found=campaign.name)
        labels = labels_of(transaction, campaign.id, expert_id=person.id)
        if campaign.mode is Mode.TRAINING:  # the first answer counts: after it the panel's was told
            labels = first_labels(transaction, campaign.id, person.id)
        asked = sorted({label.cell_id for label in labels})
        panel = {
            cell: found.term
            for cell, found in consensus_on(transaction, asked, within=campaign.id).items()
            if found.term is not None and found.standing.value in ("agreed", "adjudicated")
        }
    said = {(label.cell_id, label.purpose): label for label in labels}
    again = [
        (said[label.cell_id, Purpose.READING], label)
        for label in labels
        if label.purpose is Purpose.REPEAT and (label.cell_id, Purpose.READING) in said
    ]
    readings = [label for label in labels if label.purpose is Purpose.READING]
    differing = Counter(
        (label.term, panel[label.cell_id])
        for label in readings
        if label.cell_id in panel and label.term != panel[label.cell_id]
    )
    return Feedback(
        answered=len(labels),
        cells=_tried(readings, panel),
        repeats=Tried(asked=len(again), equal=sum(first.term == second.term for first, second in again)),
        gold=_tried([label for label in labels if label.purpose is Purpose.GOLD], panel),
        confused=tuple(
            Confused(said=term, panel=other, cells=count)
            for (term, other), count in sorted(differing.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    )


def _tried(labels: list[Label], panel: dict[str, str]) -> Tried:
    decided = [label for label in labels if label.cell_id in panel]
    return Tried(asked=len(decided), equal=sum(label.term == panel[label.cell_id] for label in decided))
