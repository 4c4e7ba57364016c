"""A taxonomy as a workspace keeps it, so that labels can be read when the file is long gone."""

from __future__ import annotations

from datetime import datetime

from buffycoat.domain.value import value

__all__ = ["TaxonomyEdition"]


@value
class TaxonomyEdition:
    """One version of a laboratory's taxonomy: ``id`` is its reference, such as ``"raabin@1"``, ``content`` its TOML."""

    id: str
    content: str
    added_at: datetime
    run_id: str
