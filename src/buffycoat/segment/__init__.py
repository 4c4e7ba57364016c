"""Cells to masks: nucleus and whole cell of a crop, and what can be measured on them."""

from buffycoat.segment.cell import segment_cell
from buffycoat.segment.easy_gt import EasyGt, easy_gt
from buffycoat.segment.features import FEATURE_NAMES, extract_features, features_of
from buffycoat.segment.nucleus import METHODS, segment_nucleus
from buffycoat.segment.tavakoli import tavakoli

__all__ = [
    "FEATURE_NAMES",
    "METHODS",
    "EasyGt",
    "easy_gt",
    "extract_features",
    "features_of",
    "segment_cell",
    "segment_nucleus",
    "tavakoli",
]
