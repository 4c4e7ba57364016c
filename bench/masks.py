"""Masks of nucleus and whole cell beside those that people drew, every method, an error counted as 0.

``python -m bench masks`` reports on BCCD (``best`` by networks that saw neither the field nor one that overlaps it) and
on the crops drawn for this project, and on which crops are refused as several cells; ``--bccd``, ``--drawn``,
``--several`` and ``--speed`` do a part. ``python -m bench masks --test`` reports on both sets of Zheng, and is the only
way here to open them for ``best``: nothing is chosen there.

Environment: ``BUFFYCOAT_FOLDS`` names the folder of the networks that ``python -m bench fit_segmenter`` makes there:
``fold-0.onnx`` to ``fold-4.onnx``, each fitted without the fields of that fold (``mask_sets.bccd_folds``), and
``without-raabin.onnx``, ``without-barcelona.onnx``, fitted without the crops drawn of that set;
``BUFFYCOAT_SHEETS`` one outside the project for the worst twenty of each set over their photographs, and for the same
without photographs, which may go into the docs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.mask_errors import offset_rows, place_rows
from bench.mask_methods import EASY_GT, UNTRAINED, Scored, another_network, best, rows_of, scored, unchecked
from bench.mask_misfits import misplaced
from bench.mask_rivals import asked, rival_rows
from bench.mask_sets import FOLDS, SHARP_FROM, MaskedCell, bccd_folds, bccd_masked, drawn_masked, zheng_masked
from bench.mask_sheets import put_sheets

__all__ = ["measure"]

PAIRS = 110

NOT_MEASURED = {"figure": "best, out-of-fold", "value": "", "note": "not measured: no such network in BUFFYCOAT_FOLDS"}


def measure(
    data: Path,
    *,
    test: bool = False,
    bccd: bool = False,
    drawn: bool = False,
    several: bool = False,
    speed: bool = False,
) -> list[dict[str, Any]]:
    """Return Dice of every method on the sets to choose on, and the speed, or a part of that; or Zheng's sets only."""
    if test:
        return [row for name in ("dataset1", "dataset2") for row in _zheng(data, name)]
    every = not (bccd or drawn or several or speed)
    parts = [(_bccd, bccd), (_drawn, drawn), (_several, several), (_speed, speed)]
    return [row for part, chosen in parts if every or chosen for row in part(data)]


def _bccd(data: Path) -> list[dict[str, Any]]:
    cells, left_out = bccd_masked(data)
    whole, cut = [each for each in cells if not each.cut], [each for each in cells if each.cut]
    beside = [each.name for each in whole if misplaced(each)]
    rows: list[dict[str, Any]] = [
        {
            "figure": "BCCD: white cells with a mask",
            "value": len(cells),
            "note": f"{len(cut)} of them cut by the border of the field; {len(left_out)} boxes without a mask of their "
            f"own: {'; '.join(left_out)}",
        },
        {
            "figure": "BCCD: masks that lie beside the nucleus they show",
            "value": len(beside),
            "note": f"by bench.mask_misfits, of {len(whole)} cells wholly in the field: {', '.join(beside)}",
        },
    ]
    for name, method in UNTRAINED.items():
        found = scored(whole, method)
        rows += _bccd_rows(name, found)
        if name == EASY_GT:
            rows += _why(name, found)
        rows += rows_of("BCCD, cells cut by the border", name, scored(cut, method))
    rows += _out_of_fold(data, whole, cut)
    rows += _bccd_rows("best as shipped (fitted on all of these)", scored(whole, best))
    refused = Counter(each.failure or "not refused" for each in scored(cut, best))
    told = ", ".join(f"{count} {name}" for name, count in refused.most_common())
    rows.append(
        {
            "figure": "BCCD, cells cut by the border: best as shipped, refused",
            "value": len(cut) - refused["not refused"],
            "note": f"of {len(cut)}: {told}",
        }
    )
    return rows


def _out_of_fold(data: Path, whole: Sequence[MaskedCell], cut: Sequence[MaskedCell]) -> list[dict[str, Any]]:
    """Return what networks find in fields that neither they nor fields of the same region were fitted on."""
    folder = _networks()
    made = [fold for fold in range(FOLDS) if folder is not None and (folder / f"fold-{fold}.onnx").is_file()]
    if folder is None or not made:
        return [NOT_MEASURED]
    folds = bccd_folds(data)
    checked, drawn = [], []
    for fold in made:
        with another_network(folder / f"fold-{fold}.onnx"):
            checked += scored([each for each in whole if folds[each.group] == fold], best)
            drawn += scored([each for each in cut if folds[each.group] == fold], unchecked)
    put_sheets("bccd", checked)
    method = "best, out-of-fold" + ("" if len(made) == FOLDS else f", folds {' and '.join(map(str, made))} only")
    return [
        *_bccd_rows(method, checked),
        *rows_of("BCCD, cells cut by the border, without refusals", method, drawn),
        *_why(method, checked),
    ]


