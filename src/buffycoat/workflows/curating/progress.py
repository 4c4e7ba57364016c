"""How far the reading and drawing is: numbers only, and none of a round to whoever reads in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

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
from buffycoat.domain.label import Consensus, Purpose, Round, Standing
from buffycoat.domain.release import Release
from buffycoat.store import Transaction
from buffycoat.store.answers import answered_items, open_rounds
from buffycoat.store.mask_queries import outlined
from buffycoat.store.queries import CellFilter, current_ids, smear_by_cell, smears_now
from buffycoat.workflows.consensus import closed_answers, consensus_by_cell, held_cells
from buffycoat.workflows.curating.facts import OF_SETUP, read_recorded
from buffycoat.workflows.reading.rounds import list_rounds
from buffycoat.workflows.workspace import Workspace

__all__ = ["curating_counts", "reading_progress"]

_BLINDED = "subject", "sex", "age_band", "ethics_reference", "diagnosis"
"""Facts that may rightly be unknown for ever: they are no gap that somebody must fill."""


def curating_counts(workspace: Workspace) -> CuratingCounts:
    """Return the numbers beside the pages of curators; nothing of cells that an open round holds."""
    with workspace.database.reading() as transaction:
        recorded = read_recorded(transaction)
        rounds = len(open_rounds(transaction))
        releases = transaction.count(Release)
    shown = consensus_by_cell(workspace, shown=True)
    facts = [fact for fact in ("stain", *(fact.value for fact in OF_SETUP)) if fact not in _BLINDED]
    lacking_setup = {
        key
        for key, capture in recorded.captures.items()
        if any(getattr(capture, fact.value) in (None, "", "unknown") for fact in OF_SETUP)
    }
    lacking_smear = {key for key, smear in recorded.smears.items() if "stain" in facts and smear.stain == "unknown"}
    return CuratingCounts(
        photographs=len(recorded.fields),
        gaps=sum(field.capture_id in lacking_setup or field.smear_id in lacking_smear for field in recorded.fields),
        open_rounds=rounds,
        disputed=sum(each.standing is Standing.DISPUTED for each in shown.values()),
        releases=releases,
    )


def reading_progress(workspace: Workspace, person: Person) -> ReadingProgress:
    """Return how far labels and masks are, by person, round, smear and class.

    Of labels only those of closed rounds count, and none of cells that an open round holds. How far others are in an
    open round is told to curators who do not read in it.
    """
    shown = consensus_by_cell(workspace, shown=True)
    views = list_rounds(workspace, person)
    with workspace.database.reading() as transaction:
        held = held_cells(transaction)
        waiting = {campaign.id: campaign for campaign in open_rounds(transaction)}
        closed, _ = closed_answers(transaction)
        by_smear = smear_by_cell(transaction)
        kept = [key for key in current_ids(transaction, CellFilter(kept=True)) if key in by_smear]
        smears = smears_now(transaction)
        drawn = outlined(transaction)
        read = {
            view.id: _times_read(transaction, waiting[view.id])
            for view in views
            if not view.closed and view.progress is not None
        }
    standings = {answers.round.id: {key: said for key, (said, _) in answers.standings.items()} for answers in closed}
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
            **(_of_closed(standings.get(view.id, {}), held) if view.closed else read.get(view.id, {})),
        )
        rounds.append(one)
    outlines = {cell for cell, _ in drawn} - held
    return ReadingProgress(
        people=_people(rounds, Counter(handle for cell, handle in drawn if cell not in held)),
        rounds=tuple(rounds),
        smears=tuple(
            SmearProgress(
                smear_id=key,
                code=smears[key].code,
                site=smears[key].site,
                cells=len(cells),
                reading=sum(cell in held for cell in cells),
                **_by_standing(shown, [cell for cell in cells if cell not in held]),
                outlined=sum(cell in outlines for cell in cells),
            )
            for key, cells in sorted(
                _grouped(kept, by_smear).items(), key=lambda pair: (smears[pair[0]].site, smears[pair[0]].code)
            )
        ),
        classes=_classes(shown, set(kept) - held, outlines),
    )


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


def _of_closed(standings: Mapping[str, Standing], held: set[str]) -> dict[str, int]:
    counts = Counter(said for cell, said in standings.items() if cell not in held)
    return {
        "waiting": counts[Standing.OPEN],
        "reading": sum(cell in held for cell in standings),
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


def _grouped(cells: list[str], by: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        groups[by[cell]].append(cell)
    return groups


def _by_standing(shown: Mapping[str, Consensus], cells: list[str]) -> dict[str, int]:
    counts = Counter(shown[cell].standing if cell in shown else Standing.OPEN for cell in cells)
    return {
        "waiting": counts[Standing.OPEN],
        "sorted": counts[Standing.SORTED],
        "single": counts[Standing.SINGLE],
        "agreed": counts[Standing.AGREED],
        "disputed": counts[Standing.DISPUTED],
        "decided": counts[Standing.ADJUDICATED],
    }


def _classes(shown: Mapping[str, Consensus], cells: set[str], outlines: set[str]) -> tuple[ClassProgress, ...]:
    """Count the cells of each class that has any; disputed cells have none."""
    of: dict[str, Counter[Standing]] = defaultdict(Counter)
    drawn: Counter[str] = Counter()
    for cell in cells:
        each = shown.get(cell)
        if each is None or each.term is None or each.standing is Standing.DISPUTED:
            continue
        of[each.term][each.standing] += 1
        drawn[each.term] += cell in outlines
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
