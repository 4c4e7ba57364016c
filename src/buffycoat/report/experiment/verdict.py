"""What all the numbers come to, in a sentence or two."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import spearmanr

from buffycoat.report.experiment.estimates import Estimate, Overall
from buffycoat.report.experiment.falls import Fall
from buffycoat.report.experiment.rows import CONSTANT

__all__ = ["interval_words", "percent_words", "points_words", "verdict"]

_FEWEST_RANKED = 3


def percent_words(number: float | None, /) -> str:
    """Return a share in percent, ``–`` where it is undefined.

    Examples
    --------
    >>> percent_words(0.6479), percent_words(None)
    ('64.8 %', '–')
    """
    return "–" if number is None else f"{100 * number:.1f} %"


def interval_words(found: Estimate, /) -> str:
    """Return an interval in percent without the sign, empty where there is none.

    Examples
    --------
    >>> interval_words(Estimate(value=0.5, interval=(0.4, 0.612)))
    '40.0 to 61.2'
    """
    if found.interval is None:
        return ""
    return f"{100 * found.interval[0]:.1f} to {100 * found.interval[1]:.1f}".replace("-", "−")


def points_words(number: float, /) -> str:
    """Return a difference of shares in points, with its sign.

    Examples
    --------
    >>> points_words(0.194), points_words(-0.02), points_words(-0.0001)
    ('+19.4', '−2.0', '0.0')
    """
    text = f"{100 * number:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", "−")


def verdict(
    found: Sequence[Fall], home: Sequence[Overall], away: Sequence[Overall], constant: float | None, /, *, where: str
) -> tuple[str, ...]:
    """Return the verdict: who does best away and what it loses there, who loses least and most, whether ranks hold.

    Parameters
    ----------
    found : sequence of Fall
        Of all models that answered both sets.
    home, away : sequence of Overall
        Scores on each set; the second may be empty where there is no second set.
    constant : float or None
        Accuracy away of always answering the class that is commonest in training.
    where : str
        What the set away is called.
    """
    judged = [each for each in found if each.kind != CONSTANT and each.fall.value is not None]
    if not judged:
        return (_at_home(home), _no_comparison(away, where))
    best = max(judged, key=lambda each: each.away.value or 0.0)
    score = f"balanced accuracy {_with(best.away)} over the classes that both sets have"
    lines = [f"Best on {where}: {best.label}, {score}; {_change(best)}."]
    if len(judged) > 1:
        ordered = sorted(judged, key=lambda each: each.fall.value or 0.0)
        lines.append(
            f"Of {len(judged)} models {ordered[0].label} loses least ({_points(ordered[0].fall)}) and "
            f"{ordered[-1].label} most ({_points(ordered[-1].fall)})."
        )
    if len(judged) >= _FEWEST_RANKED:
        lines.append(_ranks(judged))
    if constant is not None:
        above = [
            each.label for each in judged if each.accuracy_away.interval and each.accuracy_away.interval[0] > constant
        ]
        models = f"{len(judged)} models" if len(judged) > 1 else "1 model"
        number = f"{len(above) or 'none'} of {models} {'lies' if len(above) == 1 else 'lie'}"
        lines.append(
            f"In accuracy, always answering the class that is commonest in training scores {percent_words(constant)} "
            f"on {where}; {number} above it with the whole interval."
        )
    return tuple(lines)


def _minus(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")


def _at_home(home: Sequence[Overall]) -> str:
    judged = [each for each in home if each.kind != CONSTANT and each.balanced.value is not None]
    if not judged:
        return "No model has answered a test set."
    best = max(judged, key=lambda each: each.balanced.value or 0.0)
    return f"Best on test-A: {best.label}, balanced accuracy {_with(best.balanced)}."


def _no_comparison(away: Sequence[Overall], where: str) -> str:
    if not away:
        return "There is no test set of another laboratory: how the models do in the next one is not known."
    return f"Nothing can be said of a loss: test-A and {where} have no class in common, or a model answered one only."


def _change(fall: Fall) -> str:
    number = fall.fall.value or 0.0
    word = "loses" if number >= 0 else "gains"
    return f"it {word} {abs(100 * number):.1f} points from test-A{_range(fall.fall, sign=1 if number >= 0 else -1)}"


def _points(found: Estimate) -> str:
    interval = interval_words(found)
    return f"{100 * (found.value or 0.0):.1f} points".replace("-", "−") + (f", {interval}" if interval else "")


def _range(found: Estimate, *, sign: int) -> str:
    if found.interval is None:
        return ""
    low, high = sorted(100 * sign * bound for bound in found.interval)
    return f" (95 % interval {low:.1f} to {high:.1f})".replace("-", "−")


def _with(found: Estimate) -> str:
    interval = interval_words(found)
    return percent_words(found.value) + (f" (95 % interval {interval})" if interval else "")


def _ranks(judged: Sequence[Fall]) -> str:
    home = [each.home.value or 0.0 for each in judged]
    away = [each.away.value or 0.0 for each in judged]
    if len(set(home)) < 2 or len(set(away)) < 2:
        return "Nothing can be said of the order of models: all score alike on a set."
    rank = float(spearmanr(home, away).statistic)
    first = max(judged, key=lambda each: each.home.value or 0.0).label
    last = max(judged, key=lambda each: each.away.value or 0.0).label
    kept = f"{first} is first on both sets" if first == last else f"first at home is {first}, away {last}"
    return f"The order of models at home and away has a rank correlation of {_minus(rank)}: {kept}."
