"""What hangs together through links."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["connected"]


def connected(links: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of names that links join, each sorted, groups by their first member.

    A name that is linked to itself only is a group of one.

    Examples
    --------
    >>> connected([("c", "b"), ("d", "d"), ("a", "c")])
    (('a', 'b', 'c'), ('d',))
    """
    above: dict[str, str] = {}

    def top(name: str) -> str:
        path = []
        while above.setdefault(name, name) != name:
            path.append(name)
            name = above[name]
        above.update(dict.fromkeys(path, name))
        return name

    for one, other in links:
        above[top(one)] = top(other)
    groups: dict[str, list[str]] = {}
    for name in sorted(above):
        groups.setdefault(top(name), []).append(name)
    return tuple(sorted(tuple(group) for group in groups.values()))
