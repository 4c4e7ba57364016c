"""``buffycoat serve``: the studio in the browser."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import WorkspaceFolder
from buffycoat.cli.output import say
from buffycoat.cli.stop import Stopped
from buffycoat.errors import InvalidSetting
from buffycoat.settings import Settings, read_settings
from buffycoat.workflows.people import needs_setup
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register", "serve_workspace"]


def serve_workspace(folder: Path, settings: Settings) -> None:
    """Serve a workspace until it is stopped.

    Raises
    ------
    InvalidSetting
        The port is taken, or the address is not one of this machine.
    """
    # Imported here: the other commands start without a web framework.
    import uvicorn  # noqa: PLC0415 (see above)

    from buffycoat.service import create_app  # noqa: PLC0415 (see above)

    try:
        listener = socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise InvalidSetting(
            f"cannot listen on {settings.host}:{settings.port}",
            found=error.strerror or str(error),
            hint="choose another port with --port, or 0 for a free one",
        ) from error
    # Connections inherit it. asyncio sets it only on sockets that say they are TCP, which this one does not: without it
    # an answer waits 40 ms for the browser to acknowledge its headers.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with open_workspace(folder) as opened, listener:
        say(f"open http://{settings.host}:{listener.getsockname()[1]}  (Ctrl-C ends it)")
        local = settings.host in ("127.0.0.1", "localhost", "::1")
        hosts = ("127.0.0.1", "localhost", "[::1]") if local else ("*",)
        guests = settings.guests == "yes" or (settings.guests == "auto" and local)
        if not guests and needs_setup(opened):
            say("nobody can sign in yet: `buffycoat people add HANDLE --role admin` makes the first account")
        # No log of requests: the address of an invitation is the invitation.
        config = uvicorn.Config(
            create_app(opened, hosts=hosts, guests=guests), log_level="warning", access_log=False, server_header=False
        )
        with contextlib.suppress(Stopped):  # the way to end it
            uvicorn.Server(config).run(sockets=[listener])


def serve(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve the studio: smears, fields with their boxes, the gallery of cells."""
    settings, _ = read_settings(workspace, host=host, port=port)
    serve_workspace(workspace, settings)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)
