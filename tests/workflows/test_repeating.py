"""Repeats under review: what is asked and suggested, what would change, groups, covered photographs, and back again."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from buffycoat.clean import CleanParameters
from buffycoat.domain.account import Person
from buffycoat.domain.label import Role
from buffycoat.domain.repeating import (
    GroupOrder,
    NearPair,
    PairAnswer,
    PairSaid,
    RepeatChange,
    ThresholdWish,
    Way,
    WhyCleaned,
)
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import Smear
from buffycoat.errors import Conflict, InputError, NotFound
from buffycoat.store.queries import CellFilter, covered_fields, current_ids, current_repeats
from buffycoat.workflows.clean import clean_cells, clean_parameters
from buffycoat.workflows.consensus import being_read
from buffycoat.workflows.label import open_round
from buffycoat.workflows.repeating import (
    answer_pair,
    check_wish,
    compare_cleanings,
    covered_pairs,
    go_back,
    group_page,
    list_cleanings,
    preview,
    seen,
    threshold_sheet,
)
from buffycoat.workflows.repeats import list_repeats, rule_on
from buffycoat.workflows.workspace import Workspace, open_workspace

CARLA = Person(id="carla", handle="carla", role=Role.CURATOR)
PAPER = ThresholdWish(method="paper", average_bits=6, perceptual_bits=12)


@pytest.fixture
def demo_copy(demo_workspace, tmp_path):
    """A copy of the demo that may be written to."""
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


@pytest.fixture(scope="module")
def demo(demo_workspace):
    with open_workspace(demo_workspace) as opened:
        yield opened


def state(workspace: Workspace) -> tuple[object, ...]:
    """All that cleaning says now: repeats with their evidence and run, and covered photographs."""
    with workspace.database.reading() as transaction:
        return tuple(current_repeats(transaction)), dict(covered_fields(transaction))


def kept(workspace: Workspace) -> set[str]:
    with workspace.database.reading() as transaction:
        return set(current_ids(transaction, CellFilter(kept=True)))


def say(workspace: Workspace, pair: NearPair, answer: PairAnswer) -> None:
    answer_pair(workspace, CARLA, PairSaid(cell_id=pair.a, other_id=pair.b, answer=answer))


# ------------------------------------------------------------------ thresholds


def test_pairs_near_the_lines_are_asked_until_they_are_answered(demo_copy):
    before = state(demo_copy)
    sheet = threshold_sheet(demo_copy, Way.HASHES)
    assert sheet.in_force.method == "registered"
    assert (sheet.lines.average_bits, sheet.lines.perceptual_bits) == (6, 12)
    assert len(sheet.asked) >= 10
    assert sheet.suggestion is None
    one, two, three = sheet.asked[:3]
    say(demo_copy, one, PairAnswer.DIFFERENT)
    say(demo_copy, two, PairAnswer.UNSURE)
    say(demo_copy, three, PairAnswer.SAME)
    later = threshold_sheet(demo_copy, Way.HASHES)
    assert later.asked == sheet.asked[3:]
    assert [({each.a, each.b}, each.answer, each.by) for each in later.answered] == [
        ({three.a, three.b}, PairAnswer.SAME, "carla"),
        ({two.a, two.b}, PairAnswer.UNSURE, "carla"),
        ({one.a, one.b}, PairAnswer.DIFFERENT, "carla"),
    ]
    assert later.suggestion is not None
    assert later.suggestion.asked == 2, "what nobody can tell says nothing of thresholds"
    assert later.waiting == len({one.smear, three.smear})
    assert state(demo_copy) == before, "an answer cleans nothing by itself"
    for pair in (one, two, three):
        say(demo_copy, pair, PairAnswer.BACK)
    assert threshold_sheet(demo_copy, Way.HASHES) == sheet
    with demo_copy.database.reading() as transaction:
        assert len(transaction.find(RepeatRuling)) == 6, "nothing that was said is lost"


def test_suggested_lines_join_what_was_called_the_same_and_nothing_else(demo_copy):
    asked = threshold_sheet(demo_copy, Way.HASHES).asked[:10]
    for pair in asked:
        same = pair.average_bits + pair.perceptual_bits < 9
        say(demo_copy, pair, PairAnswer.SAME if same else PairAnswer.DIFFERENT)
    suggestion = threshold_sheet(demo_copy, Way.HASHES).suggestion
    assert suggestion is not None
    lines = suggestion.lines
    joined = [p for p in asked if p.average_bits < lines.average_bits and p.perceptual_bits < lines.perceptual_bits]
    right = [p for p in joined if p.average_bits + p.perceptual_bits < 9]
    assert len(right) / len(joined) == suggestion.precision >= 0.98
    assert suggestion.asked == len(asked)


def test_other_lines_ask_about_other_pairs(demo):
    wide = threshold_sheet(demo, Way.HASHES, average_bits=13, perceptual_bits=19)
    assert (wide.lines.average_bits, wide.lines.perceptual_bits) == (13, 19)
    usual = threshold_sheet(demo, Way.HASHES)
    assert {(p.a, p.b) for p in wide.asked} != {(p.a, p.b) for p in usual.asked}
    assert wide.by_bits == usual.by_bits, "how far apart pairs are does not depend on the lines"
    with demo.database.reading() as transaction:
        (smear,) = transaction.find(Smear, code="DRAWN-A2")
    of_one = threshold_sheet(demo, Way.HASHES, smear_id=smear.id)
    assert {pair.smear for pair in of_one.asked} == {"DRAWN-A2"}
    assert of_one.cells < usual.cells
    with pytest.raises(NotFound, match="no smear"):
        threshold_sheet(demo, Way.HASHES, smear_id="nothing")
    with pytest.raises(InputError, match="no such correlation"):
        threshold_sheet(demo, Way.CORRELATION, smear_id=smear.id, correlation=0.5)


def test_correlation_is_asked_about_where_places_do_not_decide(demo_copy, monkeypatch):
    """In the demo places decide everything; without the maps between photographs pixels must."""
    with demo_copy.database.reading() as transaction:
        (smear,) = transaction.find(Smear, code="DRAWN-B1")
    decided = threshold_sheet(demo_copy, Way.CORRELATION, smear_id=smear.id)
    assert (sum(decided.by_correlation), decided.asked) == (0, ())
    monkeypatch.setattr(seen, "_SEEN", seen._Seen())
    monkeypatch.setattr(seen, "overlaps_of", lambda _workspace, _known: ())
    sheet = threshold_sheet(demo_copy, Way.CORRELATION, smear_id=smear.id, correlation=0.98)
    assert sum(sheet.by_correlation) >= 8
    assert sheet.asked
    assert all(abs(pair.margin) <= 0.05 and pair.warp is not None for pair in sheet.asked)
    for pair in sheet.asked[:3]:
        say(demo_copy, pair, PairAnswer.SAME)
    later = threshold_sheet(demo_copy, Way.CORRELATION, smear_id=smear.id, correlation=0.98)
    assert later.suggestion is not None
    least = min(pair.correlation or 0 for pair in sheet.asked[:3])
    assert later.suggestion.lines.correlation <= least
    assert later.suggestion.recall == 1


# ------------------------------------------------------------------ what would change


@pytest.mark.parametrize(
    "wish", [PAPER, ThresholdWish(method="registered", correlation=0.95)], ids=["paper", "registered"]
)
def test_what_is_told_ahead_is_what_cleaning_does(demo_copy, wish):
    for number, pair in enumerate(threshold_sheet(demo_copy, Way.HASHES).asked[:6]):
        say(demo_copy, pair, PairAnswer.SAME if number % 2 else PairAnswer.DIFFERENT)
    before, stood = kept(demo_copy), state(demo_copy)
    told = preview(demo_copy, wish)
    assert state(demo_copy) == stood, "nothing is written"
    clean_cells(
        demo_copy,
        parameters=clean_parameters(
            wish.method,
            average_bits=wish.average_bits,
            perceptual_bits=wish.perceptual_bits,
            correlation=wish.correlation,
        ),
    )
    after = kept(demo_copy)
    assert set(told.left_out) == before - after
    assert set(told.kept_again) == after - before
    assert (told.kept_before, told.kept_after) == (len(before), len(after))
    assert before != after
    [newest, *_] = list_cleanings(demo_copy)
    done = compare_cleanings(demo_copy, newest.id)
    assert replace(done, read=told.read) == told
    again = preview(demo_copy, wish)
    assert (again.joined, again.parted, again.left_out, again.kept_again) == (0, 0, (), ())


def test_the_papers_way_waits_for_rounds_that_read_what_would_go(demo_copy):
    told = preview(demo_copy, PAPER)
    going = [cell for cell in told.left_out if cell in kept(demo_copy)]
    assert going
    with demo_copy.database.reading() as transaction:
        read = being_read(transaction)
    if not read & set(going):
        open_round(demo_copy, name="reading all", experts=["amina"])
    with pytest.raises(Conflict, match="open rounds read pictures") as refused:
        check_wish(demo_copy, PAPER)
    assert int(refused.value.found or 0) > 0
    assert check_wish(demo_copy, ThresholdWish(method="registered")) == CleanParameters()
    for wrong in (ThresholdWish(method="paper", average_bits=66), ThresholdWish(method="nothing")):
        with pytest.raises(InputError):
            check_wish(demo_copy, wrong)


# ------------------------------------------------------------------ groups


def test_groups_are_told_with_figures_that_add_up(demo):
    page = group_page(demo, limit=7)
    assert (page.total, len(page.items)) == (page.totals.groups, 7)
    assert page.totals.left_out == sum(len(view.cells) - 1 for view in list_repeats(demo))
    assert page.totals.kept == len(kept(demo))
    for group in page.items:
        assert [member.kept for member in group.members] == [True] + [False] * (len(group.members) - 1)
        assert sum(link.weakest for link in group.links) == 1
    weakest = group_page(demo, order=GroupOrder.WEAKEST, limit=100).items
    links = [min(link.correlation or 0 for link in group.links) for group in weakest]
    assert links == sorted(links)
    rest = group_page(demo, order=GroupOrder.WEAKEST, offset=7, limit=5).items
    assert rest == weakest[7:12]


def test_what_people_say_is_told_at_once_and_can_be_taken_back(demo_copy):
    group = group_page(demo_copy, limit=1).items[0]
    stays, other = group.members[0].cell_id, group.members[1].cell_id
    before = group_page(demo_copy)
    rule_on(demo_copy, other, stays, ruled=Ruled.KEEP, by="carla", reason="rounder")
    now = next(
        each for each in group_page(demo_copy, limit=100).items if other in {member.cell_id for member in each.members}
    )
    assert now.members[0].cell_id == other
    assert [(word.ruled, word.by, word.reason) for word in now.words] == [(Ruled.KEEP, "carla", "rounder")]
    rule_on(demo_copy, other, stays, ruled=Ruled.APART, by="carla")
    parted = group_page(demo_copy)
    assert (parted.total, parted.totals.kept) == (before.total - 1, before.totals.kept + 1)
    assert [(word.cell_id, word.other_id) for word in parted.apart] == [(other, stays)]
    rule_on(demo_copy, other, stays, ruled=Ruled.MEASURED, by="carla")
    assert group_page(demo_copy) == before


def test_a_kept_picture_stays_while_an_open_round_reads_it(demo_copy):
    first, second = [view for view in list_repeats(demo_copy) if view.smear == "DRAWN-A2"][:2]
    rule_on(demo_copy, first.cells[1], first.cells[0], ruled=Ruled.KEEP, by="carla")
    campaign = open_round(demo_copy, name="spring", experts=["amina"])
    assert {first.cells[1], second.cells[0]} <= set(campaign.cells)
    stood = state(demo_copy)
    with pytest.raises(Conflict, match="open round reads the picture that is kept"):
        rule_on(demo_copy, first.cells[0], first.cells[1], ruled=Ruled.KEEP, by="carla")
    with pytest.raises(Conflict, match="open round reads both"):
        rule_on(demo_copy, first.cells[0], second.cells[0], ruled=Ruled.TOGETHER, by="carla")
    assert state(demo_copy) == stood
    with demo_copy.database.reading() as transaction:
        assert len(transaction.find(RepeatRuling)) == 1
    groups = {group.members[0].cell_id: group for group in group_page(demo_copy, limit=100).items}
    assert groups[first.cells[1]].read
    # What was chosen before is taken back, and the picture that is read stays all the same.
    rule_on(demo_copy, first.cells[0], first.cells[1], ruled=Ruled.MEASURED, by="carla")
    assert first.cells[1] in kept(demo_copy)
    assert first.cells[0] not in kept(demo_copy)


# ------------------------------------------------------------------ covered photographs


def test_covered_photographs_lie_upon_those_that_cover_them(demo):
    pairs = covered_pairs(demo)
    with demo.database.reading() as transaction:
        assert {pair.gone.field_id: pair.stays.field_id for pair in pairs} == covered_fields(transaction)
    for pair in pairs:
        assert pair.onto is not None
        onto = np.reshape(pair.onto, (2, 3))
        there = {cell.number: cell.extent for cell in pair.stays.cells if cell.number}
        assert all(cell.number for cell in pair.gone.cells), "each of its cells lives on"
        for cell in pair.gone.cells:
            # Of what the edge cuts there is less in one of them: so the middle lies within, not upon the middle.
            box, other = cell.extent, there[cell.number]
            x, y = onto @ [(box.left + box.right) / 2, (box.top + box.bottom) / 2, 1]
            assert other.left - 8 < x < other.right + 8
            assert other.top - 8 < y < other.bottom + 8
    with pytest.raises(NotFound):
        covered_pairs(demo, smear_id="nothing")


# ------------------------------------------------------------------ back again


def test_undo_of_a_run_brings_back_the_very_same_verdicts_and_so_does_undoing_that(demo_copy):
    stood = state(demo_copy)
    clean_cells(demo_copy, parameters=clean_parameters("paper", average_bits=6, perceptual_bits=12))
    other = state(demo_copy)
    assert other != stood
    newest, oldest = list_cleanings(demo_copy)
    assert (newest.lines.method, newest.standing, oldest.standing) == ("paper", 5, 0)
    assert (newest.first, oldest.first) == (0, 5)
    with demo_copy.database.reading() as transaction:
        written = {each.id for each in transaction.find(Outcome)}
    went = go_back(demo_copy, newest.id)
    assert (went.again, went.anew, went.kept) == (5, 0, 0)
    assert state(demo_copy) == stood
    with demo_copy.database.reading() as transaction:
        assert written < {each.id for each in transaction.find(Outcome)}, "nothing is deleted"
    undone, *_ = list_cleanings(demo_copy)
    assert (undone.why, undone.standing) == (WhyCleaned.WENT_BACK, 5)
    go_back(demo_copy, undone.id)
    assert state(demo_copy) == other
    with pytest.raises(Conflict, match="nothing stood before"):
        go_back(demo_copy, oldest.id)
    with pytest.raises(NotFound, match="no cleaning"):
        go_back(demo_copy, "nothing")


def test_going_back_leaves_what_people_ruled_since(demo_copy):
    group = next(view for view in list_repeats(demo_copy) if view.smear == "DRAWN-A3")
    stood = {view.cells for view in list_repeats(demo_copy)}
    clean_cells(demo_copy, parameters=clean_parameters("paper"))
    paper = list_cleanings(demo_copy)[0]
    rule_on(demo_copy, *group.cells, ruled=Ruled.APART, by="carla")
    ruled = list_cleanings(demo_copy)[0]
    assert (ruled.why, ruled.by, ruled.smears) == (WhyCleaned.RULED, "carla", ("DRAWN-A3",))
    went = go_back(demo_copy, paper.id)
    assert (went.again, went.anew) == (4, 1)
    assert {view.cells for view in list_repeats(demo_copy)} == stood - {group.cells}
    with demo_copy.database.reading() as transaction:
        assert [ruling.ruled for ruling in transaction.find(RepeatRuling)] == [Ruled.APART]


def test_two_cleanings_are_compared_both_ways(demo_copy):
    clean_cells(demo_copy, parameters=clean_parameters("paper", average_bits=6, perceptual_bits=12))
    newest, oldest = list_cleanings(demo_copy)

    def figures(change: RepeatChange) -> tuple[object, ...]:
        return change.joined, change.parted, change.left_out, change.kept_again, change.kept_before, change.kept_after

    there = figures(compare_cleanings(demo_copy, newest.id))
    assert figures(compare_cleanings(demo_copy, newest.id, with_id=oldest.id)) == there
    joined, parted, left_out, kept_again, before, after = figures(
        compare_cleanings(demo_copy, oldest.id, with_id=newest.id)
    )
    assert (parted, joined, kept_again, left_out, after, before) == there
    assert there[1]
    assert compare_cleanings(demo_copy, newest.id, with_id=newest.id).joined == 0
