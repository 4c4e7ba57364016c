"""Cells to masks: nucleus and whole cell of a crop, and what can be measured on them."""

from buffycoat.segment.cell import segment_cell
from buffycoat.segment.cell_parts import WHOLE_ONLY, CellParts, border_failures
from buffycoat.segment.easy_gt import EasyGt, easy_gt
from buffycoat.segment.features import (
    EXTENDED_NAMES,
    FEATURE_NAMES,
    FEATURES,
    Feature,
    Surroundings,
    extended_features_of,
    extract_features,
    features_of,
    surroundings_of,
)
from buffycoat.segment.nucleus import segment_nucleus
from buffycoat.segment.part_methods import PART_METHODS, network_of
from buffycoat.segment.parts import find_parts, segment_parts
from buffycoat.segment.tavakoli import Tavakoli, tavakoli, tavakoli_parts

__all__ = [
    "EXTENDED_NAMES",
    "FEATURES",
    "FEATURE_NAMES",
    "PART_METHODS",
    "WHOLE_ONLY",
    "CellParts",
    "EasyGt",
    "Feature",
    "Surroundings",
    "Tavakoli",
    "border_failures",
    "easy_gt",
    "extended_features_of",
    "extract_features",
    "features_of",
    "find_parts",
    "network_of",
    "segment_cell",
    "segment_nucleus",
    "segment_parts",
    "surroundings_of",
    "tavakoli",
    "tavakoli_parts",
]
