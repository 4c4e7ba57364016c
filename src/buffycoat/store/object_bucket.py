"""Objects in a bucket of S3: one request puts one of them whole, and the server compares it with its digest."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
from threading import Lock
from typing import Any

from buffycoat.domain.value import Digest
from buffycoat.store.object_addresses import Address
from buffycoat.store.object_grounds import OnFsspec

__all__ = ["InBucket"]

_ONE_REQUEST = 5 << 30
_CONNECTIONS = 32
_CLIENTS: dict[tuple[object, ...], Any] = {}
_LOCK = Lock()
_NEVER = frozenset({errno.ENOSYS, errno.EPERM, errno.EACCES})


class InBucket(OnFsspec):
    """A bucket, or a part of one.

    Retries are ours alone: those of the libraries below would multiply with them.
    """

    def __init__(self, address: Address, *, patience_s: float = 20.0) -> None:
        super().__init__(address.path)
        self._at, self._patience_s = address, patience_s
        self._asked = False
        self._versioning: str | None = None

    def opened(self) -> tuple[Any, str]:
        """Open the bucket; those at one server share a client, which takes long to make."""
        import s3fs  # noqa: PLC0415 (an extra: not everybody has it)

        endpoint, region = self._at.options.get("endpoint_url"), self._at.options.get("region")
        account = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_PROFILE")
        key = (os.getpid(), endpoint, region, self._patience_s, account)
        with _LOCK:
            if key not in _CLIENTS:
                files = s3fs.S3FileSystem(
                    endpoint_url=endpoint,
                    client_kwargs={"region_name": region} if region else {},
                    config_kwargs={
                        "retries": {"total_max_attempts": 1},
                        "connect_timeout": min(5.0, self._patience_s),
                        "read_timeout": self._patience_s,
                        "max_pool_connections": _CONNECTIONS,
                    },
                    max_concurrency=1,  # more would ask for the size first, each time
                    use_listings_cache=False,
                    skip_instance_cache=True,
                )
                files.retries = 1
                _CLIENTS[key] = files
            return _CLIENTS[key], self._at.path.removeprefix("s3://")

    def write(self, name: str, content: bytes, digest: Digest) -> None:
        """Put in one request, with the digest, which the server compares; then ask what it has."""
        sealed = base64.b64encode(bytes.fromhex(digest)).decode()
        self.files.pipe_file(self.path(name), content, chunksize=_ONE_REQUEST, ChecksumSHA256=sealed)
        head = self._head(name)
        said = head.get("ChecksumSHA256") or ""
        tag = str(head.get("ETag", "")).strip('"')
        if int(head["ContentLength"]) != len(content):
            raise OSError(f"{len(content)} bytes were sent, and {head['ContentLength']} are there")
        if said:
            whole = said == sealed
        elif len(tag) == 32 and "kms" not in str(head.get("ServerSideEncryption", "")):
            whole = tag == hashlib.md5(content, usedforsecurity=False).hexdigest()
        else:  # neither is offered: what is there is read
            whole = self.read(name) == content
        if not whole:
            raise OSError("what is there is not what was sent")

    def sealed(self, name: str) -> Digest | None:
        """Return the SHA-256 that the server keeps with an object."""
        said = self._head(name).get("ChecksumSHA256") or ""
        # One of many parts is a digest of digests, and says so by its number of parts.
        return base64.b64decode(said).hex() if said and "-" not in said else None

    def size(self, name: str) -> int | None:
        """Return the size that the server says."""
        try:
            return int(self._head(name)["ContentLength"])
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Remove an object with all its older versions, where the bucket keeps any."""
        there = self.size(name) is not None
        bucket, key = self._key(name)
        if self.versioning() is None:
            self.files.call_s3("delete_object", Bucket=bucket, Key=key)
        else:
            there = self._remove_versions(bucket, key) or there
        if not there:
            raise FileNotFoundError(name)

    def versioning(self) -> str | None:
        """Return whether the bucket keeps older versions; ``unknown`` where it may not be asked."""
        if not self._asked:
            bucket, _ = self._key("")
            try:
                status = self.files.call_s3("get_bucket_versioning", Bucket=bucket).get("Status")
                self._versioning = "on" if status else None
            except (OSError, NotImplementedError) as error:
                if not _unanswered(error):
                    raise
                self._versioning = "unknown"
            self._asked = True
        return self._versioning

    def _remove_versions(self, bucket: str, key: str) -> bool:
        try:
            listed = self.files.call_s3("list_object_versions", Bucket=bucket, Prefix=key)
            found = [
                each["VersionId"]
                for each in (*listed.get("Versions", ()), *listed.get("DeleteMarkers", ()))
                if each["Key"] == key
            ]
            for version in found:
                self.files.call_s3("delete_object", Bucket=bucket, Key=key, VersionId=version)
        except (OSError, NotImplementedError) as error:
            if not _unanswered(error):
                raise
            self.files.call_s3("delete_object", Bucket=bucket, Key=key)
            self.versions_left += 1
            return False
        return bool(found)

    def _key(self, name: str) -> tuple[str, str]:
        bucket, key, _ = self.files.split_path(self.path(name))
        return bucket, key

    def _head(self, name: str) -> dict[str, Any]:
        bucket, key = self._key(name)
        said: dict[str, Any] = self.files.call_s3("head_object", Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        return said


def _unanswered(error: Exception) -> bool:
    """Say whether a server will not answer a question ever: this account may not ask it, or the server knows it not."""
    return isinstance(error, PermissionError | NotImplementedError) or (
        isinstance(error, OSError) and error.errno in _NEVER
    )
