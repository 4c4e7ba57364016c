"""The errors that most parts of buffycoat raise; ``buffycoat.errors`` draws the tree."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AlreadyExists",
    "BuffycoatError",
    "Conflict",
    "DigestMismatch",
    "DownloadFailed",
    "ExactRepeat",
    "ImageTooLarge",
    "InputError",
    "InvalidBox",
    "InvalidMask",
    "InvalidMetadata",
    "InvalidSetting",
    "InvalidTaxonomy",
    "MissingExtra",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "NothingFound",
    "PrivacyBreach",
    "ReleaseIncomplete",
    "SchemaTooNew",
    "SetupError",
    "SeveralCells",
    "SplitLeak",
    "StoreUnreachable",
    "TooFew",
    "TooManyRequests",
    "TooManyTries",
    "TouchesBorder",
    "UnknownTerm",
    "UnreadableFile",
    "UnreadableFormat",
    "UnreadableImage",
    "Unsound",
    "UnsupportedImage",
    "UnwritableFile",
    "WorkspaceMissing",
    "WrongArray",
]


class BuffycoatError(Exception):
    """What every error of buffycoat is.

    Parameters
    ----------
    what : str
        One sentence: what is wrong, and where.
    expected, found : str, optional
        What would have been right, and what was there.
    hint : str, optional
        What to do next; the class has a general one.
    retry_after : int, optional
        After how many seconds another try is worth it, where that is known.

    Examples
    --------
    >>> from buffycoat.errors import WrongArray
    >>> print(WrongArray("image has the wrong shape", expected="(h, w, 3)", found="(480, 640)"))
    image has the wrong shape: expected (h, w, 3), found (480, 640)
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    default_hint: ClassVar[str] = ""
    retry_after: int | None = None

    def __init__(
        self, what: str, *, expected: str = "", found: str = "", hint: str = "", retry_after: int | None = None
    ) -> None:
        self.what = what
        if retry_after is not None:
            self.retry_after = retry_after
        self.expected = expected
        self.found = found
        self.hint = hint or self.default_hint
        super().__init__(what)

    @property
    def told(self) -> str:
        """What is wrong, and what to do next, as a line of a list."""
        hint = self.hint[:1].upper() + self.hint[1:]
        return f"{self}. {hint}" if hint else str(self)

    def __str__(self) -> str:
        """Return what is wrong, expected and found, in one line."""
        parts = [f"expected {self.expected}"] if self.expected else []
        parts += [f"found {self.found}"] if self.found else []
        return f"{self.what}: {', '.join(parts)}" if parts else self.what


class InputError(BuffycoatError, ValueError):
    """The caller's data or arguments."""

    code = "input"
    exit_status = 2
    http_status = 422


class UnreadableImage(InputError):
    """Bytes that are no picture, or a broken one."""

    code = "unreadable-image"
    default_hint = "open it in an image viewer; if it does not open there either, copy it from the camera again"


class UnsupportedImage(InputError):
    """A picture, but of a kind that would have to be guessed at: CMYK, 16 bits, transparency, animation."""

    code = "unsupported-image"
    default_hint = "export it as 8-bit RGB (JPEG, PNG, TIFF, BMP or HEIC) and add that file"


class ImageTooLarge(InputError):
    """More pixels than the limit: a stitched slide, or a file made to fill the memory."""

    code = "image-too-large"
    default_hint = "cut it into fields of view, or raise the limit with BUFFYCOAT_MAX_MEGAPIXELS"


class UnreadableFile(InputError):
    """The operating system refused: permission, broken link, link loop, vanished file."""

    code = "unreadable-file"
    default_hint = "check that the file exists and that you may read it"


class UnwritableFile(InputError):
    """An output that cannot be written: no such folder, a folder where a file should be, no permission."""

    code = "unwritable-file"
    default_hint = "check that the folder exists and that you may write there"


class WrongArray(InputError):
    """Shape, dtype or layout refused; nothing is guessed."""

    code = "wrong-array"
    default_hint = "images are uint8 arrays of shape (height, width, 3) in RGB order"


class InvalidBox(InputError):
    """A box that is empty, or does not touch its field."""

    code = "invalid-box"
    default_hint = "boxes are half-open pixel ranges: left < right, top < bottom"


class UnknownTerm(InputError):
    """A word that is not in the taxonomy."""

    code = "unknown-term"
    default_hint = "`buffycoat taxonomy` lists the terms, their keys and other spellings"


class InvalidTaxonomy(InputError):
    """A taxonomy that is no tree, or uses a hotkey twice."""

    code = "invalid-taxonomy"
    default_hint = "one root, each parent defined, each hotkey used once"


class InvalidMask(InputError):
    """A mask of the wrong size, or a nucleus outside its cell."""

    code = "invalid-mask"
    default_hint = "masks are boolean arrays of the crop's height and width"


