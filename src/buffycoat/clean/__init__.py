"""Cells to cells once: the pictures of one physical cell are grouped, and the best is kept."""

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.covered import covered_fields
from buffycoat.clean.folder import group_files
from buffycoat.clean.overlaps import FieldOverlap, find_overlaps
from buffycoat.clean.parameters import CleanParameters, Method
from buffycoat.clean.repeats import Repeats, find_repeats, group_duplicates

__all__ = [
    "Candidate",
    "CleanParameters",
    "FieldOverlap",
    "Method",
    "Repeats",
    "covered_fields",
    "find_overlaps",
    "find_repeats",
    "group_duplicates",
    "group_files",
]
