"""Learners and readers: what they read, what they are shown beside, and what they are told of themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Showing, Suggestion
from buffycoat.domain.label import Expert, Label, Mode, Purpose, Role, Round, Standing
from buffycoat.domain.query import Query
from buffycoat.domain.reading import Given, Received, RoundWish, Tried
from buffycoat.errors import Conflict, InputError, NotAllowed, NotFound
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.store.queries import current_repeats
from buffycoat.workflows import reading
from buffycoat.workflows.browse import list_cells
from buffycoat.workflows.consensus import consensus_by_cell, held_cells
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.selection import save_query
from buffycoat.workflows.shown import consensus_on

FIVE = "five-class"


@pytest.fixture
def people(demo):
    return {person.handle: person for person in demo_people(demo)}


def wish(people, name="spring", query="disputed", experts=("edna", "emil"), **more) -> RoundWish:
    return RoundWish(name=name, query=query, experts=tuple(people[handle].id for handle in experts), **more)


def opened(demo, people, **more) -> Round:
    view = reading.open_reading(demo, wish(people, **more), people["carla"])
    with demo.database.reading() as transaction:
        return rounds_of(transaction, {view.id})[0]


def taught(demo, people, *, mode=Mode.TRAINING, experts=("theo",), **more) -> Round:
    return opened(demo, people, query="double-labeled", mode=mode, experts=experts, **more)


def given(item: str, term: str | None, *, after: float = 0) -> Given:
    moment = datetime.now(UTC) + timedelta(seconds=after)
    return Given(event=str(uuid4()), item=item, term=term, given_at=moment.isoformat())


def answer(demo, campaign, person, term) -> None:
    sent = [given(item.item, term(item)) for item in items_of(campaign, person.id) if term(item) is not None]
    assert {each.state for each in reading.take_answers(demo, campaign.id, person, sent)} <= {Received.KEPT}


def close(demo, campaign, people) -> None:
    reading.close_reading(demo, campaign.id, people["ada"])


def decide(demo, campaign: Round, cell: str, term: str, *, by: Person) -> None:
    """Say as an adjudicator what a cell is."""
    with demo.database.writing() as transaction:
        [run] = {label.run_id for label in transaction.find(Label, round_id=campaign.id, expert_id=campaign.experts[0])}
        transaction.add(
            [
                Label(
                    id=f"decision {campaign.name} {cell}",
                    cell_id=cell,
                    expert_id=by.id,
                    round_id=campaign.id,
                    purpose=Purpose.ADJUDICATION,
                    term=term,
                    given_at=datetime.now(UTC),
                    seconds=None,
                    comment="",
                    supersedes=None,
                    run_id=run,
                    event=str(uuid4()),
                )
            ]
        )


# ------------------------------------------------------------------- opening


def test_a_panel_is_one_closed_round_or_all_and_is_drawn_evenly(demo, people):
    known = {cell: found.term for cell, found in consensus_by_cell(demo, shown=True).items() if found.term}
    campaign = taught(demo, people, panel="demo", most=12)
    counts = Counter(known[cell] for cell in campaign.cells)
    there = Counter(term for cell, term in known.items() if consensus_by_cell(demo)[cell].standing is Standing.AGREED)
    assert len(campaign.cells) == 12
    fewest = min(counts.values())
    assert all(count == there[term] or count >= max(counts.values()) - 1 for term, count in counts.items()), fewest
    again = taught(demo, people, name="again", most=12)
    assert again.cells != campaign.cells or again.name != campaign.name
    with pytest.raises(NotFound, match="no closed round of people"):
        taught(demo, people, name="x", panel="demo-reading")
    for more in ({"panel": "demo", "mode": Mode.BLIND}, {"most": 0}, {"examples": True, "mode": Mode.PROFICIENCY}):
        with pytest.raises(InputError):
            opened(demo, people, name="x", **more)


def test_trainees_read_where_people_are_tried_and_nowhere_else(demo, people):
    for mode in (Mode.TRAINING, Mode.PROFICIENCY):
        campaign = taught(demo, people, name=mode.value, mode=mode)
        assert campaign.experts == (people["theo"].id,)
        close(demo, campaign, people)
    for mode in (Mode.BLIND, Mode.COUNT):
        with pytest.raises(InputError, match="a trainee does not read"):
            opened(demo, people, name=mode.value, mode=mode, experts=("theo",))


def test_a_new_round_takes_the_newest_edition_and_says_which_terms_it_offers(demo, people):
    campaign = opened(demo, people)
    assert campaign.taxonomy == "raabin@2"
    offered = {term.key for term in reading.round_taxonomy(demo, campaign.id, people["edna"]).terms}
    assert {"poor-image", "not-leukocyte", "other-named", "not-centered", "not-recognized"} <= offered
    with pytest.raises(NotFound):
        reading.round_taxonomy(demo, campaign.id, people["judith"])
    close(demo, campaign, people)
    old = opened(demo, people, name="old", taxonomy="raabin@1")
    assert "poor-image" not in {term.key for term in reading.round_taxonomy(demo, old.id, people["edna"]).terms}
    first = items_of(old, people["edna"].id)[0]
    [receipt] = reading.take_answers(demo, old.id, people["edna"], [given(first.item, "poor-image")])
    assert (receipt.state, receipt.code) == (Received.REFUSED, "input")


def test_what_came_with_a_set_is_offered_as_no_panel(demo, people, raabin_labels):
    told = {view.name: view.as_panel for view in reading.list_rounds(demo, people["carla"])}
    assert (told["demo"], told["demo-reading"]) == (True, False), "an open round is no panel yet"
    campaign = taught(demo, people, panel="demo", most=4)
    close(demo, campaign, people)
    assert not reading.get_round(demo, campaign.id, people["carla"]).as_panel, "learners are no panel"
    with raabin_labels.database.reading() as transaction:
        filed = {each.name for each in rounds_of(transaction) if _of_folders(transaction, each)}
    offered = {view.name: view.as_panel for view in reading.list_rounds(raabin_labels, people["carla"])}
    assert {name for name, yes in offered.items() if not yes} == filed


def _of_folders(transaction, campaign: Round) -> bool:
    return all(transaction.get(Expert, expert).role is Role.SOURCE for expert in campaign.experts)


def test_every_round_that_is_offered_as_a_panel_can_be_one(demo, people):
    """A folder's round was offered, and opening over it was refused as if it were not there."""
    with demo.database.writing() as transaction:
        [campaign] = [each for each in rounds_of(transaction) if each.name == "demo"]
        folder = Expert(id="e-folder", handle="a folder", role=Role.SOURCE)
        filed = replace(campaign, id="o-filed", name="filed", experts=(folder.id,), closed_at=campaign.opened_at)
        transaction.add([folder, filed])
    offered = {view.name: view.as_panel for view in reading.list_rounds(demo, people["carla"])}
    assert not offered["filed"]
    for number, (name, yes) in enumerate(offered.items()):
        if yes:
            close(demo, taught(demo, people, name=f"t{number}", panel=name, most=2), people)
    with pytest.raises(NotFound, match="no closed round of people"):
        taught(demo, people, name="x", panel="filed")


