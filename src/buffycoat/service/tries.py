"""How often somebody may try. Kept in memory: a restart forgets, and several processes count for themselves."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import NotAllowed, TooManyTries

__all__ = ["SIGN_IN", "Bound", "Tries", "neighborhood"]

LONGEST_S: Final = 900.0


@value
class Bound:
    """``most`` tries in ``seconds``. Where it grows, each further one doubles the wait, up to 15 minutes."""

    most: int
    seconds: float = 60.0
    grows: bool = False


SIGN_IN: Final = MappingProxyType(
    {
        # One who guesses waits ever longer, and the person whose handle it is gets in from elsewhere all the same.
        "pair": Bound(most=5, grows=True),
        "handle": Bound(most=20),
        # Behind one address may sit a whole laboratory that has come to work.
        "address": Bound(most=20),
    }
)
"""Of signing in, by the first word of a name: a handle at one address, a handle at all, an address with all handles."""


class Tries:
    """Counts tries, such as wrong passwords by handle and by address.

    Parameters
    ----------
    bounds : mapping of str to Bound
        By the first word of a name.
    names : int
        So many handles and addresses are remembered; beyond, the ones that were quiet longest are forgotten.
    what : str
        What the one who tried too often is told.
    error : type
        The error that tells it.
    clock : callable
        Gives seconds that only grow.

    Examples
    --------
    >>> tries = Tries({"pair": Bound(most=1)}, clock=lambda: 0.0)
    >>> tries.begin(["pair edna 192.0.2.7"])
    >>> tries.begin(["pair edna 192.0.2.7"])
    Traceback (most recent call last):
    buffycoat.errors.TooManyTries: too many wrong passwords
    """

    def __init__(
        self,
        bounds: Mapping[str, Bound] = SIGN_IN,
        *,
        names: int = 10_000,
        what: str = "too many wrong passwords",
        error: type[NotAllowed] = TooManyTries,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bounds = bounds
        self._names = names
        self._what = what
        self._error = error
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, names: Iterable[str]) -> None:
        """Count a try before its password is looked at, so that a hundred at once are not all looked at.

        Raises
        ------
        TooManyTries
            One of the names had too many; ``retry_after`` says how many seconds it must wait.
        """
        wanted = list(names)
        with self._lock:
            moment = self._clock()
            wait = max((self._wait(name, moment) for name in wanted), default=0.0)
            if wait > 0:
                seconds = math.ceil(wait)
                hint = "" if seconds <= 60 else f"wait {math.ceil(seconds / 60)} minutes, then try again"
                raise self._error(self._what, hint=hint, retry_after=seconds)
            for name in wanted:
                self._tries.setdefault(name, deque()).append(moment)
                self._tries.move_to_end(name)
            while len(self._tries) > self._names:
                self._tries.popitem(last=False)

    def _wait(self, name: str, moment: float) -> float:
        """Return how many seconds a name must still wait, after forgetting what is long ago."""
        kept = self._tries.get(name)
        bound = self._bounds[name.partition(" ")[0]]
        if bound.grows:
            if kept and moment - kept[-1] >= (2 * LONGEST_S if len(kept) >= bound.most else bound.seconds):
                kept.clear()
            if not kept or len(kept) < bound.most:
                return 0.0
            return kept[-1] + min(LONGEST_S, bound.seconds * 2.0 ** (len(kept) - bound.most)) - moment
        while kept and moment - kept[0] >= bound.seconds:
            kept.popleft()
        return kept[0] + bound.seconds - moment if kept and len(kept) >= bound.most else 0.0

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
