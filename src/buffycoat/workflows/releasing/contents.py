"""What a release will hold: chosen by a saved question, split, and looked through for leaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from buffycoat.clean import CleanParameters, find_repeats
from buffycoat.clean.rulings import standing_rulings
from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Role
from buffycoat.domain.query import Query
from buffycoat.domain.release import ReleaseAbout
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.errors import InputError, TooFew
from buffycoat.formats.pictures import split_of
from buffycoat.formats.raabin_names import photograph_of, taken_at
from buffycoat.publish.confounding import confounded
from buffycoat.publish.leaks import LeakCell, LeakReport, leak_report, shown_together
from buffycoat.publish.sealed import Contents
from buffycoat.publish.splits import RULES, SplitCell
from buffycoat.workflows.clean import candidate_of
from buffycoat.workflows.consensus import closed_answers, deciding, said_by
from buffycoat.workflows.editions import newest_edition, taxonomy_of
from buffycoat.workflows.releasing.facts import CellWords, Rows, read_rows, sealed_parts
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["Gathered", "gather_contents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Contents, what was found on two sides of their split, and the classes that hang on one film or set-up."""

    contents: Contents
    leaks: LeakReport
    warnings: tuple[str, ...]
    rounds: tuple[str, ...]


def gather_contents(  # noqa: PLR0913 (everything that decides what a release holds)
    workspace: Workspace,
    *,
    version: str,
    about: ReleaseAbout,
    query: Query,
    level: str,
    rule: str,
    seed: int,
    formats: Sequence[str],
    search_repeats: bool = True,
    progress: ShowProgress = no_progress,
) -> Gathered:
    """Choose the cells, split them, and look for leaks; nothing is written and nothing refused here but the impossible.

    Raises
    ------
    TooFew
        No cell of the query has a class at this level.
    InputError
        There is no such rule, or the cells were labeled by several taxonomies.
    """
    if rule not in RULES:
        raise InputError("no such rule to split by", expected=" or ".join(RULES), found=repr(rule))
    chosen = set(cells_of(workspace, query))
    held = len(cells_of(workspace, query, held=True)) - len(chosen)
    rows = read_rows(workspace)
    fields = {cell.field_id for cell in rows.cells if cell.id in chosen}
    here = frozenset(cell.id for cell in rows.cells if cell.field_id in fields)
    taxonomy, experts, words, rounds = _words(workspace, chosen, here, of_round=query.round)
    classes = {
        cell.id: label
        for cell in rows.cells
        if cell.id in chosen
        and (known := words.get(cell.id)) is not None
        and known.term is not None
        and (label := taxonomy.roll_up(known.term, level)) is not None
    }
    if not classes:
        raise TooFew(
            f"no cell of the query {query.id!r} has a class at level {level}",
            hint="label first (`buffycoat label`), or publish another query (`buffycoat query`)",
        )
    inside = [cell for cell in rows.cells if cell.id in classes]
    leak_cells = [_leak_cell(rows, cell, classes[cell.id]) for cell in inside]
    repeats = _repeats(workspace, rows, inside, progress) if search_repeats else None
    plan = RULES[rule](
        [_split_cell(rows, cell, classes[cell.id]) for cell in inside],
        seed=seed,
        together=shown_together(leak_cells, repeats=repeats or ()),
    )
    leaks = leak_report(plan, leak_cells, repeats=repeats)
    parts = sealed_parts(rows, classes, words, plan, experts=len(experts))
    return Gathered(
        contents=Contents(
            version=version,
            about=about,
            taxonomy=taxonomy.reference,
            level=level,
            classes=tuple(sorted(set(taxonomy.levels[level].values()) if level != "full" else set(classes.values()))),
            query=query,
            experts=experts,
            plan=plan,
            formats=tuple(formats),
            leaks=dict(leaks.counts()) if leaks.fatal else {},
            withheld=(),
            simulated=any(smear.simulated for smear in parts.smears),
            smears=parts.smears,
            fields=parts.fields,
            cells=parts.cells,
            repeats=parts.repeats,
        ),
        leaks=leaks,
        warnings=(
            *([f"{held:,} cells that an open round holds are left out"] if held > 0 else []),
            *(found.line for found in confounded(leak_cells)),
        ),
        rounds=rounds,
    )


