"""What is drawn of one cell: nucleus, whole cell, cytoplasm, and whether the border of the picture cuts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from buffycoat.domain.mask import Part
from buffycoat.errors import InvalidMask, TouchesBorder
from buffycoat.imaging.regions import BinaryMask, check_mask

__all__ = ["WHOLE_ONLY", "CellParts", "border_failures"]

MOST_ON_BORDER = 0.15
WHOLE_ONLY = "whole-only"
"""Stands where a failure would: no nucleus was asked for, as that of a basophil lies under its granules."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellParts:
    """The masks of one cell, in pixels of the picture they were asked of.

    ``nucleus`` and ``cell`` are bool of shape (height, width); ``nucleus`` is none where only the whole cell was asked
    for. Every pixel of the nucleus is of the cell. ``nucleus_on_border`` and ``cell_on_border`` are the shares of their
    outlines that lie on the border of the picture, 0 to 1; white padding is border.
    """

    nucleus: BinaryMask | None
    cell: BinaryMask
    nucleus_on_border: float = 0.0
    cell_on_border: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no mask, is empty, or a nucleus that leaves its cell."""
        check_mask(self.cell)
        if not self.cell.any():
            raise InvalidMask("the mask of the cell is empty")
        if self.nucleus is None:
            return
        check_mask(self.nucleus)
        if self.nucleus.shape != self.cell.shape:
            raise InvalidMask(
                "nucleus and cell differ in size", expected=str(self.cell.shape), found=str(self.nucleus.shape)
            )
        if not self.nucleus.any():
            raise InvalidMask("the mask of the nucleus is empty")
        outside = np.count_nonzero(self.nucleus & ~self.cell)
        if outside:
            raise InvalidMask("the nucleus leaves the cell", found=f"{outside} pixels outside")

    @property
    def cytoplasm(self) -> BinaryMask | None:
        """Cell without nucleus, bool of shape (height, width); none where the nucleus is not told."""
        return None if self.nucleus is None else self.cell & ~self.nucleus


def border_failures(parts: CellParts) -> Mapping[Part, TouchesBorder]:
    """Return which parts go on outside the picture, the whole cell first.

    Parameters
    ----------
    parts : CellParts
        As :func:`~buffycoat.segment.parts.find_parts` returns them.

    Returns
    -------
    mapping
        From part to the error that says so; none where both are whole.

    Examples
    --------
    >>> parts = CellParts(nucleus=None, cell=np.ones((20, 20), bool), cell_on_border=0.4)
    >>> print(border_failures(parts)[Part.CELL])
    the cell goes on outside the picture: expected less than 15 % of its outline on the border, found 40 %
    """
    shares = {Part.CELL: parts.cell_on_border, Part.NUCLEUS: parts.nucleus_on_border}
    return {
        part: TouchesBorder(
            f"the {part} goes on outside the picture",
            expected=f"less than {100 * MOST_ON_BORDER:.0f} % of its outline on the border",
            found=f"{100 * share:.0f} %",
        )
        for part, share in shares.items()
        if share >= MOST_ON_BORDER
    }
