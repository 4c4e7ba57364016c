"""What changed from one release to the next."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import DigestMismatch
from buffycoat.publish.manifest import read_manifest

__all__ = ["ReleaseDifference", "compare_releases", "difference_lines"]

_SHOWN: Final = 10
_SAID: Final = ("taxonomy", "level", "license", "classes", "formats", "leaks", "withheld", "about")


@value
class ReleaseDifference:
    """From an older release to a newer one.

    ``added`` and ``removed`` are ids of cells; ``relabeled`` and ``moved`` map the id of a cell to its old and its new
    class or split. ``said`` are facts of the whole release that changed, old and new. ``files`` counts those that are
    new, gone and changed.
    """

    older: str
    newer: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    relabeled: Mapping[str, tuple[str, str]]
    moved: Mapping[str, tuple[str, str]]
    said: Mapping[str, tuple[str, str]]
    files: Mapping[str, int]


def compare_releases(older: Path, newer: Path, /) -> ReleaseDifference:
    """Compare two release folders, by their manifests and their tables of cells.

    Raises
    ------
    NotFound
        A folder holds no release.
    DigestMismatch
        A manifest or table is damaged.
    """
    before, after = read_manifest(older), read_manifest(newer)
    cells_before, cells_after = _cells(older), _cells(newer)
    both = sorted(cells_before.keys() & cells_after.keys())
    files_before, files_after = ({f["path"]: f["sha256"] for f in each["files"]} for each in (before, after))
    return ReleaseDifference(
        older=str(before.get("version", older.name)),
        newer=str(after.get("version", newer.name)),
        added=tuple(sorted(cells_after.keys() - cells_before.keys())),
        removed=tuple(sorted(cells_before.keys() - cells_after.keys())),
        relabeled=_changed(cells_before, cells_after, both, "label"),
        moved=_changed(cells_before, cells_after, both, "split"),
        said={
            key: (json.dumps(before.get(key), sort_keys=True), json.dumps(after.get(key), sort_keys=True))
            for key in _SAID
            if before.get(key) != after.get(key)
        },
        files={
            "new": len(files_after.keys() - files_before.keys()),
            "gone": len(files_before.keys() - files_after.keys()),
            "changed": sum(
                files_after[path] != files_before[path] for path in files_after.keys() & files_before.keys()
            ),
        },
    )


def difference_lines(found: ReleaseDifference, /) -> list[str]:
    """Return what changed, for people."""
    cells = (
        f"{len(found.added)} cells added, {len(found.removed)} removed, {len(found.relabeled)} of another class, "
        f"{len(found.moved)} in another split"
    )
    lines = [
        f"{found.older} to {found.newer}: {cells}",
        ", ".join(f"{count} files {kind}" for kind, count in found.files.items()),
    ]
    lines += [f"{key}: {old} -> {new}" for key, (old, new) in found.said.items()]
    for word, changes in (("class", found.relabeled), ("split", found.moved)):
        shown = list(changes.items())[:_SHOWN]
        lines += [f"{word} of {cell}: {old} -> {new}" for cell, (old, new) in shown]
        if len(changes) > len(shown):
            lines.append(f"and {len(changes) - len(shown)} more")
    return lines


def _cells(folder: Path) -> dict[str, dict[str, str]]:
    try:
        table = (folder / "labels.csv").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DigestMismatch(f"labels.csv in {folder.name} is gone or damaged", found=str(error)) from error
    return {row["cell_id"]: row for row in csv.DictReader(io.StringIO(table, newline=""))}


def _changed(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], both: list[str], key: str
) -> dict[str, tuple[str, str]]:
    return {cell: (before[cell][key], after[cell][key]) for cell in both if before[cell][key] != after[cell][key]}
