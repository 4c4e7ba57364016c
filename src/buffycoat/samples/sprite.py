"""One element, drawn: how much of each ink lies where, and what is cell and nucleus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from buffycoat.samples.ink import Ink
from buffycoat.samples.patch import Plane

__all__ = ["Sprite"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sprite:
    """A drawn element, ready to be laid on a plane.

    All planes have one square shape. ``cell`` and ``nucleus`` are coverages, 0 to 1; ``nucleus`` is ``None`` where
    there is none. What lies below shows through where ``cell`` is low.
    """

    inks: Mapping[Ink, Plane]
    cell: Plane
    nucleus: Plane | None

    @property
    def side(self) -> int:
        """Side in pixels."""
        return int(self.cell.shape[0])
