"""Facts of photographs as curators see and correct them; corrections are added, nothing is overwritten."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from buffycoat.domain.curating import (
    FactChange,
    FactsChanged,
    FactWish,
    MetadataFact,
    MetadataGroup,
    MetadataTable,
)
from buffycoat.domain.label import Expert
from buffycoat.domain.smear import (
    AgeBand,
    Capture,
    Correction,
    Diagnosis,
    FieldOfView,
    ScaleSource,
    SetupCorrection,
    Sex,
    Smear,
    Stain,
)
from buffycoat.domain.value import Scalar, derive_id
from buffycoat.errors import InputError, NotFound
from buffycoat.ingest.columns import COLUMNS
from buffycoat.store import Transaction
from buffycoat.store.entries import authors_of
from buffycoat.store.queries import smears_now
from buffycoat.store.setups import setup_corrections, with_setups
from buffycoat.store.withdrawing import withdrawals
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "OF_SETUP",
    "Recorded",
    "change_facts",
    "fact_history",
    "keep_changes",
    "known",
    "metadata_of",
    "read_fact_value",
    "read_recorded",
    "setup_with",
    "spelled",
]

OF_SETUP: Final = (MetadataFact.MICROSCOPE, MetadataFact.OBJECTIVE, MetadataFact.CAMERA, MetadataFact.SCALE)
"""Facts of what took a photograph; the others are those of its smear."""
_CLOSED: Final = {
    MetadataFact.STAIN: Stain,
    MetadataFact.DIAGNOSIS: Diagnosis,
    MetadataFact.SEX: Sex,
    MetadataFact.AGE_BAND: AgeBand,
}
_READ: Final = {column.field: column for column in COLUMNS}
_WORDS: Final = (MetadataFact.MICROSCOPE, MetadataFact.CAMERA)
"""Facts of a set-up that say ``unknown`` in a word; its numbers say it by being none."""
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is recorded now, of everything that was not withdrawn."""

    fields: list[FieldOfView]
    smears: Mapping[str, Smear]
    captures: Mapping[str, Capture]

    def fact(self, field: FieldOfView, fact: MetadataFact) -> Scalar:
        """Return a fact of a photograph, ``None`` where it is unknown."""
        of: Any = self.captures[field.capture_id] if fact in OF_SETUP else self.smears[field.smear_id]
        return known(getattr(of, fact.value))


def known(said: Scalar) -> Scalar:
    """Return a fact as it is compared: ``None`` where it is unknown."""
    return None if isinstance(said, str) and str(said).strip() in ("", "unknown") else said


def read_recorded(transaction: Transaction) -> Recorded:
    """Read all photographs with the smears and set-ups that hold now."""
    gone = withdrawals(transaction)
    fields = [field for field in transaction.find(FieldOfView) if field.smear_id not in gone]
    return Recorded(
        fields=sorted(
            with_setups(transaction, fields), key=lambda field: (field.smear_id, field.origin or "", field.id)
        ),
        smears={key: smear for key, smear in smears_now(transaction).items() if key not in gone},
        captures={capture.id: capture for capture in transaction.find(Capture)},
    )


def metadata_of(workspace: Workspace) -> MetadataTable:
    """Return what is recorded of all photographs; names of received files stay here."""
    with workspace.database.reading() as transaction:
        recorded = read_recorded(transaction)
    groups: dict[tuple[str, str], list[FieldOfView]] = defaultdict(list)
    for field in recorded.fields:
        groups[field.smear_id, field.capture_id].append(field)
    return MetadataTable(
        smears=tuple(sorted(recorded.smears.values(), key=lambda smear: (smear.site, smear.code))),
        setups=tuple(recorded.captures[key] for key in sorted({capture for _, capture in groups})),
        groups=tuple(
            MetadataGroup(
                smear_id=smear,
                capture_id=capture,
                photographs=tuple(field.id for field in fields),
                crops=sum(field.crop_only for field in fields),
            )
            for (smear, capture), fields in groups.items()
        ),
        choices={fact.value: tuple(str(word) for word in kind) for fact, kind in _CLOSED.items()},
    )


