"""Handing in: the last key can be taken back, the end cannot; and every device is told of the own history."""

from __future__ import annotations

import pytest

from buffycoat.domain.label import Closing, HandIn
from buffycoat.domain.reading import Received
from buffycoat.errors import Conflict, NotAllowed, NotFound
from buffycoat.label import items_of
from buffycoat.workflows import reading
from buffycoat.workflows.agreement import agree
from buffycoat.workflows.label import enter_labels, open_round


def test_the_round_ends_when_everybody_has_handed_in_and_not_before(demo, people, rounds):
    campaign = rounds.open(repeat_share=0.2, gold=2)
    edna, emil = people["edna"], people["emil"]
    rounds.answer(campaign, edna)
    sent = rounds.answer(campaign, emil, but=1)
    with pytest.raises(Conflict, match="once it is complete"):
        reading.hand_in(demo, campaign.id, emil)
    last = items_of(campaign, emil.id)[-1].item
    reading.take_answers(demo, campaign.id, emil, [rounds.given(last)])
    assert not reading.get_round(demo, campaign.id, edna).closed, "the last key can be taken back"
    view = reading.hand_in(demo, campaign.id, emil)
    assert (view.closed, view.mine.handed_in) == (False, True)
    assert reading.hand_in(demo, campaign.id, emil) == view, "twice is once"
    mine = reading.get_round(demo, campaign.id, edna)
    assert (mine.mine.handed_in, mine.progress, mine.closed) == (False, None, False), "edna is not told of emil"
    [late] = reading.take_answers(demo, campaign.id, emil, [rounds.given(last, "smudge")])
    assert (late.state, late.code) == (Received.REFUSED, "conflict")
    [early] = reading.take_answers(demo, campaign.id, emil, [sent[0]])
    assert early.state is Received.KNOWN, "what was kept before stays so"
    item = rounds.items(campaign, edna)[3].item
    reading.take_answers(demo, campaign.id, edna, [rounds.given(item, None, after=1)])
    with pytest.raises(Conflict):
        reading.hand_in(demo, campaign.id, edna)
    reading.take_answers(demo, campaign.id, edna, [rounds.given(item, after=2)])
    assert reading.hand_in(demo, campaign.id, edna).closed
    assert rounds.count(Closing, round_id=campaign.id) == 1
    assert rounds.count(HandIn, round_id=campaign.id) == 2
    [late, again] = reading.take_answers(demo, campaign.id, edna, [rounds.given(item, "smudge"), sent[0]])
    assert (late.state, late.code) == (Received.REFUSED, "conflict")
    assert again.code == "not-found", "an item of emil's is none of edna's"
    report = agree(demo, round_name="spring", level="full")
    assert (report.cells, report.both_labeled, report.equal) == (len(campaign.cells),) * 3


def test_a_round_that_is_closed_is_handed_in_by_nobody(demo, people, rounds):
    campaign = rounds.open()
    reading.close_reading(demo, campaign.id, people["ada"])
    with pytest.raises(Conflict, match="closed"):
        reading.hand_in(demo, campaign.id, people["edna"])
    for handle, error in (("judith", NotAllowed), ("carla", NotAllowed)):
        with pytest.raises(error):
            reading.hand_in(demo, campaign.id, people[handle])
    assert rounds.count(HandIn, round_id=campaign.id) == 0


def test_a_complete_table_hands_in_and_an_incomplete_one_does_not(demo, rounds):
    by_hand = open_round(demo, name="by hand", experts=["amina", "reza"])
    cells = list(by_hand.cells)
    enter_labels(demo, by_hand, by_hand.experts[0], [(cell, "monocyte", 1.0) for cell in cells[:-1]])
    assert rounds.count(HandIn, round_id=by_hand.id) == 0
    enter_labels(demo, by_hand, by_hand.experts[0], [(cells[-1], "monocyte", 1.0)])
    assert (rounds.count(HandIn, round_id=by_hand.id), rounds.count(Closing, round_id=by_hand.id)) == (1, 0)
    enter_labels(demo, by_hand, by_hand.experts[1], [(cell, "monocyte", 1.0) for cell in cells])
    assert rounds.count(Closing, round_id=by_hand.id) == 1


# --------------------------------------------------------------------- history


def test_every_device_is_told_of_all_own_events_in_order_and_of_nobody_elses(demo, people, rounds):
    campaign, edna, emil = rounds.open(), people["edna"], people["emil"]
    first, second = rounds.items(campaign, edna)[:2]
    phone = [rounds.given(first.item, "monocyte", after=1), rounds.given(first.item, None, after=3)]
    desk = [rounds.given(second.item, "basophil", after=2, comment="dark"), rounds.given(first.item, "smudge", after=4)]
    reading.take_answers(demo, campaign.id, edna, desk)
    reading.take_answers(demo, campaign.id, edna, phone)
    rounds.answer(campaign, emil)
    told = reading.list_history(demo, campaign.id, edna, limit=500)
    assert [(each.event, each.item, each.place, each.term, each.comment) for each in told.events] == [
        (phone[0].event, first.item, 0, "monocyte", ""),
        (desk[0].event, second.item, 1, "basophil", "dark"),
        (phone[1].event, first.item, 0, None, ""),
        (desk[1].event, first.item, 0, "smudge", ""),
    ]
    assert (told.answered, told.handed_in) == (2, False)
    newest = reading.list_history(demo, campaign.id, edna, limit=1)
    assert [each.event for each in newest.events] == [desk[1].event]
    for handle, error in (("judith", NotFound), ("carla", NotAllowed)):
        with pytest.raises(error):
            reading.list_history(demo, campaign.id, people[handle], limit=1)
