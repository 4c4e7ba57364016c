"""The public site of a release: everything on it is of the release, nothing of the workspace, and it asks nobody."""

from __future__ import annotations

import csv
import hashlib
import html
import json
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Expert
from buffycoat.domain.release import ReleaseFile
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.domain.value import digest_of
from buffycoat.errors import AlreadyExists, DigestMismatch, MissingExtra, NotFound
from buffycoat.publish.manifest import manifest_of, read_manifest, verify_folder
from buffycoat.publish.site_cells import read_cells
from buffycoat.publish.site_chunks import FACETS, split_cells
from buffycoat.publish.site_page import bibtex, index_page
from buffycoat.workflows.releasing import site as building
from buffycoat.workflows.releasing.site import build_site
from buffycoat.workflows.site import site_of
from buffycoat.workflows.workspace import open_workspace

STATIC = Path(building.__file__).parents[2] / "publish" / "site_static"


def handed(path: Path) -> object:
    """What a file of data hands to the page: its last part is JSON in a string."""
    said = path.read_text(encoding="utf-8")
    found = re.fullmatch(r'buffycoatSite\.\w+\((?:\d+,)?(".*")\);\n', said, re.DOTALL)
    assert found, said[:80]
    return json.loads(json.loads(found[1]))


@pytest.fixture(scope="module")
def release(demo_workspace) -> Path:
    return demo_workspace / "releases" / "demo-1"


