"""Reading rounds: opened, answered from several devices, closed, and told of to nobody before that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.label import Closing, Label, Mode, Round
from buffycoat.domain.reading import Received
from buffycoat.domain.run import Run
from buffycoat.errors import AlreadyExists, Conflict, InputError, NotAllowed, NotFound, TooFew, UnknownTerm
from buffycoat.label import items_of
from buffycoat.workflows import browse, reading
from buffycoat.workflows.agreement import agree
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.device_events import AHEAD
from buffycoat.workflows.digest import digest_workspace
from buffycoat.workflows.label import enter_labels, open_round

# --------------------------------------------------------------------- opening


def test_a_round_holds_what_the_query_means_repeats_and_known_cells(demo, people, rounds):
    known = {cell for cell, found in consensus_by_cell(demo, shown=True).items() if found.standing == "agreed"}
    views = browse.list_cells(demo, query="disputed", kept=True, limit=500).items
    campaign = rounds.open(repeat_share=0.25, gold=5, level="five-class")
    assert set(campaign.cells) == {view.cell.id for view in views} != set()
    assert len(campaign.gold) == 5
    assert set(campaign.gold) <= known
    assert len(campaign.secret) == 32
    page = reading.list_items(demo, campaign.id, people["edna"], offset=2, limit=3)
    assert (page.total, page.answered, [item.place for item in page.items]) == (
        len(views) + round(0.25 * len(views)) + 5,
        0,
        [2, 3, 4],
    )
    view = reading.get_round(demo, campaign.id, people["edna"])
    assert (view.cells, view.experts, view.closed, view.level) == (len(views), 2, False, "five-class")
    another = rounds.open(name="summer", query=None)
    assert another.secret != campaign.secret


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"experts": ("edna", "vera")}, InputError),
        ({"experts": ("edna", "theo")}, InputError),
        ({"experts": ("edna", "edna")}, InputError),
        ({"experts": ()}, InputError),
        ({"name": " "}, InputError),
        ({"name": "x" * 65}, InputError),
        ({"repeat_share": 0.6}, InputError),
        ({"repeat_share": float("nan")}, InputError),
        ({"gold": -1}, InputError),
        ({"gold": 10_000}, TooFew),
        ({"level": "six-class"}, UnknownTerm),
        ({"query": "nothing"}, NotFound),
        ({"query": "single"}, TooFew),
        ({"query": "disputed", "mode": Mode.TRAINING}, TooFew),
        ({"taxonomy": "nobody@1"}, NotFound),
        ({"taxonomy": "notes.toml"}, InputError),
        ({"name": "demo"}, AlreadyExists),
    ],
)
def test_what_cannot_be_a_round_is_refused_and_nothing_is_written(demo, people, more, error, rounds):
    before = rounds.count(Round), rounds.count(Run)
    with pytest.raises(error):
        reading.open_reading(demo, rounds.wish(**more), people["carla"])
    assert (rounds.count(Round), rounds.count(Run)) == before


def test_only_curators_and_admins_open_and_nobody_reads_who_is_nobody(demo, people, rounds):
    for handle in ("edna", "judith", "theo", "vera"):
        with pytest.raises(NotAllowed):
            reading.open_reading(demo, rounds.wish(), people[handle])
    with pytest.raises(InputError, match="nobody has this id"):
        reading.open_reading(demo, replace(rounds.wish(), experts=("e0",)), people["ada"])


# ------------------------------------------------------------------- answering


def test_an_event_is_kept_once_however_often_it_comes(demo, people, rounds):
    campaign, edna = rounds.open(), people["edna"]
    first = rounds.items(campaign, edna)[0].item
    sent = rounds.given(first, "monocyte", seconds=2.5, comment="large")
    runs = rounds.count(Run)
    receipts = reading.take_answers(demo, campaign.id, edna, [sent, sent])
    assert [receipt.state for receipt in receipts] == [Received.KEPT, Received.KNOWN]
    [again] = reading.take_answers(demo, campaign.id, edna, [sent])
    assert again.state is Received.KNOWN
    [other] = reading.take_answers(demo, campaign.id, edna, [replace(sent, term="eosinophil")])
    assert (other.state, other.code) == (Received.REFUSED, "already-exists")
    found = rounds.items(campaign, edna)[0].answer
    assert (found.event, found.term, found.comment) == (sent.event, "monocyte", "large")
    assert rounds.count(Label, round_id=campaign.id) == 1
    assert rounds.count(Run) == runs


def test_a_wrong_event_is_refused_by_itself(demo, people, rounds):
    campaign, edna = rounds.open(), people["edna"]
    mine, others = (rounds.items(campaign, people[handle]) for handle in ("edna", "emil"))
    wrong = {
        "not-found": [rounds.given("i0"), rounds.given(others[0].item)],
        "input": [
            rounds.given(mine[0].item, "neutrophils"),
            rounds.given(mine[0].item, event="1"),
            rounds.given(mine[0].item, given_at="yesterday"),
            rounds.given(mine[0].item, given_at="2026-01-01T00:00:00"),
            rounds.given(mine[0].item, seconds=-1.0),
            rounds.given(mine[0].item, seconds=float("nan")),
            rounds.given(mine[0].item, comment="x" * 2001),
        ],
    }
    sent = [each for several in wrong.values() for each in several]
    right = [rounds.given(item.item) for item in mine[:2]]
    receipts = reading.take_answers(demo, campaign.id, edna, [right[0], *sent, right[1]])
    assert [receipt.event for receipt in receipts] == [each.event for each in [right[0], *sent, right[1]]]
    codes = [code for code, several in wrong.items() for _ in several]
    assert [receipt.code for receipt in receipts] == ["", *codes, ""]
    assert all(receipt.detail for receipt in receipts[1:-1])
    assert set(rounds.live(campaign, edna)) == {item.item for item in mine[:2]}


def test_of_two_devices_the_newest_holds_whichever_comes_last(demo, people, rounds):
    campaign, edna = rounds.open(), people["edna"]
    item = rounds.items(campaign, edna)[0].item
    late, early = rounds.given(item, "eosinophil", after=5), rounds.given(item, "basophil", after=1)
    reading.take_answers(demo, campaign.id, edna, [late])
    assert reading.take_answers(demo, campaign.id, edna, [early])[0].state is Received.KEPT
    assert rounds.live(campaign, edna) == {item: "eosinophil"}
    assert rounds.count(Label, round_id=campaign.id) == 2
    reading.take_answers(demo, campaign.id, edna, [rounds.given(item, None, after=6)])
    assert rounds.live(campaign, edna) == {}
    reading.take_answers(demo, campaign.id, edna, [rounds.given(item, "basophil", after=7)])
    assert rounds.live(campaign, edna) == {item: "basophil"}


def test_in_one_call_the_later_in_the_list_holds_where_moments_are_equal(demo, people, rounds):
    campaign, edna = rounds.open(), people["edna"]
    item, other = (each.item for each in rounds.items(campaign, edna)[:2])
    moment = datetime.now(UTC).isoformat()
    terms = ["monocyte", "eosinophil", None, "basophil", "smudge"]
    sent = [rounds.given(item, term, given_at=moment) for term in terms]
    reading.take_answers(demo, campaign.id, edna, sent)
    assert rounds.live(campaign, edna) == {item: "smudge"}
    # A clock that is years ahead, and one that is years behind, with an answer that is taken back at once.
    for year in ("2093", "1993"):
        sent = [
            rounds.given(other, term, given_at=f"{year}-01-01T00:00:0{n}Z")
            for n, term in enumerate(["monocyte", None, "band"])
        ]
        receipts = reading.take_answers(demo, campaign.id, edna, sent[:2])
        assert {receipt.state for receipt in receipts} == {Received.KEPT}
    with demo.database.reading() as transaction:
        moments = [label.given_at for label in transaction.find(Label, round_id=campaign.id)]
    now = datetime.now(UTC)
    assert campaign.opened_at <= min(moments)
    assert max(moments) <= now + AHEAD + timedelta(seconds=1)
    assert other not in rounds.live(campaign, edna)


def test_what_cannot_be_kept_is_refused_or_mended_by_itself(demo, people, rounds):
    """A moment that UTC has no year for, half a character in a comment, and an event that comes with other words."""
    campaign, edna = rounds.open(), people["edna"]
    first, second, third = (item.item for item in items_of(campaign, edna.id)[:3])
    sent = [
        rounds.given(first, given_at="0001-01-01T00:00:00+23:59"),
        rounds.given(first, given_at="9999-12-31T23:59:59-23:59"),
        rounds.given("\ud83d"),
        rounds.given(first, "\ud83d"),
        rounds.given(first, event="\ud83d"),
        rounds.given(second, comment="seen twice \ud83d"),
        rounds.given(third, comment="one"),
    ]
    receipts = reading.take_answers(demo, campaign.id, edna, sent)
    assert [receipt.state for receipt in receipts] == [Received.REFUSED] * 5 + [Received.KEPT] * 2
    assert [receipt.code for receipt in receipts[:5]] == ["input", "input", "not-found", "input", "input"]
    assert "".join(receipt.event + receipt.detail for receipt in receipts).encode()
    told = {each.item: each.answer for each in rounds.items(campaign, edna)}
    assert (told[first], told[second].comment) == (None, "seen twice \ufffd")
    again = reading.take_answers(demo, campaign.id, edna, [*sent[5:], replace(sent[6], comment="other words")])
    assert [receipt.state for receipt in again] == [Received.KNOWN, Received.KNOWN, Received.REFUSED]


def test_who_does_not_read_has_no_items(demo, people, rounds):
    campaign = rounds.open()
    item = rounds.items(campaign, people["edna"])[0].item
    for handle, error in (("judith", NotFound), ("theo", NotFound), ("carla", NotAllowed), ("ada", NotAllowed)):
        with pytest.raises(error):
            reading.list_items(demo, campaign.id, people[handle], offset=0, limit=1)
        with pytest.raises(error):
            reading.take_answers(demo, campaign.id, people[handle], [rounds.given(item)])
        with pytest.raises(error):
            reading.find_item(demo, campaign.id, people[handle], item)
    with pytest.raises(NotFound, match="no item of yours"):
        reading.find_item(demo, campaign.id, people["emil"], item)


# --------------------------------------------------------------------- closing


def test_a_curator_who_does_not_read_ends_a_round(demo, people, rounds):
    campaign = rounds.open(experts=("edna", "carla"))
    rounds.answer(campaign, people["edna"], but=3)
    for handle in ("edna", "carla"):
        with pytest.raises(NotAllowed):
            reading.close_reading(demo, campaign.id, people[handle])
    with pytest.raises(NotFound):
        reading.close_reading(demo, campaign.id, people["judith"])
    assert reading.close_reading(demo, campaign.id, people["ada"]).closed
    with pytest.raises(Conflict):
        reading.close_reading(demo, campaign.id, people["ada"])
    with demo.database.reading() as transaction:
        [closing] = transaction.find(Closing, round_id=campaign.id)
    assert closing.by == people["ada"].id
    assert agree(demo, round_name="spring").one_label == len(campaign.cells) - 3


# -------------------------------------------------------------------- blindness


def test_who_is_told_of_an_open_round_and_of_how_far_others_are(demo, people, rounds):
    campaign = rounds.open(experts=("edna", "carla"))
    total = len(campaign.cells)
    rounds.answer(campaign, people["edna"], but=2)

    def told(person: Person | None):
        views = {view.id: view for view in reading.list_rounds(demo, person)}
        assert all(view.closed for key, view in views.items() if key != campaign.id and person is None)
        return views.get(campaign.id)

    assert [told(person) for person in (None, people["judith"], people["vera"], people["emil"])] == [None] * 4
    edna, carla, ada = (told(people[handle]) for handle in ("edna", "carla", "ada"))
    assert (edna.mine.items, edna.mine.answered, edna.progress) == (total, total - 2, None)
    assert (carla.mine.answered, carla.progress) == (0, None), "a curator who reads is an expert like any other"
    assert ada.mine is None
    assert [(each.person.handle, each.items, each.answered) for each in ada.progress] == [
        ("edna", total, total - 2),
        ("carla", total, 0),
    ]
    with pytest.raises(NotFound) as caught:
        reading.get_round(demo, campaign.id, people["emil"])
    with pytest.raises(NotFound) as nothing:
        reading.get_round(demo, "r0", people["emil"])
    assert str(caught.value).replace(campaign.id, "r0") == str(nothing.value)


def everything(demo) -> list:
    """All that is told of a workspace as a whole."""
    return [
        browse.overview(demo),
        browse.list_runs(demo, limit=500),
        browse.list_queries(demo),
        browse.list_cells(demo, limit=500),
        [browse.list_cells(demo, query=query, limit=500) for query in ("disputed", "double-labeled", "unlabeled")],
        browse.agreement(demo),
        browse.list_funnels(demo),
        browse.taxonomy(demo),
        digest_workspace(demo),
    ]


def test_nothing_in_the_workspace_tells_that_anybody_answered(demo, people, rounds):
    campaign = rounds.open(gold=4, repeat_share=0.1)
    by_hand = open_round(demo, name="by hand", experts=["amina", "reza"])
    mine = reading.list_items(demo, campaign.id, people["emil"], offset=0, limit=500)
    before = everything(demo)
    cells = {*campaign.cells, *campaign.gold, *by_hand.cells}
    assert {view.cell.id for view in before[3].items if view.consensus is not None}.isdisjoint(cells)
    rounds.answer(campaign, people["edna"])
    enter_labels(demo, by_hand, by_hand.experts[0], [(cell, "monocyte", 1.0) for cell in by_hand.cells])
    assert everything(demo) == before
    assert reading.list_items(demo, campaign.id, people["emil"], offset=0, limit=500) == mine


def test_nobody_decides_over_cells_that_he_or_she_reads(people, rounds):
    campaign = rounds.open(experts=("edna", "judith", "ada"))
    may = {handle for handle, person in people.items() if reading.may_adjudicate(campaign, person)}
    assert may == {"carla"}
    free = replace(campaign, experts=(people["edna"].id,))
    assert {handle for handle, person in people.items() if reading.may_adjudicate(free, person)} == {
        "ada",
        "carla",
        "judith",
    }
