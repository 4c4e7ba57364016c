"""Repeats as people see them: listed with their evidence, ruled on, and looked for across smears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from buffycoat.clean.evidence import registered_pair
from buffycoat.clean.rulings import standing_rulings
from buffycoat.domain.cell import CrossRepeat, DuplicateEdge, Repeat
from buffycoat.domain.label import Consensus
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.domain.smear import Smear
from buffycoat.domain.value import derive_id, value
from buffycoat.errors import Conflict, InputError, NotFound
from buffycoat.imaging.codecs import encode_jpeg
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, cells_with_smears, current_cells, current_repeats, kept_by_repeat
from buffycoat.workflows.clean import reclean_smear
from buffycoat.workflows.consensus import being_read
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.shown import consensus_on
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "RepeatGroupView",
    "list_repeats",
    "list_rulings",
    "pair_evidence",
    "pair_picture",
    "rule_on",
    "write_ruling",
]


@value
class RepeatGroupView:
    """The pictures of one cell: the kept one first, with what the experts said of each, and why they are one.

    ``terms`` are those of closed rounds, ``None`` where there is none to show; ``differ`` says that two pictures of one
    cell were called differently: one expert's reading against another, or against their own.
    """

    smear: str
    cells: tuple[str, ...]
    terms: tuple[str | None, ...]
    differ: bool
    edges: tuple[DuplicateEdge, ...]
    rulings: tuple[RepeatRuling, ...]


def list_repeats(
    workspace: Workspace, *, smear: str | None = None, differ: bool = False
) -> tuple[RepeatGroupView, ...]:
    """Return the groups of repeats that stand now, by smear and kept cell.

    Parameters
    ----------
    workspace
        Where.
    smear : str, optional
        Code of a smear; without it, all.
    differ : bool
        Only groups whose pictures were labeled differently.

    Raises
    ------
    NotFound
        No smear has this code.
    """
    with workspace.database.reading() as transaction:
        codes = {each.id: each.code for each in transaction.find(Smear)}
        if smear is not None and smear not in codes.values():
            raise NotFound("no smear has this code", expected=", ".join(sorted(codes.values())), found=smear)
        repeats = [each for each in current_repeats(transaction) if smear in (None, codes[each.smear_id])]
        said = consensus_on(transaction, sorted({name for each in repeats for name in (each.cell_id, each.kept_id)}))
        ruled = standing_rulings(transaction.find(RepeatRuling))
    groups: dict[str, list[Repeat]] = defaultdict(list)
    for each in repeats:
        groups[each.kept_id].append(each)
    views = [_group_view(codes[members[0].smear_id], kept, members, said, ruled) for kept, members in groups.items()]
    return tuple(
        sorted((view for view in views if view.differ or not differ), key=lambda view: (view.smear, view.cells))
    )


def _group_view(
    smear: str,
    kept: str,
    members: list[Repeat],
    said: Mapping[str, Consensus],
    ruled: Mapping[tuple[str, str], RepeatRuling],
) -> RepeatGroupView:
    cells = (kept, *sorted(each.cell_id for each in members))
    terms = tuple(said[name].term if name in said else None for name in cells)
    return RepeatGroupView(
        smear=smear,
        cells=cells,
        terms=terms,
        differ=len({term for term in terms if term is not None}) > 1,
        edges=tuple(edge for each in members for edge in each.edges),
        rulings=tuple(ruling for (a, b), ruling in sorted(ruled.items()) if a in cells and b in cells),
    )


def rule_on(
    workspace: Workspace,
    cell_id: str,
    other_id: str,
    *,
    ruled: Ruled,
    by: str,
    reason: str = "",
) -> RepeatRuling:
    """Write what a person says of two pictures, and clean their smear anew with it; all other smears stay.

    Parameters
    ----------
    workspace
        Where.
    cell_id, other_id : str
        The two; for ``KEEP`` the first is the one that stays.
    ruled : Ruled
        What is said of them.
    by, reason : str
        Who says it, and why.

    Raises
    ------
    NotFound
        There is no such cell.
    InputError
        They are of different smears, or nobody says it.
    Conflict
        Both are the same cell; an open round reads the picture that would go for it; or the ruling is written, but the
        smear could not be cleaned anew.
    """
    ruling = write_ruling(workspace, cell_id, other_id, ruled=ruled, by=by, reason=reason)
    if refused := reclean_smear(workspace, ruling.smear_id).refused:
        raise Conflict(
            "the ruling is written, but its smear could not be cleaned anew",
            found=refused[0].message,
            hint="mend that, then run `buffycoat clean`",
        )
    return ruling


def write_ruling(
    workspace: Workspace, cell_id: str, other_id: str, *, ruled: Ruled, by: str, reason: str = ""
) -> RepeatRuling:
    """Write what a person says of two pictures; it counts from the next cleaning of their smear on.

    Raises
    ------
    NotFound
        There is no such cell.
    InputError
        They are of different smears, or nobody says it.
    Conflict
        Both are the same cell, or an open round reads the picture that would go for it.
    """
    if not by.strip():
        raise InputError("a ruling has somebody who gives it", expected="a handle", found=repr(by))
    if cell_id == other_id:
        raise Conflict("a ruling speaks of two cells", found=f"{cell_id} twice")
    with workspace.database.reading() as transaction:
        smear_id = _common_smear(transaction, cell_id, other_id)
        if ruled in {Ruled.KEEP, Ruled.TOGETHER}:
            _refuse_what_is_read(transaction, cell_id, other_id, ruled)
    run = start_run(
        workspace,
        room="clean",
        function="clean.rule",
        parameters={"cells": f"{cell_id} {other_id}", "ruled": str(ruled)},
    )
    given_at = now()
    said = {"cell": cell_id, "other": other_id, "ruled": str(ruled), "at": given_at.isoformat()}
    ruling = RepeatRuling(
        id=derive_id("ruling", said),
        smear_id=smear_id,
        cell_id=cell_id,
        other_id=other_id,
        ruled=ruled,
        by=by.strip(),
        reason=reason.strip(),
        given_at=given_at,
        run_id=run.id,
    )
    with workspace.database.writing() as transaction:
        transaction.add([ruling])
    return ruling


def _refuse_what_is_read(transaction: Transaction, cell_id: str, other_id: str, ruled: Ruled) -> None:
    """Refuse a word for which a kept picture would go while an open round reads it."""
    kept = kept_by_repeat(transaction)
    stay = {kept.get(name, name) for name in (cell_id, other_id)}
    read = stay & being_read(transaction)
    if ruled is Ruled.KEEP and read - {cell_id}:
        raise Conflict(
            "an open round reads the picture that is kept now",
            expected="a cell of no open round",
            found=", ".join(sorted(read)),
            hint="choose another picture when the round ends",
        )
    if ruled is Ruled.TOGETHER and len(read) > 1:
        raise Conflict(
            "an open round reads both pictures, and one of them would go",
            expected="at most one picture of an open round",
            found=", ".join(sorted(read)),
            hint="say so when the round ends",
        )


def _common_smear(transaction: Transaction, cell_id: str, other_id: str) -> str:
    found = cells_with_smears(transaction, [cell_id, other_id])
    pictured = CellFilter(among=[cell_id, other_id], with_pixels=True)
    current = {cell.id for cell in current_cells(transaction, pictured)[1]}
    for name in (cell_id, other_id):
        if name not in found:
            raise NotFound("no cell has this id", found=name)
        if name not in current:
            raise NotFound("this cell does not count now: a later search replaced it, or it has no picture", found=name)
    one, other = found[cell_id][1], found[other_id][1]
    if one != other:
        codes = {each.id: each.code for each in transaction.find(Smear)}
        both = f"{codes[one]} and {codes[other]}"
        raise InputError("these cells are of different smears", expected="two cells of one smear", found=both)
    return one


def list_rulings(workspace: Workspace) -> tuple[RepeatRuling, ...]:
    """Return the rulings that stand, the oldest first; also those on cells that are in no group for it."""
    with workspace.database.reading() as transaction:
        standing = standing_rulings(transaction.find(RepeatRuling)).values()
    return tuple(sorted(standing, key=lambda ruling: (ruling.given_at, ruling.id)))


def pair_evidence(workspace: Workspace, cell_id: str, other_id: str) -> DuplicateEdge:
    """Return what says that two cells are one.

    Raises
    ------
    NotFound
        Nothing says so.
    """
    with workspace.database.reading() as transaction:
        return _edge_of({cell_id, other_id}, _edges(transaction))


def pair_picture(workspace: Workspace, cell_id: str, other_id: str) -> bytes:
    """Return a JPEG of two crops beside each other and laid upon one another, as their evidence says.

    Raises
    ------
    NotFound
        There is no such cell, it has no pixels, or nothing says that the two are one.
    """
    with workspace.database.reading() as transaction:
        found = cells_with_smears(transaction, [cell_id, other_id])
        for name in (cell_id, other_id):
            if name not in found:
                raise NotFound("no cell has this id", found=name)
        edge = _edge_of({cell_id, other_id}, _edges(transaction))
    a, b = (cell_pixels(workspace, found[name][0]) for name in (edge.a, edge.b))
    return encode_jpeg(registered_pair(a, b, edge.warp))


def _edges(transaction: Transaction) -> Iterable[DuplicateEdge]:
    for repeat in current_repeats(transaction):
        yield from repeat.edges
    for across in transaction.find(CrossRepeat):
        yield across.edge


def _edge_of(pair: set[str], edges: Iterable[DuplicateEdge]) -> DuplicateEdge:
    for edge in edges:
        if {edge.a, edge.b} == pair:
            return edge
    raise NotFound("nothing says that these two cells are one", found=" and ".join(sorted(pair)))
