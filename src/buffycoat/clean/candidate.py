"""What the room needs to know of a cell to tell whether it is a repeat."""

from __future__ import annotations

from dataclasses import field

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.imaging.registration import Thumbnail

__all__ = ["Candidate"]


@value
class Candidate:
    """One crop of a smear.

    Hashes are those of `buffycoat.imaging.hashes` as whole numbers, ``thumbnail`` that of
    `buffycoat.imaging.registration`, all of the crop. ``box`` is the crop and ``extent`` the tight box of the cell,
    both in the photograph; where the extent is known, places tell more.
    """

    id: str
    field_id: str
    box: Box
    sharpness: float
    average_hash: int
    perceptual_hash: int
    thumbnail: Thumbnail = field(repr=False, compare=False)
    extent: Box | None = None
