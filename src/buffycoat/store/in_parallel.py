"""Many small requests at once, their answers in order: what a network makes slow is the waiting."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["in_order"]

A = TypeVar("A")
B = TypeVar("B")


def in_order(do: Callable[[A], B], items: Iterable[A], *, threads: int) -> Iterator[B]:
    """Give ``do(item)`` for each item, in the order of the items; a few are done ahead, so memory stays small.

    The first error ends it: what has not begun is left.

    Examples
    --------
    >>> list(in_order(abs, [-2, 1, -3], threads=2))
    [2, 1, 3]
    """
    if threads < 2:
        yield from map(do, items)
        return
    ahead: deque[Future[B]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="objects")
    try:
        for item in items:
            ahead.append(pool.submit(do, item))
            if len(ahead) >= 2 * threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
