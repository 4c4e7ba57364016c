"""Backups, what a look through a workspace found, and smears that were withdrawn."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import Digest, value

__all__ = ["BackupSummary", "Examination", "Finding", "Manifest", "RestoreSummary", "Stored", "Weight"]


@value
class Stored:
    """One file of a workspace in a backup: its path in the workspace, SHA-256 and size in bytes."""

    path: str
    digest: Digest
    size_bytes: int


@value
class Manifest:
    """What a backup says of itself. It is written last, so where it is, all that it names is there.

    Parameters
    ----------
    format : str
        Which form the backup has.
    workspace : str
        Name of the folder that it was made of.
    identity : str
        What the first entry of the audit log calls the workspace: two of one name are told apart by it.
    revision : str
        At which the schema stands.
    version : str
        Of the program that made the backup.
    made_at : datetime
        When the database was copied: everything in the backup is of that moment.
    entries, head : int, Digest
        Of the audit log: how many entries, and the digest of the last.
    files, size_bytes : int
        How much there is.
    listed : Digest
        Of the list of all files, a line each, which lies with them.
    """

    format: str
    workspace: str
    identity: str
    revision: str
    version: str
    made_at: datetime
    entries: int
    head: Digest
    files: int
    size_bytes: int
    listed: Digest


@value
class BackupSummary:
    """What a backup wrote; ``kept`` was there from before, ``manifest`` is worth noting elsewhere.

    ``passed_over`` are names in the workspace that are no files, or whose name cannot be written down, with the reason.
    """

    backup: str
    made_at: datetime
    files: int
    size_bytes: int
    copied: int
    copied_bytes: int
    kept: int
    removed: int
    manifest: Digest
    passed_over: tuple[tuple[str, str], ...]


@value
class RestoreSummary:
    """What came out of a backup. ``audited``: its log was followed, which an older schema does not allow."""

    workspace: str
    made_at: datetime
    files: int
    size_bytes: int
    entries: int
    audited: bool


class Weight(StrEnum):
    """How much a finding weighs.

    ``ADVICE``: works, and could be better. ``SETUP``: the machine, not the data. ``FAULT``: data is not what was kept.
    ``UNKNOWN``: could not be looked at.
    """

    OK = "ok"
    ADVICE = "advice"
    SETUP = "set-up"
    FAULT = "fault"
    UNKNOWN = "unknown"


@value
class Finding:
    """One thing that was looked at: what, where, what should be there, what is, and what to do."""

    what: str
    weight: Weight
    where: str = ""
    expected: str = ""
    found: str = ""
    to_do: str = ""


@value
class Examination:
    """All that was looked at. ``fast``: objects were counted, not read."""

    workspace: str
    fast: bool
    findings: tuple[Finding, ...]

    def weighs(self, *weights: Weight) -> tuple[Finding, ...]:
        """Return the findings of some weights."""
        return tuple(finding for finding in self.findings if finding.weight in weights)
