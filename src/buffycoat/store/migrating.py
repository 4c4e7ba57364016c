"""The schema, brought to the newest revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from buffycoat.domain.run import Document
from buffycoat.errors import SchemaTooNew
from buffycoat.store import chain
from buffycoat.store.on_postgresql import OnPostgresql
from buffycoat.store.on_sqlite import OnSqlite

__all__ = ["migrate", "revision_of", "revisions"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOGGED = "0007"
"""Since this revision there is an audit log."""
_ENTERED_SINCE: Mapping[str, type] = {"0013": Document}
"""Classes that are in it since a later one."""


def revisions() -> Sequence[str]:
    """Return the names of all revisions of the schema, oldest first."""
    return sorted(path.stem.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(ground: OnSqlite | OnPostgresql, *, log: bool = True) -> None:
    """Bring the schema to the newest revision.

    Parameters
    ----------
    ground
        Where the database is.
    log : bool
        Begin the audit log where there is none; not where another workspace's log is to be put.

    Raises
    ------
    SchemaTooNew
        A newer buffycoat made it.
    StoreUnreachable
        Rows refer to what is not there, or the server does not fit.
    """
    known = revisions()
    with ground.engine.connect() as connection:
        found = _revision(connection)
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise SchemaTooNew(
            "the workspace's database is newer than this program", expected=f"at most {known[-1]}", found=found
        )
    # Alembic takes a while to load, and is needed once in a workspace's life.
    from alembic import command  # noqa: PLC0415 (see above)
    from alembic.config import Config  # noqa: PLC0415 (see above)

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with ground.changing() as connection:
        # Another process may have done this while we waited for our turn: a log begins once.
        found = _revision(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        ground.settle(connection)
        if not log:
            return
        if found is None or found < _LOGGED:
            chain.begin(connection)
        else:
            for cls in (cls for revision, cls in _ENTERED_SINCE.items() if found < revision):
                chain.enter(connection, cls)


def revision_of(ground: OnSqlite | OnPostgresql) -> str | None:
    """Return the revision at which a database stands; ``None`` where it holds nothing of ours."""
    with ground.engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
