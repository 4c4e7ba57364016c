"""``buffycoat learn``: train on a release, or do a whole experiment, and judge on both test sets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.domain.experiment import TEST_A, TEST_B, Experiment, ExperimentRun
from buffycoat.errors import InputError
from buffycoat.workflows.learn import LearnSummary, learn_release
from buffycoat.workflows.learning import (
    METHODS,
    PROTOCOLS,
    EpochDone,
    LearnJob,
    StandIn,
    UnseenJob,
    means,
    run_experiment,
    run_unseen,
    typed_command,
)
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def learn(  # noqa: PLR0913 (one for each option)
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    version: Annotated[str, typer.Option(help="Version of the release.")] = "1",
    preset: Annotated[
        str | None,
        typer.Option(
            help="A whole experiment: paper-2022, or a recipe of your own (.toml). Without it, features alone."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Crops to learn from: Raabin's Train, TestA, TestB, a sealed release, or folders of classes."
        ),
    ] = None,
    stand_in: Annotated[
        str | None, typer.Option(metavar="NAME=FOLDER", help="Another laboratory where there is no test-B.")
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(help="leave-one-lab-out: each laboratory of --lab, or of --data by --facet, is left out once."),
    ] = None,
    lab: Annotated[
        list[str] | None, typer.Option(metavar="NAME=FOLDER", help="A laboratory of --protocol; one for each.")
    ] = None,
    facet: Annotated[
        str, typer.Option(help="What tells the laboratories of --data apart: microscope, stain, camera, site…")
    ] = "microscope",
    methods: Annotated[
        str, typer.Option(help="What --protocol compares, with commas: features-svm, plain, paper, robust.")
    ] = ",".join(METHODS),
    recipe: Annotated[
        str, typer.Option(help="Of the method `robust`: robust-2, robust-1, or your own (.toml).")
    ] = "robust-2",
    steps: Annotated[int | None, typer.Option(min=1, help="Reduced: steps of the method `robust`.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of the experiment; the same command goes on in it.")] = Path(
        "experiment"
    ),
    weights: Annotated[
        list[str] | None,
        typer.Option(
            help="ImageNet weights: a folder, `download` or `scratch`; several are tried in order. [download]"
        ),
    ] = None,
    size: Annotated[int | None, typer.Option(min=32, help="Reduced: side of the crops in pixels.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Reduced: epochs.")] = None,
    most_cells: Annotated[int | None, typer.Option(min=1, help="Reduced: cells of each class on each side.")] = None,
    networks: Annotated[
        str | None, typer.Option(help="Some of the networks, with commas; `none` for features alone.")
    ] = None,
    seeds: Annotated[str | None, typer.Option(help="Seeds of the trainings, with commas: one training each.")] = None,
    seed: Annotated[
        int, typer.Option(help="Of the split where the data have none; without a preset, of intervals.")
    ] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores of a training.")] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1…")] = "auto",
    keep_networks: Annotated[bool, typer.Option(help="Keep each trained network as ONNX.")] = True,
    as_json: AsJson = False,
) -> None:
    """Train and judge: features alone, with --preset the paper's experiment, with --protocol in unseen laboratories."""
    if protocol is not None:
        if protocol not in PROTOCOLS:
            raise InputError("no such protocol", expected=", ".join(PROTOCOLS), found=repr(protocol))
        labs = {} if lab is None else {one.name: one.path for one in map(_laboratory, lab)}
        unseen = UnseenJob(
            out=out,
            laboratories=labs,
            data=data,
            facet=facet,
            methods=_listed(methods),
            robust=recipe,
            preset=preset or "paper-2022",
            network=networks or "mobilenet-v2",
            weights=tuple(weights or ["download"]),
            size=size,
            epochs=epochs,
            steps=steps,
            seeds=(0,) if seeds is None else _numbers(seeds),
            threads=threads,
        )
        rows = run_unseen(unseen, told=lambda line: typer.echo(line, err=True))
        found = means(rows)
        text = "\n".join(f"{name}: mean balanced accuracy {score:.3f}" for name, score in found.items())
        show_result({"out": str(out), "means": found}, f"{text}\nwrote {out / 'unseen.csv'}", as_json=as_json)
        return
    if preset is None:
        if data is not None:
            raise InputError(
                "--data is for an experiment",
                expected="--preset beside it",
                found="none",
                hint="such as --preset paper-2022",
            )
        with open_workspace(workspace) as opened, progress_bars() as progress:
            summary = learn_release(opened, version=version, seed=seed, progress=progress)
        show_result(summary, _text(summary), as_json=as_json)
        return
    job = LearnJob(
        data=data if data is not None else workspace / "releases" / version,
        out=out,
        preset=preset,
        stand_in=_stand_in(stand_in),
        weights=tuple(weights or ["download"]),
        size=size,
        epochs=epochs,
        networks=None if networks is None else _listed(networks),
        most_cells=most_cells,
        seeds=None if seeds is None else _numbers(seeds),
        split_seed=seed,
        threads=threads,
        device=device,
        keep_networks=keep_networks,
        command=typed_command(sys.argv[1:]),
    )
    with progress_bars() as progress:
        done = run_experiment(job, progress=progress, epochs=_tell)
    if done is not None:
        show_result({"out": str(out), "runs": len(done.runs)}, _told(done, out), as_json=as_json)


