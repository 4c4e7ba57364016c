"""Smears, the set-ups that photograph them, and the fields of view."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import Digest, value
from buffycoat.errors import InvalidMetadata

__all__ = [
    "AgeBand",
    "Capture",
    "Correction",
    "Diagnosis",
    "Exif",
    "FieldOfView",
    "Quality",
    "ScaleSource",
    "SetupCorrection",
    "Sex",
    "Smear",
    "Stain",
]


class Stain(StrEnum):
    """Romanowsky-type stains of blood films."""

    GIEMSA = "giemsa"
    WRIGHT = "wright"
    WRIGHT_GIEMSA = "wright-giemsa"
    MAY_GRUNWALD_GIEMSA = "may-grunwald-giemsa"
    LEISHMAN = "leishman"
    OTHER = "other"
    UNKNOWN = "unknown"


class Diagnosis(StrEnum):
    """What the laboratory says of the film, to group films by; never a diagnosis that this tool makes.

    ``normal-eosinophilia`` and ``normal-anemia`` are Raabin's own words for films of otherwise healthy people.
    """

    NORMAL = "normal"
    NORMAL_EOSINOPHILIA = "normal-eosinophilia"
    NORMAL_ANEMIA = "normal-anemia"
    CHRONIC_MYELOID_LEUKEMIA = "chronic-myeloid-leukemia"
    CHRONIC_LYMPHOCYTIC_LEUKEMIA = "chronic-lymphocytic-leukemia"
    ACUTE_LEUKEMIA = "acute-leukemia"
    LYMPHOMA = "lymphoma"
    MYELODYSPLASTIC = "myelodysplastic"
    INFECTION = "infection"
    INFLAMMATION = "inflammation"
    ALLERGY = "allergy"
    PARASITIC_INFECTION = "parasitic-infection"
    ANEMIA = "anemia"
    LEUKOPENIA = "leukopenia"
    THROMBOCYTOPENIA = "thrombocytopenia"
    AUTOIMMUNE = "autoimmune"
    OTHER = "other"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    """Sex of the person, where it is known and may be kept."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class AgeBand(StrEnum):
    """Age in bands, so that no exact age is kept; 90 and above are one group."""

    NEWBORN = "0"
    CHILD = "1-11"
    ADOLESCENT = "12-17"
    AGE_18_29 = "18-29"
    AGE_30_44 = "30-44"
    AGE_45_59 = "45-59"
    AGE_60_74 = "60-74"
    AGE_75_89 = "75-89"
    AGE_90 = "90+"
    UNKNOWN = "unknown"


class ScaleSource(StrEnum):
    """Where the scale of a set-up comes from."""

    TYPED = "typed"
    MICROMETER = "stage-micrometer"
    RED_CELLS = "red-cells"
    UNKNOWN = "unknown"


@value
class Smear:
    """One stained peripheral blood film on one slide.

    ``code`` is what is written on the slide, ``subject`` names the person: both are pseudonyms, never names.
    """

    id: str
    code: str
    stain: Stain = Stain.UNKNOWN
    diagnosis: Diagnosis = Diagnosis.UNKNOWN
    site: str = "unknown"
    subject: str | None = None
    sex: Sex = Sex.UNKNOWN
    age_band: AgeBand = AgeBand.UNKNOWN
    ethics_reference: str | None = None
    simulated: bool = False

    def __post_init__(self) -> None:
        """Refuse a smear without a code."""
        if not self.code.strip():
            raise InvalidMetadata("the smear has no code", expected="what is written on the slide", found="''")


@value
class Correction:
    """What a person says otherwise of a smear than was recorded first; the newest holds, and none is overwritten.

    ``facts`` maps names of ``Smear``'s facts to their new values: stain, diagnosis, subject, sex, age_band,
    ethics_reference. Code and site are the smear's name and stay.
    """

    id: str
    smear_id: str
    facts: Mapping[str, str | None]
    made_at: datetime
    run_id: str


@value
class Capture:
    """The set-up that took a picture; equal set-ups are one domain for test-A and test-B.

    ``quarter_turns`` says how the stored grid is turned clockwise into the pixel frame that boxes use. It is chosen
    once per set-up, never read from EXIF in silence.
    """

    id: str
    microscope: str = "unknown"
    objective_magnification: float | None = None
    camera: str = "unknown"
    micrometres_per_pixel: float | None = None
    scale_source: ScaleSource = ScaleSource.UNKNOWN
    quarter_turns: int = 0

    def __post_init__(self) -> None:
        """Refuse a scale or magnification that is no positive number, and more than three turns."""
        for name in ("objective_magnification", "micrometres_per_pixel"):
            number = getattr(self, name)
            if number is not None and not 0 < number < float("inf"):
                raise InvalidMetadata(f"{name} is no length", expected="a positive number", found=str(number))
        if self.quarter_turns not in range(4):
            raise InvalidMetadata(
                "quarter_turns is out of range", expected="0, 1, 2 or 3", found=str(self.quarter_turns)
            )


@value
class SetupCorrection:
    """What a person says otherwise of what took some photographs; of each photograph the newest holds.

    ``fields`` are the ids of the photographs, ``capture_id`` the set-up that is said to have taken them. What was
    recorded first stays, and quarter turns are those of the recorded set-up: boxes rest on them.
    """

    id: str
    fields: tuple[str, ...]
    capture_id: str
    made_at: datetime
    run_id: str


@value
class Exif:
    """What the camera wrote of itself, read before EXIF is stripped: the paper's Table 5.

    No serial number, no position, no owner, no time of day.
    """

    make: str | None = None
    model: str | None = None
    orientation: int | None = None
    f_number: float | None = None
    focal_length_mm: float | None = None
    iso: int | None = None
    exposure_seconds: float | None = None


@value
class Quality:
    """Measured on the whole field; see ``imaging.quality``."""

    focus: float
    brightness: float
    clipped_dark: float
    clipped_bright: float
    cast_red: float
    cast_blue: float


@value
class FieldOfView:
    """One photograph through the ocular, inside the counting area.

    ``received`` is the digest of the bytes as they came (it refuses exact repeats), ``digest`` of the bytes kept after
    the privacy strip, ``pixels`` of the decoded stored grid. ``width_px`` and ``height_px`` are those of the pixel
    frame, that is after ``quarter_turns``. ``origin`` is the name of the received file and is restricted: it never
    leaves the workspace. ``crop_only``: a crop that came without its photograph, left out of field statistics.

    Of a field that an imported set describes without bringing its photograph, only the boxes are known: then
    ``received``, ``digest``, ``pixels``, ``media_type`` and ``quality`` are ``None``, and so are width and height where
    the set does not say them.
    """

    id: str
    smear_id: str
    capture_id: str
    received: Digest | None
    digest: Digest | None
    pixels: Digest | None
    media_type: str | None
    quarter_turns: int
    width_px: int | None
    height_px: int | None
    red_cell_diameter_px: float | None
    quality: Quality | None
    exif: Exif
    icc_profile: str | None
    stripped: tuple[str, ...]
    origin: str | None
    crop_only: bool
    ingested_at: datetime
    run_id: str
