"""Locating cells: a photograph's boxes as suggested and as people put them, what they did, and what is to be done."""

from buffycoat.workflows.locating.looking import boxes_of_field
from buffycoat.workflows.locating.taking import take_boxes
from buffycoat.workflows.locating.waiting import list_misplaced

__all__ = ["boxes_of_field", "list_misplaced", "take_boxes"]
