"""What is kept: rows in a database, bytes in an object store. Never sees an algorithm."""

from buffycoat.store.database import Database, Transaction
from buffycoat.store.objects import Objects

__all__ = ["Database", "Objects", "Transaction"]
