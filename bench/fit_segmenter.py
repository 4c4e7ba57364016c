"""Fit the network of ``best`` on cells of three stains: BCCD with its own masks, Raabin and Barcelona with ours.

``python -m bench fit_segmenter`` makes ``segment/weights/segmenter.onnx`` and its card again, fitted on all of these
cells: none of them tells how good that file is. With ``BUFFYCOAT_FOLDS``, the name of a folder, it makes there the
networks that ``python -m bench masks`` scores on what they were not fitted on: ``fold-0.onnx`` to
``fold-4.onnx``, each without a fifth of BCCD's fields (``mask_sets.bccd_folds``), and ``without-raabin.onnx`` and
``without-barcelona.onnx``. One that lies there already is not made again. ``without-bccd``, made when it is asked for,
is what the parts of ``best`` were weighed with: how they do on a stain that is new.

Environment: ``BUFFYCOAT_SEGMENTER_STEPS`` and ``BUFFYCOAT_SEGMENTER_SIDES``, such as ``64,80,96,112``, shorten or
lengthen the training; ``BUFFYCOAT_SEGMENTER_PARTS`` names which networks are made, such as ``fold-0 without-raabin``;
``BUFFYCOAT_SEGMENTER_OUT`` names another folder for the file that comes along.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from bench.detection_sets import Example, bccd_fields
from bench.drawn_masks import drawn_masks
from bench.mask_sets import FOLDS, bccd_folds
from buffycoat.domain.geometry import Box
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.crops import crop, crop_mask
from buffycoat.nets.segmenter import Segmenter, parameter_count
from buffycoat.nets.segmenter_export import export_segmenter
from buffycoat.nets.segmenter_training import SegmenterPlan, train_segmenter
from buffycoat.nets.segmenter_variation import DrawnCell, Palette
from buffycoat.segment.network import LOOK_PX, SegmenterNetwork

__all__ = ["bccd_drawn", "glass_of", "measure", "palettes"]

NUCLEUS_LEVEL, CELL_LEVEL = 205, 80
CELL_PX = 96
DRAWN_PX = 256
AROUND = 3.0
SMALLEST_PX = 1500
LEAST_OVERLAP = 0.6
EMPTY_PX = 300
EVERY_EMPTY = 5
SHARES = (0.4, 0.3, 0.3)
DRAWN = ("barcelona", "raabin")
TOLD = (
    "BCCD (MIT), masks of Banik et al. 2020, all of its fields",
    "Barcelona (CC BY 4.0), our masks",
    "Raabin, our masks",
)
FOLDER = Path(__file__).parents[1] / "src" / "buffycoat" / "segment" / "weights"


@dataclass(frozen=True)
class Sourced:
    """A drawn cell and where it comes from: what shares a group is kept in one fold."""

    group: str
    drawn: DrawnCell


def measure(data: Path) -> list[dict[str, Any]]:
    """Make the file that comes along or, where ``BUFFYCOAT_FOLDS`` is set, the networks that were not fitted on all."""
    folder = os.environ.get("BUFFYCOAT_FOLDS")
    usual = [f"fold-{fold}" for fold in range(FOLDS)] + [f"without-{name}" for name in DRAWN]
    names = os.environ.get("BUFFYCOAT_SEGMENTER_PARTS", " ".join(usual)).split() if folder else []
    cells, drawn, colors = bccd_drawn(data), drawn_cells(data), palettes(data)
    usually, sides = SegmenterPlan(), os.environ.get("BUFFYCOAT_SEGMENTER_SIDES")
    plan = SegmenterPlan(
        steps=int(os.environ.get("BUFFYCOAT_SEGMENTER_STEPS", usually.steps)),
        sides=tuple(map(int, sides.split(","))) if sides else usually.sides,
    )
    if not folder:
        seen = [[each.drawn for each in cells], *(drawn[name] for name in DRAWN)]
        content, note = _fitted(seen, plan, SHARES, colors)
        return _written(content, plan, seen, note)
    folds, rows = bccd_folds(data), []
    for name in names:
        kind, _, which = name.partition("-")
        kept = [each.drawn for each in cells if kind != "fold" or folds[each.group] != int(which)]
        stains = {"bccd": kept, **drawn}
        shares = dict(zip(stains, SHARES, strict=True))
        if kind == "without":
            del stains[which], shares[which]
        file = Path(folder, f"{name}.onnx")
        if not file.is_file():
            content, note = _fitted(list(stains.values()), plan, list(shares.values()), colors)
            file.write_bytes(content)
            count = sum(len(stain) for stain in stains.values())
            rows.append({"figure": f"segmenter: {name}", "value": count, "unit": "cells", "note": note})
    return rows


def _fitted(
    stains: Sequence[Sequence[DrawnCell]], plan: SegmenterPlan, shares: Sequence[float], colors: Sequence[Palette]
) -> tuple[bytes, str]:
    torch.set_num_threads(1)
    started = time.perf_counter()

    def tell(step: int, loss: float) -> None:
        print(f"step {step} of {plan.steps}, loss {loss:.4f}, {time.perf_counter() - started:.0f} s", flush=True)

    trained = train_segmenter(stains, plan=plan, shares=shares, palettes=colors, progress=tell)
    content = export_segmenter(trained, {"buffycoat.segmenter": "1"})
    _same(trained, content, stains)
    minutes = (time.perf_counter() - started) / 60
    return content, f"{parameter_count(trained)} weights, {plan.steps} steps, {minutes:.0f} minutes on one core"


def _same(trained: Segmenter, content: bytes, stains: Sequence[Sequence[DrawnCell]]) -> None:
    """Check that the file gives what torch gives, but for 16 bits."""
    fitted = SegmenterNetwork(content)
    for stain in stains:
        shown = _sized_to(stain[0].image, LOOK_PX)
        with torch.inference_mode():
            asked = trained(torch.from_numpy(shown).permute(2, 0, 1)[None].float()).sigmoid().numpy()
        assert np.abs(np.stack(fitted.draw(shown)) - asked[0]).max() < 0.05


def _written(
    content: bytes, plan: SegmenterPlan, stains: Sequence[Sequence[DrawnCell]], note: str
) -> list[dict[str, Any]]:
    folder = Path(os.environ.get("BUFFYCOAT_SEGMENTER_OUT", FOLDER))
    card = {
        "what": "nucleus and whole cell of a crop",
        "made_by": "python -m bench fit_segmenter",
        "fitted_on": {name: len(stain) for name, stain in zip(TOLD, stains, strict=True)},
        "steps": plan.steps,
        "batch": plan.batch,
        "sides": plan.sides,
        "seed": plan.seed,
        "torch": torch.__version__,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (folder / "segmenter.onnx").write_bytes(content)
    (folder / "segmenter.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return [{"figure": "segmenter: file", "value": round(len(content) / 1e6, 3), "unit": "MB", "note": note}]


# ---------------------------------------------------------------- cells


def bccd_drawn(data: Path) -> list[Sourced]:
    """Return the drawn cells of BCCD that fit their box, and windows of its fields without any."""
    cells, empty = [], []
    for number, field in enumerate(bccd_fields(data)):
        if not _mask_of(data, field).is_file():
            continue
        drawn = np.asarray(Image.open(_mask_of(data, field)).convert("L"))
        clear = glass_of(field.image)
        found = (_boxed(field, drawn, box, clear) for box in field.boxes)
        cells += [Sourced(field.group, each) for each in found if each is not None]
        window = _empty(field.image, drawn, clear, np.random.default_rng(number))
        empty += [] if window is None else [Sourced(field.group, window)]
    return cells + empty[::EVERY_EMPTY]


def _mask_of(data: Path, field: Example) -> Path:
    return data / "bccd" / "fields" / "masks_nucleus_cytoplasm" / f"{field.name.replace('_', '_Mask_')}.png"


def drawn_cells(data: Path) -> dict[str, list[DrawnCell]]:
    """Return the cells of Barcelona and Raabin that we drew."""
    cells: dict[str, list[DrawnCell]] = {name: [] for name in DRAWN}
    for each in drawn_masks(data):
        image = _sized(each.crop)
        whole = _sized(each.cell.astype(np.uint8) * 255)
        nucleus = np.zeros_like(whole) if each.nucleus is None else _sized(each.nucleus.astype(np.uint8) * 255)
        cells[each.set].append(
            DrawnCell(
                image=image,
                nucleus=np.minimum(nucleus, whole),
                cell=whole,
                glass=glass_of(image),
                nucleus_known=each.nucleus is not None,
            )
        )
    return cells


def _sized(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, (DRAWN_PX, DRAWN_PX), interpolation=cv2.INTER_AREA), np.uint8)


def glass_of(image: RgbImage) -> tuple[float, float, float]:
    """Return the color of the brightest fifth that is no padding."""
    pixels = image.reshape(-1, 3)[::7]
    pixels = pixels[(pixels < 255).any(axis=1)]
    green = pixels[:, 1]
    bright = pixels[green >= np.quantile(green, 0.8)]
    red, green_level, blue = (float(level) for level in np.median(bright, axis=0))
    return red, green_level, blue


def palettes(data: Path) -> list[Palette]:
    """Return the colors of Raabin's and Barcelona's crops; no mask is needed for that."""
    folders = (data / "raabin_crops" / "crops", data / "pbc_barcelona" / "crops")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.jpg"))[::3]]
    return [Palette.of(_sized_to(read_rgb(path), 96)) for path in paths]


def _sized_to(picture: RgbImage, side: int) -> RgbImage:
    return np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _boxed(field: Example, drawn: NDArray[np.uint8], box: Box, clear: tuple[float, float, float]) -> DrawnCell | None:
    """Return the boxed cell with what lies around it, 96 px wide; None where the drawing does not fit the box."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((drawn > CELL_LEVEL).astype(np.uint8), connectivity=8)
    x, y = box.width // 4, box.height // 4
    middle = np.asarray(labels)[box.top + y : box.bottom - y, box.left + x : box.right - x]
    names, counts = np.unique(middle[middle > 0], return_counts=True)
    if not len(names):
        return None
    mine = int(names[counts.argmax()])
    left, top, width, height, area = (int(number) for number in stats[mine])
    tight = Box(left=left, top=top, right=left + width, bottom=top + height)
    if area < SMALLEST_PX or tight.iou(box) < LEAST_OVERLAP:
        return None
    around = Box.around(*tight.center, round(AROUND * max(width, height)))
    scale = CELL_PX / max(width, height)
    size = (round(around.width * scale), round(around.height * scale))
    whole = crop_mask(np.asarray(labels == mine), around)
    nucleus = whole & crop_mask(drawn > NUCLEUS_LEVEL, around)
    parts = (crop(field.image, around), nucleus.astype(np.uint8) * 255, whole.astype(np.uint8) * 255)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    image, inner, outer = (np.asarray(cv2.resize(part, size, interpolation=way), np.uint8) for part in parts)
    return DrawnCell(image=image, nucleus=inner, cell=outer, glass=clear)


def _empty(
    image: RgbImage, drawn: NDArray[np.uint8], clear: tuple[float, float, float], rng: np.random.Generator
) -> DrawnCell | None:
    """Return a window without a white cell, if twelve tries find one."""
    nothing = np.zeros((EMPTY_PX, EMPTY_PX), np.uint8)
    for _ in range(12):
        top, left = (int(rng.integers(0, size - EMPTY_PX)) for size in image.shape[:2])
        if drawn[top : top + EMPTY_PX, left : left + EMPTY_PX].max() < CELL_LEVEL:
            window = image[top : top + EMPTY_PX, left : left + EMPTY_PX].copy()
            return DrawnCell(image=window, nucleus=nothing, cell=nothing, glass=clear)
    return None
