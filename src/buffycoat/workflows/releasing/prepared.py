"""A release before it is sealed: its contents as they go out, what leaks, and what could name a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pydantic import TypeAdapter

from buffycoat.domain.query import DOUBLE_LABELED, Query
from buffycoat.domain.release import ReleaseAbout
from buffycoat.domain.value import Digest, digest_of
from buffycoat.publish.leaks import LeakReport, refuse_leaks
from buffycoat.publish.privacy import PrivacyFinding, privacy_findings, withhold
from buffycoat.publish.sealed import Contents
from buffycoat.publish.splits import RULES
from buffycoat.workflows.agreement import agreement_lines_of
from buffycoat.workflows.releasing.contents import gather_contents
from buffycoat.workflows.releasing.files import FORMATS
from buffycoat.workflows.releasing.hidden_ids import ID, hide_ids
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress
from buffycoat.workflows.workspace import Workspace

__all__ = ["FORMAT_NAMES", "RULE_NAMES", "Prepared", "ReleaseWish", "prepare_release"]

FORMAT_NAMES: Final = tuple(FORMATS)
RULE_NAMES: Final = tuple(RULES)
_CONTENTS: Final = TypeAdapter(Contents)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWish:
    """What a curator decides of a release.

    Parameters
    ----------
    about : ReleaseAbout
        What its users are told.
    query : Query
        Which cells; without another, the kept ones on which both experts agree.
    level : str
        Level of the taxonomy at which cells have a class.
    rule, seed
        How cells are split: ``film``, ``film-strict``, ``released`` or ``random``.
    formats : tuple of str
        What to write.
    allow_leaks : bool
        Publish a split that leaks, and say so on everything made from it.
    search_repeats : bool
        Compare all cells with one another, across smears too, for repeats on two sides.
    withhold : tuple of str
        Facts of smears that are left out: sex, age_band, site, diagnosis, ethics_reference.
    minimum_group : int
        Fewest people that may share a combination of published facts.
    reviewed : tuple of str
        Ids of fields and cells in which a person looked for writing and found none that matters.
    """

    about: ReleaseAbout
    query: Query = DOUBLE_LABELED
    level: str = "five-class"
    rule: str = "film"
    seed: int = 0
    formats: tuple[str, ...] = FORMAT_NAMES
    allow_leaks: bool = False
    search_repeats: bool = True
    withhold: tuple[str, ...] = ()
    minimum_group: int = 5
    reviewed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A release as it would be sealed; ``findings`` are told under the ids of the workspace."""

    contents: Contents
    leaks: LeakReport
    findings: tuple[PrivacyFinding, ...]

    @property
    def digest(self) -> Digest:
        """Of what lies in it; the same under another version and with other words about it."""
        return digest_of(_CONTENTS.dump_json(replace(self.contents, version="", about=ReleaseAbout())))


def prepare_release(
    workspace: Workspace,
    *,
    version: str,
    wish: ReleaseWish,
    refuse: bool = True,
    progress: ShowProgress = no_progress,
) -> Prepared:
    """Gather what a release would hold, and look through it for leaks and for what could name a person.

    ``refuse``: stop at leaks that are not allowed, before all pictures are looked through.

    Raises
    ------
    TooFew
        No cell of the query has a class at this level.
    SplitLeak
        The split would put one person, film, field or cell on two sides, and that is to be refused.
    """
    gathered = gather_contents(
        workspace,
        version=version,
        about=wish.about,
        query=wish.query,
        level=wish.level,
        rule=wish.rule,
        seed=wish.seed,
        formats=wish.formats,
        search_repeats=wish.search_repeats,
        progress=progress,
    )
    if refuse and not wish.allow_leaks:
        refuse_leaks(gathered.leaks)
    told = replace(
        withhold(gathered.contents, wish.withhold),
        agreement=tuple(agreement_lines_of(workspace, wish.level, rounds=gathered.rounds)),
        warnings=gathered.warnings,
    )
    contents, known = hide_ids(workspace, told)
    hidden = {key: name for name, key in known.items()}
    findings = privacy_findings(
        contents,
        photographs=workspace.objects.get,
        minimum=wish.minimum_group,
        reviewed=frozenset(hidden.get(key, key) for key in wish.reviewed),
        progress=lambda done, total: progress(Progress(room="publish", done=done, total=total)),
    )
    return Prepared(
        contents=contents, leaks=gathered.leaks, findings=tuple(_found_here(finding, known) for finding in findings)
    )


def _found_here(finding: PrivacyFinding, known: Mapping[str, str]) -> PrivacyFinding:
    """Name what was found as the workspace does: under the ids that go out nobody would find it."""

    def named(text: str) -> str:
        return ID.sub(lambda found: known.get(found[0], found[0]), text)

    return replace(
        finding,
        where=named(finding.where),
        found=named(finding.found),
        id=None if finding.id is None else named(finding.id),
    )
