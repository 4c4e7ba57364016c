"""Engines by their address."""

from __future__ import annotations

import re

from buffycoat.errors import InvalidSetting, MissingExtra
from buffycoat.workflows.engine.calls import SERIAL, Engine

__all__ = ["engine_at"]

_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^/\s@]+:\d+", re.IGNORECASE)


def engine_at(address: str = "") -> Engine:
    """Return the engine at an address. It is connected when it is first given something to do.

    Parameters
    ----------
    address : str
        ``tcp://HOST:PORT`` or ``tls://HOST:PORT`` of the scheduler of a Dask cluster; empty for this process.

    Raises
    ------
    InvalidSetting
        No such address.
    MissingExtra
        Dask is not installed.

    Examples
    --------
    >>> list(engine_at().map(abs, [-1]))
    [1]
    """
    if not address:
        return SERIAL
    if not _ADDRESS.fullmatch(address):
        raise InvalidSetting(
            "this is no address of an engine",
            expected="tcp://HOST:PORT of a Dask scheduler, or nothing for this process",
            found=address,
        )
    try:
        from buffycoat.workflows.engine.cluster import Cluster  # noqa: PLC0415 (an extra, and slow to load)
    except ImportError as error:
        raise MissingExtra(
            "Dask is not installed",
            expected="the extra cluster",
            found=str(error),
            hint="pip install 'buffycoat[cluster]', here and where the workers are",
        ) from error
    return Cluster(address)
