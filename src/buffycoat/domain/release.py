"""Sealed releases, and scores on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from buffycoat.domain.value import Digest, value

__all__ = ["Release", "ReleaseAbout", "ReleaseFile", "Scorecard", "SplitPlan"]


@value
class SplitPlan:
    """Which smear is in train, test-A and test-B; drawn once, by subject where the subject is known.

    ``unit`` says what ``assignment`` names: smears, or cells where a rule puts cells of one smear on two sides.
    ``removed`` are cells that the rule leaves out, because they would leak.
    """

    assignment: Mapping[str, str]
    rule: str
    seed: int
    unit: str = "smear"
    removed: tuple[str, ...] = ()


@value
class ReleaseFile:
    """One file of a release."""

    path: str
    digest: Digest
    size_bytes: int


@value
class ReleaseAbout:
    """What the users of a release must be told before they may use it.

    ``license`` or ``terms_of_use``, ``ethics``, ``contributors`` and ``citation`` are demanded when it is sealed.
    ``published`` is a date such as ``2026-05-01``, ``url`` where the release can be had.
    """

    title: str = ""
    license: str = ""
    terms_of_use: str = ""
    ethics: str = ""
    contributors: tuple[str, ...] = ()
    citation: str = ""
    contact: str = ""
    description: str = ""
    published: str = ""
    url: str = ""


@value
class Release:
    """A sealed data set: the digest of its manifest names it, so a changed byte is another release.

    ``contents`` is the digest of the sealed list of what lies in it, from which the same bytes can be made again.
    ``leaks`` counts, by kind, what was found on two sides of the split and let through on demand.
    """

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
    about: ReleaseAbout = ReleaseAbout()
    contents: Digest | None = None
    formats: tuple[str, ...] = ()
    leaks: Mapping[str, int] = field(default_factory=dict)


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
