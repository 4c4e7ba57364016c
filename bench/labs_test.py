"""The frozen look: LISC and Zheng's sets with the classifier that comes along; every look is numbered and listed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.lab_sets import TERMS, LabCell, unseen_cells
from bench.labs import CLASSES, rows_of
from buffycoat.domain.value import digest_of
from buffycoat.imaging.arrays import RgbImage
from buffycoat.learn.cell_file import CellClassifier
from buffycoat.learn.laboratories import UnseenScore, judge_unseen
from buffycoat.metrics.calibration import reliability
from buffycoat.workflows.classifying import UNKNOWN, classify, said_of

__all__ = ["LOOKS", "UNSEEN", "look"]

LOOKS = Path(__file__).parent / "results" / "labs-looks.csv"
UNSEEN = ("lisc", "zheng1", "zheng2")
_COLUMNS = ("look", "date", "file", *UNSEEN, "mean", "calibration_error", "answered", "right_of_answered")


def look(data: Path) -> list[dict[str, Any]]:
    """Return how it goes in the three laboratories, and append a line to the list of looks."""
    shipped = Path(__file__).parent.parent / "src" / "buffycoat" / "learn" / "weights" / "classifier.onnx"
    classifier = CellClassifier(shipped.read_bytes())
    cells = list(unseen_cells(data))
    rows: list[dict[str, Any]] = []
    scores: list[UnseenScore] = []
    chances = np.zeros((len(cells), len(CLASSES)), np.float32)
    for lab in UNSEEN:
        places = [place for place, cell in enumerate(cells) if cell.lab == lab]
        chances[places] = _asked(classifier, [cells[place] for place in places])
        scores.append(_judged(lab, [cells[place] for place in places], chances[places]))
        rows += rows_of(f"unseen, {lab}", scores[-1], f"{scores[-1].unanswered} called no white cell or not found")
    truth = np.array([CLASSES.index(cell.label) for cell in cells])
    right = chances.argmax(axis=1) == truth
    answered = np.array([said != UNKNOWN for said in said_of(chances, classifier)])
    error = reliability(chances.max(axis=1).clip(0, 1), right).expected_error
    line = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "file": digest_of(shipped.read_bytes())[:12],
        **{score.laboratory: round(score.balanced_accuracy, 4) for score in scores},
        "mean": round(float(np.mean([score.balanced_accuracy for score in scores])), 4),
        "calibration_error": round(error, 4),
        "answered": round(float(answered.mean()), 4),
        "right_of_answered": round(float(right[answered].mean()), 4) if answered.any() else "",
    }
    number = _listed(line)
    note = f"look {number}; file {line['file']}"
    rows += [
        {"figure": f"unseen: {name}", "value": line[name], "note": note}
        for name in ("mean", "calibration_error", "answered", "right_of_answered")
    ]
    return rows


def _asked(classifier: CellClassifier, cells: Sequence[LabCell]) -> NDArray[np.float32]:
    """Return probabilities; a cell that was not found is no white cell, and so an error."""
    found = [place for place, cell in enumerate(cells) if cell.crop is not None]
    crops: list[RgbImage] = [cell.crop for cell in cells if cell.crop is not None]
    widths = [cells[place].red_cell_px for place in found]
    told = any(width is not None for width in widths)
    chances = np.zeros((len(cells), len(CLASSES)), np.float32)
    chances[:, -1] = 1
    chances[found] = classify(crops, classifier, red_cell_px=widths if told else None)
    return chances


def _judged(lab: str, cells: Sequence[LabCell], chances: NDArray[np.float32]) -> UnseenScore:
    return judge_unseen(
        lab,
        [cell.label for cell in cells],
        [CLASSES[place] for place in chances.argmax(axis=1)],
        terms=TERMS,
        groups=[cell.group for cell in cells],
    )


def _listed(line: dict[str, Any]) -> int:
    number = 1
    if LOOKS.exists():
        with LOOKS.open(newline="") as file:
            number += sum(1 for _ in csv.DictReader(file))
    with LOOKS.open("a", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=_COLUMNS)
        if number == 1:
            writer.writeheader()
        writer.writerow({"look": number, **line})
    return number
