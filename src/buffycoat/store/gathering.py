"""Rows of a database on a server, gathered into a file: as they are at one moment, while others write."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from buffycoat.errors import StoreUnreachable, UnwritableFile
from buffycoat.store.addresses import url_of
from buffycoat.store.copying import integrity_of
from buffycoat.store.database import Database
from buffycoat.store.migrating import migrate
from buffycoat.store.moving import AT_ONCE, tables_in_order
from buffycoat.store.on_sqlite import OnSqlite
from buffycoat.store.rows import bare_rows, casts, insert_into

__all__ = ["gather_rows"]


def gather_rows(source: Database, target: Path) -> None:
    """Write all rows of a database into a new file, as a workspace with its rows in its folder has them.

    All is read in one transaction, which sees one moment. Numbers of rows are kept in their order, by which imported
    labels run through the audit log.

    Raises
    ------
    UnwritableFile
        The file cannot be written.
    StoreUnreachable
        The server does not answer, or the file is not whole in the end.
    """
    target.unlink(missing_ok=True)
    with closing(OnSqlite(url_of(f"sqlite:///{target}"))) as ground, source.reading() as transaction:
        try:
            migrate(ground, log=False)
            with ground.writing() as connection:
                for table in tables_in_order():
                    statement, _ = insert_into(table, "?")
                    cast, order = casts(table), "rowid" if "id" in table.c else "seq"
                    rows = bare_rows(transaction.connection, table, order=order)
                    while batch := [list(row) for row in islice(rows, AT_ONCE)]:
                        for row in batch:
                            for place, kind in cast:
                                row[place] = None if row[place] is None else kind(row[place])
                        connection.exec_driver_sql(statement, [tuple(row) for row in batch])
        except DBAPIError as error:
            raise UnwritableFile(
                "the copy of the database cannot be written",
                found=str(error.orig),
                hint="free some space, or name another place",
            ) from error
    if faults := integrity_of(target):
        raise StoreUnreachable("the copy of the database is damaged", found=faults[0])
