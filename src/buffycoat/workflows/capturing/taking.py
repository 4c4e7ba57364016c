"""A photograph that came from a device, taken in from memory: stripped, measured, its white cells counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from buffycoat.detect.photograph import find_cells_in
from buffycoat.domain.capturing import Arrival, CountingArea, Preset
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import Capture, FieldOfView, ScaleSource, Smear
from buffycoat.domain.value import derive_id, digest_of, value
from buffycoat.errors import Conflict, ExactRepeat, InputError
from buffycoat.imaging.formats import sniff
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.ingest.listing import Entry
from buffycoat.store.withdrawing import still_named
from buffycoat.workflows.engine import at_once
from buffycoat.workflows.ingest import IngestOptions, Record, met_already, refuse_contradictions, take_in_entry
from buffycoat.workflows.runs import Made, now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["Shot", "arrival_id", "ingest_one", "take_shot"]


@value
class Shot:
    """What is said of a photograph that arrives: whose, by which id of the device, and what it shows."""

    by: str | None
    client: str
    counting: CountingArea = CountingArea.UNSAID
    taken: str | None = None
    max_megapixels: float | None = None


def arrival_id(by: str | None, client: str) -> str:
    """Return the id of what came from a device: the same photograph sent again has the same."""
    return derive_id("arrival", {"by": by, "client": client})


def take_shot(
    workspace: Workspace, content: bytes, *, smear: Smear, preset: Preset | None, shot: Shot
) -> tuple[FieldOfView, bool]:
    """Take a photograph of a smear in, once; say whether it is new.

    Parameters
    ----------
    workspace
        Where to.
    content : bytes
        As it came.
    smear : Smear
        As it is recorded now.
    preset : Preset, optional
        The set-up; without it, what EXIF says of the camera is all that is known.
    shot : Shot
        What is said of it.

    Raises
    ------
    InputError
        It is no photograph that can be taken in; nothing is kept.
    Conflict
        Its bytes are of another smear or set-up here, or the smear was withdrawn; nothing is kept.
    """

    def arrived(field: FieldOfView, kept: bytes, capture: Capture) -> Sequence[Any]:
        return [
            Arrival(
                id=arrival_id(shot.by, shot.client),
                field_id=field.id,
                expert_id=shot.by,
                preset_id=None if preset is None else preset.id,
                in_counting_area=shot.counting,
                taken_on=shot.taken,
                white_cells=_white_cells(kept, field, capture),
                size_bytes=len(content),
                sent=True,
                arrived_at=now(),
            )
        ]

    source = ScaleSource.UNKNOWN if preset is None else preset.scale_source
    return ingest_one(
        workspace,
        content,
        name=f"{arrival_id(shot.by, shot.client)}.{(sniff(content) or 'file').lower()}",
        record=_record(smear, preset),
        options=IngestOptions(
            simulated=smear.simulated,
            measured_by_micrometer=source is ScaleSource.MICROMETER,
            max_megapixels=shot.max_megapixels,
        ),
        beside=arrived,
    )


def _record(smear: Smear, preset: Preset | None) -> Record:
    of_smear = Record(
        smear=smear.code,
        stain=smear.stain,
        diagnosis=smear.diagnosis,
        site=smear.site,
        subject=smear.subject,
        sex=smear.sex,
        age_band=smear.age_band,
        ethics_reference=smear.ethics_reference,
    )
    if preset is None:
        return of_smear
    return replace(
        of_smear,
        microscope=preset.microscope,
        objective_magnification=preset.objective_magnification,
        camera=preset.camera,
        micrometres_per_pixel=preset.micrometres_per_pixel,
        quarter_turns=preset.quarter_turns,
    )


def _white_cells(content: bytes, field: FieldOfView, capture: Capture) -> int | None:
    """Return how many cells the usual color filter sees; ``None`` where it cannot tell how large they are."""
    scale = capture.micrometres_per_pixel
    if scale is None and field.red_cell_diameter_px is not None:
        scale = RED_CELL_MICROMETRES / field.red_cell_diameter_px
    if scale is None:
        return None
    try:
        found = find_cells_in(
            content,
            name=field.id,
            quarter_turns=field.quarter_turns,
            micrometres_per_pixel=scale,
            max_megapixels=float("inf"),
        )
    except InputError:  # nothing of the size of a cell fits into it
        return None
    return len(found)


def ingest_one(
    workspace: Workspace,
    content: bytes,
    *,
    name: str,
    record: Record,
    options: IngestOptions,
    beside: Callable[[FieldOfView, bytes, Capture], Sequence[Any]],
) -> tuple[FieldOfView, bool]:
    """Take one photograph in from memory, by the same run and in the same way as ``ingest_photographs``.

    Once this returns, a power cut takes nothing of it back: whoever sent it may forget it.

    Parameters
    ----------
    workspace
        Where to.
    content : bytes
        As it came; what is private in it reaches no disk.
    name : str
        What to call it.
    record : Record
        Smear and set-up.
    options : IngestOptions
        How.
    beside : callable
        From the new field, the bytes that are kept and the set-up: what else to add in the same transaction.

    Returns
    -------
    FieldOfView
        The new one, or the one that has the same bytes and of which the same is said.
    bool
        Whether it is new.

    Raises
    ------
    InputError
        It is no photograph that can be taken in; nothing is kept.
    Conflict
        Smear or bytes are recorded otherwise, or were withdrawn, also meanwhile; nothing is kept.
    """
    refuse_contradictions(workspace, {name: record}, options)
    run = start_run(
        workspace,
        room="ingest",
        function="ingest.take_in",
        parameters={"crop_only": options.crop_only, "max_megapixels": options.limit},
    )
    try:
        entry = Entry(name=name, size=len(content), read=lambda: content)
        made = at_once(take_in_entry(workspace, entry, record, options, run.id))
    except ExactRepeat:
        made = Made(before=True)
    if made.before:
        with workspace.database.reading() as transaction:
            return transaction.find(FieldOfView, received=digest_of(content))[0], False
    field = next(each for each in made.values if isinstance(each, FieldOfView))
    outcome = Outcome(
        id=derive_id("outcome", {"run": run.id, "subject": name, "code": None, "produced": made.produced}),
        run_id=run.id,
        room=run.room,
        subject=name,
        produced=made.produced,
        code=None,
        message=made.message,
        finished_at=now(),
    )
    capture = next(each for each in made.values if isinstance(each, Capture))
    digest = field.digest or ""
    more = beside(field, workspace.objects.get(digest), capture)
    workspace.objects.settle(digest)
    with workspace.database.writing(outlasting=True) as transaction:
        # Measuring takes a while: the smear may have been withdrawn since, or the same bytes have come another way.
        try:
            met = met_already(transaction, digest_of(content), name=name, record=record, options=options)
        except ExactRepeat:
            met = Made(before=True)
        except Conflict:
            if not still_named(transaction, [digest]):
                workspace.objects.remove(digest)
            raise
        if met is not None:
            return transaction.find(FieldOfView, received=digest_of(content))[0], False
        transaction.add([*made.values, *more, outcome])
    return field, True
