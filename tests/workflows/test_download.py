"""A file comes whole or not at all: from a server that breaks off, lies, and leads elsewhere."""

from __future__ import annotations

import httpx
import pytest

from buffycoat.ingest.public_sets import PublicFile
from buffycoat.workflows.fetching.sets import fetch_set

# ---------------------------------------------------------------------------------------------------- it breaks off


def test_only_the_missing_bytes_are_asked_for_again(site):
    summary = site.fetch(site.file(site.serving(site.content, breaks_after=70_000), site.serving(site.content)))
    assert summary.complete
    assert site.ranges() == [None, "bytes=70000-"]
    assert site.asked[1][1]["If-Range"] == '"one"'
    assert (site.folder / "cells.zip").read_bytes() == site.content
    assert site.slept == [1.0]


def test_another_call_goes_on_where_the_last_one_gave_up(site):
    file = site.file(site.serving(site.content, breaks_after=30_000), site.serving(site.content, breaks_after=0))
    message = site.refusal(site.fetch(file), "download-failed")
    assert "broke off 5 times" in message
    assert f"expected {len(site.content):,} bytes, found 30,000 bytes" in message
    assert "goes on where it stopped" in message
    assert site.slept == [1.0, 2.0, 4.0, 8.0]
    assert (site.folder / "cells.zip.part").read_bytes() == site.content[:30_000]
    site.asked.clear()
    site.scripts["/cells.zip"] = [site.serving(site.content)]
    assert site.fetch(file).complete
    assert site.ranges() == ["bytes=30000-"]
    assert site.names() == ["cells.zip", "fetched.json"]


def test_break_without_a_length_is_seen(site):
    assert site.fetch(site.file(site.chunked(site.content[:50_000], ends=False), site.chunked(site.content))).complete
    assert site.ranges() == [None, None], "without a version or a digest nothing vouches for the first part"
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_without_a_version_a_known_digest_is_enough_to_go_on(site):
    acts = site.serving(site.content, etag=None, breaks_after=60_000), site.serving(site.content, etag=None)
    assert site.fetch(site.file(*acts, sha256=site.digest(site.content))).complete
    assert site.ranges() == [None, "bytes=60000-"]
    assert "If-Range" not in site.asked[1][1]


def test_weak_version_is_no_ground_to_go_on(site):
    acts = site.serving(site.content, etag='W/"one"', breaks_after=60_000), site.serving(site.content, etag='W/"one"')
    assert site.fetch(site.file(*acts)).complete
    assert site.ranges() == [None, None]


def test_server_that_ignores_the_range_starts_again(site):
    file = site.file(site.serving(site.content, breaks_after=70_000), site.serving(site.content, ranges=False))
    assert site.fetch(file).complete
    assert site.ranges() == [None, "bytes=70000-"]
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_another_version_starts_again(site):
    other = site.archive(150_000, seed=1)
    file = site.file(site.serving(site.content, breaks_after=70_000), site.serving(other, etag='"two"'))
    assert site.fetch(file).complete
    assert (site.folder / "cells.zip").read_bytes() == other
    assert site.record()["files"][0]["etag"] == '"two"'


@pytest.mark.parametrize(
    ("etag", "start", "more"), [('"two"', 70_000, 0), ('"one"', 60_000, 0), ('"one"', 70_000, 10), ('"one"', None, 0)]
)
def test_part_that_does_not_fit_is_never_appended(site, etag, start, more):
    size = len(site.content) + more
    facts = {"ETag": etag} | ({} if start is None else {"Content-Range": f"bytes {start}-{size - 1}/{size}"})

    def wrong(handler) -> None:
        handler.head(206, {"Content-Length": str(len(site.content) - 70_000), **facts})
        handler.wfile.write(b"x" * (len(site.content) - 70_000))

    assert site.fetch(
        site.file(site.serving(site.content, breaks_after=70_000), wrong, site.serving(site.content))
    ).complete
    assert site.ranges() == [None, "bytes=70000-", None]
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_part_of_which_nobody_knows_the_version_is_not_used(site):
    site.folder.mkdir()
    (site.folder / "cells.zip.part").write_bytes(b"y" * 40_000)
    (site.folder / "cells.zip.part.json").write_text("{")
    assert site.fetch(site.file(site.serving(site.content))).complete
    assert site.ranges() == [None]
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_part_longer_than_the_file_starts_again(site):
    site.with_part(site.content + b"more", total=None)
    assert site.fetch(site.file(site.serving(site.content))).complete
    assert site.ranges() == [f"bytes={len(site.content) + 4}-", None]
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_servers_trouble_is_waited_out(site):
    acts = site.status(500), site.status(503, Retry_After="7"), site.serving(site.content)
    assert site.fetch(site.file(*acts)).complete
    assert site.slept == [1.0, 7.0]
    assert len(site.asked) == 3


def test_servers_trouble_that_stays_is_told(site):
    message = site.refusal(site.fetch(site.file(site.status(502))), "download-failed")
    assert "the server answers 502" in message
    assert len(site.asked) == 5


