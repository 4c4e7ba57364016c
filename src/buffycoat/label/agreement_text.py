"""A report of agreement as lines for a terminal."""

from __future__ import annotations

import unicodedata

from buffycoat.domain.taxonomy import FULL
from buffycoat.label.agreement import AgreementReport, AgreementStatistics, Estimate

__all__ = ["agreement_lines"]

_PAIRS = 6
_NARROWEST = 5


def agreement_lines(report: AgreementReport, /) -> list[str]:
    r"""Return a report as lines of plain text: the matrix, what was counted, the statistics, the most confused pairs.

    Rows and columns that nobody used are left out, and counted in a line of their own.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> from buffycoat.label.agreement import agreement_report
    >>> first, second = ["monocyte", "smudge", None], ["monocyte", "not-recognized", None]
    >>> lines = agreement_lines(agreement_report(["s1", "s1", "s2"], first, second, taxonomy=RAABIN))
    >>> print("\n".join(lines[2:8]))
                         smudg   not    no
                   monoc  cell recog label
    monocyte           1     0     0     0
    smudge cell        0     0     1     0
    not recognized     0     0     0     0
    no label           0     0     0     1
    """
    first, second = report.experts
    at = "terms as they are" if report.level == FULL else f"level {report.level}"
    lines = [f"agreement of {first} (rows) and {second} (columns), {report.taxonomy}, {at}"]
    if report.simulated:
        lines.append("SIMULATED: these are no answers of people")
    lines += ["", *_matrix_lines(report), ""]
    merged = "" if report.level == FULL else f", merged {report.merge} comparing"
    share = "" if report.raw.value is None else f" ({100 * report.raw.value:.3f} %{merged})"
    lines += [
        f"cells: {report.cells}",
        f"unlabeled: {report.never_labeled}",
        f"one label: {report.one_label}",
        f"both: {report.both_labeled}",
        f"equal: {report.equal}{share}",
        f"not recognized by both: {report.not_recognized_by_both}",
    ]
    if report.level != FULL:
        lines.append(f"different terms of one class: {report.differ_within}")
    lines += ["", f"by smear: {report.smears} smears with cells that both labeled", *_statistic_lines(report)]
    if report.classes is not None:
        lines += [
            "",
            f"both in a class of the level: {report.classes.cells}, equal: {report.classes.equal}",
            *_statistic_lines(report.classes),
        ]
    return [*lines, *_class_lines(report), *_pair_lines(report)]


def _matrix_lines(report: AgreementReport) -> list[str]:
    none = len(report.rows) - 1
    used = [
        at
        for at, row in enumerate(report.matrix)
        if any(row) or any(other[at] for other in report.matrix) or at == none
    ]
    wide = max(_NARROWEST, *(len(str(report.matrix[one][other])) for one in used for other in used))
    heads = [_head(report.rows[at].name, wide) for at in used]
    names = [f"{report.rows[at].name}{' *' if report.rows[at].outside else ''}" for at in used]
    left = max(_width(name) for name in names)
    lines = [
        (" " * left + "".join(" " + _right(head[line], wide) for head in heads)).rstrip()
        for line in range(2)
        if any(head[line] for head in heads)
    ]
    for at, name in zip(used, names, strict=True):
        lines.append(_left(name, left) + "".join(f" {report.matrix[at][other]:{wide}d}" for other in used))
    if any(report.rows[at].outside for at in used):
        lines.append("* outside the classes of the level")
    if unused := len(report.rows) - len(used):
        lines.append(f"not shown: {unused} that nobody used")
    return lines


def _statistic_lines(found: AgreementReport | AgreementStatistics) -> list[str]:
    return [
        f"raw agreement {_estimate(found.raw)}",
        f"Cohen's kappa {_estimate(found.kappa)}",
        f"Gwet's AC1    {_estimate(found.ac1)}, {found.offered} terms offered",
    ]


def _estimate(estimate: Estimate) -> str:
    if estimate.value is None:
        return "undefined"
    if estimate.interval is None:
        return f"{estimate.value:.5f} (no interval from fewer than 2 smears)"
    low, high = estimate.interval
    return f"{estimate.value:.5f} (95 % interval by smear {low:.5f} to {high:.5f})"


def _class_lines(report: AgreementReport) -> list[str]:
    names = {row.key: row.name for row in report.rows}
    given = [found for found in report.per_class if found.first or found.second]
    if not given:
        return []
    left = max(_width(names[found.key]) for found in given)
    numbers = (
        (_left(names[found.key], left), found.first, found.second, found.both, found.agreement, found.kappa)
        for found in given
    )
    return [
        "",
        f"{'':{left}} {'first':>7} {'second':>7} {'both':>7} {'specific':>9} {'kappa':>7}",
        *(
            f"{name} {first:7d} {second:7d} {both:7d} {_number(share):>9} {_number(kappa):>7}"
            for name, first, second, both, share, kappa in numbers
        ),
    ]


def _pair_lines(report: AgreementReport) -> list[str]:
    names = {row.key: row.name for row in report.rows}
    shown = report.confused[:_PAIRS]
    lines = ["", "most confused:"] if shown else []
    for found in shown:
        one, other = (names[key] for key in found.pair)
        lines.append(f"  {one} / {other}: {found.cells} ({100 * found.share:.2f} % of the cells of either)")
    if more := len(report.confused) - len(shown):
        lines.append(f"  and {more} more pairs")
    return lines


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:.4f}"


def _head(name: str, wide: int) -> tuple[str, str]:
    """Return the first two words of a name, each cut, one above the other; a single word stands below."""
    words = name.split()[:2]
    upper, lower = (words[0], words[1]) if len(words) == 2 else ("", words[0] if words else "")
    return _cut(upper, wide), _cut(lower, wide)


def _columns(character: str) -> int:
    """Return how many columns of a terminal a character takes: none, one or two."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _width(text: str) -> int:
    return sum(map(_columns, text))


def _cut(text: str, wide: int) -> str:
    taken = 0
    for place, character in enumerate(text):
        taken += _columns(character)
        if taken > wide:
            return text[:place]
    return text


def _left(text: str, wide: int) -> str:
    return text + " " * (wide - _width(text))


def _right(text: str, wide: int) -> str:
    return " " * (wide - _width(text)) + text
