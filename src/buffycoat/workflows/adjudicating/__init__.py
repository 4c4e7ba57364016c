"""Disputed cells of closed rounds, decided by somebody who did not read them."""

from buffycoat.workflows.adjudicating.deciding import take_decisions
from buffycoat.workflows.adjudicating.queue import find_dispute, list_disputes
from buffycoat.workflows.adjudicating.references import list_references
from buffycoat.workflows.adjudicating.rounds import adjudication_taxonomy, list_adjudications

__all__ = [
    "adjudication_taxonomy",
    "find_dispute",
    "list_adjudications",
    "list_disputes",
    "list_references",
    "take_decisions",
]
