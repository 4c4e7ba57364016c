"""``buffycoat import``: a data set of another laboratory, labels and all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import REFUSED, progress_bars, say, show_result
from buffycoat.domain.smear import Stain
from buffycoat.settings import read_settings
from buffycoat.workflows.importing.sets import FORMAT_NAMES, ImportSummary, import_set
from buffycoat.workflows.ingest import Record, quarter_turns_of
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

_SHOWN = 20


def import_command(  # noqa: PLR0913 (every fact that files may leave open)
    source: Annotated[Path, typer.Argument(help="A folder, a zip or a file of a data set.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help=f"One of {', '.join(FORMAT_NAMES)}; guessed from what lies there."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What to call the set; default: name of the folder or archive.")
    ] = None,
    taxonomy: Annotated[str, typer.Option(help="Whose words the labels are: a name, or a TOML file.")] = "raabin",
    site: Annotated[str, typer.Option(help="Laboratory, where the files do not say it.")] = "unknown",
    stain: Annotated[Stain, typer.Option(help="Stain, where the files do not say it.")] = Stain.UNKNOWN,
    microscope: Annotated[str, typer.Option(help="Microscope, where the files do not say it.")] = "unknown",
    camera: Annotated[str | None, typer.Option(help="Camera, where the files do not say it.")] = None,
    um_per_px: Annotated[float | None, typer.Option(help="Micrometres per pixel.")] = None,
    turns: Annotated[
        str, typer.Option(help="How photographs are turned before boxes apply: 0 to 3, or a profile's name.")
    ] = "as-stored",
    as_json: AsJson = False,
) -> None:
    """Take in a data set with its boxes, classes, masks and labels, with its photographs or without.

    The same set again adds nothing; bad files are named, and the others read all the same.
    """
    settings, _ = read_settings(workspace)
    record = Record(
        site=site,
        stain=stain,
        microscope=microscope,
        camera=camera,
        micrometres_per_pixel=um_per_px,
        quarter_turns=quarter_turns_of(turns),
    )
    with open_workspace(workspace, create=True) as opened, progress_bars() as progress:
        summary = import_set(
            opened,
            source,
            format_name=format_name,
            name=name,
            record=record,
            taxonomy=taxonomy,
            max_megapixels=settings.max_megapixels,
            progress=progress,
        )
    show_result(summary, _text(summary), as_json=as_json)
    for refused in summary.refused:
        say(f"refused [{refused.code}] {refused.name}: {refused.message}", err=True)
    if summary.refused:
        raise typer.Exit(REFUSED)


def _text(summary: ImportSummary) -> str:
    new = f"{summary.fields} fields, {summary.cells} cells, {summary.labels} labels, {summary.masks} masks"
    rest = f"{summary.before} fields here before, {len(summary.repeats)} exact repeats"
    lines = [f"import {summary.name} ({summary.format}): {new}; {rest}, {len(summary.refused)} files refused"]
    if summary.without_pixels:
        lines.append(f"without photographs: {summary.without_pixels} fields, of which the boxes and labels are known")
    if summary.rounds:
        lines.append(f"rounds: {', '.join(summary.rounds)}")
    notes = sorted(summary.notes.items(), key=lambda pair: (-pair[1], pair[0]))
    lines += [f"note: {count} x {text}" for text, count in notes[:_SHOWN]]
    if len(notes) > _SHOWN:
        lines.append(f"and {len(notes) - _SHOWN} more kinds of notes (`--json` lists all)")
    lines += [f"exact repeat: {text}" for text in summary.repeats[:_SHOWN]]
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_command)
