"""The sealed list of what lies in a release: enough, with the objects it names, to make every file of it again."""

from __future__ import annotations

from collections.abc import Mapping

from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Part
from buffycoat.domain.query import Query
from buffycoat.domain.release import ReleaseAbout, SplitPlan
from buffycoat.domain.smear import AgeBand, Diagnosis, Sex, Stain
from buffycoat.domain.value import Digest, value

__all__ = ["Contents", "SealedCell", "SealedField", "SealedMask", "SealedRepeat", "SealedSmear"]


@value
class SealedSmear:
    """A smear as the release tells it; its code and the person's pseudonym stay in the workspace.

    ``person`` numbers people within the release, so that the cells of one can be kept together; ``None`` where unknown.
    """

    smear_id: str
    stain: Stain
    diagnosis: Diagnosis
    site: str
    sex: Sex
    age_band: AgeBand
    ethics_reference: str | None
    person: int | None
    simulated: bool


@value
class SealedField:
    """A photograph, or a crop that came alone, with its set-up. ``photograph`` is the object of its stripped bytes.

    ``camera_model`` and ``aperture``, such as ``"f/2.2"``, are what the camera wrote of itself. Width and height are
    those of the pixel frame, into which the stored picture is turned by ``quarter_turns``, clockwise.
    """

    field_id: str
    smear_id: str
    microscope: str
    objective_magnification: float | None
    camera: str
    camera_model: str | None
    aperture: str | None
    micrometres_per_pixel: float | None
    width_px: int | None
    height_px: int | None
    crop_only: bool
    photograph: Digest | None
    media_type: str | None
    quarter_turns: int = 0


@value
class SealedMask:
    """Ground truth of one part, in crop coordinates; run lengths as in ``domain.mask.Mask``."""

    part: Part
    height_px: int
    width_px: int
    run_lengths: tuple[int, ...]
    method: str


@value
class SealedCell:
    """One cell: where it lies, what each expert called it (keys of terms, ``None`` where none), and what it counts as.

    ``label`` is the class at the release's level, ``None`` for a cell that is outside it and comes with its photograph
    only. ``split`` is ``None`` there too.
    """

    cell_id: str
    field_id: str
    box: Box
    words: tuple[str | None, ...]
    standing: Standing
    term: str | None
    label: str | None
    split: str | None
    crop: Digest | None
    sharpness: float | None
    masks: tuple[SealedMask, ...] = ()


@value
class SealedRepeat:
    """A cell that was left out because it shows the same physical cell as a sharper one.

    ``photograph`` is that of its field where the field is not in the release: a figure shows it beside the kept one.
    """

    field_id: str
    cell_id: str
    kept_id: str
    crop: Digest | None
    sharpness: float | None
    box: Box | None = None
    photograph: Digest | None = None
    quarter_turns: int = 0


@value
class Contents:
    """Everything a release says, but for the pixels, which are named by digest.

    ``experts``: how the release calls the experts, in the order of each cell's ``words``. ``classes``: those of the
    level, sorted. ``leaks``: counts by kind, where a leaking split was asked for. ``withheld``: facts left out.
    ``agreement`` and ``warnings``: what was found when it was sealed, a line each, so that the page can be made again.
    """

    version: str
    about: ReleaseAbout
    taxonomy: str
    level: str
    classes: tuple[str, ...]
    query: Query
    experts: tuple[str, ...]
    plan: SplitPlan
    smears: tuple[SealedSmear, ...]
    fields: tuple[SealedField, ...]
    cells: tuple[SealedCell, ...]
    repeats: tuple[SealedRepeat, ...]
    formats: tuple[str, ...]
    leaks: Mapping[str, int]
    withheld: tuple[str, ...]
    simulated: bool
    agreement: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
