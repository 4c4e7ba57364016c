"""The metadata table of the studio, out and in: photographs are told by id, and what is wrong is told by line."""

from __future__ import annotations

import base64
import binascii
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal

from buffycoat.domain.curating import FactsChanged, LineProblem, MetadataFact, MetadataUpload, TableRead
from buffycoat.domain.smear import Capture, FieldOfView
from buffycoat.domain.value import Scalar
from buffycoat.errors import BuffycoatError, InputError, InvalidMetadata
from buffycoat.ingest.spreadsheet import metadata_rows, metadata_table
from buffycoat.ingest.table_lines import read_table
from buffycoat.store import Transaction
from buffycoat.store.setups import setup_corrections
from buffycoat.workflows.curating.facts import (
    OF_SETUP,
    Recorded,
    keep_changes,
    known,
    read_fact_value,
    read_recorded,
    setup_with,
    spelled,
)
from buffycoat.workflows.metadata import superseded_facts
from buffycoat.workflows.workspace import Workspace

__all__ = ["export_metadata", "take_metadata"]

_NAMES: Final[Mapping[str, MetadataFact]] = {fact.value: fact for fact in MetadataFact}
_FIXED: Final = {"code": "code", "site": "site", "smear": "code", "quarter_turns": "quarter_turns"}
_TOLD: Final = 200
"""Problems that are listed: whoever sees so many mends the table and gives it again."""


def export_metadata(workspace: Workspace, *, kind: Literal["csv", "xlsx"]) -> bytes:
    """Return the table of all photographs, a row each; in the column ``file`` stands the id, as names stay here."""
    with workspace.database.reading() as transaction:
        recorded = read_recorded(transaction)
    fields = [replace(each, origin=None) for each in recorded.fields]
    return metadata_table(metadata_rows(fields, smears=recorded.smears, captures=recorded.captures), kind=kind)


@dataclass
class _Said:
    """What a table says so far; ``line`` is where a fact of a smear was changed first.

    ``earlier`` is what was said of smears and photographs before it was corrected, ``older`` of what it is said again.
    """

    earlier: Mapping[tuple[str, MetadataFact], Collection[Scalar]]

    smears: dict[tuple[str, MetadataFact], tuple[Scalar, int]] = field(default_factory=dict)
    setups: dict[str, dict[MetadataFact, Scalar]] = field(default_factory=lambda: defaultdict(dict))
    lines: dict[str, int] = field(default_factory=dict)
    older: set[tuple[str, MetadataFact]] = field(default_factory=set)
    problems: list[LineProblem] = field(default_factory=list)


