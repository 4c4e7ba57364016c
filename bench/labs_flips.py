"""How many wrong labels are found: 5 of 100 labels of each laboratory are exchanged, and suspected ones are looked up.

What is seen of each cell comes from the network trained without its laboratory, so it knows none of the labels.
A suspected label that was not exchanged counts as a false alarm, though some of those in the sets are wrong indeed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.lab_sets import FITTED, TERMS
from bench.labs import SEEDS, Located, tuned
from buffycoat.imaging.cell_alignment import shown_picture
from buffycoat.learn.confident import FEWEST, out_of_fold, suspect_labels

__all__ = ["flips"]

SHARE = 0.05
TIMES = 5
_BATCH = 32


def flips(cells: Sequence[Located]) -> list[dict[str, Any]]:
    """Return of each laboratory which share of suspected labels was exchanged, and of exchanged ones suspected."""
    rows: list[dict[str, Any]] = []
    for lab in FITTED:
        network = tuned(f"{lab}-{lab}", [one for one in cells if one.cell.lab != lab], SEEDS[0])
        mine = [one for one in cells if one.cell.lab == lab and not one.cell.extra and one.asked is not None]
        counts = Counter(one.cell.label for one in mine)
        terms = [term for term in TERMS if counts[term] >= FEWEST]
        mine = [one for one in mine if one.cell.label in terms]
        seen, groups = _seen(network, mine), [one.cell.group for one in mine]
        truth = np.array([terms.index(one.cell.label) for one in mine])
        exchanged = suspected = both = first = named = 0
        for seed in range(TIMES):
            rng = np.random.default_rng(seed)
            places = rng.choice(len(truth), round(SHARE * len(truth)), replace=False)
            labels = truth.copy()
            labels[places] = [rng.choice([each for each in range(len(terms)) if each != old]) for old in truth[places]]
            chances = out_of_fold(seen, labels.tolist(), groups, classes=len(terms), seed=seed)
            found = suspect_labels(labels.tolist(), chances)
            wrong = set(places.tolist())
            hits = [each for each in found if each.place in wrong]
            exchanged, suspected, both = exchanged + len(wrong), suspected + len(found), both + len(hits)
            first += sum(each.place in wrong for each in found[: len(wrong)])
            named += sum(each.proposed == truth[each.place] for each in hits)
        note = f"{lab}: {exchanged} of {TIMES * len(mine)} labels exchanged in {TIMES} goes, {suspected} suspected"
        figures = {
            "precision": both / max(1, suspected),
            "recall": both / exchanged,
            "recall of as many as were exchanged, the surest": first / exchanged,
            "of those found, the right class proposed": named / max(1, both),
        }
        rows += [
            {"figure": f"exchanged labels, {lab}: {name}", "value": round(figure, 3), "note": note}
            for name, figure in figures.items()
        ]
    return rows


def _seen(network: Any, cells: Sequence[Located]) -> np.ndarray:
    import torch

    rows = []
    with torch.no_grad():
        for first in range(0, len(cells), _BATCH):
            shown = [shown_picture(one.asked) for one in cells[first : first + _BATCH] if one.asked is not None]
            pictures, parts = (torch.from_numpy(np.stack(each)) for each in zip(*shown, strict=True))
            rows.append(torch.nn.functional.normalize(network.look(pictures, parts)[1]).numpy())
    return np.concatenate(rows)
