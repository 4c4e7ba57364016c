"""Masks that a person or a foreign set stands for, written beside all that were there before.

The second expert is blind by where the masks lie: those of a second hand are kept in a room of their own, which no
gallery, export or release asks, and :func:`masks_for` gives a person what to start from, which is never another
person's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Expert
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.run import Run
from buffycoat.domain.value import derive_id, digest_of, value
from buffycoat.errors import Conflict, InputError, InvalidMask, NotFound
from buffycoat.imaging.regions import BinaryMask, decode_run_lengths, encode_run_lengths
from buffycoat.segment import PART_METHODS
from buffycoat.store.mask_queries import FIRST, SECOND, Statement, statements, superseded
from buffycoat.workflows.runs import Made, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "Drawn",
    "Hand",
    "crop_size",
    "find_person",
    "keep_masks",
    "made_of",
    "mask_pixels_of",
    "masks_for",
    "run_by",
]

Drawn = Mapping[Part, BinaryMask | str]
"""A mask for each part that is spoken of, or the code of why there is none."""


@value
class Hand:
    """Who draws, and how; ``second`` where it is the second, blind drawing of cells that have one."""

    method: str
    expert: Expert | None = None
    second: bool = False


def find_person(workspace: Workspace, handle: str) -> Expert:
    """Return the person of that handle; one that is not known is made, as rounds make those that they name.

    Raises
    ------
    InputError
        The handle is empty, or what masks by a program or a set are called: nobody could tell whose they are.
    """
    if not handle.strip():
        raise InputError("an expert has a handle", expected="a handle", found=repr(handle))
    if handle.strip() in PART_METHODS or handle.strip().startswith(("import:", "source")):
        raise InputError("an expert's masks are not a method's", expected="another handle", found=repr(handle))
    with workspace.database.writing() as transaction:
        if known := transaction.find(Expert, handle=handle.strip()):
            return known[0]
        person = Expert(id=derive_id("expert", {"handle": handle.strip()}), handle=handle.strip())
        transaction.add([person])
        return person


def run_by(workspace: Workspace, hand: Hand, *, inputs: str) -> Run:
    """Return the run in which a hand's masks of these inputs are kept."""
    return start_run(
        workspace,
        room=SECOND if hand.second else FIRST,
        function="segment.keep_masks",
        parameters={
            "method": hand.method,
            "expert": hand.expert.handle if hand.expert else None,
            "second": hand.second,
        },
        inputs=inputs,
    )


def mask_pixels_of(mask: Mask) -> BinaryMask:
    """Return a mask as it lies over its crop: bool, (height_px, width_px).

    Raises
    ------
    InvalidMask
        Nothing was found there.
    """
    if mask.failure:
        raise InvalidMask(f"there is no {mask.part} of {mask.cell_id}", expected="a mask", found=mask.failure)
    return decode_run_lengths(mask.run_lengths, mask.height_px, mask.width_px)


def crop_size(cell: Cell) -> tuple[int, int]:
    """Return height and width of the crop of a cell, in pixels.

    Raises
    ------
    NotFound
        Its photograph has not come.
    """
    if cell.crop is None:
        raise NotFound("this cell came without its photograph", found=cell.id)
    return cell.box.height, cell.box.width


def made_of(  # noqa: PLR0913 (the cell, the masks, and who says so after whom)
    cell_id: str,
    size: tuple[int, int],
    drawn: Drawn,
    *,
    hand: Hand,
    run_id: str,
    there: list[Statement],
    gone: frozenset[str] = frozenset(),
    trim: bool = False,
) -> Made:
    """Return the statement of a hand on a cell, to be written.

    A part that is not spoken of now is taken over from the same hand's statement before, so that a nucleus may come
    today and its cell tomorrow.

    Parameters
    ----------
    cell_id : str
        Which cell.
    size : tuple of int
        Height and width of its crop.
    drawn : mapping of Part to ndarray or str
        Masks of that size, or why there is none.
    hand, run_id
        Who draws, and in which run.
    there : list of Statement
        What is said of the cell already.
    gone : frozenset of str
        Ids of masks that are superseded already.
    trim : bool
        Cut a nucleus that leaves its cell to the cell, instead of refusing it.

    Raises
    ------
    InvalidMask
        A mask of another size than the crop, an empty one, a nucleus that leaves its cell, or one that lies wholly
        outside of it, which no cut would mend.
    Conflict
        Another person drew this cell first, and this is not said to be the second drawing; or nobody did, and it is.
    """
    _check_turn(cell_id, hand, there)
    before = _before(hand, there)
    masks: dict[Part, BinaryMask] = {}
    for part, mask in drawn.items():
        if isinstance(mask, str):
            continue
        if mask.shape != size:
            found = f"{mask.shape[1]} x {mask.shape[0]}"
            raise InvalidMask(
                f"the {part} of {cell_id} is of another size than its crop",
                expected=f"{size[1]} x {size[0]}",
                found=found,
            )
        if not mask.any():
            raise InvalidMask(f"the {part} of {cell_id} is empty", expected="pixels, or the reason why", found="none")
        masks[part] = mask
    kept = {part: mask for part, mask in (before.parts.items() if before else ()) if part not in drawn}
    whole = {**{part: mask_pixels_of(mask) for part, mask in kept.items() if not mask.failure}, **masks}
    trimmed = 0
    if Part.NUCLEUS in whole and Part.CELL in whole:
        trimmed = int(np.count_nonzero(whole[Part.NUCLEUS] & ~whole[Part.CELL]))
        if trimmed and not trim:
            raise InvalidMask(
                f"the nucleus of {cell_id} leaves its cell",
                expected="nucleus within cell",
                found=f"{trimmed} pixels outside",
                hint="correct the mask, or have the nucleus cut to the cell: `--trim`",
            )
        whole[Part.NUCLEUS] = whole[Part.NUCLEUS] & whole[Part.CELL]
        if not whole[Part.NUCLEUS].any():
            raise InvalidMask(
                f"the nucleus of {cell_id} lies beside its cell",
                expected="a nucleus within its cell",
                found="none of it",
            )
    values = []
    for part in Part:
        if part not in drawn and part not in kept:
            continue
        said = drawn.get(part)
        failure = said if isinstance(said, str) else (kept[part].failure if part in kept else None)
        earlier = before.parts.get(part) if before else None
        values.append(
            Mask(
                id=derive_id("mask", {"cell": cell_id, "part": part, "run": run_id}),
                cell_id=cell_id,
                part=part,
                height_px=size[0],
                width_px=size[1],
                run_lengths=() if failure else encode_run_lengths(whole[part]),
                method=kept[part].method if part in kept else hand.method,
                failure=failure,
                supersedes=earlier.id if earlier is not None and earlier.id not in gone else None,
                run_id=run_id,
                expert_id=hand.expert.id if hand.expert else None,
            )
        )
    told = [f"{mask.part}: {mask.failure}" for mask in values if mask.failure]
    return Made(values=values, message=", ".join([*told, *([f"nucleus cut by {trimmed} px"] if trimmed else [])]))


