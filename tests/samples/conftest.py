"""The built-in set, drawn once."""

from __future__ import annotations

import pytest

from buffycoat.samples import SampleSmear, draw_smears


@pytest.fixture(scope="session")
def smears() -> tuple[SampleSmear, ...]:
    """The five smears of seed 0."""
    return draw_smears()
