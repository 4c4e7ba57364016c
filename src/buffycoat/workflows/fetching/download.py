"""One file from its address: resumed where it broke off, and never more of it than was promised."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from buffycoat.errors import DownloadFailed, UnwritableFile
from buffycoat.ingest.public_sets import PublicFile
from buffycoat.workflows.fetching.part_file import PartFile, Version

__all__ = ["Arrived", "ShowBytes", "download", "no_bytes"]

ShowBytes = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes that are here, and how many it will be where that is known."""

_ATTEMPTS, _HOPS = 5, 8
_LONGEST_WAIT_S = 60.0
_WORTH = 1024**2  # an attempt that brought this much more was no failure
_SPARE = 64 * 1024**2  # left free on the disk
_BUSY = (408, 425, 429)


def no_bytes(_name: str, _done: int, _total: int | None) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What came: from where in the end, how much, its digest, and how the server named this version of it."""

    address: str
    size_bytes: int
    sha256: str
    etag: str | None
    last_modified: str | None


class _Broken(Exception):
    """The connection broke, or the server is busy: another attempt may help."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def download(
    file: PublicFile,
    address: str,
    folder: Path,
    *,
    client: httpx.Client,
    keep: Callable[[Path, Arrived], None],
    sleep: Callable[[float], None],
    progress: ShowBytes = no_bytes,
) -> Arrived:
    """Fetch one file into ``<folder>/<name>.part``, and hand it over when it is whole.

    Parameters
    ----------
    file : PublicFile
        What is known of it.
    address : str
        Where it lies.
    folder : Path
        Exists.
    client
        Its own redirects are not used: each is looked at here.
    keep : callable
        Called with the part, whole, and with what came, while no other process may touch it: judges and renames it.
    sleep : callable
        Called with seconds between attempts.
    progress : callable
        Called after each chunk.

    Raises
    ------
    DownloadFailed
        The address refuses, leads elsewhere than it may, promises or sends another number of bytes than the table
        says, breaks off too often, or the disk has no room.
    Conflict
        Another process fetches the same file.
    UnwritableFile
        The operating system refused.
    """
    try:
        part = PartFile(folder / f"{file.name}.part")
        try:
            last = _attempts(_Transfer(file, address, part, client, progress), sleep)
            part.settle()
            arrived = Arrived(
                address=last,
                size_bytes=part.size,
                sha256=part.sha256,
                etag=part.version.etag if part.version else None,
                last_modified=part.version.last_modified if part.version else None,
            )
            keep(part.path, arrived)
        finally:
            part.close()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UnwritableFile(f"{file.name}.part cannot be written", found=reason) from error
    return arrived


def _attempts(transfer: _Transfer, sleep: Callable[[float], None]) -> str:
    """Try until it is whole: again after each break, longer each time, and not for ever without getting further."""
    failures, farthest = 0, transfer.part.size
    while True:
        try:
            return transfer.attempt()
        except (_Broken, httpx.TransportError) as error:
            further = transfer.part.size >= farthest + _WORTH
            failures = 1 if further else failures + 1
            farthest = max(farthest, transfer.part.size)
            if failures == _ATTEMPTS:
                raise transfer.failed(
                    f"broke off {failures} times without getting further",
                    expected=transfer.expectation(),
                    found=f"{transfer.part.size:,} bytes; {str(error) or type(error).__name__}",
                ) from error
            wait = error.wait_s if isinstance(error, _Broken) else 0.0
            sleep(min(_LONGEST_WAIT_S, max(wait, 2.0 ** (failures - 1))))