def test_nobody_listens(site):
    file = PublicFile(name="cells.zip", address="http://127.0.0.1:9/cells.zip")
    message = site.refusal(site.fetch(file), "download-failed")
    assert "http://127.0.0.1:9/cells.zip broke off 5 times" in message


# ------------------------------------------------------------------------------------------------------- it lies


def test_missing_file_is_told_at_once(site):
    message = site.refusal(site.fetch(site.file(site.status(404))), "download-failed")
    assert "cells.zip from http://127.0.0.1" in message
    assert "expected status 200, found status 404 Not Found" in message
    assert (len(site.asked), site.slept) == (1, [])


def test_other_length_than_stated_is_refused_before_a_byte(site):
    message = site.refusal(site.fetch(site.file(site.serving(site.content), size_bytes=99_999)), "download-failed")
    assert f"expected 99,999 bytes, found {len(site.content):,} bytes" in message
    assert site.names() == []


def test_length_that_is_too_long_is_a_break(site):
    message = site.refusal(
        site.fetch(site.file(site.promising(len(site.content) + 5_000, site.content))), "download-failed"
    )
    assert f"expected {len(site.content) + 5_000:,} bytes, found {len(site.content):,} bytes" in message


def test_length_that_is_too_short_cuts_the_archive_and_is_seen(site):
    message = site.refusal(site.fetch(site.file(site.promising(100_000, site.content))), "download-failed")
    assert "cells.zip is not what its name says: expected a whole zip, found 100,000 bytes" in message
    assert (site.folder / "cells.zip.bad").read_bytes() == site.content[:100_000]


def test_more_than_stated_is_not_kept(site):
    file = site.file(site.chunked(site.content + b"z" * 50_000), size_bytes=len(site.content))
    message = site.refusal(site.fetch(file), "download-failed")
    assert f"expected at most {len(site.content):,} bytes" in message
    assert site.names() == []
    assert len(site.asked) == 1


def test_endless_answer_is_ended(site):
    file = site.file(site.chunked(b"w" * 65_536, endless=True), at_most_bytes=1_000_000)
    message = site.refusal(site.fetch(file), "download-failed")
    assert "sends more than it should: expected at most 1,000,000 bytes" in message
    assert site.names() == []


def test_promise_beyond_the_limit_is_refused_before_a_byte(site):
    message = site.refusal(site.fetch(site.file(site.serving(site.content), at_most_bytes=1_000)), "download-failed")
    assert "is larger than it should be: expected at most 1,000 bytes" in message


def test_wrong_bytes_are_kept_aside(site):
    other = site.archive(200_000, seed=2)
    assert len(other) == len(site.content)
    file = site.file(site.serving(other), size_bytes=len(site.content), sha256=site.digest(site.content))
    message = site.refusal(site.fetch(file), "digest-mismatch")
    assert f"expected sha256 {site.digest(site.content)}, found {site.digest(other)}" in message
    assert "cells.zip.bad" in message
    assert (site.folder / "cells.zip.bad").read_bytes() == other
    site.scripts["/cells.zip"] = [site.serving(site.content)]
    assert site.fetch(file).complete
    assert (site.folder / "cells.zip").read_bytes() == site.content


def test_page_in_place_of_a_file_is_refused(site):
    def page(handler) -> None:
        handler.head(200, {"Content-Length": "6", "Content-Type": "text/html; charset=utf-8"})
        handler.wfile.write(b"<html>")

    message = site.refusal(site.fetch(site.file(page)), "download-failed")
    assert "answers with a page to read" in message


def test_page_that_calls_itself_a_file_is_refused(site):
    message = site.refusal(site.fetch(site.file(site.serving(b"<html>Please log in</html>"))), "download-failed")
    assert "begin with b'<html>Please log in" in message


def test_packed_answer_is_refused(site):
    def packed(handler) -> None:
        handler.head(200, {"Content-Length": "3", "Content-Encoding": "gzip"})
        handler.wfile.write(b"abc")

    assert "comes packed" in site.refusal(site.fetch(site.file(packed)), "download-failed")


# ------------------------------------------------------------------------------------------------- it leads elsewhere


def test_circle_of_redirects(site):
    message = site.refusal(site.fetch(site.file(site.status(302, Location="/cells.zip"))), "download-failed")
    assert "leads in a circle" in message
    assert len(site.asked) == 8


@pytest.mark.parametrize("where", ["file:///etc/hostname", "ftp://example.org/cells.zip", "data:,x"])
def test_redirect_to_what_is_no_address_of_the_web(site, where):
    message = site.refusal(site.fetch(site.file(site.status(302, Location=where))), "download-failed")
    assert "leads elsewhere than it may" in message or "leads to no address" in message
    assert site.names() == []


def test_redirect_from_https_to_plain_http(site):
    """Over a transport in place of TLS, which a test on this machine has no certificate for."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": f"{site.address}/cells.zip"})

    site.file(site.serving(site.content))
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        table = (site.a_set((PublicFile(name="cells.zip", address="https://example.org/cells.zip"),)),)
        summary = fetch_set("a-set", site.folder, client=client, sleep=site.slept.append, sets=table)
    assert "expected a redirect to https, found http://127" in site.refusal(summary, "download-failed")
    assert asked == ["https://example.org/cells.zip"]
    assert site.asked == []
