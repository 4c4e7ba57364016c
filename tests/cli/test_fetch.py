"""`buffycoat fetch` on the command line: the list, a set from a local server, and what is still to be got by hand."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from buffycoat.cli.app import app
from buffycoat.ingest.public_sets import PublicFile, PublicSet, public_sets
from buffycoat.workflows.fetching import sets as fetching

CONTENT = b'{"images": []}'


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three sets on a server of our own: one whole, one with a file that is missing, one to be got by hand."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "boxes.json").write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *asked: Quiet(*asked, directory=str(served)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    boxes = PublicFile(name="boxes.json", address=f"{address}/boxes.json", format="coco")
    gone = PublicFile(name="gone.zip", address=f"{address}/gone.zip", format="coco")
    facts: dict[str, Any] = {
        "title": "A title",
        "page": "https://example.org/page",
        "license": "CC BY 4.0",
        "citation": "Nobody, Nothing (2022)",
        "doi": "10.1234/5678",
        "counts": {},
        "checked": "not at all",
    }
    sets = (
        PublicSet(name="whole", files=(boxes,), **facts),
        PublicSet(name="partly", files=(boxes, gone), by_hand=("Write to Nobody.",), **facts),
        PublicSet(name="asked-for", by_hand=("Fill in the form.",), **facts),
    )
    monkeypatch.setattr(fetching, "public_sets", lambda: sets)
    monkeypatch.chdir(tmp_path)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["fetch", *arguments])


def test_list_names_every_set_its_size_its_way_and_its_license():
    told = run()
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    for each in public_sets():
        first = next(number for number, line in enumerate(lines) if line.startswith(f"{each.name} "))
        assert ("direct" if each.direct else "by hand") in lines[first]
        assert each.title in lines[first]
        assert lines[first + 1].strip() == each.license
    assert "55.8 GB" in next(line for line in lines if line.startswith("raabin-wbc "))


def test_list_for_programs_holds_all_that_is_known():
    told = json.loads(run("--json").stdout)
    assert [each["name"] for each in told] == [each.name for each in public_sets()]
    assert told[0]["files"][0]["size_bytes"] == 55_781_603_692
    assert all(each["checked"] and each["license"] for each in told)


def test_license_and_citation_come_first_and_the_next_command_last(table, tmp_path):
    told = run("whole")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[:4] == [
        "A title",
        "license: CC BY 4.0",
        "cite: Nobody, Nothing (2022) · doi 10.1234/5678",
        "page: https://example.org/page",
    ]
    assert "note: some of it comes over plain http, and nobody has stated its digest" in lines
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert f"fetched: boxes.json · 14 B · sha256 {digest} · checked: nothing to check against" in lines
    assert lines[-2:] == ["next:", "  buffycoat import whole/boxes.json --format coco"]
    assert (tmp_path / "whole" / "boxes.json").read_bytes() == CONTENT
    again = run("whole")
    assert again.exit_code == 0
    assert f"before: boxes.json · 14 B · sha256 {digest} · checked: nothing to check against" in again.stdout


def test_for_programs_the_notice_goes_aside(table, tmp_path):
    told = run("whole", "--json", "--out", str(tmp_path / "here"))
    summary = json.loads(told.stdout)
    assert (summary["name"], summary["complete"], summary["license"]) == ("whole", True, "CC BY 4.0")
    assert summary["files"][0]["status"] == "fetched"
    assert "cite: Nobody" in told.stderr
    assert (tmp_path / "here" / "fetched.json").is_file()


def test_missing_file_is_named_and_the_status_says_so(table, tmp_path):
    told = run("partly")
    assert told.exit_code == 1
    assert "refused [download-failed] gone.zip: gone.zip from http://127.0.0.1" in told.stderr
    assert told.stdout.splitlines()[-4:] == [
        "not complete; what to do:",
        "  page: https://example.org/page",
        "  Write to Nobody.",
        "  buffycoat import partly/boxes.json --format coco",
    ]
    assert (tmp_path / "partly" / "boxes.json").read_bytes() == CONTENT


def test_set_to_be_got_by_hand_is_no_silent_success(table, tmp_path):
    told = run("asked-for")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-6:] == [
        "by hand: asked-for",
        "nothing is here yet",
        "not complete; what to do:",
        "  page: https://example.org/page",
        "  Fill in the form.",
        "  folder to put it into: asked-for",
    ]
    (tmp_path / "asked-for" / "given.json").write_bytes(CONTENT)
    assert run("asked-for").exit_code == 0


def test_unknown_set_is_not_found():
    done = subprocess.run(
        [sys.executable, "-m", "buffycoat", "fetch", "bcdc", "--json"], capture_output=True, text=True, check=False
    )
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"], error["found"]) == (3, "not-found", "bcdc")
    assert error["hint"] == "did you mean bcdd or bccd? `buffycoat fetch` lists the sets"
    assert error["hint"] in done.stderr
