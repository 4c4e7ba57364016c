"""The layout of Hugging Face: what is written comes back, and the library `datasets` reads it from a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.release import ReleaseAbout
from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.huggingface import HubItem, card_header, hub_split, read_hub, write_hub
from buffycoat.formats.tables import Column, Kind, write_parquet
from buffycoat.imaging.codecs import encode_png

COLUMNS = (
    Column(name="stain", description="how it was stained"),
    Column(name="left", kind=Kind.INTEGER, unit="px"),
    Column(name="sharpness", kind=Kind.NUMBER),
    Column(name="simulated", kind=Kind.BOOLEAN),
)
CLASSES = ("Band", "لنفوسیت", 'a "b"')
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
ITEMS = st.lists(
    st.builds(
        HubItem,
        path=TEXT,
        picture=st.binary(max_size=9),
        label=st.none() | st.sampled_from(CLASSES),
        facts=st.fixed_dictionaries(
            {
                "stain": st.none() | TEXT,
                "left": st.none() | st.integers(-(2**63), 2**63 - 1),
                "sharpness": st.none() | st.floats(allow_nan=False, allow_infinity=False),
                "simulated": st.none() | st.booleans(),
            }
        ),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(ITEMS, st.integers(1, 3))
def test_items_come_back_and_are_the_same_bytes_each_time(items, per_file):
    def written():
        return list(
            write_hub(iter(items), len(items), split="val", classes=CLASSES, columns=COLUMNS, per_file=per_file)
        )

    files = written()
    assert list(read_hub(files, COLUMNS)) == items
    assert files == written()
    wanted = -(-len(items) // per_file)
    assert [path for path, _ in files] == [f"data/val-{n:05d}-of-{wanted:05d}.parquet" for n in range(wanted)]


def item(number: int, label: str | None) -> HubItem:
    picture = encode_png(np.full((4, 5, 3), number, np.uint8))
    facts = {"stain": "" if number % 2 else None, "left": -number, "sharpness": number / 7, "simulated": number > 2}
    return HubItem(path=f"c{number}.png", picture=picture, label=label, facts=facts)


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No network, no progress bars, and a cache that is thrown away."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    import datasets

    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_MODULES_CACHE", tmp_path / "modules")
    datasets.disable_progress_bars()
    return tmp_path / "cache"


def test_the_library_reads_a_folder_as_we_wrote_it(tmp_path, offline):
    import datasets

    splits = {
        "train": [item(0, "Band"), item(1, CLASSES[1]), item(2, CLASSES[2])],
        "test-A": [item(3, "Band"), item(4, None)],
        "test-B": [],
    }
    folder = tmp_path / "release"
    (folder / "data").mkdir(parents=True)
    for split, items in splits.items():
        for path, content in write_hub(items, len(items), split=split, classes=CLASSES, columns=COLUMNS, per_file=2):
            (folder / path).write_bytes(content)
    about = ReleaseAbout(title='Ours: "nice" # 1', license="CC-BY-4.0")
    (folder / "README.md").write_text(card_header(about, {k: len(v) for k, v in splits.items()}) + "# Ours\n")

    found = datasets.load_dataset(str(folder), cache_dir=str(offline))

    assert list(found) == ["train", "test_a"]  # no file without rows: the library cannot read one
    assert len(list((folder / "data").glob("train-*"))) == 2
    assert found["train"].features["label"].names == list(CLASSES)
    assert found["train"].features["image"] == datasets.Image()
    for split, items in [*splits.items()][:2]:
        rows = list(found[hub_split(split)])
        assert [row["label"] for row in rows] == [i.label if i.label is None else CLASSES.index(i.label) for i in items]
        assert [{column.name: row[column.name] for column in COLUMNS} for row in rows] == [dict(i.facts) for i in items]
        for row in rows:
            assert np.asarray(row["image"]).tolist() == np.full((4, 5, 3), -row["left"]).tolist()


@pytest.mark.parametrize(
    ("items", "count", "said"),
    [
        ([item(0, "Burst")], 1, 'c0.png is of no class of the release: expected Band, لنفوسیت, a "b", found Burst'),
        ([item(0, "Band")], 2, "split val is not as long as it was said: expected 2 items, found 1"),
        ([item(0, "Band")] * 2, 1, "expected 1 items, found more"),
        ([item(0, "Band")], 0, "expected 0 items, found more"),
        ([HubItem(path="x", picture=b"", label=None, facts={})], 1, "row 1 lacks stain"),
    ],
)
def test_what_does_not_fit_is_refused(items, count, said):
    with pytest.raises(InputError) as caught:
        list(write_hub(items, count, split="val", classes=CLASSES, columns=COLUMNS))
    assert said in str(caught.value)


def test_columns_and_classes_are_told_apart():
    with pytest.raises(InputError, match="each name once, found image, label, label"):
        list(write_hub([], 0, split="val", classes=CLASSES, columns=[Column(name="label")]))
    with pytest.raises(InputError, match="no classes of a release: expected one at least, each once, found a, a"):
        list(write_hub([], 0, split="val", classes=["a", "a"], columns=[]))


def test_files_that_are_wrong_are_refused():
    ((path, good),) = write_hub([item(0, "Band")], 1, split="val", classes=CLASSES, columns=COLUMNS)
    plain = write_parquet([{"image": "a", "label": 1}], [Column(name="image"), Column(name="label", kind=Kind.INTEGER)])
    for content in (b"", good[:-5], plain):
        with pytest.raises(UnreadableFormat, match=f"{path} cannot be read: expected Parquet with image, label"):
            list(read_hub([(path, content)], COLUMNS))
    with pytest.raises(UnreadableFormat, match="cannot be read"):
        list(read_hub([(path, good)], [Column(name="other")]))


def rewritten(content: bytes, **columns: list[object]) -> bytes:
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(content))
    for name, cells in columns.items():
        place = table.column_names.index(name)
        table = table.set_column(place, table.schema.field(name), pa.array(cells, table.schema.field(name).type))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def test_rows_that_are_wrong_are_refused_with_their_number():
    ((path, good),) = write_hub([item(0, "Band")], 1, split="val", classes=CLASSES, columns=COLUMNS)
    with pytest.raises(UnreadableFormat, match="row 1, label: expected 0 to 2, found 3"):
        list(read_hub([(path, rewritten(good, label=[3]))], COLUMNS))
    with pytest.raises(UnreadableFormat, match="row 1: no picture: expected bytes and path, found None"):
        list(read_hub([(path, rewritten(good, image=[None]))], COLUMNS))


@settings(max_examples=100, deadline=None)
@given(TEXT, st.text(max_size=8).filter(lambda t: t.isascii()))
def test_any_title_and_license_stand_in_the_card(title, license_name):
    card = card_header(ReleaseAbout(title=title, license=license_name), {"train": 1})
    found = yaml.safe_load(card.removeprefix("---\n").removesuffix("---\n"))
    assert found["pretty_name"] == title
    assert found["license"] == "other" or license_name.strip().casefold().startswith(found["license"])


@pytest.mark.parametrize(
    ("license_name", "known", "name"),
    [
        ("CC0-1.0", "cc0-1.0", None),
        ("ODbL-1.0", "odbl", None),
        ("", "other", "terms-of-use"),
        ("Our (own) rules", "other", "our-own-rules"),
    ],
)
def test_licenses_are_spelled_as_the_hub_does(license_name, known, name):
    found = yaml.safe_load(card_header(ReleaseAbout(license=license_name), {"train": 1})[4:-4])
    assert (found["license"], found.get("license_name")) == (known, name)


@pytest.mark.parametrize(
    ("count", "size"), [(999, "n<1K"), (1000, "1K<n<10K"), (36_624, "10K<n<100K"), (10**6, "1M<n<10M")]
)
def test_size_is_told_in_the_words_of_the_hub(count, size):
    found = yaml.safe_load(card_header(ReleaseAbout(), {"train": count - 1, "test": 1})[4:-4])
    assert found["size_categories"] == [size]


def test_splits_that_would_get_one_name_are_refused():
    with pytest.raises(InputError, match="two splits of one name: expected each once, found test-A, Test_a"):
        card_header(ReleaseAbout(), {"test-A": 1, "Test_a": 2})
    for name in ("", "-", "all"):
        with pytest.raises(InputError, match="no name for a split"):
            hub_split(name)
