"""Masks of nucleus and cell, in crop coordinates."""

from __future__ import annotations

from enum import StrEnum

from buffycoat.domain.value import value
from buffycoat.errors import InvalidMask

__all__ = ["Mask", "Part"]


class Part(StrEnum):
    """What a mask shows. Cytoplasm is cell minus nucleus, and is computed."""

    NUCLEUS = "nucleus"
    CELL = "cell"


@value
class Mask:
    """Ground truth of one part of one cell.

    ``run_lengths`` count pixels in row order, alternating background and mask, background first. ``failure`` is the
    code of the error where nothing was found; then ``run_lengths`` is empty.
    """

    id: str
    cell_id: str
    part: Part
    height_px: int
    width_px: int
    run_lengths: tuple[int, ...]
    method: str
    failure: str | None
    supersedes: str | None
    run_id: str

    def __post_init__(self) -> None:
        """Refuse run lengths that do not fill the crop, and a failure that comes with a mask."""
        expected = 0 if self.failure else self.height_px * self.width_px
        if sum(self.run_lengths) != expected:
            raise InvalidMask(
                "run lengths do not fill the crop", expected=f"{expected} pixels", found=str(sum(self.run_lengths))
            )
