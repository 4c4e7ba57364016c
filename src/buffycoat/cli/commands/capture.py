"""``buffycoat capture``: a folder that a camera's program writes into; ``buffycoat labels``: labels for slides."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import WorkspaceFolder
from buffycoat.cli.output import REFUSED, say
from buffycoat.cli.stop import Stopped
from buffycoat.domain.capturing import CountingArea, SmearWish
from buffycoat.domain.smear import Stain
from buffycoat.errors import UnwritableFile
from buffycoat.settings import read_settings
from buffycoat.workflows.capturing import (
    Seen,
    SeenState,
    label_sheet,
    list_smears,
    make_smear,
    preset_named,
    range_of,
    watch_folder,
)
from buffycoat.workflows.workspace import Workspace, open_workspace

__all__ = ["register"]

Site = Annotated[str, typer.Option(help="The laboratory.")]


def capture(  # noqa: PLR0913 (what is said of all photographs)
    watch: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder that photographs come into.")],
    smear: Annotated[str, typer.Option(metavar="CODE", help="Code on the slide that they show.")],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    preset: Annotated[str | None, typer.Option(metavar="NAME", help="Set-up, by its name on the page Capture.")] = None,
    site: Site = "unknown",
    stain: Annotated[Stain, typer.Option(help="Of a smear that is new.")] = Stain.UNKNOWN,
    counting: Annotated[CountingArea, typer.Option(help="Whether they show the counting area.")] = CountingArea.UNSAID,
    settle: Annotated[float, typer.Option(min=0.0, help="Seconds without a change before a file is read.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Stop when what is there is taken in.")] = False,
) -> None:
    """Take in each photograph that comes into a folder, once, until Ctrl-C."""
    settings, _ = read_settings(workspace)
    counts: Counter[SeenState] = Counter()

    def tell(seen: Seen) -> None:
        counts[seen.state] += 1
        cells = "" if seen.white_cells is None else f", {seen.white_cells} white cells seen"
        if seen.state is SeenState.REFUSED:
            say(f"refused [{seen.code}] {seen.name}: {seen.why}", err=True)
        else:
            say(f"{seen.name}: {seen.state}{cells}")

    with open_workspace(workspace, create=True) as opened:
        smear_id = _smear(opened, smear, site, stain)
        chosen = None if preset is None else preset_named(opened, preset)
        if not once:
            say(f"watching {watch} for photographs of {smear} (Ctrl-C ends it)")
        with contextlib.suppress(Stopped):  # the way to end it
            watch_folder(
                opened,
                watch,
                smear_id=smear_id,
                preset=chosen,
                counting=counting,
                settle=settle,
                once=once,
                max_megapixels=settings.max_megapixels,
                tell=tell,
            )
    taken, before, refused = (counts[state] for state in SeenState)
    say(f"capture: {taken} photographs taken in, {before} here before, {refused} refused")
    if refused:
        raise typer.Exit(REFUSED)


def _smear(workspace: Workspace, code: str, site: str, stain: Stain) -> str:
    """Return the id of a smear that is there, whatever its stain is when none is said; or make it."""
    there = list_smears(workspace, code=code, site=site)
    if there and stain is Stain.UNKNOWN:
        return there[0].id
    return make_smear(workspace, SmearWish(code=code, site=site, stain=stain))[0].id


def labels(
    codes: Annotated[list[str] | None, typer.Argument(help="Codes, one label each.", show_default=False)] = None,
    *,
    prefix: Annotated[str, typer.Option(help="Or what a row of codes begins with.")] = "",
    first: Annotated[int, typer.Option(help="Number of the first one.")] = 1,
    count: Annotated[int, typer.Option(help="How many in a row.")] = 0,
    sheet: Annotated[str, typer.Option(metavar="24|48|slide", help="Labels on a sheet; slide: 22 mm squares.")] = "24",
    site: Site = "unknown",
    out: Annotated[Path, typer.Option(help="Page to write; a browser prints it.")] = Path("labels.html"),
) -> None:
    """Write a sheet of labels for slides, each with a QR symbol that the page Capture reads."""
    row = range_of(prefix, first=first, count=count) if count else ()
    wanted = [*(codes or ()), *row]
    page = label_sheet(wanted, sheet=sheet, site=site)
    try:
        out.write_bytes(page)
    except OSError as error:
        raise UnwritableFile(f"{out} cannot be written", found=error.strerror or "") from error
    say(f"{out}: {len(dict.fromkeys(wanted))} labels; print it on A4 at 100 %, without margins")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(capture)
    app.command()(labels)
