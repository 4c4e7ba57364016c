"""How far the reading and drawing is: numbers only, and none of a round to whoever reads in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.account import Person
from buffycoat.domain.curating import (
    ClassProgress,
    CuratingCounts,
    PersonProgress,
    ReaderProgress,
    ReadingProgress,
    RoundProgress,
    SmearProgress,
)
from buffycoat.domain.label import Purpose, Round, Standing
from buffycoat.domain.release import Release
from buffycoat.domain.smear import Capture, Smear
from buffycoat.store import Transaction
from buffycoat.store.answers import answered_items, open_rounds
from buffycoat.store.census import BoolArray, found_in
from buffycoat.store.mask_queries import outlined
from buffycoat.store.queries import smears_now
from buffycoat.store.setups import photograph_groups
from buffycoat.workflows.curating.facts import OF_SETUP
from buffycoat.workflows.reading.rounds import list_rounds
from buffycoat.workflows.shown_labels import STANDINGS, ShownLabels, shown_labels
from buffycoat.workflows.workspace import Workspace

__all__ = ["curating_counts", "reading_progress"]

_BLINDED = "subject", "sex", "age_band", "ethics_reference", "diagnosis"
"""Facts that may rightly be unknown for ever: they are no gap that somebody must fill."""


def curating_counts(workspace: Workspace) -> CuratingCounts:
    """Return the numbers beside the pages of curators; nothing of cells that an open round holds."""
    with workspace.database.reading() as transaction:
        groups = photograph_groups(transaction)
        smears, captures = smears_now(transaction), transaction.find(Capture)
        rounds = len(open_rounds(transaction))
        releases = transaction.count(Release)
        labels = shown_labels(transaction)
    facts = [fact for fact in ("stain", *(fact.value for fact in OF_SETUP)) if fact not in _BLINDED]
    lacking_setup = {
        capture.id
        for capture in captures
        if any(getattr(capture, fact.value) in (None, "", "unknown") for fact in OF_SETUP)
    }
    lacking_smear = {key for key, smear in smears.items() if "stain" in facts and smear.stain == "unknown"}
    disputed = (labels.standing == STANDINGS.index(Standing.DISPUTED)) & ~labels.waiting
    return CuratingCounts(
        photographs=sum(group.photographs for group in groups),
        gaps=sum(
            group.photographs
            for group in groups
            if group.capture_id in lacking_setup or group.smear_id in lacking_smear
        ),
        open_rounds=rounds,
        disputed=int(np.count_nonzero(disputed)),
        releases=releases,
    )


def reading_progress(workspace: Workspace, person: Person) -> ReadingProgress:
    """Return how far labels and masks are, by person, round, smear and class.

    Of labels only those of closed rounds count, and none of cells that an open round holds. How far others are in an
    open round is told to curators who do not read in it.
    """
    views = list_rounds(workspace, person)
    with workspace.database.reading() as transaction:
        labels = shown_labels(transaction)
        waiting = {campaign.id: campaign for campaign in open_rounds(transaction)}
        smears = smears_now(transaction)
        drawn = outlined(transaction)
        read = {
            view.id: _times_read(transaction, waiting[view.id])
            for view in views
            if not view.closed and view.progress is not None
        }
    rounds = []
    for view in views:
        mine = view.mine is not None
        one = RoundProgress(
            id=view.id,
            name=view.name,
            mode=view.mode.value,
            open=not view.closed,
            hidden=not view.closed and (mine or view.progress is None),
            opened_at=view.opened_at,
            cells=view.cells,
            readers=tuple(
                ReaderProgress(
                    handle=each.person.handle, items=each.items, answered=each.answered, handed_in=each.handed_in
                )
                for each in (view.progress or ())
                if not view.closed
            ),
            **(_of_closed(labels, view.id) if view.closed else read.get(view.id, {})),
        )
        rounds.append(one)
    outlines = {cell for cell, _ in drawn} - labels.held
    outlined_here = labels.census.among(outlines)
    return ReadingProgress(
        people=_people(rounds, Counter(handle for cell, handle in drawn if cell not in labels.held)),
        rounds=tuple(rounds),
        smears=_smears(labels, smears, outlined_here),
        classes=_classes(labels, outlined_here),
    )


def _smears(labels: ShownLabels, smears: Mapping[str, Smear], outlined_here: BoolArray) -> tuple[SmearProgress, ...]:
    census, found = labels.census, []
    for smear, start, end in zip(census.smears, census.starts, census.starts[1:], strict=False):
        part = slice(start, end)
        kept, waiting = census.kept[part], labels.waiting[part]
        if not kept.any():
            continue
        one = SmearProgress(
            smear_id=smear,
            code=smears[smear].code,
            site=smears[smear].site,
            cells=int(np.count_nonzero(kept)),
            reading=int(np.count_nonzero(kept & waiting)),
            **_by_standing(labels.standing[part][kept & ~waiting]),
            outlined=int(np.count_nonzero(kept & outlined_here[part])),
        )
        found.append(one)
    return tuple(sorted(found, key=lambda each: (each.site, each.code)))


def _times_read(transaction: Transaction, campaign: Round) -> dict[str, int]:
    """Return of how many cells nobody, one person, or more have answered."""
    times = Counter(
        cell
        for expert in campaign.experts
        for cell, purpose in answered_items(transaction, campaign.id, expert)
        if purpose == Purpose.READING
    )
    counts = Counter(min(times[cell], 2) for cell in campaign.cells)
    return {"waiting": counts[0], "read_once": counts[1], "read_twice": counts[2]}


def _of_closed(labels: ShownLabels, round_id: str) -> dict[str, int]:
    of = labels.rounds.get(round_id)
    if of is None:  # one that tries people, not cells
        return _counts(np.empty(0, np.int8))
    held = found_in(np.array(sorted(labels.held), bytes), of.ids)
    return {**_counts(of.standing[~held]), "reading": int(np.count_nonzero(held))}


def _counts(standing: NDArray[np.int8]) -> dict[str, int]:
    counts = dict(zip(STANDINGS, np.bincount(standing[standing >= 0], minlength=len(STANDINGS)).tolist(), strict=True))
    return {
        "waiting": counts[Standing.OPEN],
        "single": counts[Standing.SINGLE],
        "agreed": counts[Standing.AGREED],
        "disputed": counts[Standing.DISPUTED],
        "decided": counts[Standing.ADJUDICATED],
    }


def _people(rounds: list[RoundProgress], drawn: Mapping[str, int]) -> tuple[PersonProgress, ...]:
    readers: dict[str, list[ReaderProgress]] = defaultdict(list)
    for campaign in rounds:
        for each in campaign.readers:
            readers[each.handle].append(each)
    found = [
        PersonProgress(
            handle=handle,
            rounds=len(readers.get(handle, [])),
            items=sum(each.items for each in readers.get(handle, [])),
            answered=sum(each.answered for each in readers.get(handle, [])),
            outlined=drawn.get(handle, 0),
        )
        for handle in {*readers, *drawn}
    ]
    return tuple(sorted(found, key=lambda each: (each.answered - each.items, each.handle)))


def _by_standing(standing: NDArray[np.int8]) -> dict[str, int]:
    counts = _counts(standing)
    unasked = int(np.count_nonzero(standing < 0))
    in_gallery = int(np.count_nonzero(standing == STANDINGS.index(Standing.SORTED)))
    return {**counts, "waiting": counts["waiting"] + unasked, "sorted": in_gallery}


def _classes(labels: ShownLabels, outlined_here: BoolArray) -> tuple[ClassProgress, ...]:
    """Count the cells of each class that has any; disputed cells have none."""
    said = labels.census.kept & ~labels.waiting & (labels.word >= 0)
    said &= labels.standing != STANDINGS.index(Standing.DISPUTED)
    of: dict[str, Counter[Standing]] = defaultdict(Counter)
    drawn: Counter[str] = Counter()
    triples, times = np.unique(
        np.stack([labels.word[said], labels.standing[said], outlined_here[said]]), axis=1, return_counts=True
    )
    for (word, standing, is_outlined), count in zip(triples.T.tolist(), times.tolist(), strict=True):
        term = labels.words[word][0]
        if term is not None:
            of[term][STANDINGS[standing]] += count
            drawn[term] += count * is_outlined
    return tuple(
        ClassProgress(
            term=term,
            sorted=counts[Standing.SORTED],
            single=counts[Standing.SINGLE],
            agreed=counts[Standing.AGREED],
            decided=counts[Standing.ADJUDICATED],
            outlined=drawn[term],
        )
        for term, counts in sorted(of.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    )
