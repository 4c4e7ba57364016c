from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from buffycoat.clean.covered import covered_fields

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
