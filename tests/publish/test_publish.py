"""A sealed folder: what its manifest says, and what it notices."""

from __future__ import annotations

import json

import pytest

from buffycoat.domain.release import ReleaseAbout, ReleaseFile
from buffycoat.domain.value import digest_of
from buffycoat.errors import DigestMismatch, InvalidMetadata, NotFound, ReleaseIncomplete
from buffycoat.publish import check_about, manifest_of, read_about, verify_folder

WHOLE = b"""
title = "Ours"
license = "CC-BY-4.0"
ethics = "approved"
contributors = ["A. Expert", "B. Expert"]
citation = "cite us"
"""


def test_about_is_read_and_whole():
    about = read_about(WHOLE, name="release.toml")
    assert about.contributors == ("A. Expert", "B. Expert")
    check_about(about)


@pytest.mark.parametrize("key", ["license", "ethics", "contributors", "citation"])
def test_what_is_missing_is_named(key):
    content = b"\n".join(line for line in WHOLE.splitlines() if not line.startswith(key.encode()))
    with pytest.raises(ReleaseIncomplete, match=key):
        check_about(read_about(content, name="release.toml"))


def test_terms_of_use_do_for_a_license():
    check_about(ReleaseAbout(terms_of_use="free", ethics="none needed", contributors=("a",), citation="b"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"licence = 'CC0-1.0'", "did you mean license"),
        (b"contributors = 'A. Expert'", "a list of names"),
        (b"license = 3", "text"),
        (b"license = ", "TOML"),
        ("license = 'é'".encode("latin-1"), "UTF-8"),
    ],
)
def test_broken_about_is_refused_with_its_key(content, words):
    with pytest.raises(InvalidMetadata) as caught:
        read_about(content, name="release.toml")
    assert "release.toml" in str(caught.value)
    assert words in f"{caught.value} {caught.value.hint}"


@pytest.fixture
def release(tmp_path):
    (tmp_path / "labels.csv").write_bytes(b"path\n")
    files = [ReleaseFile(path="labels.csv", digest=digest_of(b"path\n"), size_bytes=5)]
    (tmp_path / "manifest.json").write_bytes(manifest_of(files, {"version": "1"}))
    return tmp_path


def test_release_is_verified(release):
    assert verify_folder(release) == 1
    manifest = json.loads((release / "manifest.json").read_text())
    assert (manifest["kind"], manifest["format"], manifest["version"]) == ("buffycoat release", 1, "1")


def test_changed_missing_and_foreign_files_are_noticed(release):
    (release / "labels.csv").write_bytes(b"Path\n")
    with pytest.raises(DigestMismatch, match=r"labels\.csv"):
        verify_folder(release)
    (release / "labels.csv").unlink()
    with pytest.raises(NotFound, match="missing"):
        verify_folder(release)
    (release / "labels.csv").write_bytes(b"path\n")
    (release / "extra.txt").write_text("")
    with pytest.raises(DigestMismatch, match="not part"):
        verify_folder(release)
    (release / "manifest.json").unlink()
    with pytest.raises(NotFound, match="no release"):
        verify_folder(release)
