"""Reading rounds: opened, answered blind, closed, and told of."""

from buffycoat.workflows.reading.answering import take_answers
from buffycoat.workflows.reading.closing import close_reading, hand_in
from buffycoat.workflows.reading.feedback import get_feedback, list_learned, may_adjudicate, own_reading
from buffycoat.workflows.reading.history import list_history
from buffycoat.workflows.reading.items import (
    ShownItem,
    around_picture,
    find_item,
    item_around,
    item_picture,
    list_items,
)
from buffycoat.workflows.reading.learners import learners_table, list_learners
from buffycoat.workflows.reading.opening import open_reading
from buffycoat.workflows.reading.references import list_references
from buffycoat.workflows.reading.rounds import get_round, list_rounds, make_ready, round_taxonomy

__all__ = [
    "ShownItem",
    "around_picture",
    "close_reading",
    "find_item",
    "get_feedback",
    "get_round",
    "hand_in",
    "item_around",
    "item_picture",
    "learners_table",
    "list_history",
    "list_items",
    "list_learned",
    "list_learners",
    "list_references",
    "list_rounds",
    "make_ready",
    "may_adjudicate",
    "open_reading",
    "own_reading",
    "round_taxonomy",
    "take_answers",
]