def _bccd_rows(method: str, found: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return all whole cells, those whose mask lies where it should, and all by who drew them."""
    rows = rows_of("BCCD, cells wholly in the field", method, found)
    fitting = [each for each in found if not misplaced(each.drawn)]
    rows += rows_of(f"BCCD, of these {len(fitting)} whose mask is not misplaced", method, fitting)
    for where, chosen in _by_drawer(found).items():
        rows += rows_of(where, method, chosen)
    return rows


def _by_drawer(found: Sequence[Scored]) -> dict[str, list[Scored]]:
    """Return cells before and from the field where masks are exact."""
    early = [each for each in found if int(each.drawn.name[:5]) < SHARP_FROM]
    late = [each for each in found if int(each.drawn.name[:5]) >= SHARP_FROM]
    return {
        f"BCCD, of these in fields before {SHARP_FROM:05d}": early,
        f"BCCD, of these in fields from {SHARP_FROM:05d}": late,
    }


def _why(method: str, found: Sequence[Scored]) -> list[dict[str, Any]]:
    rows = []
    for where, chosen in _by_drawer(found).items():
        rows += [*place_rows(where, method, chosen), *offset_rows(where, method, chosen)]
    return rows


def _networks() -> Path | None:
    folder = os.environ.get("BUFFYCOAT_FOLDS")
    return Path(folder) if folder else None


def _drawn(data: Path) -> list[dict[str, Any]]:
    cells, folder = list(drawn_masked(data)), _networks()
    rows = []
    for name in sorted({each.set for each in cells}):
        chosen = [each for each in cells if each.set == name]
        for method, masks in UNTRAINED.items():
            rows += rows_of(name, method, scored(chosen, masks))
        network = None if folder is None else folder / f"without-{name.rpartition(' ')[2]}.onnx"
        if network is None or not network.is_file():
            rows.append({**NOT_MEASURED, "figure": f"{name}: best fitted without this set"})
        else:
            with another_network(network):
                found = scored(chosen, best)
            for where, part in {name: found, **_by_kind(name, found)}.items():
                rows += rows_of(where, "best fitted without this set", part)
            put_sheets(name.replace(", ", "-"), found)
        rows += rows_of(name, "best as shipped (fitted on these)", scored(chosen, best))
    return rows


def _by_kind(name: str, found: Sequence[Scored]) -> dict[str, list[Scored]]:
    """Return the cells of each class, and those that were hard to draw."""
    kinds = sorted({each.drawn.kind for each in found})
    chosen = {f"{name}, {kind}s": [each for each in found if each.drawn.kind == kind] for kind in kinds}
    return {**chosen, f"{name}, hard to draw": [each for each in found if each.drawn.hard]}


def _several(data: Path) -> list[dict[str, Any]]:
    """Return how often crops are refused as several cells, by networks that had not seen them."""
    folder = _networks()
    if folder is None:
        return [NOT_MEASURED]
    rows, found, folds = [], [], bccd_folds(data)
    whole = [each for each in bccd_masked(data)[0] if not each.cut]
    for fold in range(FOLDS):
        with another_network(folder / f"fold-{fold}.onnx"):
            found += asked([each for each in whole if folds[each.group] == fold], pairs=PAIRS // FOLDS, seed=fold)
    rows += rival_rows("BCCD, out-of-fold", found)
    drawn = list(drawn_masked(data))
    for name in sorted({each.set for each in drawn}):
        network = folder / f"without-{name.rpartition(' ')[2]}.onnx"
        if network.is_file():
            with another_network(network):
                found = asked([each for each in drawn if each.set == name], pairs=PAIRS)
            rows += rival_rows(f"{name}, fitted without this set", found)
    return rows


def _zheng(data: Path, name: str) -> list[dict[str, Any]]:
    cells, rows = zheng_masked(data, name), []
    for method, masks in UNTRAINED.items():
        rows += rows_of(f"Zheng {name}, test only", method, scored(cells, masks))
    found = scored(cells, best)
    rows += rows_of(f"Zheng {name}, test only", "best", found)
    rows += rows_of(f"Zheng {name}, test only", "best without refusals", scored(cells, unchecked))
    put_sheets(f"zheng-{name}", found)
    return rows


def _speed(data: Path) -> list[dict[str, Any]]:
    """Return speeds measured in a process that cannot import torch."""
    done = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", "bench.mask_speed", str(data)], check=True, capture_output=True, text=True
    )
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows
