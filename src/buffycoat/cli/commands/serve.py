"""``buffycoat serve``: the studio in the browser."""

from __future__ import annotations

import contextlib
import gc
import socket
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import WorkspaceFolder
from buffycoat.cli.output import say
from buffycoat.cli.stop import Stopped
from buffycoat.cli.studio_tls import certificate_for, lines_of
from buffycoat.cli.workers import workers_beside
from buffycoat.errors import InvalidSetting
from buffycoat.settings import Settings, provider_of, read_settings
from buffycoat.workflows import reading
from buffycoat.workflows.people import needs_setup
from buffycoat.workflows.serving import StudioCertificate
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register", "serve_workspace"]


def serve_workspace(folder: Path, settings: Settings, certificate: StudioCertificate | None = None) -> None:
    """Serve a workspace until it is stopped; with a certificate, over TLS.

    Raises
    ------
    InvalidSetting
        The port is taken, or the address is not one of this machine.
    """
    # Imported here: the other commands start without a web framework.
    import uvicorn  # noqa: PLC0415 (see above)
    from uvicorn.config import LOGGING_CONFIG  # noqa: PLC0415 (see above)

    from buffycoat.service import create_app, make_ready  # noqa: PLC0415 (see above)
    from buffycoat.service.logs import log_as_json  # noqa: PLC0415 (see above)

    if settings.log == "json":
        log_as_json()

    try:
        listener = _bound(settings.host, settings.port)
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
        local = settings.host in ("127.0.0.1", "localhost", "::1")
        hosts = ("127.0.0.1", "localhost", "[::1]") if local else ("*",)
        guests = settings.guests == "yes" or (settings.guests == "auto" and local)
        if not guests and needs_setup(opened):
            say("nobody can sign in yet: `buffycoat people add HANDLE --role admin` makes the first account")
        app = create_app(
            opened,
            hosts=hosts,
            guests=guests,
            provider=provider_of(settings),
            public_address=settings.public_address,
            authority=None if certificate is None else certificate.authority,
            log_requests=settings.log == "json",
            max_megapixels=settings.max_megapixels,
        )
        # Before anybody can connect: after a crash all devices come back in the same moment.
        make_ready(app)
        reading.make_ready(opened)
        # What is loaded stays: a look through all of it for what can be freed would hold every answer up for 0.1 s.
        gc.collect()
        gc.freeze()
        listener.listen()
        port = listener.getsockname()[1]
        if certificate is None:
            say(f"open http://{settings.host}:{port}  (Ctrl-C ends it)")
        else:
            for line in lines_of(certificate, host=settings.host, port=port):
                say(line)
        # No log of requests: the address of an invitation is the invitation.
        config = uvicorn.Config(
            app,
            log_level="warning",
            log_config=None if settings.log == "json" else LOGGING_CONFIG,
            access_log=False,
            forwarded_allow_ips=settings.trusted_proxies,
            server_header=False,
            ssl_certfile=None if certificate is None else certificate.certificate,
            ssl_keyfile=None if certificate is None else certificate.key,
        )
        with (
            contextlib.suppress(Stopped),
            workers_beside(folder, settings.workers, as_json=settings.log == "json"),
        ):  # the way to end it
            uvicorn.Server(config).run(sockets=[listener])


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket with an address, which takes no connection yet: nobody waits for a service that is starting."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def serve(  # noqa: PLR0913 (each an option)
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    log: Annotated[
        str | None, typer.Option(metavar="quiet|json", help="Log warnings, or each request as a line of JSON too.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that do jobs; 0 where others do them.")] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Speak TLS with a certificate made here, for phones in this network.")
    ] = False,
    tls_cert: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate of your own, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its key, PEM.")] = None,
) -> None:
    """Serve the studio: smears, fields with their boxes, the gallery of cells."""
    settings, origins = read_settings(workspace, host=host, port=port, log=log, workers=workers)
    if tls and origins["host"] == "default":  # for the phones beside it
        settings = settings.model_copy(update={"host": "0.0.0.0"})  # noqa: S104 (asked for by --tls)
    with open_workspace(workspace):
        pass  # before anything is kept in its folder
    made = certificate_for(workspace, tls=tls, certificate=tls_cert, key=tls_key, host=settings.host)
    serve_workspace(workspace, settings, made)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)
