from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.covered import covered_fields, is_cut, settle
from buffycoat.domain.geometry import Box

SHOWN = st.dictionaries(
    st.sampled_from([f"f{number}" for number in range(9)]), st.frozensets(st.sampled_from("abcde"), max_size=4)
)


def test_a_chain_ends_in_the_one_that_stays():
    shown = {"f1": frozenset("a"), "f2": frozenset("ab"), "f3": frozenset("abc"), "f4": frozenset("cd")}
    assert covered_fields(shown, dict.fromkeys(shown, 1.0)) == {"f1": "f3", "f2": "f3"}


def test_of_equal_photographs_the_sharpest_stays_then_the_first():
    shown = dict.fromkeys(["f1", "f2", "f3"], frozenset("ab"))
    assert covered_fields(shown, {"f1": 1, "f2": 3, "f3": 2}) == {"f1": "f2", "f3": "f2"}
    assert covered_fields(shown, dict.fromkeys(shown, 1)) == {"f2": "f1", "f3": "f1"}


def test_a_photograph_without_cells_is_outside_the_rule():
    assert covered_fields({"f1": frozenset(), "f2": frozenset("a"), "f3": frozenset()}, {"f2": 1.0}) == {}


@given(SHOWN, st.lists(st.integers(0, 2), min_size=9, max_size=9))
def test_no_cell_is_lost_and_nothing_that_stays_is_covered(shown: dict[str, frozenset[str]], levels: list[int]):
    sharpness = {f"f{number}": float(level) for number, level in enumerate(levels)}
    covered = covered_fields(shown, sharpness)
    staying = [name for name in shown if name not in covered]
    assert frozenset().union(*shown.values()) == frozenset().union(*(shown[name] for name in staying))
    assert all(shown[name] <= shown[cover] and cover in staying for name, cover in covered.items())
    assert not any(a != b and shown[a] and shown[a] <= shown[b] for a in staying for b in staying)
    turned = dict(reversed(shown.items()))
    assert covered_fields(turned, sharpness) == covered


def picture(name: str, sharp: float = 1.0) -> Candidate:
    """The name is that of the photograph, a slash, and that of the cell."""
    return Candidate(
        id=name,
        field_id=name.split("/", maxsplit=1)[0],
        box=Box(left=0, top=0, right=9, bottom=9),
        sharpness=sharp,
        average_hash=0,
        perceptual_hash=0,
        thumbnail=np.zeros((64, 64), np.uint8),
    )


def test_a_cut_cell_does_not_replace_a_whole_one():
    shown = {"f1": frozenset("a"), "f2": frozenset("ab")}
    level = dict.fromkeys(shown, 1.0)
    assert covered_fields(shown, level, whole={"f1": frozenset("a"), "f2": frozenset("b")}) == {}
    assert covered_fields(shown, level, whole={"f1": frozenset(), "f2": frozenset()}) == {"f1": "f2"}
    # Of equal photographs the one that cuts less stays, though the other is sharper.
    same = dict.fromkeys(["f1", "f2"], frozenset("ab"))
    assert covered_fields(same, {"f1": 9, "f2": 1}, whole={"f1": frozenset("a"), "f2": frozenset("ab")}) == {"f1": "f2"}


def test_the_picture_that_stays_is_whole_and_in_a_photograph_that_stays():
    cells = [picture("f1/a", 9), picture("f2/a", 1), picture("f2/b", 1)]
    settled = settle(cells, [("f1/a", "f2/a")])
    assert (settled.covered, settled.kept) == ({"f1": "f2"}, ("f2/a",))
    # f2 cuts it: then f1 stays, and the whole picture, though the other is sharper.
    cells = [picture("f1/a", 1), picture("f2/a", 9), picture("f2/b", 1)]
    settled = settle(cells, [("f1/a", "f2/a")], cut={"f2/a"})
    assert (settled.covered, settled.kept) == ({}, ("f1/a",))
    assert settle(cells, [("f1/a", "f2/a")], cut={"f1/a", "f2/a"}).covered == {"f1": "f2"}


def test_a_cell_that_was_not_found_in_the_other_photograph_does_not_live_on():
    cells = [picture("f1/a"), picture("f1/b"), picture("f2/a")]
    assert settle(cells, [("f1/a", "f2/a")]).covered == {"f2": "f1"}
    cells = [picture("f1/a"), picture("f1/b"), picture("f2/a"), picture("f2/c")]
    assert settle(cells, [("f1/a", "f2/a")]).covered == {}


def test_a_cell_is_cut_where_it_reaches_the_edge_all_but():
    def place(left: int, top: int) -> Box:
        return Box(left=left, top=top, right=left + 100, bottom=top + 50)

    assert not is_cut(place(3, 3), 640, 480)
    assert not is_cut(place(537, 427), 640, 480)
    assert all(is_cut(place(*at), 640, 480) for at in [(2, 50), (50, 2), (538, 50), (50, 428), (-5, 50)])


CELLS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 5), st.booleans(), st.integers(0, 3)),
    unique_by=lambda each: each[:2],
    max_size=25,
)


@given(CELLS)
def test_no_cell_goes_with_its_photograph(cells: list[tuple[int, int, bool, int]]):
    pictures = [picture(f"f{field}/{cell}", sharp) for field, cell, _, sharp in cells]
    cut = {f"f{field}/{cell}" for field, cell, is_cut, _ in cells if is_cut}
    groups = []
    for cell in range(6):
        members = sorted(each.id for each in pictures if each.id.endswith(f"/{cell}"))
        groups += [tuple(members)] if len(members) > 1 else []
    settled = settle(pictures, groups, cut=cut)
    grouped = {member for group in groups for member in group}
    staying = {*settled.kept, *(each.id for each in pictures if each.id not in grouped)}
    assert not any(name.split("/")[0] in settled.covered for name in staying)
    assert {name.split("/")[1] for name in staying} == {each.id.split("/")[1] for each in pictures}
    whole = {each.id.split("/")[1] for each in pictures if each.id not in cut}
    assert {name.split("/")[1] for name in staying if name not in cut} == whole
    assert settle(reversed(pictures), groups, cut=cut) == settled