# ------------------------------------------------------------------- training


def test_an_answer_dated_before_the_first_one_does_not_mend_the_score(demo, people):
    panel = {cell: found.term for cell, found in consensus_by_cell(demo, shown=True).items()}
    campaign, theo = taught(demo, people), people["theo"]
    item = items_of(campaign, theo.id)[0]
    right = panel[item.cell_id]
    wrong = "basophil" if right != "basophil" else "monocyte"
    [receipt] = reading.take_answers(demo, campaign.id, theo, [given(item.item, wrong)])
    assert receipt.panel == right
    early = replace(given(item.item, right), given_at=(campaign.opened_at + timedelta(milliseconds=1)).isoformat())
    reading.take_answers(demo, campaign.id, theo, [early])
    reading.take_answers(demo, campaign.id, theo, [given(item.item, right, after=20)])
    found = reading.own_reading(demo, campaign.id, theo)
    assert found.feedback.cells == Tried(asked=1, equal=0)
    assert [(each.item, each.said, each.panel) for each in found.differing] == [(item.item, wrong, right)]
    assert found.score.accuracy.value == 0.0


def test_of_two_answers_in_one_call_the_first_in_the_list_counts(demo, people):
    panel = {cell: found.term for cell, found in consensus_by_cell(demo, shown=True).items()}
    campaign, theo = taught(demo, people), people["theo"]
    item = items_of(campaign, theo.id)[0]
    sent = [given(item.item, panel[item.cell_id], after=5), given(item.item, "other-named")]
    reading.take_answers(demo, campaign.id, theo, sent)
    assert reading.own_reading(demo, campaign.id, theo).feedback.cells == Tried(asked=1, equal=1)


def test_other_pictures_of_a_held_cell_tell_nothing_either(demo, people):
    with demo.database.reading() as transaction:
        repeats = current_repeats(transaction)
    known = {cell: found for cell, found in consensus_by_cell(demo).items() if found.term}
    pair = next(each for each in repeats if each.kept_id in known)
    before = {cell: found for cell, found in consensus_by_cell(demo, shown=True).items() if cell == pair.cell_id}
    folder = demo_folder(demo, pair.cell_id)
    assert before == {}
    assert {view.cell.id: view.consensus for view in list_cells(demo, limit=500).items}[pair.cell_id] is not None
    with demo.database.reading() as transaction:
        assert consensus_on(transaction, [pair.cell_id])[pair.cell_id].term == "basophil"
    opened(demo, people, query=None)
    with demo.database.reading() as transaction:
        held = held_cells(transaction)
        assert {pair.cell_id, pair.kept_id} <= held
        assert consensus_on(transaction, [pair.cell_id]) == {}
    assert {view.cell.id: view.consensus for view in list_cells(demo, limit=500).items}[pair.cell_id] is None
    assert pair.cell_id not in consensus_by_cell(demo, shown=True)
    assert consensus_by_cell(demo)[pair.cell_id].term == "basophil", folder


