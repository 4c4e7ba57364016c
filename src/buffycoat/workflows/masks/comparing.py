"""Two hands on the same cells: how alike their masks are, by class and part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.value import value
from buffycoat.errors import InputError, NotFound, TooFew
from buffycoat.formats.mask_pictures import CYTOPLASM_WORD, PARTS
from buffycoat.imaging.regions import BinaryMask
from buffycoat.metrics.mask_pairs import PairFigures, PairScore, pair_figures, score_pair
from buffycoat.segment import WHOLE_ONLY
from buffycoat.store.mask_queries import Statement, scales_of, statements
from buffycoat.store.queries import smear_by_cell
from buffycoat.workflows.masks.keeping import mask_pixels_of
from buffycoat.workflows.masks.selecting import find_selection, sure_classes
from buffycoat.workflows.workspace import Workspace

__all__ = ["ALL", "MaskComparison", "PartLine", "compare_masks", "comparison_text", "pairs_of"]

ALL: Final = "all"
_NO_CLASS: Final = "no sure class"


@value
class PartLine:
    """One class (``all`` for all of them) and one part. ``both_failed`` are no pairs, and not among ``figures.n``."""

    term: str
    part: str
    both_failed: int
    figures: PairFigures


@value
class MaskComparison:
    """Two hands, how many cells both have, how many only one has, and the table."""

    one: str
    other: str
    cells: int
    only_one: int
    only_other: int
    lines: tuple[PartLine, ...]


def compare_masks(
    workspace: Workspace,
    one: str | None = None,
    other: str | None = None,
    *,
    selection: str | None = None,
    level: str = "five-class",
    seed: int = 0,
) -> MaskComparison:
    """Compare two hands on the cells that both have drawn: Dice, IoU and boundary distances by class and part.

    Where one hand says that there is nothing to draw and the other drew, the overlap is 0. Cytoplasm is compared where
    both hands have nucleus and cell.

    Parameters
    ----------
    workspace
        Where.
    one, other : str, optional
        Handles of experts, or methods such as ``best`` or ``import:bccd``. Without them, the only two people who drew.
    selection : str, optional
        Only cells of this selection, with its classes.
    level : str
        Of the taxonomy, for the classes.
    seed : int
        Of the intervals.

    Raises
    ------
    InputError
        It is not clear who is compared, or both are one.
    NotFound
        One of them drew nothing; no such selection.
    TooFew
        They have no cell in common.
    """
    chosen = None if selection is None else find_selection(workspace, selection)
    with workspace.database.reading() as transaction:
        said = statements(transaction, None if chosen is None else chosen.cells)
    one, other = _hands(said, one, other)
    first, last = _of(said, one), _of(said, other)
    both = sorted(first.keys() & last.keys())
    if not both:
        raise TooFew("they have no cell in common", expected=f"cells drawn by {one} and {other}", found="none")
    with workspace.database.reading() as transaction:
        smears, scales = smear_by_cell(transaction), scales_of(transaction, both)
    if chosen is None:
        classes: Mapping[str, str] = sure_classes(workspace, level=level)
    else:
        classes = dict(zip(chosen.cells, chosen.terms, strict=True))
    scores: dict[tuple[str, str], list[PairScore]] = defaultdict(list)
    failed: Counter[tuple[str, str]] = Counter()
    for cell in both:
        for part, (a, b) in pairs_of(first[cell], last[cell]).items():
            keys = ((classes.get(cell, _NO_CLASS), part), (ALL, part))
            if a is None and b is None:
                failed.update(keys)
                continue
            score = score_pair(a, b, group=smears.get(cell, cell), scale=scales.get(cell))
            for key in keys:
                scores[key].append(score)
    return MaskComparison(
        one=one,
        other=other,
        cells=len(both),
        only_one=len(first) - len(both),
        only_other=len(last) - len(both),
        lines=tuple(
            PartLine(term=term, part=part, both_failed=failed[term, part], figures=pair_figures(found, seed=seed))
            for (term, part), found in sorted(scores.items(), key=lambda item: _order(item[0]))
        ),
    )


def _order(key: tuple[str, str]) -> tuple[int, bool, str]:
    return PARTS.index(key[1]), key[0] == ALL, key[0]


def _hands(said: Sequence[Statement], one: str | None, other: str | None) -> tuple[str, str]:
    drew = Counter(it.hand for it in said)
    told = ", ".join(f"{hand} ({count})" for hand, count in sorted(drew.items())) or "nobody"
    for hand in (one, other):
        if hand is not None and hand not in drew:
            raise NotFound("nobody of this name drew masks here", expected=told, found=hand)
    people = sorted({it.hand for it in said if it.expert_id is not None} - {one, other})
    given = [hand for hand in (one, other) if hand is not None] + (people if None in (one, other) else [])
    if len(given) != 2 or given[0] == given[1]:
        raise InputError("it is not clear whom to compare", expected="two of those who drew", found=told)
    return given[0], given[1]


def _of(said: Sequence[Statement], hand: str) -> dict[str, Statement]:
    """Return the newest statement of a hand on each cell."""
    return {it.cell_id: it for it in sorted(said, key=lambda it: it.finished_at) if it.hand == hand}


def pairs_of(one: Statement, other: Statement) -> dict[str, tuple[BinaryMask | None, BinaryMask | None]]:
    """Return the parts that both speak of; ``None`` where one says that there is nothing.

    A nucleus that was not asked for, as of basophils, is not spoken of.
    """
    pairs = {
        part.value: (_pixels(one.parts[part]), _pixels(other.parts[part]))
        for part in Part
        if all(part in it.parts and it.parts[part].failure != WHOLE_ONLY for it in (one, other))
    }
    if len(pairs) == len(Part):
        (nucleus_a, nucleus_b), (cell_a, cell_b) = pairs[Part.NUCLEUS], pairs[Part.CELL]
        a = None if nucleus_a is None or cell_a is None else cell_a & ~nucleus_a
        b = None if nucleus_b is None or cell_b is None else cell_b & ~nucleus_b
        pairs[CYTOPLASM_WORD] = a, b
    return pairs


def _pixels(mask: Mask) -> BinaryMask | None:
    return None if mask.failure else mask_pixels_of(mask)


def comparison_text(found: MaskComparison) -> str:
    """Return the table as text for people."""
    alone = f"{found.only_one} by {found.one} alone, {found.only_other} by {found.other} alone"
    head = f"{'part':10} {'class':14} {'n':>5} {'failed':>6}  {'Dice mean (95 %)':25} {'median':>6} {'5th':>6} "
    head += f"{'IoU':>6}  {'apart':>9} {'95 %':>9} {'most':>9}"
    lines = [f"{found.one} and {found.other}: {found.cells} cells by both, {alone}", head]
    for line in found.lines:
        figures, spread = line.figures, line.figures.dice
        low_high = "" if spread.interval is None else f" ({spread.interval[0]:.4f} to {spread.interval[1]:.4f})"
        micro = figures.mean_um is not None and figures.mean_px is not None and figures.mean_um.n == figures.mean_px.n
        unit = "um" if micro else "px"
        apart = [getattr(figures, f"{name}_{unit}") for name in ("mean", "hausdorff_95", "hausdorff")]
        told = " ".join("        -" if it is None else f"{it.mean:6.2f} {unit}" for it in apart)
        lines.append(
            f"{line.part:10} {line.term:14} {figures.n:5} {figures.failed:6}  {f'{spread.mean:.4f}{low_high}':25} "
            f"{spread.median:6.4f} {spread.tail:6.4f} {figures.iou.mean:6.4f}  {told}"
        )
    neither = [f"{line.both_failed} of {line.part}" for line in found.lines if line.term == ALL and line.both_failed]
    if neither:
        lines.append(f"neither found anything, so no pairs: {', '.join(neither)}")
    return "\n".join(lines)
