"""Photographs that a device sends while somebody sits at the microscope: set-ups, what arrived, how far a smear is."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Final

from buffycoat.domain.smear import ScaleSource, Stain
from buffycoat.domain.value import Digest, value
from buffycoat.errors import InputError, InvalidMetadata

__all__ = [
    "MOST_LETTERS",
    "Arrival",
    "CaptureProgress",
    "CapturedField",
    "CountingArea",
    "CountingCount",
    "CountingGiven",
    "MicrometerScale",
    "Preset",
    "PresetWish",
    "SmearTally",
    "SmearWish",
    "UploadState",
    "UploadStatus",
    "UploadWish",
    "checked_code",
]

MOST_LETTERS: Final = 60
"""Of the name of a set-up, and of each of its words."""
_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_./+:#-]{0,39}")
_CLIENT: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class CountingArea(StrEnum):
    """Whether a photograph shows the area of a smear in which cells are counted: one layer of red cells, side by side.

    ``UNSAID``: nobody was asked, or whoever was asked did not know.
    """

    YES = "yes"
    NO = "no"
    UNSAID = "unsaid"


class UploadState(StrEnum):
    """How far a photograph is on its way.

    ``RECEIVING``: a part is there. ``RECEIVED``: all bytes are, and it was not taken in yet. ``ARRIVED``: it is a field
    of the workspace, its digest compared. ``REPEAT``: these very bytes were there before, sent otherwise.
    """

    RECEIVING = "receiving"
    RECEIVED = "received"
    ARRIVED = "arrived"
    REPEAT = "repeat"


@value
class PresetWish:
    """A set-up as a person describes it, to choose it by name later.

    ``camera`` is ``None`` where each photograph's EXIF says it; ``adapter`` is what holds the phone to the ocular.
    """

    name: str
    microscope: str = "unknown"
    objective_magnification: float | None = None
    camera: str | None = None
    adapter: str = ""
    micrometres_per_pixel: float | None = None
    scale_source: ScaleSource = ScaleSource.TYPED
    quarter_turns: int = 0


@value
class Preset:
    """A set-up with a name: what ``Capture`` needs of it, and the adapter; never changed, as photographs name it."""

    id: str
    name: str
    microscope: str
    objective_magnification: float | None
    camera: str | None
    adapter: str
    micrometres_per_pixel: float | None
    scale_source: ScaleSource
    quarter_turns: int
    expert_id: str | None
    made_at: datetime

    def __post_init__(self) -> None:
        """Refuse a set-up without a name, and words that are too long for a list."""
        for part, word in (("name", self.name), ("microscope", self.microscope), ("camera", self.camera or "-")):
            if not word.strip() or len(word) > MOST_LETTERS:
                raise InvalidMetadata(
                    f"{part} of the set-up is no word", expected=f"1 to {MOST_LETTERS} letters", found=repr(word[:80])
                )
        if len(self.adapter) > MOST_LETTERS:
            raise InvalidMetadata(
                "adapter of the set-up is too long", expected=f"{MOST_LETTERS} letters", found=str(len(self.adapter))
            )


@value
class Arrival:
    """A photograph that came from a device, or what was said of it later; of several on one field the newest holds.

    The id is derived from who sent it and from the device's own id of it, so that the same photograph sent again is
    known. ``taken_on`` is a day, as ``2026-01-02``: no time of day is kept. ``white_cells`` is what the color filter
    saw when it came, to show while capturing; it is no detection, and no cell is made of it. ``size_bytes``
    is its length as it came. ``sent`` tells a photograph from what was said later.
    """

    id: str
    field_id: str
    expert_id: str | None
    preset_id: str | None
    in_counting_area: CountingArea
    taken_on: str | None
    white_cells: int | None
    size_bytes: int | None
    sent: bool
    arrived_at: datetime


@value
class SmearWish:
    """A smear to begin with: its code, and what is known of the glass. There is no place for a name."""

    code: str
    site: str = "unknown"
    stain: Stain = Stain.UNKNOWN


@value
class SmearTally:
    """A smear in a list to choose from: so many photographs, and white cells seen on those that devices sent."""

    id: str
    code: str
    site: str
    stain: Stain
    photographs: int
    white_cells: int
    simulated: bool
    qr: str


@value
class CapturedField:
    """One photograph of a smear, as whoever captures sees it in the strip."""

    field_id: str
    state: UploadState
    white_cells: int | None
    in_counting_area: CountingArea
    focus: float | None
    arrived_at: datetime
    by_me: bool


@value
class CountingCount:
    """Photographs of a smear by whether they show the counting area."""

    yes: int
    no: int
    unsaid: int


@value
class CaptureProgress:
    """How far a smear is: white cells so far, and its photographs, the newest first, five hundred at most."""

    smear: SmearTally
    white_cells: int
    counting_area: CountingCount
    photographs: tuple[CapturedField, ...]


@value
class CountingGiven:
    """What somebody says of one field later: whether it shows the counting area."""

    in_counting_area: CountingArea


@value
class MicrometerScale:
    """The scale that a photograph of a stage micrometer shows.

    ``spread`` is the standard deviation of the scale over ``strips`` of the picture, relative to the scale: above 0.02
    the lines are not straight in the picture, or not all of one spacing.
    """

    micrometres_per_pixel: float
    spread: float | None
    strips: int
    division_um: float


@value
class UploadStatus:
    """An upload as its device sees it; ``id`` is a secret between the two, and stands in no list."""

    id: str
    state: UploadState
    offset: int
    length: int
    smear_id: str
    field_id: str | None
    white_cells: int | None
    expires_at: datetime | None


@value
class UploadWish:
    """What a device says of a photograph before it sends it.

    ``sha256`` is that of the bytes to come, after the device has taken the position out of them.
    """

    client: str
    smear: str
    sha256: Digest
    length: int
    preset: str | None = None
    counting: CountingArea = CountingArea.UNSAID
    taken: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no id, digest, day or length."""
        for name, word, form, meant in (
            ("client", self.client, _CLIENT, "8 to 64 letters, digits and hyphens"),
            ("sha256", self.sha256, _DIGEST, "64 hexadecimal digits"),
            ("taken", self.taken or "2000-01-01", _DAY, "a day as 2026-01-31"),
        ):
            if form.fullmatch(word) is None:
                raise InputError(f"{name} of the upload is wrong", expected=meant, found=repr(word[:80]))
        if self.length < 1:
            raise InputError("the upload is empty", expected="a length of one byte or more", found=str(self.length))


def checked_code(code: str) -> str:
    """Return a code of a smear as it is written on the slide.

    Raises
    ------
    InvalidMetadata
        It holds blanks or letters that no code has, as names do.

    Examples
    --------
    >>> checked_code(" S-26-0017 ")
    'S-26-0017'
    """
    found = code.strip()
    if _CODE.fullmatch(found) is None:
        raise InvalidMetadata(
            "this is no code of a slide",
            expected="1 to 40 letters, digits and -_./+:#, without blanks",
            found=repr(code[:80]),
            hint="write what stands on the slide; never a person's name",
        )
    return found
