"""A differential count as lines for a terminal, and as one HTML page that prints on A4."""

from __future__ import annotations

import math
from collections.abc import Iterator

from buffycoat.report.differential_values import (
    PLANNED,
    Differential,
    DifferentialRow,
    Figure,
    Flag,
    LeukocyteCount,
    Limits,
    PlannedInterval,
    Reason,
    ReferenceFacts,
    Source,
)
from buffycoat.report.page import render

__all__ = ["differential_lines", "render_differential", "shown_rows"]

REASONS = {
    Reason.REPEAT: "another picture of a cell that is kept",
    Reason.UNTOLD: "no label that may be told: not read yet, or held by an open round",
    Reason.DISPUTED: "experts contradict each other, and nobody has adjudicated",
    Reason.NUCLEATED_RED_CELL: "nucleated red cells: told for 100 leukocytes",
    Reason.SMUDGE: "smudge cells: told for 100 leukocytes",
    Reason.OTHER_CELL: "other cells",
    Reason.ARTIFACT: "artifacts",
    Reason.NOT_RECOGNIZED: "not recognized",
    Reason.DEFECT: "poor image, or not centered",
    Reason.TYPE_UNTOLD: "not even said whether it is a leukocyte",
    Reason.OTHER_TAXONOMY: "read by words of another taxonomy",
}
SOURCES = {
    Source.AGREED: "experts agree",
    Source.ADJUDICATED: "adjudicated",
    Source.SINGLE: "one expert alone",
    Source.PARENT: "experts differ on the form, and agree on the row above it",
    Source.FOLDER: "folder of an imported set",
}
_HAIR = 1e-9
"""So that what floating point adds to a whole percent does not make it the next."""
METHOD = (
    "Percent of the leukocytes counted. Intervals are exact 95 % intervals of a share (Clopper and Pearson 1934), as "
    "in Rümke's table of 1960; under 100, 200 and 500 stands what the same share would be worth in a count of so many "
    "leukocytes, in whole percents, outward. They tell what chance does to a count, not what smearing, staining and "
    "reading do."
)


def shown_rows(found: Differential) -> list[DifferentialRow]:
    """Return the rows that are shown: those with cells, and the usual ones."""
    return [row for row in found.rows if row.count or row.usual]


def differential_lines(found: Differential) -> list[str]:
    """Return a differential count as lines for a terminal."""
    heads = ["", "cells", "%", "95 %", *map(str, PLANNED)]
    if found.wbc:
        heads += ["10⁹/L", "95 %"]
    if found.reference:
        heads.append("reference")
    table = [heads]
    for row in shown_rows(found):
        table.append(_cells(found, row))
        if row.unsure and row.unsure < row.count:
            table.append([f"{'  ' * (row.depth + 1)}{_unsure(row)}", str(row.unsure)])
    width = [max(len(line[at]) for line in table if at < len(line)) for at in range(len(heads))]
    smear = (
        f"smear {found.smear}: {found.leukocytes} leukocytes of {found.found} elements, in words of {found.taxonomy}"
    )
    return [
        f"{smear}{' (simulated)' if found.simulated else ''}",
        found.notice,
        "",
        *("  ".join(_aligned(line, width)).rstrip() for line in table),
        "",
        *_beside(found),
    ]


def _aligned(line: list[str], width: list[int]) -> list[str]:
    return [f"{cell:{'<' if at == 0 else '>'}{width[at]}}" for at, cell in enumerate(line)]


def _cells(found: Differential, row: DifferentialRow) -> list[str]:
    cells = [f"{'  ' * row.depth}{row.name}", str(row.count)]
    cells += ["–", "–"] if row.percent is None else [f"{row.percent.value:.1f}", _interval(row.percent, 1)]
    cells += [_whole(each) for each in row.planned] or ["–"] * len(PLANNED)
    if found.wbc:
        cells += ["–", "–"] if row.absolute is None else [f"{row.absolute.value:.2f}", _interval(row.absolute, 2)]
    if found.reference:
        said = [_beside_limits(figure, unit) for figure, unit in ((row.percent, " %"), (row.absolute, " 10⁹/L"))]
        cells.append("; ".join(filter(None, said)))
    return cells