def demo_folder(demo, cell: str) -> str:
    """File a cell in a folder, as an imported set does."""
    from buffycoat.domain.label import Expert, Role
    from buffycoat.workflows.runs import start_run

    moment = datetime.now(UTC) - timedelta(days=1)
    run = start_run(demo, room="ingest", function="ingest.import_set", parameters={"set": "folder"})
    expert = Expert(id="folder", handle="folder filed", role=Role.SOURCE)
    campaign = Round(
        id="filed",
        name="folder (filed)",
        taxonomy="raabin@2",
        cells=(cell,),
        experts=("folder",),
        opened_at=moment,
        run_id=run.id,
        closed_at=moment,
    )
    label = Label(
        id="filed label",
        cell_id=cell,
        expert_id="folder",
        round_id="filed",
        purpose=Purpose.READING,
        term="basophil",
        given_at=moment,
        seconds=None,
        comment="",
        supersedes=None,
        run_id=run.id,
    )
    with demo.database.writing() as transaction:
        transaction.add([expert, campaign, label])
    return campaign.name


# ---------------------------------------------------------------- proficiency


def test_a_proficiency_round_is_scored_at_its_end_as_scikit_learn_scores_it(demo, people):
    panel = {cell: found.term for cell, found in consensus_by_cell(demo, shown=True).items()}
    campaign = taught(demo, people, mode=Mode.PROFICIENCY, level="full", most=60)
    theo = people["theo"]
    said = {cell: ("monocyte" if n % 4 == 0 else panel[cell]) for n, cell in enumerate(campaign.cells)}
    answer(demo, campaign, theo, lambda item: said[item.cell_id])
    with pytest.raises(Conflict):
        reading.own_reading(demo, campaign.id, theo)
    assert reading.list_learned(demo, theo) == ()
    close(demo, campaign, people)
    score = reading.own_reading(demo, campaign.id, theo).score
    truth, answers = [panel[cell] for cell in campaign.cells], [said[cell] for cell in campaign.cells]
    assert (score.cells, score.blank, score.level) == (60, 0, "full")
    assert score.balanced.value == pytest.approx(balanced_accuracy_score(truth, answers))
    assert score.kappa.value == pytest.approx(cohen_kappa_score(truth, answers))
    for share in (score.accuracy, score.balanced, score.kappa):
        assert share.interval[0] <= share.value <= share.interval[1]
    assert {each.key: each.cells for each in score.classes} == Counter(truth)
    assert sum(each.equal for each in score.classes) == sum(map(str.__eq__, truth, answers))
    [learned] = reading.list_learned(demo, theo)
    assert (learned.name, learned.closed, learned.score) == ("spring", True, score)
    assert reading.list_learned(demo, people["edna"]) == ()


def test_what_is_left_blank_does_not_mend_a_score(demo, people):
    panel = {cell: found.term for cell, found in consensus_by_cell(demo, shown=True).items()}
    campaign, theo = taught(demo, people, mode=Mode.PROFICIENCY, most=20), people["theo"]
    left = set(campaign.cells[:5])
    answer(demo, campaign, theo, lambda item: None if item.cell_id in left else panel[item.cell_id])
    close(demo, campaign, people)
    score = reading.own_reading(demo, campaign.id, theo).score
    assert (score.cells, score.blank, score.accuracy.value, score.kappa.value) == (20, 5, 0.75, 1.0)


# --------------------------------------------------------- readers of a round


