"""How a classifier did, at home and on the other set-up."""

from __future__ import annotations

from collections.abc import Sequence

from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.report.page import render

__all__ = ["render_scorecards"]


def render_scorecards(release: Release, scorecards: Sequence[Scorecard], /, *, agreement: str) -> bytes:
    """Return the report of one release as an HTML page.

    Tables in the manner of the paper's Tables 7 to 9: cells by split and class, then precision, sensitivity, F1 and
    accuracy by class, with balanced accuracy, its interval and the constant baseline beside each accuracy.

    Parameters
    ----------
    release : Release
        What was learned from.
    scorecards : sequence of Scorecard
        One a split and recipe.
    agreement : str
        A sentence on how far the experts agreed.
    """
    home = {card.recipe: card for card in scorecards if card.split == "test-A"}
    away = {card.recipe: card for card in scorecards if card.split == "test-B"}
    return render(
        "scorecards.html.j2",
        {
            "release": release,
            "scorecards": scorecards,
            "verdicts": [_verdict(recipe, home.get(recipe), away.get(recipe)) for recipe in sorted({*home, *away})],
            "agreement": agreement,
            "taxonomy": RAABIN,
        },
    )


def _verdict(recipe: str, home: Scorecard | None, away: Scorecard | None) -> str:
    if home is None or away is None or home.balanced_accuracy is None or away.balanced_accuracy is None:
        return f"{recipe}: no comparison, because test-A or test-B has no cells."
    change = 100 * (away.balanced_accuracy - home.balanced_accuracy)
    word = "loses" if change < 0 else "gains"
    return (
        f"{recipe} {word} {abs(change):.1f} points of balanced accuracy from test-A to test-B "
        f"({_with_interval(home)} to {_with_interval(away)})."
    )


def _with_interval(card: Scorecard) -> str:
    text = f"{100 * (card.balanced_accuracy or 0):.1f} %"
    if card.interval is not None:
        text += f", 95 % interval {100 * card.interval[0]:.1f}–{100 * card.interval[1]:.1f}"
    return text