class _Transfer:
    """What one file's attempts have in common."""

    def __init__(
        self, file: PublicFile, address: str, part: PartFile, client: httpx.Client, progress: ShowBytes
    ) -> None:
        self.file, self.address, self.part, self.client, self.progress = file, address, part, client, progress

    def attempt(self) -> str:
        """Ask for what is missing and append it; return the address that gave it."""
        if self._is_whole():
            return self.address  # killed between the last byte and the renaming
        with _opened(self, self._headers()) as response:
            if response.status_code in _BUSY or response.status_code >= 500:
                raise _Broken(f"the server answers {response.status_code}", _retry_after(response))
            if response.status_code == 416 and self.part.size:
                self.part.restart(None)
                raise _Broken("the server has no bytes after those that are here")
            if response.status_code not in (200, 206):
                raise self.failed(
                    "is refused",
                    expected="status 200",
                    found=f"status {response.status_code} {response.reason_phrase}".strip(),
                )
            total = self._continue(response) if response.status_code == 206 else self._begin(response)
            self._receive(response, total)
            return str(response.url)

    def _is_whole(self) -> bool:
        version = self.part.version
        return version is not None and version.address == self.address and 0 < self.part.size == version.total

    def _headers(self) -> dict[str, str]:
        """Ask for the rest where that can be trusted: to one version, or to a known digest at the end."""
        headers = {"Accept-Encoding": "identity"}
        version = self.part.version
        if not self.part.size:
            return headers
        if version is None or version.address != self.address or not (version.validator or self.file.sha256):
            self.part.restart(None)
            return headers
        headers["Range"] = f"bytes={self.part.size}-"
        if version.validator:
            headers["If-Range"] = version.validator
        return headers

    def _begin(self, response: httpx.Response) -> int | None:
        """Start from nothing, once the promise is looked at: an answer of another size leaves the part as it is."""
        total = _whole_number(response.headers.get("content-length"))
        self._look_at(response, total)
        self.part.restart(self._version(response, total))
        return total

    def _continue(self, response: httpx.Response) -> int | None:
        """Go on, if the server means the same version and the place that was asked for."""
        unit, _, rest = response.headers.get("content-range", "").partition(" ")
        span, _, whole = rest.partition("/")
        total = _whole_number(whole)
        before = self.part.version
        version = self._version(response, total)
        same = (
            before is not None
            and unit == "bytes"
            and span.partition("-")[0] == str(self.part.size)
            and (before.total is None or total == before.total)
            and version.etag in (None, before.etag)
        )
        if not same:
            self.part.restart(None)
            raise _Broken("the server sends a part of another version")
        self._look_at(response, total)
        return total

    def _version(self, response: httpx.Response, total: int | None) -> Version:
        headers = response.headers
        return Version(
            address=self.address, etag=headers.get("etag"), last_modified=headers.get("last-modified"), total=total
        )

    def _look_at(self, response: httpx.Response, total: int | None) -> None:
        """Refuse a promise before any byte of it is written."""
        encoding = response.headers.get("content-encoding", "identity")
        if encoding != "identity":
            raise self.failed("comes packed, which was not asked for", expected="identity", found=encoding)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/html":
            raise self.failed(
                "answers with a page to read, not with the file",
                expected="the file",
                found=kind,
                hint="open the set's own page in a browser: `buffycoat fetch` names it",
            )
        known = self.file.size_bytes
        if total is not None and known is not None and total != known:
            raise self.failed("has another size", expected=f"{known:,} bytes", found=f"{total:,} bytes")
        most = known or self.file.at_most_bytes
        if total is not None and total > most:
            raise self.failed("is larger than it should be", expected=f"at most {most:,} bytes", found=f"{total:,}")
        have = self.part.size if response.status_code == 206 else 0
        self._make_sure_of_room((known or total or have) - have)

    def _make_sure_of_room(self, missing: int) -> None:
        free = shutil.disk_usage(self.part.path.parent).free - _SPARE
        if missing > free:
            raise self.failed(
                "has no room on this disk",
                expected=f"{missing:,} bytes free",
                found=f"{max(0, free):,} bytes",
                hint="make room, or name another folder with --out",
            )

    def _receive(self, response: httpx.Response, total: int | None) -> None:
        most = self.file.size_bytes or total or self.file.at_most_bytes
        looked_at = self.part.size
        for chunk in response.iter_raw():
            if self.part.size + len(chunk) > most:
                self.part.restart(None)
                raise self.failed(
                    "sends more than it should", expected=f"at most {most:,} bytes", found="more, which were not kept"
                )
            if self.part.size - looked_at >= _SPARE:
                self._make_sure_of_room(len(chunk))
                looked_at = self.part.size
            self.part.add(chunk)
            self.progress(self.file.name, self.part.size, self.file.size_bytes or total)
        whole = self.file.size_bytes or total
        if whole is not None and self.part.size < whole:
            raise _Broken("the answer ended early")

    def expectation(self) -> str:
        """Say how many bytes it should be."""
        whole = self.file.size_bytes or (self.part.version.total if self.part.version else None)
        return f"{whole:,} bytes" if whole else "all of it"

    def failed(self, what: str, *, expected: str = "", found: str = "", hint: str = "") -> DownloadFailed:
        """Return the error, with the file and its address."""
        return DownloadFailed(f"{self.file.name} from {self.address} {what}", expected=expected, found=found, hint=hint)


@contextmanager
def _opened(transfer: _Transfer, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """Follow redirects, but never from https to less, and to nothing that is no address of the web."""
    try:
        url = httpx.URL(transfer.address)
        for _ in range(_HOPS):
            request = transfer.client.build_request("GET", url, headers=headers)
            response = transfer.client.send(request, stream=True, follow_redirects=False)
            try:
                if not response.has_redirect_location:
                    yield response
                    return
                onward = url.join(response.headers["location"])
            finally:
                response.close()
            allowed = ("https",) if url.scheme == "https" else ("http", "https")
            if onward.scheme not in allowed or not onward.host:
                raise transfer.failed(
                    "leads elsewhere than it may",
                    expected=f"a redirect to {' or '.join(allowed)}",
                    found=str(onward),
                    hint="the set's own page may say more: `buffycoat fetch` names it",
                )
            url = onward
    except httpx.InvalidURL as error:
        raise transfer.failed("leads to no address", found=str(error)) from error
    raise transfer.failed("leads in a circle", expected=f"at most {_HOPS - 1} redirects", found="more")


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _retry_after(response: httpx.Response) -> float:
    return float(_whole_number(response.headers.get("retry-after")) or 0)
