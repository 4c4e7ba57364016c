"""Small pictures beside the database: a copy that may be lost, and never in the way."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from buffycoat.store.thumbnails import Thumbnails


def test_what_is_put_comes_out_in_another_process_too(tmp_path: Path):
    first, second = (Thumbnails(tmp_path / "t.db") for _ in range(2))
    assert first.get("c1-96") is None
    assert not (tmp_path / "t.db").exists(), "looking makes no file"
    first.put("c1-96", b"one")
    first.put("c1-96", b"other")
    assert first.get("c1-96") == second.get("c1-96") == b"one"
    first.close()
    second.close()
    again = Thumbnails(tmp_path / "t.db")
    assert again.get("c1-96") == b"one"
    again.close()


def test_the_oldest_go_when_it_is_full(tmp_path: Path):
    thumbnails = Thumbnails(tmp_path / "t.db", most_bytes=2_000_000)
    for number in range(1024):
        thumbnails.put(f"c{number}", bytes(8000))
    assert thumbnails.get("c0") is None
    assert thumbnails.get("c1023") == bytes(8000)
    thumbnails.close()
    assert (tmp_path / "t.db").stat().st_size < 1024 * 8000


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    (tmp_path / "t.db").write_bytes(b"This is no database." * 100)
    thumbnails = Thumbnails(tmp_path / "t.db")
    assert thumbnails.get("c1") is None
    thumbnails.put("c1", b"one")
    assert thumbnails.get("c1") is None
    thumbnails.close()
    assert (tmp_path / "t.db").read_bytes().startswith(b"This is no database.")


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path):
    thumbnails = Thumbnails(tmp_path / "nowhere" / "t.db")
    thumbnails.put("c1", b"one")
    assert thumbnails.get("c1") is None
    thumbnails.close()


def test_a_file_that_another_process_holds_is_waited_for_a_moment_only(tmp_path: Path):
    thumbnails = Thumbnails(tmp_path / "t.db")
    thumbnails.put("c1", b"one")
    other = sqlite3.connect(tmp_path / "t.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    thumbnails.put("c2", b"two")
    assert (thumbnails.get("c1"), thumbnails.get("c2")) == (b"one", None)
    other.execute("ROLLBACK")
    other.close()
    thumbnails.put("c2", b"two")
    assert thumbnails.get("c2") == b"two"
    thumbnails.close()


@pytest.mark.parametrize("threads", [8])
def test_many_threads_at_once(tmp_path: Path, threads: int):
    thumbnails = Thumbnails(tmp_path / "t.db")

    def work(number: int) -> None:
        for place in range(40):
            thumbnails.put(f"c{place}", f"{place}".encode() * 500)
            assert thumbnails.get(f"c{(place + number) % 40}") in {None, f"{(place + number) % 40}".encode() * 500}

    running = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert all(thumbnails.get(f"c{place}") == f"{place}".encode() * 500 for place in range(40))
    thumbnails.close()


def test_pictures_asked_for_lately_are_held_in_memory_and_no_more_than_so_many_bytes(tmp_path: Path):
    thumbnails = Thumbnails(tmp_path / "t.db", near_bytes=2500)
    for name in "abc":
        thumbnails.put(name, name.encode() * 1000)
    assert thumbnails.get("a") == thumbnails.get("a") == b"a" * 1000
    with sqlite3.connect(tmp_path / "t.db") as other:
        other.execute("DELETE FROM picture")
    other.close()
    assert thumbnails.get("a") == b"a" * 1000, "not read again"
    assert thumbnails.get("b") is None
    for name in "bc":
        thumbnails.put(name, name.encode() * 1000)
    assert (thumbnails.get("b"), thumbnails.get("c")) == (b"b" * 1000, b"c" * 1000)
    assert thumbnails.get("a") is None, "read first, so it went first"
    thumbnails.put("large", bytes(3000))
    assert thumbnails.get("large") == bytes(3000)
    assert thumbnails.get("b") == b"b" * 1000
    thumbnails.close()
