"""Which part of a long list is asked for, and how an id looks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

__all__ = ["Id", "Limit", "Offset"]

Offset = Annotated[int, Query(ge=0, le=1_000_000_000, description="How many items to pass over.")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many items to return at most.")]
Id = Annotated[str, Path(min_length=1, max_length=64, description="The id, as lists give it.")]
