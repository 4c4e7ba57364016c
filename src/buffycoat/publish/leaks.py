"""What must not be on two sides of a split, and is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from buffycoat.domain.release import SplitPlan
from buffycoat.errors import SplitLeak
from buffycoat.publish.connected import connected
from buffycoat.publish.crossings import near_in_time, overlapping, place_cells, repeated, shared
from buffycoat.publish.leak_values import FATAL, KINDS, Leak, LeakCell, LeakReport

__all__ = [
    "FATAL",
    "KINDS",
    "Leak",
    "LeakCell",
    "LeakReport",
    "leak_lines",
    "leak_report",
    "refuse_leaks",
    "shown_together",
]


def leak_report(
    plan: SplitPlan, cells: Iterable[LeakCell], /, *, repeats: Iterable[tuple[str, str]] | None
) -> LeakReport:
    """Look for whatever is on two sides of a split.

    People, films, fields, boxes that overlap, fields of one film taken within 60 s of one another, and cells that were
    photographed twice. No pair of cells is compared but within one photograph. Cells in no split are passed over.

    Parameters
    ----------
    plan : SplitPlan
        Who is where.
    cells : iterable of LeakCell
        All cells of the release.
    repeats : iterable of (str, str), optional
        Pairs of cell ids that show the same physical cell; of a and b, and b and c, it follows that a and c do. Some
        may not be among ``cells``. ``None`` where nobody looked, which the report then says.

    Examples
    --------
    >>> plan = SplitPlan(assignment={"c1": "train", "c2": "test-A"}, rule="by hand", seed=0, unit="cell")
    >>> here = {"smear_id": "s1", "subject": None, "box": None, "taken_at": None, "label": None, "setup": "A"}
    >>> cells = [LeakCell(cell_id=name, photograph=name, **here) for name in ("c1", "c2")]
    >>> leak_report(plan, cells, repeats=[("c1", "c2")]).counts()
    {'shared-films': 1, 'pairs-of-repeated-cells': 1}
    """
    placed = place_cells(plan, cells)
    leaks = [
        shared(placed, KINDS[0], "person", [cell.subject or None for cell in placed.cells]),
        shared(placed, KINDS[1], "film", [cell.smear_id for cell in placed.cells]),
        shared(placed, KINDS[2], "field", [cell.photograph for cell in placed.cells]),
        *overlapping(placed),
        near_in_time(placed),
        repeated(placed, repeats or ()),
    ]
    return LeakReport(leaks=tuple(leaks), unchecked=_unchecked(placed.cells, blind=repeats is None))


def shown_together(cells: Iterable[LeakCell], /, *, repeats: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of cells that the rule film-strict keeps on one side: see `splits.strict_film_split`.

    These are the repeats of each cell, and the cells of each photograph that is filed under more than one film. All
    else that leaks lies within one film, which that rule never parts.

    Examples
    --------
    >>> shown_together([], repeats=[("c1", "c2"), ("c3", "c2")])
    (('c1', 'c2', 'c3'),)
    """
    films: dict[str, set[str]] = defaultdict(set)
    members: dict[str, set[str]] = defaultdict(set)
    for cell in cells:
        if cell.photograph is not None:
            films[cell.photograph].add(cell.smear_id)
            members[cell.photograph].add(cell.cell_id)
    fields = (tuple(sorted(members[name])) for name, of in films.items() if len(of) > 1)
    return (*connected(repeats), *sorted(fields))


def refuse_leaks(report: LeakReport) -> None:
    """Refuse a split that leaks.

    Raises
    ------
    SplitLeak
        With the count of each kind and the first example.
    """
    if report.fatal:
        counted = ", ".join(f"{leak.count:,} {_words(leak.kind)}" for leak in report.fatal)
        raise SplitLeak(
            f"the split leaks, {counted}",
            expected="each person, film, field and cell on one side",
            found=report.fatal[0].examples[0],
            hint="publish with the rule film-strict, or all the same with --allow-leaks: the leak is then printed on "
            "everything that is made from the release",
        )


def leak_lines(report: LeakReport) -> list[str]:
    """Return the report as lines for people: a line a kind that was found, and one for each thing not looked for."""
    lines = [
        f"{_words(leak.kind)}: {leak.count:,}, which touches {leak.test_cells:,} cells outside train; such as "
        + "; ".join(leak.examples)
        for leak in report.leaks
        if leak.count
    ]
    return [*(lines or ["no leak was found"]), *(f"not checked: {line}" for line in report.unchecked)]


def _words(kind: str) -> str:
    return kind.replace("-", " ")


def _unchecked(cells: Sequence[LeakCell], *, blind: bool) -> tuple[str, ...]:
    films = {cell.smear_id for cell in cells}
    nameless = films - {cell.smear_id for cell in cells if cell.subject}
    lost = sum(cell.photograph is None for cell in cells)
    frameless = sum(cell.photograph is not None and cell.box is None for cell in cells)
    timeless = sum(cell.taken_at is None for cell in cells)
    lines = [
        (len(nameless), f"{len(nameless):,} of {len(films):,} films name no person, who may be on two sides"),
        (lost, f"{lost:,} of {len(cells):,} cells name no photograph"),
        (frameless, f"{frameless:,} of {len(cells):,} cells have no box in their photograph"),
        (timeless, f"{timeless:,} of {len(cells):,} cells have no time"),
        (blind, "whether a cell was photographed twice"),
    ]
    return tuple(line for count, line in lines if count)
