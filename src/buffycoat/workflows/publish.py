"""Agreed cells out: chosen, split, looked through for leaks and for what could name a person, written, sealed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from buffycoat.domain.query import DOUBLE_LABELED, Query
from buffycoat.domain.release import Release, ReleaseAbout, ReleaseFile
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.domain.value import Digest, derive_id, digest_of
from buffycoat.errors import AlreadyExists, Conflict, DigestMismatch, InvalidMetadata, NotFound
from buffycoat.imaging.codecs import read_bytes
from buffycoat.publish.about import check_about, read_about
from buffycoat.publish.difference import ReleaseDifference, compare_releases, difference_lines
from buffycoat.publish.leaks import leak_lines
from buffycoat.publish.manifest import is_version, manifest_of, verify_folder
from buffycoat.publish.privacy import refuse_private
from buffycoat.publish.sealed import Contents
from buffycoat.publish.split_table import split_counts
from buffycoat.store.queries import boxes_of
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.releasing.contents import Gathered, gather_contents
from buffycoat.workflows.releasing.croissant import describe_release
from buffycoat.workflows.releasing.files import check_formats, format_files
from buffycoat.workflows.releasing.hidden_ids import ID
from buffycoat.workflows.releasing.pages import page_files
from buffycoat.workflows.releasing.prepared import FORMAT_NAMES, RULE_NAMES, ReleaseWish, prepare_release
from buffycoat.workflows.runs import ShowProgress, no_progress, now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "FORMAT_NAMES",
    "RULE_NAMES",
    "ReleaseWish",
    "about_from",
    "diff_releases",
    "find_leaks",
    "named_here",
    "publish_release",
    "release_at",
    "release_folder",
    "reproduce_release",
    "verify_release",
]

_CONTENTS: Final = TypeAdapter(Contents)


def release_folder(workspace: Workspace, version: str) -> Path:
    """Return where a release lies."""
    return _folder(workspace.folder, version)


def _folder(workspace: Path, version: str) -> Path:
    if not is_version(version):
        raise InvalidMetadata(
            "this is no version of a release", expected="letters, digits, dots and dashes", found=version
        )
    return workspace / "releases" / version


def about_from(path: Path) -> ReleaseAbout:
    """Read what is said of a release from a TOML file."""
    return read_about(read_bytes(path, name=path.name), name=path.name)


def find_leaks(
    workspace: Workspace,
    *,
    query: Query = DOUBLE_LABELED,
    level: str = "five-class",
    rule: str = "film",
    seed: int = 0,
    progress: ShowProgress = no_progress,
) -> tuple[Gathered, list[str]]:
    """Return what a rule would leave on two sides, and the same in lines for people; nothing is published."""
    gathered = gather_contents(
        workspace,
        version="0",
        about=ReleaseAbout(),
        query=query,
        level=level,
        rule=rule,
        seed=seed,
        formats=(),
        progress=progress,
    )
    lines = [*leak_lines(gathered.leaks), *gathered.warnings]
    return gathered, named_here(workspace, lines)


def named_here(workspace: Workspace, lines: Sequence[str]) -> list[str]:
    """Put the names that the laboratory knows in place of ids: codes of slides, names of files. They never go out."""
    with workspace.database.reading() as transaction:
        names = {smear.id: smear.code for smear in transaction.find(Smear)}
        origins = {field.id: field.origin or field.id for field in transaction.find(FieldOfView)}
        fields = boxes_of(transaction)
    names |= origins
    names |= {cell: f"{cell} ({origins[field]})" for cell, (field, _) in fields.items()}
    return [ID.sub(lambda found: names.get(found[0], found[0]), line) for line in lines]


def publish_release(
    workspace: Workspace,
    *,
    version: str,
    wish: ReleaseWish,
    looked_at: Digest | None = None,
    progress: ShowProgress = no_progress,
) -> Release:
    """Seal the cells that a query means.

    The release is written aside and moved into place when it is whole; sealing it again is the same release.
    ``looked_at``: digest of what was looked at before (`Prepared.digest`); nothing else is sealed then.

    Raises
    ------
    ReleaseIncomplete
        License or terms of use, ethics statement, contributors or citation are missing.
    TooFew
        No cell of the query has a class at this level.
    SplitLeak
        The split would put one person, film, field or cell on two sides.
    PrivacyBreach
        Something that could name a person would go out.
    Conflict
        What would be sealed is not what was looked at.
    AlreadyExists
        The version is taken by other contents, or something else lies in its folder; neither is touched.
    """
    folder = release_folder(workspace, version)
    check_about(wish.about)
    check_formats(wish.formats)
    prepared = prepare_release(workspace, version=version, wish=wish, progress=progress)
    refuse_private(prepared.findings)
    if looked_at is not None and prepared.digest != looked_at:
        raise Conflict(
            "the release has changed since it was looked at",
            expected="the cells, labels and facts of the preview",
            found="others",
            hint="work the preview out again: a round was closed, a fact corrected, or repeats were cleaned meanwhile",
        )
    return _seal(workspace, folder, prepared.contents, seed=wish.seed)


def _seal(workspace: Workspace, folder: Path, contents: Contents, *, seed: int) -> Release:
    listed = workspace.objects.put(_CONTENTS.dump_json(contents))
    run = start_run(
        workspace,
        room="publish",
        function="publish.seal",
        parameters={"version": contents.version, "level": contents.level},
        inputs=listed,
        seed=seed,
    )
    aside = folder.with_name(f".{folder.name}.incoming")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        files = [_write(aside, path, content) for path, content in _files(workspace, contents)]
        manifest = _manifest(contents, files, listed)
        (aside / "manifest.json").write_bytes(manifest)
        release = Release(
            id=derive_id("version", {"version": contents.version, "manifest": digest_of(manifest)}),
            version=contents.version,
            taxonomy=contents.taxonomy,
            level=contents.level,
            license=contents.about.license,
            counts=split_counts(contents),
            splits=contents.plan,
            files=tuple(files),
            manifest=digest_of(manifest),
            simulated=contents.simulated,
            sealed_at=now(),
            run_id=run.id,
            about=contents.about,
            contents=listed,
            formats=contents.formats,
            leaks=dict(contents.leaks),
        )
        return _adopt(workspace, folder, aside, release)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _adopt(workspace: Workspace, folder: Path, aside: Path, release: Release) -> Release:
    """Move a finished release into place, unless it lies there already."""
    with workspace.database.writing() as transaction:
        taken = transaction.find(Release, version=release.version)
        if taken and taken[0].id != release.id:
            raise AlreadyExists(f"release {release.version} is sealed with other contents", found=taken[0].manifest)
        if not folder.exists():
            aside.rename(folder)
        elif not _holds(folder, release):  # if it does, it was sealed before an interruption
            raise AlreadyExists(
                "another release lies where this one belongs",
                found=str(folder.relative_to(workspace.folder)),
                hint="move it away, or choose another version",
            )
        transaction.add([release])
    return taken[0] if taken else release


def _files(workspace: Workspace, contents: Contents) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of every file but the manifest; the description of the others comes last."""
    taxonomy, read = taxonomy_of(workspace, contents.taxonomy), workspace.objects.get
    listed = []
    for path, content in chain(
        page_files(contents, read, taxonomy=taxonomy), format_files(contents, read, taxonomy=taxonomy)
    ):
        listed.append(ReleaseFile(path=path, digest=digest_of(content), size_bytes=len(content)))
        yield path, content
    if "croissant" in contents.formats:
        yield "croissant.json", describe_release(contents, listed)