def take_metadata(workspace: Workspace, upload: MetadataUpload) -> TableRead:
    """Say what a table that comes back would change, or what is wrong with it by line; keep it where it is asked for.

    An empty cell says that a fact of the smear is unknown, and nothing of the set-up. A cell that was changed in one
    row of a smear holds for the smear. What was said earlier, and was corrected since, is refused by its line: a table
    that is older than a correction would take it back without a word.

    Raises
    ------
    InputError
        The content is no base64.
    InvalidMetadata
        The first line names no columns that are known; with the line.
    UnreadableFormat
        It is no table.
    """
    try:
        content = base64.b64decode(upload.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("the table did not come whole", expected="base64", found=str(error)) from error
    columns, rows = read_table(content, name=upload.name)
    with workspace.database.reading() as transaction:
        recorded = read_recorded(transaction)
        earlier = _earlier(transaction)
    photographs = {each.id: each for each in recorded.fields}
    said, count = _Said(earlier=earlier), 0
    try:
        for line, cells in rows:
            count += 1
            row = {column.field: word for column, word in zip(columns, cells, strict=True)}
            _read_row(recorded, photographs, row, line, said)
    except InvalidMetadata as error:  # a row of another length: what follows cannot be told apart
        said.problems.append(_problem(_line_of(error), error))
    changes = _changes(recorded, said)
    kept: tuple[str, ...] = ()
    if upload.keep and not said.problems:
        smears: dict[str, dict[str, str | None]] = defaultdict(dict)
        for (smear, fact), (word, _) in said.smears.items():
            smears[smear][fact.value] = spelled(fact, word)
        kept = keep_changes(workspace, smears=smears, setups=_setups(recorded, photographs, said))
    return TableRead(rows=count, problems=tuple(said.problems[:_TOLD]), changes=changes, corrections=kept)


def _read_row(
    recorded: Recorded, photographs: Mapping[str, FieldOfView], row: Mapping[str, str], line: int, said: _Said
) -> None:
    """Read a row; what is wrong in it is noted, and the rest of it read all the same."""
    photograph = photographs.get(row["file"])
    if photograph is None:
        said.problems.append(
            LineProblem(
                line=line,
                what="column file: no such photograph",
                expected="the id of a photograph, as it stood in the table",
                found=row["file"][:80],
                hint="take the table of this page: tables of the command line name files",
            )
        )
        return
    if said.lines.setdefault(photograph.id, line) != line:
        first = f"it stands in line {said.lines[photograph.id]}, too"
        said.problems.append(
            LineProblem(line=line, what="a photograph stands twice", expected="each once", found=first, hint="")
        )
        return
    for name, word in row.items():
        try:
            if name in _NAMES:
                _read_cell(recorded, photograph, _NAMES[name], word, line, said)
            elif name in _FIXED:
                _refuse_other(recorded, photograph, name, word)
        except BuffycoatError as error:
            said.problems.append(_problem(line, error))


def _read_cell(
    recorded: Recorded, photograph: FieldOfView, fact: MetadataFact, word: str, line: int, said: _Said
) -> None:
    if fact in OF_SETUP and not word:
        return
    value = read_fact_value(fact, word, where=f"column {fact}")
    if value == recorded.fact(photograph, fact):
        return
    if value in said.earlier.get((of := photograph.id if fact in OF_SETUP else photograph.smear_id, fact), ()):
        _refuse_older(recorded.fact(photograph, fact), of, fact, value, said)
        return
    if fact in OF_SETUP:
        said.setups[photograph.id][fact] = value
        return
    first, where = said.smears.setdefault((photograph.smear_id, fact), (value, line))
    if first != value:
        raise InvalidMetadata(
            f"column {fact}: the smear {recorded.smears[photograph.smear_id].code} is changed to two values",
            expected=f"{first or 'nothing'}, as in line {where}",
            found=str(value or "nothing"),
        )


def _earlier(transaction: Transaction) -> dict[tuple[str, MetadataFact], set[Scalar]]:
    """Return what was said before it was corrected, of smears and photographs by id and fact."""
    facts = superseded_facts(transaction).items()
    earlier: dict[tuple[str, MetadataFact], set[Scalar]] = {
        (smear, MetadataFact(fact)): {known(word) for word in words} for (smear, fact), words in facts
    }
    captures = {capture.id: capture for capture in transaction.find(Capture)}
    first = {photograph.id: photograph.capture_id for photograph in transaction.find(FieldOfView)}
    said = {key: captures[capture] for key, capture in first.items()}
    for made in setup_corrections(transaction):
        for key in made.fields:
            before, said[key] = said[key], captures[made.capture_id]
            for fact in OF_SETUP:
                if getattr(before, fact.value) != getattr(said[key], fact.value):
                    earlier.setdefault((key, fact), set()).add(known(getattr(before, fact.value)))
    return earlier


def _refuse_older(now: Scalar, of: str, fact: MetadataFact, value: Scalar, said: _Said) -> None:
    """Refuse what was corrected since, once of each smear: its other rows say the same."""
    if (of, fact) in said.older:
        return
    said.older.add((of, fact))
    raise InvalidMetadata(
        f"column {fact}: this was said earlier, and corrected since",
        expected=str(now or "nothing"),
        found=str(value or "nothing"),
        hint="take the table anew and change it there; to go back to what was said earlier, set it back in the history",
    )


def _refuse_other(recorded: Recorded, photograph: FieldOfView, name: str, word: str) -> None:
    of = recorded.captures[photograph.capture_id] if name == "quarter_turns" else recorded.smears[photograph.smear_id]
    here = getattr(of, _FIXED[name])
    if word and known(word) != known(str(here)):
        raise InvalidMetadata(
            f"column {name}: a table cannot change it",
            expected=str(here),
            found=word[:80],
            hint="code and site name a smear, and boxes rest on the turns: take the photographs in again, elsewhere",
        )


def _setups(recorded: Recorded, photographs: Mapping[str, FieldOfView], said: _Said) -> dict[str, Capture]:
    setups = {}
    for key, facts in said.setups.items():
        capture = recorded.captures[photographs[key].capture_id]
        for fact, value in facts.items():
            capture = setup_with(capture, fact, value)
        setups[key] = capture
    return setups


def _changes(recorded: Recorded, said: _Said) -> tuple[FactsChanged, ...]:
    """Count what changes, a line a fact and new value."""
    of_smear: dict[str, list[FieldOfView]] = defaultdict(list)
    for each in recorded.fields:
        of_smear[each.smear_id].append(each)
    by_id = {each.id: each for each in recorded.fields}
    touched: dict[tuple[MetadataFact, Scalar], list[FieldOfView]] = defaultdict(list)
    for (smear, fact), (value, _) in said.smears.items():
        touched[fact, value] += of_smear[smear]
    for key, facts in said.setups.items():
        for fact, value in facts.items():
            touched[fact, value].append(by_id[key])
    order = list(MetadataFact)
    return tuple(
        FactsChanged(
            fact=fact,
            value=None if value is None else str(value),
            smears=len({each.smear_id for each in fields}),
            photographs=len(fields),
            same=0,
            before=dict(Counter("" if (was := recorded.fact(each, fact)) is None else str(was) for each in fields)),
        )
        for (fact, value), fields in sorted(
            touched.items(), key=lambda pair: (order.index(pair[0][0]), str(pair[0][1]))
        )
    )


def _problem(line: int, error: BuffycoatError) -> LineProblem:
    return LineProblem(line=line, what=error.what, expected=error.expected, found=error.found, hint=error.hint)


def _line_of(error: BuffycoatError) -> int:
    words = error.what.replace(":", " ").split()
    return next((int(after) for word, after in pairwise(words) if word == "line"), 0)
