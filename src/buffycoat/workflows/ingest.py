"""Photographs in: listed, stripped of what is private, measured, kept, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import Capture, Exif, FieldOfView, ScaleSource, Smear
from buffycoat.domain.value import Digest, derive_id, digest_of
from buffycoat.errors import (
    Conflict,
    ExactRepeat,
    InputError,
    InvalidMetadata,
    NotFound,
    UnreadableFile,
    UnwritableFile,
)
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb, encode_png, read_bytes, read_rgb
from buffycoat.imaging.scale import micrometer_period
from buffycoat.ingest import (
    Entry,
    Record,
    TakenIn,
    camera_name,
    list_photographs,
    profile,
    read_exif,
    read_metadata,
    take_in,
    turned_previews,
)
from buffycoat.store import Transaction
from buffycoat.store.queries import smears_now
from buffycoat.store.withdrawing import withdrawals
from buffycoat.workflows.crops import MeasuredCrop, keep_crop, measure_crop
from buffycoat.workflows.engine import Steps, elsewhere
from buffycoat.workflows.runs import Made, ShowProgress, Tally, Work, no_progress, now, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "IngestOptions",
    "IngestSummary",
    "Record",
    "ingest_photographs",
    "measure_micrometer",
    "met_already",
    "preview_turns",
    "quarter_turns_of",
    "refuse_contradictions",
    "require_source",
    "take_in_entry",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """How photographs are taken in, beside what is known of them.

    ``crop_only``: the pictures are crops without their photographs, and each becomes a field of one cell.
    ``max_megapixels``: larger ones are refused; ``None`` where the setting decides.
    """

    crop_only: bool = False
    max_megapixels: float | None = None
    measured_by_micrometer: bool = False
    simulated: bool = False

    def within(self, max_megapixels: float) -> IngestOptions:
        """Return the options with a limit where none was given."""
        return replace(self, max_megapixels=self.max_megapixels or max_megapixels)

    @property
    def limit(self) -> float:
        """The limit in megapixels."""
        return self.max_megapixels or MAX_MEGAPIXELS


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSummary:
    """What came in, and what was passed over because it is no photograph: (name, reason)."""

    tally: Tally
    passed_over: tuple[tuple[str, str], ...]
    orientation_tags: int


def ingest_photographs(
    workspace: Workspace,
    photographs: Path,
    *,
    record: Record,
    metadata: Path | None = None,
    options: IngestOptions | None = None,
    progress: ShowProgress = no_progress,
) -> IngestSummary:
    """Take a folder, a zip or one file into the workspace.

    Parameters
    ----------
    workspace
        Where to.
    photographs : Path
        A folder (searched through), a zip, or one photograph.
    record : Record
        Smear and set-up of all of them, or what a table leaves open.
    metadata : Path, optional
        A table by file.
    options : IngestOptions, optional
        How.
    progress : callable
        Called after each file.

    Raises
    ------
    InvalidMetadata
        The table does not fit the files, or contradicts what is recorded of a smear.
    Conflict
        A smear among them was withdrawn.
    """
    chosen = options or IngestOptions()
    listing = list_photographs(photographs)
    if not listing.entries and not listing.passed_over:
        raise NotFound(
            "there is nothing in this folder or archive", found=photographs.name, hint="name a folder of photographs"
        )
    entries = listing.entries
    records = _records([entry.name for entry in entries], record, metadata)
    refuse_contradictions(workspace, records, chosen)
    run = start_run(
        workspace,
        room="ingest",
        function="ingest.take_in",
        parameters={"crop_only": chosen.crop_only, "max_megapixels": chosen.limit},
    )
    subjects: list[tuple[str, Work]] = [
        (entry.name, partial(take_in_entry, workspace, entry, records[entry.name], chosen, run.id)) for entry in entries
    ]
    tally = work(workspace, run, subjects, total=len(subjects), progress=progress)
    with workspace.database.reading() as transaction:
        fields = transaction.find(FieldOfView, run_id=run.id)
    return IngestSummary(
        tally=tally,
        passed_over=tuple(
            (passed.name, passed.reason)
            for passed in listing.passed_over
            if not _is_metadata(photographs, passed.name, metadata)
        ),
        orientation_tags=sum(field.origin in records and field.exif.orientation not in (None, 1) for field in fields),
    )


def _is_metadata(photographs: Path, name: str, metadata: Path | None) -> bool:
    return metadata is not None and (photographs / name).resolve() == metadata.resolve()


def _records(names: list[str], record: Record, metadata: Path | None) -> Mapping[str, Record]:
    if metadata is None:
        return dict.fromkeys(names, record)
    return read_metadata(read_bytes(metadata, name=metadata.name), name=metadata.name, files=names, default=record)


def require_source(photographs: Path) -> None:
    """Refuse a source that is not there, before a workspace is made for it."""
    if not photographs.exists() and not photographs.is_symlink():
        raise UnreadableFile(f"{photographs.name} cannot be read", expected="a folder or file", found="nothing there")


def measure_micrometer(photograph: Path, *, division_um: float) -> float:
    """Return micrometres per pixel from a photograph of a stage micrometer whose lines are ``division_um`` apart."""
    return division_um / micrometer_period(read_rgb(photograph))


def quarter_turns_of(word: str) -> int:
    """Return the quarter turns that a number or the name of a source profile means."""
    return int(word) if word in ("0", "1", "2", "3") else profile(word).quarter_turns


def preview_turns(photographs: Path, out: Path) -> tuple[str, int | None]:
    """Write a picture of the first readable photograph in its four turns; return its name and its EXIF orientation."""
    for entry in list_photographs(photographs).entries:
        try:
            content = entry.read()
            image = decode_rgb(content, name=entry.name)
        except InputError:
            continue  # the next one will do: this is only a preview
        try:
            out.write_bytes(encode_png(turned_previews(image)))
        except OSError as error:
            raise UnwritableFile(f"{out} cannot be written", found=error.strerror or "") from error
        return entry.name, read_exif(content).orientation
    raise NotFound("there is no readable photograph here", found=photographs.name)


def _smear_of(record: Record, *, simulated: bool) -> Smear:
    code = record.smear or "unnamed"
    return Smear(
        id=derive_id("smear", {"site": record.site, "code": code}),
        code=code,
        stain=record.stain,
        diagnosis=record.diagnosis,
        site=record.site,
        subject=record.subject,
        sex=record.sex,
        age_band=record.age_band,
        ethics_reference=record.ethics_reference,
        simulated=simulated,
    )


def _capture_of(record: Record, exif: Exif, options: IngestOptions) -> Capture:
    """Return the set-up that a record describes; the camera is read from EXIF where the record leaves it open."""
    measured = ScaleSource.MICROMETER if options.measured_by_micrometer else ScaleSource.TYPED
    capture = Capture(
        id="",
        microscope=record.microscope,
        objective_magnification=record.objective_magnification,
        camera=record.camera or camera_name(exif) or "unknown",
        micrometres_per_pixel=record.micrometres_per_pixel,
        scale_source=ScaleSource.UNKNOWN if record.micrometres_per_pixel is None else measured,
        quarter_turns=record.quarter_turns,
    )
    return replace(capture, id=derive_id("capture", asdict(capture)))


def refuse_contradictions(workspace: Workspace, records: Mapping[str, Record], options: IngestOptions) -> None:
    """Refuse files that say other facts of a smear than the ones recorded: a smear is recorded once."""
    with workspace.database.reading() as transaction:
        known = {smear.id: smear for smear in transaction.find(Smear)}
        corrected, gone = smears_now(transaction), withdrawals(transaction)
    for name, record in records.items():
        _capture_of(record, Exif(), options)  # refuses an impossible scale once, not a photograph at a time
        smear = _smear_of(record, simulated=options.simulated)
        if smear.id in gone:
            raise _withdrawn(name)
        before = known.setdefault(smear.id, smear)
        if smear not in (before, corrected.get(smear.id)):
            raise InvalidMetadata(
                f"{name}: smear {smear.code!r} of site {smear.site!r} is recorded differently already",
                expected=_facts(before),
                found=_facts(smear),
                hint="say the same of the same smear; `buffycoat metadata TABLE` corrects what is recorded",
            )


def _withdrawn(name: str) -> Conflict:
    return Conflict(
        f"{name}: this smear was withdrawn", hint="leave its photographs out: nothing of it is taken in again"
    )


def _facts(smear: Smear) -> str:
    return (
        f"{smear.stain}, {smear.diagnosis}, subject {smear.subject or 'unknown'}, {smear.sex}, "
        f"age {smear.age_band}, ethics {smear.ethics_reference or 'unknown'}"
    )


def _met_again(
    name: str, field: FieldOfView, there: tuple[Smear, Capture], record: Record, options: IngestOptions
) -> Made:
    """Say what it means that the bytes of a file are in the workspace already.

    Raises
    ------
    ExactRepeat
        Another file with the same bytes was taken in, and the same is said of both.
    Conflict
        The same bytes were taken in with other facts, which stay as they are.
    """
    here = _smear_of(record, simulated=options.simulated), _capture_of(record, field.exif, options)
    if (*here, options.crop_only) != (*there, field.crop_only):
        raise Conflict(
            f"{name} holds the same bytes as {field.origin}, which is recorded otherwise",
            expected=_said(*there, crop_only=field.crop_only),
            found=_said(*here, crop_only=options.crop_only),
            hint="what is recorded stays: to record it otherwise, take the photographs into a new workspace",
        )
    if name != field.origin:
        raise ExactRepeat(f"{name} holds the same bytes as {field.origin} of smear {there[0].code!r}")
    return Made(before=True)


def _said(smear: Smear, capture: Capture, *, crop_only: bool) -> str:
    scale = "unknown" if capture.micrometres_per_pixel is None else f"{capture.micrometres_per_pixel:g}"
    kind = "a crop" if crop_only else "a photograph"
    return (
        f"{kind} of smear {smear.code!r} at {smear.site}, {capture.microscope} / {capture.camera}, "
        f"{scale} µm per pixel, {capture.quarter_turns} quarter turns"
    )


def met_already(
    transaction: Transaction, received: Digest, *, name: str, record: Record, options: IngestOptions
) -> Made | None:
    """Say what it means that bytes are here already; ``None`` where they are not.

    Raises
    ------
    ExactRepeat
        Another file with the same bytes was taken in, and the same is said of both.
    Conflict
        They were taken in with other facts, or the smear was withdrawn.
    """
    gone = withdrawals(transaction)
    same = transaction.find(FieldOfView, received=received)
    if _smear_of(record, simulated=options.simulated).id in gone or (same and same[0].smear_id in gone):
        raise _withdrawn(name)
    if not same:
        return None
    there = transaction.get(Smear, same[0].smear_id), transaction.get(Capture, same[0].capture_id)
    return _met_again(name, same[0], there, record, options)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What was found out about a photograph; of one that is a crop, its cell too. Its pixels are given up."""

    taken: TakenIn
    crop: MeasuredCrop | None


