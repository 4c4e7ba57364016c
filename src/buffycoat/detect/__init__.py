"""Fields to cells: where the white blood cells of a photograph are."""

from buffycoat.detect.cells import find_cells
from buffycoat.detect.color_filter import DEFAULT_FILTER
from buffycoat.detect.filter_file import ColorFilter
from buffycoat.detect.fit_filter import fit
from buffycoat.detect.parameters import DetectParameters

__all__ = ["DEFAULT_FILTER", "ColorFilter", "DetectParameters", "find_cells", "fit"]
