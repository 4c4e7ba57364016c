"""Uploads that are half here: sealed on the disk, so that nothing in them can be read there, and gone when they end.

A photograph may say where it was taken, in its head, in a second picture behind the first one, or at its very end, and
nobody knows before the last byte is here. So bytes are written encrypted, with a key that only the device knows: it is
part of the upload's address, derived from the digest of the photograph. Whoever has the disk has no photograph.
"""

from __future__ import annotations

import base64
import errno
import fcntl
import hashlib
import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import CipherContext
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.base import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CTR
from pydantic import TypeAdapter

from buffycoat.domain.capturing import UploadWish
from buffycoat.domain.value import derive_id, value
from buffycoat.errors import Conflict, DiskFull, NotFound, TooManyUploads, UploadBusy, WrongOffset
from buffycoat.workflows.runs import now

__all__ = ["FOLDER", "LIFETIME", "MOST_BYTES", "MOST_OPEN", "Half", "Uploads", "room_for", "secret_of"]

FOLDER: Final = "uploads"
"""Below a workspace; a backup leaves it out, as devices send again what it does not know."""
LIFETIME: Final = timedelta(days=7)
MOST_OPEN: Final = 20
MOST_BYTES: Final = 512 << 20
"""Of one person, at a time."""
_SPARE: Final = 64 << 20
"""What is left free on the disk, so that answers and journals still find room."""
_BLOCK: Final = 16
_ABOUT, _PART = "about", "part"
_WISH: Final = TypeAdapter(UploadWish)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def secret_of(person: str, wish: UploadWish) -> str:
    """Return what only the device can know of its upload: it follows from the digest of the photograph.

    Examples
    --------
    >>> wish = UploadWish(client="0123-4567", smear="s1", sha256="0" * 64, length=1)
    >>> len(secret_of("e1", wish)), secret_of("e1", wish) == secret_of("e2", wish)
    (43, False)
    """
    told = f"buffycoat upload|{person}|{wish.client}".encode()
    raw = hmac.digest(bytes.fromhex(wish.sha256), told, "sha256")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@value
class Half:
    """What is known of a half upload with its secret, and how much of it is there."""

    wish: UploadWish
    offset: int
    expires_at: datetime