def _check_turn(cell_id: str, hand: Hand, there: list[Statement]) -> None:
    who = hand.expert.id if hand.expert else None
    others = [
        it for it in there if not it.by_program and not it.second and (it.expert_id, it.hand) != (who, _name(hand))
    ]
    others = [it for it in others if it.current]
    if others and not hand.second:
        raise Conflict(
            f"{cell_id} has masks by {others[0].hand}",
            expected="cells that nobody has drawn yet",
            found=f"masks by {_name(hand)}",
            hint="a second expert's are kept beside them: `--second`",
        )
    if hand.second and not others:
        raise Conflict(f"{cell_id} has no masks by anybody else", expected="a first drawing", found="none")


def _name(hand: Hand) -> str:
    return hand.expert.handle if hand.expert else hand.method


def _before(hand: Hand, there: list[Statement]) -> Statement | None:
    own = [it for it in there if it.hand == _name(hand) and it.second == hand.second]
    return own[-1] if own else None


def keep_masks(
    workspace: Workspace, cell_id: str, drawn: Drawn, *, expert: str, method: str, trim: bool = False
) -> Statement:
    """Keep what a person drew of one cell, as the first drawing, or as the second where another person was first.

    Parameters
    ----------
    workspace
        Where.
    cell_id : str
        A cell with a crop.
    drawn : mapping of Part to ndarray or str
        Masks of the crop's size, bool, or the code of a failure.
    expert, method : str
        Handle of the person, and how it was drawn: ``"easy-gt"``, ``"pen"``.
    trim : bool
        Cut a nucleus that leaves its cell to the cell.

    Raises
    ------
    NotFound
        There is no such cell, or it has no picture.
    InvalidMask
        As :func:`made_of`.
    """
    person = find_person(workspace, expert)
    with workspace.database.reading() as transaction:
        cell = transaction.get(Cell, cell_id)
        there, gone = statements(transaction, [cell_id]), superseded(transaction, [cell_id])
    size = crop_size(cell)
    other = any(it.current and not it.by_program and it.expert_id != person.id for it in there)
    hand = Hand(method=method, expert=person, second=other)
    said = {part: mask if isinstance(mask, str) else encode_run_lengths(mask) for part, mask in drawn.items()}
    run = run_by(workspace, hand, inputs=digest_of(f"{cell_id} {sorted(said.items())}".encode()))
    made = made_of(cell_id, size, drawn, hand=hand, run_id=run.id, there=there, gone=gone, trim=trim)
    work(workspace, run, [(cell_id, lambda: made)], total=1)
    with workspace.database.reading() as transaction:
        return next(it for it in statements(transaction, [cell_id]) if it.hand == person.handle)


def masks_for(workspace: Workspace, cell_id: str, *, expert: str) -> Statement | None:
    """Return what a person may start from on a cell: the own drawing, else a program's, never another person's.

    A program's is told as if nobody had drawn: that it counts no more would tell that another person has.

    Raises
    ------
    NotFound
        There is no such cell.
    """
    with workspace.database.reading() as transaction:
        if not transaction.find(Cell, id=cell_id):
            raise NotFound("no cell has this id", found=cell_id)
        there = statements(transaction, [cell_id])
    own = [it for it in there if it.hand == expert and it.expert_id is not None]
    drafts = [it for it in there if it.by_program]
    if own:
        return own[-1]
    return replace(drafts[-1], current=True) if drafts else None
