"""Answers that hold. Nothing is overwritten, so which of several holds is decided here, and nowhere else.

Of the events of one expert on one cell of a round with one purpose the newest by (``given_at``, ``event``) holds; where
it takes the answer back there is none. Of imported answers the one holds that no other supersedes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Engine,
    Select,
    and_,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.types import NullType

from buffycoat.domain.label import Closing, Label, Round
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES, moment_of

__all__ = [
    "AnswerRow",
    "answered_items",
    "answers_by_round",
    "answers_on",
    "asked_in",
    "count_answered",
    "count_labels",
    "events_known",
    "first_labels",
    "is_answered",
    "is_round_open",
    "label_mark",
    "labels_of",
    "open_rounds",
    "rounds_answered_since",
    "rounds_of",
]

_label, _closing, _round = TABLES[Label].c, TABLES[Closing].c, TABLES[Round].c
_ROW = literal_column("label.rowid", BigInteger)
AnswerRow = tuple[str, str, str, str, datetime]
"""Cell id, expert id, purpose, key of the term, moment."""
_ASKED: WeakKeyDictionary[Engine, dict[str, frozenset[str]]] = WeakKeyDictionary()
_SEALED: WeakKeyDictionary[Engine, dict[str, Round]] = WeakKeyDictionary()
"""Rounds that were read before: they are sealed, and may hold ten thousand cells each."""


# ------------------------------------------------------------------- rounds


def rounds_of(transaction: Transaction, ids: Collection[str] | None = None) -> list[Round]:
    """Return the rounds of a workspace in the order in which they were opened, all or some of them.

    A round is sealed, so it is read from the database once in the life of a process.
    """
    known = _SEALED.setdefault(transaction.connection.engine, {})
    order = select(_round.id).order_by(_round.opened_at, _round.id)
    wanted = [key for key in transaction.connection.execute(order).scalars() if ids is None or key in ids]
    missing = [key for key in wanted if key not in known]
    if missing:
        found = transaction.select(Round, select(TABLES[Round]).where(_round.id.in_(listed(missing))))
        known.update({campaign.id: campaign for campaign in found})
    return [known[key] for key in wanted]


def _open() -> Select[Any]:
    return select(_round.id).where(_round.closed_at.is_(None), _round.id.not_in(select(_closing.round_id)))


def open_rounds(transaction: Transaction) -> list[Round]:
    """Return the rounds in which somebody may still answer, in the order in which they were opened."""
    return rounds_of(transaction, set(transaction.connection.execute(_open()).scalars()))


def asked_in(transaction: Transaction, campaign: Round) -> frozenset[str]:
    """Return the cells that a round asks about, to look some of them up: made once in the life of a process."""
    known = _ASKED.setdefault(transaction.connection.engine, {})
    if campaign.id not in known:
        known[campaign.id] = frozenset(campaign.cells)
    return known[campaign.id]


def is_round_open(transaction: Transaction, round_id: str) -> bool:
    """Say whether somebody may still answer in a round."""
    return transaction.connection.execute(_open().where(_round.id == round_id)).first() is not None


# ------------------------------------------------------------------ answers


def _newest() -> ColumnElement[bool]:
    """Return the condition that no other event or correction has come in the place of an answer."""
    later = TABLES[Label].alias("later")
    newer = exists().where(
        later.c.event.is_not(None),
        later.c.round_id == _label.round_id,
        later.c.expert_id == _label.expert_id,
        later.c.cell_id == _label.cell_id,
        later.c.purpose == _label.purpose,
        tuple_(later.c.given_at, later.c.event) > tuple_(_label.given_at, _label.event),
    )
    superseded = select(_label.supersedes).where(_label.supersedes.is_not(None))
    return and_(_label.id.not_in(superseded), or_(_label.event.is_(None), not_(newer)))


def _live() -> ColumnElement[bool]:
    """Return the condition that an answer holds."""
    return and_(not_(_label.withdrawn), _newest())


def _closed() -> Select[Any]:
    return select(_round.id).where(or_(_round.closed_at.is_not(None), _round.id.in_(select(_closing.round_id))))


def _live_answers() -> Select[Any]:
    # A moment as it comes: answers that were imported together share one, which is then read once.
    moment = type_coerce(_label.given_at, NullType())
    columns = (_label.round_id, _label.cell_id, _label.expert_id, _label.purpose, _label.term, moment)
    return select(*columns).where(_label.round_id.in_(_closed()), _live())


def label_mark(transaction: Transaction) -> int:
    """Return the greatest row of labels: any that come have a greater one."""
    return int(
        transaction.connection.execute(select(func.coalesce(func.max(_ROW), 0)).select_from(TABLES[Label])).scalar_one()
    )


def rounds_answered_since(transaction: Transaction, mark: int) -> set[str]:
    """Return the ids of the rounds, open ones too, to which labels came after that row."""
    return set(transaction.connection.execute(select(_label.round_id).where(mark < _ROW).distinct()).scalars())


def answers_by_round(transaction: Transaction) -> Mapping[str, list[AnswerRow]]:
    """Return the answers of each closed round: bare rows, as there are many.

    Imported answers and events have an index by round each, so those of open rounds are not even passed over: how long
    it takes tells nothing of them.
    """
    closed = _live_answers()
    return _answers(
        transaction, union_all(closed.where(_label.event.is_(None)), closed.where(_label.event.is_not(None)))
    )


def answers_on(
    transaction: Transaction, cells: Sequence[str], *, round_id: str | None = None
) -> Mapping[str, list[AnswerRow]]:
    """Return the answers of each closed round, or of one, on a few cells; nothing of other cells is read."""
    found = _live_answers().where(_label.cell_id.in_(listed(cells)))
    return _answers(transaction, found if round_id is None else found.where(_label.round_id == round_id))


def _answers(transaction: Transaction, statement: Select[Any] | CompoundSelect[Any]) -> Mapping[str, list[AnswerRow]]:
    moments: dict[str | datetime, datetime] = {}
    rows: dict[str, list[AnswerRow]] = {}
    for round_id, cell_id, expert_id, purpose, term, moment in transaction.connection.execute(statement):
        given_at = moments.get(moment)
        if given_at is None:
            given_at = moments[moment] = moment_of(moment)
        answer = (cell_id, expert_id, purpose, term, given_at)
        if round_id in rows:
            rows[round_id].append(answer)
        else:
            rows[round_id] = [answer]
    return rows


def labels_of(
    transaction: Transaction,
    round_id: str,
    *,
    expert_id: str | None = None,
    cells: Collection[str] | None = None,
    withdrawn: bool = False,
) -> list[Label]:
    """Return the answers of a round that hold, by id: of all experts or one, on all cells or a few.

    Of open rounds too, so this is for the one whose answers they are, and for what is never shown. ``expert_id``: only
    events, not imported answers. ``withdrawn``: with the events by which an answer was taken back.
    """
    statement = select(TABLES[Label]).where(_label.round_id == round_id, _newest() if withdrawn else _live())
    if expert_id is not None:
        statement = statement.where(_of(round_id, expert_id))
    if cells is not None:
        statement = statement.where(_label.cell_id.in_(listed(cells)))
    return transaction.select(Label, statement.order_by(_label.id))


def count_labels(transaction: Transaction) -> int:
    """Return how many answers were given in closed rounds: while a round is open, nobody is told how far it is."""
    counted = select(func.count()).select_from(TABLES[Label]).where(_label.round_id.in_(_closed()))
    parts = (counted.where(_label.event.is_(None)), counted.where(_label.event.is_not(None)))
    return sum(int(transaction.connection.execute(part).scalar_one()) for part in parts)


# ------------------------------------------------- one expert in one round


def _of(round_id: str, expert_id: str) -> ColumnElement[bool]:
    return and_(_label.event.is_not(None), _label.round_id == round_id, _label.expert_id == expert_id)


def events_known(transaction: Transaction, labels: Collection[str]) -> Mapping[str, tuple[str, str, str, bool, str]]:
    """Return, of the ids of labels that are there already: cell, purpose, term, whether it takes back, and comment."""
    said = (_label.cell_id, _label.purpose, _label.term, _label.withdrawn, _label.comment)
    statement = select(_label.id, *said).where(_label.id.in_(listed(labels)))
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in transaction.connection.execute(statement)}


def first_labels(transaction: Transaction, round_id: str, expert_id: str) -> list[Label]:
    """Return the first answer of an expert to each item of a round, whatever came after it.

    First is what the service received first, whenever the device says that it was given: after it the panel's answer
    was told. Answers from before that was kept are in the order of their devices.
    """
    statement = select(TABLES[Label]).where(_of(round_id, expert_id), not_(_label.withdrawn))
    received = func.coalesce(_label.received_at, _label.given_at)
    found = transaction.select(Label, statement.order_by(received.desc(), _label.given_at.desc(), _label.event.desc()))
    return list({(label.cell_id, label.purpose): label for label in found}.values())


def count_answered(transaction: Transaction, round_id: str, expert_id: str) -> int:
    """Return how many items of a round an expert has answered."""
    statement = select(func.count()).select_from(TABLES[Label]).where(_of(round_id, expert_id), _live())
    return int(transaction.connection.execute(statement).scalar_one())


def answered_items(transaction: Transaction, round_id: str, expert_id: str) -> set[tuple[str, str]]:
    """Return which items of a round an expert has answered: cell and purpose, nothing of what was said."""
    statement = select(_label.cell_id, _label.purpose).where(_of(round_id, expert_id), _live())
    return {(row[0], row[1]) for row in transaction.connection.execute(statement)}


def is_answered(transaction: Transaction, round_id: str, expert_id: str, cell_id: str, purpose: str) -> bool:
    """Say whether an expert has answered one item: one look into an index, however many answers there are."""
    statement = (
        select(_label.withdrawn)
        .where(_of(round_id, expert_id), _label.cell_id == cell_id, _label.purpose == purpose)
        .order_by(_label.given_at.desc(), _label.event.desc())
        .limit(1)
    )
    return transaction.connection.execute(statement).scalar() is False
