"""What is told of leaks: the cells they are looked for in, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value

__all__ = ["FATAL", "KINDS", "Leak", "LeakCell", "LeakReport"]

KINDS = (
    "shared-people",
    "shared-films",
    "shared-fields",
    "pairs-of-overlapping-boxes",
    "pairs-of-boxes-with-IoU-above-0.25",
    "pairs-of-boxes-with-IoU-above-0.5",
    "pairs-of-fields-within-60-s",
    "pairs-of-repeated-cells",
)
"""Kinds of leaks, named for what is counted. A pair of boxes counts under each IoU that it exceeds."""
FATAL = frozenset(KINDS) - {"pairs-of-fields-within-60-s"}
"""Kinds that refuse a split.

A film is one person's blood, so a shared film is a shared person, whatever the rule that made it. Two photographs
taken within a minute are no more than a sign, as they may show different cells; they are of one film, which refuses the
split by itself.
"""


@value
class LeakCell:
    """A cell as the search for leaks sees it; whatever is unknown is ``None``.

    Parameters
    ----------
    cell_id, smear_id : str
        Of the workspace; cell ids differ.
    subject : str, optional
        The person.
    photograph : str, optional
        What tells the photograph that the cell, or its crop, comes from.
    box : Box, optional
        In the pixel frame of that photograph; ``None`` for a crop whose place in it is unknown.
    taken_at : datetime, optional
        When the photograph was taken; without a time zone it counts as UTC.
    label : str, optional
        Its class at the level of the release.
    setup : str
        Microscope and camera.
    """

    cell_id: str
    smear_id: str
    subject: str | None
    photograph: str | None
    box: Box | None
    taken_at: datetime | None
    label: str | None
    setup: str


@value
class Leak:
    """How often one kind of leak was found: its name says what is counted.

    ``test_cells``: cells outside train that have something on another side. ``examples``: some of them, in words.
    """

    kind: str
    count: int
    test_cells: int
    examples: tuple[str, ...] = ()


@value
class LeakReport:
    """All kinds of leaks, in the order of ``KINDS``, zeros included; and, in words, what could not be looked for."""

    leaks: tuple[Leak, ...]
    unchecked: tuple[str, ...]

    def counts(self) -> Mapping[str, int]:
        """Return the kinds that were found, and how often."""
        return {leak.kind: leak.count for leak in self.leaks if leak.count}

    @property
    def fatal(self) -> tuple[Leak, ...]:
        """What was found that refuses the split."""
        return tuple(leak for leak in self.leaks if leak.count and leak.kind in FATAL)
