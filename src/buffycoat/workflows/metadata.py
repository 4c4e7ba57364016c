"""What is recorded of photographs, out to a spreadsheet and back; corrections are added, nothing is overwritten."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from buffycoat.domain.smear import Capture, Correction, FieldOfView, Smear
from buffycoat.domain.value import derive_id
from buffycoat.errors import AlreadyExists, InvalidMetadata, UnwritableFile
from buffycoat.imaging.codecs import read_bytes
from buffycoat.ingest.spreadsheet import metadata_rows, metadata_table, table_corrections
from buffycoat.store import Transaction
from buffycoat.store.queries import smears_now
from buffycoat.store.setups import with_setups
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["correct_metadata", "superseded_facts", "write_metadata"]


def write_metadata(workspace: Workspace, path: Path) -> int:
    """Write the table of all photographs, a row each, as .csv or .xlsx by the ending; return how many rows.

    Raises
    ------
    InvalidMetadata
        Another ending.
    AlreadyExists
        There is such a file: a person may have worked in it.
    UnwritableFile
        The operating system refused.
    """
    if path.suffix.casefold() not in (".csv", ".xlsx"):
        raise InvalidMetadata("a table is CSV or XLSX", expected=".csv or .xlsx", found=path.suffix or path.name)
    with workspace.database.reading() as transaction:
        fields = sorted(
            with_setups(transaction, transaction.find(FieldOfView)), key=lambda field: (field.origin or "", field.id)
        )
        captures = {capture.id: capture for capture in transaction.find(Capture)}
        smears = smears_now(transaction)
    rows = metadata_rows(fields, smears=smears, captures=captures)
    content = metadata_table(rows, kind="xlsx" if path.suffix.casefold() == ".xlsx" else "csv")
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise AlreadyExists(f"{path.name} is there already", hint="give another file name") from error
    except OSError as error:
        raise UnwritableFile(f"{path} cannot be written", found=error.strerror or "") from error
    return len(rows)


def correct_metadata(workspace: Workspace, path: Path) -> tuple[Correction, ...]:
    """Take a table back, and record what it says otherwise of smears; nothing is recorded where a row is wrong.

    Raises
    ------
    InvalidMetadata
        With line and column.
    """
    content = read_bytes(path, name=path.name)
    with workspace.database.reading() as transaction:
        fields = with_setups(transaction, transaction.find(FieldOfView))
        captures = {capture.id: capture for capture in transaction.find(Capture)}
        smears = smears_now(transaction)
        superseded = superseded_facts(transaction)
    changed = table_corrections(
        content, name=path.name, fields=fields, smears=smears, captures=captures, superseded=superseded
    )
    if not changed:
        return ()
    run = start_run(workspace, room="ingest", function="ingest.correct", parameters={})
    moment = now()
    corrections = tuple(
        Correction(
            id=derive_id("correction", {"smear": smear_id, "at": moment.isoformat()}),
            smear_id=smear_id,
            facts=dict(facts),
            made_at=moment,
            run_id=run.id,
        )
        for smear_id, facts in changed.items()
    )
    with workspace.database.writing() as transaction:
        transaction.add(corrections)
    return corrections


def superseded_facts(transaction: Transaction) -> dict[tuple[str, str], set[str | None]]:
    """Return what was recorded earlier of the facts that were corrected, by smear and fact."""
    first = {smear.id: smear for smear in transaction.find(Smear)}
    earlier: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    now: dict[tuple[str, str], str | None] = {}
    for correction in sorted(transaction.find(Correction), key=lambda made: made.made_at):
        for fact, word in correction.facts.items():
            key = correction.smear_id, fact
            earlier[key].add(now.get(key, getattr(first[correction.smear_id], fact)))
            now[key] = word
    return earlier