class Uploads:
    """The half uploads of a workspace. All is in its folder, so a restart of the service loses nothing.

    Parameters
    ----------
    folder : Path
        Of the workspace.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / FOLDER

    def begin(self, person: str, wish: UploadWish) -> Half:
        """Make room for a photograph, or find what is there of it.

        Counting area and day may be said otherwise than before: people change their mind while a photograph waits. The
        newest word holds.

        Raises
        ------
        Conflict
            The device's id was another photograph.
        UploadBusy
            Another word is said of it while another request writes.
        TooManyUploads
            So many of this person are open.
        DiskFull
            It would not fit.
        """
        place, secret = self._place(person, wish.client), secret_of(person, wish)
        self.sweep()
        if (place / _ABOUT).exists():
            return self._same(place, secret, wish)
        others = [each for each in self._all() if each[1] == person]
        if len(others) >= MOST_OPEN or sum(each[2] for each in others) + wish.length > MOST_BYTES:
            raise TooManyUploads(
                "too many photographs are half sent",
                expected=f"{MOST_OPEN} of one person, {MOST_BYTES >> 20} MiB together",
                found=f"{len(others)} already",
            )
        with room_for(wish.length, FOLDER):
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            if shutil.disk_usage(self.root).free < wish.length + _SPARE:
                raise OSError(errno.ENOSPC, "no space left")
            place.mkdir(exist_ok=True, mode=0o700)
            about = {
                "person": person,
                "length": wish.length,
                "nonce": base64.b64encode(os.urandom(_BLOCK)).decode(),
                **_sealed(secret, wish),
            }
            # The part first: whoever finds the other file finds both.
            (place / _PART).touch(mode=0o600)
            with self._held(place):
                if not (place / _ABOUT).exists():  # of two that begin at once, one makes it
                    _write_about(place / _ABOUT, about)
        return self._same(place, secret, wish)

    def _same(self, place: Path, secret: str, wish: UploadWish) -> Half:
        try:
            found = self._read(place, secret)
        except NotFound as error:
            raise _other(wish) from error
        if replace(found.wish, counting=wish.counting, taken=wish.taken) != wish:
            raise _other(wish)
        if found.wish == wish:
            return found
        with self._held(place):
            about = orjson.loads((place / _ABOUT).read_bytes())
            _write_about(place / _ABOUT, about | _sealed(secret, wish))
            return self._read(place, secret)

    def look(self, person: str, client: str, secret: str) -> Half:
        """Return what is known of an upload.

        Raises
        ------
        NotFound
            There is none, it ended, or the secret is not the one of it.
        """
        return self._read(self._place(person, client), secret)

    def append(self, person: str, client: str, secret: str, *, offset: int, content: bytes) -> Half:
        """Write the next bytes.

        Raises
        ------
        NotFound
            There is no such upload.
        WrongOffset
            They do not follow what is there, or go beyond the end.
        UploadBusy
            Another request writes.
        DiskFull
            There is no room; what was there before stays.
        """
        place = self._place(person, client)
        with self._held(place) as part:
            half = self._read(place, secret)
            if offset != half.offset or offset + len(content) > half.wish.length:
                raise WrongOffset(
                    "this piece does not follow what is there",
                    expected=f"byte {half.offset} of {half.wish.length}",
                    found=f"{len(content)} bytes at {offset}",
                )
            with room_for(len(content), FOLDER):
                try:
                    _write(part, self._stream(place, secret, offset).update(content), offset)
                except OSError:
                    os.ftruncate(part, offset)
                    raise
            return Half(wish=half.wish, offset=offset + len(content), expires_at=self._expires(place))

    @contextmanager
    def whole(self, person: str, client: str, secret: str) -> Iterator[tuple[UploadWish, bytes]]:
        """Give the bytes of an upload that is complete, opened in memory alone, while nobody else may touch it.

        Raises
        ------
        NotFound, UploadBusy
            As above.
        WrongOffset
            Some bytes are missing.
        """
        place = self._place(person, client)
        with self._held(place):
            half = self._read(place, secret)
            if half.offset != half.wish.length:
                raise WrongOffset("some of it is missing", expected=f"{half.wish.length} bytes", found=f"{half.offset}")
            yield half.wish, self._stream(place, secret, 0).update((place / _PART).read_bytes())

    def end(self, person: str, client: str) -> None:
        """Remove an upload; one that is not there is over already."""
        shutil.rmtree(self._place(person, client), ignore_errors=True)

    def sweep(self) -> int:
        """Remove uploads that nobody went on with for so long; return how many."""
        gone = 0
        for place, _, _ in self._all():
            if self._expires(place) < now():
                shutil.rmtree(place, ignore_errors=True)
                gone += 1
        return gone

    def standing(self) -> tuple[int, int, int]:
        """Return how many uploads are half here, their bytes, and how many of them are over."""
        found = [(place, place / _PART) for place, _, _ in self._all()]
        sizes = [part.stat().st_size for _, part in found if part.exists()]
        return len(found), sum(sizes), sum(self._expires(place) < now() for place, _ in found)

    # ------------------------------------------------------------------ files

    def _place(self, person: str, client: str) -> Path:
        return self.root / derive_id("upload", {"person": person, "client": client})

    def _all(self) -> list[tuple[Path, str, int]]:
        """Return each upload: its place, whose it is, and how long it will be."""
        found = []
        for place in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            with suppress(OSError, ValueError, KeyError, TypeError):  # ended just now, or not ours
                about = orjson.loads((place / _ABOUT).read_bytes())
                found.append((place, str(about["person"]), int(about["length"])))
        return found

    def _expires(self, place: Path) -> datetime:
        try:
            touched = (place / _PART).stat().st_mtime
        except OSError:
            return now()
        return datetime.fromtimestamp(touched, UTC) + LIFETIME

    def _read(self, place: Path, secret: str) -> Half:
        try:
            about = orjson.loads((place / _ABOUT).read_bytes())
            offset = (place / _PART).stat().st_size
            # Of uploads begun by earlier versions, what is said was sealed with the nonce of the bytes.
            nonce, sealed = (base64.b64decode(word) for word in (about.get("told", about["nonce"]), about["sealed"]))
            wish = _WISH.validate_json(AESGCM(_key(secret)).decrypt(nonce, sealed, None))
        except (OSError, ValueError, KeyError, InvalidTag) as error:
            raise NotFound(
                "no upload has this address", found=place.name, hint="begin it again: what is there already is found"
            ) from error
        return Half(wish=wish, offset=offset, expires_at=self._expires(place))

    def _stream(self, place: Path, secret: str, offset: int) -> CipherContext:
        """Return what seals and opens bytes from an offset on: in this mode both are the same."""
        nonce = base64.b64decode(orjson.loads((place / _ABOUT).read_bytes())["nonce"])
        counter = (int.from_bytes(nonce) + offset // _BLOCK) % (1 << 8 * _BLOCK)
        stream = Cipher(AES(_key(secret)), CTR(counter.to_bytes(_BLOCK))).encryptor()
        stream.update(bytes(offset % _BLOCK))
        return stream

    @contextmanager
    def _held(self, place: Path) -> Iterator[int]:
        try:
            part = os.open(place / _PART, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise NotFound("no upload has this address", found=place.name) from error
        try:
            try:
                fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadBusy("another request writes to this upload") from error
            except OSError:  # a file system without locks, as over some networks
                pass
            yield part
        finally:
            os.close(part)


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"buffycoat upload key|" + secret.encode()).digest()


def _sealed(secret: str, wish: UploadWish) -> dict[str, str]:
    """Return what is said of a photograph, sealed with a nonce of its own each time."""
    nonce = os.urandom(_BLOCK)
    sealed = AESGCM(_key(secret)).encrypt(nonce, _WISH.dump_json(wish), None)
    return {"told": base64.b64encode(nonce).decode(), "sealed": base64.b64encode(sealed).decode()}


def _write_about(path: Path, about: dict[str, object]) -> None:
    aside = path.with_suffix(".new")
    aside.write_bytes(orjson.dumps(about))
    aside.replace(path)


def _write(part: int, content: bytes, offset: int) -> None:
    view = memoryview(content)
    while view:
        written = os.pwrite(part, view, offset)
        view, offset = view[written:], offset + written


def _other(wish: UploadWish) -> Conflict:
    return Conflict(
        "this id was another photograph",
        expected="one id for one photograph, said the same each time",
        found=str({name: word for name, word in asdict(wish).items() if name in {"client", "length"}}),
        hint="give this photograph an id of its own",
    )


@contextmanager
def room_for(length: int, where: str) -> Iterator[None]:
    """Say of a disk that is full, that it is.

    Raises
    ------
    DiskFull
        What is done here found no room.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFull(
            "there is no room for this photograph", expected=f"{length:,} bytes", found=f"a full disk at {where}"
        ) from error
