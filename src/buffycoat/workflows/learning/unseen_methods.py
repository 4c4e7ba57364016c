"""Four ways to learn from some crops and answer for others; the doors to segment room and torch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NotFound, NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.cell_alignment import CellView, cell_view
from buffycoat.learn import fit_svm
from buffycoat.learn.balance import AS_IS, Copy, balanced_copies, varied_crop
from buffycoat.learn.cell_size import fit_size_prior, red_cells_in, with_size
from buffycoat.learn.recipe import Recipe
from buffycoat.learn.robust import RobustRecipe
from buffycoat.segment import extract_features
from buffycoat.segment.network import CELL_SHARE, nucleus_and_cell

__all__ = ["MethodTask", "answered", "looked_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodTask:
    """What is learned from, by which method, and what is asked."""

    method: str
    seed: int
    recipe: Recipe
    robust: RobustRecipe
    network: str
    weights: tuple[str, ...]
    steps: int | None
    threads: int
    crops: Sequence[RgbImage]
    labels: Sequence[str]
    laboratories: Sequence[str]
    asked: Sequence[RgbImage]


def answered(task: MethodTask) -> list[str | None]:
    """Return a class for each crop that is asked, ``None`` where nothing is seen in it."""
    if task.method == "features-svm":
        return _by_features(task)
    if task.method == "robust":
        return _robust(task)
    return _fine_tuned(task)


def looked_at(crop: RgbImage, *, views: int = 4) -> tuple[CellView | None, float | None]:
    """Return the cell in the middle of a crop, and the logarithm of its width in red cells where that is known."""
    drawn = nucleus_and_cell(crop, views=views)
    if drawn is None:
        return None, None
    view = cell_view(crop, drawn.nucleus, drawn.cell, left=drawn.left, top=drawn.top, side=drawn.side)
    red = red_cells_in(crop)
    return view, None if red is None else math.log(CELL_SHARE * drawn.side / red)


def _by_features(task: MethodTask) -> list[str | None]:
    rows = [_features(crop) for crop in task.crops]
    seen = [place for place, row in enumerate(rows) if row is not None]
    table = np.stack([row for row in rows if row is not None])
    recipe = task.recipe
    machine = fit_svm(
        table,
        [task.labels[place] for place in seen],
        cost=recipe.svm_cost,
        degree=recipe.svm_degree,
        favor=recipe.svm_neutrophil_weight,
    )
    asked = [_features(crop) for crop in task.asked]
    return [None if row is None else machine.predict(row[None])[0] for row in asked]


def _features(crop: RgbImage) -> NDArray[np.float64] | None:
    try:
        return extract_features(crop)
    except NothingFound:
        return None


def _fine_tuned(task: MethodTask) -> list[str | None]:
    from buffycoat.nets.classifier_plan import ClassifierPlan, LabeledCrops  # noqa: PLC0415 (torch, where it trains)
    from buffycoat.nets.classifier_training import predict_probabilities, train_classifier  # noqa: PLC0415 (as above)
    from buffycoat.nets.classifier_weights import find_weights  # noqa: PLC0415 (as above)

    recipe = task.recipe
    small = [_resized(crop, recipe.size) for crop in task.crops]
    numbers = {term: number for number, term in enumerate(recipe.classes)}
    copies: Sequence[Copy] = [Copy(place=place, variation=AS_IS) for place in range(len(small))]
    if task.method == "paper":
        scale = (recipe.scale_low, recipe.scale_high)
        copies = balanced_copies(task.labels, kinds=recipe.copies, most=recipe.copies_most, scale=scale, seed=task.seed)
    plan = ClassifierPlan(
        network=task.network,
        classes=len(recipe.classes),
        epochs=recipe.epochs,
        batch=recipe.batch,
        rate=recipe.rate,
        rate_factor=recipe.rate_factor,
        rate_epochs=recipe.rate_epochs,
        momentum=recipe.momentum,
        weight_decay=recipe.weight_decay,
        seed=task.seed,
        threads=task.threads,
    )
    shown = LabeledCrops(
        read=lambda place: varied_crop(small[copies[place].place], copies[place].variation),
        labels=tuple(numbers[task.labels[copy.place]] for copy in copies),
    )
    trained = train_classifier(shown, plan=plan, weights=find_weights(task.network, task.weights))
    asked = [_resized(crop, recipe.size) for crop in task.asked]
    said = predict_probabilities(trained.network, LabeledCrops(read=asked.__getitem__, labels=(0,) * len(asked)))
    return [recipe.classes[place] for place in said.argmax(axis=1).tolist()]


def _robust(task: MethodTask) -> list[str | None]:
    from buffycoat.nets.cell_pair import (  # noqa: PLC0415 (torch, as above)
        CellPair,
        FrozenCells,
        FrozenPlan,
        fit_frozen,
        frozen_rows,
    )
    from buffycoat.nets.cell_training import CellPlan, cell_logits, train_cells  # noqa: PLC0415 (torch, as above)
    from buffycoat.nets.cell_variation import CellVariation  # noqa: PLC0415 (as above)

    recipe, classes = task.robust, task.recipe.classes
    seen = [looked_at(crop) for crop in task.crops]
    kept = [place for place, (view, _) in enumerate(seen) if view is not None]
    labels = [classes.index(task.labels[place]) for place in kept]
    laboratories = [task.laboratories[place] for place in kept]
    variation = CellVariation(
        channel=recipe.channel,
        strength=recipe.strength,
        crossed=recipe.crossed,
        bend=recipe.bend,
        cytoplasm=recipe.cytoplasm,
        gray=recipe.gray,
        blur=recipe.blur,
    )
    plan = CellPlan(
        steps=task.steps or recipe.steps,
        batch=recipe.batch,
        rate=recipe.rate,
        last_rate=recipe.last_rate,
        weight_decay=recipe.weight_decay,
        smoothing=recipe.smoothing,
        balance=recipe.balance,
        mixed=recipe.mixed,
        backbone=recipe.backbone,
        variation=variation,
        seed=task.seed,
    )
    weights = _backbone(recipe.backbone, task.weights)
    views = [view for view, _ in seen if view is not None]
    strata = list(zip(laboratories, labels, strict=True))
    tuned = train_cells(views, labels, strata, classes=len(classes), plan=plan, weights=weights)
    rule = FrozenPlan(
        copies=recipe.copies,
        shrink=recipe.shrink,
        between=recipe.between,
        scale=recipe.scale,
        variation=variation,
        seed=task.seed,
    )
    frozen = FrozenCells(classes=len(classes), backbone=recipe.backbone, weights=weights)
    frozen = fit_frozen(frozen, frozen_rows(frozen, views, rule), labels, laboratories, rule)
    network = CellPair(tuned, frozen, share=recipe.frozen_share)
    asked = [looked_at(crop, views=recipe.mask_views) for crop in task.asked]
    logits = np.zeros((len(asked), len(classes)), np.float32)
    found = [place for place, (view, _) in enumerate(asked) if view is not None]
    logits[found] = cell_logits(network, [view for view, _ in asked if view is not None])
    sizes = [seen[place][1] for place in kept]
    known = {label for label, size in zip(labels, sizes, strict=True) if size is not None}
    if known == set(range(len(classes))):
        prior = fit_size_prior(sizes, labels, laboratories, classes=len(classes))
        logits = with_size(logits, [size for _, size in asked], prior, weight=recipe.size_weight)
    said: list[str | None] = [None] * len(asked)
    for place in found:
        said[place] = classes[int(logits[place].argmax())]
    return said


def _backbone(name: str, sources: Sequence[str]) -> str | None:
    """Return the first file of weights that is the backbone's; none is random numbers, which must be asked for."""
    beginning = name.split("-", maxsplit=1)[0]
    for source in sources:
        if source == "scratch":
            return None
        path = Path(source)
        found = sorted(path.glob(f"**/{beginning}*.safetensors")) if path.is_dir() else []
        if found:
            return str(found[0])
    raise NotFound(
        f"no weights of {name}",
        expected=f"{beginning}*.safetensors in a folder of --weights, or --weights scratch",
        found=", ".join(sources),
    )


def _resized(crop: RgbImage, size: int) -> RgbImage:
    method = cv2.INTER_AREA if min(crop.shape[:2]) > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (size, size), interpolation=method), np.uint8)
