"""Shards: what is written is read again, by us and by the library of that name."""

from __future__ import annotations

import gc
import io
import json
import tarfile

import numpy as np
import pytest
import webdataset
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.webdataset import Sample, read_shards, write_shards
from buffycoat.imaging.codecs import encode_png

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
)
SAMPLES = st.lists(
    st.builds(
        Sample,
        key=st.from_regex(r"[a-zب0-9_ -]{1,5}(/[a-z=]{1,4})?", fullmatch=True),
        picture=st.binary(max_size=30),
        ending=st.sampled_from(["png", "jpg"]),
        label=st.integers(0, 20),
        facts=st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=4), SCALARS, max_size=3),
    ),
    max_size=6,
    unique_by=lambda sample: sample.key,
).map(lambda samples: sorted(samples, key=lambda sample: sample.key))


@settings(max_examples=150, deadline=None)
@given(SAMPLES, st.integers(1, 4))
def test_samples_come_back_and_are_the_same_bytes_each_time(samples, per_shard):
    shards = list(write_shards(samples, "train", per_shard=per_shard))
    assert list(read_shards(shards)) == samples
    assert shards == list(write_shards(iter(samples), "train", per_shard=per_shard))
    assert [name for name, _ in shards] == [f"train-{n:06d}.tar" for n in range(-(-len(samples) // per_shard))]


def test_files_have_no_time_and_no_owner():
    ((_, content),) = write_shards([sample("a", 1)], "x")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        members = archive.getmembers()
    assert [member.name for member in members] == ["a.cls", "a.json", "a.png"]
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {(0, 0, 0, "", "", 0o644)}


def sample(key: str, label: int, **facts: object) -> Sample:
    pixels = np.full((4, 5, 3), label * 9, np.uint8)
    return Sample(key=key, picture=encode_png(pixels), ending="png", label=label, facts=facts)


# webdataset 1.0 leaves the shards that it read to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_the_library_decodes_the_same_samples(tmp_path):
    ours = [
        sample("95-8-3-1_2_1", 3, stain="گیمسا", sharp=0.5, none=None),
        sample("b", 0),
        sample("c/d", 7, n=1),
        sample("ه" * 120, 2),
    ]
    for name, content in write_shards(ours, "test-A", per_shard=3):
        (tmp_path / name).write_bytes(content)
    found = []
    for shard in sorted(tmp_path.glob("*.tar")):
        found += list(webdataset.WebDataset(str(shard), shardshuffle=False, empty_check=False).decode("rgb8"))
    gc.collect()
    assert [(item["__key__"], item["cls"], item["json"]) for item in found] == [(s.key, s.label, s.facts) for s in ours]
    for item, one in zip(found, ours, strict=True):
        assert item["png"].tolist() == np.full((4, 5, 3), one.label * 9).tolist()


@pytest.mark.parametrize("key", ["", "a.b", "/a", "a/", "../a", "a\\b", "a\n", "a//b"])
def test_keys_that_a_reader_would_take_apart_are_refused(key):
    with pytest.raises(InputError, match="no key of a sample: expected text without points"):
        sample(key, 1)


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="expected png or jpg, and a label from 0, found gif, 1"):
        Sample(key="a", picture=b"", ending="gif", label=1, facts={})
    with pytest.raises(InputError, match="sample a: a number is not finite"):
        sample("a", 1, x=float("nan"))
    with pytest.raises(InputError, match="samples are out of order: expected a key after 'b', found 'a'"):
        list(write_shards([sample("b", 1), sample("a", 1)], "x"))
    with pytest.raises(InputError, match="out of order"):
        list(write_shards([sample("b", 1), sample("b", 1)], "x"))
    with pytest.raises(InputError, match="no samples in a shard: expected 1 or more, found 0"):
        list(write_shards([], "x", per_shard=0))


def tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


GOOD = {"a.cls": b"1", "a.json": b"{}", "a.png": b"p"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no archive", "x.tar cannot be read: expected a tar archive"),
        (tar(GOOD)[:700], "x.tar cannot be read: expected a tar archive"),
        (
            tar({"a.cls": b"1", "a.png": b""}),
            "x.tar: a: expected .cls, .json and one of .png and .jpg, found .cls, .png",
        ),
        (tar({**GOOD, "a.jpg": b""}), "found .cls, .json, .png, .jpg"),
        (tar({**GOOD, "a.cls": b"Band"}), "x.tar: a.cls: expected the place of the class, from 0, found 'Band'"),
        (tar({**GOOD, "a.cls": "۱".encode()}), "x.tar: a.cls"),
        (tar({**GOOD, "a.json": b"{"}), "x.tar: a.json: expected JSON"),
        (tar({**GOOD, "a.json": b"[" * 100_000}), "x.tar: a.json: expected JSON"),
        (tar({**GOOD, "a.json": b'{"b": [1]}'}), "x.tar: a.json: expected an object of plain values, found {'b': [1]}"),
        (tar({**GOOD, "a.json": b'{"b": NaN}'}), "x.tar: a: expected None where there is no number, found sample a: a"),
        (tar({f"../{name}": content for name, content in GOOD.items()}), "x.tar: ../a: expected text without points"),
    ],
)
def test_archives_that_are_wrong_are_refused_with_file(content, said):
    with pytest.raises(UnreadableFormat) as caught:
        list(read_shards([("x.tar", content)]))
    assert said in str(caught.value)


def test_a_file_that_is_there_twice_or_is_a_link_is_refused():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("a.png")
        link.type, link.linkname = tarfile.SYMTYPE, "b.png"
        archive.addfile(link)
    with pytest.raises(
        UnreadableFormat, match=r"x.tar: a.png: expected a file of at most .*, found a link or a device"
    ):
        list(read_shards([("x.tar", out.getvalue())]))
    twice = tar({"a.cls": b"1"})[:1024] + tar(GOOD)
    with pytest.raises(UnreadableFormat, match=r"x.tar: a.cls is there twice"):
        list(read_shards([("x.tar", twice)]))


def test_facts_are_plain_json():
    ((_, content),) = write_shards([sample("a", 1, b="لام", a=None)], "x")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        file = archive.extractfile("a.json")
        assert file is not None
        text = file.read().decode()
    assert text == '{"a":null,"b":"لام"}'
    assert json.loads(text) == {"a": None, "b": "لام"}