def _manifest(contents: Contents, files: Sequence[ReleaseFile], listed: str) -> bytes:
    about = {
        "version": contents.version,
        "about": TypeAdapter(ReleaseAbout).dump_python(contents.about, mode="json"),
        "license": contents.about.license,
        "taxonomy": contents.taxonomy,
        "level": contents.level,
        "classes": list(contents.classes),
        "formats": list(contents.formats),
        "experts": list(contents.experts),
        "counts": split_counts(contents),
        "leaks": dict(contents.leaks),
        "withheld": list(contents.withheld),
        "simulated": contents.simulated,
        "contents": listed,
    }
    return manifest_of(files, about)


def _holds(folder: Path, release: Release) -> bool:
    """Say whether exactly this release lies in a folder, every byte of it."""
    manifest = folder / "manifest.json"
    if not manifest.is_file() or digest_of(manifest.read_bytes()) != release.manifest:
        return False
    try:
        verify_folder(folder)
    except (NotFound, DigestMismatch):
        return False
    return True


def _write(folder: Path, name: str, content: bytes) -> ReleaseFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return ReleaseFile(path=name, digest=digest_of(content), size_bytes=len(content))


def verify_release(workspace: Path, release: str) -> int:
    """Check every file of a release; return how many there are.

    Parameters
    ----------
    workspace : Path
        Folder of the workspace in whose ``releases`` a version is looked for.
    release : str
        A version, or the folder of a release anywhere.
    """
    return verify_folder(release_at(workspace, release))


def release_at(workspace: Path, release: str) -> Path:
    """Return the folder of a release that is named by its version, or by its folder anywhere."""
    folder = Path(release)
    return folder if (folder / "manifest.json").is_file() else _folder(workspace, release)


def reproduce_release(workspace: Workspace, version: str) -> int:
    """Make every file of a release again from its sealed list, compare digests, and return how many files there are.

    Raises
    ------
    NotFound
        No release has this version, or it was sealed before lists were kept.
    DigestMismatch
        A file comes out otherwise: another version of buffycoat or of a library writes it differently.
    """
    with workspace.database.reading() as transaction:
        found = transaction.find(Release, version=version)
    if not found or found[0].contents is None:
        raise NotFound(
            "no release of this version can be made again",
            found=version,
            hint="seal it again under another version; releases of 0.1 kept no list",
        )
    release = found[0]
    contents = _CONTENTS.validate_json(workspace.objects.get(release.contents or ""))
    sealed = {file.path: file.digest for file in release.files}
    made = {path: digest_of(content) for path, content in _files(workspace, contents)}
    if differing := sorted(path for path in sealed.keys() | made.keys() if sealed.get(path) != made.get(path)):
        raise DigestMismatch(
            f"{len(differing)} of {len(sealed)} files come out otherwise, the first: {differing[0]}",
            expected=sealed.get(differing[0], "no such file"),
            found=made.get(differing[0], "no such file"),
            hint="the release itself may be sound (`buffycoat verify` tells): another version of a library wrote it",
        )
    if digest_of(_manifest(contents, release.files, release.contents or "")) != release.manifest:
        raise DigestMismatch("the manifest comes out otherwise", expected=release.manifest, found="another one")
    return len(made)


def diff_releases(workspace: Workspace, older: str, newer: str) -> tuple[ReleaseDifference, list[str]]:
    """Return what changed between two releases of a workspace, and the same in lines for people."""
    found = compare_releases(release_folder(workspace, older), release_folder(workspace, newer))
    return found, difference_lines(found)
