"""Waiting until what was written would outlast a power cut."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

__all__ = ["to_disk"]

_NOTHING_TO_WAIT_FOR: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EROFS, errno.EBADF})


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlast a power cut.

    Raises
    ------
    OSError
        The disk could not keep it. A file system that has nothing to wait for is no error.
    """
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _NOTHING_TO_WAIT_FOR:
            raise
    finally:
        os.close(opened)
