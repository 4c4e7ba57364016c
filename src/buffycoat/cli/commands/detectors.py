"""``buffycoat detector``: train a network that finds cells, and judge it, or the filter, on photographs with boxes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, BoxedSet, FormatName, MicrometersPerPixel, WhiteWords
from buffycoat.cli.output import progress_bars, say, show_result
from buffycoat.workflows.boxed import listed_names
from buffycoat.workflows.detectors import DetectorJob, Epoch, train_detector_file
from buffycoat.workflows.scoring import score_finders

__all__ = ["register"]

_NAMED = 8

commands = typer.Typer(no_args_is_help=True)


class Architecture(StrEnum):
    """Which detector."""

    ONE_STAGE = "one-stage"
    FASTER_RCNN = "faster-rcnn"


class Backbone(StrEnum):
    """What it sees with."""

    SHUFFLENET = "shufflenet-v2"
    MOBILENET = "mobilenet-v2"


class DrawnBy(StrEnum):
    """Who draws the boxes to learn from."""

    PEOPLE = "people"
    FILTER = "filter"


@commands.callback()
def detector() -> None:
    """Train a network that finds white cells, and judge a network or a filter on photographs with boxes."""


@commands.command()
def train(  # noqa: PLR0913 (one for each option)
    source: BoxedSet,
    out: Annotated[Path, typer.Argument(help="The .onnx to write; it must not be there yet.", show_default=False)],
    *,
    boxes: Annotated[DrawnBy, typer.Option(help="Learn from people's boxes, or from the filter's, as the paper.")] = (
        DrawnBy.PEOPLE
    ),
    held: Annotated[
        Path | None, typer.Option("--hold-back", help="Names of photographs to choose the epoch on, one a line.")
    ] = None,
    architecture: Annotated[Architecture, typer.Option(help="Small and quick, or that of the paper.")] = (
        Architecture.ONE_STAGE
    ),
    backbone: Annotated[Backbone, typer.Option(help="What it sees with.")] = Backbone.SHUFFLENET,
    weights: Annotated[str | None, typer.Option(help="Pretrained weights: a safetensors file, or `download`.")] = None,
    weights_license: Annotated[str, typer.Option(help="Their license; it is kept in the file.")] = "",
    epochs: Annotated[int, typer.Option(min=1, help="How often each photograph is shown.")] = 48,
    seed: Annotated[int, typer.Option(help="The same seed gives the same detector on one machine.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores to work with.")] = 1,
    format_name: FormatName = None,
    white: WhiteWords = None,
    micrometers_per_pixel: MicrometersPerPixel = None,
    as_json: AsJson = False,
) -> None:
    """Train a detector from photographs with boxes; needs the extra `torch`, what it makes does not."""
    job = DetectorJob(
        path=source,
        format_name=format_name,
        words=tuple(white or ()),
        micrometres_per_pixel=micrometers_per_pixel,
        held=frozenset() if held is None else listed_names(held),
        by_filter=boxes is DrawnBy.FILTER,
        architecture=architecture,
        backbone=backbone,
        weights=weights,
        weights_license=weights_license,
        epochs=epochs,
        seed=seed,
        threads=threads,
    )
    with progress_bars() as progress:
        made = train_detector_file(job, out, progress=progress, epochs=_tell)
    judged = "" if made.ap50 is None else f", AP50 {made.ap50:.3f} and AP50-95 {made.ap50_95:.3f} on them"
    text = (
        f"wrote {made.file}, {made.megabytes} MB: trained on {made.trained_on} photographs in {made.seconds:.0f} s, "
        f"epoch {made.epoch} and threshold {made.facts.score_threshold} chosen on {made.held_back} held back{judged}\n"
        f"judge it on others with `buffycoat detector score SET --detector {made.file}`"
    )
    show_result(made, text, as_json=as_json)


def _tell(step: Epoch) -> None:
    held = "" if step.ap50 is None else f"  AP50 {step.ap50:.3f} on what is held back"
    typer.echo(f"epoch {step.number} of {step.of}  loss {step.loss:.3f}{held}", err=True)


@commands.command()
def score(  # noqa: PLR0913 (one for each option)
    source: BoxedSet,
    *,
    detector_file: Annotated[Path | None, typer.Option("--detector", help="A detector's file.")] = None,
    filter_file: Annotated[Path | None, typer.Option("--filter", help="A color filter's file.")] = None,
    only: Annotated[Path | None, typer.Option(help="Names of the photographs to judge on, one a line.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="Write a JPEG of what was missed or found beside.")] = None,
    format_name: FormatName = None,
    white: WhiteWords = None,
    micrometers_per_pixel: MicrometersPerPixel = None,
    as_json: AsJson = False,
) -> None:
    """Judge a detector or a filter (without either, the filter that comes along) on photographs with boxes."""
    with progress_bars() as progress:
        told = score_finders(
            source,
            filter_file=filter_file,
            detector_file=detector_file,
            format_name=format_name,
            words=tuple(white or ()),
            only=frozenset() if only is None else listed_names(only),
            micrometres_per_pixel=micrometers_per_pixel,
            sheet=sheet,
            progress=progress,
        )
    figures = (
        ("AP50", told.ap50),
        ("AP50-95", told.ap50_95),
        ("recall at IoU 0.5", told.recall),
        ("precision at IoU 0.5", told.precision),
        ("centers hit", told.center_hits),
        ("mean IoU of hits", told.mean_iou),
    )
    lines = [f"{told.cells} cells on {told.photographs} photographs"]
    lines += [f"  {name:22} {'-' if figure is None else f'{figure:.4f}'}" for name, figure in figures]
    lines += [f"  {len(told.missed)} missed, in {_some(told.missed)}"] if told.missed else []
    lines += [f"  {len(told.extra)} boxes where none is marked, in {_some(told.extra)}"] if told.extra else []
    show_result(told, "\n".join(lines), as_json=as_json)
    if told.sheet is not None and (told.missed or told.extra) and not as_json:
        say(f"wrote {told.sheet}")


def _some(names: tuple[str, ...]) -> str:
    """Return the first names, each once, and how many there are besides."""
    each = list(dict.fromkeys(names))
    more = f" and {len(each) - _NAMED} more photographs" if len(each) > _NAMED else ""
    return ", ".join(each[:_NAMED]) + more


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    app.add_typer(commands, name="detector")
