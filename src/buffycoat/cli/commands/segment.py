"""``buffycoat segment``: draw nucleus and cell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, EngineAddress, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars, show_result
from buffycoat.errors import InputError
from buffycoat.settings import engine_for
from buffycoat.workflows.segment import DRAWN, Segmented, segment_cells
from buffycoat.workflows.segment_picture import PictureMasks, segment_picture
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


def segment(  # noqa: PLR0913 (the options of a command)
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    method: Annotated[str, typer.Option(help="best, easy-gt, tavakoli, …")] = "best",
    term: Annotated[
        list[str] | None, typer.Option(help="Only cells on which the experts agreed for this term; may be repeated.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="One picture instead of a workspace: a crop or, with --at, any photograph.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="X,Y", help="A point on the cell, in pixels of the picture; else its middle.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the masks of the picture and an overlay.")] = None,
    whole_only: Annotated[
        bool, typer.Option("--whole-only", help="Of the picture: no nucleus, as for basophils.")
    ] = False,
    engine: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Draw nucleus and whole cell of the kept cells; where that fails, the mask says so with its reason.

    Of agreed basophils only the whole cell is drawn. With --picture, one file is drawn without a workspace.
    """
    if picture is not None:
        if out is None or term:
            raise InputError("--picture needs --out, and knows no --term", hint="name a folder: --out masks")
        drawn = segment_picture(picture, out, at=_point(at), method=method, whole_only=whole_only)
        show_result(drawn, _picture_text(drawn), as_json=as_json)
        return
    if at is not None or out is not None or whole_only:
        raise InputError("--at, --out and --whole-only are for one picture", hint="name it: --picture FILE")
    with open_workspace(workspace, engine=engine_for(workspace, engine)) as opened, progress_bars() as progress:
        done = segment_cells(opened, method=method, terms=tuple(term or ()), progress=progress)
    finish([done.tally], as_json=as_json, text=_text(done), result=done)


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError("--at is no point", expected="X,Y in pixels, such as 120,80", found=repr(text)) from error
    return x, y


def _picture_text(drawn: PictureMasks) -> str:
    areas = {"nucleus": drawn.nucleus_px, "cytoplasm": drawn.cytoplasm_px, "cell": drawn.cell_px}
    sizes = ", ".join(f"{name} {area} px" for name, area in areas.items() if area is not None)
    return "\n".join([sizes, *drawn.files.values()])


def _text(done: Segmented) -> str:
    """Say what was done, and for each part how many are drawn and why the others are not."""
    tally = done.tally
    lines = [f"segment: {tally.done} done, {tally.before} done before, {len(tally.refused)} refused"]
    for part, counts in done.parts.items():
        if counts:
            reasons = [f"{count} {code}" for code, count in counts.items() if code != DRAWN]
            lines.append(f"  {part}: " + ", ".join([f"{counts.get(DRAWN, 0)} drawn", *reasons]))
    if done.by_people:
        lines.append(f"  {done.by_people} cells have masks that people drew or brought along: those stay")
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(segment)
