"""On which days programs showed their tokens: so that a person sees which of them nobody uses any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from buffycoat.domain.account import TokenUse
from buffycoat.domain.value import derive_id
from buffycoat.store import Transaction
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["Uses", "last_uses"]


class Uses:
    """Keeps the first use of each token on each day, and remembers which are kept: most requests then write nothing.

    Several processes may keep the same one; it has the same id, and the first stays.
    """

    def __init__(self) -> None:
        self._days: dict[str, date] = {}

    def is_kept(self, token_id: str) -> bool:
        """Say whether a use of today is kept."""
        return self._days.get(token_id) == now().date()

    def keep(self, workspace: Workspace, token_id: str) -> None:
        """Keep that a token is shown today. It writes, so not on the thread that all requests share."""
        moment = now()
        day = moment.date()
        key = derive_id("token_use", {"token": token_id, "day": day.isoformat()})
        with workspace.database.writing() as transaction:
            transaction.add([TokenUse(id=key, token_id=token_id, made_at=moment)])
        self._days[token_id] = day


def last_uses(transaction: Transaction, token_ids: Collection[str]) -> Mapping[str, datetime]:
    """Return by token when it was first shown on the last day on which it was; nothing of those never shown."""
    found = {key: [use.made_at for use in transaction.find(TokenUse, token_id=key)] for key in token_ids}
    return {key: max(moments) for key, moments in found.items() if moments}
