"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AsJson", "MaxMegapixels", "Photographs", "Side", "WorkspaceFolder"]

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
