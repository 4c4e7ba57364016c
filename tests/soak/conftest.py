"""A workspace with a round of as many cells as a trial needs, made in a moment: rows alone, one crop for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Role, Round
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.run import Run
from buffycoat.domain.smear import Capture, Exif, FieldOfView, Quality, Smear
from buffycoat.imaging.codecs import encode_png
from buffycoat.workflows.people import add_person
from buffycoat.workflows.reading.opening import seal_round
from buffycoat.workflows.workspace import Workspace, open_workspace

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SMEAR = 50
"""Cells of one smear: all look alike, so that repeats are found among them pair by pair."""
RoundOf = Callable[..., Round]


def rows(workspace: Workspace, cells: int) -> list[object]:
    pixels = np.random.default_rng(7).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    crop = workspace.objects.put(encode_png(pixels))
    box = Box(left=0, top=0, right=96, bottom=96)
    smears = range(1, 2 + (cells - 1) // SMEAR)
    return [
        Run(id="u1", room="detect", function="f", version="1", parameters={}, inputs="", seed=None, started_at=MOMENT),
        *(Smear(id=f"s{smear}", code=f"S-{smear}") for smear in smears),
        Capture(id="k1", microscope="Olympus CX18"),
        *(
            FieldOfView(
                id=f"f{smear}",
                smear_id=f"s{smear}",
                capture_id="k1",
                received=f"a{smear}",
                digest=None,
                pixels=None,
                media_type=None,
                quarter_turns=0,
                width_px=96,
                height_px=96,
                red_cell_diameter_px=None,
                quality=Quality(focus=1, brightness=0.5, clipped_dark=0, clipped_bright=0, cast_red=1, cast_blue=1),
                exif=Exif(),
                icc_profile=None,
                stripped=(),
                origin="a.jpg",
                crop_only=True,
                ingested_at=MOMENT,
                run_id="u1",
            )
            for smear in smears
        ),
        *(
            Cell(
                id=f"c{number:06}",
                field_id=f"f{1 + number // SMEAR}",
                extent=box,
                box=box,
                score=None,
                found_by=FoundBy.SOURCE,
                crop=crop,
                sharpness=1.0,
                average_hash="ff",
                perceptual_hash="0f",
                run_id="u1",
            )
            for number in range(cells)
        ),
    ]


@pytest.fixture(scope="session")
def round_of() -> RoundOf:
    """Make a workspace in a folder with a blind round, ``spring``, of so many cells for experts of these handles."""

    def make(folder: Path, *, cells: int, handles: list[str], repeat_share: float = 0.03) -> Round:
        with open_workspace(folder, create=True) as workspace:
            with workspace.database.writing() as transaction:
                transaction.add(rows(workspace, cells))
            people = tuple(add_person(workspace, handle=handle, role=Role.EXPERT).person.id for handle in handles)
            return seal_round(
                workspace,
                name="spring",
                experts=people,
                cells=[f"c{number:06}" for number in range(cells)],
                taxonomy="raabin@1",
                wish=RoundWish(name="spring", experts=people, repeat_share=repeat_share),
                secret=str(folder.name),
            )

    return make
