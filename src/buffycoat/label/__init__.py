"""Cells to labels: who sees which cell next, and what the answers amount to."""

from buffycoat.label.consensus import consensus_of, is_closed
from buffycoat.label.queue import order_for
from buffycoat.label.simulated import SimulatedExpert
from buffycoat.label.table import Answer, read_answers

__all__ = ["Answer", "SimulatedExpert", "consensus_of", "is_closed", "order_for", "read_answers"]
