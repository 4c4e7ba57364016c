"""Reading rounds: what who reads is told and shown, by the mode of the round."""

from __future__ import annotations

import numpy as np
import pytest

from buffycoat.domain.label import Mode, Purpose
from buffycoat.domain.reading import Received, Tried
from buffycoat.errors import Conflict, NotAllowed
from buffycoat.imaging.codecs import decode_rgb
from buffycoat.label import items_of
from buffycoat.store.answers import labels_of
from buffycoat.workflows import reading
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.label import enter_labels, round_standing

# ---------------------------------------------------------------- modes, feedback


def test_training_tells_the_panels_answer_after_each_answer_and_counts_the_first(demo, people, rounds):
    panel = {cell: found.term for cell, found in consensus_by_cell(demo, shown=True).items()}
    campaign = rounds.open(query="double-labeled", experts=("theo",), mode=Mode.TRAINING)
    theo = people["theo"]
    planned = items_of(campaign, theo.id)
    assert {item.panel for item in rounds.items(campaign, theo)} == {None}
    wrong, right = planned[0], planned[1]
    said = "basophil" if panel[wrong.cell_id] != "basophil" else "monocyte"
    receipts = reading.take_answers(
        demo,
        campaign.id,
        theo,
        [rounds.given(wrong.item, said), rounds.given(right.item, panel[right.cell_id]), rounds.given("i0")],
    )
    assert [receipt.panel for receipt in receipts] == [panel[wrong.cell_id], panel[right.cell_id], None]
    reading.take_answers(demo, campaign.id, theo, [rounds.given(wrong.item, panel[wrong.cell_id], after=1)])
    shown = rounds.items(campaign, theo)
    assert [item.panel for item in shown[:3]] == [panel[wrong.cell_id], panel[right.cell_id], None]
    found = reading.get_feedback(demo, campaign.id, theo)
    assert (found.answered, found.cells) == (2, Tried(asked=2, equal=1))
    assert [(each.said, each.panel, each.cells) for each in found.confused] == [(said, panel[wrong.cell_id], 1)]
    # Another blind round takes some of the cells: nothing more is told of these.
    held = rounds.open(name="blind", query=None)
    assert planned[2].cell_id in held.cells
    [silent] = reading.take_answers(demo, campaign.id, theo, [rounds.given(planned[2].item)])
    assert (silent.state, silent.panel) == (Received.KEPT, None)


def test_other_modes_tell_at_the_end(demo, people, rounds):
    panel = {cell: found.term for cell, found in consensus_by_cell(demo, shown=True).items()}
    campaign = rounds.open(query="double-labeled", experts=("edna",), mode=Mode.PROFICIENCY, repeat_share=0.1)
    edna = people["edna"]
    planned = items_of(campaign, edna.id)
    again = [item.cell_id for item in planned if item.purpose is Purpose.REPEAT]
    sent = [
        rounds.given(item.item, "smudge" if item.purpose is Purpose.REPEAT else panel[item.cell_id])
        for item in planned[:-1]
    ]
    receipts = reading.take_answers(demo, campaign.id, edna, sent)
    assert {receipt.panel for receipt in receipts} == {None}
    with pytest.raises(Conflict):
        reading.get_feedback(demo, campaign.id, edna)
    last = panel[planned[-1].cell_id] if planned[-1].purpose is Purpose.READING else "smudge"
    reading.take_answers(demo, campaign.id, edna, [rounds.given(planned[-1].item, last)])
    with pytest.raises(Conflict):
        reading.get_feedback(demo, campaign.id, edna)
    reading.hand_in(demo, campaign.id, edna)
    found = reading.get_feedback(demo, campaign.id, edna)
    assert found.cells == Tried(asked=len(campaign.cells), equal=len(campaign.cells))
    assert found.repeats == Tried(asked=len(again), equal=sum(panel[cell] == "smudge" for cell in again))
    assert len(again) > 10


