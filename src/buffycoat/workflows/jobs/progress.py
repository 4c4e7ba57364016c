"""How the work tells how far it is, and hears that it shall end; a thread beside it gives the signs of life."""

from __future__ import annotations

import threading
from collections import deque
from datetime import timedelta
from enum import StrEnum
from time import monotonic
from typing import Final

from buffycoat.domain.job import JobAct
from buffycoat.errors import StoreUnreachable
from buffycoat.store.jobs import beat, holds, note, stop_asked
from buffycoat.workflows.runs import Progress
from buffycoat.workflows.workspace import Workspace

__all__ = ["Interrupted", "JobProgress", "Why"]

_EVERY_S: Final = 0.5
"""How often progress is written at most, and how soon a wish to end is heard."""
_MOST_LINES: Final = 1000
"""Of one attempt; what is said after that is not kept."""


class Why(StrEnum):
    """Why the work on a job ends early."""

    CANCELED = "canceled"
    LOST = "lost"


class Interrupted(Exception):
    """The work is to end here: somebody asked for that, or another worker has the job now."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class JobProgress:
    """Called by the work after each step, as every room calls its ``progress``.

    A call costs nothing: it only says so to the thread that writes it down, twice a second at most. The lease is
    renewed by that thread, so a step may take as long as it likes.

    Parameters
    ----------
    workspace
        Where the job is.
    job_id, worker : str
        Which job, and whose it is.
    lease : timedelta
        How long others wait for a sign of life.

    Raises
    ------
    Interrupted
        By a call: the work is to end here.
    """

    def __init__(self, workspace: Workspace, job_id: str, worker: str, *, lease: timedelta) -> None:
        self._workspace, self._job_id, self._worker, self._lease = workspace, job_id, worker, lease
        self._at = ("", 0, 0)
        self._lines: deque[str] = deque()
        self._said = 0
        self._why: Why | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"job {job_id}", daemon=True)
        self._thread.start()

    def __call__(self, step: Progress) -> None:
        """Tell how far the work is; end it where that was asked for."""
        self._at = step.room, step.done, step.total
        self.look()

    @property
    def reached(self) -> str:
        """How far the work is, for people; empty before the first step."""
        room, done, total = self._at
        return f"{room}: {done} of {total}" if room else ""

    def look(self) -> None:
        """End the work where that was asked for."""
        if self._why is not None:
            raise Interrupted(self._why)

    def say(self, line: str) -> None:
        """Add a line to the log. It must name no file and no patient."""
        self._said += 1
        if self._said <= _MOST_LINES:
            self._lines.append(line)

    def close(self) -> None:
        """Write down what was said last."""
        self._over.set()
        self._thread.join()

    def _live(self) -> None:
        written, renewed = self._at, monotonic()
        while True:
            over = self._over.wait(_EVERY_S)
            due = monotonic() - renewed > self._lease.total_seconds() / 3
            try:
                if self._lines or due or over or self._at != written:
                    written = self._at
                    self._write(*written)
                    renewed = monotonic()
                if self._why is None:
                    with self._workspace.database.reading() as transaction:
                        if stop_asked(transaction, self._job_id):
                            self._why = Why.CANCELED
            except StoreUnreachable:
                # A server that is started anew is back within the lease; if not, the job is another worker's.
                if monotonic() - renewed > self._lease.total_seconds():
                    self._why = Why.LOST
            if over or self._why is Why.LOST:
                return

    def _write(self, room: str, done: int, total: int) -> None:
        lines = list(self._lines)
        with self._workspace.database.writing() as transaction:
            if not holds(transaction, self._job_id, self._worker):
                self._why = Why.LOST
                return
            beat(transaction, self._job_id, self._worker, lease=self._lease, room=room, done=done, total=total)
            for line in lines:
                note(transaction, self._job_id, JobAct.SAID, worker=self._worker, text=line)
        for _ in lines:
            self._lines.popleft()
