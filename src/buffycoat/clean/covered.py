"""Which photographs show nothing that another one does not show, and which picture of each cell stays then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.keeper import keep_order
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value

__all__ = ["Settled", "covered_fields", "is_cut", "settle"]

_AT_THE_EDGE = 0.02


@value
class Settled:
    """Which photographs go, each with the one that covers it, and the kept picture of each group in the same order."""

    covered: Mapping[str, str]
    kept: tuple[str, ...]


def covered_fields(
    shown: Mapping[str, frozenset[str]],
    sharpness: Mapping[str, float],
    *,
    whole: Mapping[str, frozenset[str]] | None = None,
) -> dict[str, str]:
    """Return the photographs of one smear all of whose cells live on in another, with that other one.

    A photograph whose set of cells is part of another's set goes (Kouzehkanan et al. 2022, Data cleaning). Of
    photographs with equal sets the sharpest stays, then the one whose id comes first. The one that is named as cover
    always stays itself; of several it is the richest, then the sharpest. A photograph without cells is outside the
    rule: it neither goes nor covers.

    A cell lives on only where it was found: that its place lies in another photograph is not enough. With ``whole``, a
    cell that is whole lives on only where it is whole too: one that the edge of the other photograph cuts does not
    replace it.

    Parameters
    ----------
    shown : mapping of str to frozenset of str
        For each photograph the physical cells that it shows: repeats of one cell under one name.
    sharpness : mapping of str to float
        For each photograph the mean sharpness of its crops.
    whole : mapping of str to frozenset of str, optional
        For each photograph those of its cells that its edge does not cut. Without it, all count as whole, as in the
        paper.

    Examples
    --------
    >>> covered_fields({"f1": frozenset("a"), "f2": frozenset("ab"), "f3": frozenset()}, dict.fromkeys(["f1", "f2"], 1))
    {'f1': 'f2'}
    >>> shown = {"f1": frozenset("a"), "f2": frozenset("ab")}
    >>> covered_fields(shown, {"f1": 1, "f2": 1}, whole={"f1": frozenset("a"), "f2": frozenset("b")})
    {}
    """
    uncut = shown if whole is None else {name: whole.get(name, frozenset()) & shown[name] for name in shown}
    # From the best cover to the least: a superset always comes before its subsets.
    order = sorted((f for f in shown if shown[f]), key=lambda f: (-len(shown[f]), -len(uncut[f]), -sharpness[f], f))
    # Only a photograph that shows all these cells can cover: those that show the first one are few.
    staying: dict[str, list[str]] = {}
    covers: dict[str, str] = {}
    for name in order:
        rivals = staying.get(min(shown[name]), [])
        cover = next((f for f in rivals if shown[name] <= shown[f] and uncut[name] <= uncut[f]), None)
        if cover is None:
            for cell in shown[name]:
                staying.setdefault(cell, []).append(name)
        else:
            covers[name] = cover
    return dict(sorted(covers.items()))


def is_cut(extent: Box, width_px: int, height_px: int) -> bool:
    """Say whether the edge of the photograph cuts a cell.

    Parameters
    ----------
    extent : Box
        The tight box of the cell. It need not reach the edge quite: 2 % of its longer side are allowed, as boxes are
        found in reduced photographs.
    width_px, height_px : int
        Size of the photograph.

    Examples
    --------
    >>> [is_cut(Box(left=left, top=50, right=left + 100, bottom=150), 640, 480) for left in (1, 20, 540)]
    [True, False, True]
    """
    margin = _AT_THE_EDGE * max(extent.width, extent.height)
    nearest = min(extent.left, extent.top, width_px - extent.right, height_px - extent.bottom)
    return nearest <= margin


def settle(candidates: Iterable[Candidate], groups: Sequence[Sequence[str]], *, cut: Collection[str] = ()) -> Settled:
    """Return which photographs go, and which picture of each cell stays, so that no cell goes with its photograph.

    The paper has two rules, the sharpest picture and the richest photograph, which can conflict: the sharpest picture
    may lie in a photograph that goes. Here a picture that no edge cuts comes first, then one in a photograph that
    stays, then the sharpest. As a photograph goes only where each of its cells lives on as whole as it was, there is
    always a picture in a photograph that stays that is cut no more than any other.

    Parameters
    ----------
    candidates : iterable of Candidate
        All cells of the photographs.
    groups : sequence of sequence of str
        Ids of cells that are the same one; a cell in none is no repeat.
    cut : collection of str
        Ids of cells that the edge of their photograph cuts, see `is_cut`.

    Examples
    --------
    >>> settle([], []).covered
    {}
    """
    cells = {each.id: each for each in candidates}
    name_of = {member: group[0] for group in groups for member in group}
    shown: dict[str, set[str]] = {}
    uncut: dict[str, set[str]] = {}
    sharp: dict[str, list[float]] = {}
    for cell in cells.values():
        name = name_of.get(cell.id, cell.id)
        shown.setdefault(cell.field_id, set()).add(name)
        sharp.setdefault(cell.field_id, []).append(cell.sharpness)
        if cell.id not in cut:
            uncut.setdefault(cell.field_id, set()).add(name)
    covered = covered_fields(
        {field: frozenset(names) for field, names in shown.items()},
        {field: sum(values) / len(values) for field, values in sharp.items()},
        whole={field: frozenset(names) for field, names in uncut.items()},
    )

    def order(name: str) -> tuple[bool, bool, tuple[float, float, str]]:
        cell = cells[name]
        return name in cut, cell.field_id in covered, keep_order(cell.sharpness, cell.box.area, name)

    return Settled(covered=covered, kept=tuple(min(group, key=order) for group in groups))
