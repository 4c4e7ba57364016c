"""Cells to masks of nucleus and whole cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.run import Outcome, Run
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.value import Scalar, derive_id
from buffycoat.errors import BuffycoatError, InputError, NothingFound, SeveralCells
from buffycoat.imaging.codecs import decode_rgb
from buffycoat.imaging.regions import BinaryMask, encode_run_lengths
from buffycoat.segment import PART_METHODS, WHOLE_ONLY, border_failures, find_parts, network_of
from buffycoat.store.queries import CellFilter, current_cells, latest_taxonomy
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.crops import crop_bytes
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.engine import Steps, elsewhere
from buffycoat.workflows.runs import Made, Progress, ShowProgress, Tally, no_progress, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = ["DRAWN", "Segmented", "segment_cells"]

FUNCTION = "segment.segment_parts"
OURS = frozenset({FUNCTION, "segment.segment_nucleus"})
DRAWN = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmented:
    """What came of drawing masks.

    ``parts`` counts, for nucleus and cell of all cells asked for, what there is now: ``"drawn"``, or the code of the
    reason why there is no mask. ``by_people`` counts cells whose masks people drew or brought along: those stay.
    """

    tally: Tally
    parts: Mapping[Part, Mapping[str, int]]
    by_people: int


def segment_cells(
    workspace: Workspace, *, method: str = "best", terms: Sequence[str] = (), progress: ShowProgress = no_progress
) -> Segmented:
    """Draw nucleus and cell of the kept cells; where that fails, the mask says so with its reason.

    Of cells that are agreed to be basophils only the whole cell is drawn, as in the paper: granules cover the nucleus.
    A cell is drawn anew when the method has changed, or when it became a basophil or no longer is one; an interrupted
    run goes on where it stopped.

    Parameters
    ----------
    workspace
        Where.
    method : str
        ``"best"``, ``"easy-gt"``, …, see :data:`~buffycoat.segment.part_methods.PART_METHODS`.
    terms : sequence of str
        Only cells on which a closed round agreed for one of these, or for one below it; none means all kept cells.
    progress : callable
        Called after each cell.

    Raises
    ------
    InputError
        If there is no such method.
    UnknownTerm
        If there is no such term in the taxonomy of the latest round.
    """
    if method not in PART_METHODS:
        raise InputError("no such method of segmentation", expected=" or ".join(PART_METHODS), found=repr(method))
    wanted = _meant(workspace, terms)
    agreed = {
        cell_id: consensus.term
        for cell_id, consensus in consensus_by_cell(workspace).items()
        if consensus.term is not None and consensus.standing in (Standing.AGREED, Standing.ADJUDICATED)
    }
    with workspace.database.reading() as transaction:
        _, cells = current_cells(transaction, CellFilter(kept=True, with_pixels=True))
        runs = {run.id: run for run in transaction.find(Run, room="segment")}
        outcomes = [outcome for outcome in transaction.find(Outcome, room="segment") if outcome.code is None]
    if terms:
        cells = [cell for cell in cells if agreed.get(cell.id) in wanted]
    newest = {outcome.subject: outcome for outcome in sorted(outcomes, key=lambda outcome: outcome.finished_at)}
    ours = [cell for cell in cells if cell.id not in newest or runs[newest[cell.id].run_id].function in OURS]
    whole = Tally(room="segment", run_id="", before=len(cells) - len(ours))
    parts: dict[Part, Counter[str]] = {part: Counter() for part in Part}
    for whole_only in (False, True):
        chosen = [cell for cell in ours if _is_basophil(agreed.get(cell.id)) is whole_only]
        if chosen:
            run_id = _segment_all(workspace, chosen, method, whole, len(cells), progress, whole_only=whole_only)
            _count(workspace, run_id, {cell.id for cell in chosen}, parts)
    return Segmented(
        tally=whole,
        parts={part: dict(sorted(counts.items())) for part, counts in parts.items()},
        by_people=len(cells) - len(ours),
    )


def _meant(workspace: Workspace, terms: Sequence[str]) -> frozenset[str]:
    """Return terms with all that lies below them, as a saved query means them."""
    if not terms:
        return frozenset()
    with workspace.database.reading() as transaction:
        reference = latest_taxonomy(transaction)
    taxonomy = RAABIN if reference is None else taxonomy_of(workspace, reference)
    return frozenset().union(*map(taxonomy.below, terms))


def _is_basophil(term: str | None) -> bool:
    return term is not None and term.partition(".")[0] == "basophil"


def _segment_all(
    workspace: Workspace,
    cells: Sequence[Cell],
    method: str,
    whole: Tally,
    total: int,
    progress: ShowProgress,
    *,
    whole_only: bool,
) -> str:
    """Draw cells that are drawn alike, count them in, and return the id of their run."""
    asked: dict[str, Scalar] = {"method": method, "network": network_of(method)}
    if whole_only:
        asked["whole_only"] = True
    run = start_run(workspace, room="segment", function=FUNCTION, parameters=asked)
    earlier = whole.done + whole.before + len(whole.refused)

    def step(made: Progress) -> None:
        progress(replace(made, done=earlier + made.done, total=total))

    subjects = [
        (cell.id, partial(_segment, workspace, cell, method=method, whole_only=whole_only, run_id=run.id))
        for cell in cells
    ]
    tally = work(workspace, run, subjects, total=len(subjects), progress=step)
    whole.run_id = tally.run_id
    whole.done += tally.done
    whole.before += tally.before
    whole.seconds += tally.seconds
    whole.refused += tally.refused
    return run.id


def _count(workspace: Workspace, run_id: str, cells: set[str], parts: Mapping[Part, Counter[str]]) -> None:
    with workspace.database.reading() as transaction:
        for mask in transaction.find(Mask, run_id=run_id):
            if mask.cell_id in cells:
                parts[mask.part][mask.failure or DRAWN] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """What came of drawing one cell: size of the crop, runs of each part, codes of failures, and what was told."""

    height_px: int
    width_px: int
    runs: Mapping[Part, tuple[int, ...]]
    codes: Mapping[Part, str]
    told: str


def _draw(crop: bytes, name: str, *, method: str, whole_only: bool) -> _Drawn:
    pixels = decode_rgb(crop, name=name, max_megapixels=float("inf"))
    drawn: dict[Part, BinaryMask | None] = dict.fromkeys(Part)
    failures: dict[Part, BuffycoatError] = {}
    try:
        found = find_parts(pixels, method=method)
        drawn |= {Part.NUCLEUS: found.nucleus, Part.CELL: found.cell}
        failures |= border_failures(found)
    except (NothingFound, SeveralCells) as error:
        failures |= dict.fromkeys(Part, error)
    codes = {part: failure.code for part, failure in failures.items()}
    if whole_only:
        codes[Part.NUCLEUS] = WHOLE_ONLY
    told = [f"{part}: {failures[part]}" for part in Part if part in failures and codes[part] != WHOLE_ONLY]
    return _Drawn(
        height_px=pixels.shape[0],
        width_px=pixels.shape[1],
        runs={part: () if mask is None or part in codes else encode_run_lengths(mask) for part, mask in drawn.items()},
        codes=codes,
        told="; ".join(told),
    )


def _segment(workspace: Workspace, cell: Cell, *, method: str, whole_only: bool, run_id: str) -> Steps[Made]:
    crop = crop_bytes(workspace, cell)
    drawn = yield from elsewhere(_draw, crop, cell.id, method=method, whole_only=whole_only)
    masks = [
        Mask(
            id=derive_id("mask", {"cell": cell.id, "part": part, "run": run_id}),
            cell_id=cell.id,
            part=part,
            height_px=drawn.height_px,
            width_px=drawn.width_px,
            run_lengths=runs,
            method=method,
            failure=drawn.codes.get(part),
            supersedes=None,
            run_id=run_id,
        )
        for part, runs in drawn.runs.items()
    ]
    return Made(values=masks, message=drawn.told)
