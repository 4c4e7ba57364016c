"""How much at once. Labels must go on while somebody asks for what takes long: that waits in a line of its own.

Counted in the memory of one process. Waiting takes no thread, and whoever waits too long is told to come again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from buffycoat.errors import TooManyRequests

__all__ = ["Gate"]


class Gate:
    """Lets few in at once, and of one person fewer.

    Parameters
    ----------
    at_once : int
        So many of all people.
    each : int
        So many of one person.
    patience_s : float
        So long one waits before being told to come again.
    line : int
        So many of one person may wait; the next one is told at once.

    Examples
    --------
    >>> async def pass_through() -> None:
    ...     async with Gate(at_once=1, each=1).of("edna"):
    ...         print("in")
    >>> asyncio.run(pass_through())
    in
    """

    def __init__(self, *, at_once: int, each: int, patience_s: float = 20.0, line: int = 20) -> None:
        self._at_once = at_once
        self._each = each
        self._patience_s = patience_s
        self._line = line
        self._inside: dict[str, int] = {}
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """Wait for room, and keep it as long as the block lasts.

        Raises
        ------
        TooManyRequests
            There was none in time, or too many of this person wait already.
        """
        await self._enter(name)
        try:
            yield
        finally:
            self._leave(name)

    async def _enter(self, name: str) -> None:
        if self._has_room(name):
            self._inside[name] = self._inside.get(name, 0) + 1
            return
        if sum(each == name for each, _ in self._waiting) >= self._line:
            raise TooManyRequests("too much is asked for at once", expected=f"{self._each} at once of one person")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((name, turn))
        try:
            async with asyncio.timeout(self._patience_s):
                await turn
        except TimeoutError as error:
            self._give_up(name, turn)
            raise TooManyRequests("others are served first", expected=f"{self._at_once} at once") from error
        except asyncio.CancelledError:
            self._give_up(name, turn)
            raise

    def _has_room(self, name: str) -> bool:
        return sum(self._inside.values()) < self._at_once and self._inside.get(name, 0) < self._each

    def _give_up(self, name: str, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled():
            self._leave(name)  # the turn came in the very moment
        self._waiting = [(each, other) for each, other in self._waiting if other is not turn]

    def _leave(self, name: str) -> None:
        self._inside[name] -= 1
        if not self._inside[name]:
            del self._inside[name]
        for at, (each, turn) in enumerate(self._waiting):
            if turn.cancelled():
                continue
            if self._has_room(each):
                self._inside[each] = self._inside.get(each, 0) + 1
                del self._waiting[at]
                turn.set_result(None)
                return
