"""Where long work is computed: in this process, or on the workers of a Dask cluster. Rows are written here alone."""

from buffycoat.workflows.engine.address import engine_at
from buffycoat.workflows.engine.calls import (
    SERIAL,
    Call,
    Engine,
    Said,
    Serial,
    Shared,
    Steps,
    at_once,
    elsewhere,
    in_turn,
)

__all__ = [
    "SERIAL",
    "Call",
    "Engine",
    "Said",
    "Serial",
    "Shared",
    "Steps",
    "at_once",
    "elsewhere",
    "engine_at",
    "in_turn",
]
