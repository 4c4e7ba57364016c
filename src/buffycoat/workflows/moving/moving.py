"""Taking a workspace's rows to a server while people go on, and no further than the last step without them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from buffycoat.domain.value import Digest, value
from buffycoat.errors import Conflict, WorkspaceMissing
from buffycoat.store import Database
from buffycoat.store.addresses import shown, url_of
from buffycoat.store.moved import moved_to, refuse_writing, say_finished, take_back
from buffycoat.store.moving import Target, tables_in_order
from buffycoat.store.place import FILE, POINTER, identity_of, point_to
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress

__all__ = ["MoveSummary", "cancel_move", "move_workspace"]


@value
class MoveSummary:
    """What a move did.

    ``rows``: that are there now, by table; ``late`` of them were written while the others were taken over; ``digest``
    of all of them is the same in both.
    """

    address: str
    rows: dict[str, int]
    late: int
    entries: int
    digest: Digest


def move_workspace(folder: Path, address: str, *, progress: ShowProgress = no_progress) -> MoveSummary:
    """Move the rows of a workspace to a server; its objects and its folder stay what they are.

    First all rows are taken over as they are at one moment, while people go on. Then the old database refuses to be
    written to, whoever has it open: what was written meanwhile is taken over, everything is compared, and from now on
    the folder says where its rows are. The old database stays in the folder and can be read.

    The same call again goes on where one was broken off.

    Parameters
    ----------
    folder : Path
        Of the workspace.
    address : str
        ``postgresql://…``, of an empty database.
    progress
        Is told how many rows are taken over, then how many are compared.

    Raises
    ------
    AlreadyExists
        The new database holds something else.
    Conflict
        The rows are on a server already, or are being moved to another one, or another move is running.
    DigestMismatch
        What is there in the end is not what was here; the workspace stays where it is.
    InputError
        A row holds what PostgreSQL cannot.
    StoreUnreachable
        The server does not answer.
    WorkspaceMissing
        There is no workspace in this folder.
    """
    _check(folder, address)
    to = shown(url_of(address))
    with closing(Database(f"sqlite:///{folder / FILE}")) as source:
        with source.reading() as transaction:
            moved = moved_to(transaction.connection)
            total = sum(
                transaction.connection.exec_driver_sql(f'SELECT count(*) FROM "{table.name}"').scalar_one()  # noqa: S608 (names of our own)
                for table in tables_in_order()
            )
        if moved is not None and moved.address != to:
            raise Conflict(
                "this workspace is being moved to another database",
                expected=moved.address,
                found=to,
                hint="finish that move, or take it back: `buffycoat migrate-to --cancel`",
            )
        identity, _ = identity_of(source)
        target = Target(address, identity)
        try:
            target.begin()
            told = _told(progress, "move", total)
            with source.reading() as transaction:
                target.take(transaction, told)
            if moved is None:
                with source.writing() as transaction:
                    refuse_writing(transaction.connection, to)
            with source.reading() as transaction:
                late = target.take(transaction, _told(no_progress, "", 0))
                digest = target.compare(transaction, _told(progress, "compare", total))
                rows = {
                    table.name: transaction.connection.exec_driver_sql(
                        f'SELECT count(*) FROM "{table.name}"'  # noqa: S608 (names of our own)
                    ).scalar_one()
                    for table in tables_in_order()
                }
            target.finish()
        finally:
            target.close()
        point_to(folder, address, identity)
        _finish(source)
    return MoveSummary(address=to, rows=rows, late=late, entries=rows["audit_entry"], digest=digest)


def cancel_move(folder: Path) -> None:
    """Let a workspace whose move was broken off be written to again, where it is.

    Raises
    ------
    Conflict
        It was not begun to be moved, or is moved already.
    WorkspaceMissing
        There is no workspace in this folder.
    """
    _check(folder, None)
    with closing(Database(f"sqlite:///{folder / FILE}")) as source:
        with source.reading() as transaction:
            moved = moved_to(transaction.connection)
        if moved is None or moved.finished:
            raise Conflict("no move of this workspace was broken off", hint="`buffycoat migrate-to ADDRESS` begins one")
        with source.writing() as transaction:
            take_back(transaction.connection)


def _check(folder: Path, address: str | None) -> None:
    if (folder / POINTER).is_file():
        raise Conflict(
            "the rows of this workspace are on a server already",
            expected=f"a folder without {POINTER}",
            found=POINTER,
            hint=f"from server to server move them with pg_dump, then write the new address into {POINTER}",
        )
    if not (folder / FILE).is_file():
        raise WorkspaceMissing(
            "there is no workspace in this folder", expected=f"a folder with {FILE}", found=folder.name
        )
    if address is not None and url_of(address).drivername == "sqlite":
        raise Conflict("the rows are in a file already", expected="postgresql://USER@HOST/DATABASE", found=address)


def _told(progress: ShowProgress, room: str, total: int) -> Callable[[str, int], None]:
    done = 0

    def told(_table: str, more: int) -> None:
        nonlocal done
        done += more
        progress(Progress(room=room, done=done, total=max(total, done)))

    return told


def _finish(source: Database) -> None:
    with source.engine.connect() as connection, connection.begin():
        say_finished(connection)
