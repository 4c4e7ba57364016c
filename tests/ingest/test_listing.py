from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from buffycoat.errors import ImageTooLarge, UnreadableFile, UnreadableImage
from buffycoat.ingest import Listing, list_photographs, take_in

Build = Callable[..., bytes]


def names(listing: Listing) -> list[str]:
    return [entry.name for entry in listing.entries]


def reasons(listing: Listing) -> dict[str, str]:
    return {file.name: file.reason for file in listing.passed_over}


@pytest.fixture
def folder(tmp_path: Path, encoded: Build) -> Path:
    """Two folders of photographs, and much else."""
    photograph = encoded("JPEG")
    for name in (
        "b.jpg",
        "a.JPG",
        "slide 1/c.jpeg",
        "slide 1/deep/عکس.jpg",
        "slide 1/🔬 field.png",
        "no-ending",
        "lie.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photograph)
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("dear diary")
    (tmp_path / "table.csv").write_text("file,smear\n")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(40))
    (tmp_path / "unknown.dat").write_bytes(bytes(range(100)))
    (tmp_path / "more.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    (tmp_path / ".DS_Store").write_bytes(photograph)
    (tmp_path / "._a.JPG").write_bytes(photograph)
    (tmp_path / "Thumbs.db").write_bytes(photograph)
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "a.jpg").write_bytes(photograph)
    return tmp_path


def test_a_folder(folder: Path, encoded: Build) -> None:
    listing = list_photographs(folder)
    assert names(listing) == [
        "a.JPG",
        "b.jpg",
        "empty.jpg",
        "lie.txt",
        "no-ending",
        "slide 1/c.jpeg",
        "slide 1/deep/عکس.jpg",
        "slide 1/🔬 field.png",
    ]
    assert reasons(listing) == {
        ".DS_Store": "hidden",
        "._a.JPG": "hidden",
        "Thumbs.db": "kept by the operating system, not by a person",
        "__MACOSX": "kept by the operating system, not by a person",
        "film.mp4": "video, no photograph",
        "more.zip": "an archive: add it by itself",
        "notes.txt": "text, no photograph",
        "table.csv": "text, no photograph",
        "unknown.dat": "no photograph by name or content",
    }
    for entry in listing.entries:
        content = entry.read()
        assert len(content) == entry.size
        assert content == (b"" if entry.name == "empty.jpg" else encoded("JPEG"))
    with pytest.raises(UnreadableImage, match=r"empty\.jpg is empty"):
        take_in(b"", name="empty.jpg")


def test_links(tmp_path: Path, encoded: Build) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "a.jpg").write_bytes(encoded("JPEG"))
    (real / "up").symlink_to(tmp_path)
    (real / "self").symlink_to(".")
    (tmp_path / "also").symlink_to("real")
    (tmp_path / "linked.jpg").symlink_to("real/a.jpg")
    (tmp_path / "broken.jpg").symlink_to("nowhere")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "b.jpg").write_bytes(encoded("JPEG"))
    (tmp_path / "elsewhere").symlink_to(outside)
    listing = list_photographs(tmp_path)
    assert names(listing) == ["broken.jpg", "elsewhere/b.jpg", "linked.jpg", "loop.jpg", "real/a.jpg"]
    assert set(reasons(listing)) == {"also", "real/self", "real/up"}
    read = {entry.name: entry.read for entry in listing.entries}
    assert read["linked.jpg"]() == read["real/a.jpg"]() == encoded("JPEG")
    with pytest.raises(UnreadableFile, match=r"^broken\.jpg cannot be read: expected a file, found no such file"):
        read["broken.jpg"]()
    with pytest.raises(UnreadableFile, match="too many levels"):
        read["loop.jpg"]()


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    os.mkfifo(tmp_path / "pipe")
    listing = list_photographs(tmp_path)
    assert names(listing) == ["pipe", "pipe.jpg"]
    for entry in listing.entries:
        with pytest.raises(UnreadableFile, match="a pipe"):
            entry.read()
    assert names(list_photographs(tmp_path / "pipe")) == ["pipe"]


def test_a_name_that_is_not_utf_8(tmp_path: Path, encoded: Build) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_bytes(encoded("JPEG"))
    [entry] = list_photographs(tmp_path).entries
    assert entry.name == r"caf\xe9.jpg"
    assert entry.read() == encoded("JPEG")


