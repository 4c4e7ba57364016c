"""An experiment as one HTML page: the verdict first, then what it rests on."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np

from buffycoat.domain.experiment import Experiment
from buffycoat.report.experiment import charts
from buffycoat.report.experiment.claims import ACCEPTABLE, DRAMATIC
from buffycoat.report.experiment.estimates import ROUNDS, Estimate
from buffycoat.report.experiment.findings import Findings, Side, find, table_files
from buffycoat.report.experiment.paper_tables import MEASURES, PAPER_ORDER, term_title
from buffycoat.report.experiment.rows import models_of
from buffycoat.report.experiment.tasks import DetectionPart, SegmentationPart
from buffycoat.report.experiment.verdict import percent_words, points_words
from buffycoat.report.page import data_address, render

__all__ = ["render_experiment", "render_findings"]

_FEW_UNITS = 10
_MEDIA = {"csv": "text/csv", "tex": "text/x-tex"}


def render_experiment(
    experiment: Experiment,
    /,
    *,
    pictures: Mapping[tuple[str, str], bytes] | None = None,
    detection: Sequence[DetectionPart] = (),
    segmentation: Sequence[SegmentationPart] = (),
    seed: int = 0,
) -> bytes:
    """Return the report of an experiment as one HTML page, which needs nothing outside itself.

    Parameters
    ----------
    experiment : Experiment
        What each model said of each cell.
    pictures : mapping of (str, str) to bytes, optional
        Small JPEGs of cells, by name of the set and id of the cell.
    detection : sequence of DetectionPart
        What detectors found, where the release has boxes.
    segmentation : sequence of SegmentationPart
        How masks compare, where the release has them.
    seed : int
        Of the draws for intervals.
    """
    return render_findings(
        find(experiment, pictures=pictures, seed=seed), detection=detection, segmentation=segmentation
    )


def render_findings(
    findings: Findings,
    /,
    *,
    detection: Sequence[DetectionPart] = (),
    segmentation: Sequence[SegmentationPart] = (),
    left_out: Sequence[str] = (),
    agreement: str = "",
) -> bytes:
    """Return what was found as one HTML page; ``left_out`` says what could not be told, and why.

    ``agreement`` is a sentence on how far the experts agreed on the whole release.
    """
    script = files("buffycoat.report").joinpath("templates", "sort.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    experiment = findings.experiment
    return render(
        "experiment.html.j2",
        {
            "found": findings,
            "experiment": experiment,
            "models": models_of(experiment),
            "several_seeds": any(len(model.runs) > 1 for model in models_of(experiment)),
            "script": script,
            "script_digest": digest,
            "downloads": _downloads(findings),
            "dumbbells": _dumbbells(findings),
            "epochs": _epochs(experiment),
            "operating": {side.answers.of.name: _operating(side) for side in findings.sides},
            "reliability": {side.answers.of.name: _reliability(side) for side in findings.sides},
            "units": {side.answers.of.name: units_words(side) for side in findings.sides},
            "stand_ins": [one for one in experiment.sets if one.stand_in is not None],
            "numbers": {term: number for number, term in enumerate(_ordered(experiment.classes))},
            "detection": detection,
            "segmentation": segmentation,
            "left_out": left_out,
            "agreement": agreement,
            "measures": MEASURES,
            "acceptable": ACCEPTABLE,
            "dramatic": DRAMATIC,
            "rounds": ROUNDS,
            "percent_words": percent_words,
            "points": points_words,
            "title_of": term_title,
            "picture": lambda jpeg: data_address(jpeg, "image/jpeg"),
            "sort_key": _sort_key,
        },
    )


def units_words(side: Side, /) -> str:
    """Return a sentence on what was drawn for the intervals of a test set."""
    answers = side.answers
    count = len(set(answers.units))
    if answers.unit == "cell":
        shared = len(set(answers.of.groups)) < 2 and answers.of.grouped_by != "cell"
        why = f"all are of one {answers.of.grouped_by}" if shared else "smears and photographs are not known"
        return (
            f"{answers.heading}: single cells were drawn ({count:,}), since {why}. "
            "Cells of one smear are alike, so these intervals are too narrow."
        )
    name = f"groups ({answers.unit})" if " " in answers.unit else f"{answers.unit}s"
    few = " So few make a rough interval." if count < _FEW_UNITS else ""
    units = np.array(answers.units)
    alone = [answers.classes[place] for place in answers.present if len(set(units[answers.truth == place])) == 1]
    if alone:
        few += f" All {' and all '.join(alone)} cells are of one: how that differs from another is not in the interval."
    return f"{answers.heading}: whole {name} were drawn ({count:,} of them, {len(answers.truth):,} cells).{few}"


def _sort_key(found: Estimate | None) -> str:
    return "-1" if found is None or found.value is None else f"{found.value:.6f}"


def _ordered(classes: Sequence[str]) -> list[str]:
    return sorted(
        classes, key=lambda term: (PAPER_ORDER.index(term) if term in PAPER_ORDER else len(PAPER_ORDER), term)
    )


def _downloads(findings: Findings) -> Mapping[str, str]:
    return {
        name: data_address(content, f"{_MEDIA[name.rpartition('.')[2]]};charset=utf-8")
        for name, content in table_files(findings).items()
    }


def _dumbbells(findings: Findings) -> str:
    if not findings.falls or findings.home is None or findings.away is None:
        return ""
    home, away = findings.home.answers.heading, findings.away.answers.heading
    return charts.dumbbells(findings.falls, home=home, away=away)


def _epochs(experiment: Experiment) -> Sequence[Mapping[str, Any]]:
    """Return accuracy and loss of the first seed of each model that has epochs, with its last figures."""
    return [
        {
            "label": model.label,
            "seed": model.runs[0].seed,
            "last": model.runs[0].curve[-1],
            "charts": [charts.epochs(model.runs[0].curve, of=model.label, what=what) for what in ("accuracy", "loss")],
        }
        for model in models_of(experiment)
        if model.runs[0].curve
    ]


def _operating(side: Side) -> Sequence[Mapping[str, Any]]:
    order = _ordered(side.answers.classes)
    return [
        {
            "label": each.label,
            "by_class": each.by_class,
            "charts": [
                charts.operating(
                    each.by_class,
                    [order.index(term) for term, _ in each.by_class],
                    of=f"{each.label} on {side.answers.heading}",
                    kind=kind,
                )
                for kind in ("roc", "precision")
            ],
        }
        for each in side.curves
    ]


def _reliability(side: Side) -> Mapping[str, str]:
    return {
        each.label: charts.reliability_chart(each.first, of=f"{each.label} on {side.answers.heading}")
        for each in side.trust
        if each.first is not None
    }
