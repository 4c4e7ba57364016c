"""Labels in: rounds opened, answers written, agreement told."""

from __future__ import annotations

import contextlib
import csv
import io
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from buffycoat.domain.label import Consensus, Expert, Label, Purpose, Round, Standing
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.taxonomy import RAABIN, Taxonomy
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.errors import AlreadyExists, Conflict, InputError, NotFound, TooFew, UnknownTerm, UnreadableFile
from buffycoat.imaging.codecs import read_bytes
from buffycoat.label import Answer, SimulatedExpert, consensus_of, order_for, read_answers
from buffycoat.metrics.agreement import cohen_kappa, raw_agreement
from buffycoat.store import Transaction
from buffycoat.store.answers import is_round_open, labels_of
from buffycoat.store.queries import CellFilter, current_ids
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.reading.answering import label_id, reading_run
from buffycoat.workflows.reading.closing import hand_in_if_complete
from buffycoat.workflows.reading.opening import open_wished
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "RoundStanding",
    "enter_label_table",
    "enter_labels",
    "open_round",
    "round_standing",
    "simulate_labels",
    "write_queue",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStanding:
    """Where a round stands. Agreement is told only once every expert has read every cell."""

    name: str
    cells: int
    experts: tuple[str, ...]
    given: tuple[int, ...]
    closed: bool
    standings: dict[str, int]
    raw_agreement: float | None
    kappa: float | None
    simulated: bool


def open_round(workspace: Workspace, *, name: str, experts: Sequence[str], simulated: bool = False) -> Round:
    """Open a round over all kept cells, sealed as it stands now; a round of that name and experts is returned as it is.

    Parameters
    ----------
    workspace
        Where.
    name : str
        Name of the round, used once.
    experts : sequence of str
        Handles, each another; two in the paper. Unknown ones are added.
    simulated : bool
        Whether they are simulated.

    Raises
    ------
    InputError
        An expert is named twice.
    AlreadyExists
        A round of that name has other experts.
    TooFew
        There is no cell to label.
    """
    if len(set(experts)) < len(experts):
        raise InputError(
            f"an expert of round {name!r} is named twice",
            expected="different experts",
            found=", ".join(experts),
            hint="name each expert once",
        )
    people = [
        Expert(id=derive_id("expert", {"handle": handle}), handle=handle, simulated=simulated) for handle in experts
    ]
    with workspace.database.reading() as transaction:
        known = transaction.find(Round, name=name)
        if known:
            _check_experts(transaction, known[0], people)
            return known[0]
        if not current_ids(transaction, CellFilter(kept=True, with_pixels=True)):
            raise TooFew(
                "no cell waits for a label", hint="find cells first: `buffycoat detect`, then `buffycoat clean`"
            )
    with workspace.database.writing() as transaction:
        transaction.add(people)
    wish = RoundWish(name=name, experts=tuple(person.id for person in people), taxonomy=RAABIN.reference)
    # Of simulated experts everything may be known, and every demo is to be the same.
    return open_wished(workspace, wish, secret=digest_of(name.encode()) if simulated else secrets.token_hex(16))


def _check_experts(transaction: Transaction, campaign: Round, people: Sequence[Expert]) -> None:
    """Refuse other experts than a round has: it is sealed."""
    if {person.id for person in people} != set(campaign.experts):
        handles = {person.id: person.handle for person in transaction.find(Expert)}
        raise AlreadyExists(
            f"round {campaign.name!r} is open for other experts",
            expected=", ".join(handles[expert] for expert in campaign.experts),
            found=", ".join(person.handle for person in people),
            hint="a round keeps its experts: open one of another name",
        )


