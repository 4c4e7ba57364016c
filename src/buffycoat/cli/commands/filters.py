"""``buffycoat filter``: train a color filter from a few boxes, and see what one was trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, BoxedSet, FormatName, MicrometersPerPixel, WhiteWords, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.workflows.filters import load_filter, train_filter
from buffycoat.workflows.saved_filters import list_filters, named_filter
from buffycoat.workflows.workspace import open_workspace

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


@commands.command("list")
def list_saved(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """List the filters that were saved in the studio, and which smears are searched with them."""
    with open_workspace(workspace) as opened:
        found = list_filters(opened)
    lines = ["1 filter" if len(found) == 1 else f"{len(found)} filters"]
    lines += [
        f"  {each.name:<24}  {each.filter.boxes} boxes on {each.filter.images} photographs, "
        f"{each.by or 'the command line'}, {each.saved_at:%Y-%m-%d}, for {', '.join(each.used_for) or 'no smear'}"
        for each in found
    ]
    show_result(found, "\n".join(lines), as_json=as_json)


@commands.command()
def show(
    file: Annotated[
        str, typer.Argument(help="A file that `buffycoat filter train` wrote, or a saved filter.", show_default=False)
    ],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Show what a filter was trained on, and when."""
    path = Path(file)
    if path.exists() or path.suffix == ".json":
        found = load_filter(path)
    else:
        with open_workspace(workspace) as opened:
            found = named_filter(opened, file)[1]
    text = (
        f"{file}: {found.boxes} boxes on {found.images} photographs of {found.origin or 'unknown origin'}, "
        f"{found.fitted_at or 'no date'}\n"
        f"weights {found.weights}, bias {found.bias}, prior {found.prior}"
    )
    show_result(found, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    app.add_typer(commands, name="filter")
