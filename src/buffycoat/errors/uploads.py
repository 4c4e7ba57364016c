"""Errors of photographs that are sent to the studio, and of the certificate that it is reached with."""

from __future__ import annotations

from buffycoat.errors.kinds import Conflict, InputError, NotAllowed, SetupError

__all__ = [
    "DiskFull",
    "InvalidCertificate",
    "TooManyUploads",
    "UploadBusy",
    "UploadTooLarge",
    "WrongChecksum",
    "WrongFile",
    "WrongOffset",
]


class UploadTooLarge(InputError):
    """A file or a piece of it that is longer than the service takes."""

    code = "upload-too-large"
    http_status = 413
    default_hint = "send the photograph as JPEG or HEIC, in pieces of at most 1 MiB"


class WrongChecksum(InputError):
    """A piece of a file that was damaged on its way."""

    code = "wrong-checksum"
    http_status = 460
    default_hint = "send the same piece again: nothing of it was kept"


class WrongFile(InputError):
    """A file that came whole, and is not the one that was announced."""

    code = "wrong-file"
    default_hint = "send it again from the beginning: nothing of it was kept"


class WrongOffset(Conflict):
    """A piece of a file that does not follow what is there."""

    code = "wrong-offset"
    default_hint = "ask how much is there, and go on from that byte"


class UploadBusy(Conflict):
    """Two requests send the same file at once."""

    code = "upload-busy"
    http_status = 423
    default_hint = "wait a second, ask how much is there, and go on"
    retry_after = 1


class TooManyUploads(NotAllowed):
    """Too many files of one person are half sent."""

    code = "too-many-uploads"
    http_status = 429
    default_hint = "finish some of them or give them up; those that nobody goes on with end after some days"
    retry_after = 60


class DiskFull(SetupError):
    """No room on the disk of the workspace."""

    code = "disk-full"
    http_status = 507
    default_hint = "nothing is lost: free some space there, then send the rest"


class InvalidCertificate(SetupError):
    """A certificate or key that cannot be read, does not fit, or holds no more."""

    code = "invalid-certificate"
    default_hint = "name others with --tls-cert and --tls-key, or leave both out with --tls: then one is made"