def _beside(found: Differential) -> Iterator[str]:
    for name, each in (("nucleated red cells", found.nucleated_red_cells), ("smudge cells", found.smudge_cells)):
        if each.figure is not None:
            limits = _beside_limits(each.figure, "")
            counted = f"{each.count} cells, 95 % {_interval(each.figure, 1)}{f', {limits}' if limits else ''}"
            yield f"{name}: {each.figure.value:.1f} for 100 leukocytes ({counted})"
    if found.wbc:
        yield wbc_words(found.wbc)
    used = ", ".join(f"{SOURCES[each.source]} {each.cells}" for each in found.used)
    yield f"labels: {used or 'none'}; rounds: {', '.join(found.rounds) or 'none'}"
    if found.page_confirmed:
        yield f"of these {found.page_confirmed} were confirmed by the page, the weaker kind of label"
    if found.not_counted:
        yield f"not counted: {sum(each.cells for each in found.not_counted)}"
        yield from (f"  {each.cells}  {REASONS[each.reason]}" for each in found.not_counted)
    if found.reference:
        yield from reference_words(found.reference)
    if found.compared:
        two = found.compared
        yield f"side by side in round {two.round}: {', '.join(two.experts)}"
        for row in two.rows:
            shares = ", ".join(f"{share.percent:.1f} %" for share in row.shares)
            apart = "" if row.within else "  outside the limits of each other"
            yield f"  {'  ' * row.depth}{row.name}: {shares}{apart}"


def wbc_words(count: LeukocyteCount) -> str:
    """Return what became of an entered count of leukocytes, in a sentence."""
    text = f"Leukocytes entered: {count.entered:g} × 10⁹/L"
    if count.corrected is not None:
        text += f"; corrected for nucleated red cells, and used: {count.corrected:.2f} × 10⁹/L"
    elif count.red_cells_left_out:
        text += "; its counter had left nucleated red cells out"
    else:
        text += f"; not corrected, as there are no more than {count.above:g} nucleated red cells for 100"
    if count.reference is not None:
        text += f"; reference {_limits(count.reference)}: {count.flag}"
    return text


def reference_words(facts: ReferenceFacts) -> list[str]:
    """Return whose reference intervals were used, in lines."""
    lines = [f"Reference intervals: {facts.laboratory}{f', for {facts.population}' if facts.population else ''}"]
    if facts.source:
        lines.append(f"  from: {facts.source}")
    if facts.example:
        lines.append("  EXAMPLE: these show the format, and are of no laboratory; low and high say nothing")
    if facts.unused:
        lines.append(f"  not used, as this count has no such row: {', '.join(facts.unused)}")
    return lines


def _interval(figure: Figure, digits: int) -> str:
    return _range(figure.low, figure.high, digits)


def _range(low: float, high: float, digits: int) -> str:
    return f"{low:.{digits}f}–{high:.{digits}f}"


def _whole(planned: PlannedInterval) -> str:
    """Return an interval in whole percents, outward, as Rümke's table has it."""
    return f"{math.floor(planned.low + _HAIR)}–{math.ceil(planned.high - _HAIR)}"


def _limits(limits: Limits) -> str:
    if limits.low is None:
        return "any" if limits.high is None else f"≤ {limits.high:g}"
    return f"≥ {limits.low:g}" if limits.high is None else f"{limits.low:g}–{limits.high:g}"


def _beside_limits(figure: Figure | None, unit: str) -> str:
    if figure is None or figure.reference is None:
        return ""
    return f"{_limits(figure.reference)}{unit}{_word(figure, before=': ')}"


def _word(figure: Figure | None, before: str = "") -> str:
    """Return the flag in words: what chance alone could do is not said as if it were certain."""
    if figure is None or figure.flag in (None, Flag.WITHIN):
        return ""
    return f"{before}{figure.flag}" + ("" if figure.sure else ", may be chance")


def _unsure(row: DifferentialRow) -> str:
    return f"{row.name}, kind unsure"


def render_differential(found: Differential, /) -> bytes:
    """Return a differential count as an HTML page that carries all it needs.

    Parameters
    ----------
    found : Differential
        With or without an entered count, reference intervals and experts side by side.
    """
    return render(
        "differential.html.j2",
        {
            "found": found,
            "rows": shown_rows(found),
            "hidden": len(found.rows) - len(shown_rows(found)),
            "planned": PLANNED,
            "reasons": REASONS,
            "sources": SOURCES,
            "method": METHOD,
            "interval": _interval,
            "range": _range,
            "whole": _whole,
            "limits": _limits,
            "word": _word,
            "unsure": _unsure,
            "wbc_words": wbc_words,
            "reference_words": reference_words,
        },
    )
