"""Masks drawn by hand: which cells, where to start, what is kept, and two drawings beside each other."""

from buffycoat.workflows.mask_room.choosing import choose_set, list_presets
from buffycoat.workflows.mask_room.pairing import compare_drawings
from buffycoat.workflows.mask_room.starting import channel_of, draft_of, start_of
from buffycoat.workflows.mask_room.taking import take_masks
from buffycoat.workflows.mask_room.tasks import list_sets, sheet_of

__all__ = [
    "channel_of",
    "choose_set",
    "compare_drawings",
    "draft_of",
    "list_presets",
    "list_sets",
    "sheet_of",
    "start_of",
    "take_masks",
]
