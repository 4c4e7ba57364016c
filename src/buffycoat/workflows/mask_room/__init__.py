"""Masks drawn by hand: cells to draw, where to start from, what is kept, and two drawings beside each other."""

from buffycoat.workflows.mask_room.pairing import compare_drawings
from buffycoat.workflows.mask_room.starting import channel_of, draft_of, start_of
from buffycoat.workflows.mask_room.taking import take_masks
from buffycoat.workflows.mask_room.tasks import list_sets, sheet_of

__all__ = ["channel_of", "compare_drawings", "draft_of", "list_sets", "sheet_of", "start_of", "take_masks"]
