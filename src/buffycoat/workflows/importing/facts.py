"""What the words of a foreign set mean here: terms of the taxonomy, smears, set-ups."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from buffycoat.domain.smear import Capture, ScaleSource, Smear
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import derive_id
from buffycoat.errors import BuffycoatError, InvalidMetadata, UnknownTerm
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.ingest import Record, read_fact
from buffycoat.store.queries import smears_now
from buffycoat.workflows.workspace import Workspace

__all__ = ["Described", "Understanding"]

_FACTS = ("smear", "stain", "diagnosis", "microscope", "camera", "objective")


@dataclass(frozen=True, slots=True)
class Described:
    """A field whose words are understood: smear, set-up, and for each cell the terms of its words and of its folder."""

    field: AnnotatedField
    smear: Smear
    capture: Capture
    terms: list[tuple[str | None, ...]]
    filed: list[str | None]


class Understanding:
    """Looks words up, each once; what cannot be understood refuses the whole file, and no other.

    Parameters
    ----------
    workspace
        Whose smears must not be contradicted.
    taxonomy : Taxonomy
        Whose words the labels are.
    record : Record
        What holds where a file says nothing.
    set_name : str
        Code of the smear where nobody tells it.
    """

    def __init__(self, workspace: Workspace, taxonomy: Taxonomy, record: Record, *, set_name: str) -> None:
        self.taxonomy = taxonomy
        self.record = record
        self.set_name = set_name
        with workspace.database.reading() as transaction:
            self._smears = {smear.id: smear for smear in transaction.find(Smear)}
            self._corrected = smears_now(transaction)
        self._terms: dict[str | None, str | None] = {None: None}
        self._settings: dict[tuple[str | None, ...], tuple[Smear, Capture]] = {}
        self.notes: list[str] = []

    def understand(self, field: AnnotatedField) -> Described | Refused:
        """Return a field with its words looked up, or why it is refused."""
        try:
            smear, capture = self._setting(field)
            known = self._terms
            terms, filed = [], []
            for cell in field.cells:
                for word in (*cell.words, cell.filed):
                    if word not in known:
                        known[word] = self._look_up(word, field, cell)
                terms.append(tuple([known[word] for word in cell.words]))
                filed.append(known[cell.filed])
            return Described(field, smear, capture, terms, filed)
        except BuffycoatError as error:
            return Refused(name=field.name, code=error.code, message=error.told)

    def _look_up(self, word: str | None, field: AnnotatedField, cell: AnnotatedCell) -> str:
        try:
            return self.taxonomy.read(word or "").key
        except UnknownTerm as error:
            box = cell.box
            place = cell.origin or f"({box.left}, {box.top}, {box.right}, {box.bottom})"
            raise UnknownTerm(
                f"{field.name}, cell {place}: {error.what}", expected=error.expected, found=error.found
            ) from error

    def _setting(self, field: AnnotatedField) -> tuple[Smear, Capture]:
        """Return smear and set-up, as the file tells them, or as the record does."""
        said = (field.smear, field.stain, field.diagnosis, field.microscope, field.camera, field.objective)
        found = self._settings.get(said)
        if found is None:
            told: dict[str, Any] = {}
            for column, word in zip(_FACTS, said, strict=True):
                if word:
                    fact, note = read_fact(column, word, where=f"{field.name}, {column}")
                    told |= fact
                    self.notes += [note] if note else []
            found = self._settings[said] = self._recorded(replace(self.record, **told), field.name)
        return found

    def _recorded(self, record: Record, where: str) -> tuple[Smear, Capture]:
        code = record.smear or self.set_name
        smear = Smear(
            id=derive_id("smear", {"site": record.site, "code": code}),
            code=code,
            stain=record.stain,
            diagnosis=record.diagnosis,
            site=record.site,
            subject=record.subject,
            sex=record.sex,
            age_band=record.age_band,
            ethics_reference=record.ethics_reference,
        )
        before = self._smears.setdefault(smear.id, smear)
        if smear not in (before, self._corrected.get(smear.id)):
            raise InvalidMetadata(
                f"{where}: smear {code!r} of site {record.site!r} is recorded differently already",
                expected=f"{before.stain}, {before.diagnosis}, {before.sex}, {before.age_band}",
                found=f"{smear.stain}, {smear.diagnosis}, {smear.sex}, {smear.age_band}",
                hint="one smear has one stain and one diagnosis: say the same of all its files",
            )
        capture = Capture(
            id="",
            microscope=record.microscope,
            objective_magnification=record.objective_magnification,
            camera=record.camera or "unknown",
            micrometres_per_pixel=record.micrometres_per_pixel,
            scale_source=ScaleSource.UNKNOWN if record.micrometres_per_pixel is None else ScaleSource.TYPED,
            quarter_turns=record.quarter_turns,
        )
        return smear, replace(capture, id=derive_id("capture", asdict(capture)))
