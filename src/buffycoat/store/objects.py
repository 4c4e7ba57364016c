"""Bytes by their digest: in a folder, in a bucket of S3, or at any other address that fsspec opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from buffycoat.domain.value import Digest, digest_of
from buffycoat.errors import DigestMismatch, NotFound, StoreUnreachable
from buffycoat.store.in_parallel import in_order
from buffycoat.store.object_addresses import Address, address_of
from buffycoat.store.object_bucket import InBucket
from buffycoat.store.object_grounds import Ground, OnDisk, OnFsspec
from buffycoat.store.object_retries import PAUSES, tried

__all__ = ["Objects", "name_of"]

T = TypeVar("T")
MARK = "buffycoat-workspace.json"
"""What says, at a place of objects outside of a workspace's folder, whose they are."""
_AT_ONCE = 16


def name_of(digest: Digest) -> str:
    """Return under what name an object lies.

    Examples
    --------
    >>> name_of("ab" + 62 * "0")[:6]
    'ab/000'
    """
    return f"{digest[:2]}/{digest[2:]}"


class Objects:
    """A content-addressed store: what is put can be read again by its SHA-256, and is never changed.

    What a network or a server did not do is tried again, with growing pauses, a few times. Safe for several threads.

    Parameters
    ----------
    address : str
        A whole path, ``s3://BUCKET/PREFIX``, or any address of fsspec, such as ``memory://objects``.
    pauses : sequence of float
        Seconds before each further try, where a network is between.
    patience_s : float
        How long a bucket may be silent.

    Raises
    ------
    InvalidSetting, MissingExtra
        The address cannot be used; see ``address_of``.

    Examples
    --------
    >>> objects = Objects("memory://doctest")
    >>> objects.get(objects.put(b"smear"))
    b'smear'
    """

    def __init__(self, address: str, *, pauses: Sequence[float] = PAUSES, patience_s: float = 20.0) -> None:
        self._at = address_of(address)
        self.address = self._at.text
        self._ground = _ground(self._at, patience_s)
        self._pauses = pauses

    @property
    def far(self) -> bool:
        """Whether a network may be between."""
        return self._ground.far

    def put(self, content: bytes, *, anew: bool = False) -> Digest:
        """Keep bytes and return their digest: there whole, or not at all. What is there already is not sent again.

        Parameters
        ----------
        content : bytes
            What is kept.
        anew : bool
            Write it whatever is there, which may be damaged.

        Raises
        ------
        DiskFull
            No room.
        StoreUnreachable
            The place may not be written, or does not answer.
        """
        digest = digest_of(content)
        name = name_of(digest)

        begun = anew

        def put() -> None:
            nonlocal begun
            # Of another length it is half an object, left where moving is copying: it is put anew.
            if begun or self._ground.size(name) != len(content):
                begun = True  # what a try of ours left is not trusted
                self._ground.write(name, content, digest)

        self._tried(put, "an object cannot be kept")
        return digest

    def settle(self, digest: Digest) -> None:
        """Wait until an object that was put would outlast a power cut of this machine.

        Raises
        ------
        DiskFull, StoreUnreachable
            The disk could not keep it.
        """
        self._ground.settle(name_of(digest))

    def get(self, digest: Digest) -> bytes:
        """Return the bytes of a digest, checked.

        Raises
        ------
        NotFound
            No such object.
        DigestMismatch
            The stored bytes are not what was put.
        StoreUnreachable
            The place may not be read, or does not answer.
        """
        name = name_of(digest)
        try:
            content = self._tried(lambda: self._ground.read(name), "an object cannot be read")
            if digest_of(content) != digest and self.far:  # it may be the way that did it: once more
                content = self._tried(lambda: self._ground.read(name), "an object cannot be read")
        except FileNotFoundError as error:
            raise NotFound(
                "object is missing from the workspace",
                found=digest,
                hint=f"it was removed from {self.address}: restore it from a backup, or make the workspace anew"
                if self.far
                else "the folder objects was changed: restore it from a backup, or make the workspace anew",
            ) from error
        if (found := digest_of(content)) != digest:
            raise DigestMismatch("object was changed after it was kept", expected=digest, found=found)
        return content

    def each(self, digests: Iterable[Digest]) -> Iterator[bytes]:
        """Give the bytes of many digests in their order, several on their way at once where a network is between."""
        return in_order(self.get, digests, threads=self.threads)

    @property
    def threads(self) -> int:
        """How many requests at once are worth their while."""
        return _AT_ONCE if self.far else 1

    def remove(self, digest: Digest) -> bool:
        """Remove an object for good, older versions of it included, and say whether it was there.

        Only a withdrawal may, and whoever gives up a whole place.
        """
        try:
            self._tried(lambda: self._ground.remove(name_of(digest)), "an object cannot be removed")
        except FileNotFoundError:
            return False
        return True

    def has(self, digest: Digest) -> bool:
        """Say whether an object is there."""
        return self._tried(lambda: self._ground.size(name_of(digest)), "an object cannot be looked for") is not None

    def whole(self, digest: Digest, size: int) -> bool:
        """Say whether an object is there with all its bytes, by the digest that the place keeps, or by reading it."""
        name = name_of(digest)

        def whole() -> bool:
            return self._ground.size(name) == size and digest == (
                self._ground.sealed(name) or digest_of(self._ground.read(name))
            )

        try:
            return self._tried(whole, "an object cannot be compared")
        except FileNotFoundError:
            return False

    def prefixes(self) -> list[str]:
        """Return the beginnings, two letters long, under which objects lie."""
        return self._tried(self._ground.folders, "objects cannot be listed")

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return what lies under a beginning: the rest of the name, and bytes."""
        return self._tried(lambda: self._ground.listed(prefix), "objects cannot be listed")

    def listed(self) -> Iterator[tuple[Digest, int]]:
        """Give digest and bytes of each object, by digest."""
        for prefix in self.prefixes():
            for rest, size in sorted(self.sizes(prefix).items()):
                if len(rest) == 62:
                    yield prefix + rest, size

    # ------------------------------------------------------------ the place

    def versioning(self) -> str | None:
        """Return whether the place keeps older versions of what is removed: ``on``, ``unknown`` or ``None``."""
        return self._tried(self._ground.versioning, "the bucket cannot be asked")

    @property
    def versions_left(self) -> int:
        """How many objects were removed whose older versions could not be."""
        return self._ground.versions_left

    def owner(self) -> str | None:
        """Return of which workspace the objects at this place are; ``None`` where nothing says so.

        Raises
        ------
        StoreUnreachable
            What is said there cannot be understood, or the place does not answer.
        """
        try:
            said = self._tried(lambda: self._ground.read(MARK), "the place of objects cannot be read")
        except FileNotFoundError:
            return None
        try:
            return str(json.loads(said)["workspace"])
        except (ValueError, KeyError, TypeError) as error:
            raise StoreUnreachable(
                f"{MARK} does not say whose objects these are", expected='{"workspace": …}', found=self.address
            ) from error

    def say_owner(self, identity: str) -> None:
        """Write down of which workspace the objects at this place are."""
        content = json.dumps({"workspace": identity}).encode() + b"\n"
        self._tried(lambda: self._ground.write(MARK, content, digest_of(content)), "the place cannot be written")

    def forget_owner(self) -> None:
        """Remove what says so."""
        try:
            self._tried(lambda: self._ground.remove(MARK), "the place cannot be written")
        except FileNotFoundError:
            return

    def _tried(self, do: Callable[[], T], what: str) -> T:
        if not self.far:
            return do()
        return tried(do, what=what, where=self.address, pauses=self._pauses)


def _ground(at: Address, patience_s: float) -> Ground:
    if at.kind == "disk":
        return OnDisk(at.text)
    if at.kind == "s3":
        return InBucket(at, patience_s=patience_s)
    return OnFsspec(at.text)
