"""What a run of the detector was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from buffycoat.errors import InputError

__all__ = ["BORDERS", "DetectParameters"]

BORDERS = ("pad", "shift")


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectParameters:
    """Side and border of the boxes around cells.

    Parameters
    ----------
    side : int, optional
        Side of the square crops in pixels; without it, it follows from the scale of the picture.
    border : {"pad", "shift"}
        At the edge of the field: ``"pad"`` leaves the cell in the middle of its box, whose crop is then padded;
        ``"shift"`` moves the box inside, as the boxes of Raabin-WBC are.

    Raises
    ------
    InputError
        If the side is no positive whole number, or there is no such border.
    """

    side: int | None = None
    border: str = "pad"

    def __post_init__(self) -> None:
        """Refuse a box without pixels, and an unknown border."""
        if self.side is not None and (int(self.side) != self.side or self.side < 1):
            raise InputError("the side is no length", expected="a positive number of pixels", found=str(self.side))
        if self.border not in BORDERS:
            raise InputError("no such border", expected=" or ".join(BORDERS), found=repr(self.border))
