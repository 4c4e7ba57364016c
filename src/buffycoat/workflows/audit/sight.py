"""How much of the audit log a person may see while rounds are open.

The log grows with every answer, so its mere length would tell an expert how far another one is. Two rules keep rounds
blind. Whoever reads in an open round sees the log as it stood when the first such round was opened, and nothing of what
was entered since. For everybody else the entries of open rounds are sealed: links of the chain that say nothing.
"""

from __future__ import annotations

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Entry
from buffycoat.domain.label import Round
from buffycoat.domain.value import value
from buffycoat.store import Transaction
from buffycoat.store.answers import open_rounds
from buffycoat.store.entries import opening_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["Sight", "reads_now", "sight_of"]


@value
class Sight:
    """What of the log may be told.

    Parameters
    ----------
    until : int or None
        Number of the last entry that may be told of; ``None`` for all.
    sealed : frozenset of str
        Ids of rounds whose entries say nothing.
    held_by : Round or None
        The round for the sake of which the rest is held back.
    """

    until: int | None
    sealed: frozenset[str]
    held_by: Round | None

    def hides(self, entry: Entry) -> bool:
        """Say whether an entry is sealed."""
        return entry.round_id is not None and entry.round_id in self.sealed


def reads_now(workspace: Workspace, person: Person) -> bool:
    """Say whether a person reads in a round that is open."""
    with workspace.database.reading() as transaction:
        return any(person.id in campaign.experts for campaign in open_rounds(transaction))


def sight_of(transaction: Transaction, person: Person | None) -> Sight:
    """Return what of the log a person may be told; ``None`` for whoever reads the files anyway."""
    waiting = open_rounds(transaction)
    reads = [] if person is None else [campaign for campaign in waiting if person.id in campaign.experts]
    sealed = frozenset(campaign.id for campaign in waiting)
    if not reads:
        return Sight(until=None, sealed=sealed, held_by=None)
    opened = opening_of(transaction, [campaign.id for campaign in reads])
    return Sight(until=-1 if opened is None else opened, sealed=sealed, held_by=reads[0])
