"""A server of the tests' own that speaks S3 (moto, Apache-2.0), and faults before it, as networks and servers have them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

SERVER_ERROR = b'<?xml version="1.0"?><Error><Code>%s</Code><Message>for a while</Message></Error>'


class Faults:
    """What goes wrong, and what was asked.

    ``asked``: method and path of each request. ``fail``: called with both; returns a status, ``"hang"``, ``"cut"``,
    ``"flip"``, or nothing.
    """

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app
        self.released = Event()
        self.calm()

    def calm(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.fail: Callable[[tuple[str, str]], Any] = lambda _: None
        self.released.set()
        self.released = Event()

    def sent(self) -> list[str]:
        """The objects that were put, each as often as it was."""
        return [
            path for method, path in self.asked if method == "PUT" and re.search(r"/[0-9a-f]{2}/[0-9a-f]{62}$", path)
        ]

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path))
        fault = self.fail((method, path))
        if isinstance(fault, int):
            code = {500: b"InternalError", 501: b"NotImplemented", 503: b"SlowDown", 403: b"AccessDenied"}[fault]
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start(f"{fault} no", [("Content-Type", "application/xml")])
            return [] if method == "HEAD" else [SERVER_ERROR % code]
        if fault == "hang":
            self.released.wait(30)
        answered: list[Any] = []
        body = b"".join(self.app(environ, lambda *said: answered.append(said)))
        status, headers, *_ = answered[-1]
        if fault == "flip" and body:
            body = body[:-1] + bytes([body[-1] ^ 1])
        start(status, headers)
        return [body[: len(body) // 2] if fault == "cut" else body]


class Server:
    """A running server; ``address`` gives a place in a bucket of its own each time."""

    def __init__(self, port: int, faults: Faults) -> None:
        import boto3

        self.endpoint, self.faults = f"http://127.0.0.1:{port}", faults
        self.client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id="k",
            aws_secret_access_key="s",  # noqa: S106 (it asks for none)
            region_name="us-east-1",
        )
        self._buckets = itertools.count(1)

    def bucket(self) -> str:
        name = f"cells-{next(self._buckets)}"
        self.client.create_bucket(Bucket=name)
        return name

    def address(self, bucket: str | None = None, part: str = "w") -> str:
        return f"s3://{bucket or self.bucket()}/{part}?endpoint={self.endpoint}"

    def keys(self, bucket: str) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]


@contextmanager
def running() -> Iterator[Server]:
    """Start a server on a free port, and stop it."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *args: Any) -> None:
            pass

    faults = Faults(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, faults, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Server(server.server_port, faults)
    finally:
        faults.calm()
        server.shutdown()
        server.server_close()
        thread.join()
