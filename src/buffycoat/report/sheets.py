"""Figure sheets in the manner of the paper's Figures 5, 6 and 9."""

from __future__ import annotations

from buffycoat.report.drawing import FigureSheet
from buffycoat.report.masks_sheet import MaskColumn, MaskSample, masks_sheet
from buffycoat.report.overlap_sheet import OverlapField, OverlapPair, overlap_sheet
from buffycoat.report.repeats_sheet import RepeatGroup, RepeatPicture, repeats_sheet

__all__ = [
    "FigureSheet",
    "MaskColumn",
    "MaskSample",
    "OverlapField",
    "OverlapPair",
    "RepeatGroup",
    "RepeatPicture",
    "masks_sheet",
    "overlap_sheet",
    "repeats_sheet",
]
