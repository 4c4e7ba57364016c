"""A public set comes into a folder: recorded, once, whole, whatever is killed; or a person is told what to do."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from buffycoat.errors import Conflict, DownloadFailed, NotFound, UnreadableFormat, UnwritableFile
from buffycoat.ingest.public_sets import PublicFile
from buffycoat.workflows.fetching.part_file import PartFile
from buffycoat.workflows.fetching.sets import find_set

# ---------------------------------------------------------------------------------------------------- all is well


def test_file_is_fetched_checked_and_recorded(site):
    shown: list[tuple[str, int, int | None]] = []
    file = site.file(site.serving(site.content), size_bytes=len(site.content), sha256=site.digest(site.content))
    summary = site.fetch(file, progress=lambda *step: shown.append(step))
    assert summary.complete
    assert [(file.status, file.checked) for file in summary.files] == [("fetched", ("size_bytes", "sha256"))]
    assert (site.folder / "cells.zip").read_bytes() == site.content
    assert site.names() == ["cells.zip", "fetched.json"]
    record = site.record()
    assert record == {
        "set": "a-set",
        "page": "https://example.org/a-set",
        "license": "CC BY 4.0",
        "citation": "Nobody, Nothing (2022)",
        "files": [
            {
                "name": "cells.zip",
                "address": f"{site.address}/cells.zip",
                "size_bytes": len(site.content),
                "sha256": site.digest(site.content),
                "etag": '"one"',
                "last_modified": None,
                "checked": ["size_bytes", "sha256"],
                "fetched_at": "2022-01-21T12:00:00+00:00",
            }
        ],
    }
    assert shown[-1] == ("cells.zip", len(site.content), len(site.content))
    assert summary.steps[-1] == f"buffycoat import {site.folder / 'cells.zip'} --format folders"
    assert site.asked[0][1]["Accept-Encoding"] == "identity"


def test_what_nobody_has_stated_is_recorded_and_not_called_checked(site):
    summary = site.fetch(site.file(site.chunked(site.content)))
    assert summary.complete
    assert (summary.files[0].sha256, summary.files[0].checked) == (site.digest(site.content), ())


def test_second_call_does_nothing(site):
    file = site.file(site.serving(site.content), sha256=site.digest(site.content))
    site.fetch(file)
    before = (site.folder / "fetched.json").read_bytes(), (site.folder / "cells.zip").stat().st_mtime_ns
    summary = site.fetch(file)
    assert (summary.complete, summary.files[0].status) == (True, "before")
    assert len(site.asked) == 1
    assert before == ((site.folder / "fetched.json").read_bytes(), (site.folder / "cells.zip").stat().st_mtime_ns)


def test_redirects_are_followed_and_the_last_address_is_recorded(site):
    site.scripts["/moved"] = [site.status(302, Location="/cells.zip")]
    file = site.file(site.serving(site.content))
    summary = site.fetch(PublicFile(name="cells.zip", address=f"{site.address}/moved"))
    assert summary.complete
    assert site.record()["files"][0]["address"] == file.address


def test_one_bad_file_stops_no_other(site):
    good, missing = (
        site.file(site.serving(site.content), name="good.zip"),
        site.file(site.status(404), name="missing.zip"),
    )
    last = site.file(site.serving(site.content), name="last.zip")
    summary = site.fetch(good, missing, last)
    assert [(file.status, file.code) for file in summary.files] == [
        ("fetched", None),
        ("refused", "download-failed"),
        ("fetched", None),
    ]
    assert not summary.complete
    assert site.names() == ["fetched.json", "good.zip", "last.zip"]
    assert [entry["name"] for entry in site.record()["files"]] == [
        "good.zip",
        "last.zip",
    ]
    site.scripts["/missing.zip"] = [site.serving(site.content)]
    again = site.fetch(good, missing, last)
    assert [file.status for file in again.files] == ["before", "fetched", "before"]


# ------------------------------------------------------------------------------------------------- disk and kills


def test_kill_after_the_last_byte_costs_nothing(site):
    site.with_part(site.content, total=len(site.content))
    assert site.fetch(site.file(site.serving(site.content))).complete
    assert site.asked == []
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_kill_after_the_renaming_costs_nothing(site):
    site.with_part(site.content, total=len(site.content))
    (site.folder / "cells.zip.part").rename(site.folder / "cells.zip")
    summary = site.fetch(site.file(site.serving(site.content)))
    assert (summary.complete, summary.files[0].status, site.asked) == (True, "found", [])
    entry = site.record()["files"][0]
    assert (entry["address"], entry["etag"]) == (f"{site.address}/cells.zip", '"one"')


def test_killed_process_leaves_a_part_that_the_next_one_goes_on_with(site):
    """A process of its own is killed in the middle; nothing but the part is there, and the rest is asked for."""
    reached, go_on = threading.Event(), threading.Event()

    def stalls(handler) -> None:
        handler.head(200, {"Content-Length": str(len(site.content)), "ETag": '"one"'})
        handler.wfile.write(site.content[:80_000])
        reached.set()
        go_on.wait(20)
        handler.close_connection = True

    file = site.file(stalls, site.serving(site.content))
    program = f"""
