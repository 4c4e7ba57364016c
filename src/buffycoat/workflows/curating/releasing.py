"""The next release as a curator makes it: what may be chosen, what it would be, the sealing, and what changed."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from buffycoat.domain.curating import (
    ReleaseChoice,
    ReleaseChoices,
    ReleaseDiff,
    ReleasePreview,
    ReleaseTable,
    WhatWouldTell,
)
from buffycoat.domain.job import JobOrder
from buffycoat.domain.query import Query
from buffycoat.domain.release import Release
from buffycoat.domain.smear import Smear
from buffycoat.domain.taxonomy import FULL
from buffycoat.domain.value import digest_of
from buffycoat.errors import AlreadyExists, DigestMismatch, InputError, NotFound
from buffycoat.formats.table import PrintedTable
from buffycoat.imaging.codecs import read_bytes
from buffycoat.publish.about import check_about, missing_facts
from buffycoat.publish.comparable_sets import comparable_sets
from buffycoat.publish.leaks import LeakReport, leak_lines
from buffycoat.publish.privacy import WITHHOLDABLE, PrivacyFinding, PrivacyKind
from buffycoat.publish.sealed import Contents
from buffycoat.publish.small_groups import facts_to_withhold
from buffycoat.publish.split_table import split_counts
from buffycoat.publish.tables import release_tables
from buffycoat.workflows.browse import taxonomy
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.publish import diff_releases, named_here, publish_release, release_folder
from buffycoat.workflows.releasing.contents import gather_contents
from buffycoat.workflows.releasing.files import check_formats
from buffycoat.workflows.releasing.prepared import FORMAT_NAMES, RULE_NAMES, ReleaseWish, prepare_release
from buffycoat.workflows.runs import ShowProgress
from buffycoat.workflows.selection import find_query, save_query
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "check_choice",
    "count_choice",
    "keep_preview",
    "keep_query",
    "manifest_of_release",
    "read_preview",
    "release_choices",
    "release_difference",
    "seal_choice",
    "tables_of_release",
]

_CONTENTS: Final = TypeAdapter(Contents)
_PREVIEW: Final = TypeAdapter(ReleasePreview)
_CHOICE: Final = TypeAdapter(ReleaseChoice)
_FINDINGS: Final = 500
"""Findings that are listed: where there are more, most have one cause, and go together once it is mended."""
_KEPT: Final = 5
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def release_choices(workspace: Workspace) -> ReleaseChoices:
    """Return what may be chosen, and what was said of the release that was sealed last."""
    with workspace.database.reading() as transaction:
        releases = sorted(transaction.find(Release), key=lambda release: release.sealed_at)
        orders = transaction.find(JobOrder, kind="publish")
    last = None
    if releases:
        newest = releases[-1]
        held = None if newest.contents is None else _CONTENTS.validate_json(workspace.objects.get(newest.contents))
        last = ReleaseChoice(
            version=newest.version,
            about=newest.about,
            query="double-labeled" if held is None else held.query.id,
            level=newest.level,
            rule=_rule_of(newest),
            seed=newest.splits.seed,
            formats=newest.formats,
            allow_leaks=bool(newest.leaks),
            withhold=() if held is None else held.withheld,
            minimum_group=_smallest_group(newest, orders),
        )
    levels = taxonomy(workspace).levels
    return ReleaseChoices(
        rules=RULE_NAMES,
        formats=FORMAT_NAMES,
        withholdable=WITHHOLDABLE,
        levels=tuple(dict.fromkeys([*levels, FULL])),
        versions=tuple(release.version for release in releases),
        last=last,
    )


def keep_query(workspace: Workspace, query: Query) -> Query:
    """Keep which cells a release is made of, under a name.

    Raises
    ------
    InputError
        The name is none that can be typed in a command.
    NotFound
        It names a smear that is not there.
    AlreadyExists
        The name means other cells.
    UnknownTerm
        It names a class that no taxonomy has.
    """
    if not _NAME.fullmatch(query.id):
        raise InputError("this is no name of a query", expected="letters, digits and dashes", found=repr(query.id[:64]))
    with workspace.database.reading() as transaction:
        for smear in query.smears:
            transaction.get(Smear, smear)
    return save_query(workspace, query)


def _rule_of(release: Release) -> str:
    """Return the name of the rule by which a release was split: what it says of itself begins with it."""
    name = release.splits.rule.split(";")[0].strip()
    return name if name in RULE_NAMES else "film"


def _smallest_group(release: Release, orders: Sequence[JobOrder]) -> int:
    """Return what to offer for the fewest people that share their facts: the usual, or more where more was asked for.

    A release does not tell it; the order of the studio by which it was sealed does.
    """
    asked = [each for each in orders if each.parameters["version"] == release.version]
    newest = max(asked, key=lambda order: order.asked_at, default=None)
    usual = ReleaseChoice(version=release.version).minimum_group
    return usual if newest is None else max(usual, int(newest.parameters.get("minimum_group", usual)))


def _wish(workspace: Workspace, choice: ReleaseChoice) -> ReleaseWish:
    return ReleaseWish(
        about=choice.about,
        query=find_query(workspace, choice.query),
        level=choice.level,
        rule=choice.rule,
        seed=choice.seed,
        formats=choice.formats or FORMAT_NAMES,
        allow_leaks=choice.allow_leaks,
        withhold=choice.withhold,
        minimum_group=choice.minimum_group,
        reviewed=choice.reviewed,
    )


def check_choice(workspace: Workspace, choice: ReleaseChoice, *, seal: bool = False) -> Mapping[str, Any]:
    """Refuse at once what would be refused after minutes; return the choice as a job takes it.

    Raises
    ------
    InvalidMetadata
        The version cannot be one.
    AlreadyExists
        The version is taken, and it is to be sealed.
    NotFound
        There is no such query.
    InputError
        There is no such rule, format or fact.
    ReleaseIncomplete
        It is to be sealed and says too little.
    """
    release_folder(workspace, choice.version)
    wish = _wish(workspace, choice)
    check_formats(wish.formats)
    if wish.rule not in RULE_NAMES:
        raise InputError("no such rule to split by", expected=" or ".join(RULE_NAMES), found=repr(wish.rule))
    if wrong := sorted(set(wish.withhold) - set(WITHHOLDABLE)):
        raise InputError("no fact that can be withheld", expected=", ".join(WITHHOLDABLE), found=", ".join(wrong))
    if wish.minimum_group < 1:
        raise InputError("no number of people", expected="1 or more", found=str(wish.minimum_group))
    if seal:
        check_about(wish.about)
        with workspace.database.reading() as transaction:
            if transaction.find(Release, version=choice.version):
                raise AlreadyExists(f"release {choice.version} is sealed already", hint="choose another version")
    told: Mapping[str, Any] = _CHOICE.dump_python(choice, mode="json")
    return told


def count_choice(workspace: Workspace, choice: ReleaseChoice) -> ReleasePreview:
    """Return counts by class and part, and the leaks that can be seen without comparing pictures; in seconds.

    Raises
    ------
    TooFew
        No cell of the query has a class at this level.
    """
    check_choice(workspace, choice)
    wish = _wish(workspace, choice)
    gathered = gather_contents(
        workspace,
        version=choice.version,
        about=wish.about,
        query=wish.query,
        level=wish.level,
        rule=wish.rule,
        seed=wish.seed,
        formats=wish.formats,
        search_repeats=False,
    )
    return _preview(workspace, choice, gathered.contents, gathered.leaks, warnings=gathered.warnings)


def keep_preview(workspace: Workspace, told: Mapping[str, Any], progress: ShowProgress) -> Mapping[str, Any]:
    """Work out all that a release would be, and keep it for whoever asked; of older ones the latest few stay.

    It is no part of the history of the workspace: what it found may name people, so it lies in a file that goes.
    """
    choice = _CHOICE.validate_python(dict(told))
    wish = _wish(workspace, choice)
    prepared = prepare_release(workspace, version=choice.version, wish=wish, refuse=False, progress=progress)
    contents = prepared.contents
    preview = _preview(
        workspace,
        choice,
        contents,
        prepared.leaks,
        warnings=contents.warnings,
        findings=prepared.findings,
        tables=True,
    )
    preview = replace(preview, digest=prepared.digest)
    content = _PREVIEW.dump_json(preview)
    key = digest_of(content)
    folder = _previews(workspace)
    folder.mkdir(exist_ok=True)
    aside = folder / f".{key}.incoming"
    aside.write_bytes(content)
    aside.replace(folder / f"{key}.json")
    for old in sorted(folder.glob("*.json"), key=os.path.getmtime, reverse=True)[_KEPT:]:
        old.unlink(missing_ok=True)
    return {"preview": key, "cells": preview.cells, "findings": preview.told}


def read_preview(workspace: Workspace, key: str) -> ReleasePreview:
    """Return a preview that was worked out.

    Raises
    ------
    NotFound
        There is none, or it is so old that it went.
    """
    path = _previews(workspace) / f"{key}.json"
    if not _KEY.fullmatch(key) or not path.is_file():
        raise NotFound("there is no such preview", found=key, hint="work it out again")
    return _PREVIEW.validate_json(read_bytes(path, name=path.name))


def _previews(workspace: Workspace) -> Path:
    return workspace.folder / "previews"


def _preview(
    workspace: Workspace,
    choice: ReleaseChoice,
    contents: Contents,
    leaks: LeakReport,
    *,
    warnings: tuple[str, ...],
    findings: tuple[PrivacyFinding, ...] = (),
    tables: bool = False,
) -> ReleasePreview:
    counts = split_counts(contents)
    found = dict(leaks.counts())
    return ReleasePreview(
        cells=sum(sum(by_class.values()) for by_class in counts.values()),
        counts=counts,
        leaks=found,
        lines=tuple(named_here(workspace, [*leak_lines(leaks)])),
        refused=bool(leaks.fatal) and not choice.allow_leaks,
        warnings=tuple(named_here(workspace, warnings)),
        findings=tuple(_told(each, contents, choice.minimum_group) for each in findings[:_FINDINGS]),
        told=len(findings),
        missing=missing_facts(choice.about),
        tables=_tables(workspace, contents) if tables else (),
    )


def _told(finding: PrivacyFinding, contents: Contents, minimum: int) -> WhatWouldTell:
    cure: tuple[str, ...] = ()
    if finding.kind is PrivacyKind.SMALL_GROUP:
        cure = facts_to_withhold(contents.smears, minimum=minimum)
    elif (column := finding.where.split(" ")[0]) in WITHHOLDABLE:
        cure = (column,)
    return WhatWouldTell(
        kind=finding.kind.value,
        where=finding.where,
        found=finding.found,
        advice=finding.advice,
        id=finding.id,
        box=finding.box,
        may_review=finding.kind is PrivacyKind.WRITING,
        withhold=cure,
    )


def _tables(workspace: Workspace, contents: Contents) -> tuple[ReleaseTable, ...]:
    printed = release_tables(contents, taxonomy=taxonomy_of(workspace, contents.taxonomy), comparable=comparable_sets())
    return tuple(_table(name, table) for name, table in printed.items())


def _table(name: str, table: PrintedTable) -> ReleaseTable:
    header, *rows = csv.reader(io.StringIO(table.to_csv(), newline=""))
    return ReleaseTable(
        name=name, title=table.title, columns=tuple(header), rows=tuple(map(tuple, rows)), notes=table.notes
    )


def seal_choice(workspace: Workspace, told: Mapping[str, Any], progress: ShowProgress) -> Mapping[str, Any]:
    """Seal a release exactly as the command line does; begun anew after an interruption it is the same release."""
    choice = _CHOICE.validate_python(dict(told))
    wish = _wish(workspace, choice)
    release = publish_release(
        workspace, version=choice.version, wish=wish, looked_at=choice.looked_at, progress=progress
    )
    return {"version": release.version, "manifest": release.manifest, "files": len(release.files)}


def _release(workspace: Workspace, version: str) -> Release:
    with workspace.database.reading() as transaction:
        found = transaction.find(Release, version=version)
    if not found:
        raise NotFound("no release has this version", found=version)
    return found[0]


def tables_of_release(workspace: Workspace, version: str) -> tuple[ReleaseTable, ...]:
    """Return Tables 3 to 7 of a release, as they were sealed.

    Raises
    ------
    NotFound
        No release has this version, or it was sealed before lists were kept.
    """
    release = _release(workspace, version)
    if release.contents is None:
        raise NotFound("this release kept no list from which tables could be made", found=version)
    return _tables(workspace, _CONTENTS.validate_json(workspace.objects.get(release.contents)))


def manifest_of_release(workspace: Workspace, version: str) -> bytes:
    """Return the manifest of a release as it lies in its folder.

    Raises
    ------
    NotFound
        No release has this version, or its folder was moved away.
    DigestMismatch
        It is not as it was sealed.
    """
    release = _release(workspace, version)
    path = release_folder(workspace, version) / "manifest.json"
    if not path.is_file():
        raise NotFound("the folder of this release is not here", found=version, hint="bring it back from a backup")
    content = read_bytes(path, name=path.name)
    if digest_of(content) != release.manifest:
        raise DigestMismatch("the manifest is not as it was sealed", expected=release.manifest, found="another one")
    return content


def release_difference(workspace: Workspace, older: str, newer: str) -> ReleaseDiff:
    """Return what changed from one release to another.

    Raises
    ------
    NotFound
        One of them is not there.
    """
    after = _release(workspace, newer)
    _release(workspace, older)
    found, lines = diff_releases(workspace, older, newer)
    return ReleaseDiff(
        older=found.older,
        newer=found.newer,
        manifest=after.manifest,
        added=len(found.added),
        removed=len(found.removed),
        relabeled=len(found.relabeled),
        moved=len(found.moved),
        files=dict(found.files),
        lines=tuple(lines),
    )
