"""Whether the audit log is whole, and says what the tables say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from buffycoat.domain.audit import Entry, Fault, FaultKind
from buffycoat.domain.label import Label
from buffycoat.domain.value import Digest
from buffycoat.domain.withdrawal import Withdrawal
from buffycoat.store.acts import ACTS, Act
from buffycoat.store.chain import ENTRIES, FILED, FIRST, content_digest, entry_digest, raw_rows, value_digest
from buffycoat.store.database import Transaction
from buffycoat.store.rows import STREAMED, bare_columns
from buffycoat.store.tables import TABLES

__all__ = ["Link", "Walked", "check_values", "entries_in_order", "link_of", "walk"]

_COLUMNS = ", ".join(column.name for column in ENTRIES.c)


class Link(NamedTuple):
    """An entry without what it says."""

    seq: int
    content: Digest
    previous: Digest
    digest: Digest


class Walked(NamedTuple):
    """How far a chain was followed: entries, digest of the last one, where a digest was met, and what broke it."""

    entries: int
    head: Digest
    met: int | None
    fault: Fault | None


def link_of(entry: Entry) -> Link:
    """Return an entry without what it says."""
    return Link(entry.seq, content_digest(entry), entry.previous, entry.digest)


def entries_in_order(transaction: Transaction, until: int | None = None) -> Iterator[Entry]:
    """Give the entries from the first on, to the one of the number ``until``, that one included."""
    where = "" if until is None else f"WHERE seq <= {until:d}"
    names = _COLUMNS.split(", ")
    statement = f"SELECT {_COLUMNS} FROM audit_entry {where} ORDER BY seq"  # noqa: S608 (names of our own columns, and a number)
    with transaction.connection.exec_driver_sql(statement, execution_options=STREAMED) as found:
        for row in found:
            yield Entry(**dict(zip(names, row, strict=True)))


# ---------------------------------------------------------------- the chain


def walk(links: Iterable[Link], expect: Digest | None = None) -> Walked:
    """Follow a chain from its beginning to the first link that does not hold.

    Parameters
    ----------
    links : iterable of Link
        In order.
    expect : Digest, optional
        That of an entry which was noted before.
    """
    head, met, seen = FIRST, None, list[Link]()
    links = iter(links)
    for place, link in enumerate(links):
        if link.digest == expect:
            met = link.seq
        right = link.digest == entry_digest(link.seq, link.previous, link.content)
        seen.append(link)
        if link.seq != place or link.previous != head or not right:
            return Walked(place, head, met, _named([*seen, *links], place))
        head = link.digest
    return Walked(len(seen), head, met, None)


def _named(links: Sequence[Link], place: int) -> Fault:
    """Say what was done to a chain that breaks at a place: of all tales the shortest that fits."""
    link = links[place]
    if link.seq != place:
        return Fault(kind=FaultKind.MISSING, seq=place)
    # Numbers are bound, so an entry tells which one it had when it was made.
    made_as = next(
        (seq for seq in range(len(links) + 64) if entry_digest(seq, link.previous, link.content) == link.digest), None
    )
    if made_as is None:
        # One that never was an entry may stand where the following one was.
        after = links[place + 1] if place + 1 < len(links) else None
        pushed = after is not None and after.digest == entry_digest(place, after.previous, after.content)
        return Fault(kind=FaultKind.INSERTED if pushed else FaultKind.CHANGED, seq=place)
    if made_as == place:
        # Whole in itself, and made after another entry than the one that stands before it.
        return Fault(kind=FaultKind.CHANGED, seq=max(0, place - 1))
    before = next((each for each, other in enumerate(links) if other.digest == link.previous), None)
    if made_as > place:
        # Entries before it are gone, and it was given the number of one of them; or they stand elsewhere.
        return Fault(kind=FaultKind.MISSING if before is None else FaultKind.REORDERED, seq=place)
    if before == made_as - 1:
        return Fault(kind=FaultKind.INSERTED, seq=made_as)
    return Fault(kind=FaultKind.REORDERED, seq=place)


# --------------------------------------------------------------- the values


def check_values(transaction: Transaction, until: int | None = None) -> tuple[int, Fault | None]:
    """Compare the tables with what was entered; return how many entries were compared, and the first fault.

    With ``until`` only entries up to that number are, and nothing is said of values without an entry.
    """
    compared, faults = 0, list[Fault]()
    for cls, act in ACTS.items():
        number, fault = _compare(transaction, cls, act, until)
        compared += number
        if fault is not None:
            faults.append(fault)
    number, fault = _compare_filed(transaction, until)
    if fault is not None:
        faults.append(fault)
    known = sorted((fault for fault in faults if fault.seq is not None), key=attrgetter("seq"))
    return compared + number, next(iter([*known, *faults]), None)


def _compare(transaction: Transaction, cls: type, act: Act, until: int | None) -> tuple[int, Fault | None]:
    table = TABLES[cls].name
    columns = bare_columns(TABLES[cls], transaction.connection.dialect, "t")
    most = "" if until is None else f"AND e.seq <= {until:d}"
    statement = (
        f"SELECT e.seq, e.subject, e.value, {columns} FROM audit_entry e "  # noqa: S608 (names of our own tables)
        f"LEFT JOIN \"{table}\" t ON t.id = e.subject WHERE e.subject_class = '{table}' {most} ORDER BY e.seq"
    )
    place = 3 + [column.name for column in TABLES[cls].c].index("id")
    number, rewritten = 0, _rewritten(transaction)
    with transaction.connection.exec_driver_sql(statement, execution_options=STREAMED) as found:
        for row in found:
            number += 1
            if row[place] is None:
                return number, Fault(kind=FaultKind.VALUE_MISSING, seq=row[0], subject_class=table, subject=row[1])
            if _as_entered(rewritten, table, row[1], value_digest(cls, row[3:])) != row[2]:
                return number, Fault(kind=FaultKind.VALUE_CHANGED, seq=row[0], subject_class=table, subject=row[1])
    return number, None if until is not None else _unknown(transaction, table, act, number)


def _rewritten(transaction: Transaction) -> Mapping[str, tuple[Digest, Digest]]:
    """Return what withdrawals wrote anew: of a row the digest that it had, and the one that it has now.

    Each withdrawal is an entry of the log itself, so nobody can excuse a change in this way and not be seen.
    """
    return {key: pair for made in transaction.find(Withdrawal) for key, pair in made.rewritten.items()}


def _as_entered(rewritten: Mapping[str, tuple[Digest, Digest]], table: str, key: str, found: Digest) -> Digest:
    """Return the digest that a row had when it was entered, where a withdrawal wrote it anew as it is found."""
    before, after = rewritten.get(f"{table} {key}", ("", ""))
    return before if found == after else found


def _unknown(transaction: Transaction, table: str, act: Act, number: int) -> Fault | None:
    """Return the first value that no entry speaks of: looked for where there are more values than entries."""
    where = act.where or "1 = 1"
    run = transaction.connection.exec_driver_sql
    if run(f'SELECT count(*) FROM "{table}" WHERE {where}').scalar_one() == number:  # noqa: S608 (names of our own tables)
        return None
    entered = f"SELECT subject FROM audit_entry WHERE subject_class = '{table}'"  # noqa: S608 (names of our own tables)
    found = run(f'SELECT id FROM "{table}" WHERE {where} AND id NOT IN ({entered}) ORDER BY rowid LIMIT 1').scalar()  # noqa: S608 (names of our own tables)
    return Fault(kind=FaultKind.VALUE_UNKNOWN, seq=None, subject_class=table, subject=found or "")


def _compare_filed(transaction: Transaction, until: int | None) -> tuple[int, Fault | None]:
    """Compare imported labels, which run through the entries of their round in the order in which they were added."""
    most = "" if until is None else f"AND seq <= {until:d}"
    entries: dict[str, list[tuple[int, Digest]]] = {}
    statement = f"SELECT seq, subject, value FROM audit_entry WHERE subject_class = '{FILED}' {most} ORDER BY seq"  # noqa: S608 (a name of our own, and a number)
    for seq, round_id, value in transaction.connection.exec_driver_sql(statement):
        entries.setdefault(round_id, []).append((seq, value))
    number = sum(map(len, entries.values()))
    faults, rewritten = list[Fault](), _rewritten(transaction)
    rounds, place = set(entries), [column.name for column in TABLES[Label].c].index("id")
    if until is None:
        there = "SELECT DISTINCT round_id FROM label WHERE event IS NULL"
        rounds |= set(transaction.connection.exec_driver_sql(there).scalars())
    for round_id in sorted(rounds):
        waiting = iter(entries.get(round_id, ()))
        expected: Any = next(waiting, None)
        running = last = FIRST
        where = "WHERE event IS NULL AND round_id = ?"
        for row in raw_rows(transaction.connection, Label, where, (round_id,), order="rowid"):
            entered = _as_entered(rewritten, "label", row[place], value_digest(Label, row))
            running = hashlib.sha256(f"{running}{entered}".encode()).hexdigest()
            if expected is not None and running == expected[1]:
                last, expected = running, next(waiting, None)
        if expected is not None:
            faults.append(Fault(kind=FaultKind.VALUE_CHANGED, seq=expected[0], subject_class=FILED, subject=round_id))
        elif running != last and until is None:
            faults.append(Fault(kind=FaultKind.VALUE_UNKNOWN, seq=None, subject_class=FILED, subject=round_id))
    known = sorted((fault for fault in faults if fault.seq is not None), key=attrgetter("seq"))
    return number, next(iter([*known, *faults]), None)