def test_one_file(tmp_path: Path, encoded: Build) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG") + b"PK\x05\x06" + bytes(18))
    assert names(list_photographs(tmp_path / "a.jpg")) == ["a.jpg"]
    with pytest.raises(UnreadableFile, match=r"^none\.jpg cannot be read"):
        list_photographs(tmp_path / "none.jpg")


# ------------------------------------------------------------------ archives


def flagged(path: Path, name: str, flag: int) -> None:
    """Set a flag of a member, in both of the archive's headers."""
    content = bytearray(path.read_bytes())
    for magic, flags, at in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        start = content.find(magic)
        while start >= 0:
            if content[start + at : start + at + len(name)] == name.encode():
                content[start + flags] |= flag
            start = content.find(magic, start + 4)
    path.write_bytes(content)


def test_an_archive(tmp_path: Path, encoded: Build) -> None:
    photograph = encoded("JPEG")
    path = tmp_path / "photos"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("b.jpg", "slide/a.jpg", "عکس.jpg", "🔬.jpg", "locked.jpg", "damaged.jpg", "lie.txt"):
            archive.writestr(name, photograph)
        archive.writestr("../../up.jpg", photograph)
        archive.writestr("/root.jpg", photograph)
        archive.writestr("C:/windows.jpg", photograph)
        archive.writestr("notes.txt", "dear diary")
        archive.writestr("__MACOSX/._b.jpg", photograph)
        archive.mkdir("empty folder")
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    flagged(path, "locked.jpg", 1)
    content = bytearray(path.read_bytes())
    content[content.find(b"damaged.jpg") + 60] ^= 0xFF
    path.write_bytes(content)

    listing = list_photographs(path)
    assert reasons(listing) == {
        "notes.txt": "text, no photograph",
        "__MACOSX/._b.jpg": "kept by the operating system, not by a person",
    }
    read = {entry.name: entry.read for entry in listing.entries}
    refused = {
        "../../up.jpg": "leads out of it",
        "/root.jpg": "leads out of it",
        "C:/windows.jpg": "leads out of it",
        "link.jpg": "a link inside the archive",
        "locked.jpg": "an encrypted one",
        "damaged.jpg": "cannot be read",
    }
    assert list(read) == sorted([*refused, "b.jpg", "slide/a.jpg", "عکس.jpg", "🔬.jpg", "lie.txt"])
    for name, reader in read.items():
        if name in refused:
            with pytest.raises(UnreadableFile, match=refused[name]):
                reader()
        else:
            assert reader() == photograph


def test_names_in_an_archive_without_the_unicode_flag(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("عکس.jpg", b"1")
        member = zipfile.ZipInfo("x.jpg")
        name = "سلول.jpg".encode()
        member.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(b"x.jpg")) + name
        archive.writestr(member, b"2")
        archive.writestr("slide\\c.jpg", b"3")
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 9] &= ~8
    path.write_bytes(content)
    listing = list_photographs(path)
    assert names(listing) == ["slide/c.jpg", "سلول.jpg", "عکس.jpg"]
    assert [entry.size for entry in listing.entries] == [1, 1, 1]


def test_an_archive_that_claims_to_be_enormous(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", b"1")
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1 << 31)
    path.write_bytes(content)
    [entry] = list_photographs(path).entries
    with pytest.raises(ImageTooLarge, match="2,147,483,648 bytes"):
        entry.read()


def test_two_members_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.jpg", b"2")
    listing = list_photographs(path)
    assert [entry.read() for entry in listing.entries] == [b"1"]
    assert reasons(listing) == {"a.jpg": "a second member of this name"}


def test_an_archive_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + bytes(50))
    with pytest.raises(UnreadableFile, match=r"^a\.zip cannot be opened"):
        list_photographs(tmp_path / "a.zip")


def test_lisc_as_it_came(data: Path) -> None:
    listing = list_photographs(data / "lisc" / "lisc_basophil.zip")
    assert len(listing.entries) == 10
    assert {entry.size for entry in listing.entries} == {len(listing.entries[0].read())}
    assert take_in(listing.entries[0].read(), name="a").width_px == 720
