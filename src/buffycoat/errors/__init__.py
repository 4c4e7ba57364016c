"""The one tree of errors.

Every error says what was wrong, where, what was expected and what was found, carries a stable ``code`` that has a
section in ``docs/errors.md``, and a ``hint`` that says what to do next. The built-in parents are kept, so that a
notebook may catch ``ValueError``.

::

    BuffycoatError
    ├── InputError(ValueError)        the caller's data or arguments      exit 2    HTTP 422
    │   ├── UnreadableImage           bytes that are no picture we read
    │   ├── UnsupportedImage          a picture, but not of a kind we keep
    │   ├── ImageTooLarge             more pixels than the limit
    │   ├── UnreadableFile            the operating system refused
    │   ├── UnwritableFile            an output that cannot be written
    │   ├── WrongArray                shape, dtype or layout refused
    │   ├── InvalidBox                empty, or does not touch the field
    │   ├── UnknownTerm               not in this taxonomy
    │   ├── InvalidTaxonomy           cycle, two roots, same hotkey twice
    │   ├── InvalidMask               nucleus outside cell, wrong size
    │   ├── InvalidMetadata           a value outside a controlled list
    │   ├── UnreadableFormat          a file of a format that cannot be read: file and key
    │   ├── ReleaseIncomplete         no license, terms, ethics, contributors or citation
    │   ├── NothingFound              no nucleus, no cell, no red cell in these pixels
    │   ├── TouchesBorder             the cell goes on outside the crop
    │   ├── SeveralCells              two cells where one was to be drawn
    │   ├── UploadTooLarge            longer than the service takes                 HTTP 413
    │   ├── WrongChecksum             a piece that was damaged on its way           HTTP 460
    │   ├── WrongFile                 not the file that was announced
    │   ├── WorkersKilled             workers of a cluster died over it
    │   └── TooFew                    a number that cannot be computed from so few
    ├── NotFound(LookupError)         no such smear, field, cell          exit 3    HTTP 404
    ├── Conflict                      true, but not now                   exit 4    HTTP 409
    │   ├── ExactRepeat               the same bytes are here already
    │   ├── AlreadyExists             the name is taken
    │   ├── WrongOffset               a piece that does not follow what is there
    │   └── UploadBusy                two requests send the same file               HTTP 423
    ├── NotAllowed(PermissionError)   role, blindness                     exit 5    HTTP 403
    │   ├── NotSignedIn               nobody is signed in, or not rightly           HTTP 401
    │   ├── TooManyRequests           more than the service does for one: wait      HTTP 429
    │   ├── TooManyTries              too many wrong passwords: wait                HTTP 429
    │   └── TooManyUploads            too many files are half sent                  HTTP 429
    ├── Unsound                       a promise of the data is broken     exit 6    HTTP 409
    │   ├── SplitLeak                 one smear or one repeat on two sides
    │   ├── PrivacyBreach             what could name a person is about to leave
    │   └── DigestMismatch            stored bytes are not what was kept
    └── SetupError                    the installation or configuration   exit 7    HTTP 503
        ├── InvalidSetting            a setting outside what is allowed
        ├── SchemaTooNew              the workspace was made by a newer buffycoat
        ├── StoreUnreachable          the workspace's folder or database cannot be used
        ├── MissingExtra              an optional part is not installed
        ├── EngineUnreachable         a cluster that does not answer, or has no workers
        ├── EngineDiffers             workers with other versions
        ├── DownloadFailed            an address does not give what it should
        ├── DiskFull                  no room on the disk of the workspace          HTTP 507
        ├── InvalidCertificate        a certificate or key that does not hold
        └── WorkspaceMissing          no workspace where one was named
"""

from __future__ import annotations

from buffycoat.errors.engines import EngineDiffers, EngineUnreachable, WorkersKilled
from buffycoat.errors.kinds import (
    AlreadyExists,
    BuffycoatError,
    Conflict,
    DigestMismatch,
    DownloadFailed,
    ExactRepeat,
    ImageTooLarge,
    InputError,
    InvalidBox,
    InvalidMask,
    InvalidMetadata,
    InvalidSetting,
    InvalidTaxonomy,
    MissingExtra,
    NotAllowed,
    NotFound,
    NothingFound,
    NotSignedIn,
    PrivacyBreach,
    ReleaseIncomplete,
    SchemaTooNew,
    SetupError,
    SeveralCells,
    SplitLeak,
    StoreUnreachable,
    TooFew,
    TooManyRequests,
    TooManyTries,
    TouchesBorder,
    UnknownTerm,
    UnreadableFile,
    UnreadableFormat,
    UnreadableImage,
    Unsound,
    UnsupportedImage,
    UnwritableFile,
    WorkspaceMissing,
    WrongArray,
)
from buffycoat.errors.uploads import (
    DiskFull,
    InvalidCertificate,
    TooManyUploads,
    UploadBusy,
    UploadTooLarge,
    WrongChecksum,
    WrongFile,
    WrongOffset,
)

__all__ = [
    "AlreadyExists",
    "BuffycoatError",
    "Conflict",
    "DigestMismatch",
    "DiskFull",
    "DownloadFailed",
    "EngineDiffers",
    "EngineUnreachable",
    "ExactRepeat",
    "ImageTooLarge",
    "InputError",
    "InvalidBox",
    "InvalidCertificate",
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
    "TooManyUploads",
    "TouchesBorder",
    "UnknownTerm",
    "UnreadableFile",
    "UnreadableFormat",
    "UnreadableImage",
    "Unsound",
    "UnsupportedImage",
    "UnwritableFile",
    "UploadBusy",
    "UploadTooLarge",
    "WorkersKilled",
    "WorkspaceMissing",
    "WrongArray",
    "WrongChecksum",
    "WrongFile",
    "WrongOffset",
]

for _name in __all__:  # a traceback names them as people import them
    globals()[_name].__module__ = __name__
