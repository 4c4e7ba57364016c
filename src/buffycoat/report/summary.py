"""What became of the photographs: the funnel by smear, with pictures of what was found, kept and removed."""

from __future__ import annotations

from collections.abc import Sequence

from buffycoat.domain.value import value
from buffycoat.domain.view import Funnel
from buffycoat.report.page import data_address, render

__all__ = ["CameraRow", "Refusal", "Sheet", "SmearPage", "render_summary"]


@value
class Sheet:
    """A contact sheet as JPEG, with how many pictures are on it of how many there are."""

    title: str
    shown: int
    total: int
    jpeg: bytes

    @property
    def address(self) -> str:
        """The picture as a data address."""
        return data_address(self.jpeg, "image/jpeg")


@value
class SmearPage:
    """One smear of the summary."""

    funnel: Funnel
    setups: tuple[str, ...]
    scale: str
    sheets: tuple[Sheet, ...]


@value
class CameraRow:
    """Photographs that one camera took in one way: the paper's Table 5."""

    camera: str
    model: str
    frame: str
    aperture: str
    focal_length: str
    iso: str
    photographs: int


@value
class Refusal:
    """A file or subject that was refused, with the code of the error."""

    room: str
    subject: str
    code: str
    message: str


def render_summary(
    *,
    title: str,
    pages: Sequence[SmearPage],
    refusals: Sequence[Refusal],
    repeats: Sequence[Refusal],
    passed_over: Sequence[tuple[str, str]],
    cameras: Sequence[CameraRow],
    notes: Sequence[str],
) -> bytes:
    """Return the summary of a run as one HTML page.

    Parameters
    ----------
    title : str
        Name of the workspace.
    pages : sequence of SmearPage
        A smear each.
    refusals, repeats, passed_over
        What was refused, what was there already, and what is no photograph.
    cameras : sequence of CameraRow
        What the cameras said of themselves.
    notes : sequence of str
        What a person should know, such as orientation tags that were not applied.
    """
    return render(
        "summary.html.j2",
        {
            "title": title,
            "pages": pages,
            "refusals": refusals,
            "repeats": repeats,
            "passed_over": passed_over,
            "cameras": cameras,
            "notes": notes,
            "simulated": any(page.funnel.smear.simulated for page in pages),
            "totals": {
                name: sum(getattr(page.funnel, name) for page in pages)
                for name in ("photographs", "crop_only", "elements", "repeats", "covered", "kept")
            },
        },
    )
