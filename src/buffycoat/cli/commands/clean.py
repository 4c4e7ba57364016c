"""``buffycoat clean``: mark the repeats."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, EngineAddress, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars
from buffycoat.settings import engine_for
from buffycoat.workflows.clean import clean_cells, clean_parameters
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]


class Method(StrEnum):
    """How two crops are compared."""

    REGISTERED = "registered"
    PAPER = "paper"


Bits = Annotated[
    int | None,
    typer.Option(
        min=1, max=65, help="Paper: hashes must differ in fewer bits of 64; see `buffycoat repeats calibrate`."
    ),
]


def clean(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    method: Annotated[Method, typer.Option(help="How two crops are compared.")] = Method.REGISTERED,
    average_bits: Bits = None,
    perceptual_bits: Bits = None,
    correlation: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="Registered: what two crops laid upon one another must reach."),
    ] = None,
    engine: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Mark pictures of one cell, keep the sharpest, name photographs that another one covers. Nothing is deleted."""
    parameters = clean_parameters(
        method, average_bits=average_bits, perceptual_bits=perceptual_bits, correlation=correlation
    )
    with open_workspace(workspace, engine=engine_for(workspace, engine)) as opened, progress_bars() as progress:
        tally = clean_cells(opened, parameters=parameters, progress=progress)
    finish([tally], as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(clean)
