"""Cells to labels: who sees which cell next, and what the answers amount to."""

from buffycoat.label.agreement import AgreementReport, agreement_report, class_counts
from buffycoat.label.agreement_text import agreement_lines
from buffycoat.label.consensus import consensus_of, standings
from buffycoat.label.contradictions import Contradiction, ContradictionKind, FiledCell, find_contradictions
from buffycoat.label.items import ReadingItem, count_items, items_of
from buffycoat.label.matrix_cells import NO_LABEL, cells_at
from buffycoat.label.queue import order_for
from buffycoat.label.score import score_against
from buffycoat.label.simulated import SimulatedExpert
from buffycoat.label.table import Answer, read_answers

__all__ = [
    "NO_LABEL",
    "AgreementReport",
    "Answer",
    "Contradiction",
    "ContradictionKind",
    "FiledCell",
    "ReadingItem",
    "SimulatedExpert",
    "agreement_lines",
    "agreement_report",
    "cells_at",
    "class_counts",
    "consensus_of",
    "count_items",
    "find_contradictions",
    "items_of",
    "order_for",
    "read_answers",
    "score_against",
    "standings",
]
