"""What costs time to see of a smear, kept while people try thresholds on it: its crops, overlaps and near pairs."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.near_pairs import near_pairs
from buffycoat.clean.overlaps import FieldOverlap
from buffycoat.domain.cell import DuplicateEdge
from buffycoat.domain.value import digest_of
from buffycoat.workflows.clean import KnownSmear, candidate_of, overlaps_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["LOWEST", "SeenSmear", "look_closely"]

LOWEST = 0.8
"""Correlation from which pairs are worth a person's look."""
_KEPT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSmear:
    """The crops of a smear as they are compared, which photographs overlap, and the pairs that pixels decide."""

    candidates: tuple[Candidate, ...]
    overlaps: tuple[FieldOverlap, ...]
    near: tuple[DuplicateEdge, ...]


class _Seen:
    """The smears that were looked at last, by their cells."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, SeenSmear] = OrderedDict()
        self._looking = Lock()

    def of(self, workspace: Workspace, known: KnownSmear) -> SeenSmear:
        """Look at a smear, or return what was seen: two at once would only take each other's time."""
        name = digest_of("\n".join(sorted(cell.id for cell in known.cells)).encode())
        with self._looking:
            found = self._known.get(name)
            if found is None:
                candidates = tuple(candidate_of(workspace, cell) for cell in known.cells)
                overlaps = overlaps_of(workspace, known)
                near = near_pairs(candidates, overlaps, lowest=LOWEST)
                found = self._known[name] = SeenSmear(candidates=candidates, overlaps=overlaps, near=near)
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            self._known.move_to_end(name)
            return found


_SEEN = _Seen()


def look_closely(workspace: Workspace, known: KnownSmear) -> SeenSmear:
    """Return what is seen of a smear: a few milliseconds a crop the first time, and some hundred a photograph."""
    return _SEEN.of(workspace, known)
