"""Where each cell of the census stands: what ``consensus`` says of all cells, kept in memory between questions.

While a round is open nothing of it is read, so what is kept here holds while people answer. It is made anew of rounds
that were closed since, of labels that came to closed rounds, of cells that somebody named in the gallery, and of smears
whose cells changed; and it says of each cell whether an open round holds it, of which nothing may be told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from threading import RLock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.label import Expert, Role, Round, Standing
from buffycoat.label import standings
from buffycoat.store import Transaction
from buffycoat.store.answers import answers_on, label_mark, rounds_answered_since
from buffycoat.store.census import BoolArray, Census, IdArray, SmearCells, found_in, take_census
from buffycoat.store.sorting import gallery_mark, named_since
from buffycoat.workflows.consensus import counting_rounds, held_cells
from buffycoat.workflows.sorted_terms import SortedTerm, sorted_terms

__all__ = ["STANDINGS", "RoundLabels", "ShownLabels", "Word", "shown_labels"]

STANDINGS = tuple(Standing)
"""A code of ``standing`` is a place in this; -1 is that of cells that nobody was asked about."""
Word = tuple[str | None, str]
"""Key of a term, ``None`` where there is none; and the taxonomy."""
_AT_ONCE = 50_000
_OPEN = STANDINGS.index(Standing.OPEN)
_SORTED = STANDINGS.index(Standing.SORTED)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RoundLabels:
    """Where the cells of one closed round, or of all together, stand.

    Attributes
    ----------
    ids : array of bytes, shape (n,)
        Sorted.
    standing : array of int8, shape (n,)
        Place in ``STANDINGS``.
    word : array of int32, shape (n,)
        Place among the words.
    read : array of bool, shape (n,)
        Whether people answered, not a folder: then it counts more than what the gallery says.
    """

    ids: IdArray
    standing: NDArray[np.int8]
    word: NDArray[np.int32]
    read: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class _Labels:
    """Of some cells: the columns of :class:`ShownLabels`."""

    standing: NDArray[np.int8]
    word: NDArray[np.int32]


@dataclass(frozen=True, eq=False, kw_only=True)
class ShownLabels:
    """Where each cell of a census stands.

    Attributes
    ----------
    census : Census
        Whose cells, in whose order.
    standing : array of int8, shape (n,)
        Place in ``STANDINGS``, -1 where nobody was asked.
    word : array of int32, shape (n,)
        Place in ``words``, -1 where nobody was asked.
    words : tuple of Word
        What was said anywhere.
    waiting : array of bool, shape (n,)
        Which cells an open round holds, with all pictures of them: nothing of the above may be told of these.
    held : frozenset of str
        Those, by id.
    rounds : mapping of str to RoundLabels
        The closed rounds that count, by id, in the order in which they count.
    """

    census: Census
    standing: NDArray[np.int8]
    word: NDArray[np.int32]
    words: tuple[Word, ...]
    waiting: BoolArray
    held: frozenset[str]
    rounds: Mapping[str, RoundLabels]

    def of_round(self, round_id: str) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """Return standing and word of each cell of the census within one closed round, -1 where it is in none."""
        labels = _looked_up(self.rounds[round_id], self.census.ids)
        return labels.standing, labels.word


def _looked_up(labels: RoundLabels, ids: IdArray) -> _Labels:
    if not len(labels.ids):
        return _Labels(np.full(len(ids), -1, np.int8), np.full(len(ids), -1, np.int32))
    places = np.minimum(np.searchsorted(labels.ids, ids), len(labels.ids) - 1)
    there = labels.ids[places] == ids
    return _Labels(
        np.where(there, labels.standing[places], np.int8(-1)), np.where(there, labels.word[places], np.int32(-1))
    )


# ---------------------------------------------------------------- kept in memory


@dataclass(eq=False)
class _Kept:
    """What was made of one database so far."""

    lock: RLock = field(default_factory=RLock)
    words: dict[Word, int] = field(default_factory=dict)
    rounds: dict[str, RoundLabels] = field(default_factory=dict)
    label_mark: int = 0
    decided: tuple[tuple[str, ...], RoundLabels | None] = ((), None)
    in_gallery: dict[str, SortedTerm] = field(default_factory=dict)
    gallery_mark: int = 0
    smears: dict[str, tuple[SmearCells, _Labels]] = field(default_factory=dict)
    made: ShownLabels | None = None


_KEPT: WeakKeyDictionary[object, _Kept] = WeakKeyDictionary()
_NEW = RLock()


def shown_labels(transaction: Transaction) -> ShownLabels:
    """Return where each cell stands; a label that came to a closed round this moment may be there already or not."""
    with _NEW:
        kept = _KEPT.setdefault(transaction.connection.engine, _Kept())
    if not transaction.still:  # what is being written may yet be taken back
        kept = _Kept()
    with kept.lock:
        census = take_census(transaction)
        held = held_cells(transaction)
        decided = _read_rounds(transaction, kept)
        named = _read_gallery(transaction, kept)
        before = kept.made
        if before is not None and before.census is census and before.held is held and not named and not decided:
            return before
        stale = None if decided else set(named)
        _align(kept, census, stale)
        parts = [kept.smears[smear][1] for smear in census.smears]
        waiting = before.waiting if before is not None and before.census is census and before.held is held else None
        kept.made = ShownLabels(
            census=census,
            standing=np.concatenate([np.empty(0, np.int8), *(part.standing for part in parts)]),
            word=np.concatenate([np.empty(0, np.int32), *(part.word for part in parts)]),
            words=tuple(kept.words),
            waiting=census.among(held) if waiting is None else waiting,
            held=held,
            rounds={key: kept.rounds[key] for key in kept.decided[0]},
        )
        return kept.made


# ---------------------------------------------------------------- what rounds say


def _read_rounds(transaction: Transaction, kept: _Kept) -> bool:
    """Read the closed rounds that are new, or to which labels came; say whether anything is otherwise now."""
    counting = counting_rounds(transaction)
    mark = label_mark(transaction)
    changed = set(kept.rounds) & rounds_answered_since(transaction, kept.label_mark) if kept.rounds else set()
    for key in changed | (set(kept.rounds) - {campaign.id for campaign in counting}):
        del kept.rounds[key]
    kept.label_mark = mark  # an earlier one where this transaction began before: what came between is read again
    order = tuple(campaign.id for campaign in counting)
    missing = [campaign for campaign in counting if campaign.id not in kept.rounds]
    if order == kept.decided[0] and not missing and kept.decided[1] is not None:
        return False
    sources = {person.id for person in transaction.find(Expert) if person.role is Role.SOURCE}
    for campaign in missing:
        kept.rounds[campaign.id] = _round_labels(
            transaction, kept, campaign, filed=sources.issuperset(campaign.experts)
        )
    kept.decided = order, _decided([kept.rounds[key] for key in order])
    return True


def _round_labels(transaction: Transaction, kept: _Kept, campaign: Round, *, filed: bool) -> RoundLabels:
    cells = sorted(set(campaign.cells))
    standing, word = np.empty(len(cells), np.int8), np.empty(len(cells), np.int32)
    for start in range(0, len(cells), _AT_ONCE):
        some = cells[start : start + _AT_ONCE]
        rows = answers_on(transaction, some, round_id=campaign.id).get(campaign.id, [])
        for place, (stands, term) in enumerate(standings(some, rows).values(), start):
            standing[place] = STANDINGS.index(stands)
            word[place] = kept.words.setdefault((term, campaign.taxonomy), len(kept.words))
    return RoundLabels(
        ids=np.array(cells, bytes),
        standing=standing,
        word=word,
        read=np.zeros(len(cells), bool) if filed else standing != _OPEN,
    )


def _decided(rounds: Collection[RoundLabels]) -> RoundLabels:
    """Return what counts for each cell: the last round in which anybody answered, or the first of all."""
    if len(rounds) == 1:
        return next(iter(rounds))
    ids = np.concatenate([np.empty(0, "S1"), *(each.ids for each in rounds)])
    standing = np.concatenate([np.empty(0, np.int8), *(each.standing for each in rounds)])
    word = np.concatenate([np.empty(0, np.int32), *(each.word for each in rounds)])
    read = np.concatenate([np.empty(0, bool), *(each.read for each in rounds)])
    turn = np.repeat(np.arange(1, len(rounds) + 1), [len(each.ids) for each in rounds])
    weight = np.where(standing == _OPEN, -turn, turn)
    order = np.lexsort((weight, ids))
    last = np.ones(len(order), bool)
    last[:-1] = ids[order[1:]] != ids[order[:-1]]
    chosen = order[last]
    return RoundLabels(ids=ids[chosen], standing=standing[chosen], word=word[chosen], read=read[chosen])


# ---------------------------------------------------------------- what the gallery says


def _read_gallery(transaction: Transaction, kept: _Kept) -> set[str]:
    """Read what the gallery says of cells that were named since; return these."""
    mark = gallery_mark(transaction)
    named = named_since(transaction, kept.gallery_mark) if mark > kept.gallery_mark else set()
    if named:
        said = sorted_terms(transaction, waiting=(), cells=named)
        for cell in named:
            kept.in_gallery.pop(cell, None)
        kept.in_gallery.update(said)
    kept.gallery_mark = mark
    return named


def _align(kept: _Kept, census: Census, named: set[str] | None) -> None:
    """Bring what is said into the order of the census: of all smears, or of those that changed or hold these cells."""
    places = np.flatnonzero(census.among(named)) if named else np.empty(0, np.int64)
    touched = set(np.searchsorted(census.starts, places, side="right") - 1)
    before, kept.smears = kept.smears, {}
    gallery = np.array(sorted(kept.in_gallery), bytes)
    for number, (smear, cells) in enumerate(census.smears.items()):
        known = before.get(smear)
        if known is None or known[0] is not cells or named is None or number in touched:
            known = cells, _of_smear(kept, cells, gallery)
        kept.smears[smear] = known


def _of_smear(kept: _Kept, cells: SmearCells, gallery: IdArray) -> _Labels:
    decided = kept.decided[1]
    if decided is None:
        raise RuntimeError("rounds are read first")
    labels = _looked_up(decided, cells.ids)
    named = np.flatnonzero(found_in(gallery, cells.ids))
    if len(named):
        read = cells.ids[named][found_in(decided.ids[decided.read], cells.ids[named])]
        for place in named:
            cell = cells.ids[place]
            if cell not in read:
                word = kept.in_gallery[cell.decode()]
                labels.standing[place] = _SORTED
                labels.word[place] = kept.words.setdefault(word, len(kept.words))
    return labels