def read_fact_value(fact: MetadataFact, word: str | None, *, where: str) -> Scalar:
    """Return a value as it is recorded, ``None`` for unknown.

    Raises
    ------
    InvalidMetadata
        It is outside its list, or no number.
    InputError
        It is longer than any name of a thing.
    """
    if word is None or not word.strip():
        return None
    if len(word) > _LONGEST:
        raise InputError(f"{where} is too long", expected=f"{_LONGEST} letters or fewer", found=str(len(word)))
    return known(_READ[fact.value].read(word.strip(), where))


def change_facts(workspace: Workspace, wish: FactWish) -> FactsChanged:
    """Say what one fact of several smears or photographs would become, and keep it where the wish says so.

    Raises
    ------
    InvalidMetadata
        The value is outside its list, or no number.
    InputError
        A fact of a smear is said of photographs only, or one of a set-up of smears only.
    NotFound
        A smear or photograph is not there.
    """
    said = read_fact_value(wish.fact, wish.value, where=wish.fact.value)
    with workspace.database.reading() as transaction:
        recorded = read_recorded(transaction)
    of_setup = wish.fact in OF_SETUP
    chosen = set(wish.photographs if of_setup else wish.smears)
    if not chosen:
        raise InputError(
            f"nothing is chosen of which {wish.fact} could be said",
            expected="photographs" if of_setup else "smears",
            found="none",
        )
    fields = [field for field in recorded.fields if (field.id if of_setup else field.smear_id) in chosen]
    there = {field.id for field in fields} if of_setup else set(recorded.smears)
    if missing := sorted(chosen - there):
        raise NotFound("no such smear or photograph is here", found=missing[0])
    same = [field for field in fields if _is_said(recorded, field, wish.fact, said, wish.scale_source)]
    told = {field.id for field in same}
    other = [field for field in fields if field.id not in told]
    if of_setup:
        setups = {
            field.id: setup_with(recorded.captures[field.capture_id], wish.fact, said, wish.scale_source)
            for field in other
        }
        made = keep_changes(workspace, setups=setups) if wish.keep else ()
        touched = {field.smear_id for field in other}
    else:
        touched = {key for key in chosen if known(getattr(recorded.smears[key], wish.fact.value)) != said}
        facts = {key: {wish.fact.value: spelled(wish.fact, said)} for key in sorted(touched)}
        made = keep_changes(workspace, smears=facts) if wish.keep else ()
    before = Counter("" if (now_said := recorded.fact(field, wish.fact)) is None else str(now_said) for field in other)
    return FactsChanged(
        fact=wish.fact,
        value=None if said is None else str(said),
        smears=len(touched),
        photographs=len(other),
        same=len(same),
        before=dict(sorted(before.items())),
        corrections=made,
    )


def _is_said(recorded: Recorded, field: FieldOfView, fact: MetadataFact, said: Scalar, source: ScaleSource) -> bool:
    if recorded.fact(field, fact) != said:
        return False
    return fact is not MetadataFact.SCALE or said is None or recorded.captures[field.capture_id].scale_source is source


def spelled(fact: MetadataFact, said: Scalar) -> str | None:
    """Return a fact of a smear as a correction holds it: facts from a list say that they are unknown."""
    if said is None:
        return "unknown" if fact in _CLOSED else None
    return str(said)


def setup_with(before: Capture, fact: MetadataFact, said: Scalar, source: ScaleSource = ScaleSource.TYPED) -> Capture:
    """Return a set-up of which one fact is said otherwise: another set-up, under an id of its own."""
    changed: dict[str, Any] = {"id": "", fact.value: "unknown" if said is None and fact in _WORDS else said}
    if fact is MetadataFact.SCALE:
        changed["scale_source"] = ScaleSource.UNKNOWN if said is None else source
    capture = replace(before, **changed)
    return replace(capture, id=derive_id("capture", asdict(capture)))


