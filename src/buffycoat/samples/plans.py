"""What each of the built-in smears is to be: its facts, its cells, and how often it is photographed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from buffycoat.domain.smear import Diagnosis
from buffycoat.samples.camera import Camera
from buffycoat.samples.film import Film
from buffycoat.samples.red_cell import RedCells
from buffycoat.samples.setups import SETUP_A, SETUP_B

__all__ = ["MAIN", "PLANS", "Plan"]

MAIN = ("neutrophil.segmented", "lymphocyte.small", "lymphocyte.large", "monocyte", "eosinophil", "basophil")
"""The terms of the five classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One smear to draw.

    ``cells``: how many distinct elements of each term are whole in a photograph. ``single``: places photographed once,
    ``pairs``: places photographed twice, overlapping; ``covered``: pairs whose second photograph shows nothing new.
    """

    code: str
    subject: str
    diagnosis: Diagnosis
    camera: Camera
    film: Film
    cells: Mapping[str, int]
    single: int
    pairs: int
    covered: int = 0


def _cells(*main: int, **rare: int) -> Mapping[str, int]:
    """Return the number of cells of each term: those of ``MAIN`` in its order, then others by name."""
    full = {"band": "neutrophil.band", "metamyelocyte": "neutrophil.metamyelocyte"}
    return MappingProxyType(
        dict(zip(MAIN, main, strict=True)) | {full.get(name, name): count for name, count in rare.items()}
    )


PLANS = (
    Plan(
        code="DRAWN-A1",
        subject="drawn-subject-1",
        diagnosis=Diagnosis.NORMAL,
        camera=SETUP_A,
        film=Film(red_cells=RedCells(), crowding=7, overlap=0.25, platelets=14, specks=6),
        cells=_cells(12, 7, 6, 10, 9, 9, band=3, metamyelocyte=1, smudge=2, artifact=2),
        single=6,
        pairs=2,
    ),
    Plan(
        code="DRAWN-A2",
        subject="drawn-subject-2",
        diagnosis=Diagnosis.NORMAL_EOSINOPHILIA,
        camera=SETUP_A,
        film=Film(
            red_cells=RedCells(pallor=0.72, diameter=7.3, oval=0.3), crowding=7, overlap=0.35, platelets=9, specks=16
        ),
        cells=_cells(10, 6, 6, 10, 13, 9, band=2, metamyelocyte=1, smudge=2, erythroblast=1, artifact=2),
        single=4,
        pairs=2,
        covered=1,
    ),
    Plan(
        code="DRAWN-A3",
        subject="drawn-subject-3",
        diagnosis=Diagnosis.CHRONIC_MYELOID_LEUKEMIA,
        camera=SETUP_A,
        film=Film(red_cells=RedCells(pallor=0.4, crenated=0.04), crowding=5, overlap=0.2, platelets=22, specks=4),
        cells=_cells(
            10, 6, 5, 10, 9, 13, band=4, metamyelocyte=4, smudge=2, erythroblast=3, megakaryocyte=1, artifact=2
        ),
        single=6,
        pairs=2,
    ),
    Plan(
        code="DRAWN-B1",
        subject="drawn-subject-4",
        diagnosis=Diagnosis.NORMAL,
        camera=SETUP_B,
        film=Film(red_cells=RedCells(pallor=0.62), crowding=5, overlap=0.25, platelets=12, specks=5),
        cells=_cells(8, 5, 4, 7, 7, 7, band=2, smudge=1, erythroblast=1, artifact=1),
        single=4,
        pairs=2,
    ),
    Plan(
        code="DRAWN-B2",
        subject="drawn-subject-5",
        diagnosis=Diagnosis.INFECTION,
        camera=SETUP_B,
        film=Film(red_cells=RedCells(pallor=0.5, diameter=7.8), crowding=4, overlap=0.3, platelets=10, specks=12),
        cells=_cells(7, 4, 4, 9, 7, 7, band=1, metamyelocyte=2, smudge=1, erythroblast=1, artifact=1),
        single=4,
        pairs=2,
    ),
)
