"""A small release made by hand, so that every count of it is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Part
from buffycoat.domain.query import DOUBLE_LABELED
from buffycoat.domain.release import ReleaseAbout, SplitPlan
from buffycoat.domain.smear import AgeBand, Diagnosis, Sex, Stain
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.publish.sealed import Contents, SealedCell, SealedField, SealedMask, SealedRepeat, SealedSmear

_SMEAR = SealedSmear(
    smear_id="s1",
    stain=Stain.GIEMSA,
    diagnosis=Diagnosis.NORMAL,
    site="Razi",
    sex=Sex.FEMALE,
    age_band=AgeBand.AGE_30_44,
    ethics_reference="IR.1",
    person=1,
    simulated=False,
)
_FIELD = SealedField(
    field_id="f1",
    smear_id="s1",
    microscope="Olympus CX18",
    objective_magnification=100.0,
    camera="Samsung Galaxy S5",
    camera_model="SM-G900H",
    aperture="f/2.2",
    micrometres_per_pixel=0.05,
    width_px=5312,
    height_px=2988,
    crop_only=False,
    photograph="0" * 64,
    media_type="image/jpeg",
)
_AWAY = replace(
    _FIELD,
    smear_id="s3",
    microscope="Zeiss",
    camera="LG G3",
    camera_model=None,
    aperture=None,
    micrometres_per_pixel=None,
    width_px=4160,
    height_px=3120,
)


def _mask(part: Part) -> SealedMask:
    return SealedMask(part=part, height_px=2, width_px=2, run_lengths=(1, 3), method="easy-gt")


def _cell(
    name: str,
    field: str,
    words: tuple[str | None, ...],
    standing: Standing,
    term: str | None = None,
    side: tuple[str, str] | None = None,
    parts: tuple[Part, ...] = (),
) -> SealedCell:
    return SealedCell(
        cell_id=name,
        field_id=field,
        box=Box(left=0, top=0, right=2, bottom=2),
        words=words,
        standing=standing,
        term=term,
        label=side[0] if side else None,
        split=side[1] if side else None,
        crop="1" * 64,
        sharpness=10.0,
        masks=tuple(_mask(part) for part in parts),
    )


_AGREED = Standing.AGREED
_SEGMENTED, _SMALL, _LARGE = "neutrophil.segmented", "lymphocyte.small", "lymphocyte.large"
_CELLS = (
    _cell("c01", "f1", (_SEGMENTED,) * 2, _AGREED, _SEGMENTED, ("neutrophil", "train"), (Part.NUCLEUS, Part.CELL)),
    _cell("c02", "f1", (_SEGMENTED, "neutrophil.band"), Standing.DISPUTED),
    _cell("c03", "f2", (_SMALL,) * 2, _AGREED, _SMALL, ("lymphocyte", "train")),
    _cell("c04", "f2", (None, None), Standing.OPEN),
    _cell("c05", "f3", ("not-recognized",) * 2, _AGREED, "not-recognized"),
    _cell("c06", "f3", ("eosinophil", None), Standing.SINGLE, "eosinophil"),
    _cell("c07", "f4", (_SEGMENTED,) * 2, _AGREED, _SEGMENTED, ("neutrophil", "test-B")),
    _cell("c08", "f5", ("basophil",) * 2, _AGREED, "basophil", ("basophil", "test-B"), (Part.CELL,)),
    _cell("c09", "f1", (_LARGE, _SMALL), Standing.ADJUDICATED, _SMALL, ("lymphocyte", "train")),
    _cell("c10", "f3", ("monocyte",) * 2, _AGREED, "monocyte"),
    _cell("c11", "f4", (_SEGMENTED,) * 2, _AGREED, _SEGMENTED, ("neutrophil", "test-B")),
)


def _repeat(name: str, field: str) -> SealedRepeat:
    return SealedRepeat(field_id=field, cell_id=name, kept_id="c01", crop=None, sharpness=9.0)


CONTENTS = Contents(
    version="1.0",
    about=ReleaseAbout(
        title="Small set",
        license="CC-BY-4.0",
        ethics="Approved by the ethics committee.",
        contributors=("Rezaei, Zahra", "Example laboratory"),
        citation="Rezaei, Small set, 2026.",
        contact="zahra@example.org",
    ),
    taxonomy=RAABIN.reference,
    level="five-class",
    classes=("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil"),
    query=DOUBLE_LABELED,
    experts=("expert 1", "expert 2"),
    plan=SplitPlan(
        assignment={"s1": "train", "s2": "train", "s3": "test-B"}, rule="by hand", seed=7, removed=("c10", "c99")
    ),
    smears=(
        _SMEAR,
        replace(_SMEAR, smear_id="s2", sex=Sex.FEMALE),
        replace(_SMEAR, smear_id="s3", person=None, sex=Sex.UNKNOWN, age_band=AgeBand.UNKNOWN, ethics_reference=None),
    ),
    fields=(
        _FIELD,
        replace(_FIELD, field_id="f2"),
        replace(_FIELD, field_id="f3", smear_id="s2"),
        replace(_AWAY, field_id="f4"),
        replace(_AWAY, field_id="f5", crop_only=True, photograph=None, width_px=575, height_px=575),
    ),
    cells=_CELLS,
    repeats=(_repeat("r1", "f1"), _repeat("r2", "f9")),
    formats=("csv", "coco"),
    leaks={},
    withheld=("age bands of 2 smears",),
    simulated=False,
)


@pytest.fixture
def make_contents() -> Callable[..., Contents]:
    """The release made by hand, with some of its facts changed."""
    return lambda **changes: replace(CONTENTS, **changes)
