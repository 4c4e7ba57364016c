"""The public site of a release: a folder of files that any web server, any disk and any zip can hold."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from buffycoat.domain.taxonomy import Taxonomy, shipped
from buffycoat.domain.taxonomy_file import EDITIONS, SHIPPED
from buffycoat.domain.value import digest_of
from buffycoat.errors import MissingExtra, NotFound, UnreadableFormat
from buffycoat.publish.counted import SIMULATED, in_words
from buffycoat.publish.difference import ReleaseDifference, compare_releases, difference_lines
from buffycoat.publish.manifest import verify_folder
from buffycoat.publish.site_cells import SiteCell, read_cells
from buffycoat.publish.site_chunks import FACETS, call, cell_chunks, count_facets, find_facets, split_cells
from buffycoat.publish.site_page import bibtex, contact_address, index_page
from buffycoat.publish.site_release import site_manifest
from buffycoat.workflows.releasing.site_files import list_downloads, mask_outlines, small_picture
from buffycoat.workflows.releasing.site_folder import site_folder
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress

__all__ = ["SiteSummary", "build_site"]

_FORMAT: Final = 1
_STATIC: Final = ("site.js", "site.css", "site.woff2")
_EXAMPLES: Final = 12
_TABLE_KINDS: Final = ("html", "csv", "tex", "md")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSummary:
    """What was built: version, cells, photographs and crops that came alone on it; its files and their size.

    The files of the release itself are not counted.
    """

    version: str
    cells: int
    fields: int
    crops: int
    files: int
    size_bytes: int
    index: str


def build_site(
    release: str | Path,
    out: str | Path,
    *,
    older: Sequence[str | Path] = (),
    taxonomy: Taxonomy | None = None,
    archives: bool = True,
    progress: ShowProgress = no_progress,
) -> SiteSummary:
    """Build the site of a sealed release: the release itself, small pictures, tables, and the page that shows them.

    Everything on it is read from the release, whose seal is checked first; nothing else of a workspace is looked at.

    Parameters
    ----------
    release : str or Path
        Folder of the release.
    out : str or Path
        A folder that is not there yet, or empty. It is written aside and moved into place when it is whole.
    older : sequence of str or Path
        Folders of the releases before, oldest first: what changed from each to the next is told.
    taxonomy : Taxonomy, optional
        That of the release, where it is a laboratory's own; those that come along are known.
    archives : bool
        Pack zip files too: all of it, crops and masks, tables and boxes.
    progress : callable
        Told of each cell.

    Returns
    -------
    SiteSummary
        ``index`` is the page to open.

    Raises
    ------
    NotFound, DigestMismatch
        There is no release in a folder, or it is not as it was sealed.
    UnreadableFormat
        A release is sealed, but says what no release says, or names what it does not hold.
    InputError
        ``out`` lies in one of the releases, whose seal it would break.
    AlreadyExists
        Something lies in ``out``; it is not touched.
    UnwritableFile
        The system does not let the site be written.
    MissingExtra
        The page's script was not built: in a copy of the sources, not in an installed one.
    """
    source, folder, before = Path(release), Path(out), [Path(each) for each in older]
    for each in (*before, source):
        site_manifest(each)
        verify_folder(each)
    with site_folder(folder, releases=(*before, source)) as aside:
        summary = _build(source, aside, before, taxonomy, progress, archives=archives)
    return SiteSummary(**summary, index=str(folder / "index.html"))


def _build(
    source: Path,
    out: Path,
    older: Sequence[Path],
    taxonomy: Taxonomy | None,
    progress: ShowProgress,
    *,
    archives: bool,
) -> dict[str, Any]:
    manifest = site_manifest(source)
    listed = [file["path"] for file in manifest["files"]]
    tree = taxonomy or _come_along(str(manifest["taxonomy"]))
    for path in (*listed, "manifest.json"):
        (out / "release" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, out / "release" / path)
    cells, unread = read_cells(source, listed, taxonomy=tree)
    about = _about(manifest, cells, tree, unread)
    for path, content in _files(source, manifest, cells, about, older, progress):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    downloads = list_downloads(out, manifest, archives=archives)
    content = call("downloads", downloads)
    (out / "data" / "downloads.js").write_bytes(content)
    files = [path for path in out.rglob("*") if path.is_file() and "release" not in path.relative_to(out).parts[:1]]
    return {
        "version": str(manifest["version"]),
        "cells": len(cells),
        "fields": about["totals"]["fields"],
        "crops": about["totals"]["crops"],
        "files": len(files),
        "size_bytes": sum(path.stat().st_size for path in files),
    }


def _come_along(reference: str) -> Taxonomy | None:
    known = {shipped(name).reference: name for name in SHIPPED} | {name: name for name in EDITIONS}
    return shipped(known[reference]) if reference in known else None


def _files(
    source: Path,
    manifest: Mapping[str, Any],
    cells: Sequence[SiteCell],
    about: dict[str, Any],
    older: Sequence[Path],
    progress: ShowProgress,
) -> Iterator[tuple[str, bytes]]:
    static = Path(__file__).parents[2] / "publish" / "site_static"
    for name in _STATIC:
        if not (static / name).is_file():
            raise MissingExtra("the page of the site was not built", expected=name, hint="run `make frontend` first")
        yield f"assets/{name}", (static / name).read_bytes()
    parts = split_cells(cells)
    facets = find_facets(cells, classes=manifest["classes"])
    spoken = {words: number for number, words in enumerate(sorted({cell.words for cell in cells}, key=str))}
    for number, content in enumerate(cell_chunks(parts, facets, spoken)):
        yield f"data/cells/{number}.js", content
    digests = {file["path"]: file["sha256"] for file in manifest["files"]}
    for number, part in enumerate(parts):
        sums = [[[path, digests[path]] for path in _own_files(cell)] for cell in part]
        yield f"data/digests/{number}.js", call("digests", number, sums)
        outlines = {
            cell.cell_id: {name: mask_outlines(source / path, name=path) for name, path in cell.masks.items()}
            for cell in part
            if cell.masks
        }
        yield f"data/outlines/{number}.js", call("outlines", number, outlines)
    for done, cell in enumerate(cells, start=1):
        if cell.path is not None:
            yield f"thumbs/{cell.cell_id[:3]}/{cell.cell_id}.jpg", small_picture(source / cell.path)
        if done % 100 == 0 or done == len(cells):
            progress(Progress(room="site", done=done, total=len(cells)))
    yield "data/tables.js", call("tables", _tables(source))
    about["chunks"] = len(parts)
    about["facets"] = [{"name": name, "values": facets.values[name]} for name in FACETS]
    about["counts"] = count_facets(cells, facets)
    about["bounds"] = facets.bounds
    about["said"] = list(spoken)
    answered = Counter(cell.words for cell in cells)
    about["answered"] = [answered[words] for words in spoken]
    about["manifest"] = digest_of((source / "manifest.json").read_bytes())
    about["versions"], about["changes"] = _history(source, older)
    yield "data/site.js", call("start", about)
    counted = ", ".join((in_words(len(cells), "cell", "cells"), f"version {manifest['version']}"))
    yield (
        "index.html",
        index_page(about["title"], about["about"]["description"], counted, notes=about["notes"]),
    )


def _own_files(cell: SiteCell) -> list[str]:
    return [path for path in (cell.path, *cell.masks.values()) if path is not None]


def _about(
    manifest: Mapping[str, Any], cells: Sequence[SiteCell], tree: Taxonomy | None, unread: int
) -> dict[str, Any]:
    """Return what the page tells before it has looked at a cell."""
    about: dict[str, Any] = dict(manifest["about"])
    leaks = [f"{kind.replace('-', ' ')}: {count:,}" for kind, count in sorted(manifest["leaks"].items()) if count]
    notes = [SIMULATED] if manifest["simulated"] else []
    notes += [f"This split leaks: {'; '.join(leaks)}."] if leaks else []
    if unread:
        lacking = "facts of their photographs" if tree else f"the taxonomy {manifest['taxonomy']}"
        notes.append(f"Not on this page for want of {lacking}: {in_words(unread, 'box', 'boxes')} of the release.")
    terms = "\n\n".join(filter(None, (about.get("license", ""), about.get("terms_of_use", ""))))
    classed = [cell for cell in cells if cell.label is not None]
    fields = {cell.field.field_id: cell.field for cell in cells}.values()
    return {
        "format": _FORMAT,
        "version": manifest["version"],
        "title": about.get("title") or f"Release {manifest['version']}",
        "about": about,
        "mail": contact_address(str(about.get("contact", ""))),
        "terms": digest_of(terms.encode())[:12],
        "taxonomy": manifest["taxonomy"],
        "level": manifest["level"],
        "experts": len(manifest["experts"]),
        "simulated": manifest["simulated"],
        "notes": notes,
        "withheld": manifest["withheld"],
        "bibtex": bibtex(about, str(manifest["version"])),
        "totals": {
            "cells": len(cells),
            "classed": len(classed),
            "pictured": sum(cell.path is not None for cell in cells),
            "masked": sum(bool(cell.masks) for cell in cells),
            "fields": sum(not field.crop_only for field in fields),
            "photographs": sum(field.picture is not None for field in fields if not field.crop_only),
            "crops": sum(field.crop_only for field in fields),
            "unread": unread,
            "smears": len({cell.field.facts["smear_id"] for cell in cells}),
        },
        "classes": [_class(name, classed, tree) for name in manifest["classes"]],
        "words": {term.key: term.name for term in tree.terms} if tree else {},
        "notice": tree.notice if tree else "",
    }


def _class(name: str, cells: Sequence[SiteCell], tree: Taxonomy | None) -> dict[str, Any]:
    own = [cell for cell in cells if cell.label == name]
    shown = [cell.cell_id for cell in sorted(own, key=lambda cell: cell.cell_id) if cell.path is not None]
    told: dict[str, Any] = {"key": name, "count": len(own), "examples": shown[:_EXAMPLES]}
    term = next((term for term in tree.terms if term.key == name), None) if tree else None
    if term is None or tree is None:
        return told
    counts: dict[str, int] = {}
    for cell in own:
        if cell.term:
            counts[cell.term] = counts.get(cell.term, 0) + 1
    return told | {
        "name": term.name,
        "morphology": term.morphology,
        "ontology": term.ontology,
        "raised": term.raised_in,
        "lowered": term.lowered_in,
        "sources": [tree.sources[source] for source in term.sources],
        "below": [
            {"key": each.key, "name": each.name, "count": counts[each.key], "morphology": each.morphology}
            for each in tree.terms
            if each.key in counts and each.key != name
        ],
    }


def _tables(source: Path) -> list[dict[str, str]]:
    tables = []
    for path in sorted((source / "tables").glob("*.html")):
        kinds = {kind: path.with_suffix(f".{kind}") for kind in _TABLE_KINDS}
        if missing := [kind for kind, file in kinds.items() if not file.is_file()]:
            raise NotFound(f"the release has {path.stem} not in all of its forms", expected=missing[0], found="none")
        try:
            told = {kind: file.read_text(encoding="utf-8") for kind, file in kinds.items()}
        except UnicodeDecodeError as error:
            raise UnreadableFormat(
                f"{path.stem} of the release cannot be read", expected="UTF-8", found=error.reason
            ) from error
        tables.append({"name": path.stem} | told)
    return tables


def _history(source: Path, older: Sequence[Path]) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Return the versions, newest first, and for each step what changed."""
    steps = [*older, source]
    versions = []
    for folder in steps:
        manifest = site_manifest(folder)
        versions.append(
            {
                "version": manifest["version"],
                "published": manifest["about"]["published"],
                "cells": sum(sum(classes.values()) for classes in manifest["counts"].values()),
                "manifest": digest_of((folder / "manifest.json").read_bytes()),
            }
        )
    try:
        changes = [_changes(compare_releases(before, after)) for before, after in pairwise(steps)]
    except KeyError as error:
        raise UnreadableFormat("a table of cells lacks a column", expected=str(error), found="none") from error
    return versions[::-1], changes[::-1]


def _changes(found: ReleaseDifference) -> list[str]:
    """Return what changed; of facts only which: what was taken back, such as an address, is not published again."""
    lines = difference_lines(replace(found, said={}))
    for key, sides in found.said.items():
        old, new = map(json.loads, sides)
        inner = ""
        if isinstance(old, dict) and isinstance(new, dict):
            inner = ", ".join(sorted(each for each in old.keys() | new.keys() if old.get(each) != new.get(each)))
        lines.append(f"changed: {key} ({inner})" if inner else f"changed: {key}")
    return lines
