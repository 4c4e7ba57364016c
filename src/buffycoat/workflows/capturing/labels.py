"""Codes for slides, in a row or as they are given, and the sheet to print them on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from buffycoat.domain.capturing import checked_code
from buffycoat.errors import InputError
from buffycoat.report.slide_labels import SHEETS, SlideLabel, qr_picture, render_labels
from buffycoat.workflows.capturing.marks import text_of

__all__ = ["MOST_LABELS", "label_mark", "label_sheet", "range_of"]

MOST_LABELS: Final = 480
_DIGITS: Final = 4


def range_of(prefix: str, *, first: int, count: int) -> tuple[str, ...]:
    """Return codes that follow each other.

    Raises
    ------
    InputError
        None, more than fit, or a number below nothing.

    Examples
    --------
    >>> range_of("S-26-", first=9, count=2)
    ('S-26-0009', 'S-26-0010')
    """
    if not (1 <= count <= MOST_LABELS and first >= 0):
        raise InputError(
            "these codes cannot be counted",
            expected=f"1 to {MOST_LABELS} from 0 on",
            found=f"{count} from {first}",
        )
    return tuple(f"{prefix}{number:0{_DIGITS}}" for number in range(first, first + count))


def label_sheet(codes: Sequence[str], *, sheet: str = "24", site: str = "unknown") -> bytes:
    """Return a page of labels that prints on A4, each code once.

    Raises
    ------
    InputError
        No codes, too many, or no such sheet.
    InvalidMetadata
        One of them is no code.
    """
    wanted = tuple(dict.fromkeys(checked_code(code) for code in codes))
    if not 1 <= len(wanted) <= MOST_LABELS:
        raise InputError("so many labels fit nowhere", expected=f"1 to {MOST_LABELS} codes", found=str(len(wanted)))
    if sheet not in SHEETS:
        raise InputError("no such sheet", expected=", ".join(SHEETS), found=repr(sheet[:20]))
    site = " ".join(site.split()) or "unknown"
    shown = "" if site == "unknown" else site
    return render_labels([SlideLabel(text=text_of(code, site), code=code, site=shown) for code in wanted], sheet=sheet)


def label_mark(code: str, *, site: str = "unknown") -> str:
    """Return the QR symbol of one code as SVG.

    Raises
    ------
    InvalidMetadata
        It is no code.
    """
    return qr_picture(text_of(code, site))
