"""All learners side by side: who is told, of which rounds, and that the figures are those that each learner sees."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.label import Mode, Role
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.domain.teaching import LearnerScore, Score, Share
from buffycoat.errors import NotAllowed
from buffycoat.label import items_of
from buffycoat.label.learners import COLUMNS, learners_csv
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import reading
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace


@pytest.fixture
def people(demo: Workspace) -> dict[str, Person]:
    return {person.handle: person for person in demo_people(demo)}


def read(demo: Workspace, people: dict[str, Person], name: str, handles: tuple[str, ...], *, mode: Mode, close: bool = True) -> str:  # fmt: skip
    """Open a round for learners of twelve cells, and let them call the first eight monocytes."""
    experts = tuple(people[handle].id for handle in handles)
    wish = RoundWish(name=name, query="double-labeled", experts=experts, mode=mode, panel="demo", most=12)
    view = reading.open_reading(demo, wish, people["carla"])
    with demo.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {view.id})
    for handle in handles:
        given = [
            Given(event=str(uuid4()), item=item.item, term="monocyte", given_at=datetime.now(UTC).isoformat())
            for item in items_of(campaign, people[handle].id)[:8]
        ]
        reading.take_answers(demo, campaign.id, people[handle], given)
    if close:
        reading.close_reading(demo, campaign.id, people["ada"])
    return campaign.id


def test_a_curator_sees_what_each_learner_sees_of_closed_rounds_alone(demo: Workspace, people: dict[str, Person]):
    first = read(demo, people, "first", ("theo", "edna"), mode=Mode.TRAINING)
    second = read(demo, people, "second", ("theo",), mode=Mode.PROFICIENCY)
    figures = [(row.score.cells, row.score.blank) for row in reading.list_learners(demo, people["carla"])]
    assert figures == [(8, 0), (8, 0), (12, 4)], "who tries people counts what was left blank"
    read(demo, people, "third", ("theo",), mode=Mode.TRAINING, close=False)
    for who in ("carla", "ada"):
        told = reading.list_learners(demo, people[who])
        assert [(each.person.handle, each.round_id) for each in told] == [
            ("edna", first),
            ("theo", first),
            ("theo", second),
        ]
    assert {each.panel for each in told} == {("demo",)}
    for row in told:
        own = [each for each in reading.list_learned(demo, row.person) if each.round_id == row.round_id]
        assert [(each.score, each.answered, each.mode) for each in own] == [(row.score, row.answered, row.mode)]
    assert all(row.score.balanced.interval for row in told), "with intervals"


def test_nobody_else_is_told(demo: Workspace, people: dict[str, Person]):
    for handle in ("theo", "edna", "judith", "vera"):
        with pytest.raises(NotAllowed):
            reading.list_learners(demo, people[handle])
        with pytest.raises(NotAllowed):
            reading.learners_table(demo, people[handle])


def test_what_an_open_round_reads_is_left_out_and_counted(demo: Workspace, people: dict[str, Person]):
    closed = read(demo, people, "first", ("theo",), mode=Mode.PROFICIENCY)
    [before] = reading.list_learners(demo, people["carla"])
    wish = RoundWish(name="again", query="double-labeled", experts=(people["carla"].id,), mode=Mode.BLIND)
    view = reading.open_reading(demo, wish, people["ada"])
    [during] = reading.list_learners(demo, people["carla"])
    assert (before.held, before.score.cells) == (0, 12)
    assert (during.round_id, during.held, during.score.cells, during.panel) == (closed, 12, 0, ())
    reading.close_reading(demo, view.id, people["ada"])
    [after] = reading.list_learners(demo, people["carla"])
    assert after.score.cells == 12


def test_the_table_is_what_is_told(demo: Workspace, people: dict[str, Person]):
    read(demo, people, "frühling؛ بهار", ("theo", "edna"), mode=Mode.TRAINING)
    content = reading.learners_table(demo, people["carla"])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    told = reading.list_learners(demo, people["carla"])
    assert [row["person"] for row in rows] == [each.person.handle for each in told] == ["edna", "theo"]
    assert rows[0]["round"] == "frühling؛ بهار"
    for row, each in zip(rows, told, strict=True):
        balanced = each.score.balanced
        assert float(row["balanced_accuracy"]) == pytest.approx(balanced.value, abs=1e-4)
        assert [float(row[f"balanced_accuracy_{end}"]) for end in ("low", "high")] == pytest.approx(balanced.interval, abs=1e-4)  # fmt: skip
        assert (row["cells"], row["blank"], row["panel"]) == (str(each.score.cells), str(each.score.blank), "demo")


def test_a_name_is_no_formula_and_what_is_undefined_is_empty():
    nothing = Share(value=None, interval=None)
    score = Score(
        level="full", cells=0, blank=0, smears=0, accuracy=nothing, balanced=nothing, kappa=nothing, classes=()
    )
    row = LearnerScore(
        person=Person(id="e1", handle="=1+1", role=Role.TRAINEE, simulated=True),
        round_id="o1",
        name="@SUM(A1)",
        mode=Mode.TRAINING,
        taxonomy="raabin@2",
        panel=("-2", "b"),
        at=datetime(2026, 1, 2, tzinfo=UTC),
        items=3,
        answered=0,
        held=3,
        score=score,
    )
    text = learners_csv([row, replace(row, name='a "quoted", name')])
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(each["person"], each["panel"]) for each in read] == [("'=1+1", "'-2; b")] * 2
    assert [each["round"] for each in read] == ["'@SUM(A1)", 'a "quoted", name']
    assert [read[0][name] for name in COLUMNS[-9:]] == [""] * 9
    assert (read[0]["simulated"], read[0]["opened_at"]) == ("yes", "2026-01-02T00:00:00+00:00")
