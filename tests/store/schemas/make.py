"""Write the dump of the newest revision beside this file: run it once, when a revision is new.

``python tests/store/schemas/make.py DATABASE`` with a small database that holds a field, a cell and a set-up.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from buffycoat.store.migrating import revisions

if __name__ == "__main__":
    connection = sqlite3.connect(sys.argv[1])
    Path(__file__).with_name(f"{revisions()[-1]}.sql").write_text("\n".join(connection.iterdump()) + "\n")
