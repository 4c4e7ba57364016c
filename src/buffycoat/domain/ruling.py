"""What a person says of two pictures, against or beside what was measured."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import value
from buffycoat.errors import Conflict

__all__ = ["RepeatRuling", "Ruled"]


class Ruled(StrEnum):
    """What was ruled on a pair of cells."""

    APART = "apart"
    TOGETHER = "together"
    KEEP = "keep"
    MEASURED = "measured"
    UNSURE = "unsure"


@value
class RepeatRuling:
    """A person's word on two pictures of one smear; it holds against every measurement, until the next on that pair.

    ``APART``: they show two cells. ``TOGETHER``: they show one. ``KEEP``: they show one, and ``cell_id`` is the picture
    that stays, though it is not the sharpest. ``MEASURED``: what was ruled is taken back, and the measurement counts.
    ``UNSURE``: somebody looked and cannot tell, so the measurement counts too.
    """

    id: str
    smear_id: str
    cell_id: str
    other_id: str
    ruled: Ruled
    by: str
    reason: str
    given_at: datetime
    run_id: str

    def __post_init__(self) -> None:
        """Refuse a word on one picture alone."""
        if self.cell_id == self.other_id:
            raise Conflict("a ruling speaks of two cells", found=f"{self.cell_id} twice")
