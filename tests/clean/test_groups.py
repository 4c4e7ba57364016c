from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from buffycoat.clean.groups import connected, connected_unless

EDGES = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30)


def by_breadth_first_search(count: int, edges: list[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    neighbors: dict[int, set[int]] = {thing: set() for thing in range(count)}
    for a, b in edges:
        neighbors[a].add(b)
        neighbors[b].add(a)
    seen: set[int] = set()
    groups = []
    for thing in range(count):
        if thing in seen:
            continue
        group, waiting = [], deque([thing])
        seen.add(thing)
        while waiting:
            here = waiting.popleft()
            group.append(here)
            for other in neighbors[here] - seen:
                seen.add(other)
                waiting.append(other)
        if len(group) > 1:
            groups.append(tuple(sorted(group)))
    return tuple(sorted(groups))


@given(EDGES)
def test_groups_are_those_of_a_breadth_first_search(edges: list[tuple[int, int]]):
    assert connected(20, edges) == by_breadth_first_search(20, edges)


@given(EDGES, st.randoms())
def test_the_order_and_direction_of_edges_do_not_matter(edges: list[tuple[int, int]], random):
    turned = [(b, a) for a, b in edges]
    random.shuffle(turned)
    assert connected(20, turned) == connected(20, edges)


@given(EDGES)
def test_being_in_one_group_is_an_equivalence(edges: list[tuple[int, int]]):
    groups = connected(20, edges)
    members = [member for group in groups for member in group]
    assert len(members) == len(set(members))
    where = {member: number for number, group in enumerate(groups) for member in group}
    assert all(where[a] == where[b] for a, b in edges if a != b)


def test_nothing_is_no_group():
    assert connected(0, []) == ()
    assert connected(3, [(1, 1)]) == ()


@given(EDGES)
def test_where_nothing_is_forbidden_every_edge_holds(edges: list[tuple[int, int]]):
    assert connected_unless(edges, lambda _a, _b: False) == tuple(edges)


@given(EDGES, st.integers(2, 7))
def test_no_group_holds_two_forbidden_members(edges: list[tuple[int, int]], fields: int):
    def forbidden(a: int, b: int) -> bool:
        return a != b and a % fields == b % fields

    for group in connected(20, connected_unless(edges, forbidden)):
        assert not any(forbidden(a, b) for a in group for b in group)


def test_of_two_edges_that_cannot_both_hold_the_stronger_does():
    def forbidden(a: int, b: int) -> bool:
        return {a, b} == {0, 2}

    assert connected_unless([(1, 2), (0, 1)], forbidden) == ((1, 2),)
    assert connected_unless([(0, 1), (1, 2)], forbidden) == ((0, 1),)
