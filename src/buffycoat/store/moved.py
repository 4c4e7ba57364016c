"""A database in a file that is left behind: read as before, and written to no more, by whatever program."""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from buffycoat.domain.value import value
from buffycoat.store.tables import METADATA

__all__ = ["Moved", "moved_to", "refuse_writing", "say_finished", "take_back"]

_ACTS = ("INSERT", "UPDATE", "DELETE")


@value
class Moved:
    """Where a database is being moved to, or was."""

    address: str
    finished: bool


def refuse_writing(connection: Connection, address: str) -> None:
    """Let the database itself refuse each change of a row, and say why, so that every process that has it open is told.

    Parameters
    ----------
    connection
        That writes to a database in a file.
    address : str
        Of the new one, without a password.
    """
    run = connection.exec_driver_sql
    run("CREATE TABLE moved (address VARCHAR NOT NULL, finished BOOLEAN NOT NULL)")
    run("INSERT INTO moved VALUES (?, 0)", (address,))
    # `store.database` knows the words.
    said = f"this workspace was moved, or is being moved, to {address}".replace("'", "''")
    for table in METADATA.tables:
        for act in _ACTS:
            run(
                f'CREATE TRIGGER "{_name(table, act)}" BEFORE {act} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )


def moved_to(connection: Connection) -> Moved | None:
    """Return where a database was moved to; ``None`` where it was not."""
    if not inspect(connection).has_table("moved"):
        return None
    address, finished = connection.exec_driver_sql("SELECT address, finished FROM moved").one()
    return Moved(address=address, finished=bool(finished))


def say_finished(connection: Connection) -> None:
    """Note that everything is there, and has been compared."""
    connection.exec_driver_sql("UPDATE moved SET finished = 1")


def take_back(connection: Connection) -> None:
    """Let the database be written to again."""
    for table in METADATA.tables:
        for act in _ACTS:
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{_name(table, act)}"')
    connection.exec_driver_sql("DROP TABLE moved")


def _name(table: str, act: str) -> str:
    return f"moved_{table}_{act.lower()}"
