"""Masks of other programs and people into the workspace."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from buffycoat.domain.cell import Cell
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.formats.annotated import Refused
from buffycoat.formats.mask_pictures import PARTS, parse_coding
from buffycoat.formats.source import open_source
from buffycoat.store.mask_queries import Statement, statements, superseded
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.masks.keeping import Drawn, Hand, crop_size, find_person, made_of, run_by
from buffycoat.workflows.masks.matching import KnownCells
from buffycoat.workflows.masks.reading import read_foreign
from buffycoat.workflows.runs import Made, ShowProgress, Tally, no_progress, work
from buffycoat.workflows.workspace import Workspace

__all__ = ["ImportedMasks", "import_masks"]


@value
class ImportedMasks:
    """What came of an import: cells whose masks came in or were there, what was refused, what is of no cell here."""

    name: str
    cells: int
    before: int
    refused: tuple[Refused, ...]
    unmatched: tuple[Refused, ...]


def import_masks(  # noqa: PLR0913 (every way in which masks are told apart)
    workspace: Workspace,
    path: Path,
    *,
    name: str | None = None,
    expert: str | None = None,
    second: bool = False,
    coding: str | None = None,
    part: str | None = None,
    trim: bool = False,
    progress: ShowProgress = no_progress,
) -> tuple[ImportedMasks, Tally]:
    """Take in the masks of a folder, a zip or a file: pictures, COCO, run lengths.

    Masks of whole fields are cut to the crops of their cells. What a mask does not say is left as it is; what is of no
    cell here, or does not fit, is refused with its reason, and the rest comes in.

    Parameters
    ----------
    workspace
        Where.
    path : Path
        The masks.
    name : str, optional
        Of the set: its masks carry the method ``import:NAME``. Without it, the name of the folder or file.
    expert : str, optional
        Handle of the person who drew them.
    second : bool
        They are the second, blind drawing of cells that have one; they are kept beside it and shown nowhere.
    coding : str, optional
        How pictures say which part a pixel is, see ``formats.mask_pictures.parse_coding``.
    part : str, optional
        What pictures show whose name does not say it: ``nucleus``, ``cell`` or ``cytoplasm``.
    trim : bool
        Cut a nucleus that leaves its cell to the cell, instead of refusing both.
    progress : callable
        Called after each cell.

    Returns
    -------
    ImportedMasks, Tally
        The tally names what was refused cell by cell.

    Raises
    ------
    InputError
        No such part or coding, or a second drawing without its person.
    UnreadableFile
        There is nothing at that path.
    NotFound
        There is no mask in it.
    """
    if part is not None and part not in PARTS:
        raise InputError("no such part of a cell", expected=" or ".join(PARTS), found=repr(part))
    if second and expert is None:
        raise InputError("a second drawing is somebody's", expected="the handle of its expert", found="none")
    told = None if coding is None else parse_coding(coding)
    called = (name or path.stem).strip()
    if not called:
        raise InputError("the set has no name", expected="a name", found=repr(name))
    with open_source(path) as source:
        with workspace.database.reading() as transaction:
            known = KnownCells(transaction)
        foreign = read_foreign(source, known, coding=told, part=part)
        person = None if expert is None else find_person(workspace, expert)
        hand = Hand(method=f"import:{called}", expert=person, second=second)
        wanted = sorted(foreign.cells)
        with workspace.database.reading() as transaction:
            _, cells = current_cells(transaction, CellFilter(among=wanted))
            said: dict[str, list[Statement]] = {}
            for statement in statements(transaction, wanted):
                said.setdefault(statement.cell_id, []).append(statement)
            gone = superseded(transaction, wanted)
        run = run_by(workspace, hand, inputs=foreign.digest)
        keep = partial(_keep, hand=hand, run_id=run.id, gone=gone, trim=trim)
        subjects = [
            (cell.id, partial(keep, cell, foreign.cells[cell.id], there=said.get(cell.id, []))) for cell in cells
        ]
        tally = work(workspace, run, subjects, total=len(subjects), progress=progress)
    refused = tuple(Refused(name=it.subject, code=it.code or "", message=it.message) for it in tally.refused)
    summary = ImportedMasks(
        name=called, cells=tally.done, before=tally.before, refused=refused, unmatched=foreign.refused
    )
    return summary, tally


def _keep(
    cell: Cell,
    read: Callable[[], Drawn],
    *,
    hand: Hand,
    run_id: str,
    there: list[Statement],
    gone: frozenset[str],
    trim: bool,
) -> Made:
    return made_of(cell.id, crop_size(cell), read(), hand=hand, run_id=run_id, there=there, gone=gone, trim=trim)
