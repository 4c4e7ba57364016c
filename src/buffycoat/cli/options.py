"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AsJson",
    "BoxedSet",
    "EngineAddress",
    "FormatName",
    "MaxMegapixels",
    "MicrometersPerPixel",
    "Photographs",
    "Side",
    "WhiteWords",
    "WorkspaceFolder",
]

WorkspaceFolder = Annotated[
    Path,
    typer.Option("--workspace", "-w", envvar="BUFFYCOAT_WORKSPACE", help="Folder of the workspace.", show_default=True),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Photographs = Annotated[Path, typer.Argument(help="A folder, a zip, or one photograph.", show_default=False)]
MaxMegapixels = Annotated[
    float | None, typer.Option("--max-megapixels", help="Refuse larger pictures before decoding them.")
]
Side = Annotated[
    int | None,
    typer.Option(min=16, help="Side of the crops in pixels; without it, from the scale or the field's own red cells."),
]
EngineAddress = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="ADDRESS",
        help="Scheduler of a Dask cluster that does the work, as tcp://HOST:PORT; else the setting, else this machine.",
    ),
]
BoxedSet = Annotated[
    Path,
    typer.Argument(metavar="SET", help="Photographs with boxes: VOC, COCO, YOLO, BCCD, Raabin.", show_default=False),
]
FormatName = Annotated[
    str | None, typer.Option("--format", help="Of what format the set is; guessed where it is not given.")
]
WhiteWords = Annotated[
    list[str] | None,
    typer.Option("--white", help="What the set calls white cells, where its words are unknown; may be given again."),
]
MicrometersPerPixel = Annotated[
    float | None,
    typer.Option(min=1e-6, help="Scale of the photographs; without it, from the median red cell."),
]
