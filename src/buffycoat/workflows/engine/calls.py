"""What may be computed elsewhere, and the engine that computes it here.

The work on one subject is a generator: before its first ``yield`` it reads what it needs, then it yields a call of a
function that knows neither workspace nor clock, and with the answer it says what to keep. In this process the call is
made on the spot; a cluster makes many at once. The answers come back in the order of the calls, so both keep the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, ParamSpec, Protocol, TypeVar

from buffycoat.errors import BuffycoatError

__all__ = ["SERIAL", "Call", "Engine", "Said", "Serial", "Shared", "Steps", "at_once", "elsewhere", "in_turn"]

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a module with its arguments; the answer rests on these alone, and the call may be made twice."""

    function: Callable[..., Any]
    args: Sequence[Any] = ()
    named: Mapping[str, Any] = field(default_factory=dict)

    def make(self) -> Said:
        """Make the call. What our own errors say of the subject is an answer, too."""
        try:
            return Said(value=self.function(*self.args, **self.named))
        except BuffycoatError as error:
            return Said(error=error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The answer to a call: a value, or an error of ours."""

    value: Any = None
    error: BuffycoatError | None = None

    def get(self) -> Any:
        """Return the value, or raise the error."""
        if self.error is not None:
            raise self.error
        return self.value


class Shared(Generic[T]):
    """A large argument of many calls, such as a network: it is sent to each worker once.

    Examples
    --------
    >>> Shared((1, 2)).value
    (1, 2)
    """

    __slots__ = ("key", "value")

    def __init__(self, value: T, key: str | None = None) -> None:
        self.value = value
        self.key = key or uuid.uuid4().hex

    def __reduce__(self) -> tuple[Any, ...]:
        """Go along as a key: who makes the call puts the value in."""
        return Shared, (None, self.key)


Steps = Generator[Call | None, Any, T]
"""Work on one subject; what it returns is what is to be kept."""


def elsewhere(function: Callable[P, T], *args: P.args, **named: P.kwargs) -> Steps[T]:
    """Have a call made wherever the engine is: ``answer = yield from elsewhere(function, …)``."""
    answer: T = yield Call(function, args, named)
    return answer


def in_turn() -> Steps[None]:
    """Wait until what stands before is kept: ``yield from in_turn()``."""
    yield None


def at_once(steps: Steps[T]) -> T:
    """Go through the steps in this process, and return what came of them."""
    answer = None
    try:
        while True:
            call = steps.send(answer)
            answer = None if call is None else call.function(*call.args, **call.named)
    except StopIteration as end:
        last: T = end.value
        return last


class Engine(Protocol):
    """Who makes calls."""

    @property
    def threads(self) -> int | None:
        """How many cores one call may work with; ``None`` for all of this machine."""

    def run(self, calls: Iterable[Call | None]) -> Generator[Said, None, None]:
        """Give an answer to each call, in their order; to none, an answer without a value.

        The calls are asked for a few ahead at most.

        Raises
        ------
        EngineUnreachable, EngineDiffers
            The engine cannot go on. What was answered holds.
        """

    def map(self, function: Callable[[A], T], items: Iterable[A]) -> Iterator[T]:
        """Give ``function(item)`` for each item, in their order; the first error of ours is raised."""

    def close(self) -> None:
        """Leave it."""


class Serial:
    """Each call is made in this process, when its answer is asked for.

    Examples
    --------
    >>> list(Serial().map(abs, [-2, 3]))
    [2, 3]
    """

    threads: int | None = None

    def run(self, calls: Iterable[Call | None]) -> Generator[Said, None, None]:
        """Make one call after the other."""
        for call in calls:
            yield Said() if call is None else call.make()

    def map(self, function: Callable[[A], T], items: Iterable[A]) -> Iterator[T]:
        """Give ``function(item)`` for each item."""
        return map(function, items)

    def close(self) -> None:
        """Nothing is held."""


SERIAL: Final = Serial()
