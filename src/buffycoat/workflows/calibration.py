"""Thresholds of the paper's hashes as a measured choice: on the workspace's own crops, and on what a person says."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import numpy as np

from buffycoat.clean.borderline import AnsweredThresholds, BorderlinePair, borderline_pairs, thresholds_from_answers
from buffycoat.clean.calibration import Calibration, ThresholdFigures, calibrate, pairs_across, retake_distances
from buffycoat.clean.evidence import registered_pair
from buffycoat.domain.cell import Cell
from buffycoat.domain.value import value
from buffycoat.errors import AlreadyExists, InputError, NotFound, TooFew, UnreadableFormat, UnwritableFile
from buffycoat.imaging.codecs import encode_jpeg, read_bytes
from buffycoat.imaging.hashes import Hashes
from buffycoat.store.queries import CellFilter, current_cells, smear_by_cell
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.filters import spread_out
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "HashedCells",
    "ThresholdFigures",
    "calibrate_hashes",
    "hashed_cells",
    "read_answers",
    "write_borderline",
]

COLUMNS = ("a", "b", "average_bits_apart", "perceptual_bits_apart", "same", "picture")
_YES, _NO = frozenset({"yes", "y", "1", "true"}), frozenset({"no", "n", "0", "false"})


@value
class HashedCells:
    """Cells with pixels, their hashes as whole numbers, and the smear of each."""

    cells: tuple[Cell, ...]
    average: Hashes
    perceptual: Hashes
    smears: tuple[str, ...]


def hashed_cells(workspace: Workspace, smear_id: str | None = None) -> HashedCells:
    """Return the cells with pixels, of one smear or of all."""
    with workspace.database.reading() as transaction:
        cells = current_cells(transaction, CellFilter(smear_id=smear_id, with_pixels=True))[1]
        home = smear_by_cell(transaction)
    return HashedCells(
        cells=tuple(cells),
        average=np.array([int(cell.average_hash or "0", 16) for cell in cells], np.uint64),
        perceptual=np.array([int(cell.perceptual_hash or "0", 16) for cell in cells], np.uint64),
        smears=tuple(home[cell.id] for cell in cells),
    )


def calibrate_hashes(
    workspace: Workspace, *, seed: int = 0, most: int = 500, progress: ShowProgress = no_progress
) -> Calibration:
    """Return what thresholds of the two hashes do on the crops of a workspace, and which to take.

    Repeats are made by taking crops again with another shift, focus and light; pairs that are none are those of
    different smears. See `buffycoat.clean.calibration.calibrate`.

    Parameters
    ----------
    workspace
        Where.
    seed : int
        Of the retakes.
    most : int
        At most so many crops are taken again, spread over all.
    progress : callable
        Called after each of them is read.

    Raises
    ------
    TooFew
        There is no crop, or only one smear.
    """
    known = hashed_cells(workspace)
    chosen = spread_out(known.cells, most)
    crops = []
    for position, cell in enumerate(chosen, start=1):
        crops.append(cell_pixels(workspace, cell))
        progress(Progress(room="repeats", done=position, total=len(chosen)))
    negatives = pairs_across(known.average, known.perceptual, known.smears)
    apart = retake_distances(crops, np.random.default_rng(seed))
    return calibrate(apart, negatives, largest_film=max(Counter(known.smears).values(), default=0), sources=len(crops))


def write_borderline(
    workspace: Workspace, folder: Path, *, average_bits: int, perceptual_bits: int, most: int = 40
) -> int:
    """Write the pairs that lie closest to the thresholds: a table to be filled in with yes or no, and their pictures.

    Returns
    -------
    int
        How many pairs.

    Raises
    ------
    AlreadyExists
        The folder is there.
    UnwritableFile
        It cannot be made.
    TooFew
        No pair lies near the thresholds.
    """
    if folder.exists():
        raise AlreadyExists(f"{folder.name} is there already", hint="name another folder, or move that one away")
    known = hashed_cells(workspace)
    bits = {"average_bits": average_bits, "perceptual_bits": perceptual_bits}
    pairs = borderline_pairs(known.average, known.perceptual, known.smears, **bits, at_most=most)
    if not pairs:
        raise TooFew("no pair of one smear lies near these thresholds", expected="at least 1", found="0")
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UnwritableFile(f"{folder.name} cannot be made", found=error.strerror or "") from error
    with (folder / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number, pair in enumerate(pairs, start=1):
            one, other = known.cells[pair.a], known.cells[pair.b]
            picture = f"{number:03}.jpg"
            shown = registered_pair(cell_pixels(workspace, one), cell_pixels(workspace, other), None)
            (folder / picture).write_bytes(encode_jpeg(shown))
            table.writerow([one.id, other.id, pair.average_apart, pair.perceptual_apart, "", picture])
    return len(pairs)


def read_answers(table: Path, *, precision: float = 0.98) -> AnsweredThresholds:
    """Return the thresholds that a person's answers on borderline pairs ask for.

    Rows without an answer are passed over.

    Raises
    ------
    NotFound
        There is no such table.
    UnreadableFormat
        It is no text, a column is missing, or an answer is neither yes nor no.
    InputError
        A row that is answered does not say how far apart its hashes are.
    TooFew
        No answer is yes.
    """
    if table.is_dir():
        table /= "pairs.csv"
    if not table.is_file():
        raise NotFound("there is no such table of answers", found=table.name)
    content = read_bytes(table, name=table.name)
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        missing = [name for name in COLUMNS[2:5] if name not in (rows.fieldnames or [])]
        if missing:
            raise UnreadableFormat(
                f"{table.name} lacks columns", expected=", ".join(COLUMNS), found=", ".join(rows.fieldnames or [])
            )
        told = list(rows)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFormat(f"{table.name} is no table", expected="CSV in UTF-8", found=str(error)) from error
    pairs: list[BorderlinePair] = []
    same: list[bool] = []
    for line, row in enumerate(told, start=2):
        said = (row["same"] or "").strip().lower()
        if not said:
            continue
        if said not in _YES | _NO:
            raise UnreadableFormat(f"{table.name}, line {line}, same", expected="yes or no", found=repr(said))
        try:
            average, perceptual = (int(row[name] or "") for name in COLUMNS[2:4])
        except ValueError as error:
            raise InputError(
                f"{table.name}, line {line}", expected="bits as whole numbers", found=str(error)
            ) from error
        number = len(pairs)
        pairs.append(
            BorderlinePair(a=number, b=number + 1, average_apart=average, perceptual_apart=perceptual, margin=0)
        )
        same.append(said in _YES)
    return thresholds_from_answers(pairs, same, precision=precision)
