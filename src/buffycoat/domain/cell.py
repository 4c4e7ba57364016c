"""Cells, and the repeats among them."""

from __future__ import annotations

from enum import StrEnum

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import Digest, value
from buffycoat.errors import Conflict

__all__ = [
    "Cell",
    "CoveredField",
    "CrossRepeat",
    "Detection",
    "DuplicateEdge",
    "DuplicateGroup",
    "Evidence",
    "FoundBy",
    "Repeat",
]


class FoundBy(StrEnum):
    """Who found a cell."""

    COLOR_FILTER = "color-filter"
    NETWORK = "network"
    EXPERT = "expert"
    SOURCE = "source"


@value
class Detection:
    """A blood element found in a field: the tight box of the cell, the square crop around its centre, a score.

    ``score`` is the mean posterior of the nucleus pixels for the colour filter, 0 to 1; ``None`` where a person or the
    source drew the box.
    """

    extent: Box
    box: Box
    score: float | None
    found_by: FoundBy


@value
class Cell(Detection):
    """A detection that is kept: one boxed blood element, which may turn out to be a smudge cell or an artifact.

    A cell whose photograph has not come has no pixels: then ``crop``, ``sharpness`` and both hashes are ``None``.
    ``origin`` is the name of the cell in the set it came from, such as Raabin's ``66_1.bmp``. ``agreed`` are the other
    finders that found it too, where several looked.
    """

    id: str
    field_id: str
    crop: Digest | None
    sharpness: float | None
    average_hash: str | None
    perceptual_hash: str | None
    run_id: str
    origin: str | None = None
    agreed: tuple[FoundBy, ...] = ()


class Evidence(StrEnum):
    """What says that two pictures show one cell."""

    HASHES = "hashes"
    REGISTRATION = "registration"
    OVERLAP = "overlap"


@value
class DuplicateEdge:
    """Two cells that are the same one, and how alike they are.

    Hash distances in bits of 64; ``correlation`` is that of the registered crops, ``None`` in paper mode. ``warp`` is
    the affine map that lays them upon one another: row by row, the 2 x 3 matrix that takes a place (x, y) in crop ``b``
    to its place in crop ``a``, both in sides of their crop, from 0 at the left or top to 1; ``None`` where there is
    none. ``evidence`` is ``None`` in verdicts made before it was kept.
    """

    a: str
    b: str
    average_hash_distance: int
    perceptual_hash_distance: int
    correlation: float | None
    evidence: Evidence | None = None
    warp: tuple[float, float, float, float, float, float] | None = None


@value
class Repeat:
    """The verdict that a cell shows the same physical cell as a sharper one; nothing is deleted.

    ``edges`` hold the evidence, each edge of the group once.
    """

    id: str
    smear_id: str
    cell_id: str
    kept_id: str
    edges: tuple[DuplicateEdge, ...]
    run_id: str

    def __post_init__(self) -> None:
        """Refuse a cell that is a repeat of itself."""
        if self.cell_id == self.kept_id:
            raise Conflict("a cell is no repeat of itself", found=self.cell_id)


@value
class CrossRepeat:
    """Two cells of different smears that are the same one: a smear photographed twice, or two that were mixed up.

    A finding to look at; nothing is removed for it.
    """

    id: str
    cell_id: str
    other_id: str
    edge: DuplicateEdge
    run_id: str


@value
class DuplicateGroup:
    """Pictures of one physical cell: a connected component, with the sharpest kept. Computed from the verdicts."""

    cells: tuple[str, ...]
    kept: str
    edges: tuple[DuplicateEdge, ...]


@value
class CoveredField:
    """A photograph all of whose cells live on in another one of the same smear."""

    id: str
    smear_id: str
    field_id: str
    covered_by: str
    run_id: str
