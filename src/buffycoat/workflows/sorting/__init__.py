"""Sorting cells into classes in the gallery: what was said there, who is shown what, and labels taken from devices."""

from __future__ import annotations

from buffycoat.workflows.sorting.arranging import MOST_CELLS, arrange_cells
from buffycoat.workflows.sorting.taking import take_labels

__all__ = ["MOST_CELLS", "arrange_cells", "take_labels"]
