"""Addresses of databases: which are ours, and how they are shown without their password."""

from __future__ import annotations

from importlib.util import find_spec

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from buffycoat.errors import InvalidSetting, MissingExtra

__all__ = ["shown", "url_of"]

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def url_of(address: str) -> URL:
    """Return an address as SQLAlchemy takes it.

    Raises
    ------
    InvalidSetting
        It is no address, or one of another kind of database.
    MissingExtra
        What speaks with PostgreSQL is not installed.

    Examples
    --------
    >>> url_of("sqlite:///w/buffycoat.db").database
    'w/buffycoat.db'
    """
    expected = "postgresql://USER@HOST/DATABASE"
    try:
        url = make_url(address)
    except ArgumentError as error:
        # What was given is not repeated: there may be a password in it.
        raise InvalidSetting("the address of the database cannot be read", expected=expected) from error
    if url.drivername not in _DRIVERS:
        raise InvalidSetting("no such kind of database", expected=expected, found=url.drivername)
    url = url.set(drivername=_DRIVERS[url.drivername])
    if url.drivername != "sqlite":
        if find_spec("psycopg") is None:
            raise MissingExtra(
                "PostgreSQL is not spoken by this installation", hint="pip install 'buffycoat[postgres]'"
            )
        if not url.database:
            raise InvalidSetting("the address names no database", expected=expected, found=shown(address))
    return url


def shown(address: str | URL) -> str:
    """Return an address without its password.

    Examples
    --------
    >>> shown("postgresql://app:secret@db/cells")
    'postgresql://app@db/cells'
    """
    url = make_url(address)
    kind = url.drivername.partition("+")[0]
    return str(URL.create(kind, url.username, None, url.host, url.port, url.database, url.query))
