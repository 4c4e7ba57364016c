"""``buffycoat differential``: the differential count of a smear."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import say, show_result
from buffycoat.errors import UnwritableFile
from buffycoat.workflows.differential import (
    differential,
    differential_page,
    differential_text,
    find_smear,
    require_leukocytes,
)
from buffycoat.workflows.differential_reference import example_reference, keep_reference_file, read_reference_file
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def differential_command(  # noqa: PLR0913 (every figure that a laboratory enters)
    smear: Annotated[
        str | None, typer.Argument(help="Code on the slide, or id of the smear.", show_default=False)
    ] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    wbc: Annotated[
        float | None, typer.Option(help="Leukocytes of the same blood, in 10⁹/L, for absolute counts.")
    ] = None,
    red_cells_left_out: Annotated[
        bool,
        typer.Option("--red-cells-left-out", help="The counter had left nucleated red cells out: nothing to correct."),
    ] = False,
    reference: Annotated[
        Path | None, typer.Option(help="TOML file of your laboratory's reference intervals; default: those kept.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the file of --reference in the workspace.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the count as one HTML page, which prints on A4.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Print a reference file to begin with, and stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count the leukocytes of a smear by type, from closed rounds. Research use, not a diagnosis."""
    if example:
        say(example_reference().rstrip())
        return
    if keep and reference is None:
        raise typer.BadParameter("--keep keeps the file of --reference: name one")
    if smear is None and not keep:
        raise typer.BadParameter("name a smear, by the code on its slide")
    with open_workspace(workspace) as opened:
        ours = None if reference is None else read_reference_file(opened, reference)
        if keep and reference is not None:
            keep_reference_file(opened, reference)
        if smear is None:
            say(f"kept the reference intervals of {reference.name if reference else ''}")
            return
        found = differential(
            opened, find_smear(opened, smear), wbc=wbc, red_cells_left_out=red_cells_left_out, reference=ours
        )
    require_leukocytes(found)
    text = differential_text(found)
    if html is not None:
        try:
            html.write_bytes(differential_page(found))
        except OSError as error:
            raise UnwritableFile(
                f"the page {html.name} cannot be written", found=(error.strerror or type(error).__name__).lower()
            ) from error
        text += f"\nwrote {html}"
    show_result(found, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("differential")(differential_command)
