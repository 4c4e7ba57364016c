"""Learned detectors trained anew on BCCD and looked at without torch: on its test list, and on a set never seen.

Trained twice: on the published training list, to choose the score threshold on the validation list; then on both lists,
to the last epoch of the same plan, for the figures. Fields that show the same region as a field of a later list are
left out, because the published lists cut through such pairs. White cells that the set has no box for are false boxes by
its own rule; the figures with them marked (``bccd_missing_boxes.csv``) stand beside.

Environment: ``BUFFYCOAT_WEIGHTS`` names the folder of pretrained weights (usual: ``weights`` beside the data),
``BUFFYCOAT_BENCH_EPOCHS`` shortens the training, ``BUFFYCOAT_BENCH_DETECTORS`` names those to train, and
``BUFFYCOAT_BENCH_KEEP`` a folder for the files that come out and the sheets of missed cells.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bench.bccd_lists import TEST, VALIDATION
from bench.detection_sets import Example, bccd_fields, draaslan_fields, missing_boxes, red_cells_of
from bench.timing import best_of_five
from buffycoat.detect.cells import find_cells
from buffycoat.detect.network import NetworkDetector
from buffycoat.domain.cell import Detection
from buffycoat.formats.detector_file import DetectorFacts
from buffycoat.imaging.network_input import at_factor, network_input
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.metrics.average_precision import threshold_of_best_f1
from buffycoat.metrics.detection import DetectorReport, report_detections
from buffycoat.nets.detector_export import export_detector
from buffycoat.nets.detector_training import Trained, train_detector
from buffycoat.nets.detectors import look
from buffycoat.nets.training_plan import TrainingField, TrainingPlan, TrainingStep, prepare
from buffycoat.report.missed_sheet import missed_sheet, misses_of

__all__ = ["lists_of_bccd", "measure"]

MOST_SHOWN = 60
LISTS = ("training", "validation", "test")
PLANS = {
    "one-stage": TrainingPlan(architecture="one-stage", epochs=48, rate=2e-3, look_every=4),
    "one-stage-of-filter": TrainingPlan(architecture="one-stage", epochs=48, rate=2e-3, look_every=4),
    "faster-rcnn": TrainingPlan(architecture="faster-rcnn", epochs=24, rate=1e-3, look_every=2),
}
WEIGHTS = "shufflenet_v2_x1_0_nanodet/shufflenet_v2_x1_0_nanodet_backbone.safetensors"
LICENSE = "Apache-2.0: ShuffleNetV2 backbone of NanoDet-m (github.com/RangiLyu/nanodet), trained on ImageNet and COCO"


def lists_of_bccd(data: Path) -> dict[str, list[Example]]:
    """Return the fields of BCCD by list.

    Of fields that show one region, those of the earlier lists are left out: training before validation before test.
    """
    folder = data / "bccd" / "fields" / "annotations_voc"
    published = [each for each in bccd_fields(data) if (folder / f"{each.name}.xml").is_file()]
    last: dict[str, int] = {}
    for each in published:
        last[each.group] = max(last.get(each.group, 0), _rank(each))
    kept = [each for each in published if _rank(each) == last[each.group]]
    return {name: [each for each in kept if _rank(each) == rank] for rank, name in enumerate(LISTS)}


def _rank(field: Example) -> int:
    number = int(field.name.removeprefix("BloodImage_"))
    return 2 if number in TEST else 1 if number in VALIDATION else 0


def measure(data: Path) -> list[dict[str, Any]]:
    """Return the figures of each detector, the color filter beside them."""
    lists = lists_of_bccd(data)
    red_cell_px = red_cells_of(lists["training"])
    weights = Path(os.environ.get("BUFFYCOAT_WEIGHTS", data.parent / "weights")) / WEIGHTS
    unseen = draaslan_fields(data)
    drawn = lists
    rows: list[dict[str, Any]] = []
    for name in os.environ.get("BUFFYCOAT_BENCH_DETECTORS", " ".join(PLANS)).split():
        started = time.perf_counter()
        lists = {**drawn, **_boxed_by_filter(drawn, red_cell_px)} if name.endswith("of-filter") else drawn
        first = _train(name, lists["training"], lists["validation"], red_cell_px, weights)
        least = _threshold(first, lists["validation"], red_cell_px)
        trained = _train(name, lists["training"] + lists["validation"], [], red_cell_px, weights)
        minutes = (time.perf_counter() - started) / 60
        content, detector = _exported(trained, least, lists, red_cell_px, by_filter=lists is not drawn)
        image = lists["test"][0].image
        ms = 1000 * best_of_five(lambda: detector.find(image, micrometres_per_pixel=_scale(red_cell_px)))[0]  # noqa: B023 (called at once)
        note = f"{trained.plan.epochs} epochs, twice, {minutes:.1f} minutes on one core; threshold {least}"
        rows += [
            {"figure": f"{name}: file", "value": round(len(content) / 1e6, 2), "unit": "MB", "note": note},
            {"figure": f"{name}: 640 x 480 pixels to boxes", "value": round(ms, 1), "unit": "ms", "note": "one thread"},
        ]
        for place, fields, px in (
            ("BCCD test list", lists["test"], red_cell_px),
            ("draaslan, unseen", unseen, red_cells_of(unseen)),
        ):
            found = [detector.find(each.image, micrometres_per_pixel=_scale(px), least_score=0.01) for each in fields]
            report = report_detections([each.boxes for each in fields], found, least_score=least)
            filtered = [find_cells(each.image, micrometres_per_pixel=_scale(px)) for each in fields]
            peer = report_detections([each.boxes for each in fields], filtered, least_score=0.0)
            rows += _rows(f"{name}, {place}", report, peer)
            if px == red_cell_px:
                unmarked = missing_boxes()
                whole = [each.boxes + unmarked.get(each.name, []) for each in fields]
                count = sum(len(unmarked.get(each.name, [])) for each in fields)
                rows += _rows(
                    f"{name}, {place} with {count} unmarked cells",
                    report_detections(whole, found, least_score=least),
                    report_detections(whole, filtered, least_score=0.0),
                )
            _keep(f"{name}-{place.split(',')[0].replace(' ', '-')}", content, fields, found, report)
    return rows


def _train(name: str, fields: Sequence[Example], held: Sequence[Example], red_cell_px: float, weights: Path) -> Trained:
    plan = PLANS[name]
    if short := os.environ.get("BUFFYCOAT_BENCH_EPOCHS"):
        plan = TrainingPlan(
            architecture=plan.architecture, epochs=int(short), rate=plan.rate, look_every=plan.look_every
        )

    def tell(step: TrainingStep) -> None:
        if step.epoch % 4 == 0:
            held = "" if step.ap50 is None else f"  validation AP50 {step.ap50:.4f}  AP50-95 {step.ap50_95:.4f}"
            print(f"{name}  epoch {step.epoch}  loss {step.loss:.3f}{held}", flush=True)

    return train_detector(
        [_field(each, red_cell_px) for each in fields],
        [_field(each, red_cell_px) for each in held],
        plan=plan,
        weights=weights,
        progress=tell,
    )


def _threshold(trained: Trained, held: Sequence[Example], red_cell_px: float) -> float:
    """Return the score from which a box is a cell, by fields that were not trained on."""
    fields = [prepare(_field(each, red_cell_px), trained.plan.red_cell_px) for each in held]
    seen = [look(trained.detector, field.image, least_score=0.01) for field in fields]
    least = threshold_of_best_f1(
        [field.boxes for field in fields], [boxes for boxes, _ in seen], [sure for _, sure in seen]
    )
    assert least is not None
    return round(least, 3)


def _exported(
    trained: Trained, least: float, lists: dict[str, list[Example]], red_cell_px: float, *, by_filter: bool
) -> tuple[bytes, NetworkDetector]:
    """Return the file and what runs it, after checking that it gives what torch gives."""
    shown = lists["training"] + lists["validation"]
    cells = sum(len(each.boxes) for each in shown)
    drawer = "the color filter" if by_filter else "people"
    facts = DetectorFacts(
        red_cell_px=trained.plan.red_cell_px,
        score_threshold=least,
        architecture=trained.plan.architecture,
        backbone=trained.plan.backbone,
        trained_on=f"BCCD (MIT), {len(shown)} fields of its training and validation lists, {cells} boxes by {drawer}",
        weights_license=LICENSE,
    )
    content = export_detector(trained.detector, facts)
    detector = NetworkDetector.from_bytes(content, threads=1)
    for each in lists["validation"][:5]:
        pixels = network_input(at_factor(each.image, facts.red_cell_px / red_cell_px))
        with torch.inference_mode():
            boxes, scores = trained.detector(torch.from_numpy(pixels))
        ours = detector.run(pixels)
        assert np.abs(ours[0] - boxes.numpy()).max() < 0.01
        assert np.abs(ours[1] - scores.numpy()).max() < 1e-4
    return content, detector


def _rows(name: str, report: DetectorReport, peer: DetectorReport) -> list[dict[str, Any]]:
    boxes, centers = report.boxes, report.centers
    note = (
        f"{boxes.true_count} cells; from score {report.least_score}: {boxes.found_count} found, "
        f"{len(report.missed)} missed at overlap 0.5, {centers.true_count - centers.hit_count} by center, "
        f"{len(report.extra)} where none is marked"
    )
    figures = {
        "AP50": (report.precision.ap50, peer.precision.ap50),
        "AP50-95": (report.precision.ap50_95, peer.precision.ap50_95),
        "recall at IoU 0.5": (boxes.recall, peer.boxes.recall),
        "precision at IoU 0.5": (boxes.precision, peer.boxes.precision),
        "center hits": (centers.recall, peer.centers.recall),
        "mean IoU of hits": (boxes.mean_iou, peer.boxes.mean_iou),
    }
    return [
        {
            "figure": f"{name}: {figure}",
            "value": round(ours or 0, 4),
            "peer": "color filter",
            "peer_value": round(theirs or 0, 4),
            "note": note,
        }
        for figure, (ours, theirs) in figures.items()
    ]


def _keep(
    name: str,
    content: bytes,
    fields: Sequence[Example],
    found: Sequence[Sequence[Detection]],
    report: DetectorReport,
) -> None:
    """Write the detector and the sheet of what it missed where a folder for them is named."""
    if not (folder := os.environ.get("BUFFYCOAT_BENCH_KEEP")):
        return
    Path(folder, f"{name}.onnx").write_bytes(content)
    cells = misses_of([(each.name, each.image, each.boxes) for each in fields], found, report)
    if cells:
        banner = f"The first {MOST_SHOWN} of {len(cells)}" if len(cells) > MOST_SHOWN else ""
        Path(folder, f"{name}-missed.jpg").write_bytes(missed_sheet(cells[:MOST_SHOWN], banner=banner).jpeg)


def _boxed_by_filter(lists: dict[str, list[Example]], red_cell_px: float) -> dict[str, list[Example]]:
    """Return the lists to train with, boxed by the color filter instead of by people, as in the paper."""
    return {
        part: [
            replace(
                each, boxes=[one.extent for one in find_cells(each.image, micrometres_per_pixel=_scale(red_cell_px))]
            )
            for each in lists[part]
        ]
        for part in ("training", "validation")
    }


def _field(example: Example, red_cell_px: float) -> TrainingField:
    return TrainingField(image=example.image, boxes=tuple(example.boxes), red_cell_px=red_cell_px)


def _scale(red_cell_px: float) -> float:
    return RED_CELL_MICROMETRES / red_cell_px
