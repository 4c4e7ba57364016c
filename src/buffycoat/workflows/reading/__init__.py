"""Reading rounds: opened, answered blind, closed, and told of."""

from buffycoat.workflows.reading.answering import take_answers
from buffycoat.workflows.reading.closing import close_reading
from buffycoat.workflows.reading.feedback import get_feedback, may_adjudicate
from buffycoat.workflows.reading.items import around_picture, find_item, item_around, item_picture, list_items
from buffycoat.workflows.reading.opening import open_reading
from buffycoat.workflows.reading.rounds import get_round, list_rounds

__all__ = [
    "around_picture",
    "close_reading",
    "find_item",
    "get_feedback",
    "get_round",
    "item_around",
    "item_picture",
    "list_items",
    "list_rounds",
    "may_adjudicate",
    "open_reading",
    "take_answers",
]