def test_own_confusions_of_a_blind_round_are_told_when_it_is_closed(demo, people, rounds):
    campaign = rounds.open(gold=3)
    panel = {cell: found.term for cell, found in consensus_by_cell(demo).items()}
    odd = campaign.cells[0]
    rounds.answer(campaign, people["edna"], lambda cell: panel[cell] or "monocyte")
    rounds.answer(campaign, people["emil"], lambda cell: "smudge" if cell == odd else "monocyte")
    for reader in ("edna", "emil"):
        reading.hand_in(demo, campaign.id, people[reader])
    found = reading.get_feedback(demo, campaign.id, people["edna"])
    agreed = len(campaign.cells) - 1
    assert (found.cells, found.gold) == (Tried(asked=agreed, equal=agreed), Tried(asked=3, equal=3))
    with pytest.raises(NotAllowed):
        reading.get_feedback(demo, campaign.id, people["carla"])


def test_rounds_that_try_people_say_nothing_of_cells_and_a_count_says_less(demo, people, rounds):
    before = consensus_by_cell(demo)
    for mode, expert in ((Mode.TRAINING, "theo"), (Mode.PROFICIENCY, "edna"), (Mode.COUNT, "emil")):
        campaign = rounds.open(name=mode.value, query="double-labeled", experts=(expert,), mode=mode)
        rounds.answer(campaign, people[expert], lambda _: "smudge")
        reading.hand_in(demo, campaign.id, people[expert])
        assert reading.get_round(demo, campaign.id, None).closed
        assert consensus_by_cell(demo) == before
    blind = rounds.open(name="blind", query="double-labeled", experts=("edna",))
    rounds.answer(blind, people["edna"], lambda _: "smudge")
    reading.hand_in(demo, blind.id, people["edna"])
    assert {consensus_by_cell(demo)[cell].term for cell in blind.cells} == {"smudge"}


# ------------------------------------------------------------- pictures, tables


def test_a_hidden_repeat_is_shown_turned_with_its_photograph(demo, people, rounds):
    campaign, edna = rounds.open(repeat_share=0.5), people["edna"]
    planned = items_of(campaign, edna.id)
    for item in [next(item for item in planned if item.turned == turned) for turned in (0, 1, 2, 3)]:
        shown = reading.find_item(demo, campaign.id, edna, item.item)
        crop = cell_pixels(demo, shown.cell)
        picture = decode_rgb(reading.item_picture(demo, shown, side=None), name="p", max_megapixels=9)
        assert (picture == np.rot90(crop, -item.turned)).all()
        small = decode_rgb(reading.item_picture(demo, shown, side=64), name="p", max_megapixels=9)
        assert small.shape == (64, 64, 3)
        box = reading.item_around(demo, shown)
        whole = decode_rgb(reading.around_picture(demo, shown, width=10_000), name="p", max_megapixels=99)
        assert whole.shape[:2] == (box.height_px, box.width_px)
        top, left = max(box.y, 0), max(box.x, 0)
        cut = whole[top : box.y + box.height, left : box.x + box.width].astype(int)
        same = picture[top - box.y : top - box.y + cut.shape[0], left - box.x : left - box.x + cut.shape[1]]
        assert np.abs(cut - same).mean() < 6, "but for the compression of the photograph"


def test_a_table_entered_by_hand_and_the_studio_answer_one_after_the_other(demo, people, rounds):
    campaign, edna = rounds.open(), people["edna"]
    first = items_of(campaign, edna.id)[0]
    assert enter_labels(demo, campaign, edna.id, [(first.cell_id, "Monocyte", None)]) == 1
    assert enter_labels(demo, campaign, edna.id, [(first.cell_id, "Monocyte", None)]) == 0
    reading.take_answers(demo, campaign.id, edna, [rounds.given(first.item, "smudge", after=30)])
    assert rounds.live(campaign, edna) == {first.item: "smudge"}
    assert enter_labels(demo, campaign, edna.id, [(first.cell_id, "band", None)]) == 1, "also against a clock ahead"
    assert rounds.live(campaign, edna) == {first.item: "neutrophil.band"}
    reading.take_answers(demo, campaign.id, edna, [rounds.given(first.item, None, after=50)])
    assert enter_labels(demo, campaign, edna.id, [(first.cell_id, "Monocyte", None)]) == 1
    assert rounds.live(campaign, edna) == {first.item: "monocyte"}
    assert round_standing(demo, "spring").given == (1, 0)
    with demo.database.reading() as transaction:
        assert len(labels_of(transaction, campaign.id)) == 1
    reading.close_reading(demo, campaign.id, people["carla"])
    with pytest.raises(Conflict):
        enter_labels(demo, campaign, edna.id, [(first.cell_id, "smudge", None)])