def _words(
    workspace: Workspace, chosen: set[str], here: frozenset[str], *, of_round: str | None
) -> tuple[Taxonomy, tuple[str, ...], dict[str, CellWords], tuple[str, ...]]:
    """Return the taxonomy in use, how the release calls the experts, and what they said of each cell."""
    with workspace.database.reading() as transaction:
        found, waiting = closed_answers(transaction)
    closed = [answers for answers in found if of_round in (None, answers.round.name)]
    # Of cells that an open round holds nothing is told, not even beside others of their photograph.
    deciders = {cell: answers for cell, answers in deciding(closed).items() if cell in here and cell not in waiting}
    used = sorted({answers.round.taxonomy for cell, answers in deciders.items() if cell in chosen})
    if len(used) > 1:  # editions of one that comes along: the newest holds all terms of the others
        used = sorted(set(map(newest_edition, used)))
    if len(used) > 1:
        raise InputError(
            "the cells were labeled by several taxonomies",
            expected="one",
            found=", ".join(used),
            hint="publish the rounds of one taxonomy at a time: `buffycoat query NAME --of-round ROUND`",
        )
    rounds = {answers.round.id: answers for answers in deciders.values()}
    people = {expert.id: expert for answers in rounds.values() for expert in answers.experts}
    order = sorted(people, key=lambda key: (people[key].role is Role.SOURCE, people[key].handle))
    names = {key: f"{'folder' if people[key].role is Role.SOURCE else 'expert'}-{n}" for n, key in enumerate(order, 1)}
    said = {round_id: said_by(answers) for round_id, answers in rounds.items()}
    words: dict[str, CellWords] = {}
    for cell_id, answers in deciders.items():
        standing, term = answers.standings[cell_id]
        given = said[answers.round.id].get(cell_id, {})
        words[cell_id] = CellWords(standing=standing, term=term, words=tuple([given.get(key) for key in order]))
    named = tuple(sorted({answers.round.name for answers in rounds.values()}))
    return taxonomy_of(workspace, used[0] if used else "raabin"), tuple(names[key] for key in order), words, named


def _split_cell(rows: Rows, cell: Cell, label: str) -> SplitCell:
    field = rows.fields[cell.field_id]
    return SplitCell(
        cell_id=cell.id,
        smear_id=field.smear_id,
        subject=rows.smears[field.smear_id].subject,
        setup=rows.setup(cell),
        label=label,
        released=split_of(field.origin or ""),
    )


def _leak_cell(rows: Rows, cell: Cell, label: str) -> LeakCell:
    """Return a cell as leaks are looked for; a crop that came alone tells its photograph by its name, if at all."""
    field = rows.fields[cell.field_id]
    name = PurePosixPath(field.origin or "").name
    photograph = photograph_of(name) if field.crop_only else field.id
    return LeakCell(
        cell_id=cell.id,
        smear_id=field.smear_id,
        subject=rows.smears[field.smear_id].subject,
        photograph=photograph or field.id,
        box=None if field.crop_only else cell.box,
        taken_at=taken_at(name),
        label=label,
        setup=rows.setup(cell),
    )


def _repeats(workspace: Workspace, rows: Rows, inside: Sequence[Cell], progress: ShowProgress) -> list[tuple[str, str]]:
    """Return pairs of cells that show the same one: as found within each smear, and across all that go out."""
    pictured = [cell for cell in inside if cell.crop is not None]
    candidates = []
    for position, cell in enumerate(pictured, start=1):
        candidates.append(candidate_of(workspace, cell))
        progress(Progress(room="publish", done=position, total=len(pictured)))
    across = find_repeats(candidates, parameters=CleanParameters())
    with workspace.database.reading() as transaction:
        ruled = standing_rulings(transaction.find(RepeatRuling))
    apart = {pair for pair, ruling in ruled.items() if ruling.ruled is Ruled.APART}
    found = [(edge.a, edge.b) for edge in across.edges if (min(edge.a, edge.b), max(edge.a, edge.b)) not in apart]
    return [*rows.repeats, *found]
