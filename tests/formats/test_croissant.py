"""Croissant: mlcroissant finds nothing to complain of, and reads our records from local files."""

from __future__ import annotations

import itertools
import json
import logging
from pathlib import Path

import mlcroissant
import numpy as np
import pytest
from mlcroissant._src.core.issues import GenerationError

from buffycoat.domain.release import ReleaseAbout, ReleaseFile
from buffycoat.domain.value import digest_of
from buffycoat.errors import InputError
from buffycoat.formats.croissant import Edition, FileGroup, Statements, croissant
from buffycoat.formats.tables import Column, Kind, write_csv, write_parquet
from buffycoat.imaging.codecs import encode_png

# rdflib 7 warns of its own use of a class that it means to drop, and pandas 3 of how mlcroissant 1.1 calls it.
pytestmark = [
    pytest.mark.filterwarnings(
        "ignore:ConjunctiveGraph is deprecated, use Dataset instead.:DeprecationWarning:rdflib.plugins.parsers.jsonld"
    ),
    pytest.mark.filterwarnings(
        "ignore:The inplace keyword in DataFrame.reset_index is deprecated:DeprecationWarning:mlcroissant"
    ),
]

COLUMNS = (
    Column(name="cell_id", description="Name of the cell."),
    Column(name="left", kind=Kind.INTEGER, unit="px", description="Left edge"),
    Column(name="sharpness", kind=Kind.NUMBER),
    Column(name="simulated", kind=Kind.BOOLEAN),
    Column(name="split"),
    Column(name="path"),
)
ROWS = [
    {
        "cell_id": "007",
        "left": -3,
        "sharpness": 0.25,
        "simulated": False,
        "split": "train",
        "path": "crops/train/a.png",
    },
    {"cell_id": "لام", "left": None, "sharpness": None, "simulated": True, "split": "test-A", "path": None},
    {"cell_id": "c3", "left": 12, "sharpness": 1.5, "simulated": True, "split": None, "path": "crops/test-A/b c.png"},
]
ABOUT = ReleaseAbout(
    title='Our "cells" لنفوسیت',
    license="CC-BY-4.0",
    ethics="Approved.",
    contributors=("A. One", "B. Two"),
    citation="@misc{ours}",
    description="Cells of blood.",
)
STATEMENTS = Statements(
    data_collection="Photographs of smears.",
    data_collection_type=("Direct measurement",),
    data_preprocessing_protocol=("Repeats left out.",),
    data_annotation_protocol=("Two experts, apart.",),
    annotations_per_item="2",
    annotator_demographics=("Two hematologists.",),
    data_limitations=("Not for diagnosis.", "One laboratory."),
    data_biases=("One stain.",),
    personal_sensitive_information=("None: no names, no dates.",),
)
GROUPS = (FileGroup(id="crops", pattern="crops/*.png", description="One cell each."),)
SPLITS = {"train": "to learn from", "test-A": "same set-up"}


def laid_out(folder: Path) -> list[ReleaseFile]:
    contents = {
        "cells.csv": write_csv(ROWS, COLUMNS),
        "tables/records.parquet": write_parquet(ROWS, COLUMNS),
        "README.md": b"# Ours\n",
        "figure 5.svg": b"<svg/>",
        "crops/train/a.png": encode_png(np.full((4, 5, 3), 30, np.uint8)),
        "crops/test-A/b c.png": encode_png(np.full((4, 5, 3), 60, np.uint8)),
    }
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return [ReleaseFile(path=path, digest=digest_of(c), size_bytes=len(c)) for path, c in contents.items()]


def made(files: list[ReleaseFile], **changes: object) -> bytes:
    tables = {"cells.csv": COLUMNS, "tables/records.parquet": COLUMNS}
    given = {"files": files, "tables": tables, "groups": GROUPS, "splits": SPLITS, "statements": STATEMENTS, **changes}
    return croissant(ABOUT, Edition(version="1.2.0", published="2026-05-01", url="https://example.org/ours"), **given)


