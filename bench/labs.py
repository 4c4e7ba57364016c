"""The default classifier in laboratories that it has not seen: each of three left out once, and fitted on all three.

``python -m bench labs`` leaves Raabin, Barcelona and BCCD out in turn and prints how it goes there; all that was
chosen was chosen on this. ``labs --fit`` then fits the file that comes along on all three,
``labs --home`` judges five folds by film within them, and ``labs --test`` looks at LISC and Zheng's sets with the
file that comes along, and appends a numbered line to ``results/labs-looks.csv``: it is run once a recipe is frozen in
a commit. ``labs --speed`` times that file, and ``labs --flips`` exchanges labels and looks how many are found.

``BUFFYCOAT_WEIGHTS`` names the folder with the backbone's weights, ``BUFFYCOAT_BENCH_KEEP`` one in which located cells
and the answers of each fold are kept; a run goes on there. ``BUFFYCOAT_LABS_SEEDS`` lists seeds,
``BUFFYCOAT_LABS_STEPS`` shortens or lengthens the training, ``BUFFYCOAT_LABS_FOLDS`` names some of the folds.
"""

from __future__ import annotations

import hashlib
import math
import os
import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import buffycoat
from bench.lab_sets import FITTED, NOT, TERMS, LabCell, fitted_cells
from buffycoat.imaging.cell_alignment import CellView, cell_view
from buffycoat.learn.cell_size import SizePrior, fit_size_prior, red_cells_in, with_size
from buffycoat.learn.laboratories import FEWEST_CELLS, UnseenScore, judge_unseen
from buffycoat.learn.robust import read_robust
from buffycoat.segment.network import CELL_SHARE, nucleus_and_cell

__all__ = ["CLASSES", "SIZE_WEIGHT", "Located", "answers", "located", "measure", "tuned"]

CLASSES = (*TERMS, NOT)
SIZE_WEIGHT = 0.7
EMPTY = 0.3
EMPTY_LESS = 1.0
"""What a cell that is seen is less likely to be no white cell than the network says: it is shown many that are none."""
STEPS = int(os.environ.get("BUFFYCOAT_LABS_STEPS", "400"))
SEEDS = tuple(int(seed) for seed in os.environ.get("BUFFYCOAT_LABS_SEEDS", "0").split(","))

SHARE = 0.5
"""Of the frozen network in what the pair says."""

MASK_VIEWS = read_robust().mask_views

Logits = NDArray[np.float32]
_ROWS: dict[tuple[str, str], NDArray[np.float32]] = {}


@dataclass(frozen=True, eq=False)
class Located:
    """A cell with what the classifier takes of it; no view where the segment room sees no cell.

    ``view`` is learned from, and drawn in four mirror images; ``asked`` is judged, and drawn as the recipe says.
    """

    cell: LabCell
    view: CellView | None
    size: float | None
    asked: CellView | None = None


def located(cells: Iterable[LabCell], kept: str) -> list[Located]:
    """Return the cells with their views and sizes; pixels of the crops are not kept."""
    folder = os.environ.get("BUFFYCOAT_BENCH_KEEP")
    path = Path(folder) / f"{kept}.pickle" if folder else None
    if path is not None and path.exists():
        return list(pickle.loads(path.read_bytes()))  # noqa: S301 (written below by this program)
    found = [_located(cell) for cell in cells]
    if path is not None:
        path.write_bytes(pickle.dumps(found))
    return found


def _located(cell: LabCell) -> Located:
    bare = replace(cell, crop=None)
    drawn = None if cell.crop is None else nucleus_and_cell(cell.crop)
    if cell.crop is None or drawn is None:
        return Located(bare, None, None)
    quick = nucleus_and_cell(cell.crop, views=MASK_VIEWS)
    view, asked = (
        cell_view(cell.crop, each.nucleus, each.cell, left=each.left, top=each.top, side=each.side)
        for each in (drawn, quick or drawn)
    )
    red = cell.red_cell_px or red_cells_in(cell.crop)
    return Located(bare, view, None if red is None else math.log(CELL_SHARE * drawn.side / red), asked)


def measure(
    data: Path, *, fit: bool = False, home: bool = False, test: bool = False, speed: bool = False, flips: bool = False
) -> list[dict[str, Any]]:
    """Return figures of one of the six."""
    if speed:
        from bench import labs_speed

        return labs_speed.speed(data)
    if test:
        from bench.labs_test import look

        return look(data)
    cells = located(fitted_cells(data), f"fitted-{MASK_VIEWS}")
    if flips:
        from bench import labs_flips

        return labs_flips.flips(cells)
    remember(cells)
    if home:
        from bench.labs_fit import at_home

        return at_home(cells)
    if fit:
        from bench.labs_fit import fit_default

        return fit_default(data, cells)
    return _left_out(cells)


