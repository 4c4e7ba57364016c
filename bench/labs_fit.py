"""Fit the classifier that comes along on all three laboratories, and judge it at home, five folds by film."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.lab_sets import FITTED, NOT, TERMS
from bench.labs import (
    CLASSES,
    EMPTY_LESS,
    MASK_VIEWS,
    SEEDS,
    SIZE_WEIGHT,
    STEPS,
    Located,
    answers,
    judged,
    rows_of,
    size_prior,
    trained,
)
from buffycoat.domain.value import digest_of
from buffycoat.learn.cell_file import CellFacts, facts_for_file
from buffycoat.learn.robust import ROBUST
from buffycoat.metrics.calibration import reliability

__all__ = ["at_home", "calibrated", "fit_default"]

WEIGHTS = Path(__file__).parent.parent / "src" / "buffycoat" / "learn" / "weights"
FOLDS = 5
FEWEST = 10
UNSEEN = 4.0
RIGHT_WHERE_SURE = 0.9
FOLDERS = ("raabin_crops", "pbc_barcelona", "bccd")


def fit_default(data: Path, cells: list[Located]) -> list[dict[str, Any]]:
    """Write the file and its card; temperature and the rule of not knowing are chosen on laboratories left out."""
    from buffycoat.nets.cell_export import export_cells

    logits, truth = _left_out(cells)
    temperature, least_sure, rows = calibrated(logits, truth)
    facts = CellFacts(
        name="buffycoat-classifier-1",
        classes=CLASSES,
        temperature=round(temperature, 3),
        least_sure=round(least_sure, 3),
        unseen=UNSEEN,
        size=size_prior(cells),
        size_weight=SIZE_WEIGHT,
        mask_views=MASK_VIEWS,
    )
    network = trained("all three", cells, SEEDS[0])
    network.lift[-1] -= EMPTY_LESS
    content = export_cells(network, facts_for_file(facts))
    WEIGHTS.mkdir(exist_ok=True)
    (WEIGHTS / "classifier.onnx").write_bytes(content)
    card = {
        "what": "five classes of white blood cells, and what is none, of crops with one cell in the middle",
        "made_by": "python -m bench labs --fit",
        "fitted_on": dict(
            sorted(Counter(f"{one.cell.lab}, {one.cell.kind or one.cell.label}" for one in cells).items())
        ),
        "located_by": "segment/weights/segmenter.onnx, which was fitted on masks of the same three laboratories",
        "backbone": "ShuffleNetV2 1.0x of NanoDet (Apache-2.0), trained on ImageNet and COCO; one tuned, one frozen",
        "recipe": ROBUST,
        "steps": STEPS,
        "seed": SEEDS[0],
        "temperature": facts.temperature,
        "least_sure": facts.least_sure,
        "bytes": len(content),
        "sha256": digest_of(content),
        "files": _digests(data),
    }
    (WEIGHTS / "classifier.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return [*rows, {"figure": "classifier.onnx", "value": len(content), "unit": "bytes", "note": digest_of(content)}]


def calibrated(logits: NDArray[np.float32], truth: NDArray[np.int64]) -> tuple[float, float, list[dict[str, Any]]]:
    """Return the temperature of least loss, and the least sureness from which on 9 of 10 answers are right."""
    temperatures = np.exp(np.linspace(np.log(0.3), np.log(5), 80))
    losses = [-_logs(logits / each)[np.arange(len(truth)), truth].mean() for each in temperatures]
    temperature = float(temperatures[int(np.argmin(losses))])
    chances = np.exp(_logs(logits / temperature))
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == truth
    levels = np.arange(0.3, 0.96, 0.01)
    good = [level for level in levels if (sure >= level).any() and right[sure >= level].mean() >= RIGHT_WHERE_SURE]
    least_sure = float(min(good, default=levels[-1]))
    found = reliability(np.minimum(sure, 1), right)
    kept = sure >= least_sure
    rows = [
        {"figure": "left out: expected calibration error", "value": round(found.expected_error, 4), "unit": "10 bins"},
        {"figure": "left out: temperature", "value": round(temperature, 3)},
        {
            "figure": "left out: right where sure enough",
            "value": round(float(right[kept].mean()), 4),
            "unit": f"of the {kept.mean():.2f} that are answered from {least_sure:.2f} on",
        },
    ]
    return temperature, least_sure, rows


def at_home(cells: list[Located]) -> list[dict[str, Any]]:
    """Judge each fifth of the films by a network of the others; a film that holds a class alone, by photograph."""
    folds = _folds(cells)
    logits = np.zeros((len(cells), len(CLASSES)), np.float32)
    for fold in range(FOLDS):
        test = [place for place, one in enumerate(cells) if folds[place] == fold and not one.cell.extra]
        train = [one for place, one in enumerate(cells) if folds[place] != fold]
        logits[test] = answers(f"home-{fold}", train, [cells[place] for place in test], SEEDS[0])
    rows: list[dict[str, Any]] = []
    for lab in FITTED:
        mine = [place for place, one in enumerate(cells) if one.cell.lab == lab and not one.cell.extra]
        score = judged(lab, [cells[place] for place in mine], logits[mine], fewest=FEWEST)
        rows += rows_of(f"at home, {lab}", score, "five folds by film; classes of one film: same film")
        print(rows[-3])
    return rows


def _folds(cells: Sequence[Located]) -> list[int]:
    """Return the fold of each cell; cells of one group are never parted, nor films that do not hold a class alone."""
    films: dict[tuple[str, str], set[str]] = {}
    for one in cells:
        if one.cell.label != NOT:
            films.setdefault((one.cell.lab, one.cell.label), set()).add(one.cell.film)
    alone = {next(iter(names)) for names in films.values() if len(names) == 1}
    places: dict[str, str] = {}
    for one in cells:  # what shares a photograph or a film is one lump
        lump = one.cell.group if one.cell.film in alone else one.cell.film
        places[one.cell.name] = places.get(one.cell.group, lump)
    names = sorted({(one.cell.label, f"{one.cell.lab} {places[one.cell.name]}") for one in cells})
    fold: dict[str, int] = {}
    for number, (_, lump) in enumerate(names):
        fold.setdefault(lump, number % FOLDS)
    return [fold[f"{one.cell.lab} {places[one.cell.name]}"] for one in cells]


def _left_out(cells: list[Located]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return answers of networks that had never seen the laboratory."""
    logits, truth = [], []
    for lab in FITTED:
        test = [one for one in cells if one.cell.lab == lab and not one.cell.extra]
        said = answers(f"{lab}-{lab}", [one for one in cells if one.cell.lab != lab], test, SEEDS[0])
        kept = [place for place, one in enumerate(test) if one.cell.label in TERMS]
        logits.append(said[kept])
        truth.append(np.array([CLASSES.index(test[place].cell.label) for place in kept]))
    return np.concatenate(logits), np.concatenate(truth)


def _logs(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _digests(data: Path) -> dict[str, str]:
    paths = [path for folder in FOLDERS for path in (data / folder).rglob("*.jpg")]
    return {path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}
