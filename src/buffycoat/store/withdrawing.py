"""The one place where rows are written anew: what leads to a person is taken out of a withdrawn smear, and no more.

Everything else in the store is only added to, but for signs of life of workers. No row goes but renderings of others;
what stays of a smear is a tombstone with its places, boxes and answers, which say nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, union_all, update

from buffycoat.domain.cell import Cell
from buffycoat.domain.erratum import Erratum, ErratumAnswer
from buffycoat.domain.label import Label
from buffycoat.domain.mask import Mask
from buffycoat.domain.run import ENTERED, Document, Outcome
from buffycoat.domain.smear import AgeBand, Correction, Diagnosis, Exif, FieldOfView, Sex, Smear
from buffycoat.domain.value import Digest, value
from buffycoat.domain.withdrawal import Withdrawal
from buffycoat.store.chain import raw_rows, value_digest
from buffycoat.store.copying import OBJECTS
from buffycoat.store.database import Database, Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import METADATA, TABLES

__all__ = [
    "FAILURE",
    "Held",
    "held_of",
    "name_left",
    "named_elsewhere",
    "overwrite_journal",
    "still_named",
    "take_out",
    "withdrawals",
]

FAILURE: Final = "withdrawn"
"""Why there is no mask any more."""
_cell, _field, _mask = TABLES[Cell].c, TABLES[FieldOfView].c, TABLES[Mask].c
_label, _correction, _outcome = TABLES[Label].c, TABLES[Correction].c, TABLES[Outcome].c
_erratum, _reply = TABLES[Erratum].c, TABLES[ErratumAnswer].c
_document, _smear = TABLES[Document].c, TABLES[Smear].c


@value
class Held:
    """What a workspace holds of one smear, and would take out.

    ``objects`` are the digests of its photographs and crops, ``origins`` the names of files that it came from.
    """

    fields: tuple[str, ...]
    cells: tuple[str, ...]
    masks: int
    objects: frozenset[Digest]
    origins: frozenset[str]


def withdrawals(transaction: Transaction) -> Mapping[str, Withdrawal]:
    """Return what was withdrawn, by smear."""
    return {made.smear_id: made for made in transaction.find(Withdrawal)}


def name_left(smear_id: str) -> str:
    """Return what stands in the place of the code of a slide.

    Examples
    --------
    >>> name_left("s0123456789abcdef01234567")
    'withdrawn-01234567'
    """
    return f"withdrawn-{smear_id[1:9]}"


def held_of(transaction: Transaction, smear_id: str) -> Held:
    """Return what a workspace holds of a smear; of cells also those that a newer run has replaced."""
    run = transaction.connection.execute
    fields = run(select(_field.id, _field.digest, _field.origin).where(_field.smear_id == smear_id)).all()
    cells = run(select(_cell.id, _cell.crop).where(_cell.field_id.in_(_fields(smear_id)))).all()
    masks = run(
        select(func.count())
        .select_from(TABLES[Mask])
        .where(_mask.cell_id.in_(_cells(smear_id)), _mask.failure.is_(None))
    ).scalar_one()
    return Held(
        fields=tuple(sorted(row[0] for row in fields)),
        cells=tuple(sorted(row[0] for row in cells)),
        masks=int(masks),
        objects=frozenset({row[1] for row in (*fields, *cells) if row[1] is not None}),
        origins=frozenset(row[2] for row in fields if row[2]),
    )


def _fields(smear_id: str) -> Select[tuple[str]]:
    return select(_field.id).where(_field.smear_id == smear_id)


def _cells(smear_id: str) -> Select[tuple[str]]:
    return select(_cell.id).where(_cell.field_id.in_(_fields(smear_id)))


def _errata(smear_id: str) -> Select[tuple[str]]:
    return select(_erratum.id).where(_erratum.cell_id.in_(_cells(smear_id)))


def named_elsewhere(
    transaction: Transaction, objects: Collection[Digest], smear_id: str, documents: Collection[str]
) -> frozenset[Digest]:
    """Return those of some objects that rows name which stay as they are: of other smears, releases and documents."""
    others = [
        select(_field.digest).where(_field.smear_id != smear_id, _field.digest.in_(listed(objects))),
        select(_cell.crop).where(_cell.field_id.not_in(_fields(smear_id)), _cell.crop.in_(listed(objects))),
        select(_document.digest).where(_document.id.not_in(list(documents)), _document.digest.in_(listed(objects))),
    ]
    return frozenset(transaction.connection.execute(union_all(*others)).scalars())


def still_named(transaction: Transaction, objects: Collection[Digest]) -> frozenset[Digest]:
    """Return those of some objects that any row names."""
    named: list[Select[Any]] = []
    for table, column in OBJECTS.items():
        held: ColumnElement[Any] = METADATA.tables[table].c[column]
        named.append(select(held).where(held.in_(listed(objects))))
    return frozenset(transaction.connection.execute(union_all(*named)).scalars())


def take_out(
    transaction: Transaction, smear: Smear, held: Held, documents: Sequence[str]
) -> dict[str, tuple[Digest, Digest]]:
    """Write the rows of a smear anew, without pixels and without what leads to a person.

    Parameters
    ----------
    transaction
        One that writes; the withdrawal itself is added in the same.
    smear : Smear
        As it was recorded.
    held : Held
        What there is of it.
    documents : sequence of str
        Ids of renderings that show it: removed, as they can be made again.

    Returns
    -------
    dict
        ``"table id"`` of each row that is an act of a person: the digests before and after.
    """
    connection = transaction.connection
    if connection.dialect.name == "sqlite":  # what is taken out is overwritten in the file, not merely let go
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    of_cells, said = _cells(smear.id), and_(_label.cell_id.in_(_cells(smear.id)), _label.comment != "")
    acts: dict[type, list[str]] = {
        Correction: _ids(transaction, select(_correction.id).where(_correction.smear_id == smear.id)),
        Label: _ids(transaction, select(_label.id).where(said)),
        Mask: _ids(transaction, select(_mask.id).where(_mask.cell_id.in_(of_cells), _mask.expert_id.is_not(None))),
        Erratum: _ids(transaction, select(_erratum.id).where(_erratum.cell_id.in_(of_cells))),
        ErratumAnswer: _ids(transaction, select(_reply.id).where(_reply.erratum_id.in_(_errata(smear.id)))),
    }
    before = _digests(transaction, acts)
    for cls, where, left in (
        (Label, said, {"comment": ""}),
        (Erratum, _erratum.cell_id.in_(of_cells), {"why": "", "reporter": ""}),
        (ErratumAnswer, _reply.erratum_id.in_(_errata(smear.id)), {"reason": ""}),
        (Correction, _correction.smear_id == smear.id, {"facts": {}}),
        (Mask, _mask.cell_id.in_(of_cells), {"run_lengths": [], "failure": FAILURE}),
        (Cell, _cell.field_id.in_(_fields(smear.id)), dict.fromkeys(_OF_CELL)),
        (Outcome, _told(smear, held), {"message": "", "subject": func.coalesce(_outcome.produced, _outcome.id)}),
        (FieldOfView, _field.smear_id == smear.id, {**dict.fromkeys(_OF_FIELD), "exif": asdict(Exif())}),
        (Smear, _smear.id == smear.id, {**_OF_SMEAR, "code": name_left(smear.id)}),
    ):
        connection.execute(update(TABLES[cls]).where(where).values(left))
    kept = (_document.kind.not_in(ENTERED), _document.id.in_(listed(documents)))
    connection.execute(delete(TABLES[Document]).where(*kept))
    after = _digests(transaction, acts)
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def overwrite_journal(database: Database) -> bool:
    """Let the database forget the pages that rows were on before; say whether it could.

    SQLite's journal holds them until all of it is in the file and it is emptied, which waits for whoever reads.
    PostgreSQL holds old rows until they are vacuumed.
    """
    with closing(database.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        if database.engine.dialect.name == "sqlite":
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")
    return True


def _told(smear: Smear, held: Held) -> ColumnElement[bool]:
    """Say which outcomes hold names of files of a smear, or its code."""
    return and_(
        _outcome.room == "ingest",
        or_(
            _outcome.produced.in_(listed(held.fields)),
            _outcome.subject.in_(listed(held.origins)),
            _outcome.message.contains(f"smear {smear.code!r}", autoescape=True),
        ),
    )


def _ids(transaction: Transaction, statement: Select[tuple[str]]) -> list[str]:
    return [str(key) for key in transaction.connection.execute(statement).scalars()]


def _digests(transaction: Transaction, acts: Mapping[type, Iterable[str]]) -> dict[str, Digest]:
    found: dict[str, Digest] = {}
    for cls, ids in acts.items():
        wanted, name = frozenset(ids), TABLES[cls].name
        place = [column.name for column in TABLES[cls].c].index("id")
        if wanted:
            for row in raw_rows(transaction.connection, cls):
                if row[place] in wanted:
                    found[f"{name} {row[place]}"] = value_digest(cls, row)
    return found


_OF_CELL: Final = ("crop", "sharpness", "average_hash", "perceptual_hash", "origin")
_OF_FIELD: Final = ("digest", "pixels", "media_type", "quality", "icc_profile", "origin", "red_cell_diameter_px")
"""``received`` stays: by it the same photograph is known again, and refused."""
_OF_SMEAR: Final[Mapping[str, Any]] = {
    "subject": None,
    "sex": Sex.UNKNOWN.value,
    "age_band": AgeBand.UNKNOWN.value,
    "diagnosis": Diagnosis.UNKNOWN.value,
    "ethics_reference": None,
}
