"""What other thresholds would change, told before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import numpy as np

from buffycoat.clean import Candidate, CleanParameters, Method
from buffycoat.clean.differences import CellsOnce, difference
from buffycoat.clean.rulings import Verdicts
from buffycoat.domain.cell import Cell, CoveredField, Repeat
from buffycoat.domain.repeating import Lines, RepeatChange, ThresholdWish
from buffycoat.domain.smear import Smear
from buffycoat.domain.withdrawal import Withdrawal
from buffycoat.errors import Conflict, InputError, NotFound
from buffycoat.imaging.registration import THUMBNAIL_SIDE
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, covered_fields, current_ids, current_repeats, newest_run
from buffycoat.workflows.clean import KnownSmear, clean_parameters, known_smear, parameters_of, settled_by
from buffycoat.workflows.consensus import being_read
from buffycoat.workflows.repeating.seen import look_closely
from buffycoat.workflows.workspace import Workspace

__all__ = ["MOST_CELLS", "check_wish", "in_force", "lines_of", "once_of", "preview", "smears_meant", "wished"]

MOST_CELLS = 1500
"""Crops that are laid upon one another while a person waits."""


def lines_of(parameters: CleanParameters) -> Lines:
    """Return the thresholds that people see."""
    return Lines(
        method=str(parameters.method),
        average_bits=parameters.average_bits,
        perceptual_bits=parameters.perceptual_bits,
        correlation=parameters.correlation,
    )


def wished(wish: ThresholdWish) -> CleanParameters:
    """Return how cells are compared as a person wishes.

    Raises
    ------
    InputError
        There is no such method, or a threshold belongs to another one or is out of range.
    """
    for bits in (wish.average_bits, wish.perceptual_bits):
        if bits is not None and not 1 <= bits <= 65:
            raise InputError("no such threshold", expected="1 to 65 bits", found=str(bits))
    return clean_parameters(
        wish.method,
        average_bits=wish.average_bits,
        perceptual_bits=wish.perceptual_bits,
        correlation=wish.correlation,
    )


def smears_meant(transaction: Transaction, smear_id: str | None) -> Mapping[str, str]:
    """Return the codes of the smears that are meant by id: one, or all that were not withdrawn.

    Raises
    ------
    NotFound
        There is no such smear.
    """
    gone = {each.smear_id for each in transaction.find(Withdrawal)}
    codes = {each.id: each.code for each in transaction.find(Smear) if each.id not in gone}
    if smear_id is None:
        return dict(sorted(codes.items(), key=lambda item: item[1]))
    if smear_id not in codes:
        raise NotFound("no smear has this id", found=smear_id)
    return {smear_id: codes[smear_id]}


def in_force(transaction: Transaction, smears: Collection[str]) -> CleanParameters:
    """Return how most of these smears were cleaned last."""
    counts = Counter(parameters_of(newest_run(transaction, "clean", smear_id)) for smear_id in smears)
    return max(counts, key=lambda each: (counts[each], str(each))) if counts else CleanParameters()


def once_of(repeats: Collection[Repeat], covered: Collection[CoveredField]) -> CellsOnce:
    """Return verdicts as they are compared."""
    return CellsOnce(
        kept_of={each.cell_id: each.kept_id for each in repeats},
        covered=frozenset(each.field_id for each in covered),
    )


def preview(workspace: Workspace, wish: ThresholdWish, *, smear_id: str | None = None) -> RepeatChange:
    """Return what cleaning with these thresholds would change, of one smear or of all; nothing is written.

    What people ruled is taken as it stands now, so answers that no cleaning has seen yet are in it.

    Raises
    ------
    NotFound
        There is no such smear.
    InputError
        There is no such method or threshold; or too many crops would have to be laid upon one another.
    """
    parameters = wished(wish)
    with workspace.database.reading() as transaction:
        smears = smears_meant(transaction, smear_id)
        known = [known_smear(transaction, each) for each in smears]
        repeats = [each for each in current_repeats(transaction) if each.smear_id in smears]
        fields = {field_id for each in known for field_id in each.fields}
        covered = frozenset(field for field in covered_fields(transaction) if field in fields)
        cells = sum(len(current_ids(transaction, CellFilter(smear_id=each))) for each in smears)
        reading = being_read(transaction)
    total = sum(len(each.cells) for each in known)
    if parameters.method is not Method.PAPER and total > MOST_CELLS:
        raise InputError(
            "too many crops to lay upon one another while you wait",
            expected=f"a smear of at most {MOST_CELLS:,}",
            found=f"{total:,}",
            hint="choose one smear",
        )
    kept_of: dict[str, str] = {}
    gone: set[str] = set()
    for each in known:
        settled = _settled(workspace, each, parameters)
        for group, kept in zip(settled.groups, settled.kept, strict=True):
            kept_of |= {cell: kept for cell in group if cell != kept}
        gone |= set(settled.covered)
    before = CellsOnce(kept_of={each.cell_id: each.kept_id for each in repeats}, covered=covered)
    after = CellsOnce(kept_of=kept_of, covered=frozenset(gone))
    return difference(before, after, cells=cells, reading=reading)


def check_wish(workspace: Workspace, wish: ThresholdWish) -> CleanParameters:
    """Return how all smears are to be cleaned, where no picture would go that an open round reads.

    The default way keeps such pictures by itself; the paper's knows no rule for them, so it waits.

    Raises
    ------
    InputError
        There is no such method or threshold.
    Conflict
        A kept picture would go while an open round reads it.
    """
    parameters = wished(wish)
    if parameters.method is Method.PAPER and (read := preview(workspace, wish).read):
        raise Conflict(
            "open rounds read pictures that would go",
            expected="no picture of an open round among them",
            found=str(len(read)),
            hint="clean so when the round ends, or take the registered way, which keeps them",
        )
    return parameters


def _settled(workspace: Workspace, known: KnownSmear, parameters: CleanParameters) -> Verdicts:
    if parameters.method is Method.PAPER:
        return settled_by(known, [_without_pixels(cell) for cell in known.cells], parameters)
    seen = look_closely(workspace, known)
    return settled_by(known, seen.candidates, parameters, seen.overlaps)


def _without_pixels(cell: Cell) -> Candidate:
    """Return a cell for the paper's way, which looks at hashes alone: no crop is read."""
    return Candidate(
        id=cell.id,
        field_id=cell.field_id,
        box=cell.box,
        extent=cell.extent,
        sharpness=cell.sharpness or 0.0,
        average_hash=int(cell.average_hash or "0", 16),
        perceptual_hash=int(cell.perceptual_hash or "0", 16),
        thumbnail=np.zeros((THUMBNAIL_SIDE, THUMBNAIL_SIDE), np.uint8),
    )
