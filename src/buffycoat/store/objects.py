"""Bytes by their digest, on any address that fsspec opens."""

from __future__ import annotations

import uuid

import fsspec

from buffycoat.domain.value import Digest, digest_of
from buffycoat.errors import DigestMismatch, NotFound

__all__ = ["Objects"]


class Objects:
    """A content-addressed store: what is put can be read again by its SHA-256, and is never changed.

    Parameters
    ----------
    address : str
        A folder or any address of fsspec: ``"…/objects"``, ``"memory://objects"``.

    Examples
    --------
    >>> objects = Objects("memory://doctest")
    >>> objects.get(objects.put(b"smear"))
    b'smear'
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._files, self._root = fsspec.core.url_to_fs(address)

    def _path(self, digest: Digest) -> str:
        return f"{self._root}/{digest[:2]}/{digest[2:]}"

    def put(self, content: bytes) -> Digest:
        """Keep bytes and return their digest. Written aside and moved, so that no half object is ever seen."""
        digest = digest_of(content)
        path = self._path(digest)
        if not self._files.exists(path):
            aside = f"{self._root}/incoming/{uuid.uuid4().hex}"
            self._files.makedirs(f"{self._root}/incoming", exist_ok=True)
            self._files.makedirs(f"{self._root}/{digest[:2]}", exist_ok=True)
            self._files.pipe_file(aside, content)
            self._files.mv(aside, path)
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes of a digest, checked.

        Raises
        ------
        NotFound
            No such object.
        DigestMismatch
            The stored bytes are not what was put.
        """
        try:
            content: bytes = self._files.cat_file(self._path(digest))
        except FileNotFoundError as error:
            raise NotFound(
                "object is missing from the workspace",
                found=digest,
                hint="the folder objects was changed: restore it from a backup, or make the workspace anew",
            ) from error
        if (found := digest_of(content)) != digest:
            raise DigestMismatch("object was changed after it was kept", expected=digest, found=found)
        return content

    def remove(self, digest: Digest) -> bool:
        """Remove an object for good, and say whether it was there; only a withdrawal may."""
        try:
            self._files.rm_file(self._path(digest))
        except FileNotFoundError:
            return False
        return True

    def has(self, digest: Digest) -> bool:
        """Say whether an object is there."""
        return bool(self._files.exists(self._path(digest)))
