"""Sites of releases from elsewhere, which may say anything, and of folders that are not as one thinks."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from buffycoat.domain.release import ReleaseFile
from buffycoat.domain.value import digest_of
from buffycoat.errors import AlreadyExists, InputError, NotFound, UnreadableFormat, UnwritableFile, WorkspaceMissing
from buffycoat.publish.manifest import manifest_of, read_manifest, verify_folder
from buffycoat.workflows.releasing import site_folder as placing
from buffycoat.workflows.releasing.site import build_site
from buffycoat.workflows.site import site_of

FIELDS = 6
Row = dict[str, str]


def handed(path: Path) -> dict:
    """What a file of data hands to the page: its last part is JSON in a string."""
    said = path.read_text(encoding="utf-8")
    return json.loads(json.loads(said[said.index('"') : said.rindex('"') + 1]))


def seal(folder: Path, **told: object) -> Path:
    """Seal a folder anew, as whoever made it could, with other words in its manifest; ``None`` takes one away."""
    manifest = read_manifest(folder)
    facts = {key: word for key, word in (manifest | told).items() if key not in ("kind", "format", "files")}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    files = [
        ReleaseFile(
            path=path.relative_to(folder).as_posix(),
            digest=digest_of(path.read_bytes()),
            size_bytes=path.stat().st_size,
        )
        for path in paths
    ]
    (folder / "manifest.json").write_bytes(
        manifest_of(files, {key: word for key, word in facts.items() if word is not None})
    )
    return folder


def rows_of(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def write_rows(path: Path, rows: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


@pytest.fixture(scope="module")
def small(demo_workspace, tmp_path_factory) -> Path:
    """A few photographs of the demo's release, sealed on their own."""
    whole = demo_workspace / "releases" / "demo-1"
    folder = tmp_path_factory.mktemp("foreign") / "release"
    # Every few lines, so that there are several classes and films.
    kept = [row["field_id"] for row in rows_of(whole / "labels.csv")][:: 200 // FIELDS][:FIELDS]
    rows = [row for row in rows_of(whole / "labels.csv") if row["field_id"] in kept]
    wanted = [row["path"] for row in rows] + [f"raabin/{field}.json" for field in kept]
    wanted += ["fields.csv", "smears.csv", "README.md", "LICENSE.txt", "tables/table-4.html", "tables/table-4.csv"]
    for path in (*wanted, "tables/table-4.tex", "tables/table-4.md", "manifest.json"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(whole / path, folder / path)
    write_rows(folder / "labels.csv", rows)
    return seal(folder)


@pytest.fixture
def release(small, tmp_path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "release"))


def boxes_of(folder: Path) -> list[str]:
    files = (json.loads(path.read_bytes()) for path in sorted((folder / "raabin").glob("*.json")))
    return [cell["Cell_ID"] for record in files for name, cell in record.items() if name.startswith("Cell_")]


def cells_of(site: Path) -> list[dict[str, object]]:
    """The cells of a site by names of columns."""
    about = handed(site / "data" / "site.js")
    cells: list[dict[str, object]] = []
    for number in range(about["chunks"]):
        chunk = handed(site / "data" / "cells" / f"{number}.js")
        for at, key in enumerate(chunk["id"]):
            facets = {
                facet["name"]: facet["values"][codes[at]]
                for facet, codes in zip(about["facets"], chunk["facets"], strict=True)
            }
            cells.append(
                facets
                | {
                    "id": key,
                    "said": chunk["said"][at],
                    "term": chunk["term"][at],
                    "field": chunk["fields"][chunk["field"][at]],
                }
            )
    return cells


def change_first(folder: Path, name: str, **words: str) -> None:
    rows = rows_of(folder / name)
    rows[0] |= words
    write_rows(folder / name, rows)


def change_box(folder: Path, **words: object) -> None:
    """Change a box without a class, which only a file of Raabin's layout tells."""
    classed = {row["cell_id"] for row in rows_of(folder / "labels.csv")}
    for path in sorted((folder / "raabin").glob("*.json")):
        record = json.loads(path.read_bytes())
        for name, cell in record.items():
            if name.startswith("Cell_") and cell["Cell_ID"] not in classed:
                cell.update(words)
                path.write_text(json.dumps(record), encoding="utf-8")
                return
    raise AssertionError("every box has a class")


def untouched(folder: Path) -> None:
    """Only the manifest is another."""


HOSTILE: dict[str, tuple[Callable[[Path], object], dict[str, object]]] = {
    "cell leads up": (lambda folder: change_first(folder, "labels.csv", cell_id="../../../escaped"), {}),
    "cell is hidden": (lambda folder: change_first(folder, "labels.csv", cell_id=".hidden"), {}),
    "cell has a blank": (lambda folder: change_first(folder, "labels.csv", cell_id="c 1"), {}),
    "crop is not sealed": (lambda folder: change_first(folder, "labels.csv", path="crops/train/other.png"), {}),
    "crop leads up": (lambda folder: change_first(folder, "labels.csv", path="../outside.png"), {}),
    "box is no number": (lambda folder: change_first(folder, "labels.csv", left=""), {}),
    "box has no size": (lambda folder: change_first(folder, "labels.csv", left="90", right="80"), {}),
    "field leads up": (lambda folder: change_first(folder, "fields.csv", field_id="../f1"), {}),
    "box leads up": (lambda folder: change_box(folder, Cell_ID="../../escaped"), {}),
    "box of words": (lambda folder: change_box(folder, x1="left"), {}),
    "list of words": (lambda folder: (folder / "raabin" / "f0.json").write_text("[1]"), {}),
    "version leads up": (untouched, {"version": "../../escaped"}),
    "version is a number": (untouched, {"version": 1}),
    "nothing about it": (untouched, {"about": None}),
    "title is a list": (untouched, {"about": {"title": ["a"]}}),
    "people are text": (untouched, {"about": {"contributors": "A"}}),
    "classes are numbers": (untouched, {"classes": [1]}),
    "counts are text": (untouched, {"counts": {"train": {"basophil": "many"}}}),
    "no table of cells": (lambda folder: (folder / "labels.csv").unlink(), {}),
    "table in another code": (lambda folder: (folder / "tables" / "table-4.csv").write_bytes(b"\xff\xfe"), {}),
    "leaks are text": (untouched, {"leaks": {"film": "many"}}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_release_says_is_refused_and_nothing_is_written(release, tmp_path, name):
    change, told = HOSTILE[name]
    change(release)
    seal(release, **told)
    before = set(tmp_path.parent.rglob("*"))
    with pytest.raises(UnreadableFormat) as refused:
        build_site(release, tmp_path / "deep" / "er" / "out")
    assert refused.value.found
    left = {path for path in tmp_path.parent.rglob("*") if path.is_file()}
    assert left <= before


@pytest.mark.parametrize("place", [".", "site", "crops/site"])
def test_site_never_lies_in_a_release(release, tmp_path, place):
    older = Path(shutil.copytree(release, tmp_path / "older"))
    for sealed in (release, older):
        with pytest.raises(InputError, match="break its seal"):
            build_site(release, sealed / place, older=[older])
        assert verify_folder(sealed)
    (tmp_path / "link").symlink_to(release)
    with pytest.raises(InputError, match="break its seal"):
        build_site(release, tmp_path / "link" / "site")
    assert verify_folder(release)


@pytest.mark.parametrize("how", ["current", "link", "empty", "missing", "interrupted"])
def test_site_goes_into_the_folder_that_was_named(release, tmp_path, monkeypatch, how):
    place = tmp_path / "public"
    out = place
    if how != "missing":
        place.mkdir()
    if how == "current":
        monkeypatch.chdir(place)
        out = Path()
    elif how == "link":
        out = tmp_path / "link"
        out.symlink_to(place)
    elif how == "interrupted":
        (place / ".site.incoming" / "data").mkdir(parents=True)
        (place / ".site.incoming" / "data" / "stale.js").write_text("stale")
    number = place.stat().st_ino if place.exists() else None
    built = build_site(release, out, archives=False)
    assert Path(built.index).is_file()
    assert number in (None, place.stat().st_ino)  # an empty folder stays the one it was, as a mounted disk must
    assert sorted(path.name for path in place.iterdir()) == ["assets", "data", "index.html", "release", "thumbs"]
    assert not list(place.rglob("stale.js"))
    assert {path.name for path in tmp_path.iterdir()} <= {"release", "public", "link"}


def test_what_the_system_refuses_is_named(release, tmp_path, monkeypatch):
    def refuse(self: Path, target: Path) -> None:
        raise OSError(18, os.strerror(18))

    monkeypatch.setattr(placing.Path, "rename", refuse)
    for name in ("there", "missing"):
        out = tmp_path / name
        if name == "there":
            out.mkdir()
        with pytest.raises(UnwritableFile, match=os.strerror(18)):
            build_site(release, out, archives=False)
        assert not out.exists() or list(out.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"release", "there"}


def test_a_file_in_the_place_of_the_site_is_left_alone(release, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(AlreadyExists):
        build_site(release, tmp_path / "out")
    with pytest.raises(UnwritableFile):
        build_site(release, tmp_path / "out" / "below")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".site.incoming").write_text("mine")
    with pytest.raises(UnwritableFile):
        build_site(release, tmp_path / "empty")
    assert (tmp_path / "out").read_text() == (tmp_path / "empty" / ".site.incoming").read_text() == "mine"


def test_boxes_without_a_class_have_words_and_nothing_else(release, tmp_path):
    build_site(release, tmp_path / "out", archives=False)
    classed = {row["cell_id"]: row for row in rows_of(release / "labels.csv")}
    others = [cell for cell in cells_of(tmp_path / "out") if cell["id"] not in classed]
    assert others
    assert {(cell["class"], cell["standing"], cell["term"]) for cell in others} == {("", "none", None)}


def test_answers_are_counted(release, tmp_path):
    build_site(release, tmp_path / "out", archives=False)
    about = handed(tmp_path / "out" / "data" / "site.js")
    found = Counter(cell["said"] for cell in cells_of(tmp_path / "out"))
    assert about["answered"] == [found[number] for number in range(len(about["said"]))]
    assert sum(about["answered"]) == about["totals"]["cells"] == len(boxes_of(release))


def test_crops_that_came_alone_are_no_photographs(release, tmp_path):
    rows = rows_of(release / "fields.csv")
    seen = {row["field_id"] for row in rows_of(release / "labels.csv")}
    alone = sorted(seen)[:2]
    write_rows(
        release / "fields.csv", [row | ({"crop_only": "true"} if row["field_id"] in alone else {}) for row in rows]
    )
    built = build_site(seal(release), tmp_path / "out", archives=False)
    totals = handed(tmp_path / "out" / "data" / "site.js")["totals"]
    assert (built.crops, built.fields) == (totals["crops"], totals["fields"]) == (2, len(seen) - 2)
    assert {cell["field"][0] for cell in cells_of(tmp_path / "out") if cell["field"][6]} == set(alone)


def test_photographs_of_which_no_box_has_a_class_are_there(release, tmp_path):
    rows = rows_of(release / "labels.csv")
    gone = rows[0]["field_id"]
    write_rows(release / "labels.csv", [row for row in rows if row["field_id"] != gone])
    build_site(seal(release), tmp_path / "out", archives=False)
    cells = cells_of(tmp_path / "out")
    assert sorted(cell["id"] for cell in cells) == sorted(boxes_of(release))
    [facts] = {(cell["smear"], cell["stain"], cell["camera"]) for cell in cells if cell["field"][0] == gone}
    assert facts == (rows[0]["smear_id"], rows[0]["stain"], rows[0]["camera"])


def test_boxes_that_cannot_be_read_are_counted_on_the_page(release, tmp_path):
    classed = rows_of(release / "labels.csv")
    built = build_site(seal(release, taxonomy="elsewhere@1"), tmp_path / "out", archives=False)
    about = handed(tmp_path / "out" / "data" / "site.js")
    unread = len(boxes_of(release)) - len(classed)
    assert (built.cells, about["totals"]["unread"]) == (len(classed), unread)
    said = [note for note in about["notes"] if "elsewhere@1" in note]
    assert len(said) == 1
    assert f" {unread} box" in said[0]
    assert said[0] in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_folder_of_another_program_is_no_hindrance(release, tmp_path):
    other = tmp_path / "workspace"
    other.mkdir()
    seal(release, taxonomy="elsewhere@1")
    assert site_of(other, str(release), tmp_path / "out", archives=False).version == "demo-1"
    (other / "buffycoat.db").write_bytes(b"no database of ours, but as long as one might be" * 100)
    assert site_of(other, str(release), tmp_path / "again", archives=False).version == "demo-1"
    # By its version it is a release of that workspace, whose taxonomy cannot do without.
    (other / "buffycoat.db").unlink()
    shutil.copytree(release, other / "releases" / "demo-1")
    with pytest.raises(WorkspaceMissing):
        site_of(other, "demo-1", tmp_path / "third")
    with pytest.raises(NotFound):
        site_of(other, "demo-2", tmp_path / "third")


def test_taxonomy_of_a_release_is_never_read_from_a_file(release, tmp_path, demo_workspace):
    seal(release, taxonomy=str(tmp_path / "any.toml"))
    (tmp_path / "any.toml").write_text("name = 'any'")
    assert site_of(demo_workspace, str(release), tmp_path / "out", archives=False).version == "demo-1"


def test_what_an_older_version_said_is_not_published_again(release, tmp_path):
    older = Path(shutil.copytree(release, tmp_path / "older"))
    about = read_manifest(older)["about"]
    seal(older, version="demo-0", about=about | {"contact": "withdrawn@example.org"}, license="withdrawn-license")
    build_site(release, tmp_path / "out", older=[older], archives=False)
    [lines] = handed(tmp_path / "out" / "data" / "site.js")["changes"]
    assert lines[0].startswith("demo-0 to demo-1: 0 cells added")
    assert {"changed: about (contact)", "changed: license"} <= set(lines)
    own = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [path.name for path in own if b"withdrawn" in path.read_bytes()] == []


def test_older_release_without_its_columns_is_refused(release, tmp_path):
    older = Path(shutil.copytree(release, tmp_path / "older"))
    (older / "labels.csv").write_text("name\nc1\n", encoding="utf-8")
    seal(older, version="demo-0")
    with pytest.raises(UnreadableFormat, match="cell_id"):
        build_site(release, tmp_path / "out", older=[older], archives=False)
    assert not (tmp_path / "out").exists()


def test_page_without_its_script_offers_the_terms_and_no_data(release, tmp_path):
    build_site(release, tmp_path / "out", archives=False)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    words = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert [part.partition('"')[0] for part in words.split('href="')[1:]] == [
        "release/README.md",
        "release/LICENSE.txt",
    ]
