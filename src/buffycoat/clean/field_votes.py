"""Which photographs may show the same region, out of all pairs: their landmarks vote for one shift."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.field_description import FieldDescription

__all__ = ["pairs_by_votes"]

# Landmarks of a photograph that take part, the best of each part of it. Of BCCD's overlapping pairs the weakest has 25
# votes for one shift; of all pairs one in 60 has 5.
_VOTERS = 220
_MAX_BITS = 70
_MAX_TURN = 20.0
# Side of a bin of shifts, in parts of the longest photograph: a turn by ten degrees still falls into few bins.
_BINS = 54


def pairs_by_votes(
    fields: Sequence[FieldDescription], *, votes: int = 5, compared: Collection[int] = ()
) -> list[tuple[int, int]]:
    """Return the pairs of photographs worth a registration.

    Each landmark of one photograph votes, with the one in the other that is most like it, for the shift between them.
    All pairs of photographs are compared.

    Parameters
    ----------
    fields : sequence of FieldDescription
        Photographs of one smear, n of them.
    votes : int
        Lowest number of landmarks that agree on a shift.
    compared : collection of int
        Positions of photographs that have been compared with each other already; only pairs with a new one count.

    Returns
    -------
    list of (int, int)
        Positions ``i < j``, in increasing order.
    """
    known = set(compared)
    # New ones first: each is compared with all that come after it, and the known ones with none.
    order = sorted(range(len(fields)), key=lambda each: (each in known, each))
    voters = [min(_VOTERS, len(fields[each].points)) for each in order]
    ends = np.cumsum([0, *voters])
    if not ends[-1]:
        return []
    bits = np.concatenate([fields[each].descriptors[:_VOTERS] for each in order])
    angles = np.concatenate([fields[each].angles[:_VOTERS] for each in order])
    places = np.concatenate([_places(fields[each])[:_VOTERS] for each in order])
    owner = np.repeat(np.arange(len(order)), voters)
    side = max(max(each.width_px, each.height_px) for each in fields)
    pairs = []
    for i in range(len(fields) - len(known)):
        if not voters[i] or ends[i + 1] == ends[-1]:
            continue
        own, later = slice(ends[i], ends[i + 1]), slice(ends[i + 1], None)
        distance, nearest = cv2.batchDistance(bits[later], bits[own], cv2.CV_32S, normType=cv2.NORM_HAMMING, K=1)
        chosen = nearest[:, 0]
        turn = np.abs((angles[later] - angles[own][chosen] + 180) % 360 - 180)
        alike = (distance[:, 0] < _MAX_BITS) & (turn < _MAX_TURN)
        shift = (places[own][chosen] - places[later])[alike] / side
        most = _most_votes(shift, owner[later][alike], len(fields))
        pairs += [(order[i], order[int(j)]) for j in np.flatnonzero(most >= votes)]
    return sorted((min(pair), max(pair)) for pair in pairs)


def _places(description: FieldDescription) -> NDArray[np.float32]:
    return np.asarray(description.points * description.reduction, np.float32)


def _most_votes(shift: NDArray[np.float32], field: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return for each photograph how many votes fall into the fullest square of two by two bins."""
    bins = _BINS + 3
    x, y = ((shift + 1) * (_BINS / 2)).astype(np.int64).T
    found = np.bincount((field * bins + y) * bins + x, minlength=count * bins * bins).reshape(count, bins, bins)
    twice = found[:, :-1] + found[:, 1:]
    return np.asarray((twice[:, :, :-1] + twice[:, :, 1:]).reshape(count, -1).max(axis=1))