def answers(name: str, train: Sequence[Located], test: Sequence[Located], seed: int) -> Logits:
    """Return numbers before the softmax for cells to be judged, float32 (n, classes), of a network trained on others.

    Where no cell is seen they say that it is no white cell.
    """
    folder = os.environ.get("BUFFYCOAT_BENCH_KEEP")
    path = Path(folder) / f"{name}-{seed}-{STEPS}-{MASK_VIEWS}-{_code([*train, *test])}.npz" if folder else None
    if path is not None and path.exists():
        with np.load(path) as file:
            return _sized(file["logits"], train, test)
    network = trained(name, train, seed)
    from buffycoat.nets.cell_training import cell_logits

    logits = np.zeros((len(test), len(CLASSES)), np.float32)
    logits[:, -1] = 4.0
    seen = [place for place, one in enumerate(test) if one.view is not None]
    logits[seen] = cell_logits(network, [test[place].asked for place in seen])  # type: ignore[misc]  # seen have views
    if path is not None:
        np.savez(path, logits=logits)
    return _sized(logits, train, test)


def trained(name: str, train: Sequence[Located], seed: int) -> Any:
    """Return the pair of networks of some cells: one trained on them, one frozen with a linear rule."""
    from buffycoat.nets.cell_pair import CellPair, FrozenCells, fit_frozen

    seen = [one for one in train if one.view is not None]
    rows = np.stack([_ROWS[one.cell.lab, one.cell.name] for one in seen], axis=1)
    labels = [CLASSES.index(one.cell.label) for one in seen]
    frozen = fit_frozen(
        FrozenCells(classes=len(CLASSES), weights=_backbone()), rows, labels, [one.cell.lab for one in seen], _plan()
    )
    return CellPair(tuned(name, train, seed), frozen, share=SHARE)


def remember(cells: Sequence[Located]) -> None:
    """Look at all cells and their copies with the frozen network, once."""
    from buffycoat.nets.cell_pair import FrozenCells, frozen_rows

    seen = [one for one in cells if one.view is not None]
    folder = os.environ.get("BUFFYCOAT_BENCH_KEEP")
    path = Path(folder) / f"frozen-{_code(seen)}.npz" if folder else None
    if path is not None and path.exists():
        with np.load(path) as file:
            rows = file["rows"]
    else:
        network = FrozenCells(classes=len(CLASSES), weights=_backbone())
        rows = frozen_rows(network, [one.view for one in seen if one.view is not None], _plan())
        if path is not None:
            np.savez(path, rows=rows)
    _ROWS.update({(one.cell.lab, one.cell.name): rows[:, place] for place, one in enumerate(seen)})


def _plan() -> Any:
    from buffycoat.nets.cell_pair import FrozenPlan

    return FrozenPlan(rare=((len(TERMS), EMPTY),))


def _backbone() -> Path | None:
    weights = os.environ.get("BUFFYCOAT_WEIGHTS")
    return None if weights is None else next(Path(weights).glob("**/shufflenet*.safetensors"))


def tuned(name: str, train: Sequence[Located], seed: int) -> Any:
    """Return the trained one of the two networks."""
    import torch

    from buffycoat.nets.cell_training import CellPlan, train_cells

    folder = os.environ.get("BUFFYCOAT_BENCH_KEEP")
    path = Path(folder) / f"{name}-{seed}-{STEPS}-{_code(train)}.pt" if folder else None
    if path is not None and path.exists():
        from buffycoat.nets.cell_network import CellNetwork

        network = CellNetwork(classes=len(CLASSES))
        network.load_state_dict(torch.load(path, weights_only=True))
        return network.eval()
    seen = [one for one in train if one.view is not None]
    network = train_cells(
        [one.view for one in seen if one.view is not None],
        [CLASSES.index(one.cell.label) for one in seen],
        [(one.cell.lab, one.cell.label) for one in seen],
        classes=len(CLASSES),
        plan=CellPlan(steps=STEPS, rare=((len(TERMS), EMPTY),), seed=seed),
        weights=_backbone(),
        progress=lambda step, loss: print(f"{name} seed {seed}: {step} of {STEPS}, loss {loss:.3f}", flush=True),
    )
    if path is not None:
        torch.save(network.state_dict(), path)
    return network


