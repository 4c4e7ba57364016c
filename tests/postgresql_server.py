"""A PostgreSQL server for the tests: from the distribution's package, in a folder of its own, gone at the end."""

from __future__ import annotations

import json
import os
import pwd
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

__all__ = ["Server", "running"]

_SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


def _programs() -> Path:
    """The folder of initdb and pg_ctl: Debian's is in no PATH."""
    found = shutil.which("pg_ctl")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -int(re.sub(r"\D", "", place.parent.name) or 0)
    )
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    pytest.fail("there is no PostgreSQL server on this machine: `sudo apt-get install postgresql`, or `make system`")


class Server:
    """Makes databases, one for each workspace.

    Where a workspace was copied together with what says where its rows are, the
    copy gets a copy of the database, as it would of a file. Databases of folders that are gone are removed.
    """

    def __init__(self, home: Path, start: Callable[[], None], stop: Callable[[], None]) -> None:
        self.home, self._start, self._stop = home, start, stop
        self._of: dict[str, Path] = {}

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://app@/{name}?host={self.home}"

    def ask(self, statement: str, name: str = "postgres", options: str = "") -> list[tuple[Any, ...]]:
        """Ask the server behind everybody's back."""
        import psycopg

        given = {"host": str(self.home), "user": "app", "dbname": name, "options": options}
        with psycopg.connect(**given, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def rows(self, name: str) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table of a database, as SQLite holds it; columns by their names."""
        kinds = {
            "json": "{}::text",
            "boolean": "{}::int",
            "timestamp without time zone": "to_char({}, 'YYYY-MM-DD HH24:MI:SS.US')",
        }
        columns: dict[str, list[str]] = {}
        for table, column, kind in self.ask(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name <> 'rowid' ORDER BY table_name, column_name COLLATE \"C\"",
            name,
        ):
            columns.setdefault(table, []).append(kinds.get(kind, "{}").format(f'"{column}"'))
        return {
            table: self.ask(f'SELECT {", ".join(wanted)} FROM "{table}"', name)  # noqa: S608 (names that the server said)
            for table, wanted in columns.items()
        }

    def of_folder(self, folder: Path) -> str:
        """The address of the database of a folder, made where it is not there."""
        noted = folder / "database-name"
        if not noted.is_file():
            noted.write_text(self._made(folder, None))
        return self.url(noted.read_text())

    def copy(self, source: Path, target: Path) -> str:
        """Copy the database of one folder for another; gives its address."""
        (target / "database-name").write_text(self._made(target, (source / "database-name").read_text()))
        return self.of_folder(target)

    def given(self, folder: Path) -> str | None:
        """In the place of `buffycoat.store.place.given_address`: none for workspaces that are files."""
        pointer = folder / "buffycoat-database.json"
        if not pointer.is_file():
            return None if (folder / "buffycoat.db").is_file() else self.url(self._made(folder, None))
        said = json.loads(pointer.read_text())
        if self.home.name not in said["address"]:
            return None
        name = said["address"].partition("?")[0].rpartition("/")[2]
        if name not in self._of:  # a test's own
            return None
        if self._of[name] != folder.resolve():
            name = self._made(folder, name)
            said["address"] = self.url(name)  # other processes find it, too
            pointer.write_text(json.dumps(said))
        return self.url(name)

    def _made(self, folder: Path, source: str | None) -> str:
        for gone in [known for known, place in self._of.items() if not place.exists()]:
            self.ask(f"DROP DATABASE IF EXISTS {gone} WITH (FORCE)")
            del self._of[gone]
        name = f"w{uuid4().hex}"
        self._make(name, source)
        self._of[name] = folder.resolve()
        return name

    def _make(self, name: str, source: str | None) -> None:
        import psycopg

        made = f"CREATE DATABASE {name} TEMPLATE {source or 'template0'}"
        try:
            self.ask(made)
        except psycopg.errors.ObjectInUse:  # connections that sleep are opened again
            self.break_off(source or "")
            self.ask(made)

    def empty(self, options: str = "") -> str:
        """The address of a database with nothing in it, for a test of its own."""
        name = f"t{uuid4().hex}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        return self.url(name)

    def crash(self) -> None:
        """Kill the server as it is, and start it anew: it recovers from its log."""
        self._stop()
        self._start()

    def break_off(self, name: str) -> None:
        """End all connections to a database."""
        self.ask(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 (a name of our own)


def _watch(home: Path) -> subprocess.Popen[bytes]:
    """Stop the server where this process is killed and cannot: a process that outlives it waits for its end."""
    pid, mine = shlex.quote(str(home / "data" / "postmaster.pid")), shlex.quote(str(home))
    last = f'tail --pid={os.getpid()} -f /dev/null; kill -QUIT "$(head -n 1 {pid})"; sleep 2; rm -rf {mine}'
    return subprocess.Popen(
        ["bash", "-c", last], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@contextmanager
def running() -> Iterator[Server]:
    """Start a server, and remove all of it at the end. Never as root, which PostgreSQL refuses."""
    programs = _programs()
    # Not pytest's folder: it is closed to other users, and the path of a socket has at most 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    before: list[str] = []
    if os.geteuid() == 0:
        user = next(
            (each for each in ("postgres", "nobody") if each in {entry.pw_name for entry in pwd.getpwall()}), "nobody"
        )
        shutil.chown(home, user)
        before = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]

    def run(program: str, *arguments: str) -> None:
        # Without pipes: the server would hold them open.
        with (home / "said").open("ab") as said:
            command = [*before, str(programs / program), "-D", str(home / "data"), *arguments]
            done = subprocess.run(command, cwd=home, stdout=said, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            log = "\n".join(
                path.read_text(errors="replace")[-2000:] for path in (home / "said", home / "log") if path.exists()
            )
            pytest.fail(f"{program} of PostgreSQL failed: {log}")

    try:
        version = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
        number = int(re.search(r"\) (\d+)", version)[1])
        # A language in which capital letters do not come first: what is sorted here must be sorted by bytes all the same.
        language = (
            ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"] if number >= 15 else ["--locale=C"]
        )
        run("initdb", "-U", "app", "-A", "trust", "-E", "UTF8", *language, "--no-sync", "--no-instructions")
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options = f"{settings} -c unix_socket_directories={home}"

        def start() -> None:
            run("pg_ctl", "-w", "-t", "60", "-l", str(home / "log"), "-o", options, "start")

        def stop() -> None:
            run("pg_ctl", "-m", "immediate", "-w", "stop")

        start()
        watcher = _watch(home)
        try:
            yield Server(home, start, stop)
        finally:
            watcher.kill()
            watcher.wait()
            stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)
