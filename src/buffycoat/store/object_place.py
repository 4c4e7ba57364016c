"""Where the objects of a workspace are: in its folder, or at an address that its folder names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Lock

from buffycoat.domain.value import Digest, value
from buffycoat.errors import InvalidSetting, NotFound, StoreUnreachable
from buffycoat.store.in_parallel import in_order
from buffycoat.store.object_addresses import address_of
from buffycoat.store.object_cache import ObjectCache
from buffycoat.store.objects import MARK, Objects

__all__ = [
    "CACHE",
    "FOLDER",
    "OBJECTS_POINTER",
    "KeptObjects",
    "Standing",
    "begin_elsewhere",
    "given_objects",
    "objects_at",
    "point_objects_to",
    "refuse_others",
    "standing_of",
]

FOLDER = "objects"
"""The objects of a workspace that has them in its folder."""
OBJECTS_POINTER = "buffycoat-objects.json"
"""What says, in the folder of a workspace, where its objects are instead."""
CACHE = "objects-near"
"""Copies of objects that are far away."""
_SETTING = "BUFFYCOAT_OBJECTS"
_CACHE_SETTING = "BUFFYCOAT_OBJECTS_NEAR_MB"
_CACHE_MB = 1024
_Signature = tuple[int, int, int] | None


@value
class Standing:
    """Where objects are.

    ``address``: ``None`` for the workspace's own folder. ``before``: where they were before they were copied, as long
    as they are there too; ``objects`` for the folder. ``identity``: of the workspace, where its folder says so.
    """

    address: str | None
    before: str | None
    identity: str | None


def given_objects() -> str | None:
    """Return the address that the surroundings give for objects: ``BUFFYCOAT_OBJECTS``."""
    return os.environ.get(_SETTING) or None


def standing_of(folder: Path) -> Standing:
    """Return where the objects of a workspace are that is there already.

    Raises
    ------
    InvalidSetting
        The surroundings name another place than the folder.
    StoreUnreachable
        What the folder says cannot be understood.
    """
    pointer, given = folder / OBJECTS_POINTER, given_objects()
    try:
        said = json.loads(pointer.read_text(encoding="utf-8"))
        standing = Standing(
            address=None if said["address"] == FOLDER else str(said["address"]),
            before=None if said.get("before") is None else str(said["before"]),
            identity=str(said["workspace"]),
        )
    except FileNotFoundError:
        standing = Standing(address=None, before=None, identity=None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreUnreachable(
            f"{OBJECTS_POINTER} does not say where the objects are",
            expected='{"address": …, "before": …, "workspace": …}',
            found=type(error).__name__,
        ) from error
    if given is not None and address_of(given).text != (standing.address or str((folder / FOLDER).absolute())):
        raise InvalidSetting(
            f"this workspace has its objects elsewhere than {_SETTING} says",
            expected=standing.address or FOLDER,
            found=address_of(given).text,
            hint="take the setting away; `buffycoat objects copy --to ADDRESS` brings objects to another place",
        )
    return standing


def point_objects_to(folder: Path, standing: Standing) -> None:
    """Write into the folder of a workspace where its objects are; nothing is written where all are in the folder."""
    pointer = folder / OBJECTS_POINTER
    if standing.address is None and standing.before is None:
        pointer.unlink(missing_ok=True)
        return
    said = {"address": standing.address or FOLDER, "before": standing.before, "workspace": standing.identity}
    aside = folder / f"{OBJECTS_POINTER}.new"
    aside.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    aside.replace(pointer)


def begin_elsewhere(folder: Path, address: str, identity: Callable[[], str]) -> None:
    """Let a new workspace have its objects at an address, which must hold none of another.

    Raises
    ------
    StoreUnreachable
        It holds objects of another workspace, or cannot be reached.
    """
    objects = Objects(address)
    known = identity()
    refuse_others(objects, known)
    objects.say_owner(known)
    point_objects_to(folder, Standing(address=objects.address, before=None, identity=known))


def refuse_others(objects: Objects, identity: str) -> None:
    """Refuse a place that holds objects of another workspace: a withdrawal in one would take pixels of the other.

    Raises
    ------
    StoreUnreachable
        It does.
    """
    owner = objects.owner()
    if owner is None and not objects.prefixes():
        return
    if owner != identity:
        raise StoreUnreachable(
            "this place holds objects of another workspace",
            expected="an empty place",
            found=objects.address,
            hint="name another bucket, or a part of this one of its own: s3://BUCKET/NAME",
        )


def objects_at(folder: Path, address: str | None) -> Objects:
    """Return the objects at an address, ``None`` or ``objects`` for the workspace's own folder."""
    return Objects(str((folder / FOLDER).absolute()) if address in (None, FOLDER) else str(address))


def _near_bytes() -> int:
    given = os.environ.get(_CACHE_SETTING)
    if given is None:
        return _CACHE_MB << 20
    if not given.isdecimal():
        raise InvalidSetting(f"{_CACHE_SETTING} is no number of megabytes", expected="0 or more", found=given)
    return int(given) << 20


