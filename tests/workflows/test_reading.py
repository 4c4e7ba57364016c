"""Reading rounds: opened, answered from several devices, closed, and told of to nobody before that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.label import Closing, Label, Mode, Round
from buffycoat.domain.reading import Given, Received, RoundWish
from buffycoat.domain.run import Run
from buffycoat.errors import AlreadyExists, Conflict, InputError, NotAllowed, NotFound, TooFew, UnknownTerm
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import browse, reading
from buffycoat.workflows.agreement import agree
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.digest import digest_workspace
from buffycoat.workflows.label import enter_labels, open_round
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.reading.answering import AHEAD


@pytest.fixture
def people(demo):
    return {person.handle: person for person in demo_people(demo)}


def wish(people, name="spring", query="disputed", experts=("edna", "emil"), **more) -> RoundWish:
    return RoundWish(name=name, query=query, experts=tuple(people[handle].id for handle in experts), **more)


def opened(demo, people, **more) -> Round:
    view = reading.open_reading(demo, wish(people, **more), people["carla"])
    with demo.database.reading() as transaction:
        return rounds_of(transaction, {view.id})[0]


def given(item: str, term: str | None = "monocyte", *, after: float = 0, **more) -> Given:
    moment = datetime.now(UTC) + timedelta(seconds=after)
    return replace(Given(event=str(uuid4()), item=item, term=term, given_at=moment.isoformat()), **more)


def items(demo, campaign: Round, person: Person):
    return reading.list_items(demo, campaign.id, person, offset=0, limit=10_000).items


def answer(demo, campaign, person, term=lambda _cell: "monocyte", *, but: int = 0) -> list[Given]:
    """Answer all items of a person, or all but the last few."""
    planned = items_of(campaign, person.id)
    sent = [given(item.item, term(item.cell_id)) for item in planned[: len(planned) - but]]
    receipts = reading.take_answers(demo, campaign.id, person, sent)
    assert {receipt.state for receipt in receipts} == {Received.KEPT}
    return sent


def live(demo, campaign, person) -> dict[str, str]:
    """The term that holds for each item of a person."""
    return {each.item: each.answer.term for each in items(demo, campaign, person) if each.answer}


def count(demo, cls: type, **equal) -> int:
    with demo.database.reading() as transaction:
        return transaction.count(cls, **equal)


# --------------------------------------------------------------------- opening


def test_a_round_holds_what_the_query_means_repeats_and_known_cells(demo, people):
    known = {cell for cell, found in consensus_by_cell(demo, shown=True).items() if found.standing == "agreed"}
    views = browse.list_cells(demo, query="disputed", kept=True, limit=500).items
    campaign = opened(demo, people, repeat_share=0.25, gold=5, level="five-class")
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
    another = opened(demo, people, name="summer", query=None)
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
def test_what_cannot_be_a_round_is_refused_and_nothing_is_written(demo, people, more, error):
    before = count(demo, Round), count(demo, Run)
    with pytest.raises(error):
        reading.open_reading(demo, wish(people, **more), people["carla"])
    assert (count(demo, Round), count(demo, Run)) == before


def test_only_curators_and_admins_open_and_nobody_reads_who_is_nobody(demo, people):
    for handle in ("edna", "judith", "theo", "vera"):
        with pytest.raises(NotAllowed):
            reading.open_reading(demo, wish(people), people[handle])
    with pytest.raises(InputError, match="nobody has this id"):
        reading.open_reading(demo, replace(wish(people), experts=("e0",)), people["ada"])


# ------------------------------------------------------------------- answering


def test_an_event_is_kept_once_however_often_it_comes(demo, people):
    campaign, edna = opened(demo, people), people["edna"]
    first = items(demo, campaign, edna)[0].item
    sent = given(first, "monocyte", seconds=2.5, comment="large")
    runs = count(demo, Run)
    receipts = reading.take_answers(demo, campaign.id, edna, [sent, sent])
    assert [receipt.state for receipt in receipts] == [Received.KEPT, Received.KNOWN]
    [again] = reading.take_answers(demo, campaign.id, edna, [sent])
    assert again.state is Received.KNOWN
    [other] = reading.take_answers(demo, campaign.id, edna, [replace(sent, term="eosinophil")])
    assert (other.state, other.code) == (Received.REFUSED, "already-exists")
    found = items(demo, campaign, edna)[0].answer
    assert (found.event, found.term, found.comment) == (sent.event, "monocyte", "large")
    assert count(demo, Label, round_id=campaign.id) == 1
    assert count(demo, Run) == runs


def test_a_wrong_event_is_refused_by_itself(demo, people):
    campaign, edna = opened(demo, people), people["edna"]
    mine, others = (items(demo, campaign, people[handle]) for handle in ("edna", "emil"))
    wrong = {
        "not-found": [given("i0"), given(others[0].item)],
        "input": [
            given(mine[0].item, "neutrophils"),
            given(mine[0].item, event="1"),
            given(mine[0].item, given_at="yesterday"),
            given(mine[0].item, given_at="2026-01-01T00:00:00"),
            given(mine[0].item, seconds=-1.0),
            given(mine[0].item, seconds=float("nan")),
            given(mine[0].item, comment="x" * 2001),
        ],
    }
    sent = [each for several in wrong.values() for each in several]
    right = [given(item.item) for item in mine[:2]]
    receipts = reading.take_answers(demo, campaign.id, edna, [right[0], *sent, right[1]])
    assert [receipt.event for receipt in receipts] == [each.event for each in [right[0], *sent, right[1]]]
    codes = [code for code, several in wrong.items() for _ in several]
    assert [receipt.code for receipt in receipts] == ["", *codes, ""]
    assert all(receipt.detail for receipt in receipts[1:-1])
    assert set(live(demo, campaign, edna)) == {item.item for item in mine[:2]}


def test_of_two_devices_the_newest_holds_whichever_comes_last(demo, people):
    campaign, edna = opened(demo, people), people["edna"]
    item = items(demo, campaign, edna)[0].item
    late, early = given(item, "eosinophil", after=5), given(item, "basophil", after=1)
    reading.take_answers(demo, campaign.id, edna, [late])
    assert reading.take_answers(demo, campaign.id, edna, [early])[0].state is Received.KEPT
    assert live(demo, campaign, edna) == {item: "eosinophil"}
    assert count(demo, Label, round_id=campaign.id) == 2
    reading.take_answers(demo, campaign.id, edna, [given(item, None, after=6)])
    assert live(demo, campaign, edna) == {}
    reading.take_answers(demo, campaign.id, edna, [given(item, "basophil", after=7)])
    assert live(demo, campaign, edna) == {item: "basophil"}


def test_in_one_call_the_later_in_the_list_holds_where_moments_are_equal(demo, people):
    campaign, edna = opened(demo, people), people["edna"]
    item, other = (each.item for each in items(demo, campaign, edna)[:2])
    moment = datetime.now(UTC).isoformat()
    terms = ["monocyte", "eosinophil", None, "basophil", "smudge"]
    sent = [given(item, term, given_at=moment) for term in terms]
    reading.take_answers(demo, campaign.id, edna, sent)
    assert live(demo, campaign, edna) == {item: "smudge"}
    # A clock that is years ahead, and one that is years behind, with an answer that is taken back at once.
    for year in ("2093", "1993"):
        sent = [
            given(other, term, given_at=f"{year}-01-01T00:00:0{n}Z")
            for n, term in enumerate(["monocyte", None, "band"])
        ]
        receipts = reading.take_answers(demo, campaign.id, edna, sent[:2])
        assert {receipt.state for receipt in receipts} == {Received.KEPT}
    with demo.database.reading() as transaction:
        moments = [label.given_at for label in transaction.find(Label, round_id=campaign.id)]
    now = datetime.now(UTC)
    assert campaign.opened_at <= min(moments)
    assert max(moments) <= now + AHEAD + timedelta(seconds=1)
    assert other not in live(demo, campaign, edna)


def test_what_cannot_be_kept_is_refused_or_mended_by_itself(demo, people):
    """A moment that UTC has no year for, half a character in a comment, and an event that comes with other words."""
    campaign, edna = opened(demo, people), people["edna"]
    first, second, third = (item.item for item in items_of(campaign, edna.id)[:3])
    sent = [
        given(first, given_at="0001-01-01T00:00:00+23:59"),
        given(first, given_at="9999-12-31T23:59:59-23:59"),
        given("\ud83d"),
        given(first, "\ud83d"),
        given(first, event="\ud83d"),
        given(second, comment="seen twice \ud83d"),
        given(third, comment="one"),
    ]
    receipts = reading.take_answers(demo, campaign.id, edna, sent)
    assert [receipt.state for receipt in receipts] == [Received.REFUSED] * 5 + [Received.KEPT] * 2
    assert [receipt.code for receipt in receipts[:5]] == ["input", "input", "not-found", "input", "input"]
    assert "".join(receipt.event + receipt.detail for receipt in receipts).encode()
    told = {each.item: each.answer for each in items(demo, campaign, edna)}
    assert (told[first], told[second].comment) == (None, "seen twice \ufffd")
    again = reading.take_answers(demo, campaign.id, edna, [*sent[5:], replace(sent[6], comment="other words")])
    assert [receipt.state for receipt in again] == [Received.KNOWN, Received.KNOWN, Received.REFUSED]


def test_who_does_not_read_has_no_items(demo, people):
    campaign = opened(demo, people)
    item = items(demo, campaign, people["edna"])[0].item
    for handle, error in (("judith", NotFound), ("theo", NotFound), ("carla", NotAllowed), ("ada", NotAllowed)):
        with pytest.raises(error):
            reading.list_items(demo, campaign.id, people[handle], offset=0, limit=1)
        with pytest.raises(error):
            reading.take_answers(demo, campaign.id, people[handle], [given(item)])
        with pytest.raises(error):
            reading.find_item(demo, campaign.id, people[handle], item)
    with pytest.raises(NotFound, match="no item of yours"):
        reading.find_item(demo, campaign.id, people["emil"], item)


# --------------------------------------------------------------------- closing


def test_the_round_ends_with_the_last_answer_and_not_before(demo, people):
    campaign = opened(demo, people, repeat_share=0.2, gold=2)
    edna, emil = people["edna"], people["emil"]
    answer(demo, campaign, edna)
    sent = answer(demo, campaign, emil, but=1)
    reading.take_answers(demo, campaign.id, edna, [given(items(demo, campaign, edna)[3].item, None, after=1)])
    last = items_of(campaign, emil.id)[-1].item
    reading.take_answers(demo, campaign.id, emil, [given(last)])
    assert not reading.get_round(demo, campaign.id, edna).closed, "edna took one back"
    reading.take_answers(demo, campaign.id, edna, [given(items(demo, campaign, edna)[3].item, after=2)])
    assert reading.get_round(demo, campaign.id, edna).closed
    assert count(demo, Closing, round_id=campaign.id) == 1
    late, again = reading.take_answers(demo, campaign.id, emil, [given(last, "smudge"), sent[0]])
    assert (late.state, late.code) == (Received.REFUSED, "conflict")
    assert again.state is Received.KNOWN, "what was kept before stays so"
    report = agree(demo, round_name="spring", level="full")
    assert (report.cells, report.both_labeled, report.equal) == (len(campaign.cells),) * 3


def test_a_curator_who_does_not_read_ends_a_round(demo, people):
    campaign = opened(demo, people, experts=("edna", "carla"))
    answer(demo, campaign, people["edna"], but=3)
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


def test_who_is_told_of_an_open_round_and_of_how_far_others_are(demo, people):
    campaign = opened(demo, people, experts=("edna", "carla"))
    total = len(campaign.cells)
    answer(demo, campaign, people["edna"], but=2)

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


def test_nothing_in_the_workspace_tells_that_anybody_answered(demo, people):
    campaign = opened(demo, people, gold=4, repeat_share=0.1)
    by_hand = open_round(demo, name="by hand", experts=["amina", "reza"])
    mine = reading.list_items(demo, campaign.id, people["emil"], offset=0, limit=500)
    before = everything(demo)
    cells = {*campaign.cells, *campaign.gold, *by_hand.cells}
    assert {view.cell.id for view in before[3].items if view.consensus is not None}.isdisjoint(cells)
    answer(demo, campaign, people["edna"])
    enter_labels(demo, by_hand, by_hand.experts[0], [(cell, "monocyte", 1.0) for cell in by_hand.cells])
    assert everything(demo) == before
    assert reading.list_items(demo, campaign.id, people["emil"], offset=0, limit=500) == mine


def test_nobody_decides_over_cells_that_he_or_she_reads(demo, people):
    campaign = opened(demo, people, experts=("edna", "judith", "ada"))
    may = {handle for handle, person in people.items() if reading.may_adjudicate(campaign, person)}
    assert may == {"carla"}
    free = replace(campaign, experts=(people["edna"].id,))
    assert {handle for handle, person in people.items() if reading.may_adjudicate(free, person)} == {
        "ada",
        "carla",
        "judith",
    }
