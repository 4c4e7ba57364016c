"""Labels for slides: a sheet for the printer, each with a code that a camera reads and people read too."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import segno
from markupsafe import Markup

from buffycoat.domain.value import value
from buffycoat.report.page import render

__all__ = ["SHEETS", "SlideLabel", "qr_picture", "render_labels"]


@value
class SlideLabel:
    """What one label says: the text of its symbol, and the words under it."""

    text: str
    code: str
    site: str = ""


@value
class _Sheet:
    """How labels lie on A4, in millimeters."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float
    symbol: float
    words: str


SHEETS: Final = {
    "24": _Sheet(columns=3, rows=8, width=70, height=37, left=0, top=0.5, gap=0, symbol=26, words="beside"),
    "48": _Sheet(columns=4, rows=12, width=45.7, height=21.2, left=9.75, top=21.3, gap=2.54, symbol=17, words="beside"),
    "slide": _Sheet(columns=8, rows=11, width=22, height=22, left=10, top=15, gap=2, symbol=16.5, words="under"),
}
"""By name: 24 and 48 on a sheet as they are sold, and squares of 22 mm to cut for the end of a slide."""


def qr_picture(text: str) -> str:
    """Return a QR symbol as SVG, with the quiet border that readers need; error correction level M.

    Examples
    --------
    >>> qr_picture("buffycoat:smear/S-1").startswith("<svg")
    True
    """
    out = io.BytesIO()
    made = segno.make_qr(text, error="m", boost_error=False)
    made.save(out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, omitsize=True, dark="#000", light="#fff")
    return out.getvalue().decode()


def render_labels(labels: Sequence[SlideLabel], *, sheet: str) -> bytes:
    """Return one HTML page that prints on A4 without margins of its own.

    Parameters
    ----------
    labels : sequence of SlideLabel
        In the order in which they are printed, row by row.
    sheet : str
        One of ``SHEETS``.
    """
    form = SHEETS[sheet]
    drawn = [(each, Markup(qr_picture(each.text))) for each in labels]  # noqa: S704 (drawn here, from modules alone)
    most = form.columns * form.rows
    return render(
        "slide_labels.html.j2",
        {
            "form": form,
            "pages": [drawn[start : start + most] for start in range(0, len(drawn), most)],
            "count": len(drawn),
        },
    )
