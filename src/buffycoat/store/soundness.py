"""Whether the schema is the one that is meant, and every row can be read as the value that it is."""

from __future__ import annotations

from sqlalchemy import select, text

from buffycoat.errors import BuffycoatError
from buffycoat.store.database import Transaction
from buffycoat.store.tables import TABLES, from_row

__all__ = ["revision_now", "unreadable_rows"]

_MOST = 20


def revision_now(transaction: Transaction) -> str | None:
    """Return the revision at which the schema stands."""
    return transaction.connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def unreadable_rows(transaction: Transaction) -> tuple[int, tuple[tuple[str, str, str], ...]]:
    """Read every row of every table; return how many there are, and of those that are no values table, id and why.

    At most twenty are named: a table that was changed by hand has them all.
    """
    count, faults = 0, list[tuple[str, str, str]]()
    for cls, table in TABLES.items():
        try:
            keys = select(table.c.id).order_by(table.c.id)
            count += len(transaction.select(cls, select(table)))
        except (ValueError, TypeError, BuffycoatError):
            for key in transaction.connection.execute(keys).scalars().all():
                row = transaction.connection.execute(select(table).where(table.c.id == key))
                try:
                    from_row(cls, dict(row.mappings().one()))
                except (ValueError, TypeError, BuffycoatError) as error:
                    faults.append((table.name, str(key), " ".join(str(error).split())[:200]))
                if len(faults) >= _MOST:
                    return count, tuple(faults)
    return count, tuple(faults)
