"""Masks of nucleus and cell, in crop coordinates, and the cells that are chosen to have them drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import value
from buffycoat.errors import Conflict, InvalidMask

__all__ = ["Mask", "MaskSelection", "Part"]


class Part(StrEnum):
    """What a mask shows. Cytoplasm is cell minus nucleus, and is computed."""

    NUCLEUS = "nucleus"
    CELL = "cell"


@value
class Mask:
    """Ground truth of one part of one cell.

    ``run_lengths`` count pixels in row order, alternating background and mask, background first. ``failure`` is the
    code of the error where nothing was found; then ``run_lengths`` is empty, as with ``whole-only``, which says that no
    nucleus was asked for. ``expert_id`` is the person who drew it or stands for it; ``None`` where a program did, or a
    set whose expert is not known.
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
    expert_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse run lengths that do not fill the crop, and a failure that comes with a mask."""
        expected = 0 if self.failure else self.height_px * self.width_px
        if sum(self.run_lengths) != expected:
            raise InvalidMask(
                "run lengths do not fill the crop", expected=f"{expected} pixels", found=str(sum(self.run_lengths))
            )


@value
class MaskSelection:
    """Cells that were chosen to have their masks drawn. Sealed when it is made: later labels do not change it.

    ``quotas`` is how many of each class were asked for, ``terms`` the class of each of ``cells``, in the same order.
    Of the classes in ``whole_only`` the whole cell is drawn and no nucleus: the granules of a basophil hide its border.
    """

    id: str
    name: str
    taxonomy: str
    level: str
    quotas: Mapping[str, int]
    whole_only: tuple[str, ...]
    seed: int
    cells: tuple[str, ...]
    terms: tuple[str, ...]
    made_at: datetime
    run_id: str

    def __post_init__(self) -> None:
        """Refuse a cell that is there twice, or without its class."""
        if len(set(self.cells)) != len(self.cells) or len(self.terms) != len(self.cells):
            found = f"{len(set(self.cells))} cells in {len(self.cells)} places with {len(self.terms)} classes"
            raise Conflict("a selection names each cell once, with its class", found=found)

    def parts(self, term: str) -> tuple[Part, ...]:
        """Return what is drawn of a cell of that class."""
        return (Part.CELL,) if term in self.whole_only else (Part.NUCLEUS, Part.CELL)
