"""Archives that were packed to do harm: each is refused by name, or does none."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from buffycoat.errors import BuffycoatError, UnreadableFile
from buffycoat.formats import source as source_module
from buffycoat.formats.nested import with_nested
from buffycoat.formats.source import Source, open_source
from buffycoat.formats.spreadsheets import read_xlsx
from buffycoat.ingest import list_photographs

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    def packed(*members: tuple[str | zipfile.ZipInfo, bytes], name: str = "a.zip") -> Path:
        with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")  # of names that are there twice
            for member, content in members:
                archive.writestr(member, content)
        return tmp_path / name

    return packed


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    ["../../up.json", "a/../../up.json", "/etc/up.json", "C:/up.json", "C:\\up.json", "..\\up.json", "\\up.json"],
)
def test_a_name_that_leads_out_is_refused_and_nothing_is_written(tmp_path: Path, pack: Pack, name: str):
    path = pack(("labels.json", b"{}"), (name, b"{}"))
    with pytest.raises(UnreadableFile, match="a name that leads out of it"), open_source(path):
        pass
    assert [each.name for each in tmp_path.rglob("*")] == ["a.zip"]


def test_a_link_leads_nowhere(tmp_path: Path, pack: Pack):
    (tmp_path / "secret.json").write_text("secret")
    link = zipfile.ZipInfo("labels.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with open_source(pack((link, b"secret.json"))) as source:
        assert source.read("labels.json") == b"secret.json", "what it says, not where it leads"


@pytest.mark.parametrize("lie", [None, 100])
def test_a_bomb_never_fills_the_memory(tmp_path: Path, lie: int | None):
    """64 MiB of zeros in a few bytes, whatever size its list tells."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels.json", bytes(64 << 20))
    if lie is not None:
        content = bytearray(path.read_bytes())
        at = content.find(b"PK\x01\x02") + 24
        content[at : at + 4] = struct.pack("<I", lie)
        path.write_bytes(content)
    tracemalloc.start()
    try:
        with open_source(path) as source, pytest.raises(UnreadableFile, match=r"labels\.json"):
            source.read("labels.json", most=1 << 20)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16 << 20


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_cannot_be_unpacked_in_pieces_is_not_unpacked(tmp_path: Path, how: int):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", how) as archive:
        archive.writestr("a.jpg", b"{}")
    with (
        open_source(path) as source,
        pytest.raises(UnreadableFile, match=r"a\.jpg cannot be read: .*stored or deflated"),
    ):
        source.read("a.jpg")
    (entry,) = list_photographs(path).entries
    with pytest.raises(UnreadableFile, match=r"a\.jpg cannot be read: .*stored or deflated"):
        entry.read()


def lying_bomb(name: str, *, claimed: int) -> bytes:
    """64 MiB of zeros in an archive that says they are fewer."""
    content = bytearray(zipped((name, bytes(64 << 20))))
    at = content.find(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", claimed)
    return bytes(content)


def most_memory(what: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        with pytest.raises(BuffycoatError):
            what()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_size_that_is_a_lie_is_believed_by_nobody(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(lying_bomb("a.jpg", claimed=100))
    (entry,) = list_photographs(path).entries
    assert most_memory(entry.read) < 16 << 20
    path.write_bytes(zipped(("inner.zip", lying_bomb("a.json", claimed=100))))
    with open_source(path) as source:
        assert most_memory(lambda: with_nested(source).read("inner/a.json")) < 16 << 20
    sheet = lying_bomb("xl/workbook.xml", claimed=100)
    assert most_memory(lambda: read_xlsx(sheet, [], name="t.xlsx")) < 16 << 20


def test_too_many_files_are_refused(pack: Pack, monkeypatch: pytest.MonkeyPatch):
    path = pack(*((f"{n}.txt", b"") for n in range(11)))
    monkeypatch.setattr(source_module, "MAX_MEMBERS", 10)
    with pytest.raises(UnreadableFile, match="too many files: expected at most 10, found 11"), open_source(path):
        pass
    monkeypatch.setattr(source_module, "MAX_MEMBERS", 11)
    with open_source(path) as source:
        assert len(source.files) == 11


def test_of_two_files_of_one_name_one_is_taken(pack: Pack):
    with open_source(pack(("a.json", b"first"), ("a.json", b"second"))) as source:
        assert source.read("a.json") == b"second"


def test_an_archive_in_an_archive_in_an_archive_stays_packed(tmp_path: Path):
    deep = zipped(("deep.json", b"{}"))
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("middle.zip", zipped(("deep.zip", deep), ("../up.json", b"{}")))))
    with open_source(path) as source:
        opened = with_nested(source)
        assert list(opened.files) == ["middle/deep.zip"]
        assert opened.read("middle/deep.zip") == deep


def test_an_archive_that_holds_itself_ends(tmp_path: Path):
    inner = zipped(("a.json", b"{}"))
    for _ in range(50):
        inner = zipped(("again.zip", inner))
    (tmp_path / "a.zip").write_bytes(inner)
    with open_source(tmp_path / "a.zip") as source:
        assert len(with_nested(source).files) == 1


@pytest.mark.parametrize(
    "name",
    ["a" * 60_000 + ".jpg", "\x1b[2J\x07.jpg", "\u202egpj.exe.jpg", "con.jpg", "a\nb.jpg", " .jpg", "%2e%2e%2f.jpg"],
)  # fmt: skip
def test_odd_names_are_names_and_nothing_else(tmp_path: Path, pack: Pack, name: str):
    path = pack((name, b"no photograph"))
    (entry,) = list_photographs(path).entries
    assert entry.read() == b"no photograph"
    with open_source(path) as source:
        assert isinstance(source, Source)
        (found,) = source.files
        assert source.read(found) == b"no photograph"
    assert [each.name for each in tmp_path.rglob("*")] == ["a.zip"]


def test_every_prefix_of_an_archive_is_refused_or_read(tmp_path: Path):
    content = zipped(("a.json", b"{}" * 50), ("b.jpg", b"x" * 50))
    for end in range(0, len(content), 7):
        path = tmp_path / f"{end}.zip"
        path.write_bytes(content[:end])
        try:
            with open_source(path) as source:
                with_nested(source)
        except BuffycoatError:
            continue
        raise AssertionError(end)