@value
class _Now:
    """What a process goes by until the folder says something else."""

    signature: _Signature
    standing: Standing
    objects: Objects
    before: Objects | None


class KeptObjects:
    """The objects of a workspace, wherever they are now.

    The folder is looked at each time, which takes a microsecond: whoever has a workspace open follows when its objects
    are brought to another place, and nothing that is put meanwhile is lost. What comes from far away is kept near.

    Parameters
    ----------
    folder : Path
        Of the workspace.
    inside : bool
        Take those in the folder, whatever the surroundings say.

    Raises
    ------
    InvalidSetting, StoreUnreachable
        As for ``standing_of``.
    """

    def __init__(self, folder: Path, *, inside: bool = False) -> None:
        self.folder, self._inside = folder, inside
        self.near = ObjectCache(folder / CACHE, most_bytes=_near_bytes())
        self._lock = Lock()
        self._checked: set[str] = set()
        self._known: _Now | None = None
        self._now()

    @property
    def here(self) -> Objects:
        """The place itself, without copies kept near."""
        return self._now().objects

    @property
    def before(self) -> Objects | None:
        """The place where objects were before, as long as they are there too."""
        return self._now().before

    @property
    def standing(self) -> Standing:
        """Where they are."""
        return self._now().standing

    def put(self, content: bytes) -> Digest:
        """Keep bytes, and return their digest; errors as of ``Objects.put``."""
        while True:
            now = self._now()
            self._check_owner(now)
            digest = now.objects.put(content)
            # Brought to another place meanwhile: the copy may have passed by before this was there.
            if self._signature() == now.signature:
                break
        if now.objects.far:
            self.near.put(digest, content)
        return digest

    def settle(self, digest: Digest) -> None:
        """Wait until an object would outlast a power cut, wherever it lies; errors as of ``Objects.settle``."""
        now = self._now()
        for place in (now.objects, now.before):
            if place is not None:
                place.settle(digest)

    def get(self, digest: Digest) -> bytes:
        """Return the bytes of a digest, checked; errors as of ``Objects.get``."""
        now = self._now()
        if now.objects.far and (kept := self.near.get(digest)) is not None:
            return kept
        content = self._fetched(now, digest)
        if now.objects.far:
            self.near.put(digest, content)
        return content

    def each(self, digests: Iterable[Digest]) -> Iterator[bytes]:
        """Give the bytes of many digests in their order; nothing of it is kept near."""
        now = self._now()
        return in_order(lambda digest: self._fetched(now, digest), digests, threads=now.objects.threads)

    def has(self, digest: Digest) -> bool:
        """Say whether an object is there."""
        now = self._now()
        return now.objects.has(digest) or (now.before is not None and now.before.has(digest))

    def remove(self, digest: Digest) -> bool:
        """Remove an object for good, wherever it lies, and say whether it was anywhere."""
        now = self._now()
        self._check_owner(now)
        places: list[Objects | ObjectCache] = [now.objects, self.near, *([] if now.before is None else [now.before])]
        removed = [place.remove(digest) for place in places]  # from all of them, not up to the first
        return any(removed)

    @property
    def versions_left(self) -> int:
        """How many objects were removed whose older versions could not be."""
        now = self._now()
        return now.objects.versions_left + (0 if now.before is None else now.before.versions_left)

    def _fetched(self, now: _Now, digest: Digest) -> bytes:
        try:
            return now.objects.get(digest)
        except NotFound:
            if now.before is not None:
                return now.before.get(digest)
            if self._signature() != now.signature:
                return self.get(digest)
            raise

    def _check_owner(self, now: _Now) -> None:
        """Look once whose objects these are, before anything is changed.

        Raises
        ------
        StoreUnreachable
            They are another workspace's.
        """
        if now.standing.address is None or now.objects.address in self._checked:
            return
        if (owner := now.objects.owner()) != now.standing.identity:
            raise StoreUnreachable(
                "the objects at this place are not of this workspace",
                expected=f"{MARK} of {now.standing.identity}",
                found=owner or "none",
                hint=f"check the address in {OBJECTS_POINTER}",
            )
        self._checked.add(now.objects.address)

    def _signature(self) -> _Signature:
        try:
            facts = os.stat(self.folder / OBJECTS_POINTER)  # noqa: PTH116 (on the way of every picture)
        except OSError:
            return None
        return facts.st_ino, facts.st_mtime_ns, facts.st_size

    def _now(self) -> _Now:
        signature = self._signature()
        known = self._known
        if known is not None and known.signature == signature:
            return known
        with self._lock:
            standing = Standing(address=None, before=None, identity=None) if self._inside else standing_of(self.folder)
            now = _Now(
                signature=signature,
                standing=standing,
                objects=objects_at(self.folder, standing.address),
                before=None if standing.before is None else objects_at(self.folder, standing.before),
            )
            self._known = now
        return now
