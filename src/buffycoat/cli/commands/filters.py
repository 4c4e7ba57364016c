"""``buffycoat filter``: train a color filter from a few boxes, and see what one was trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, BoxedSet, FormatName, MicrometersPerPixel, WhiteWords
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.workflows.filters import load_filter, train_filter

__all__ = ["register"]

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def color_filter() -> None:
    """Train the color filter that finds nuclei on photographs of your own, and look at such a file."""


@commands.command()
def train(
    source: BoxedSet,
    out: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.", show_default=False)],
    format_name: FormatName = None,
    white: WhiteWords = None,
    micrometers_per_pixel: MicrometersPerPixel = None,
    most: Annotated[int, typer.Option(min=1, help="At most so many photographs, spread over the set.")] = 400,
    *,
    as_json: AsJson = False,
) -> None:
    """Train a filter from photographs with boxes around white cells: one smear's worth takes seconds."""
    with progress_bars() as progress:
        trained = train_filter(
            source,
            out,
            format_name=format_name,
            words=tuple(white or ()),
            micrometres_per_pixel=micrometers_per_pixel,
            most=most,
            progress=progress,
        )
    made = trained.color_filter
    text = (
        f"wrote {trained.file}: {made.boxes} boxes on {made.images} photographs of {made.origin}, red cells "
        f"{trained.red_cell_px} px, {trained.seconds} s\nuse it with `buffycoat detect --filter {trained.file}`"
    )
    show_result(trained, text, as_json=as_json)


@commands.command()
def show(
    file: Annotated[Path, typer.Argument(help="A file that `buffycoat filter train` wrote.", show_default=False)],
    *,
    as_json: AsJson = False,
) -> None:
    """Show what a filter was trained on, and when."""
    found = load_filter(file)
    text = (
        f"{file}: {found.boxes} boxes on {found.images} photographs of {found.origin or 'unknown origin'}, "
        f"{found.fitted_at or 'no date'}\n"
        f"weights {found.weights}, bias {found.bias}, prior {found.prior}"
    )
    show_result(found, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    app.add_typer(commands, name="filter")
