"""Who found a cell: the filter, the network and people joined into one list without doubles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value

__all__ = ["CombinedDetection", "combine", "is_double"]

_RANKS: Final = (FoundBy.EXPERT, FoundBy.SOURCE, FoundBy.NETWORK, FoundBy.COLOR_FILTER)
_SHARE: Final = 0.5


@value
class CombinedDetection:
    """A cell, as the most trusted finder drew it, and all who found it, the most trusted first."""

    detection: Detection
    agreed: tuple[FoundBy, ...]


def combine(*lists: Iterable[Detection]) -> tuple[CombinedDetection, ...]:
    """Join what several finders found in one field.

    A person's box stands before that of the source, that before the network's, that before the color filter's; of one
    finder, what comes first stands before what comes later. A box that is a double of one that stands already is not
    taken; its finder is noted as agreeing. No box is moved or averaged, and doubles of a double are not drawn in, so
    that two cells that touch stay two.

    Parameters
    ----------
    *lists : iterable of Detection
        Of one field, in its pixels.

    Returns
    -------
    tuple of CombinedDetection
        From top to bottom, then from left to right.

    Examples
    --------
    >>> by_filter = Detection(
    ...     extent=Box.around(52, 50, 20), box=Box.around(52, 50, 46), score=0.9, found_by=FoundBy.COLOR_FILTER
    ... )
    >>> by_person = Detection(
    ...     extent=Box.around(50, 50, 24), box=Box.around(50, 50, 46), score=None, found_by=FoundBy.EXPERT
    ... )
    >>> [joined] = combine([by_filter], [by_person])
    >>> joined.detection is by_person, [str(finder) for finder in joined.agreed]
    (True, ['expert', 'color-filter'])
    """
    standing: list[tuple[Detection, set[FoundBy]]] = []
    everything = [detection for found in lists for detection in found]
    for detection in sorted(everything, key=lambda one: _RANKS.index(one.found_by)):
        doubled = [finders for other, finders in standing if is_double(detection.extent, other.extent)]
        for finders in doubled:
            finders.add(detection.found_by)
        if not doubled:
            standing.append((detection, {detection.found_by}))
    standing.sort(key=lambda one: (one[0].extent.top, one[0].extent.left, one[0].extent.right, one[0].extent.bottom))
    return tuple(
        CombinedDetection(detection=detection, agreed=tuple(sorted(finders, key=_RANKS.index)))
        for detection, finders in standing
    )


def is_double(one: Box, other: Box, /) -> bool:
    """Say whether two boxes are of one cell: they share at least half of the smaller one.

    A nucleus in its cell is one cell by this rule; two cells that touch are not.

    Examples
    --------
    >>> is_double(Box.around(50, 50, 40), Box.around(50, 50, 20)), is_double(Box.around(9, 9, 8), Box.around(15, 9, 8))
    (True, False)
    """
    return one.intersection(other) >= _SHARE * min(one.area, other.area)