def _listed(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(word.strip() for word in text.split(",") if word.strip())


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in _listed(text))
    except ValueError as error:
        raise InputError("--seeds", expected="whole numbers with commas, such as 0,1,2", found=repr(text)) from error


def _stand_in(text: str | None) -> StandIn | None:
    if text is None:
        return None
    name, sign, path = text.partition("=")
    if not (sign and name and path):
        raise InputError("--stand-in", expected="NAME=FOLDER, such as Barcelona=pbc/crops", found=repr(text))
    return StandIn(name=name, path=Path(path))


def _laboratory(text: str) -> StandIn:
    name, sign, path = text.partition("=")
    if not (sign and name and path):
        raise InputError("--lab", expected="NAME=FOLDER, such as Barcelona=pbc/crops", found=repr(text))
    return StandIn(name=name, path=Path(path))


def _tell(step: EpochDone) -> None:
    held = "" if step.validation_accuracy is None else f"  held back {step.validation_accuracy:.3f}"
    line = f"{step.model} seed {step.seed}  epoch {step.epoch} of {step.epochs}  loss {step.loss:.3f}"
    typer.echo(f"{line}  accuracy {step.accuracy:.3f}{held}  {step.seconds:.0f} s", err=True)


def _told(found: Experiment, out: Path) -> str:
    lines = [f"{found.title}: {one.heading} {len(one.cells)} cells" for one in found.sets]
    lines += [f"REDUCED, so this is not the paper's experiment: {'; '.join(found.reduced)}"] if found.reduced else []
    if found.leaks:
        kinds = ", ".join(f"{count} {kind}" for kind, count in found.leaks.items())
        lines.append(f"THIS SPLIT LEAKS, so scores say less than they seem to: {kinds}")
    lines += [f"{run.title:36} {run.weights:14} {_scores(found, run)}" for run in found.runs]
    lines.append(f"wrote {out}; read it with `buffycoat report {out}`")
    return "\n".join(lines)


def _scores(found: Experiment, run: ExperimentRun) -> str:
    shown = []
    for name in (TEST_A, TEST_B):
        one = found.set_named(name)
        if one is not None and name in run.predictions:
            shown.append(f"{one.heading} {one.balanced_accuracy(run.predictions[name].terms):.3f}")
    return "  ".join(shown) + "  (balanced accuracy)"


def _text(summary: LearnSummary) -> str:
    lines = []
    if summary.leaks:
        found = ", ".join(f"{count} {kind}" for kind, count in summary.leaks.items())
        lines.append(f"THIS SPLIT LEAKS, so scores say less than they seem to: {found}")
    for card in summary.scorecards:
        if card.balanced_accuracy is None or card.accuracy is None:
            lines.append(f"{card.recipe}, {card.split}: no cells")
            continue
        interval = f" ({card.interval[0]:.3f} to {card.interval[1]:.3f})" if card.interval else ""
        baseline = "" if card.baseline is None else f", constant baseline {card.baseline:.3f}"
        lines.append(
            f"{card.recipe}, {card.split}: balanced accuracy {card.balanced_accuracy:.3f}{interval}, "
            f"accuracy {card.accuracy:.3f}{baseline}"
        )
    if summary.without_nucleus:
        lines.append(f"no nucleus found in {summary.without_nucleus} cells: counted as wrong in the test sets")
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(learn)
