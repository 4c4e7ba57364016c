"""An experiment as a folder: one JSON file of what it was, tables of its cells and of what each model said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from buffycoat.domain.experiment import CurvePoint, Experiment, ExperimentRun, ExperimentSet, Predictions
from buffycoat.errors import NotFound, UnreadableFormat

__all__ = ["EXPERIMENT_FILE", "read_experiment", "read_experiment_pictures", "write_experiment"]

EXPERIMENT_FILE: Final = "experiment.json"
_CELLS, _PREDICTIONS, _PICTURES = "cells.parquet", "predictions.parquet", "pictures.parquet"
_FORM: Final = 1
_KINDS: Final = ("p", "score")


def write_experiment(
    folder: Path, experiment: Experiment, *, pictures: Mapping[tuple[str, str], bytes] | None = None
) -> None:
    """Write an experiment into a folder, over the one that is there.

    ``experiment.json`` has everything but columns of cells; ``cells.parquet`` has a row a cell of each set;
    ``predictions.parquet`` a row for each run, set and cell, with ``p: CLASS`` and ``score: CLASS`` for each class;
    ``pictures.parquet`` small JPEGs of cells, where there are any. The JSON file is written last: where it is, all is.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    experiment : Experiment
        What to keep.
    pictures : mapping of (str, str) to bytes, optional
        By name of the set and id of the cell: a small JPEG.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / EXPERIMENT_FILE).unlink(missing_ok=True)
    facets = sorted({name for one in experiment.sets for name in one.facets})
    parquet.write_table(_table_of_cells(experiment.sets, facets), folder / _CELLS)
    parquet.write_table(_table_of_predictions(experiment), folder / _PREDICTIONS)
    kept = sorted((pictures or {}).items())
    table = {
        "set": pa.array([name for (name, _), _ in kept], pa.string()),
        "cell": pa.array([cell for (_, cell), _ in kept], pa.string()),
        "jpeg": pa.array([jpeg for _, jpeg in kept], pa.binary()),
    }
    parquet.write_table(pa.table(table), folder / _PICTURES)
    aside = folder / f"{EXPERIMENT_FILE}.new"
    aside.write_text(json.dumps(_plain(experiment), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(folder / EXPERIMENT_FILE)


def read_experiment(folder: Path) -> Experiment:
    """Read what ``write_experiment`` wrote.

    Raises
    ------
    NotFound
        No experiment is in the folder, or one of its tables is gone.
    UnreadableFormat
        Its files are damaged, or of a later program.
    """
    path = folder / EXPERIMENT_FILE
    if not path.is_file():
        raise NotFound(
            "no experiment is in this folder",
            expected=EXPERIMENT_FILE,
            found=folder.name,
            hint="make one with `buffycoat learn --preset paper-2022`",
        )
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["form"] != _FORM:
            raise UnreadableFormat(f"{path.name} is of another form", expected=str(_FORM), found=str(told["form"]))
        return _experiment(told, _rows(folder / _CELLS), _rows(folder / _PREDICTIONS))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFormat(
            f"{path.name} is damaged", expected="what `buffycoat learn` wrote", found=f"{type(error).__name__}: {error}"
        ) from error


def read_experiment_pictures(folder: Path) -> Mapping[tuple[str, str], bytes]:
    """Read the small JPEGs that lie beside an experiment, by name of the set and id of the cell.

    Raises
    ------
    NotFound
        The table is gone.
    UnreadableFormat
        It is damaged.
    """
    columns = _rows(folder / _PICTURES)
    return dict(zip(zip(columns["set"], columns["cell"], strict=True), columns["jpeg"], strict=True))


def _plain(experiment: Experiment) -> dict[str, Any]:
    told = {"form": _FORM, **{each.name: getattr(experiment, each.name) for each in fields(experiment)}}
    told["sets"] = [
        {
            **{name: getattr(one, name) for name in ("name", "stand_in", "origin", "grouped_by")},
            "facets": sorted(one.facets),
        }
        for one in experiment.sets
    ]
    told["runs"] = [
        {
            **{each.name: getattr(run, each.name) for each in fields(run)},
            "curve": [asdict(point) for point in run.curve],
            "predictions": {
                name: "p" if said.probabilities else "score" if said.scores else ""
                for name, said in run.predictions.items()
            },
        }
        for run in experiment.runs
    ]
    told["leaks"] = None if experiment.leaks is None else dict(experiment.leaks)
    told["software"] = dict(experiment.software)
    return told


def _table_of_cells(sets: Sequence[ExperimentSet], facets: Sequence[str]) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [] for name in ("set", "cell", "truth", "group", "experts")}
    columns |= {f"facet: {name}": [] for name in facets}
    for one in sets:
        size = len(one.cells)
        columns["set"] += [one.name] * size
        columns["cell"] += one.cells
        columns["truth"] += one.truth
        columns["group"] += one.groups
        columns["experts"] += one.experts or [None] * size
        for name in facets:
            columns[f"facet: {name}"] += one.facets.get(name) or [None] * size
    kinds = {name: pa.list_(pa.string()) if name == "experts" else pa.string() for name in columns}
    return pa.table({name: pa.array(column, kinds[name]) for name, column in columns.items()})


def _table_of_predictions(experiment: Experiment) -> pa.Table:
    numbers: dict[str, list[Any]] = {f"{kind}: {term}": [] for kind in _KINDS for term in experiment.classes}
    columns: dict[str, list[Any]] = {name: [] for name in ("run", "set", "cell", "term", "failure")}
    cells = {one.name: one.cells for one in experiment.sets}
    for place, run in enumerate(experiment.runs):
        for name, said in run.predictions.items():
            columns["run"] += [place] * len(said.terms)
            columns["set"] += [name] * len(said.terms)
            columns["cell"] += cells[name]
            columns["term"] += said.terms
            columns["failure"] += [said.failures.get(cell) for cell in cells[name]]
            for kind, rows in zip(_KINDS, (said.probabilities, said.scores), strict=True):
                for position, term in enumerate(experiment.classes):
                    given = rows or ((),) * len(said.terms)
                    numbers[f"{kind}: {term}"] += [row[position] if row else None for row in given]
    table = {name: pa.array(column, pa.int32() if name == "run" else pa.string()) for name, column in columns.items()}
    return pa.table(table | {name: pa.array(column, pa.float64()) for name, column in numbers.items()})


def _rows(path: Path) -> dict[str, list[Any]]:
    if not path.is_file():
        raise NotFound("a table of the experiment is gone", expected=path.name, found="no such file")
    try:
        columns: dict[str, list[Any]] = parquet.read_table(path).to_pydict()
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFormat(f"{path.name} is damaged", expected="a table (Parquet)", found=str(error)) from error
    return columns


def _experiment(told: dict[str, Any], cells: dict[str, list[Any]], said: dict[str, list[Any]]) -> Experiment:
    classes = tuple(told["classes"])
    sets = []
    for one in told["sets"]:
        here = [place for place, name in enumerate(cells["set"]) if name == one["name"]]
        experts = [cells["experts"][place] for place in here]
        sets.append(
            ExperimentSet(
                name=one["name"],
                stand_in=one["stand_in"],
                origin=one["origin"],
                grouped_by=one["grouped_by"],
                cells=tuple(cells["cell"][place] for place in here),
                truth=tuple(cells["truth"][place] for place in here),
                groups=tuple(cells["group"][place] for place in here),
                facets={name: tuple(cells[f"facet: {name}"][place] for place in here) for name in one["facets"]},
                experts=() if None in experts else tuple(tuple(words) for words in experts),
            )
        )
    spans: dict[tuple[int, str], list[int]] = {}
    for place, key in enumerate(zip(said["run"], said["set"], strict=True)):
        spans.setdefault(key, []).append(place)
    runs = [
        ExperimentRun(
            **{name: number for name, number in run.items() if name not in ("predictions", "curve", "notes")},
            notes=tuple(run["notes"]),
            curve=tuple(CurvePoint(**point) for point in run["curve"]),
            predictions={
                name: _predictions(said, spans.get((place, name), []), classes, kind)
                for name, kind in run["predictions"].items()
            },
        )
        for place, run in enumerate(told["runs"])
    ]
    lists = {name: tuple(told[name]) for name in ("reduced", "leak_notes")}
    built: dict[str, Any] = {**lists, "classes": classes, "sets": tuple(sets), "runs": tuple(runs)}
    kept: dict[str, Any] = {each.name: told[each.name] for each in fields(Experiment) if each.name not in built}
    return Experiment(**kept, **built)


def _predictions(said: dict[str, list[Any]], rows: Sequence[int], classes: Sequence[str], kind: str) -> Predictions:
    columns = [said[f"{kind}: {term}"] for term in classes] if kind else []
    numbers = tuple(
        () if said["term"][row] is None else tuple(column[row] for column in columns) for row in rows if kind
    )
    return Predictions(
        terms=tuple(said["term"][row] for row in rows),
        probabilities=numbers if kind == "p" else (),
        scores=numbers if kind == "score" else (),
        failures={said["cell"][row]: said["failure"][row] for row in rows if said["failure"][row] is not None},
    )