def enter_labels(
    workspace: Workspace, campaign: Round, expert_id: str, answers: Iterable[tuple[str, str, float | None]]
) -> int:
    """Write answers of one expert: (cell id, word of the taxonomy, seconds). The newest answer to a cell holds.

    Returns
    -------
    int
        How many were new.

    Raises
    ------
    NotFound
        A cell is not in the round.
    UnknownTerm
        A word is not in the taxonomy.
    Conflict
        The round is closed, and there are new answers.
    """
    run = reading_run(campaign, expert_id)
    members = set(campaign.cells)
    taxonomy = taxonomy_of(workspace, campaign.taxonomy)
    with workspace.database.writing() as transaction:
        labels = labels_of(transaction, campaign.id, expert_id=expert_id, withdrawn=True)
        live = {label.cell_id: label for label in labels if label.purpose is Purpose.READING}
        moment = now()
        made: list[Label] = []
        for cell_id, word, seconds in answers:
            if cell_id not in members:
                raise NotFound(f"round {campaign.name!r} does not hold this cell", found=cell_id)
            term = taxonomy.read(word).key
            before = live.get(cell_id)
            if before is not None and before.term == term:
                continue
            label = _entered(campaign, expert_id, run.id, cell_id, before, moment)
            live[cell_id] = replace(label, term=term, seconds=seconds)
            made.append(live[cell_id])
        if made and not is_round_open(transaction, campaign.id):
            raise Conflict("this round is closed", found=campaign.name, hint="open another round for new answers")
        transaction.add([run, *made])
        if made:
            hand_in_if_complete(transaction, campaign, expert_id, moment)
    return len(made)


def _entered(
    campaign: Round, expert_id: str, run_id: str, cell_id: str, before: Label | None, moment: datetime
) -> Label:
    """Return an answer without its term: the same table entered twice, at once or again, makes the same event."""
    parts = {"cell": cell_id, "expert": expert_id, "round": campaign.id, "before": before.event if before else None}
    event = derive_id("entered", parts)
    return Label(
        id=label_id(campaign.id, expert_id, event),
        cell_id=cell_id,
        expert_id=expert_id,
        round_id=campaign.id,
        purpose=Purpose.READING,
        term="",
        given_at=moment if before is None else max(moment, before.given_at + timedelta(microseconds=1)),
        seconds=None,
        comment="",
        supersedes=None,
        run_id=run_id,
        event=event,
    )


def enter_label_table(workspace: Workspace, name: str, handle: str, path: Path) -> int:
    """Enter the answers of a table with the columns cell and label, and seconds where they were measured.

    Nothing is entered where a row is wrong; rows without a label are passed over.

    Raises
    ------
    UnreadableFile
        The table cannot be read.
    InvalidMetadata
        It is no such table, or a row of it is wrong.
    UnknownTerm
        A word is not in the taxonomy.
    NotFound
        A cell is not in the round, or there is no such round or expert.
    """
    answers = read_answers(read_bytes(path, name=path.name), name=path.name)
    campaign, expert = _round_and_expert(workspace, name, handle)
    _check_answers(campaign, taxonomy_of(workspace, campaign.taxonomy), answers, path.name)
    return enter_labels(
        workspace, campaign, expert.id, [(answer.cell, answer.word, answer.seconds) for answer in answers]
    )


def _check_answers(campaign: Round, taxonomy: Taxonomy, answers: Iterable[Answer], table: str) -> None:
    """Refuse cells and words that are unknown, with the line on which they stand."""
    members = set(campaign.cells)
    for answer in answers:
        where = f"{table}, line {answer.line}"
        if answer.cell not in members:
            raise NotFound(
                f"{where}: round {campaign.name!r} does not hold this cell",
                found=answer.cell,
                hint="ids of cells stand as `--queue` wrote them; is it the table of another round?",
            )
        try:
            taxonomy.read(answer.word)
        except UnknownTerm as error:
            raise UnknownTerm(f"{where}: {error.what}", expected=error.expected, found=error.found) from error


