"""Blood smears that are drawn by code, with known truth: for the demo, the docs and tests.

Nobody's blood, and free to pass on. Five smears through two set-ups, every term of the taxonomy that can be drawn,
with overlapping photographs whose repeats are known.
"""

from __future__ import annotations

from buffycoat.samples.sample import SampleCell, SampleField, SampleSmear
from buffycoat.samples.smears import FIELD_NAMES, draw_field, draw_smears, field

__all__ = ["FIELD_NAMES", "SampleCell", "SampleField", "SampleSmear", "draw_field", "draw_smears", "field"]
