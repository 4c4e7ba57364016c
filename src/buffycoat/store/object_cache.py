"""Objects from far away, kept near: a folder that may be deleted at any time, and never grows beyond a size."""

from __future__ import annotations

import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from threading import Lock

from buffycoat.domain.value import Digest, digest_of
from buffycoat.store.objects import name_of

__all__ = ["ObjectCache"]

_ROOM = 0.9
_HALF = ".incoming"
_FORGOTTEN_S = 3600.0


class ObjectCache:
    """Copies of objects, those that nobody asked for longest going first.

    Each is compared with its digest when it is read; what is damaged is dropped, and fetched anew. Where the folder
    cannot be written, nothing is kept, and all is fetched each time. Several processes may share it.

    Parameters
    ----------
    folder : Path
        Made when the first object is kept, for its owner alone.
    most_bytes : int
        How much may be kept; 0 keeps nothing.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     cache = ObjectCache(Path(folder) / "near", most_bytes=100)
    ...     cache.put(digest_of(b"crop"), b"crop")
    ...     cache.get(digest_of(b"crop")), cache.get(digest_of(b"other"))
    (b'crop', None)
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self._held: int | None = None
        self._lock = Lock()

    def get(self, digest: Digest) -> bytes | None:
        """Return the bytes of a digest; ``None`` where they are not kept, or not as they were."""
        if not self.most_bytes:
            return None
        path = self.folder / name_of(digest)
        try:
            content = path.read_bytes()
            if digest_of(content) != digest:
                path.unlink(missing_ok=True)
                return None
            os.utime(path)  # asked for lately: it stays
        except OSError:
            return None
        return content

    def put(self, digest: Digest, content: bytes) -> None:
        """Keep bytes, or not, where there is no room for them or they cannot be written."""
        if len(content) > self.most_bytes * _ROOM:
            return
        path = self.folder / name_of(digest)
        aside = self.folder / f"{uuid.uuid4().hex}{_HALF}"
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            aside.write_bytes(content)
            aside.replace(path)
            self._make_room(len(content))
        except OSError:  # a full disk has no room for copies
            with suppress(OSError):
                aside.unlink(missing_ok=True)

    def remove(self, digest: Digest) -> bool:
        """Remove an object for good, and say whether it was here; whatever is half written goes, as it may be this."""
        self._sweep(0.0)
        try:
            (self.folder / name_of(digest)).unlink()
        except FileNotFoundError:
            return False
        return True

    def held(self) -> set[Digest]:
        """Return the digests of all that is here."""
        return {path.parent.name + path.name for path in self.folder.glob("[0-9a-f][0-9a-f]/*")}

    def _sweep(self, older_than_s: float) -> None:
        """Remove what was never finished: its writer ended meanwhile, or will find that it has nothing to move."""
        for aside in self.folder.glob(f"*{_HALF}"):
            try:
                if time.time() - aside.stat().st_mtime >= older_than_s:
                    aside.unlink()
            except FileNotFoundError:  # finished just now
                continue

    def _make_room(self, more: int) -> None:
        with self._lock:
            if self._held is not None:
                self._held += more
            if self._held is not None and self._held <= self.most_bytes:
                return
            self._sweep(_FORGOTTEN_S)
            # Other processes keep objects here too: what is really there is counted before anything goes.
            found = []
            for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
                with suppress(OSError):  # another process was quicker
                    facts = path.stat()
                    found.append((facts.st_mtime_ns, facts.st_size, path))
            self._held = sum(size for _, size, _ in found)
            if self._held <= self.most_bytes:
                return
            for _, size, path in sorted(found, key=lambda each: each[0]):
                path.unlink(missing_ok=True)
                self._held -= size
                if self._held <= self.most_bytes * _ROOM:
                    return