@pytest.fixture
def opened(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> mlcroissant.Dataset:
    """The release as mlcroissant opens it; nothing was said against it."""
    (tmp_path / "croissant.json").write_bytes(made(laid_out(tmp_path)))
    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(jsonld=tmp_path / "croissant.json")
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.ctx.issues.warnings == set()
    assert caplog.records == []
    return dataset


def plain(record: dict[str, object]) -> dict[str, object]:
    """A record without the prefix of its fields, text as text, and None for what pandas calls nan."""
    cells = {
        name.rpartition("/")[2]: cell.decode() if isinstance(cell, bytes) else cell for name, cell in record.items()
    }
    return {name: None if cell is None or cell != cell else cell for name, cell in cells.items()}  # noqa: PLR0124 (only nan differs from itself)


def test_mlcroissant_finds_nothing_to_complain_of(opened):
    told = opened.metadata
    assert told.name == ABOUT.title
    assert told.license == ["CC-BY-4.0"]
    assert told.version == "1.2.0"
    assert str(told.date_published)[:10] == "2026-05-01"
    assert [creator.name for creator in told.creators] == ["A. One", "B. Two"]
    assert {file.name for file in told.file_objects} == {
        "README.md",
        "cells.csv",
        "figure 5.svg",
        "tables/records.parquet",
    }
    assert [group.includes for group in told.file_sets] == [["crops/*.png"]]


def test_statements_arrive_as_the_vocabulary_has_them(opened):
    told = opened.metadata
    assert told.data_collection == "Photographs of smears."
    assert told.data_collection_type == ["Direct measurement"]
    assert told.data_preprocessing_protocol == ["Repeats left out."]
    assert told.data_annotation_protocol == ["Two experts, apart."]
    assert told.annotations_per_item == "2"
    assert told.annotator_demographics == ["Two hematologists."]
    assert told.data_limitations == ["Not for diagnosis.", "One laboratory."]
    assert told.data_biases == ["One stain."]
    assert told.personal_sensitive_information == ["None: no names, no dates."]


def test_records_of_the_parquet_table_are_ours(opened):
    found = [plain(record) for record in opened.records("records")]
    assert found == ROWS
    assert list(found[0]) == [column.name for column in COLUMNS]


def test_records_of_the_csv_table_are_ours(opened):
    assert [plain(record) for record in itertools.islice(opened.records("cells"), 3)] == ROWS


def test_pandas_guesses_at_a_csv_table_and_not_at_a_parquet_table(tmp_path):
    columns = [Column(name="smear")]
    rows = [{"smear": "007"}, {"smear": "012"}]
    files = []
    for path, content in (("a.csv", write_csv(rows, columns)), ("b.parquet", write_parquet(rows, columns))):
        (tmp_path / path).write_bytes(content)
        files.append(ReleaseFile(path=path, digest=digest_of(content), size_bytes=len(content)))
    tables = dict.fromkeys(["a.csv", "b.parquet"], columns)
    (tmp_path / "croissant.json").write_bytes(croissant(ABOUT, Edition(version="1"), files=files, tables=tables))
    opened = mlcroissant.Dataset(jsonld=tmp_path / "croissant.json")
    assert [plain(record)["smear"] for record in opened.records("a")] == ["7", "12"]
    assert [plain(record)["smear"] for record in opened.records("b")] == ["007", "012"]


def test_pictures_and_splits_are_records_too(opened):
    found = list(opened.records("crops-pictures"))
    paths = [str(plain(record)["path"]) for record in found]
    assert paths == ["crops/test-A/b c.png", "crops/train/a.png"]
    assert [np.asarray(record["crops-pictures/image"]).tolist() for record in found] == [
        np.full((4, 5, 3), gray).tolist() for gray in (60, 30)
    ]
    assert [plain(record) for record in opened.records("splits")] == [
        {"name": "train", "description": "to learn from"},
        {"name": "test-A", "description": "same set-up"},
    ]


def test_a_changed_table_is_noticed_by_its_digest(opened, tmp_path):
    (tmp_path / "cells.csv").write_bytes(write_csv(ROWS[:1], COLUMNS))
    with pytest.raises(GenerationError, match=r"Download\(cells.csv\)") as caught:
        list(opened.records("cells"))
    assert "is not identical with the reference" in str(caught.value.__cause__)


def test_the_same_release_makes_the_same_bytes(tmp_path):
    files = laid_out(tmp_path)
    assert made(files) == made(files[::-1])
    document = json.loads(made(files))
    assert document["@context"]["rai"] == "http://mlcommons.org/croissant/RAI/"
    file = next(part for part in document["distribution"] if part["name"] == "README.md")
    assert file["sha256"] == digest_of(b"# Ours\n")
    assert file["contentSize"] == "7 B"
    field = document["recordSet"][0]["field"][1]
    assert field["description"] == "Left edge. Unit: px"
    assert field["dataType"] == "sc:Integer"


@pytest.mark.parametrize(
    ("version", "told"),
    [("1", "1"), ("2.10.0-beta", "2.10.0-beta"), ("2024 a", "0.0.0+2024-a"), ("v1.0", "0.0.0+v1-0"), ("", "0.0.0+0")],
)
def test_a_version_is_a_semantic_one(version, told):
    document = json.loads(croissant(ABOUT, Edition(version=version), files=[], tables={}))
    assert document["version"] == told
    dataset = mlcroissant.Dataset(jsonld=document)
    assert [warning for warning in dataset.metadata.ctx.issues.warnings if "ersion" in warning] == []


def test_a_release_without_license_tells_its_terms():
    document = json.loads(croissant(ReleaseAbout(terms_of_use="Ask us."), Edition(version="1"), files=[], tables={}))
    assert document["license"] == "Ask us."
    assert "rai:dataCollection" not in document


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"tables": {"none.csv": COLUMNS}},
            "no table: expected a file of the release that ends in .csv, .tsv, .parquet, found none.csv",
        ),
        ({"tables": {"README.md": COLUMNS}}, "no table"),
        ({"tables": {"cells.csv": []}}, "a table needs columns"),
        (
            {"groups": [FileGroup(id="x", pattern="nothing/*")]},
            "files of nothing/* are not of one kind: expected one kind of file, found no file",
        ),
        ({"groups": [FileGroup(id="x", pattern="*")]}, "files of * are not of one kind"),
        (
            {"groups": [FileGroup(id="cells", pattern="crops/*")]},
            "two parts of a release have one name: expected each once, found cells",
        ),
        ({"groups": [FileGroup(id="README.md", pattern="crops/*")]}, "found README.md"),
        ({"groups": [GROUPS[0], GROUPS[0]]}, "found crops"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, changes, said):
    with pytest.raises(InputError) as caught:
        made(laid_out(tmp_path), **changes)
    assert said in str(caught.value)
