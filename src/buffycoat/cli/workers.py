"""Workers beside the studio: processes of their own that live as long as it does."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

__all__ = ["workers_beside"]

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
_OWN_END_S: Final = 15.0
"""How long a worker may take to give its job back once its input is closed; it ends itself before."""
_END_S: Final = 5.0


@contextmanager
def workers_beside(folder: Path, count: int, *, as_json: bool = False) -> Iterator[None]:
    """Keep ``count`` workers of a workspace running; ``as_json``: what they log is lines of JSON.

    Each is started as a new program, never as a copy of this one, which has threads and connections. It ends when this
    process does, however that ends: its input is then closed. One that dies is started anew, after a pause that grows
    while they die soon.
    """
    ended = threading.Event()
    keepers = [threading.Thread(target=_keep, args=(folder, ended, as_json), name=f"worker {n}") for n in range(count)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        ended.set()
        for keeper in keepers:
            keeper.join()


def _keep(folder: Path, ended: threading.Event, as_json: bool) -> None:  # noqa: FBT001 (passed on by a thread)
    pause = _FIRST_PAUSE_S
    while not ended.is_set():
        begun = time.monotonic()
        _live(folder, ended, as_json=as_json)
        if time.monotonic() - begun > _LONGEST_PAUSE_S:
            pause = _FIRST_PAUSE_S
        if ended.wait(pause):
            return
        pause = min(2 * pause, _LONGEST_PAUSE_S)


def _live(folder: Path, ended: threading.Event, *, as_json: bool) -> None:
    """Run one worker until it ends, or is to end."""
    command = [sys.executable, "-m", "buffycoat", "work", "--workspace", str(folder), "--with-studio"]
    command += ["--log", "json"] if as_json else []
    # A group of its own: Ctrl-C is for the studio, which then ends its workers.
    with subprocess.Popen(  # noqa: S603 (our own program)
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    ) as worker:
        while worker.poll() is None and not ended.wait(0.2):
            pass
        if worker.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                worker.stdin.close()
        # It hears that its input is closed, and ends by itself: told once more, it would be disturbed in that.
        for patience, harder in ((_OWN_END_S, worker.terminate), (_END_S, worker.kill)):
            try:
                worker.wait(patience)
            except subprocess.TimeoutExpired:
                harder()