from pathlib import Path
from buffycoat.ingest.public_sets import PublicFile, PublicSet
from buffycoat.workflows.fetching.sets import fetch_set
file = PublicFile(name="cells.zip", address={file.address!r})
table = (PublicSet(name="a-set", title="t", page="p", license="l", citation="c", checked="n", counts={{}}, files=(file,)),)
fetch_set("a-set", Path({str(site.folder)!r}), sets=table, progress=lambda _, done, total: print(done, flush=True))
"""
    alone = {name: told for name, told in os.environ.items() if "proxy" not in name.casefold()}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=alone) as process:
        assert process.stdout is not None
        assert reached.wait(20)
        while int(process.stdout.readline()) < 80_000:
            pass
        process.kill()
    go_on.set()
    assert site.names() == ["cells.zip.part", "cells.zip.part.json"]
    site.asked.clear()
    assert site.fetch(file).complete
    assert site.ranges() == ["bytes=80000-"]
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_two_at_once_do_not_mix(site):
    file = site.file(site.serving(site.content))
    site.folder.mkdir()
    other = PartFile(site.folder / "cells.zip.part")
    try:
        message = site.refusal(site.fetch(file), "conflict")
    finally:
        other.close()
    assert "another process" in message
    assert site.asked == []
    assert site.fetch(file).complete


def test_part_that_another_process_has_just_renamed_is_not_written_to(site, monkeypatch):
    """Opened before the other one renamed it, locked after it let go: the lock alone would not help."""
    site.folder.mkdir()
    (site.folder / "cells.zip.part").write_bytes(site.content)
    lock = fcntl.flock

    def late(file: Any, how: int) -> None:
        (site.folder / "cells.zip.part").rename(site.folder / "elsewhere.zip")
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    assert "another process" in site.refusal(site.fetch(site.file(site.serving(site.content))), "conflict")
    assert (site.folder / "elsewhere.zip").read_bytes() == site.content
    assert site.asked == []


def test_no_room_is_told_before_anything_is_asked(site, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=64 * 1024**2 + 1_000))
    with pytest.raises(DownloadFailed, match="no room on this disk for the set") as caught:
        site.fetch(site.file(site.serving(site.content), size_bytes=len(site.content)))
    assert (caught.value.expected, caught.value.found) == (f"{len(site.content):,} bytes free", "1,000 bytes")
    assert site.asked == []


def test_no_room_for_what_the_server_promises(site, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=64 * 1024**2 + 1_000))
    assert "has no room on this disk" in site.refusal(
        site.fetch(site.file(site.serving(site.content))), "download-failed"
    )
    assert site.names() == []


def test_folder_that_cannot_be_made(site):
    site.folder.write_text("a file")
    with pytest.raises(UnwritableFile):
        site.fetch(site.file(site.serving(site.content)))


# ------------------------------------------------------------------------------------------ by hand, and what lies there


def test_file_without_an_address_is_asked_for_and_then_recorded(site):
    file = PublicFile(name="cells.zip", sha256=site.digest(site.content))
    summary = site.fetch(file)
    assert (summary.complete, [each.status for each in summary.files]) == (False, ["by hand"])
    assert summary.steps == (
        "page: https://example.org/a-set",
        "Ask.",
        f"folder to put it into: {site.folder}",
    )
    (site.folder / "cells.zip").write_bytes(site.content[:-1])
    wrong = site.fetch(file)
    assert [(each.status, each.code) for each in wrong.files] == [("refused", "digest-mismatch")]
    assert (site.folder / "cells.zip").read_bytes() == site.content[:-1], "what a person put there is not moved"
    (site.folder / "cells.zip").write_bytes(site.content)
    assert [(each.status, each.checked) for each in site.fetch(file).files] == [("found", ("sha256",))]
    assert [each.status for each in site.fetch(file).files] == ["before"]


def test_set_of_which_no_file_is_known_takes_what_a_person_puts_there(site):
    assert not site.fetch().complete
    (site.folder / "got it.zip").write_bytes(site.content)
    (site.folder / "cells.zip.part.json").write_text("{}")
    summary = site.fetch()
    assert summary.complete
    assert [(file.name, file.status, file.sha256) for file in summary.files] == [
        ("got it.zip", "found", site.digest(site.content))
    ]
    assert summary.steps[-1] == f"buffycoat import '{site.folder / 'got it.zip'}' --format folders"


def test_file_that_changed_since_is_told_and_left(site):
    file = site.file(site.serving(site.content))
    site.fetch(file)
    (site.folder / "cells.zip").write_bytes(site.content + b"x")
    summary = site.fetch(file)
    assert [(each.status, each.code) for each in summary.files] == [("refused", "digest-mismatch")]
    assert "is not what was fetched before" in summary.files[0].message
    assert (site.folder / "cells.zip").read_bytes() == site.content + b"x"
    assert len(site.asked) == 1


def test_folder_of_another_set_is_left_alone(site):
    site.folder.mkdir()
    (site.folder / "fetched.json").write_text('{"set": "b-set", "files": []}')
    with pytest.raises(Conflict, match="another public set: expected a-set, found b-set"):
        site.fetch(site.file(site.serving(site.content)))
    (site.folder / "fetched.json").write_text('{"files"')
    with pytest.raises(UnreadableFormat, match=r"fetched\.json in set cannot be read"):
        site.fetch(site.file(site.serving(site.content)))
    assert site.names() == ["fetched.json"]


def test_unknown_name_gets_the_nearest():
    with pytest.raises(NotFound) as caught:
        find_set("raabin-wcb")
    assert caught.value.hint.startswith("did you mean raabin-wbc")
    assert "bccd, " in caught.value.expected
    assert find_set("bccd").name == "bccd"
