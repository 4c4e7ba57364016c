"""What curators look at and decide: facts of photographs, how far the reading is, and the next release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.geometry import Box
from buffycoat.domain.release import ReleaseAbout
from buffycoat.domain.smear import Capture, ScaleSource, Smear
from buffycoat.domain.value import Digest, Scalar, value

__all__ = [
    "ChangeUndone",
    "ClassProgress",
    "CuratingCounts",
    "FactChange",
    "FactWish",
    "FactsChanged",
    "LineProblem",
    "MetadataFact",
    "MetadataGroup",
    "MetadataTable",
    "MetadataUpload",
    "PersonProgress",
    "ReaderProgress",
    "ReadingProgress",
    "ReleaseChoice",
    "ReleaseChoices",
    "ReleaseDiff",
    "ReleasePreview",
    "ReleaseTable",
    "RoundProgress",
    "SmearProgress",
    "TableRead",
    "WhatWouldTell",
]


class MetadataFact(StrEnum):
    """What a curator may say otherwise: facts of a smear, then those of the set-up that took a photograph.

    Code and site are the name of a smear and stay. Quarter turns stay too, as boxes rest on them.
    """

    STAIN = "stain"
    DIAGNOSIS = "diagnosis"
    SUBJECT = "subject"
    SEX = "sex"
    AGE_BAND = "age_band"
    ETHICS = "ethics_reference"
    MICROSCOPE = "microscope"
    OBJECTIVE = "objective_magnification"
    CAMERA = "camera"
    SCALE = "micrometres_per_pixel"


@value
class MetadataGroup:
    """The photographs of one smear that one set-up took, by id; ``crops`` of them came alone, without photograph."""

    smear_id: str
    capture_id: str
    photographs: tuple[str, ...]
    crops: int


@value
class MetadataTable:
    """What is recorded of all photographs, as it stands now. Names of received files are not told.

    ``choices``: what may stand in facts that come from a closed list.
    """

    smears: tuple[Smear, ...]
    setups: tuple[Capture, ...]
    groups: tuple[MetadataGroup, ...]
    choices: Mapping[str, tuple[str, ...]]


@value
class FactWish:
    """One fact, said of several smears or photographs at once.

    ``value`` is as it would stand in a metadata table; ``None`` for unknown. Facts of a smear are said of ``smears``,
    those of a set-up of ``photographs``. Nothing is kept but where ``keep`` says so, so that one may look first.
    """

    fact: MetadataFact
    value: str | None
    smears: tuple[str, ...] = ()
    photographs: tuple[str, ...] = ()
    scale_source: ScaleSource = ScaleSource.TYPED
    keep: bool = False


@value
class FactsChanged:
    """What a change of one fact does, or did: smears and photographs that it touches.

    ``before`` counts the photographs by what was said of them so far, ``""`` for unknown; ``same`` those of which just
    that is said already. ``corrections`` are the ids of what was kept; empty where nothing was.
    """

    fact: MetadataFact
    value: str | None
    smears: int
    photographs: int
    same: int
    before: Mapping[str, int]
    corrections: tuple[str, ...] = ()


@value
class FactChange:
    """One change in the history of a smear or photograph; ``by`` is a handle, ``None`` on the command line.

    ``photographs`` are those of the smear of which a fact of the set-up was said; empty for a fact of the smear, which
    holds for all of them.
    """

    correction: str
    fact: MetadataFact
    before: Scalar
    after: Scalar
    made_at: datetime
    by: str | None
    photographs: tuple[str, ...] = ()


@value
class ChangeUndone:
    """What came of taking corrections back: ``stayed`` counts facts that were said otherwise again since."""

    smears: int
    photographs: int
    stayed: int
    corrections: tuple[str, ...]


@value
class MetadataUpload:
    """A table that comes back: ``content`` in base64. Nothing is kept but where ``keep`` says so."""

    name: str
    content: str
    keep: bool = False


@value
class LineProblem:
    """What is wrong with one line of a table."""

    line: int
    what: str
    expected: str
    found: str
    hint: str


@value
class TableRead:
    """What a table says: what is wrong with it, or what it changes. Where anything is wrong nothing is kept."""

    rows: int
    problems: tuple[LineProblem, ...]
    changes: tuple[FactsChanged, ...]
    corrections: tuple[str, ...] = ()


@value
class CuratingCounts:
    """Numbers beside the pages that curators go from; ``gaps`` are photographs of which a fact is missing."""

    photographs: int
    gaps: int
    open_rounds: int
    disputed: int
    releases: int


@value
class ReaderProgress:
    """How far one reader of an open round is."""

    handle: str
    items: int
    answered: int
    handed_in: bool


@value
class PersonProgress:
    """How much waits for one person in open rounds, and of how many cells the person has drawn masks.

    Rounds in which the asking person reads are left out, so that nobody learns how far the others are in them.
    """

    handle: str
    rounds: int
    items: int
    answered: int
    outlined: int


@value
class RoundProgress:
    """How far a round is.

    Of a closed one cells count by what came of them: ``waiting`` nobody answered, ``single`` one person did, then
    ``agreed``, ``disputed`` and ``decided``; ``reading`` are read again in an open round, and nothing is told of them.
    Of an open one they count by how many people have answered: ``waiting``, ``read_once``, ``read_twice`` or more; to
    whoever reads in it nothing of that is told, and ``hidden`` says so.
    """

    id: str
    name: str
    mode: str
    open: bool
    hidden: bool
    opened_at: datetime
    cells: int
    waiting: int = 0
    reading: int = 0
    read_once: int = 0
    read_twice: int = 0
    single: int = 0
    agreed: int = 0
    disputed: int = 0
    decided: int = 0
    readers: tuple[ReaderProgress, ...] = ()


@value
class SmearProgress:
    """Where the kept cells of a smear stand; of those that an open round holds, ``reading``, nothing else is told."""

    smear_id: str
    code: str
    site: str
    cells: int
    waiting: int
    reading: int
    sorted: int
    single: int
    agreed: int
    disputed: int
    decided: int
    outlined: int


@value
class ClassProgress:
    """Kept cells of a class by how they came to it, and how many of them have masks."""

    term: str
    sorted: int
    single: int
    agreed: int
    decided: int
    outlined: int


@value
class ReadingProgress:
    """How far labels and masks are, by person, round, smear and class."""

    people: tuple[PersonProgress, ...]
    rounds: tuple[RoundProgress, ...]
    smears: tuple[SmearProgress, ...]
    classes: tuple[ClassProgress, ...]


@value
class ReleaseChoice:
    """Everything that a curator decides of a release, as ``buffycoat publish`` takes it.

    ``looked_at``: the digest of the preview that was looked at; where it is said, nothing else is sealed.
    """

    version: str
    about: ReleaseAbout = ReleaseAbout()
    query: str = "double-labeled"
    level: str = "five-class"
    rule: str = "film"
    seed: int = 0
    formats: tuple[str, ...] = ()
    allow_leaks: bool = False
    withhold: tuple[str, ...] = ()
    minimum_group: int = 5
    reviewed: tuple[str, ...] = ()
    looked_at: Digest | None = None


@value
class ReleaseChoices:
    """What may be chosen, and what was said last: its answers are offered for the next release."""

    rules: tuple[str, ...]
    formats: tuple[str, ...]
    withholdable: tuple[str, ...]
    levels: tuple[str, ...]
    versions: tuple[str, ...]
    last: ReleaseChoice | None


@value
class WhatWouldTell:
    """Something that could name a person, as a checklist shows it.

    ``id`` is that of a field, cell or smear where there is one; ``may_review``: a person may look and say that it tells
    of nobody. ``withhold``: facts that would take it away.
    """

    kind: str
    where: str
    found: str
    advice: str
    id: str | None = None
    box: Box | None = None
    may_review: bool = False
    withhold: tuple[str, ...] = ()


@value
class ReleaseTable:
    """A table as it will be printed; ``html`` is a fragment that the studio made, ``csv`` the same as data."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@value
class ReleasePreview:
    """What a release would be, before it is sealed; nothing is written.

    ``lines``: what leaks, in words; ``refused``: the leaks refuse the split. ``findings`` are the first ones, all of
    them are ``told``. ``missing``: what ``about`` does not say yet. ``digest``: of all that would be sealed, where
    it was worked out.
    """

    cells: int
    counts: Mapping[str, Mapping[str, int]]
    leaks: Mapping[str, int]
    lines: tuple[str, ...]
    refused: bool
    warnings: tuple[str, ...]
    findings: tuple[WhatWouldTell, ...]
    told: int
    missing: tuple[str, ...]
    tables: tuple[ReleaseTable, ...]
    digest: Digest | None = None


@value
class ReleaseDiff:
    """From an older release to a newer one, in numbers and in lines for people."""

    older: str
    newer: str
    manifest: Digest
    added: int
    removed: int
    relabeled: int
    moved: int
    files: Mapping[str, int]
    lines: tuple[str, ...]
