"""Calls on the workers of a Dask cluster.

Workers get bytes and give values: they open neither database nor objects, and know no folder. Dask does again what a
lost worker had. How much is on its way is bounded, by number and by bytes, however much there is to do.
"""

from __future__ import annotations

import pickle
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from os import getpid
from typing import Any, Final, TypeVar

import dask
from distributed import Client, Future
from distributed.scheduler import KilledWorker

from buffycoat.errors import BuffycoatError, EngineDiffers, EngineUnreachable, WorkersKilled
from buffycoat.workflows.engine.calls import Call, Said, Shared

__all__ = ["Cluster", "versions_here"]

A = TypeVar("A")
T = TypeVar("T")

_CONNECT_S: Final = 15.0
_PATIENCE_S: Final = 120.0
_LOOK_S: Final = 5.0
_HEARD_S: Final = 1.0
_TASK_S: Final = 0.25
"""How long a task shall take: much longer than handing it out, much shorter than a person waits."""
_MOST_CALLS: Final = 64
_MOST_ITEMS: Final = 1024
_TASK_BYTES: Final = 4_000_000
_FLIGHT_BYTES: Final = 256_000_000
_COMPUTES: Final = (
    "buffycoat",
    "numpy",
    "scipy",
    "opencv-python-headless",
    "pillow",
    "pi-heif",
    "scikit-learn",
    "numba",
    "onnxruntime",
)
"""What decides what comes out."""


@cache
def versions_here() -> Mapping[str, str]:
    """Return the version of each package that results rest on, in this process."""
    found = {}
    for name in _COMPUTES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def _compute(
    asked: Mapping[str, str], calls: Sequence[bytes], shared: Mapping[str, Any]
) -> tuple[list[Said], float] | Mapping[str, str]:
    """Make some calls on a worker: answers and seconds; or the versions here, where they are not those asked for."""
    if asked != versions_here():
        return versions_here()
    started = time.perf_counter()
    answers = []
    for content in calls:
        call: Call = pickle.loads(content)  # noqa: S301 (a worker does what its scheduler tells it, by design)
        for argument in (*call.args, *call.named.values()):
            if isinstance(argument, Shared):
                argument.value = shared[argument.key]
        answers.append(call.make())
    return answers, time.perf_counter() - started


def _unpacked(content: bytes) -> Any:
    """Make of bytes what many calls share; the scheduler holds no more of it than the bytes."""
    return pickle.loads(content)  # noqa: S301 (as above)


@dataclass(slots=True, kw_only=True)
class _Batch:
    """Some items in their order, those that are calls as bytes, and the task that they became."""

    items: list[bytes | None] = field(default_factory=list)
    future: Future | None = None

    @property
    def calls(self) -> list[bytes]:
        return [item for item in self.items if item is not None]

    @property
    def size(self) -> int:
        return sum(map(len, self.calls))


