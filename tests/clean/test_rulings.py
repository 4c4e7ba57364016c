"""What people ruled on pictures holds against every measurement, and is taken back without a trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.rulings import standing_rulings, verdicts
from buffycoat.domain.cell import DuplicateEdge, Evidence
from buffycoat.domain.geometry import Box
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.errors import Conflict
from buffycoat.imaging.registration import thumbnail

PICTURE = thumbnail(np.full((32, 32, 3), 200, np.uint8))
START = datetime(2026, 5, 1, tzinfo=UTC)


def candidate(name: str, field: str | None = None, sharpness: float = 1.0, bits: int = 0) -> Candidate:
    """A cell alone in a photograph of its own, unless one is named."""
    return Candidate(
        id=name,
        field_id=field or f"field of {name}",
        box=Box.around(50, 50, 40),
        sharpness=sharpness,
        average_hash=bits,
        perceptual_hash=bits << 8,
        thumbnail=PICTURE,
    )


def edge(a: str, b: str, correlation: float = 0.95, evidence: Evidence = Evidence.REGISTRATION) -> DuplicateEdge:
    return DuplicateEdge(
        a=a, b=b, average_hash_distance=3, perceptual_hash_distance=4, correlation=correlation, evidence=evidence
    )


def say(cell: str, other: str, ruled: Ruled, minute: int = 0, name: str = "") -> RepeatRuling:
    return RepeatRuling(
        id=name or f"{99 - minute} {cell} {other} {ruled}",  # ids are not in the order of time
        smear_id="s",
        cell_id=cell,
        other_id=other,
        ruled=ruled,
        by="amina",
        reason="",
        given_at=START + timedelta(minutes=minute),
        run_id="r",
    )


def three(**sharpness: float) -> list[Candidate]:
    return [candidate(name, sharpness=sharpness.get(name, 1.0)) for name in "abc"]


CHAIN = (edge("a", "c", 0.99), edge("b", "c", 0.93))


def test_without_rulings_the_measurement_counts():
    found = verdicts(three(b=2.0), CHAIN, cut=())
    assert found.groups == (("a", "b", "c"),)
    assert found.kept == ("b",)
    assert found.edges == CHAIN


def test_apart_parts_two_cells_though_a_third_links_them_and_the_weakest_link_gives_way():
    found = verdicts(three(), CHAIN, rulings=[say("b", "a", Ruled.APART)], cut=())
    assert (found.groups, found.edges) == ((("a", "c"),), CHAIN[:1])
    weaker_first = (edge("a", "c", 0.93), edge("b", "c", 0.99))
    found = verdicts(three(), weaker_first, rulings=[say("b", "a", Ruled.APART)], cut=())
    assert (found.groups, found.edges) == ((("b", "c"),), weaker_first[1:])


def test_what_lies_at_one_place_is_surer_than_what_correlates_more():
    edges = (edge("a", "c", 0.99), edge("b", "c", 0.5, Evidence.OVERLAP))
    assert verdicts(three(), edges, rulings=[say("a", "b", Ruled.APART)], cut=()).groups == (("b", "c"),)


def test_apart_takes_its_own_edge_however_sure_that_is():
    found = verdicts(three(), [edge("a", "b", 1.0, Evidence.OVERLAP)], rulings=[say("a", "b", Ruled.APART)], cut=())
    assert (found.groups, found.kept, found.edges) == ((), (), ())


def test_a_long_chain_is_parted_once_and_at_its_weakest_link():
    names = "abcdef"
    strengths = (0.97, 0.96, 0.93, 0.95, 0.98)
    edges = [edge(a, b, s) for a, b, s in zip(names, names[1:], strengths, strict=False)]
    cells = [candidate(name) for name in names]
    found = verdicts(cells, edges, rulings=[say("a", "f", Ruled.APART)], cut=())
    assert found.groups == (("a", "b", "c"), ("d", "e", "f"))
    assert len(found.edges) == 4


def test_together_joins_cells_that_nothing_measured_joined_and_tells_their_hashes():
    cells = [candidate("a", bits=0), candidate("b", bits=7), candidate("c")]
    found = verdicts(cells, [], rulings=[say("b", "a", Ruled.TOGETHER)], cut=())
    assert found.groups == (("a", "b"),)
    (joined,) = found.edges
    assert (joined.a, joined.b) == ("a", "b")
    assert (joined.average_hash_distance, joined.perceptual_hash_distance) == (3, 3)
    assert (joined.correlation, joined.evidence, joined.warp) == (None, None, None)


def test_together_keeps_what_was_measured_as_evidence():
    found = verdicts(three(), CHAIN, rulings=[say("c", "a", Ruled.TOGETHER)], cut=())
    assert found.edges == CHAIN


def test_a_word_is_surer_than_any_measurement():
    rulings = [say("a", "b", Ruled.APART), say("b", "c", Ruled.TOGETHER, 1)]
    found = verdicts(three(), [edge("a", "c", 1.0, Evidence.OVERLAP)], rulings=rulings, cut=())
    assert found.groups == (("b", "c"),)


def test_words_that_contradict_each_other_by_way_of_a_third_never_join_what_is_apart():
    rulings = [say("a", "c", Ruled.TOGETHER), say("b", "c", Ruled.TOGETHER, 1), say("a", "b", Ruled.APART, 2)]
    (group,) = verdicts(three(), [], rulings=rulings, cut=()).groups
    assert len(group) == 2
    assert "c" in group


def test_keep_chooses_the_picture_and_joins_what_was_not_joined():
    cells = three(a=1.0, b=9.0, c=5.0)
    assert verdicts(cells, CHAIN, rulings=[say("a", "b", Ruled.KEEP)], cut=()).kept == ("a",)
    alone = verdicts(cells, [], rulings=[say("a", "b", Ruled.KEEP)], cut=())
    assert (alone.groups, alone.kept) == ((("a", "b"),), ("a",))


def test_the_last_choice_of_a_picture_counts():
    cells = three(a=1.0, b=9.0, c=5.0)
    first, later = say("a", "b", Ruled.KEEP, 1), say("c", "a", Ruled.KEEP, 2)
    assert verdicts(cells, CHAIN, rulings=[later, first], cut=()).kept == ("c",)
    swapped = say("b", "a", Ruled.KEEP, 3)
    assert verdicts(cells, CHAIN, rulings=[swapped, first], cut=()).kept == ("b",)


def test_a_choice_goes_before_the_pictures_that_people_have_worked_on():
    cells = three(a=1.0, b=9.0, c=5.0)
    assert verdicts(cells, CHAIN, rulings=[say("a", "b", Ruled.KEEP)], pinned={"c"}, cut=()).kept == ("a",)


@pytest.mark.parametrize("taken_back", [Ruled.APART, Ruled.KEEP])
def test_measured_takes_back_what_was_ruled(taken_back: Ruled):
    before = verdicts(three(b=3.0), CHAIN, cut=())
    rulings = [say("a", "b", taken_back, 1)]
    assert verdicts(three(b=3.0), CHAIN, rulings=rulings, cut=()) != before
    # Said of the same two in the other order.
    rulings.append(say("b", "a", Ruled.MEASURED, 2))
    assert verdicts(three(b=3.0), CHAIN, rulings=rulings, cut=()) == before
    assert standing_rulings(rulings) == {}


def test_the_last_word_on_a_pair_counts_and_at_one_moment_the_one_whose_id_comes_last():
    said = [say("a", "b", Ruled.TOGETHER, 1), say("b", "a", Ruled.APART, 2), say("a", "b", Ruled.TOGETHER, 3)]
    assert standing_rulings(said[:2]) == {("a", "b"): said[1]}
    assert standing_rulings(said) == {("a", "b"): said[2]}
    one, other = say("a", "b", Ruled.APART, 5, "x"), say("a", "b", Ruled.TOGETHER, 5, "y")
    assert standing_rulings([other, one]) == standing_rulings([one, other]) == {("a", "b"): other}


@pytest.mark.parametrize("ruled", list(Ruled))
def test_rulings_on_cells_that_are_not_there_are_passed_over(ruled: Ruled):
    rulings = [say("a", "gone", ruled), say("gone", "c", ruled), say("gone", "lost", ruled)]
    assert verdicts(three(), CHAIN, rulings=rulings, cut=()) == verdicts(three(), CHAIN, cut=())


def test_a_ruling_speaks_of_two_cells():
    with pytest.raises(Conflict, match="two cells"):
        say("a", "a", Ruled.APART)


def test_a_picture_that_people_have_worked_on_stays_though_a_sharper_one_came():
    cells = three(a=1.0, b=9.0, c=5.0)
    assert verdicts(cells, CHAIN, cut=()).kept == ("b",)
    assert verdicts(cells, CHAIN, pinned={"a"}, cut=()).kept == ("a",)
    assert verdicts(cells, CHAIN, pinned={"a", "c", "elsewhere"}, cut=()).kept == ("c",), "the sharper of the two"


def test_a_covered_photograph_that_holds_the_picture_that_stays_stays_too():
    # Photograph "small" shows one cell, which "large" shows beside another one.
    cells = [candidate("a", "small", 1.0), candidate("b", "large", 2.0), candidate("c", "large", 2.0)]
    edges = [edge("a", "b")]
    usual = verdicts(cells, edges, cut=())
    assert (usual.kept, dict(usual.covered)) == (("b",), {"small": "large"})
    for more in ({"pinned": {"a"}}, {"rulings": [say("a", "b", Ruled.KEEP)]}):
        found = verdicts(cells, edges, cut=(), **more)
        assert (found.kept, dict(found.covered)) == (("a",), {})


def test_a_cell_that_is_ruled_apart_keeps_its_photograph():
    cells = [candidate("a", "small"), candidate("b", "large"), candidate("c", "large")]
    found = verdicts(cells, [edge("a", "b")], rulings=[say("a", "b", Ruled.APART)], cut=())
    assert (found.groups, dict(found.covered)) == ((), {})


def test_the_paper_keeps_the_sharpest_and_drops_the_poorer_photograph_though_they_conflict():
    cells = [candidate("a", "small", 9.0), candidate("b", "large", 2.0), candidate("c", "large", 2.0)]
    paper = verdicts(cells, [edge("a", "b")])
    assert (paper.kept, dict(paper.covered)) == (("a",), {"small": "large"})
    # The default mode has no such conflict.
    ours = verdicts(cells, [edge("a", "b")], cut=())
    assert (ours.kept, dict(ours.covered)) == (("b",), {"small": "large"})


def test_a_cut_picture_does_not_replace_a_whole_one():
    cells = [candidate("a", "small", 1.0), candidate("b", "large", 9.0), candidate("c", "large", 2.0)]
    found = verdicts(cells, [edge("a", "b")], cut={"b"})
    assert (found.kept, dict(found.covered)) == (("a",), {})


def test_nothing_comes_of_nothing():
    empty = verdicts([], [], rulings=[say("a", "b", Ruled.TOGETHER)], cut=())
    assert (empty.edges, empty.groups, empty.kept, dict(empty.covered)) == ((), (), (), {})


NAMES = "abcdefg"
PAIRS = [(a, b) for a in NAMES for b in NAMES if a < b]


@st.composite
def smears(draw: st.DrawFn):
    cells = [
        candidate(name, draw(st.sampled_from("xyz")), draw(st.integers(1, 3)), draw(st.integers(0, 15)))
        for name in NAMES
    ]
    edges = [
        edge(a, b, draw(st.sampled_from((0.93, 0.95, 0.99))), draw(st.sampled_from(Evidence)))
        for a, b in draw(st.lists(st.sampled_from(PAIRS), unique=True, max_size=10))
    ]
    numbers = count()
    rulings = [
        say(*draw(st.permutations(pair)), draw(st.sampled_from(Ruled)), draw(st.integers(0, 3)), f"{next(numbers):02}")
        for pair in draw(st.lists(st.sampled_from(PAIRS), max_size=8))
    ]
    pinned = draw(st.frozensets(st.sampled_from(NAMES)))
    cut = draw(st.none() | st.frozensets(st.sampled_from(NAMES)))
    return cells, edges, rulings, pinned, cut


@given(smears(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_what_comes_in_is_irrelevant(smear, random):
    cells, edges, rulings, pinned, cut = smear
    expected = verdicts(cells, edges, rulings=rulings, pinned=pinned, cut=cut)
    for each in (cells, edges, rulings):
        random.shuffle(each)
    assert verdicts(cells, edges, rulings=rulings, pinned=pinned, cut=cut) == expected


@given(smears())
@settings(max_examples=200, deadline=None)
def test_what_is_apart_is_never_together_and_no_cell_is_lost(smear):
    cells, edges, rulings, pinned, cut = smear
    found = verdicts(cells, edges, rulings=rulings, pinned=pinned, cut=cut)
    group_of = {name: number for number, group in enumerate(found.groups) for name in group}
    assert len(group_of) == sum(map(len, found.groups)), "each cell in one group at most"
    last = standing_rulings(rulings)
    for (a, b), ruling in last.items():
        if ruling.ruled is Ruled.APART:
            assert a not in group_of or group_of[a] != group_of.get(b)
    if not any(ruling.ruled is Ruled.APART for ruling in last.values()):
        joined = [pair for pair, ruling in last.items()] + [(each.a, each.b) for each in edges]
        assert all(group_of[a] == group_of[b] for a, b in joined)
    assert all(kept in group for kept, group in zip(found.kept, found.groups, strict=True))
    assert all(group_of[each.a] == group_of[each.b] for each in found.edges)
    if cut is not None:
        field_of = {each.id: each.field_id for each in cells}
        staying = {each.id for each in cells if each.id not in group_of} | set(found.kept)
        assert {field_of[name] for name in staying}.isdisjoint(found.covered)