@pytest.fixture(scope="module")
def site(release, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("site") / "public"
    build_site(release, out)
    return out


@pytest.fixture(scope="module")
def rows(release) -> list[dict[str, str]]:
    return list(csv.DictReader((release / "labels.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def chunks(site) -> list[dict]:
    return [handed(path) for path in sorted((site / "data" / "cells").glob("*.js"), key=lambda path: int(path.stem))]


@pytest.fixture(scope="module")
def about(site) -> dict:
    return handed(site / "data" / "site.js")


def test_release_lies_in_the_site_as_it_was_sealed(site, release, about):
    assert verify_folder(site / "release") == verify_folder(release)
    assert about["manifest"] == digest_of((release / "manifest.json").read_bytes())


def test_site_holds_every_box_of_the_release_once(site, release, rows, chunks, about):
    ids = [key for chunk in chunks for key in chunk["id"]]
    boxes = [
        cell["Cell_ID"]
        for path in sorted((release / "raabin").glob("*.json"))
        for name, cell in json.loads(path.read_bytes()).items()
        if name.startswith("Cell_")
    ]
    assert sorted(ids) == sorted(boxes)
    assert {row["cell_id"] for row in rows} < set(ids)
    assert about["totals"]["cells"] == len(ids)
    assert about["totals"]["classed"] == len(rows)


def test_columns_say_what_the_table_says(rows, chunks, about):
    values = {facet["name"]: facet["values"] for facet in about["facets"]}
    assert tuple(values) == FACETS
    told = {}
    for chunk in chunks:
        for at, key in enumerate(chunk["id"]):
            facts = {name: values[name][chunk["facets"][place][at]] for place, name in enumerate(FACETS)}
            words = about["said"][chunk["said"][at]]
            told[key] = facts | {
                "words": " ".join(word or "none" for word in words),
                "box": chunk["box"][4 * at : 4 * at + 4],
                "field": chunk["fields"][chunk["field"][at]][0],
                "term": chunk["term"][at],
            }
    for row in rows:
        cell = told[row["cell_id"]]
        assert [cell[name] for name in ("class", "standing", "split", "smear", "stain", "microscope", "camera")] == [
            row[name] for name in ("label", "standing", "split", "smear_id", "stain", "microscope", "camera")
        ]
        assert cell["box"] == [int(row[side]) for side in ("left", "top", "right", "bottom")]
        assert (cell["field"], cell["term"], cell["words"]) == (row["field_id"], row["term"], row["words"])
    unclassed = [cell for cell in told.values() if cell["class"] == ""]
    assert len(unclassed) == len(told) - len(rows)
    assert {(cell["standing"], cell["term"]) for cell in unclassed} == {("none", None)}
    assert len({cell["words"] for cell in unclassed}) > 1


def test_counts_before_the_cells_come_are_those_of_the_cells(chunks, about):
    for place, facet in enumerate(about["facets"]):
        found = Counter(code for chunk in chunks for code in chunk["facets"][place])
        assert about["counts"][facet["name"]] == [found[code] for code in range(len(facet["values"]))]


def test_cells_of_one_photograph_are_in_one_file(release, rows):
    listed = [file["path"] for file in read_manifest(release)["files"]]
    cells, unread = read_cells(release, listed, taxonomy=None)
    assert (len(cells), unread > 0) == (len(rows), True)
    parts = split_cells(cells, size=7)
    assert len(parts) > 10
    assert [cell for part in parts for cell in part] == cells
    seen = [{cell.field.field_id for cell in part} for part in parts]
    assert sum(map(len, seen)) == len(set().union(*seen))


def test_pictures_are_small_and_of_their_cells(site, rows):
    for row in rows[:20]:
        small = cv2.imread(str(site / "thumbs" / row["cell_id"][:3] / f"{row['cell_id']}.jpg"))
        whole = cv2.imread(str(site / "release" / row["path"]))
        assert max(small.shape[:2]) == 176
        assert np.abs(small.mean(axis=(0, 1)) - whole.mean(axis=(0, 1))).max() < 2  # no color is changed
    assert len(list((site / "thumbs").rglob("*.jpg"))) == sum(bool(row["path"]) for row in rows)


def test_outlines_enclose_the_masks(site, release):
    outlines = {}
    for path in (site / "data" / "outlines").glob("*.js"):
        outlines |= handed(path)
    masks = sorted((release / "masks").rglob("*.png"))
    assert sum(map(len, outlines.values())) == len(masks)
    for path in masks[:30]:
        cell, _, part = path.stem.rpartition("-")
        told = outlines[cell][part]
        mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) > 0
        assert mask.shape == (told["height"], told["width"])
        lines = [
            np.array([[int(number) for number in pair.split(",")] for pair in line.split("L")], np.int32)
            for line in re.findall(r"M([^Z]+)Z", told["path"])
        ]
        # Holes are drawn by their own line, so pixels within an odd number of lines are the mask, but for its edges.
        drawn = np.zeros(mask.shape, np.uint8)
        cv2.drawContours(drawn, lines, -1, 1, cv2.FILLED)
        assert (drawn.astype(bool) == mask).mean() > 0.995


def test_digests_are_those_of_the_files(site, chunks):
    sums = [pair for path in (site / "data" / "digests").glob("*.js") for cell in handed(path) for pair in cell]
    assert len(sums) == len({path for path, _ in sums}) > 400
    for path, digest in sums[::25]:
        assert hashlib.sha256((site / "release" / path).read_bytes()).hexdigest() == digest


def test_archives_hold_the_release_and_have_the_digest_that_is_told(site, release):
    packs = {pack["kind"]: pack for pack in handed(site / "data" / "downloads.js")["packs"]}
    assert list(packs) == ["all", "crops", "labels"]
    for pack in packs.values():
        content = (site / pack["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (pack["bytes"], pack["sha256"])
    with zipfile.ZipFile(site / packs["all"]["path"]) as archive:
        names = {name.removeprefix("demo-1/") for name in archive.namelist()}
        assert names == {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
        assert archive.read("demo-1/manifest.json") == (release / "manifest.json").read_bytes()
    with zipfile.ZipFile(site / packs["labels"]["path"]) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".png", ".jpg"))]


def test_tables_come_as_they_were_sealed(site, release):
    tables = handed(site / "data" / "tables.js")
    assert [table["name"] for table in tables] == [f"table-{number}" for number in range(3, 8)]
    for table in tables:
        for kind in ("html", "csv", "tex"):
            assert table[kind] == (release / "tables" / f"{table['name']}.{kind}").read_text(encoding="utf-8")


def test_site_asks_nobody_and_needs_no_server(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in html.unescape(page)
    assert "module" not in page
    assert "http" not in re.sub(r'http-equiv="', "", page)
    script = (site / "assets" / "site.js").read_text(encoding="utf-8")
    # The names of SVG and of a script's first line are no addresses that anything is asked of.
    addresses = set(re.findall(r"https?://[\w.]+", script))
    assert addresses <= {"http://www.w3.org"}
    assert not re.search(r"\b(fetch|import)\(|XMLHttpRequest|sendBeacon|WebSocket|document\.cookie", script)
    sheet = (site / "assets" / "site.css").read_text(encoding="utf-8")
    assert re.findall(r"url\(([^)]*)\)", sheet) == ["./site.woff2"]
    assert not [path for path in site.rglob("*") if path.name.startswith((".", "_"))]


def test_nothing_of_the_workspace_is_told(site, about, demo_workspace):
    with open_workspace(demo_workspace) as workspace, workspace.database.reading() as transaction:
        smears, fields = transaction.find(Smear), transaction.find(FieldOfView)
        cells = transaction.find(Cell)
        secret = {smear.code for smear in smears} | {smear.subject for smear in smears if smear.subject}
        secret |= {expert.handle for expert in transaction.find(Expert)}
    # Where a photograph came from: the whole, the name of its file, and that without its ending.
    origins = {field.origin for field in fields if field.origin}
    secret |= origins | {Path(origin).name for origin in origins} | {Path(origin).stem for origin in origins}
    # The workspace's own ids; a release has others.
    secret |= {each.id for each in (*smears, *fields, *cells)}
    assert len(secret) > len(cells) + 20
    told = sorted(path for path in (site / "data").rglob("*.js") if path.name != "site.js")
    assert len(told) > 4
    said = [json.dumps(handed(path), ensure_ascii=False) for path in told]
    said.append((site / "index.html").read_text(encoding="utf-8"))
    # Classes are told in words of the taxonomy, in which a short handle may stand: polycythemia vera.
    said.append(json.dumps({key: word for key, word in about.items() if key != "classes"}, ensure_ascii=False))
    text = "\n".join(said)
    names = set(re.findall(r"[\w-]+", text))
    found = [word for word in secret if word in names or (re.search(r"[^\w-]", word) and word in text)]
    assert found == []
    assert str(demo_workspace) not in text


def test_same_release_gives_the_same_bytes(site, release, tmp_path):
    build_site(release, tmp_path / "again")
    files = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert files == {path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file()}
    assert [name for name in files if (site / name).read_bytes() != (tmp_path / "again" / name).read_bytes()] == []


def changed_release(release: Path, folder: Path) -> Path:
    """The release with one cell of another class, as an earlier version had it."""
    shutil.copytree(release, folder)
    table = (folder / "labels.csv").read_text(encoding="utf-8")
    (folder / "labels.csv").write_text(table.replace(",basophil,basophil,agreed,", ",monocyte,monocyte,agreed,", 1))
    manifest = read_manifest(folder)
    files = [
        ReleaseFile(path=file["path"], digest=digest_of((folder / file["path"]).read_bytes()), size_bytes=file["bytes"])
        for file in manifest.pop("files")
    ]
    told = {key: word for key, word in manifest.items() if key not in ("kind", "format")} | {"version": "demo-0"}
    (folder / "manifest.json").write_bytes(manifest_of(files, told))
    return folder


def test_versions_before_are_listed_with_what_changed(release, tmp_path):
    older = changed_release(release, tmp_path / "demo-0")
    build_site(release, tmp_path / "out", older=[older], archives=False)
    about = handed(tmp_path / "out" / "data" / "site.js")
    assert [each["version"] for each in about["versions"]] == ["demo-1", "demo-0"]
    [lines] = about["changes"]
    assert lines[0] == "demo-0 to demo-1: 0 cells added, 0 removed, 1 of another class, 0 in another split"
    assert not (tmp_path / "out" / "downloads").exists()


def test_what_is_not_as_it_was_sealed_is_refused(release, tmp_path):
    shutil.copytree(release, tmp_path / "release")
    (tmp_path / "release" / "labels.csv").write_bytes(b"cell_id\n")
    with pytest.raises(DigestMismatch, match=r"labels\.csv"):
        build_site(tmp_path / "release", tmp_path / "out")
    with pytest.raises(NotFound):
        build_site(tmp_path, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["release"]


def test_a_folder_with_something_in_it_is_left_alone(release, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(AlreadyExists):
        build_site(release, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_without_the_built_page_it_says_what_to_do(release, tmp_path, monkeypatch):
    monkeypatch.setattr(building, "_STATIC", ("not-built.js",))
    with pytest.raises(MissingExtra) as refused:
        build_site(release, tmp_path / "out", archives=False)
    assert "make frontend" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_release_is_found_by_its_version(demo_workspace, tmp_path):
    built = site_of(demo_workspace, "demo-1", tmp_path / "out", archives=False)
    assert built.version == "demo-1"
    assert Path(built.index).is_file()
    with pytest.raises(NotFound):
        site_of(demo_workspace, "demo-9", tmp_path / "other")


def test_text_of_a_release_is_never_markup():
    page = index_page('<script>alert("x")</script>', "a & b", "1 cell", notes=("<b>",)).decode()
    assert "<script>alert" not in page
    assert "<b>" not in page
    entry = bibtex({"title": "50 % {of} it", "contributors": ["Lab", "Expert, A. & B."], "url": "https://a/}b"}, "v_1")
    assert r"title = {{50 \% \{of\} it}}" in entry
    assert r"author = {{Lab} and Expert, A. \& B.}" in entry
    assert entry.replace(r"\{", "").replace(r"\}", "").count("{") == entry.replace(r"\{", "").replace(r"\}", "").count(
        "}"
    )
