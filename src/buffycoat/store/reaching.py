"""How a PostgreSQL server is reached: what every connection of ours says, whoever opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import URL

__all__ = ["reach"]

# Answers wait at most so long for whoever writes before, as they do on SQLite. Statements are short, so compiling them
# costs more than it gives; and lists of a hundred thousand cells are looked up in memory.
_WORK: Final = "-c timezone=UTC -c lock_timeout=60s -c jit=off -c work_mem=64MB"
# Where a machine or the network is gone without a word, nobody waits for it as long as systems do by default, which is
# hours: a server lets go of the turn of a writer that it does not reach, and we let go of such a server.
_LET_GO: Final = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
_ALIVE: Final[Mapping[str, str | int]] = {
    "connect_timeout": 10,
    "application_name": "buffycoat",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def reach(url: URL) -> dict[str, str | int]:
    """Return what a connection is opened with, beside its address; what the address says itself holds.

    Examples
    --------
    >>> from sqlalchemy import make_url
    >>> said = reach(make_url("postgresql://app@db/cells?connect_timeout=3&options=-c jit=on"))
    >>> said["connect_timeout"], said["options"].endswith("-c jit=on"), said["client_encoding"]
    ('3', True, 'utf8')
    """
    own = {name: str(url.query[name]) for name in _ALIVE if name in url.query}
    options = f"{_WORK} {_LET_GO} {url.query.get('options', '')}".strip()
    return {**_ALIVE, **own, "client_encoding": "utf8", "options": options}
