"""What is measured on the masks of a cell: the 51 features of the paper, and more for use across laboratories."""

from buffycoat.segment.features.extended import EXTENDED_NAMES, extended_features_of
from buffycoat.segment.features.paper import FEATURE_NAMES, extract_features, features_of
from buffycoat.segment.features.surroundings import Surroundings, surroundings_of
from buffycoat.segment.features.table import FEATURES, Feature

__all__ = [
    "EXTENDED_NAMES",
    "FEATURES",
    "FEATURE_NAMES",
    "Feature",
    "Surroundings",
    "extended_features_of",
    "extract_features",
    "features_of",
    "surroundings_of",
]
