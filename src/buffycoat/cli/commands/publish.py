"""``buffycoat publish``, ``leaks``, ``verify``, ``reproduce`` and ``diff``: releases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import progress_bars, show_result
from buffycoat.domain.release import ReleaseAbout
from buffycoat.settings import read_settings
from buffycoat.workflows.publish import (
    FORMAT_NAMES,
    RULE_NAMES,
    ReleaseWish,
    about_from,
    diff_releases,
    find_leaks,
    publish_release,
    reproduce_release,
    verify_release,
)
from buffycoat.workflows.selection import find_query
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

_Query = Annotated[str, typer.Option("--query", help="Which cells: a saved query (`buffycoat query` lists them).")]
_Level = Annotated[str, typer.Option(help="Level of the taxonomy at which cells have a class.")]
_Rule = Annotated[str, typer.Option("--split", help=f"Rule of the split: {', '.join(RULE_NAMES)}.")]
_Seed = Annotated[int, typer.Option(help="Seed of the split.")]
_Version = Annotated[str, typer.Argument(help="Version of a release.")]


def publish(  # noqa: PLR0913 (every decision of a curator)
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    version: Annotated[str, typer.Option(help="Version of the release.")] = "1",
    about: Annotated[
        Path | None,
        typer.Option(
            help="TOML that says title, license or terms_of_use, ethics, contributors, citation, contact, description."
        ),
    ] = None,
    license_name: Annotated[
        str | None, typer.Option("--license", help="License; it takes the place of the one in the file.")
    ] = None,
    query: _Query = "double-labeled",
    level: _Level = "five-class",
    rule: _Rule = "film",
    seed: _Seed = 0,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help=f"What to write; default all of {', '.join(FORMAT_NAMES)}.")
    ] = None,
    allow_leaks: Annotated[
        bool, typer.Option("--allow-leaks", help="Publish a leaking split, and say so on all that is made from it.")
    ] = False,
    withhold: Annotated[
        list[str] | None,
        typer.Option(help="Leave out a fact of smears: sex, age_band, site, diagnosis, ethics_reference."),
    ] = None,
    smallest_group: Annotated[
        int, typer.Option(min=1, help="Fewest people that may share a combination of published facts.")
    ] = 5,
    reviewed: Annotated[
        list[str] | None, typer.Option(help="Id of a field or cell in which a person found no writing that matters.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Seal a release: cells by query, split, looked through for leaks and names, written in every format asked for."""
    settings, _ = read_settings(workspace, release_license=license_name)
    told = ReleaseAbout() if about is None else about_from(about)
    if license_name or not told.license:
        told = replace(told, license=settings.release_license)
    with open_workspace(workspace) as opened, progress_bars() as progress:
        wish = ReleaseWish(
            about=told,
            query=find_query(opened, query),
            level=level,
            rule=rule,
            seed=seed,
            formats=tuple(formats or FORMAT_NAMES),
            allow_leaks=allow_leaks,
            withhold=tuple(withhold or ()),
            minimum_group=smallest_group,
            reviewed=tuple(reviewed or ()),
        )
        release = publish_release(opened, version=version, wish=wish, progress=progress)
    counts = ", ".join(f"{split} {sum(by_class.values())}" for split, by_class in release.counts.items())
    lines = [f"sealed release {release.version}: {counts}; {len(release.files)} files; manifest {release.manifest}"]
    if release.leaks:
        lines.append("THIS SPLIT LEAKS: " + ", ".join(f"{count} {kind}" for kind, count in release.leaks.items()))
    show_result(release, "\n".join(lines), as_json=as_json)


def leaks(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    query: _Query = "double-labeled",
    level: _Level = "five-class",
    rule: _Rule = "film",
    seed: _Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Say what a split would leave on two sides, and which classes hang on one film; nothing is published."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        gathered, lines = find_leaks(
            opened, query=find_query(opened, query), level=level, rule=rule, seed=seed, progress=progress
        )
    result = {
        "rule": gathered.contents.plan.rule,
        "leaks": gathered.leaks,
        "warnings": gathered.warnings,
        "removed": gathered.contents.plan.removed,
    }
    show_result(result, "\n".join(lines), as_json=as_json)


def verify(
    release: Annotated[str, typer.Argument(help="Version of a release, or a release's folder anywhere.")],
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Check every file of a release against its sealed digest."""
    files = verify_release(workspace, release)
    text = f"release {release}: {files} files are as they were sealed"
    show_result({"release": release, "files": files}, text, as_json=as_json)


def reproduce(version: _Version, workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Make every file of a release again from the workspace, and compare byte for byte."""
    with open_workspace(workspace) as opened:
        files = reproduce_release(opened, version)
    text = f"release {version}: {files} files were made again, byte for byte"
    show_result({"version": version, "files": files}, text, as_json=as_json)


def diff(
    older: _Version,
    newer: _Version,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Say what changed from one release to another."""
    with open_workspace(workspace) as opened:
        found, lines = diff_releases(opened, older, newer)
    show_result(found, "\n".join(lines), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (publish, leaks, verify, reproduce, diff):
        app.command()(command)