def write_queue(workspace: Workspace, name: str, handle: str, path: Path) -> int:
    """Write the cells of a round that an expert has not read yet, in that expert's own order, for reading offline.

    The table holds no answer of anybody, and a file that is there is never written over: it may be filled in.

    Raises
    ------
    AlreadyExists
        There is a file of that name.
    UnreadableFile
        The table cannot be written.
    """
    campaign, expert = _round_and_expert(workspace, name, handle)
    with workspace.database.reading() as transaction:
        labels = labels_of(transaction, campaign.id, expert_id=expert.id)
    read = {label.cell_id for label in labels if label.purpose is Purpose.READING}
    key = f"{campaign.id} {campaign.secret}".rstrip()
    waiting = [cell for cell in order_for(campaign.cells, expert.id, key) if cell not in read]
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("cell", "label", "seconds"), *((cell, "", "") for cell in waiting)])
    _write_new(path, table.getvalue().encode())
    return len(waiting)


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; what could be written of it only in part is taken away again."""
    try:
        with path.open("xb") as file:
            try:
                file.write(content)
                file.flush()
            except OSError:
                with contextlib.suppress(OSError):
                    path.unlink()
                raise
    except FileExistsError as error:
        raise AlreadyExists(
            f"{path.name} is there already, and may be filled in", hint="give another file name"
        ) from error
    except OSError as error:
        raise UnreadableFile(
            f"the table {path.name} cannot be written",
            found=(error.strerror or type(error).__name__).lower(),
            hint="check that the folder exists, that you may write to it, and that the disk is not full",
        ) from error


def _round_and_expert(workspace: Workspace, name: str, handle: str) -> tuple[Round, Expert]:
    with workspace.database.reading() as transaction:
        rounds = transaction.find(Round, name=name)
        experts = transaction.find(Expert, handle=handle)
    if not rounds:
        raise NotFound("no round has this name", found=name)
    if not experts or experts[0].id not in rounds[0].experts:
        raise NotFound(f"no expert of round {name!r} has this handle", found=handle)
    return rounds[0], experts[0]


def simulate_labels(workspace: Workspace, campaign: Round, truth: Callable[[str], str]) -> int:
    """Let the round's simulated experts read all of its cells."""
    with workspace.database.reading() as transaction:
        people = {person.id: person for person in transaction.find(Expert, simulated=True)}
    given = 0
    for position, expert_id in enumerate(campaign.experts):
        if expert_id not in people:
            raise NotFound("a person does not label by simulation", found=expert_id)
        reader = SimulatedExpert(seed=position + 1)
        answers = [
            (cell_id, *reader.answer(cell_id, truth(cell_id)))
            for cell_id in order_for(campaign.cells, expert_id, campaign.id)
        ]
        given += enter_labels(workspace, campaign, expert_id, answers)
    return given


def _consensus(campaign: Round, labels: Sequence[Label]) -> dict[str, Consensus]:
    by_cell: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        by_cell[label.cell_id].append(label)
    return {cell_id: consensus_of(cell_id, by_cell[cell_id]) for cell_id in campaign.cells}


def round_standing(workspace: Workspace, name: str) -> RoundStanding:
    """Tell how far a round is, and, once it is closed, how far its experts agree.

    Raises
    ------
    NotFound
        No round has this name.
    """
    with workspace.database.reading() as transaction:
        found = transaction.find(Round, name=name)
        if not found:
            raise NotFound("no round has this name", found=name)
        campaign = found[0]
        labels = labels_of(transaction, campaign.id)
        people = {person.id: person for person in transaction.find(Expert)}
        closed = not is_round_open(transaction, campaign.id)
    readings = [label for label in labels if label.purpose is Purpose.READING]
    consensus = _consensus(campaign, labels) if closed else {}
    agreement = kappa = None
    if closed and len(campaign.experts) == 2:
        first, second = (
            {label.cell_id: label.term for label in readings if label.expert_id == expert}
            for expert in campaign.experts
        )
        both = [cell for cell in campaign.cells if cell in first and cell in second]
        rows, columns = [first[cell] for cell in both], [second[cell] for cell in both]
        with contextlib.suppress(TooFew):  # no cell, or one class only: undefined, not zero
            agreement = raw_agreement(rows, columns)
            kappa = cohen_kappa(rows, columns)
    return RoundStanding(
        name=name,
        cells=len(campaign.cells),
        experts=tuple(people[expert].handle for expert in campaign.experts),
        given=tuple(sum(label.expert_id == expert for label in readings) for expert in campaign.experts),
        closed=closed,
        standings={s.value: sum(c.standing is s for c in consensus.values()) for s in Standing} if closed else {},
        raw_agreement=agreement,
        kappa=kappa,
        simulated=any(people[expert].simulated for expert in campaign.experts),
    )
