"""What is known of a drawn smear: its fields and, in each field, every cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import Diagnosis, Stain

__all__ = ["SampleCell", "SampleField", "SampleSmear"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleCell:
    """One drawn cell in one photograph.

    ``truth`` is a key of the taxonomy ``RAABIN``. Two cells with equal ``physical_id`` are the same cell,
    photographed twice. ``extent`` and ``nucleus`` are tight boxes in the pixels of the field, never outside it;
    ``nucleus`` is ``None`` for an artifact and where no part of the nucleus is seen; that of a basophil lies under
    its granules, so a threshold takes the whole cell, as on a slide. ``cut``: the edge of the
    photograph runs through the nucleus (through the element, where it has none), so nobody need find or name it.
    """

    truth: str
    physical_id: str
    extent: Box
    nucleus: Box | None
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleField:
    """One drawn photograph: uint8 RGB of shape (height, width, 3), and what is in it."""

    name: str
    image: NDArray[np.uint8]
    cells: tuple[SampleCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleSmear:
    """A drawn smear, the set-up that "photographed" it, and its fields.

    The facts are those of ``domain.Smear`` and ``domain.Capture``; the subject is nobody.
    ``covered`` names the fields all of whose cells are in another field.
    """

    code: str
    stain: Stain
    site: str
    diagnosis: Diagnosis
    subject: str
    microscope: str
    camera: str
    objective_magnification: float
    micrometres_per_pixel: float
    fields: tuple[SampleField, ...]
    covered: tuple[str, ...] = ()