def _code(cells: Sequence[Located]) -> str:
    """Name cells, networks and alignment as they stand: what is kept belongs to these."""
    home = Path(buffycoat.__file__).parent
    made_by = [home / "imaging" / "cell_alignment.py", *sorted((home / "nets").glob("cell_*.py"))]
    named = repr([(one.cell.lab, one.cell.name) for one in cells]).encode()
    return hashlib.sha256(b"".join([named, *(source.read_bytes() for source in made_by)])).hexdigest()[:8]


def size_prior(cells: Sequence[Located]) -> SizePrior:
    """Return how large the classes are in some laboratories."""
    seen = [one for one in cells if one.view is not None]
    return fit_size_prior(
        [one.size for one in seen],
        [CLASSES.index(one.cell.label) for one in seen],
        [one.cell.lab for one in seen],
        classes=len(CLASSES),
        anything=len(TERMS),
    )


def _sized(logits: Logits, train: Sequence[Located], test: Sequence[Located]) -> Logits:
    sizes = [one.size if one.view is not None else None for one in test]
    sized = with_size(logits, sizes, size_prior(train), weight=SIZE_WEIGHT)
    sized[[one.view is not None for one in test], -1] -= EMPTY_LESS
    return sized


def judged(
    name: str, cells: Sequence[Located], logits: Logits, *, forced: bool = False, fewest: int = FEWEST_CELLS
) -> UnseenScore:
    """Return how well white cells are told apart; ``forced`` to one of the five classes."""
    kept = [place for place, one in enumerate(cells) if one.cell.label in TERMS]
    said = logits[:, : len(TERMS)] if forced else logits
    return judge_unseen(
        name,
        [cells[place].cell.label for place in kept],
        [CLASSES[said[place].argmax()] for place in kept],
        terms=TERMS,
        groups=[cells[place].cell.group for place in kept],
        fewest=fewest,
    )


def rows_of(title: str, score: UnseenScore, note: str) -> list[dict[str, Any]]:
    """Return the lines of a score."""
    low, high = score.interval or (math.nan, math.nan)
    shares = " ".join(
        f"{term[:4]} {row[place] / sum(row):.2f}" if sum(row) else f"{term[:4]} –"
        for place, (term, row) in enumerate(zip(TERMS, score.confusion, strict=True))
    )
    about = f"{low:.3f} to {high:.3f}; {shares}; {note}"
    figures = {
        "balanced accuracy": score.balanced_accuracy,
        "balanced accuracy, all classes": score.all_classes,
        "macro-F1": score.macro_f1,
    }
    return [
        {"figure": f"{title}: {name}", "value": round(value, 4), "unit": f"of {score.cells} cells", "note": about}
        for name, value in figures.items()
    ]


def _left_out(cells: list[Located]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    wanted = os.environ.get("BUFFYCOAT_LABS_FOLDS", ",".join((*FITTED, "only-barcelona"))).split(",")
    found: dict[tuple[str, int], float] = {}
    for seed in SEEDS:
        for fold in wanted:
            only = fold.removeprefix("only-")
            alone = only != fold
            train = [one for one in cells if (one.cell.lab == only) == alone]
            for lab in ["bccd"] if alone else [fold]:
                test = [one for one in cells if one.cell.lab == lab and not one.cell.extra]
                logits = answers(f"{fold}-{lab}", train, test, seed)
                title = f"{fold} → {lab}" if alone else f"without {lab}"
                score, forced = judged(lab, test, logits), judged(lab, test, logits, forced=True)
                empty = [place for place, one in enumerate(test) if one.cell.label == NOT]
                refused = float((logits[empty].argmax(axis=1) == len(TERMS)).mean())
                note = f"seed {seed}; {score.unanswered} called no cell; {refused:.2f} of {len(empty)} others are"
                rows += rows_of(title, score, note) + rows_of(f"{title}, of five", forced, f"seed {seed}")
                found[fold, seed] = score.balanced_accuracy
                print(*(f"{row['figure']} {row['value']} {row['note']}" for row in rows[-6::2]), sep="\n", flush=True)
    if set(FITTED) <= set(wanted):
        means = [np.mean([found[fold, seed] for fold in FITTED]) for seed in SEEDS]
        rows.append(
            {
                "figure": "left out in turn: mean balanced accuracy",
                "value": round(float(np.mean(means)), 4),
                "note": f"seeds {SEEDS}: {', '.join(f'{each:.3f}' for each in means)}",
            }
        )
    return rows
