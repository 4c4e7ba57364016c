"""Which of several answers holds: decided in one place, so that all readers see the same."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from buffycoat.domain.label import Closing, Label, Purpose, Round
from buffycoat.store import Database
from buffycoat.store.answers import (
    answered_items,
    answers_by_round,
    answers_on,
    count_answered,
    count_labels,
    first_labels,
    is_answered,
    is_round_open,
    labels_of,
    open_rounds,
    rounds_of,
)

DUMPS = Path(__file__).parent / "schemas"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ROUND = Round(
    id="o2", name="second", taxonomy="raabin@1", cells=("c1", "c2"), experts=("e1",), opened_at=MOMENT, run_id="r1"
)


def event(key: str, seconds: float, term: str = "monocyte", **changes) -> Label:
    plain = Label(
        id=f"l{key}",
        cell_id="c1",
        expert_id="e1",
        round_id="o2",
        purpose=Purpose.READING,
        term=term,
        given_at=MOMENT + timedelta(seconds=seconds),
        seconds=1.5,
        comment="",
        supersedes=None,
        run_id="r1",
        event=key,
        withdrawn=not term,
    )
    return replace(plain, **changes)


@pytest.fixture
def opened(tmp_path, chain, database):
    opened = database(tmp_path)
    with opened.writing() as transaction:
        transaction.add([*chain, ROUND])
    yield opened
    opened.close()


def add(opened: Database, *labels: Label) -> None:
    with opened.writing() as transaction:
        transaction.add(labels)


def live(opened: Database, **which) -> list[str]:
    with opened.reading() as transaction:
        return [label.id for label in labels_of(transaction, "o2", **which)]


def test_both_of_two_devices_are_kept_and_the_newest_holds(opened):
    add(opened, event("b", 1, "eosinophil"), event("a", 5, "basophil"), event("c", 3))
    assert live(opened) == ["la"]
    with opened.reading() as transaction:
        assert transaction.count(Label, round_id="o2") == 3
        assert [label.id for label in first_labels(transaction, "o2", "e1")] == ["lb"]


def test_of_equal_moments_the_greater_id_holds_in_whatever_order_they_come(opened):
    add(opened, event("b", 1), event("a", 1))
    assert live(opened) == ["lb"]
    add(opened, event("c", 1))
    assert live(opened) == ["lc"]


def test_an_answer_taken_back_leaves_none_and_another_may_follow(opened):
    add(opened, event("a", 1), event("b", 2, ""))
    assert (live(opened), live(opened, withdrawn=True)) == ([], ["lb"])
    with opened.reading() as transaction:
        assert (count_answered(transaction, "o2", "e1"), answered_items(transaction, "o2", "e1")) == (0, set())
        assert not is_answered(transaction, "o2", "e1", "c1", "reading")
        assert [label.id for label in first_labels(transaction, "o2", "e1")] == ["la"]
    add(opened, event("c", 3))
    assert live(opened) == ["lc"]


def test_a_repeat_and_another_cell_are_items_of_their_own(opened):
    add(opened, event("a", 1), event("b", 2, purpose=Purpose.REPEAT), event("c", 3, cell_id="c2"))
    assert live(opened) == ["la", "lb", "lc"]
    assert live(opened, cells=["c2"]) == ["lc"]
    assert live(opened, expert_id="nobody") == []
    with opened.reading() as transaction:
        assert count_answered(transaction, "o2", "e1") == 3
        expected = {("c1", "reading"), ("c1", "repeat"), ("c2", "reading")}
        assert answered_items(transaction, "o2", "e1") == expected
        assert is_answered(transaction, "o2", "e1", "c1", "repeat")
        assert not is_answered(transaction, "o2", "e1", "c2", "repeat")


def test_answers_of_open_rounds_are_not_read(opened):
    with opened.reading() as transaction:
        before = count_labels(transaction)
    add(opened, event("a", 1), event("b", 2))
    with opened.reading() as transaction:
        assert [campaign.id for campaign in open_rounds(transaction)] == ["o2"]
        assert is_round_open(transaction, "o2")
        assert count_labels(transaction) == before
        assert "o2" not in answers_by_round(transaction)
        assert "o2" not in answers_on(transaction, ["c1"])
    with opened.writing() as transaction:
        transaction.add([Closing(id="h2", round_id="o2", by=None, closed_at=MOMENT)])
    with opened.reading() as transaction:
        assert open_rounds(transaction) == []
        assert not is_round_open(transaction, "o2")
        assert count_labels(transaction) == before + 2
        expected = [("c1", "e1", "reading", "monocyte", MOMENT + timedelta(seconds=2))]
        assert answers_by_round(transaction)["o2"] == answers_on(transaction, ["c1", "c2"])["o2"] == expected


def test_rounds_come_in_order_and_only_those_that_are_there(opened):
    with opened.reading() as transaction:
        assert [campaign.id for campaign in rounds_of(transaction)] == ["o1", "o2"]
        assert rounds_of(transaction, {"o2", "o9"}) == [ROUND]


def old(folder: Path, *statements: str) -> Database:
    """A database of the schema before, changed, and opened by this one."""
    connection = sqlite3.connect(folder / "buffycoat.db")
    connection.executescript((DUMPS / "0004.sql").read_text())
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return Database(f"sqlite:///{folder / 'buffycoat.db'}")


def old_label(key: str, seconds: int, supersedes: str = "NULL") -> str:
    return (
        f"INSERT INTO label VALUES('{key}','c1','e1','o1','reading','t-{key}','2026-01-02 03:04:{seconds:02}.000000',"
        f"NULL,'',{supersedes},'r1')"
    )


def test_answers_from_before_hold_as_they_did(tmp_path):
    opened = old(tmp_path, old_label("k1", 10), old_label("k2", 11, "'k1'"))
    with opened.reading() as transaction:
        assert [label.term for label in labels_of(transaction, "o1", cells=["c1"])] == ["t-k2"]
        assert not is_round_open(transaction, "o1")
        [closing] = transaction.find(Closing)
        assert (closing.round_id, closing.by) == ("o1", None)
        assert closing.closed_at == datetime(2026, 1, 2, 3, 4, 11, tzinfo=UTC)
        assert is_round_open(transaction, "closed") is False
    opened.close()


def test_a_round_that_was_open_stays_open(tmp_path):
    opened = old(
        tmp_path,
        "UPDATE round SET cells = '[\"c1\", \"c2\"]' WHERE id = 'o1'",
        "DELETE FROM label",
        old_label("k1", 10),
    )
    with opened.reading() as transaction:
        assert is_round_open(transaction, "o1")
        assert answered_items(transaction, "o1", "e1") == {("c1", "reading")}
    opened.close()
