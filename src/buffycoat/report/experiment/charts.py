"""Charts as SVG that a page carries in itself; each has a title, and a table beside it says the same."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Final

from buffycoat.domain.experiment import CurvePoint
from buffycoat.metrics.calibration import Reliability
from buffycoat.metrics.operating_curves import OperatingCurves
from buffycoat.report.experiment.estimates import Estimate
from buffycoat.report.experiment.falls import Fall
from buffycoat.report.experiment.rows import CONSTANT, FEATURES
from buffycoat.report.experiment.verdict import points_words

__all__ = ["dumbbells", "epochs", "operating", "reliability_chart"]

_LEFT, _RIGHT, _ROW = 190, 120, 34
_WIDE: Final = 560
_LONG: Final = 22
_SIDE: Final = 150
_MARGIN: Final = (34, 10, 8, 30)
"""Of a small chart: left, right, top, bottom."""
_MOST_POINTS: Final = 80


def dumbbells(found: Sequence[Fall], /, *, home: str, away: str) -> str:
    """Return a row for each model: its score at home and away, joined by a line, with intervals.

    A filled circle is the score at home, a filled diamond the one away, an open diamond the one away where only its
    classes could be answered: shape tells them apart, not color alone.
    """
    high = _ROW * len(found) + 44
    parts = [_rules(high)]
    for row, each in enumerate(found):
        middle = 22 + _ROW * row + _ROW / 2
        kind = {FEATURES: "feature", CONSTANT: "constant"}.get(each.kind, "network")
        parts.append(f'<g class="{kind}">')
        parts += _label(each.label, middle)
        if each.home.value is not None and each.away.value is not None:
            ends = (_across(each.home.value), _across(each.away.value))
            parts.append(f'<line class="join" x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="{middle}" y2="{middle}"/>')
        parts += _whisker(each.home, middle - 5)
        parts += _whisker(each.away, middle + 5)
        if each.home.value is not None:
            parts.append(f'<circle class="mark" cx="{_across(each.home.value):.1f}" cy="{middle - 5}" r="5"/>')
        if each.restricted is not None and each.restricted.value is not None:
            parts.append(_diamond(_across(each.restricted.value), middle + 5, "mark open"))
        if each.away.value is not None:
            parts.append(_diamond(_across(each.away.value), middle + 5, "mark"))
        lost = "" if each.fall.value is None else points_words(-each.fall.value)
        parts.append(f'<text x="{_LEFT + _WIDE + 14}" y="{middle + 4:.1f}">{lost}</text></g>')
    words = f"Balanced accuracy of {len(found)} models on {home} and on {away}, with 95 % intervals"
    return _svg(_LEFT + _WIDE + _RIGHT, high, words, parts, name="dumbbells")


def epochs(points: Sequence[CurvePoint], /, *, of: str, what: str) -> str:
    """Return accuracy or loss of training (solid) and validation (dashed) by epoch, as in the paper's Figure 11."""
    train = [(point.epoch, getattr(point, f"train_{what}")) for point in points]
    valid = [(point.epoch, getattr(point, f"validation_{what}")) for point in points]
    known = [number for _, number in [*train, *valid] if number is not None]
    last = max((point.epoch for point in points), default=1)
    first = min((point.epoch for point in points), default=0)
    top = 1.0 if what == "accuracy" else max(known, default=1.0) or 1.0
    parts = [_frame(("0", f"{top:.3g}" if what == "loss" else "100 %"), (str(first), f"epoch {last}"))]
    for name, line in (("train", train), ("valid", valid)):
        places = [
            ((epoch - first) / max(1, last - first), min(1.0, number / top))
            for epoch, number in line
            if number is not None
        ]
        parts.append(_line(places, name))
    return _svg(*_size(), f"{what.capitalize()} of {of} by epoch, training and validation", parts, name="small")


