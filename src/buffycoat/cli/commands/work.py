"""``buffycoat work``: a worker, which does the jobs that people started."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from buffycoat.cli.options import EngineAddress, WorkspaceFolder
from buffycoat.cli.output import say
from buffycoat.cli.stop import Stopped
from buffycoat.settings import engine_for
from buffycoat.workflows.jobs import LEASE, work_off
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

_GRACE_S: Final = 10.0
"""How long a worker has to give its job back once the studio that it belongs to is gone."""
_POLITE: Final = 10
_ENDS: Final = (signal.SIGTERM, signal.SIGINT)


def work(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    lease: Annotated[
        float, typer.Option(min=1, help="Seconds without a sign of life after which another worker takes a job up.")
    ] = LEASE.total_seconds(),
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits.")] = False,
    engine: EngineAddress = None,
    with_studio: Annotated[
        bool, typer.Option("--with-studio", hidden=True, help="End when standard input does.")
    ] = False,
    log: Annotated[str, typer.Option(metavar="quiet|json", help="How warnings are logged.")] = "quiet",
) -> None:
    """Do the jobs that people started, one after the other. Several may run, also on other machines on PostgreSQL."""
    if log == "json":
        # Imported here: the other commands start without a web framework.
        from buffycoat.service.logs import log_as_json  # noqa: PLC0415 (see above)

        log_as_json()
    else:
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # Ended from outside, as by systemd or a container, it gives its job back.
    before = {each: signal.signal(each, _stop) for each in _ENDS}
    try:
        if with_studio:
            # Whoever labels goes first.
            os.nice(_POLITE)
            # In here: a studio that ended at once ends this worker before it has opened anything.
            threading.Thread(target=_end_with_studio, name="studio", daemon=True).start()
        with open_workspace(workspace, engine=engine_for(workspace, engine)) as opened:
            if not with_studio:
                say(f"works for {opened.name}  (Ctrl-C ends it, its job is given back)")
            taken = work_off(opened, lease=timedelta(seconds=lease), until_idle=once)
    except Stopped:
        if with_studio:  # the way to end it
            return
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    say(f"{taken} {'job' if taken == 1 else 'jobs'} taken, nothing waits")


def _stop(_signal: int, _frame: object) -> None:
    # Once is enough: a second one would break into giving the job back.
    for each in _ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def _end_with_studio() -> None:
    """Wait until the studio has closed our input, or is gone; nothing comes in before."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_GRACE_S)
    # It stands in the middle of something that hears nothing; whatever it does may be begun anew.
    os._exit(1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(work)