class InvalidMetadata(InputError):
    """A value outside a controlled list, or a table that cannot be read."""

    code = "invalid-metadata"
    default_hint = "`buffycoat ingest --help` names the columns and the allowed values"


class UnreadableFormat(InputError):
    """A file of labels, boxes or tables that is not what its format says; names the file and the key."""

    code = "unreadable-format"
    default_hint = "docs/formats.md shows what each format holds; the other files of the folder are read all the same"


class ReleaseIncomplete(InputError):
    """A release without what its users must be told: license or terms of use, ethics, contributors, citation."""

    code = "release-incomplete"
    default_hint = "write them into a file and name it: `buffycoat publish --about release.toml`"


class NothingFound(InputError):
    """No nucleus, cell or red cell in these pixels."""

    code = "nothing-found"
    default_hint = "look at the picture: it may be empty, out of focus, or of another stain"


class TouchesBorder(InputError):
    """The cell goes on outside the crop."""

    code = "touches-border"
    default_hint = "cut a larger crop around the cell; at the edge of a photograph, leave the cell out"


class SeveralCells(InputError):
    """Two or more cells where one was to be drawn."""

    code = "several-cells"
    default_hint = "say which one by a point inside it, or draw it by hand"


class TooFew(InputError):
    """A number that cannot be computed from so few items."""

    code = "too-few"
    default_hint = "add more labeled cells"


class NotFound(BuffycoatError, LookupError):
    """No such smear, field, cell, round or release."""

    code = "not-found"
    exit_status = 3
    http_status = 404
    default_hint = "check the id; lists show what there is"


class Conflict(BuffycoatError):
    """True, but not now."""

    code = "conflict"
    exit_status = 4
    http_status = 409


class ExactRepeat(Conflict):
    """The same bytes are in the workspace already."""

    code = "exact-repeat"
    default_hint = "nothing is lost: the first copy is kept"


class AlreadyExists(Conflict):
    """The name is taken."""

    code = "already-exists"
    default_hint = "choose another name or version"


class NotAllowed(BuffycoatError, PermissionError):
    """Role or blindness forbids it."""

    code = "not-allowed"
    exit_status = 5
    http_status = 403
    default_hint = "ask a curator"


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or the name and password do not fit."""

    code = "not-signed-in"
    http_status = 401
    default_hint = "sign in; an admin can send a new invitation"


class TooManyTries(NotAllowed):
    """Too many wrong passwords in a short time."""

    code = "too-many-tries"
    http_status = 429
    default_hint = "wait a minute, then try again"
    retry_after = 60


class TooManyRequests(NotAllowed):
    """More asked for at once, or in a short time, than the service does for one."""

    code = "too-many-requests"
    http_status = 429
    default_hint = "wait a moment, then try again: nothing was done"
    retry_after = 5


class Unsound(BuffycoatError):
    """A promise of the data is broken."""

    code = "unsound"
    exit_status = 6
    http_status = 409


class SplitLeak(Unsound):
    """One subject, smear or group of repeats on two sides of a split."""

    code = "split-leak"
    default_hint = "split by subject or smear, with the repeats of a cell on one side"


class PrivacyBreach(Unsound):
    """Something that could name a person is about to leave: position, a small group, free text, a name, writing."""

    code = "privacy-breach"
    default_hint = "withhold the column or the picture that is named, or correct it: `buffycoat publish --help`"


class DigestMismatch(Unsound):
    """Stored bytes are not what was kept."""

    code = "digest-mismatch"
    default_hint = "the disk or a person changed the file: restore it from a backup"


class SetupError(BuffycoatError):
    """The installation or the configuration."""

    code = "setup"
    exit_status = 7
    http_status = 503


class InvalidSetting(SetupError):
    """A setting outside what is allowed."""

    code = "invalid-setting"
    default_hint = "`buffycoat config` prints each setting, its value and where it came from"


class SchemaTooNew(SetupError):
    """The workspace was made by a newer buffycoat."""

    code = "schema-too-new"
    default_hint = "install the newest buffycoat: pip install --upgrade buffycoat"


class StoreUnreachable(SetupError):
    """The folder of a workspace, its database or the place of its objects cannot be made, opened or read."""

    code = "store-unreachable"
    default_hint = "check that the folder may be written and that buffycoat.db is a workspace's database"


class MissingExtra(SetupError, ImportError):
    """An optional part of buffycoat that is not installed."""

    code = "missing-extra"
    default_hint = "pip install 'buffycoat[torch]'"


class DownloadFailed(SetupError):
    """An address that cannot be reached, breaks off, or gives something else than it should."""

    code = "download-failed"
    default_hint = "the same command again goes on where it stopped; `buffycoat fetch` names each set's own page"


class WorkspaceMissing(SetupError):
    """No workspace where one was named."""

    code = "workspace-missing"
    default_hint = "make one with `buffycoat run PHOTOS --workspace DIR` or `buffycoat demo DIR`"