def _look(content: bytes, name: str, quarter_turns: int, limit: float, *, crop_only: bool) -> _Looked:
    taken = take_in(content, name=name, quarter_turns=quarter_turns, max_megapixels=limit)
    crop = measure_crop(taken.image, None) if crop_only else None
    return _Looked(taken=replace(taken, image=taken.image[:0]), crop=crop)


def take_in_entry(
    workspace: Workspace, entry: Entry, record: Record, options: IngestOptions, run_id: str
) -> Steps[Made]:
    """Take one photograph in, and say what to keep of it; ``produced`` is the id of the field."""
    content = entry.read()
    received = digest_of(content)

    def met() -> Made | None:
        with workspace.database.reading() as transaction:
            return met_already(transaction, received, name=entry.name, record=record, options=options)

    before = met()
    if before is not None:
        return before
    looked = yield from elsewhere(
        _look, content, entry.name, record.quarter_turns, options.limit, crop_only=options.crop_only
    )
    before = met()  # the same bytes may have come in meanwhile
    if before is not None:
        return before
    taken = looked.taken
    smear, capture = _smear_of(record, simulated=options.simulated), _capture_of(record, taken.exif, options)
    field = FieldOfView(
        id=derive_id("field", {"received": received}),
        smear_id=smear.id,
        capture_id=capture.id,
        received=received,
        digest=workspace.objects.put(taken.content),
        pixels=taken.pixels,
        media_type=taken.media_type,
        quarter_turns=taken.quarter_turns,
        width_px=taken.width_px,
        height_px=taken.height_px,
        red_cell_diameter_px=None if options.crop_only else taken.red_cell_diameter_px,
        quality=taken.quality,
        exif=taken.exif,
        icc_profile=taken.icc_profile,
        stripped=taken.stripped,
        origin=entry.name,
        crop_only=options.crop_only,
        ingested_at=now(),
        run_id=run_id,
    )
    values: list[Any] = [smear, capture, field]
    if looked.crop is not None:
        whole = Box(left=0, top=0, right=taken.width_px, bottom=taken.height_px)
        values.append(
            Cell(
                id=derive_id("cell", {"field": field.id, "run": run_id}),
                field_id=field.id,
                extent=whole,
                box=whole,
                score=None,
                found_by=FoundBy.SOURCE,
                run_id=run_id,
                **keep_crop(workspace, looked.crop),
            )
        )
    return Made(values=values, produced=field.id, message=", ".join(taken.stripped))
