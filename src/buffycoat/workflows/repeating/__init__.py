"""Repeats under review: thresholds and what they would change, groups, covered photographs, cleanings gone back."""

from buffycoat.workflows.repeating.covering import covered_pairs
from buffycoat.workflows.repeating.history import compare_cleanings, go_back, list_cleanings
from buffycoat.workflows.repeating.previewing import check_wish, preview, wished
from buffycoat.workflows.repeating.showing import group_page
from buffycoat.workflows.repeating.thresholds import answer_pair, threshold_sheet

__all__ = [
    "answer_pair",
    "check_wish",
    "compare_cleanings",
    "covered_pairs",
    "go_back",
    "group_page",
    "list_cleanings",
    "preview",
    "threshold_sheet",
    "wished",
]