def test_a_reader_sees_own_differences_only_once_all_are_decided(demo, people):
    campaign = opened(demo, people, repeat_share=0.5, gold=3)
    edna, emil = people["edna"], people["emil"]
    known = {cell: found.term for cell, found in consensus_by_cell(demo).items()}
    one, other = campaign.cells[:2]

    def first(item):
        if item.purpose is Purpose.GOLD:
            return known[item.cell_id] if item.cell_id != campaign.gold[0] else "other-named"
        return "artifact" if item.purpose is Purpose.REPEAT else "monocyte"

    answer(demo, campaign, edna, first)
    odd = {one, other}
    answer(demo, campaign, emil, lambda item: "smudge" if item.cell_id in odd else "monocyte")
    with pytest.raises(Conflict):
        reading.own_reading(demo, campaign.id, edna)
    close(demo, campaign, people)
    before = reading.own_reading(demo, campaign.id, edna)
    assert before.waiting == 2
    assert [(each.gold, each.said, each.panel) for each in before.differing] == [
        (True, "other-named", known[campaign.gold[0]])
    ]
    assert len(before.twice) == before.feedback.repeats.asked == round(0.5 * len(campaign.cells))
    assert {(each.said, each.again_said) for each in before.twice} == {("monocyte", "artifact")}
    decide(demo, campaign, one, "smudge", by=people["judith"])
    half = reading.own_reading(demo, campaign.id, edna)
    assert (half.waiting, half.differing) == (1, before.differing), "half decided, nothing more is told"
    decide(demo, campaign, other, "basophil", by=people["judith"])
    after = reading.own_reading(demo, campaign.id, edna)
    assert after.waiting == 0
    assert {(each.said, each.panel, each.decided) for each in after.differing if not each.gold} == {
        ("monocyte", "smudge", True),
        ("monocyte", "basophil", True),
    }
    with demo.database.reading() as transaction:
        noted = transaction.find(Showing, expert_id=edna.id, kind="panel")
    assert {(each.about, each.round_id, each.count > 2) for each in noted} == {(campaign.id, campaign.id, True)}
    mine = {item.item for item in items_of(campaign, edna.id)}
    assert {each.item for each in after.differing} | {each.again for each in after.twice} <= mine
    told = repr(after)
    assert emil.id not in told
    assert "emil" not in told
    assert [cell for cell in (*campaign.cells, *campaign.gold) if cell in told] == []
    with pytest.raises(NotAllowed):
        reading.own_reading(demo, campaign.id, people["judith"])
    assert after.score is None


def test_of_cells_that_another_round_holds_a_reader_is_told_only_how_many(demo, people):
    campaign = opened(demo, people)
    answer(demo, campaign, people["edna"], lambda _: "monocyte")
    answer(demo, campaign, people["emil"], lambda item: "smudge" if item.cell_id in campaign.cells[:2] else "monocyte")
    close(demo, campaign, people)
    assert reading.own_reading(demo, campaign.id, people["edna"]).waiting == 2
    opened(demo, people, name="autumn", query="disputed", experts=("emil", "judith"))
    with demo.database.reading() as transaction:
        held = held_cells(transaction)
    told = reading.own_reading(demo, campaign.id, people["edna"])
    assert told.held == len(held.intersection(campaign.cells)) >= 2
    assert told.waiting == sum(cell not in held for cell in campaign.cells[:2]) < 2
    assert told.differing == ()


# ----------------------------------------------------------------- references


def test_references_are_decided_cells_of_other_rounds(demo, people):
    with demo.database.reading() as transaction:
        repeats = current_repeats(transaction)
    campaign = opened(demo, people, examples=True, gold=4)
    found = reading.list_references(demo, campaign.id, people["edna"])
    assert found.shown
    known = consensus_by_cell(demo)
    cells = [(each.term, cell) for each in found.terms for cell in each.cells]
    assert len(cells) > 12
    assert {known[cell].term == term for term, cell in cells} == {True}
    assert {known[cell].standing for _, cell in cells} <= {Standing.AGREED, Standing.ADJUDICATED}
    near = {*campaign.cells, *campaign.gold}
    near |= {each.cell_id for each in repeats if each.kept_id in near}
    assert near.isdisjoint(cell for _, cell in cells)
    assert reading.list_references(demo, campaign.id, people["emil"]) == found
    with demo.database.reading() as transaction:
        noted = transaction.find(Showing, expert_id=people["edna"].id, round_id=campaign.id)
    assert {(each.kind, each.about, each.count) for each in noted} == {
        (Suggestion.EXAMPLES, each.term, len(each.cells)) for each in found.terms
    }
    # Another round takes one of them: it is shown no more, here or there.
    term, taken = cells[0]
    smear = next(view.smear_id for view in list_cells(demo, limit=500).items if view.cell.id == taken)
    save_query(demo, Query(id="theirs", smears=(smear,), terms=(term,)))
    other = opened(demo, people, name="other", query="theirs", experts=("carla",))
    assert taken in other.cells
    now = reading.list_references(demo, campaign.id, people["edna"])
    assert not {cell for each in now.terms for cell in each.cells} & {*other.cells}


def test_a_round_shows_no_references_unless_its_curator_allowed_it(demo, people):
    for mode in (Mode.BLIND, Mode.COUNT):
        campaign = opened(demo, people, name=mode.value, mode=mode)
        found = reading.list_references(demo, campaign.id, people["edna"])
        assert (found.shown, found.terms) == (False, ())
        close(demo, campaign, people)
    with pytest.raises(NotAllowed):
        reading.list_references(demo, campaign.id, people["carla"])
