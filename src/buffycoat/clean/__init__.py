"""Cells to cells once: the pictures of one physical cell are grouped, and the sharpest is kept."""

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.covered import covered_fields
from buffycoat.clean.parameters import CleanParameters, Method
from buffycoat.clean.repeats import Repeats, find_repeats, group_duplicates

__all__ = ["Candidate", "CleanParameters", "Method", "Repeats", "covered_fields", "find_repeats", "group_duplicates"]
