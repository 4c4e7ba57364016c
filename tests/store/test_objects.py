"""Objects on a disk, in a bucket and elsewhere: whole or not at all, tried again, and never another byte than was put."""

from __future__ import annotations

import errno
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from buffycoat.domain.value import digest_of
from buffycoat.errors import DigestMismatch, DiskFull, InvalidSetting, NotFound, StoreUnreachable
from buffycoat.store import outlasting
from buffycoat.store.object_addresses import address_of
from buffycoat.store.object_cache import ObjectCache
from buffycoat.store.objects import Objects, name_of

CROP = b"a crop" * 500


@pytest.fixture(params=["folder", "memory", "file", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "s3":
        return Objects(request.getfixturevalue("s3").address())
    return Objects({"folder": "", "file": "file://", "memory": "memory://"}[request.param] + str(tmp_path / "objects"))


def test_what_is_put_is_there_under_its_digest_and_can_be_listed_and_removed(objects: Objects):
    digest, other = objects.put(CROP), objects.put(b"")
    assert digest == digest_of(CROP)
    assert objects.put(CROP) == digest
    assert (objects.get(digest), objects.get(other), objects.has(digest)) == (CROP, b"", True)
    assert list(objects.each([other, digest])) == [b"", CROP]
    assert sorted(objects.listed()) == sorted([(digest, len(CROP)), (other, 0)])
    assert (objects.whole(digest, len(CROP)), objects.whole(digest, 3)) == (True, False)
    assert objects.owner() is None
    objects.say_owner("w1")
    assert objects.owner() == "w1"
    assert sorted(objects.prefixes()) == sorted({digest[:2], other[:2]})
    assert (objects.remove(digest), objects.remove(digest), objects.has(digest)) == (True, False, False)
    with pytest.raises(NotFound, match=digest):
        objects.get(digest)


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_fails_for_a_while_is_asked_again(s3, status: int):
    objects = Objects(s3.address())
    for wanted in ("HEAD", "PUT", "GET"):
        failed = []
        s3.faults.fail = lambda asked, wanted=wanted, failed=failed: (
            status if asked[0] == wanted and len(failed) < 2 and not failed.append(asked) else None
        )
        digest = objects.put(wanted.encode())
        assert objects.get(digest) == wanted.encode()
        assert len(failed) == 2


def test_a_server_that_fails_for_good_is_named_without_a_secret_and_nothing_half_is_there(s3, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-for-anybody")
    bucket = s3.bucket()
    objects = Objects(s3.address(bucket))
    s3.faults.fail = lambda asked: 500 if asked[0] == "PUT" else None
    with pytest.raises(StoreUnreachable) as raised:
        objects.put(CROP)
    said = repr(raised.value) + str(raised.value) + raised.value.hint
    assert s3.endpoint in said
    assert "3 times" in said
    assert "not-for-anybody" not in said
    assert len(s3.faults.sent()) == 3
    s3.faults.calm()
    assert s3.keys(bucket) == []
    assert objects.get(objects.put(CROP)) == CROP


def test_a_server_that_is_silent_is_given_up_in_the_end(s3):
    address = s3.address()
    digest = Objects(address).put(CROP)
    quick = Objects(address, patience_s=0.3)
    s3.faults.fail = lambda _: "hang"
    began = time.perf_counter()
    with pytest.raises(StoreUnreachable, match=r"object cannot be read.*3 times"):
        quick.get(digest)
    assert time.perf_counter() - began < 20


def test_who_may_not_is_told_at_once(s3):
    objects = Objects(s3.address())
    s3.faults.fail = lambda _: 403
    s3.faults.asked.clear()
    with pytest.raises(StoreUnreachable, match="that this account may"):
        objects.get("0" * 64)
    assert len(s3.faults.asked) == 1


def test_a_bucket_that_is_not_there_is_no_missing_object(s3):
    with pytest.raises(StoreUnreachable, match="a bucket of this name"):
        Objects(s3.address("nowhere-at-all")).get("0" * 64)


@pytest.mark.parametrize("fault", ["flip", "cut"])
def test_an_answer_that_is_damaged_on_its_way_is_asked_for_again(s3, fault: str):
    objects = Objects(s3.address())
    digest = objects.put(CROP)
    gets = []
    s3.faults.fail = lambda asked: fault if asked[0] == "GET" and not gets.append(asked) and len(gets) == 1 else None
    assert objects.get(digest) == CROP
    assert len(gets) == 2


def test_a_wrong_byte_on_the_server_is_noticed(s3):
    bucket = s3.bucket()
    objects = Objects(s3.address(bucket))
    digest = objects.put(CROP)
    s3.client.put_object(Bucket=bucket, Key=f"w/{name_of(digest)}", Body=CROP[:-1] + b"!")
    with pytest.raises(DigestMismatch, match="changed after it was kept"):
        objects.get(digest)
    assert not objects.whole(digest, len(CROP))


def test_half_an_object_is_no_object_and_is_put_anew(objects: Objects):
    digest = digest_of(CROP)
    objects._ground.write(name_of(digest), CROP[:100], digest_of(CROP[:100]))
    with pytest.raises(DigestMismatch):
        objects.get(digest)
    assert objects.put(CROP) == digest
    assert objects.get(digest) == CROP


def test_what_the_server_has_is_compared_with_what_was_sent(s3, monkeypatch):
    """A server that says it has something else is not believed, whatever it compares by; and one that has is."""
    objects = Objects(s3.address())
    ground = objects._ground
    head = ground._head
    asked = []

    def says(**other: object) -> None:
        asked.clear()
        monkeypatch.setattr(ground, "_head", lambda name: asked.append(name) or head(name) | other)

    for wrong in ({"ChecksumSHA256": "AAAA"}, {"ETag": '"' + 32 * "0" + '"'}, {"ContentLength": 3}):
        says(**wrong)
        with pytest.raises(StoreUnreachable, match="cannot be kept"):
            objects.put(CROP, anew=True)
        assert len(asked) == 3
    says(ETag='"' + 32 * "0" + '"', ServerSideEncryption="aws:kms")  # no digest at all: it is read
    assert objects.put(CROP, anew=True) == digest_of(CROP)
    says(ChecksumSHA256="K0z9z4iUGtzqrk1mvTYgmBB7bFDXtI3T3yGNbFdhWSg=")
    assert ground.sealed(name_of(digest_of(CROP))) == "2b4cfdcf88941adceaae4d66bd362098107b6c50d7b48dd3df218d6c57615928"


def test_many_writers_of_one_object_leave_one_whole_object(objects: Objects):
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(objects.put, [CROP] * 8)) == {digest_of(CROP)}
    assert list(objects.listed()) == [(digest_of(CROP), len(CROP))]
    assert objects.get(digest_of(CROP)) == CROP


def test_older_versions_go_too_or_are_counted(s3):
    bucket = s3.bucket()
    s3.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    objects = Objects(s3.address(bucket))
    digest = objects.put(CROP)
    objects.put(CROP, anew=True)
    assert objects.versioning() == "on"
    assert len(s3.client.list_object_versions(Bucket=bucket)["Versions"]) == 2
    assert objects.remove(digest)
    left = s3.client.list_object_versions(Bucket=bucket)
    assert "Versions" not in left
    assert "DeleteMarkers" not in left
    assert objects.versions_left == 0
    digest = objects.put(CROP)
    # Who may not list versions gets rid of the newest alone, and is told of the others.
    s3.faults.fail = lambda asked: 403 if asked == ("GET", f"/{bucket}") else None
    objects.remove(digest)
    s3.faults.calm()
    assert not objects.has(digest)
    assert objects.versions_left == 1
    assert len(s3.client.list_object_versions(Bucket=bucket)["Versions"]) == 1


@pytest.mark.parametrize("status", [403, 501])
def test_a_server_that_knows_nothing_of_versions_keeps_and_removes_objects(s3, monkeypatch, status: int):
    objects = Objects(s3.address())
    digest = objects.put(CROP)
    ground, asked = objects._ground, []
    bucket = ground._key("")[0]
    s3.faults.fail = lambda each: status if each == ("GET", f"/{bucket}") and not asked.append(each) else None
    assert objects.versioning() == "unknown"
    assert len(asked) == 1
    assert objects.remove(digest)
    s3.faults.calm()
    assert len(asked) == 2
    assert not objects.has(digest)
    assert objects.versions_left == 1


def test_a_server_that_fails_when_asked_for_versions_is_no_server_without_them(s3):
    objects = Objects(s3.address())
    bucket = objects._ground._key("")[0]
    s3.faults.fail = lambda each: 500 if each == ("GET", f"/{bucket}") else None
    with pytest.raises(StoreUnreachable, match="3 times"):
        objects.versioning()


@pytest.mark.parametrize(("code", "settles"), [(errno.EINVAL, True), (errno.EIO, False), (errno.ENOSPC, False)])
def test_a_disk_that_could_not_keep_an_object_says_so(tmp_path, monkeypatch, code: int, settles: bool):
    objects = Objects(str(tmp_path / "objects"))
    digest = objects.put(CROP)
    objects.settle(digest)
    objects.settle("0" * 64)

    def broken(_: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(outlasting.os, "fsync", broken)
    if settles:
        objects.settle(digest)
    else:
        with pytest.raises((DiskFull, StoreUnreachable), match="object cannot be kept"):
            objects.settle(digest)


@pytest.mark.parametrize(("code", "named"), [(errno.ENOSPC, DiskFull), (errno.EROFS, StoreUnreachable)])
def test_a_disk_that_cannot_be_written_is_a_named_error_and_leaves_nothing(tmp_path, monkeypatch, code, named):
    objects = Objects(str(tmp_path / "objects"))
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        write(path, content[:10])
        raise OSError(code, "no")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(named, match="object cannot be kept"):
        objects.put(CROP)
    assert [path for path in (tmp_path / "objects").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("objects", "no whole path"),
        ("s3://key:secret@bucket/w", "no account and no key"),
        ("s3://bucket/w?secret=sesame", "more than is known"),
        ("s3://bucket/w?endpoint=http://key:sesame@host", "no account and no key"),
        ("s3:///w", "names no bucket"),
        ("simplecache::s3://bucket/w", "cannot be read"),
        ("nonsense://bucket", "no such kind"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_no_secret_repeated(address: str, said: str):
    with pytest.raises(InvalidSetting, match=said) as raised:
        address_of(address)
    assert "sesame" not in str(raised.value)
    assert ":secret@" not in str(raised.value)


def test_a_cache_keeps_what_was_asked_for_last_and_nothing_that_is_damaged(tmp_path):
    cache = ObjectCache(tmp_path / "near", most_bytes=10_000)
    crops = [bytes([number]) * 1000 for number in range(20)]
    names = [digest_of(crop) for crop in crops]
    for number, (name, crop) in enumerate(zip(names, crops, strict=True)):
        cache.put(name, crop)
        if number < 19:
            assert cache.get(names[0]) == crops[0], number
    held = cache.held()
    assert names[0] in held
    assert names[19] in held
    assert names[1] not in held
    assert len(held) <= 10
    path = tmp_path / "near" / name_of(names[19])
    path.write_bytes(b"damaged")
    assert cache.get(names[19]) is None
    assert not path.exists()
    assert (cache.remove(names[0]), cache.get(names[0])) == (True, None)
    nothing = ObjectCache(tmp_path / "none", most_bytes=0)
    nothing.put(names[0], crops[0])
    assert (nothing.get(names[0]), (tmp_path / "none").exists()) == (None, False)


def test_a_cache_leaves_nothing_that_its_writer_never_finished(tmp_path):
    folder = tmp_path / "near"
    cache = ObjectCache(folder, most_bytes=10_000)
    cache.put(digest_of(CROP), CROP)
    old, young = folder / "1.incoming", folder / "2.incoming"
    for aside in (old, young):
        aside.write_bytes(CROP[:100])
    os.utime(old, (0, 0))
    ObjectCache(folder, most_bytes=10_000).put(digest_of(b"other"), b"other")
    assert (old.exists(), young.exists()) == (False, True), "another process may write it now"
    assert not cache.remove(digest_of(b"never here"))
    assert not young.exists(), "it may hold what is removed"
    assert cache.get(digest_of(CROP)) == CROP