def keep_changes(
    workspace: Workspace,
    *,
    smears: Mapping[str, Mapping[str, str | None]] | None = None,
    setups: Mapping[str, Capture] | None = None,
) -> tuple[str, ...]:
    """Keep corrections of smears by id and of set-ups by photograph, all or none; return the ids of what was kept."""
    if not (smears or setups):
        return ()
    run = start_run(workspace, room="ingest", function="ingest.correct", parameters={})
    moment = now()
    values: list[Any] = [
        Correction(
            id=derive_id("correction", {"smear": smear_id, "at": moment.isoformat()}),
            smear_id=smear_id,
            facts=dict(facts),
            made_at=moment,
            run_id=run.id,
        )
        for smear_id, facts in (smears or {}).items()
    ]
    by_setup: dict[str, list[str]] = defaultdict(list)
    for field_id, capture in (setups or {}).items():
        by_setup[capture.id].append(field_id)
    values += [
        SetupCorrection(
            id=derive_id("setup correction", {"capture": key, "at": moment.isoformat()}),
            fields=tuple(sorted(fields)),
            capture_id=key,
            made_at=moment,
            run_id=run.id,
        )
        for key, fields in sorted(by_setup.items())
    ]
    with workspace.database.writing() as transaction:
        transaction.add(list({capture.id: capture for capture in (setups or {}).values()}.values()))
        transaction.add(values)
    return tuple(value.id for value in values)


def fact_history(
    workspace: Workspace, *, smear_id: str | None = None, field_id: str | None = None
) -> tuple[FactChange, ...]:
    """Return what was corrected of a smear, or of a photograph with its smear, the latest first.

    Raises
    ------
    NotFound
        There is no such smear or photograph.
    """
    with workspace.database.reading() as transaction:
        field = None if field_id is None else transaction.get(FieldOfView, field_id)
        key = field.smear_id if field is not None else smear_id or ""
        if key in withdrawals(transaction):
            raise NotFound("no smear has this id", found=key)
        smear = transaction.get(Smear, key)
        changes = _of_smear(smear, _corrections(transaction, key))
        told: dict[str, tuple[str, ...]] = {}
        if field is not None:
            captures = {capture.id: capture for capture in transaction.find(Capture)}
            of_setup = setup_corrections(transaction)
            changes += _of_setup(field, of_setup, captures)
            beside = {each.id for each in transaction.find(FieldOfView, smear_id=key)}
            told = {made.id: tuple(each for each in made.fields if each in beside) for made in of_setup}
        people = {expert.id: expert.handle for expert in transaction.find(Expert)}
        authors = authors_of(transaction, sorted({correction for correction, *_ in changes}))
    return tuple(
        FactChange(
            correction=correction,
            fact=fact,
            before=before,
            after=after,
            made_at=made_at,
            by=people.get(authors.get(correction) or ""),
            photographs=told.get(correction, ()),
        )
        for correction, fact, before, after, made_at in sorted(changes, key=lambda change: change[4], reverse=True)
    )


_Change = tuple[str, MetadataFact, Scalar, Scalar, datetime]


def _corrections(transaction: Transaction, smear_id: str) -> list[Correction]:
    return sorted(transaction.find(Correction, smear_id=smear_id), key=lambda made: (made.made_at, made.id))


def _of_smear(smear: Smear, corrections: Sequence[Correction]) -> list[_Change]:
    said: dict[str, Scalar] = {fact.value: getattr(smear, fact.value) for fact in MetadataFact if fact not in OF_SETUP}
    changes: list[_Change] = []
    for made in corrections:
        for name, after in made.facts.items():
            changes.append((made.id, MetadataFact(name), known(said[name]), known(after), made.made_at))
            said[name] = after
    return changes


def _of_setup(
    field: FieldOfView, corrections: Sequence[SetupCorrection], captures: Mapping[str, Capture]
) -> list[_Change]:
    before, changes = captures[field.capture_id], []
    for made in corrections:
        if field.id in made.fields:
            after = captures[made.capture_id]
            changes += [
                (made.id, fact, known(getattr(before, fact.value)), known(getattr(after, fact.value)), made.made_at)
                for fact in OF_SETUP
                if getattr(before, fact.value) != getattr(after, fact.value)
            ]
            before = after
    return changes
