"""Sealed releases, and scores on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from buffycoat.domain.value import Digest, value

__all__ = ["Release", "ReleaseFile", "Scorecard", "SplitPlan"]


@value
class SplitPlan:
    """Which smear is in train, test-A and test-B; drawn once, by subject where the subject is known."""

    assignment: Mapping[str, str]
    rule: str
    seed: int


@value
class ReleaseFile:
    """One file of a release."""

    path: str
    digest: Digest
    size_bytes: int


@value
class Release:
    """A sealed data set: the digest of its manifest names it, so a changed byte is another release."""

    id: str
    version: str
    taxonomy: str
    level: str
    license: str
    counts: Mapping[str, Mapping[str, int]]
    splits: SplitPlan
    files: tuple[ReleaseFile, ...]
    manifest: Digest
    simulated: bool
    sealed_at: datetime
    run_id: str


@value
class Scorecard:
    """How a classifier did on one split. ``None`` means undefined, which is not zero.

    ``confusion``: rows truth, columns prediction, in the order of ``terms``; a last column counts cells that
    got no prediction, where there are any. ``interval``: 95 % of the balanced accuracy. ``baseline``: accuracy
    of always answering the commonest class of the training split.
    """

    id: str
    release_id: str
    recipe: str
    split: str
    terms: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    accuracy: float | None
    balanced_accuracy: float | None
    interval: tuple[float, float] | None
    baseline: float | None
    per_term: Mapping[str, Mapping[str, float | None]]
    run_id: str
