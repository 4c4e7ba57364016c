"""Disputed cells decided: who may, in which order, what holds, and what follows from it everywhere else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import orjson
import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.adjudication import AdjudicationView, DecisionGiven, Dispute
from buffycoat.domain.audit import Showing, Suggestion
from buffycoat.domain.cell import Repeat
from buffycoat.domain.label import Label, Mode, Purpose, Role, Standing
from buffycoat.domain.query import DOUBLE_LABELED
from buffycoat.domain.reading import Given, Received, RoundWish
from buffycoat.domain.run import Run
from buffycoat.errors import NotAllowed, NotFound, UnknownTerm
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import adjudicating, browse, reading
from buffycoat.workflows.adjudicating import rounds
from buffycoat.workflows.adjudicating.references import REFERENCES
from buffycoat.workflows.agreement import agree
from buffycoat.workflows.consensus import consensus_by_cell, held_cells
from buffycoat.workflows.label import round_standing
from buffycoat.workflows.people import demo_people


@pytest.fixture
def people(demo):
    return {person.handle: person for person in demo_people(demo)}


@pytest.fixture
def judith(people) -> Person:
    return people["judith"]


def view(demo, person, name: str = "demo") -> AdjudicationView:
    return next(each for each in adjudicating.list_adjudications(demo, person) if each.name == name)


def disputes(demo, person, name: str = "demo", **more) -> tuple[Dispute, ...]:
    return adjudicating.list_disputes(demo, view(demo, person, name).id, person, limit=500, **more).items


def decision(dispute: Dispute, term: str | None, reason: str = "", *, after: float = 0) -> DecisionGiven:
    moment = datetime.now(UTC) + timedelta(seconds=after)
    return DecisionGiven(event=str(uuid4()), item=dispute.item, term=term, given_at=moment.isoformat(), reason=reason)


def decide(demo, person, *given: DecisionGiven, name: str = "demo") -> list[str]:
    receipts = adjudicating.take_decisions(demo, view(demo, person, name).id, person, given)
    return [receipt.state.value for receipt in receipts]


def cell_of(demo, person, dispute: Dispute, name: str = "demo") -> str:
    return adjudicating.find_dispute(demo, view(demo, person, name).id, person, dispute.item).cell.id


def finish_reading(demo, people) -> None:
    """End the open round of the demo, so that nothing is held any more."""
    [held] = [each for each in reading.list_rounds(demo, people["ada"]) if not each.closed]
    reading.close_reading(demo, held.id, people["ada"])


# ------------------------------------------------------------------- who may


def test_nobody_who_reads_in_a_round_decides_over_it_whatever_the_role(demo, people, judith):
    experts = tuple(people[handle].id for handle in ("judith", "carla", "edna"))
    wish = RoundWish(name="theirs", experts=experts, query="disputed")
    campaign = reading.open_reading(demo, wish, people["ada"]).id
    assert adjudicating.list_adjudications(demo, judith) == (), "the new round holds all that is disputed"
    with pytest.raises(NotFound):
        adjudicating.list_disputes(demo, campaign, people["ada"])
    with demo.database.reading() as transaction:
        [sealed] = rounds_of(transaction, {campaign})
    for handle, term in (("judith", "monocyte"), ("carla", "basophil"), ("edna", "monocyte")):
        given = [
            Given(event=str(uuid4()), item=item.item, term=term, given_at=datetime.now(UTC).isoformat())
            for item in items_of(sealed, people[handle].id)
        ]
        reading.take_answers(demo, campaign, people[handle], given)
    reading.close_reading(demo, campaign, people["ada"])
    ids = {
        handle: [each.id for each in adjudicating.list_adjudications(demo, person)] for handle, person in people.items()
    }
    assert {handle for handle, found in ids.items() if campaign in found} == {"ada"}
    [item, *_] = adjudicating.list_disputes(demo, campaign, people["ada"]).items
    assert [(each.term, each.experts) for each in sorted(item.opinions, key=lambda each: each.term)] == [
        ("basophil", 1),
        ("monocyte", 2),
    ]
    for handle in ("judith", "carla", "edna", "vera", "theo"):
        for refused in (
            lambda who: adjudicating.list_disputes(demo, campaign, who),
            lambda who: adjudicating.find_dispute(demo, campaign, who, item.item),
            lambda who: adjudicating.list_references(demo, campaign, who, item.item),
            lambda who: adjudicating.adjudication_taxonomy(demo, campaign, who),
            lambda who: adjudicating.take_decisions(demo, campaign, who, [decision(item, "monocyte")]),
        ):
            with pytest.raises(NotAllowed):
                refused(people[handle])
    # A curator who did not read, but whose role was taken away.
    with pytest.raises(NotAllowed):
        adjudicating.list_disputes(demo, campaign, replace(people["ada"], role=Role.EXPERT))


def test_rounds_that_try_people_and_rounds_of_one_reader_are_not_decided(demo, people, judith):
    finish_reading(demo, people)
    known = len(adjudicating.list_adjudications(demo, judith))
    for name, experts, mode in (("alone", ("edna",), Mode.BLIND), ("trial", ("edna", "emil"), Mode.PROFICIENCY)):
        wish = RoundWish(
            name=name, experts=tuple(people[handle].id for handle in experts), query="double-labeled", mode=mode
        )
        opened = reading.open_reading(demo, wish, people["carla"])
        reading.close_reading(demo, opened.id, people["carla"])
        with pytest.raises(NotFound):
            adjudicating.list_disputes(demo, opened.id, judith)
    assert len(adjudicating.list_adjudications(demo, judith)) == known


# --------------------------------------------------------------- what is told


def test_what_an_open_round_holds_is_told_to_nobody(demo, people, judith):
    before = view(demo, judith)
    with demo.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {before.id})
        held = held_cells(transaction) & set(campaign.cells)
    shown = disputes(demo, judith)
    assert before.held == len(held) == 24
    assert {cell_of(demo, judith, each) for each in shown}.isdisjoint(held)
    for each in shown[:4]:
        for reference in adjudicating.list_references(demo, before.id, judith, each.item):
            assert held.isdisjoint(reference.cells)
    assert not before.final
    finish_reading(demo, people)
    after = view(demo, judith)
    assert (after.held, after.disputed) == (0, round_standing(demo, "demo").standings["disputed"])
    assert after.disputed > before.disputed
    late = next(each for each in disputes(demo, judith) if cell_of(demo, judith, each) in held)
    said = decision(late, late.opinions[1].term), decision(late, None, after=1)
    assert decide(demo, judith, *said) == ["kept", "kept"]
    # Held again: what came late from a device is refused by itself, and says nothing; what was kept before stays so.
    wish = RoundWish(name="again", experts=(people["edna"].id,), query="disputed")
    reading.open_reading(demo, wish, people["carla"])
    [receipt] = adjudicating.take_decisions(demo, before.id, judith, [decision(late, late.opinions[0].term)])
    assert (receipt.state, receipt.code) == (Received.REFUSED, "not-found")
    receipts = adjudicating.take_decisions(demo, before.id, judith, [*said, replace(said[0], reason="or else")])
    assert [each.state for each in receipts] == [Received.KNOWN, Received.KNOWN, Received.REFUSED]
    assert adjudicating.list_adjudications(demo, judith) == ()


def test_the_rarest_classes_come_first_and_pairs_and_levels_choose(demo, judith):
    campaign = view(demo, judith)
    report = agree(demo, round_name="demo", level="five-class", shown=True)
    page = adjudicating.list_disputes(demo, campaign.id, judith, level="five-class", limit=500)
    differing = report.both_labeled - report.equal
    assert (page.total, len(page.items), page.round.disputed) == (
        differing,
        differing,
        differing + report.differ_within,
    )
    assert [each.place for each in page.items] == list(range(differing))
    for pair in report.confused:
        one, other = pair.pair
        found = [
            adjudicating.list_disputes(demo, campaign.id, judith, level="five-class", one=a, other=b, limit=500)
            for a, b in ((one, other), (other, one))
        ]
        assert found[0] == found[1], "who said which of the two cannot be asked for"
        assert found[0].total == pair.cells
    second = adjudicating.list_disputes(demo, campaign.id, judith, level="five-class", offset=3, limit=2)
    assert second.items == page.items[3:5]
    with pytest.raises(UnknownTerm):
        adjudicating.list_disputes(demo, campaign.id, judith, level="nine-class")


def test_references_are_sure_cells_and_never_the_cell_itself_or_its_repeats(demo, people, judith):
    finish_reading(demo, people)
    campaign = view(demo, judith)
    consensus = consensus_by_cell(demo)
    with demo.database.reading() as transaction:
        repeats = {repeat.cell_id for repeat in transaction.find(Repeat)}
    full = 0
    for each in disputes(demo, judith):
        found = adjudicating.list_references(demo, campaign.id, judith, each.item)
        assert [reference.term for reference in found] == [opinion.term for opinion in each.opinions]
        assert found == adjudicating.list_references(demo, campaign.id, judith, each.item)
        for reference in found:
            full += len(reference.cells) == REFERENCES
            assert {(consensus[cell].standing, consensus[cell].term) for cell in reference.cells} <= {
                (Standing.AGREED, reference.term)
            }
            assert repeats.isdisjoint(reference.cells)
    assert full > 5
    # What was decided serves where experts agree on too few; of the cell itself it is no evidence.
    dispute = disputes(demo, judith)[0]
    rare = "not-recognized"
    assert decide(demo, judith, decision(dispute, rare, "out of focus")) == ["kept"]
    cell = cell_of(demo, judith, dispute)
    own = adjudicating.list_references(demo, campaign.id, judith, dispute.item, term=rare)
    [other] = adjudicating.list_references(demo, campaign.id, judith, disputes(demo, judith)[1].item, term=rare)
    assert cell not in own[0].cells
    assert cell in other.cells or len(other.cells) == REFERENCES


def test_who_saw_opinions_and_examples_is_noted(demo, judith):
    first = disputes(demo, judith)[0]
    campaign, cell = view(demo, judith), cell_of(demo, judith, first)
    found = adjudicating.list_references(demo, campaign.id, judith, first.item)
    with demo.database.reading() as transaction:
        [opinions] = transaction.find(Showing, about=cell)
        examples = transaction.find(Showing, expert_id=judith.id, kind="examples")
    assert (opinions.expert_id, opinions.kind, opinions.round_id) == (judith.id, Suggestion.OPINIONS, campaign.id)
    told = orjson.dumps([opinion.term for opinion in first.opinions])
    assert opinions.shown == hashlib.sha256(opinions.salt.encode() + told).hexdigest(), (
        "in the order in which they came"
    )
    assert {each.about: each.count for each in examples} == {each.term: len(each.cells) for each in found if each.cells}


def test_opinions_stand_in_an_order_of_chance_that_stays(demo, people, judith):
    def seen(person: Person) -> dict[str, tuple[str, ...]]:
        return {
            cell_of(demo, person, each): tuple(opinion.term for opinion in each.opinions)
            for each in disputes(demo, person)
        }

    first, adas = seen(judith), seen(people["ada"])
    assert first == seen(judith), "loaded again"
    for held in (rounds._KNOWN, rounds._ITEMS):
        assert held.pop(demo)
    assert first == seen(judith), "and by a service that began anew"
    assert {cell: sorted(terms) for cell, terms in first.items()} == {
        cell: sorted(terms) for cell, terms in adas.items()
    }
    turned = sum(first[cell] != adas[cell] for cell in first)
    assert 0 < turned < len(first), "each adjudicator has an order of their own"
    ordered = sum(list(terms) == sorted(terms) for terms in first.values())
    assert 0 < ordered < len(first), "and it is not that of the alphabet"


def test_items_are_ones_own(demo, people, judith):
    mine, adas = disputes(demo, judith), disputes(demo, people["ada"])
    assert {each.item for each in mine}.isdisjoint(each.item for each in adas)
    with pytest.raises(NotFound):
        adjudicating.find_dispute(demo, view(demo, judith).id, judith, adas[0].item)
    left = {cell_of(demo, judith, each): each.opinions[0].term for each in mine}
    others = {cell_of(demo, people["ada"], each): each.opinions[0].term for each in adas}
    assert left != others
    assert left.keys() == others.keys()


# ----------------------------------------------------------------- what holds


def test_a_decision_stands_beside_the_answers_and_the_consensus_takes_it(demo, people, judith):
    finish_reading(demo, people)
    before = agree(demo, round_name="demo", level="five-class"), round_standing(demo, "demo")
    counted = {"monocyte", "basophil", "eosinophil", "lymphocyte.small", "lymphocyte.large"}
    chosen, term = next(
        (each, opinion.term) for each in disputes(demo, judith) for opinion in each.opinions if opinion.term in counted
    )
    cell = cell_of(demo, judith, chosen)
    total = browse.list_cells(demo, query=DOUBLE_LABELED.id, limit=1).total
    with demo.database.reading() as transaction:
        answers = transaction.find(Label, cell_id=cell)
    assert decide(demo, judith, decision(chosen, term, "as in the atlas")) == ["kept"]
    with demo.database.reading() as transaction:
        now = transaction.find(Label, cell_id=cell)
        [made] = [label for label in now if label.purpose is Purpose.ADJUDICATION]
        run = transaction.get(Run, made.run_id)
    assert [label for label in now if label != made] == answers, "no answer is changed"
    assert (made.expert_id, made.term, made.comment, made.withdrawn) == (judith.id, term, "as in the atlas", False)
    assert UUID(made.event)
    assert run.parameters == {"round": "demo", "adjudicator": judith.id}
    found = consensus_by_cell(demo)[cell]
    assert (found.standing, found.term) == (Standing.ADJUDICATED, term)
    assert browse.get_cell(demo, cell).consensus == found
    assert browse.list_cells(demo, query=DOUBLE_LABELED.id, limit=1).total == total + 1
    after = agree(demo, round_name="demo", level="five-class"), round_standing(demo, "demo")
    assert after[0] == before[0], "the matrix is of the readings alone"
    assert (after[1].raw_agreement, after[1].kappa, after[1].given) == (
        before[1].raw_agreement,
        before[1].kappa,
        before[1].given,
    )
    moved = {"adjudicated": 1, "disputed": -1}
    assert {k: after[1].standings[k] - before[1].standings[k] for k in moved} == moved
    assert disputes(demo, judith)[chosen.place].decision.term == term


def test_a_third_term_needs_a_reason_and_wrong_ones_are_refused_by_themselves(demo, judith):
    dispute, other = disputes(demo, judith)[:2]
    said = {opinion.term for opinion in dispute.opinions}
    third = next(key for key in ("monocyte", "basophil", "smudge") if key not in said)
    good = decision(other, other.opinions[1].term)
    given = [
        decision(dispute, third),
        decision(dispute, third, "  \n "),
        decision(dispute, "unicorn", "horn"),
        replace(decision(dispute, third, "why"), item="nothing"),
        replace(decision(dispute, third, "why"), event="no-uuid"),
        replace(decision(dispute, third, "why"), given_at="yesterday"),
        replace(decision(dispute, third, "why"), given_at="2026-01-01T00:00:00"),
        replace(decision(dispute, third, "why"), seconds=float("nan")),
        decision(dispute, third, "x" * 2001),
        good,
        decision(dispute, third, "a horn, cut in half: \ud83e"),
    ]
    assert decide(demo, judith, *given) == [*["refused"] * 9, "kept", "kept"]
    assert disputes(demo, judith)[0].decision.term == third
    assert decide(demo, judith, good, replace(good, reason="other words")) == ["known", "refused"]
    assert disputes(demo, judith)[1].decision.reason == ""


def test_the_newest_holds_of_one_and_of_several_and_taking_back_is_ones_own(demo, people, judith):
    ada = people["ada"]
    where = 2

    def holds(person: Person):
        found = disputes(demo, person)
        cell = cell_of(demo, judith, disputes(demo, judith)[where])
        [mine] = [each for each in found if cell_of(demo, person, each) == cell]
        return mine, (None if mine.decision is None else (mine.decision.term, mine.decision.mine))

    first, _ = holds(judith)
    adas, _ = holds(ada)
    one, other = first.opinions[0].term, first.opinions[1].term
    # Sent in the wrong order: the moment of giving counts, not that of coming.
    assert decide(demo, judith, decision(first, other, after=-10), decision(first, one, after=-20)) == ["kept", "kept"]
    assert holds(judith)[1] == (other, True)
    assert decide(demo, ada, decision(adas, one, "thread of chromatin", after=-5)) == ["kept"]
    assert (holds(judith)[1], holds(ada)[1]) == ((one, False), (one, True))
    assert holds(judith)[0].decision.reason == "thread of chromatin"
    # Judith cannot take back what Ada decided; Ada can, and then Judith's stands again.
    assert decide(demo, judith, decision(first, None, after=-4)) == ["kept"]
    assert holds(judith)[1] == (one, False)
    assert decide(demo, judith, decision(first, other, after=-3)) == ["kept"]
    assert decide(demo, ada, decision(adas, None, after=-2)) == ["kept"]
    assert holds(ada)[1] == (other, False)
    assert decide(demo, judith, decision(first, None, after=-1)) == ["kept"]
    assert holds(ada)[1] is None
    assert consensus_by_cell(demo)[cell_of(demo, judith, first)].standing is Standing.DISPUTED


def test_a_wrong_clock_is_cut_and_equal_moments_keep_their_order(demo, judith):
    dispute = disputes(demo, judith)[0]
    one, other = (opinion.term for opinion in dispute.opinions)
    given = [decision(dispute, term, after=400 * 86_400) for term in (one, other, one)]
    given = [replace(each, given_at=given[0].given_at) for each in given]
    assert decide(demo, judith, *given) == ["kept"] * 3
    found = disputes(demo, judith)[0].decision
    assert found.term == one
    assert found.given_at < datetime.now(UTC) + timedelta(minutes=2)
    early = replace(decision(dispute, other), given_at="0001-01-01T00:00:00Z")
    assert decide(demo, judith, early) == ["kept"]


def test_when_all_is_decided_the_consensus_is_final_and_feedback_tells_it(demo, people, judith):
    [held] = [each for each in reading.list_rounds(demo, people["ada"]) if not each.closed]
    with demo.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {held.id})
    for handle, term in (("edna", "monocyte"), ("emil", "basophil")):
        given = [
            Given(event=str(uuid4()), item=item.item, term=term, given_at=datetime.now(UTC).isoformat())
            for item in items_of(campaign, people[handle].id)
        ]
        assert {each.state for each in reading.take_answers(demo, held.id, people[handle], given)} == {Received.KEPT}
    reading.close_reading(demo, held.id, people["ada"])
    queue = disputes(demo, judith, held.name)
    assert len(queue) == 24
    assert decide(demo, judith, *(decision(each, "basophil") for each in queue), name=held.name) == ["kept"] * 24
    after = view(demo, judith, held.name)
    assert (after.decided, after.disputed, after.final) == (24, 24, True)
    told = reading.get_feedback(demo, held.id, people["edna"])
    assert (told.cells.asked, told.cells.equal) == (24, 0)
    assert [(each.said, each.panel, each.cells) for each in told.confused] == [("monocyte", "basophil", 24)]
    assert reading.get_feedback(demo, held.id, people["emil"]).cells.equal == 24