def operating(by_class: Sequence[tuple[str, OperatingCurves]], numbers: Sequence[int], /, *, of: str, kind: str) -> str:
    """Return ROC (``roc``) or precision over recall (``precision``), a line for each class.

    ``numbers`` gives each class the number of its color and dashes.
    """
    axes = ("0", "1"), ("0", "1 false positives" if kind == "roc" else "1 recall")
    parts = [_frame(*axes)]
    if kind == "roc":
        parts.append(_line([(0.0, 0.0), (1.0, 1.0)], "even"))
    for (_, found), number in zip(by_class, numbers, strict=True):
        if kind == "roc":
            places = list(zip(found.false_positive_rate, found.recall, strict=True))
        else:
            places = list(zip(found.recall[1:], found.precision, strict=True))
        parts.append(_line(_thinned(places), f"class-{number % 8}"))
    words = "ROC" if kind == "roc" else "Precision over recall"
    return _svg(*_size(), f"{words} of {of}, a line for each class", parts, name="small")


def reliability_chart(found: Reliability, /, *, of: str) -> str:
    """Return how often answers were right over how sure they were, a dot for each bin of equal count."""
    places = [(each.confidence, each.right) for each in found.bins]
    parts = [_frame(("0", "1 right"), ("0", "1 sure")), _line([(0.0, 0.0), (1.0, 1.0)], "even"), _line(places, "train")]
    for across, up in places:
        x, y = _place(across, up)
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
    return _svg(*_size(), f"Reliability of {of}: share right over confidence", parts, name="small")


def _svg(width: float, height: float, words: str, parts: Sequence[str], *, name: str) -> str:
    return (
        f'<svg class="{name}" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{html.escape(words)}">'
        f"{''.join(parts)}</svg>"
    )


def _label(text: str, middle: float) -> Iterator[str]:
    """Write a name to the left of a row, in two lines where it is long."""
    lines = [text]
    if len(text) > _LONG:
        cut = text.rfind(" ", 0, max(_LONG - 4, len(text) // 2 + 4))
        lines = [text[:cut], text[cut + 1 :]] if cut > 0 else [text]
    for number, line in enumerate(lines):
        y = middle + 4 + 15 * (number - (len(lines) - 1) / 2)
        yield f'<text x="{_LEFT - 12}" y="{y:.1f}" text-anchor="end">{html.escape(line)}</text>'


def _rules(high: float) -> str:
    parts = []
    for percent in range(0, 101, 20):
        x = _across(percent / 100)
        parts.append(f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="22" y2="{high - 22:.1f}"/>')
        parts.append(f'<text class="axis" x="{x:.1f}" y="{high - 6:.1f}" text-anchor="middle">{percent} %</text>')
    parts.append(f'<text class="axis" x="{_LEFT + _WIDE + 14}" y="14">change, points</text>')
    return "".join(parts)


def _across(share: float) -> float:
    return _LEFT + _WIDE * share


def _whisker(found: Estimate, y: float) -> Iterator[str]:
    if found.interval is not None:
        low, high = (_across(bound) for bound in found.interval)
        yield f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'


def _diamond(x: float, y: float, kind: str) -> str:
    return f'<path class="{kind}" d="M{x:.1f} {y - 7}l7 7l-7 7l-7 -7z"/>'


def _size() -> tuple[float, float]:
    left, right, top, bottom = _MARGIN
    return left + _SIDE + right, top + _SIDE + bottom


def _place(across: float, up: float) -> tuple[float, float]:
    return _MARGIN[0] + _SIDE * across, _MARGIN[2] + _SIDE * (1 - up)


def _frame(upright: tuple[str, str], across: tuple[str, str]) -> str:
    left, top = _MARGIN[0], _MARGIN[2]
    bottom, right = top + _SIDE, left + _SIDE
    return (
        f'<rect class="frame" x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}"/>'
        f'<text class="axis" x="{left - 4}" y="{bottom}" text-anchor="end">{upright[0]}</text>'
        f'<text class="axis" x="{left + 4}" y="{top + 12}">{upright[1]}</text>'
        f'<text class="axis" x="{left}" y="{bottom + 15}">{across[0]}</text>'
        f'<text class="axis" x="{right}" y="{bottom + 15}" text-anchor="end">{across[1]}</text>'
    )


def _line(places: Sequence[tuple[float, float]], name: str) -> str:
    if not places:
        return ""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_place(*each) for each in places))
    return f'<polyline class="{name}" points="{points}"/>'


def _thinned(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return at most so many points as can be seen, the first and the last among them."""
    step = max(1, -(-len(places) // _MOST_POINTS))
    return places[::step] + (places[-1:] if (len(places) - 1) % step else [])
