"""The differential count of a smear, from the labels of closed rounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from buffycoat.domain.label import Expert, Look, Mode, Role, Round, Standing
from buffycoat.domain.smear import Smear
from buffycoat.domain.taxonomy import RAABIN, Taxonomy
from buffycoat.errors import Conflict, NotFound, TooFew
from buffycoat.label import standings
from buffycoat.report.differential import check_wbc, count_cells
from buffycoat.report.differential_compare import compare_counts
from buffycoat.report.differential_page import differential_lines, render_differential
from buffycoat.report.differential_reference import ReferenceIntervals
from buffycoat.report.differential_terms import reason_of, shared_term
from buffycoat.report.differential_values import (
    Compared,
    Differential,
    NotCounted,
    Reason,
    Source,
    UsedLabels,
)
from buffycoat.store import Transaction
from buffycoat.store.answers import AnswerRow, answers_on, labels_of
from buffycoat.store.queries import CellFilter, current_ids
from buffycoat.workflows.consensus import counting_rounds, held_cells
from buffycoat.workflows.differential_reference import reference_in_use
from buffycoat.workflows.editions import newest_edition, taxonomy_of
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "Differential",
    "differential",
    "differential_page",
    "differential_text",
    "find_smear",
    "require_leukocytes",
]

_SOURCES = {
    Standing.AGREED: Source.AGREED,
    Standing.ADJUDICATED: Source.ADJUDICATED,
    Standing.SINGLE: Source.SINGLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What closed rounds say of one cell: the round that counts for it, where it stands there, and the term."""

    campaign: Round
    standing: Standing
    term: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What is read of one smear: how many elements, those that are kept and may be told of, and their labels."""

    smear: Smear
    elements: int
    kept: int
    shown: tuple[str, ...]
    rounds: tuple[Round, ...]
    given: Mapping[str, Sequence[AnswerRow]]
    people: Mapping[str, Expert]
    decided: Mapping[str, _Decided]
    by_page: frozenset[str]


def differential(
    workspace: Workspace,
    smear_id: str,
    *,
    wbc: float | None = None,
    red_cells_left_out: bool = False,
    reference: ReferenceIntervals | None = None,
) -> Differential:
    """Count the leukocytes of a smear by type.

    Cells that an open round holds do not count, whatever an earlier round said of them: a figure of a few cells would
    tell those who read them. What counts for the others is what their consensus is everywhere else.

    Parameters
    ----------
    workspace
        Where.
    smear_id : str
        The smear.
    wbc : float, optional
        Count of leukocytes of the same blood, 10⁹/L.
    red_cells_left_out : bool
        Whether its counter left nucleated red cells out.
    reference : ReferenceIntervals, optional
        Instead of those that the workspace keeps.

    Raises
    ------
    NotFound
        There is no such smear.
    InputError
        The count of leukocytes can be none.
    """
    check_wbc(wbc)
    with workspace.database.reading() as transaction:
        read = _read(transaction, smear_id)
    taxonomy = _taxonomy(workspace, read.decided.values())
    terms, sources, left = _sorted_out(read, taxonomy)
    counted = count_cells(
        Counter(terms.values()),
        taxonomy,
        wbc=wbc,
        red_cells_left_out=red_cells_left_out,
        reference=reference or reference_in_use(workspace),
    )
    left.update(counted.outside)
    leukocytes = {cell for cell, term in terms.items() if reason_of(taxonomy, term) is None}
    used = Counter(sources[cell] for cell in leukocytes)
    used_rounds = {read.decided[cell].campaign.id: read.decided[cell].campaign for cell in terms}
    compared = _compared(workspace, read)
    simulated = read.smear.simulated or any(
        read.people[expert].simulated for campaign in used_rounds.values() for expert in campaign.experts
    )
    return Differential(
        smear_id=read.smear.id,
        smear=read.smear.code,
        simulated=simulated,
        taxonomy=taxonomy.reference,
        rounds=tuple(campaign.name for campaign in read.rounds if campaign.id in used_rounds),
        found=read.elements,
        leukocytes=counted.leukocytes,
        rows=counted.rows,
        nucleated_red_cells=counted.nucleated_red_cells,
        smudge_cells=counted.smudge_cells,
        wbc=counted.wbc,
        not_counted=tuple(NotCounted(reason=reason, cells=left[reason]) for reason in Reason if left[reason]),
        used=tuple(UsedLabels(source=source, cells=used[source]) for source in Source if used[source]),
        page_confirmed=len(read.by_page & leukocytes),
        reference=counted.reference,
        compared=compared,
    )


def find_smear(workspace: Workspace, word: str) -> str:
    """Return the id of the smear that an id or the code on a slide means.

    Raises
    ------
    NotFound
        There is no such smear.
    Conflict
        Smears of several laboratories have this code.
    """
    with workspace.database.reading() as transaction:
        smears = transaction.find(Smear)
    if any(smear.id == word for smear in smears):
        return word
    found = [smear for smear in smears if smear.code == word]
    if not found:
        codes = sorted({smear.code for smear in smears})
        known = ", ".join(codes[:8]) + (f" and {len(codes) - 8} more" if len(codes) > 8 else "")
        raise NotFound("no smear has this code or id", expected=known or "a smear; there is none yet", found=word)
    if len(found) > 1:
        raise Conflict(
            f"{len(found)} smears have the code {word!r}",
            expected=", ".join(f"{smear.id} ({smear.site})" for smear in found),
            hint="name one by its id",
        )
    return found[0].id


def require_leukocytes(found: Differential) -> None:
    """Refuse a count of nothing, and say what there is instead.

    Raises
    ------
    TooFew
        No leukocyte of the smear was counted.
    """
    if found.leukocytes == 0:
        why = ", ".join(f"{left.cells} {left.reason}" for left in found.not_counted)
        raise TooFew(
            f"no leukocyte of smear {found.smear} can be counted",
            expected="at least 1 with a label of a closed round",
            found=f"{found.found} elements{f': {why}' if why else ''}",
            hint="read the smear in a round, and close it: `buffycoat label`",
        )


def differential_text(found: Differential) -> str:
    """Return a differential count as lines for people."""
    return "\n".join(differential_lines(found))


def differential_page(found: Differential) -> bytes:
    """Return a differential count as one HTML page that carries all it needs, and prints on A4."""
    return render_differential(found)


# ----------------------------------------------------------------- reading


def _read(transaction: Transaction, smear_id: str) -> _Read:
    smear = transaction.get(Smear, smear_id)
    elements = current_ids(transaction, CellFilter(smear_id=smear_id))
    kept = current_ids(transaction, CellFilter(smear_id=smear_id, kept=True))
    waiting = held_cells(transaction)
    shown = tuple(cell for cell in kept if cell not in waiting)
    given = answers_on(transaction, shown)
    people = {person.id: person for person in transaction.find(Expert)}
    rounds = counting_rounds(transaction)
    decided: dict[str, _Decided] = {}
    for campaign in rounds:
        if campaign.id not in given:
            continue  # an unanswered cell stands open whichever round asked about it
        members = set(campaign.cells)
        asked = [cell for cell in shown if cell in members]
        for cell, (standing, term) in standings(asked, given[campaign.id]).items():
            if standing is not Standing.OPEN:  # the round that decides: the last in which anybody answered
                decided[cell] = _Decided(campaign=campaign, standing=standing, term=term)
    return _Read(
        smear=smear,
        elements=len(elements),
        kept=len(kept),
        shown=shown,
        rounds=tuple(rounds),
        given=given,
        people=people,
        decided=decided,
        by_page=_by_page(transaction, decided, people),
    )


def _is_folder(campaign: Round, people: Mapping[str, Expert]) -> bool:
    return all(people[expert].role is Role.SOURCE for expert in campaign.experts)


def _by_page(transaction: Transaction, decided: Mapping[str, _Decided], people: Mapping[str, Expert]) -> frozenset[str]:
    """Return the cells all of whose labels, in the round that counts, were given by confirming a page."""
    cells: dict[str, list[str]] = defaultdict(list)
    for cell, what in decided.items():
        if not _is_folder(what.campaign, people):
            cells[what.campaign.id].append(cell)
    looks: dict[str, set[Look]] = defaultdict(set)
    for round_id, members in cells.items():
        for label in labels_of(transaction, round_id, cells=members):
            looks[label.cell_id].add(label.look)
    return frozenset(cell for cell, found in looks.items() if found == {Look.PAGE})


def _taxonomy(workspace: Workspace, decided: Collection[_Decided]) -> Taxonomy:
    """Return the taxonomy by whose words most of the cells were read; the newest edition of one that comes along."""
    used = Counter(newest_edition(what.campaign.taxonomy) for what in decided)
    return taxonomy_of(workspace, used.most_common(1)[0][0]) if used else RAABIN


def _sorted_out(read: _Read, taxonomy: Taxonomy) -> tuple[dict[str, str], dict[str, Source], Counter[Reason]]:
    """Return the term of each cell that has one, whose word that is, and how many cells have none, and why."""
    terms: dict[str, str] = {}
    sources: dict[str, Source] = {}
    left: Counter[Reason] = Counter()
    left[Reason.REPEAT] = read.elements - read.kept
    left[Reason.UNTOLD] = read.kept - len(read.decided)
    words = _words(read)
    for cell, what in read.decided.items():
        if newest_edition(what.campaign.taxonomy) != taxonomy.reference:
            left[Reason.OTHER_TAXONOMY] += 1
            continue
        term, source = what.term, _SOURCES.get(what.standing, Source.PARENT)
        if term is None:
            term = shared_term(taxonomy, words.get(cell, []))
        if term is None:
            left[Reason.DISPUTED] += 1
            continue
        terms[cell] = term
        sources[cell] = Source.FOLDER if _is_folder(what.campaign, read.people) else source
    return terms, sources, left


def _words(read: _Read) -> dict[str, list[str]]:
    """Return what the experts of the round that counts said of each disputed cell."""
    words: dict[str, list[str]] = defaultdict(list)
    for round_id, rows in read.given.items():
        for cell, _, purpose, term, _ in rows:
            what = read.decided.get(cell)
            if what and what.standing is Standing.DISPUTED and what.campaign.id == round_id and purpose == "reading":
                words[cell].append(term)
    return words


# --------------------------------------------------------------- comparing


def _compared(workspace: Workspace, read: _Read) -> Compared | None:
    """Return the latest closed count of this smear by several people, side by side."""
    shown = set(read.shown)
    for campaign in reversed(read.rounds):
        if campaign.mode is not Mode.COUNT or _is_folder(campaign, read.people):
            continue
        taxonomy = taxonomy_of(workspace, newest_edition(campaign.taxonomy))
        counts: dict[str, Counter[str]] = {expert: Counter() for expert in campaign.experts}
        for cell, expert, purpose, term, _ in read.given.get(campaign.id, ()):
            if purpose == "reading" and cell in shown and reason_of(taxonomy, term) is None:
                counts[expert][term] += 1
        said = {expert: count for expert, count in counts.items() if count}
        if len(said) < 2:
            continue
        return Compared(
            round=campaign.name,
            taxonomy=taxonomy.reference,
            experts=tuple(read.people[expert].handle for expert in said),
            leukocytes=tuple(count.total() for count in said.values()),
            simulated=any(read.people[expert].simulated for expert in said),
            rows=compare_counts(list(said.values()), taxonomy),
        )
    return None
