"""Scores of learners as a table that spreadsheets read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from buffycoat.domain.teaching import LearnerScore, Share

__all__ = ["COLUMNS", "learners_csv"]

_FIGURES = ("balanced_accuracy", "accuracy", "kappa")
COLUMNS = (
    "person",
    "role",
    "simulated",
    "round",
    "mode",
    "panel",
    "taxonomy",
    "level",
    "opened_at",
    "items",
    "answered",
    "cells",
    "blank",
    "held",
    "smears",
    *(f"{figure}{end}" for figure in _FIGURES for end in ("", "_low", "_high")),
)
"""A row is one person in one round; ``_low`` and ``_high`` are the limits of the interval of 95 %."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def learners_csv(rows: Iterable[LearnerScore], /) -> str:
    """Return scores as CSV, a line a person and round; a figure that is undefined is empty.

    What a spreadsheet would take for a formula stands behind an apostrophe: names are chosen by people.

    Examples
    --------
    >>> learners_csv([]).startswith("person,role,simulated,round,mode,panel")
    True
    """
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for row in rows:
        score = row.score
        figures = [text for share in (score.balanced, score.accuracy, score.kappa) for text in _figure(share)]
        table.writerow(
            [
                _plain(row.person.handle),
                row.person.role.value,
                "yes" if row.person.simulated else "no",
                _plain(row.name),
                row.mode.value,
                _plain("; ".join(row.panel)),
                row.taxonomy,
                score.level,
                row.at.isoformat(),
                row.items,
                row.answered,
                score.cells,
                score.blank,
                row.held,
                score.smears,
                *figures,
            ]
        )
    return out.getvalue()


def _figure(share: Share) -> tuple[str, str, str]:
    value = "" if share.value is None else f"{share.value:.4f}"
    low, high = ("", "") if share.interval is None else (f"{limit:.4f}" for limit in share.interval)
    return value, low, high


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