class Cluster:
    """A Dask cluster, by the address of its scheduler.

    Parameters
    ----------
    address : str
        ``tcp://HOST:PORT`` or ``tls://HOST:PORT``.
    patience_s : float
        How long to wait for a worker where there is none.

    Attributes
    ----------
    tasks : int
        How many tasks were handed out so far.
    most : int
        How many were on their way at once at most.
    """

    threads: int | None = 1

    def __init__(self, address: str, *, patience_s: float = _PATIENCE_S) -> None:
        self.address, self._patience_s = address, patience_s
        self._client: Client | None = None
        self._pace_s = _TASK_S  # the first tasks hold one call each: nobody knows yet how long it takes
        self._at_once, self._looked = 1, 0.0
        self._alone_since: float | None = None
        self.tasks = self.most = 0

    # ------------------------------------------------------------- engine

    def run(self, calls: Iterable[Call | None]) -> Generator[Said, None, None]:
        """Give the answers in the order of the calls, a few tasks a core on their way at once.

        Raises
        ------
        EngineUnreachable
            The scheduler does not answer, or there are no workers.
        EngineDiffers
            A worker has other versions than this process.
        """
        source, flight, shared = iter(calls), deque[_Batch](), dict[str, Future]()
        try:
            while True:
                # Never fewer than one, however large it is.
                while not flight or (len(flight) < 2 * self._at_once + 2 and _size(flight) < _FLIGHT_BYTES):
                    batch = self._next(source, shared)
                    if batch is None:
                        break
                    flight.append(batch)
                    self.most = max(self.most, len(flight))
                if not flight:
                    return
                batch = flight[0]
                answers = iter(self._answers(batch, shared))
                flight.popleft()
                for item in batch.items:
                    yield Said() if item is None else next(answers)
        finally:
            self._leave(flight)

    def map(self, function: Callable[[A], T], items: Iterable[A]) -> Iterator[T]:
        """Give ``function(item)`` for each item, in their order."""
        for said in self.run(Call(function, (item,)) for item in items):
            yield said.get()

    def close(self) -> None:
        """Leave the cluster, which goes on without us."""
        if self._client is not None:
            with suppress(Exception):  # whatever is left of a connection that broke
                self._client.close(timeout=5)
            self._client = None

    # -------------------------------------------------------------- tasks

    def _next(self, source: Iterator[Call | None], shared: dict[str, Future]) -> _Batch | None:
        """Take the calls of one task from the source and hand it out; ``None`` at the end."""
        wanted = min(max(1, round(_TASK_S / self._pace_s)), _MOST_CALLS)
        batch, calls, size = _Batch(), 0, 0
        for call in source:
            content = None if call is None else pickle.dumps(call, protocol=5)
            batch.items.append(content)
            if call is not None and content is not None:
                self._share(call, shared)
                calls, size = calls + 1, size + len(content)
            if calls >= wanted or size >= _TASK_BYTES or len(batch.items) >= _MOST_ITEMS:
                break
        if not batch.items:
            return None
        if calls:
            batch.future = self._submit(_compute, versions_here(), batch.calls, dict(shared))
            self.tasks += 1
        return batch

    def _share(self, call: Call, shared: dict[str, Future]) -> None:
        """Hand what many calls share to the scheduler, which keeps it: it outlives the worker that has it."""
        for argument in (*call.args, *call.named.values()):
            if isinstance(argument, Shared) and argument.key not in shared:
                shared[argument.key] = self._submit(_unpacked, pickle.dumps(argument.value, protocol=5))

    def _submit(self, function: Callable[..., Any], *args: Any) -> Future:
        client = self._connected()
        # Dask advises against large arguments; that the scheduler keeps them is what lets a worker be lost.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "100GB"}):
            try:
                return client.submit(function, *args, pure=False)
            except (OSError, RuntimeError) as error:
                raise self._lost(error) from error

    def _answers(self, batch: _Batch, shared: Mapping[str, Future]) -> list[Said]:
        if batch.future is None:
            return []
        try:
            answers = self._result(batch.future)
        except KilledWorker as error:
            if len(batch.calls) == 1:
                return [Said(error=_killed(error))]
            return [said for one in batch.calls for said in self._alone(one, shared)]
        if isinstance(answers, Mapping):
            raise _differ(self.address, [answers])
        said, seconds = answers
        # Half of what was, half of what is: one slow call changes little.
        self._pace_s = (self._pace_s + max(seconds, 1e-6) / len(said)) / 2
        return list(said)

    def _alone(self, call: bytes, shared: Mapping[str, Future]) -> list[Said]:
        """Make one call of a task at which workers died: it may be another one that killed them."""
        future = self._submit(_compute, versions_here(), [call], dict(shared))
        return self._answers(_Batch(items=[call], future=future), shared)

    def _result(self, future: Future) -> Any:
        while not future.done():
            self._look()
            with suppress(TimeoutError):
                future.exception(timeout=_HEARD_S)
        if future.status == "error":
            error = future.exception()
            raise error if isinstance(error, Exception) else RuntimeError(str(error))
        if future.status != "finished":
            raise self._lost(ConnectionError("the connection broke"))
        try:
            return future.result()
        except (OSError, RuntimeError, CancelledError) as error:
            raise self._lost(error) from error

    def _leave(self, flight: Iterable[_Batch]) -> None:
        futures = [batch.future for batch in flight if batch.future is not None]
        if self._client is not None and futures:
            with suppress(Exception):  # a scheduler that is gone has nothing to cancel
                self._client.cancel(futures, asynchronous=False)

    # --------------------------------------------------------- connection

    def _connected(self) -> Client:
        if self._client is None:
            self._client = self._connect()
            self._looked = 0.0
            self._look()
        return self._client

    def _connect(self) -> Client:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of versions, which are compared below
                client = Client(self.address, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            raise self._lost(error) from error
        try:
            # Asking for something, not for workers: a cluster that grows on demand grows for it.
            client.submit(getpid, pure=False).result(timeout=self._patience_s)
            told = list(client.run(versions_here, on_error="return").values())
            # The scheduler unpacks what is handed out, so it has to know our modules.
            told.append(self._of_scheduler(client))
        except (OSError, RuntimeError, CancelledError) as error:
            client.close(timeout=5)
            if isinstance(error, TimeoutError):
                raise self._no_workers() from error
            raise self._lost(error) from error
        except KilledWorker as error:
            client.close(timeout=5)
            raise _killed(error) from error
        strange = [each for each in told if each != versions_here()]
        if strange:
            client.close(timeout=5)
            raise _differ(self.address, strange)
        return client

    @staticmethod
    def _of_scheduler(client: Client) -> object:
        try:
            return client.run_on_scheduler(versions_here)
        except ImportError as error:
            return error

    def _look(self) -> None:
        """See now and then how many cores there are, and whether there are any."""
        client, now = self._client, time.monotonic()
        if client is None or now - self._looked < _LOOK_S:
            return
        self._looked = now
        if client.status not in ("running", "connecting"):
            raise self._lost(ConnectionError(f"the connection is {client.status}"))
        try:
            cores = sum(client.nthreads().values())
        except (OSError, RuntimeError) as error:
            raise self._lost(error) from error
        self._at_once = max(1, cores)
        if cores:
            self._alone_since = None
            return
        self._alone_since = self._alone_since or now
        if now - self._alone_since > self._patience_s:
            raise self._no_workers()

    def _lost(self, error: Exception) -> EngineUnreachable:
        self.close()
        said = next(iter(str(error).splitlines()), "") or type(error).__name__
        return EngineUnreachable(
            f"the cluster at {self.address} does not answer", expected="a Dask scheduler", found=said[:160]
        )

    def _no_workers(self) -> EngineUnreachable:
        return EngineUnreachable(
            f"the cluster at {self.address} has no workers",
            expected=f"one within {self._patience_s:g} seconds",
            found="none",
            hint="start workers: `dask worker ADDRESS`, or let its launcher scale; then give the same command again",
        )


def _size(flight: Iterable[_Batch]) -> int:
    return sum(batch.size for batch in flight)


def _killed(error: Exception) -> BuffycoatError:
    said = next(iter(str(error).splitlines()), "")
    return WorkersKilled("workers died over it, one after the other", found=said[:160])


def _differ(address: str, told: Sequence[Any]) -> EngineDiffers:
    """Say which packages differ on how many workers."""
    here = versions_here()
    strange = next(iter(told))
    if isinstance(strange, Mapping):
        pairs = {name: (here[name], strange.get(name, "none")) for name in here if here[name] != strange.get(name)}
        expected = ", ".join(f"{name} {ours}" for name, (ours, _) in pairs.items())
        found = ", ".join(f"{name} {theirs}" for name, (_, theirs) in pairs.items())
    else:
        expected, found = f"buffycoat {here['buffycoat']}", f"{type(strange).__name__}: {strange}"[:160]
    parts = "a part" if len(told) == 1 else f"{len(told)} parts"
    return EngineDiffers(
        f"{parts} of the cluster at {address} would not compute the same", expected=expected, found=found
    )
