"""``buffycoat masks``: which cells are drawn, masks that come in and go out, and two experts beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import REFUSED, progress_bars, say, show_result
from buffycoat.workflows.masks.comparing import compare_masks, comparison_text
from buffycoat.workflows.masks.exporting import KINDS, export_masks
from buffycoat.workflows.masks.importing import import_masks
from buffycoat.workflows.masks.selecting import SelectionView, list_selections, preset_quotas, select_for_masks
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

Level = Annotated[str, typer.Option(help="Level of the taxonomy whose classes are meant.")]
OfSelection = Annotated[str | None, typer.Option("--selection", help="Only cells of this selection.")]

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def masks() -> None:
    """Choose cells for masks, bring masks in and out, and compare two who drew the same cells."""


@commands.command()
def select(  # noqa: PLR0913 (every part of a selection)
    name: Annotated[str, typer.Argument(help="What the selection is called.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    preset: Annotated[str | None, typer.Option(help="Quotas by name: paper.")] = None,
    take: Annotated[
        list[str] | None, typer.Option(metavar="CLASS=COUNT", help="So many cells of a class; may be repeated.")
    ] = None,
    whole_only: Annotated[
        list[str] | None, typer.Option(metavar="CLASS", help="Draw no nucleus in this class; may be repeated.")
    ] = None,
    level: Level = "five-class",
    seed: Annotated[int, typer.Option(help="Another seed draws other cells.")] = 0,
    as_many_as_there_are: Annotated[
        bool, typer.Option("--as-many-as-there-are", help="Take what there is of a class that has too few.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Choose cells on whose class the experts agree, at random, and keep the list: it is not changed any more."""
    quotas = preset_quotas(preset) if preset is not None else None
    counts = dict(quotas.counts) if quotas else {}
    for asked in take or ():
        term, equal, count = asked.rpartition("=")
        if not equal or not count.isdecimal():
            raise typer.BadParameter(f"{asked}: write CLASS=COUNT, such as monocyte=242")
        counts[term.strip()] = int(count)
    if not counts:
        raise typer.BadParameter("say how many cells of which class: --preset paper, or --take CLASS=COUNT")
    whole = tuple(dict.fromkeys([*(quotas.whole_only if quotas else ()), *(whole_only or ())]))
    with open_workspace(workspace) as opened:
        select_for_masks(opened, name, counts, whole_only=whole, level=level, seed=seed, fewer=as_many_as_there_are)
        (view,) = list_selections(opened, name)
    show_result(view, _told(view), as_json=as_json)


@commands.command("list")
def list_all(
    name: Annotated[str | None, typer.Argument(help="Only this selection, with its cells.")] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Show the selections: how many cells of each class are drawn, failed, or wait."""
    with open_workspace(workspace) as opened:
        views = list_selections(opened, name)
    show_result(views, "\n".join(map(_told, views)) or "no selection of cells yet", as_json=as_json)


@commands.command("import")
def take_in(  # noqa: PLR0913 (every way in which masks are told apart)
    path: Annotated[Path, typer.Argument(metavar="MASKS", help="A folder, a zip, or a file.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    name: Annotated[str | None, typer.Option(help="Of the set; default: the name of the folder.")] = None,
    expert: Annotated[str | None, typer.Option(help="Handle of the person who drew them.")] = None,
    second: Annotated[
        bool, typer.Option("--second", help="A second expert's, beside the masks that are there.")
    ] = False,
    coding: Annotated[
        str | None, typer.Option(help="zheng, bccd, two grays as 205,80, or colors as ff0000=nucleus,00ff00=cell.")
    ] = None,
    part: Annotated[str | None, typer.Option(help="What pictures show alone: nucleus, cell or cytoplasm.")] = None,
    trim: Annotated[bool, typer.Option("--trim", help="Cut a nucleus that leaves its cell to the cell.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring in masks of others: pictures, COCO or run lengths, named after cells, crops or photographs."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        found, _ = import_masks(
            opened,
            path,
            name=name,
            expert=expert,
            second=second,
            coding=coding,
            part=part,
            trim=trim,
            progress=progress,
        )
    counts = f"{found.cells} cells, {found.before} there before, {len(found.refused)} refused"
    show_result(found, f"masks of {found.name}: {counts}, {len(found.unmatched)} of no cell", as_json=as_json)
    for refused in (*found.refused, *found.unmatched):
        say(f"refused [{refused.code}] {refused.name}: {refused.message}", err=True)
    if found.refused or found.unmatched:
        raise typer.Exit(REFUSED)


@commands.command("export")
def write(
    folder: Annotated[Path, typer.Argument(help="A new folder.", show_default=False)],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    selection: OfSelection = None,
    kind: Annotated[list[str] | None, typer.Option(help=f"{', '.join(KINDS)}; default: all of them.")] = None,
    of: Annotated[
        str | None, typer.Option(help="Of this expert, method or set; default: the masks that count.")
    ] = None,
    crops: Annotated[bool, typer.Option("--crops", help="Write the crops too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write masks as pictures (each part, and both in one), run lengths and COCO."""
    with open_workspace(workspace) as opened:
        found = export_masks(opened, folder, kinds=tuple(kind or KINDS), selection=selection, hand=of, crops=crops)
    text = f"{found.cells} cells: {found.nuclei} nuclei, {found.whole} whole cells, {found.failed} failed"
    text += f"; {found.files} files in {folder}"
    if found.without:
        text += f"\n{len(found.without)} cells of the selection have no masks yet"
    show_result(found, text, as_json=as_json)


@commands.command()
def compare(
    one: Annotated[str | None, typer.Argument(help="An expert's handle, or a method.")] = None,
    other: Annotated[str | None, typer.Argument(help="Another; without both, the only two experts.")] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    selection: OfSelection = None,
    level: Level = "five-class",
    seed: Annotated[int, typer.Option(help="Of the intervals, which draw whole smears.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare two who drew the same cells: Dice, IoU and how far the outlines lie apart, by class and part."""
    with open_workspace(workspace) as opened:
        found = compare_masks(opened, one, other, selection=selection, level=level, seed=seed)
    show_result(found, comparison_text(found), as_json=as_json)


def _told(view: SelectionView) -> str:
    made = view.selection
    lines = [f"{made.name}: {len(made.cells)} cells, seed {made.seed}"]
    for line in view.classes:
        states = f"{line.drawn} drawn, {line.drafted} drafted, {line.failed} failed, {line.waiting} waiting"
        less = f" of {line.asked} asked for" if line.chosen < line.asked else ""
        whole = "  (whole cell only)" if line.term in made.whole_only else ""
        lines.append(f"  {line.term:12} {line.chosen:5}{less}: {states}{whole}")
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    app.add_typer(commands, name="masks")
