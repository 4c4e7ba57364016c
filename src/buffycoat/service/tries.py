"""How often somebody may try. Kept in memory: a restart forgets, and several processes count for themselves."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable

from buffycoat.errors import TooManyTries

__all__ = ["Tries", "neighborhood"]


class Tries:
    """Counts tries, such as wrong passwords by handle and by address.

    Parameters
    ----------
    most : int
        So many in ``seconds``; the next one is not even looked at.
    seconds : float
        How long one is remembered.
    names : int
        So many handles and addresses are remembered; beyond, the ones that were quiet longest are forgotten.
    what : str
        What the one who tried too often is told.
    clock : callable
        Gives seconds that only grow.

    Examples
    --------
    >>> tries = Tries(most=1, clock=lambda: 0.0)
    >>> tries.begin(["edna"])
    >>> tries.begin(["edna"])
    Traceback (most recent call last):
    buffycoat.errors.TooManyTries: too many wrong passwords
    """

    def __init__(
        self,
        *,
        most: int = 5,
        seconds: float = 60.0,
        names: int = 10_000,
        what: str = "too many wrong passwords",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._names = names
        self._what = what
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, names: Iterable[str]) -> None:
        """Count a try before its password is looked at, so that a hundred at once are not all looked at.

        Raises
        ------
        TooManyTries
            One of the names had too many.
        """
        wanted = list(names)
        with self._lock:
            moment = self._clock()
            for name in wanted:
                kept = self._tries.get(name)
                while kept and moment - kept[0] >= self._seconds:
                    kept.popleft()
                if kept and len(kept) >= self._most:
                    raise TooManyTries(self._what)
            for name in wanted:
                self._tries.setdefault(name, deque()).append(moment)
                self._tries.move_to_end(name)
            while len(self._tries) > self._names:
                self._tries.popitem(last=False)

    def right(self, names: Iterable[str], *, forget: str) -> None:
        """Take a try back: it was none.

        Parameters
        ----------
        names : iterable of str
            As given to ``begin``.
        forget : str
            Who has proved to be the one: what was wrong before is forgotten. Not so for an address, where somebody
            with an account could go on guessing at another.
        """
        with self._lock:
            for name in names:
                if self._tries.get(name):
                    self._tries[name].pop()
            self._tries.pop(forget, None)


def neighborhood(host: str) -> str:
    """Return what counts as one address: of IPv6 a whole network, as everybody there has more than can be counted.

    Examples
    --------
    >>> neighborhood("192.0.2.7"), neighborhood("2001:db8::1:2:3:4")
    ('192.0.2.7', '2001:db8::/64')
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
