"""The table of public sets says what can be fetched, and refuses what it must not say."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from buffycoat.errors import UnreadableFormat
from buffycoat.ingest.public_sets import FORMATS, PublicFile, public_sets, read_public_sets

SETS = {each.name: each for each in public_sets()}


def test_every_set_says_whose_it_is_and_how_that_is_known():
    assert len(SETS) == 16
    for each in SETS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.name)
        assert re.match(r"https?://", each.page)
        assert re.search(r"\b(19|20)\d\d\b|github\.com/", each.citation), each.name
        assert each.doi == "" or re.fullmatch(r"10\.\d{4,9}/\S+", each.doi)
        assert each.format in FORMATS
        assert len(each.checked) > 40


def test_what_comes_from_github_is_pinned_to_a_commit():
    files = [file for each in SETS.values() for file in each.files if re.search(r"github", file.address or "")]
    assert len(files) == 8
    for file in files:
        commit = re.search(r"/([0-9a-f]{40})[./]", file.address or "")
        assert commit
        if file.name.endswith(".zip"):
            assert commit[1].startswith(file.name.removesuffix(".zip").rpartition("-")[2])


def test_counts_by_class_make_up_the_cells():
    for name in ("bccd-crops", "pbc", "zheng", "aml-lmu", "raabin-crops"):
        counts = dict(SETS[name].counts)
        assert counts.pop("cells") == sum(counts.values())
    assert all(number > 0 for each in SETS.values() for number in each.counts.values())


def test_what_has_no_address_says_what_a_person_does():
    by_hand = [each for each in SETS.values() if not each.direct]
    assert [each.name for each in by_hand] == ["aml-lmu", "all-idb"]
    assert all(any("folder" in step for step in each.by_hand) for each in by_hand)


def test_what_no_reader_opens_says_how_it_is_unpacked():
    for each in SETS.values():
        if any(file.name.endswith(".rar") for file in each.files):
            assert any("unar" in step for step in each.by_hand)


def test_figures_are_those_of_the_files_themselves(data: Path):
    labels = json.loads((data / "raabin_json" / "stats.json").read_text())
    content = (data / "raabin_json" / "second_microscope_album4_coco.json").read_bytes()
    boxes = json.loads(content)
    file = SETS["raabin-det"].files[0]
    assert (file.size_bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert SETS["raabin-det"].counts == {"photographs": len(boxes["images"]), "cells": len(boxes["annotations"])}
    assert set(SETS["raabin-det"].classes) == {kind["name"] for kind in boxes["categories"]}
    assert SETS["raabin-labels"].classes == tuple(word for word in labels["labels"] if word is not None)
    assert SETS["raabin-labels"].counts == {
        "photographs": labels["files"],
        "cells": labels["cells"],
        "films": labels["films"],
    }


GOOD = """
[[set]]
name = "a"
title = "A"
page = "https://example.org/a"
license = "CC0"
citation = "Nobody (2022)"
checked = "not at all"
format = "coco"
[[set.files]]
name = "a.zip"
address = "https://example.org/a.zip"
"""


def test_a_laboratory_may_write_its_own():
    (each,) = read_public_sets(GOOD)
    assert (each.direct, each.size_bytes, each.counts) == (True, None, {})
    assert each.files[0] == PublicFile(name="a.zip", address="https://example.org/a.zip", format="coco")
    assert read_public_sets(GOOD + "size_bytes = 12\nformat = 'yolo'")[0].files[0].format == "yolo"
    assert read_public_sets(GOOD + "size_bytes = 12")[0].size_bytes == 12


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("", "x"), "cannot be read"),
        (('license = "CC0"\n', ""), "a: license is not allowed: expected a text, found nothing"),
        (('license = "CC0"', 'license = " "'), "a: license is not allowed: expected a text"),
        (('checked = "not at all"\n', ""), "a: checked is not allowed"),
        (('title = "A"', 'titel = "A"'), "a: titel is not allowed: expected a known key"),
        (('name = "a.zip"', 'name = "../a.zip"'), "name is not allowed: expected a plain file name"),
        (('name = "a.zip"', 'name = ".a"'), "name is not allowed"),
        (('"https://example.org/a.zip"', '"file:///etc/passwd"'), "address is not allowed"),
        (('"https://example.org/a.zip"', '"ftp://example.org/a.zip"'), "address is not allowed"),
        (('address = "https://example.org/a.zip"\n', ""), "by_hand is not allowed: expected steps"),
        (('format = "coco"', 'format = "cocoa"'), "format is not allowed: expected bccd, coco"),
        (('name = "a.zip"', 'name = "a.zip"\nsha256 = "12"'), "sha256 is not allowed"),
        (('name = "a.zip"', 'name = "a.zip"\nsize_bytes = -1'), "size_bytes is not allowed"),
        (('name = "a.zip"', 'name = "a.zip"\nsize_bytes = 1.5'), "size_bytes is not allowed"),
        (('name = "a.zip"', 'name = "a.zip"\nhost = "b"'), "a: host is not allowed: expected a known key"),
    ],
)
def test_what_it_must_not_say_is_refused(change, message):
    old, new = change
    with pytest.raises(UnreadableFormat, match=re.escape(message)):
        read_public_sets(GOOD.replace(old, new, 1) if old else new)


def test_a_name_twice_is_refused():
    with pytest.raises(UnreadableFormat, match="a name is used twice"):
        read_public_sets(GOOD + GOOD)
    twice = GOOD + GOOD[GOOD.index("[[set.files]]") :]
    with pytest.raises(UnreadableFormat, match="each file once"):
        read_public_sets(twice)
