"""Cells once: repeats found by smear, the best picture kept, covered photographs named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any

from buffycoat.clean import Candidate, CleanParameters, Method, find_repeats
from buffycoat.clean.covered import is_cut
from buffycoat.clean.overlaps import FieldOverlap, find_overlaps
from buffycoat.clean.rulings import Verdicts, standing_rulings, verdicts
from buffycoat.domain.cell import Cell, CoveredField, DuplicateEdge, Repeat
from buffycoat.domain.label import Round
from buffycoat.domain.ruling import RepeatRuling
from buffycoat.domain.run import Run
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.errors import InputError
from buffycoat.imaging.codecs import decode_rgb, turn
from buffycoat.imaging.field_description import FieldDescription, describe_field
from buffycoat.imaging.reduced import decode_reduced
from buffycoat.imaging.registration import thumbnail
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, current_cells, detected_at, newest_run
from buffycoat.workflows.consensus import being_read
from buffycoat.workflows.crops import crop_bytes
from buffycoat.workflows.runs import Made, Progress, ShowProgress, Tally, no_progress, run_of, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "KnownSmear",
    "candidate_of",
    "clean_cells",
    "clean_parameters",
    "known_smear",
    "overlaps_of",
    "parameters_of",
    "reclean_smear",
    "settled_by",
]

_DESCRIBED_PX = 1280
_FUNCTION = "clean.find_repeats"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSmear:
    """What is known of a smear before its cells are compared."""

    cells: list[Cell]
    fields: Mapping[str, FieldOfView]
    rulings: list[RepeatRuling]
    pinned: frozenset[str]
    reading: frozenset[str]

    @property
    def inputs(self) -> str:
        """Digest of cells and standing rulings. Pins are not in it: a round alone is no reason to clean anew."""
        standing = standing_rulings(self.rulings).values()
        return digest_of(
            "\n".join(sorted([*(cell.id for cell in self.cells), *(each.id for each in standing)])).encode()
        )

    @property
    def inputs_with_reading(self) -> str:
        """The same with what open rounds read."""
        return digest_of("\n".join([self.inputs, *sorted(self.reading)]).encode())


def clean_parameters(
    method: str = "registered",
    *,
    average_bits: int | None = None,
    perceptual_bits: int | None = None,
    correlation: float | None = None,
) -> CleanParameters:
    """Return the parameters of a method, with its thresholds where they are given.

    Raises
    ------
    InputError
        There is no such method, a threshold belongs to another one, or the correlation is below what every two
        pictures of a group must reach.
    """
    usual = CleanParameters(method=Method(method))
    if usual.method is not Method.PAPER and (average_bits, perceptual_bits) != (None, None):
        raise InputError(
            "thresholds of hashes belong to the paper's method", expected="--method paper beside them", found=method
        )
    if correlation is not None and (usual.method is Method.PAPER or not usual.plausible <= correlation <= 1):
        raise InputError(
            "no such correlation",
            expected=f"{usual.plausible:g} to 1, of the registered method",
            found=f"{correlation:g}, {method}",
        )
    return replace(
        usual,
        correlation=usual.correlation if correlation is None else correlation,
        average_bits=usual.average_bits if average_bits is None else average_bits,
        perceptual_bits=usual.perceptual_bits if perceptual_bits is None else perceptual_bits,
    )


def clean_cells(
    workspace: Workspace, *, parameters: CleanParameters | None = None, progress: ShowProgress = no_progress
) -> Tally:
    """Mark the repeats of every smear whose cells have not been compared so yet.

    Repeats are looked for within a smear ("N is the number of cropped cell images from the film", Kouzehkanan et al.
    2022, Data cleaning). What people ruled on pictures holds. A picture that a round of labels holds is not replaced by
    a sharper one that came later, but for the paper's method, which knows no such rule.

    Parameters
    ----------
    workspace
        Where.
    parameters : CleanParameters, optional
        How two crops are compared.
    progress : callable
        Called after each smear.
    """
    chosen = parameters or CleanParameters()
    whole = Tally(room="clean", run_id="")
    with workspace.database.reading() as transaction:
        smears = transaction.find(Smear)
        found_at = detected_at(transaction)
        known = {smear.id: known_smear(transaction, smear.id) for smear in smears}
    for position, smear in enumerate(smears, start=1):
        run = _run(workspace, smear.id, chosen, known[smear.id])
        subject = (smear.id, partial(_clean, workspace, smear.id, known[smear.id], chosen, run.id))
        tally = work(workspace, run, [subject], total=1, since=found_at.get(smear.id))
        whole.done += tally.done
        whole.before += tally.before
        whole.seconds += tally.seconds
        whole.refused += tally.refused
        progress(Progress(room="clean", done=position, total=len(smears)))
    return whole


def parameters_of(run: Run | None) -> CleanParameters:
    """Return how a run compared cells; without one, how they are compared by default."""
    # What an earlier version asked may have other names; those that are unknown give way to what holds today.
    names = {each.name for each in fields(CleanParameters)}
    asked: dict[str, Any] = {} if run is None else {name: run.parameters[name] for name in names & set(run.parameters)}
    return CleanParameters(**asked)


def reclean_smear(workspace: Workspace, smear_id: str, *, parameters: CleanParameters | None = None) -> Tally:
    """Clean one smear anew: in the way it was cleaned last, as people ruled on its pictures since, or in another."""
    with workspace.database.reading() as transaction:
        known = known_smear(transaction, smear_id)
        chosen = parameters or parameters_of(newest_run(transaction, "clean", smear_id))
        found_at = detected_at(transaction).get(smear_id)
    run = _run(workspace, smear_id, chosen, known)
    subject = (smear_id, partial(_clean, workspace, smear_id, known, chosen, run.id))
    return work(workspace, run, [subject], total=1, since=found_at)


def known_smear(transaction: Transaction, smear_id: str) -> KnownSmear:
    """Return what is known of a smear before its cells are compared."""
    cells = current_cells(transaction, CellFilter(smear_id=smear_id, with_pixels=True))[1]
    here = {cell.id for cell in cells}
    return KnownSmear(
        cells=cells,
        fields={field.id: field for field in transaction.find(FieldOfView, smear_id=smear_id)},
        rulings=transaction.find(RepeatRuling, smear_id=smear_id),
        pinned=frozenset(_in_rounds(transaction) & here),
        reading=frozenset(being_read(transaction) & here),
    )


def _in_rounds(transaction: Transaction) -> set[str]:
    return {cell for campaign in transaction.find(Round) for cell in campaign.cells}


def _run(workspace: Workspace, smear_id: str, parameters: CleanParameters, known: KnownSmear) -> Run:
    """Return the run of these parameters on a smear as it is.

    Where the same was done before a round opened, its verdicts may take a picture away from those who read: then what
    they read counts among what the run works on.
    """
    asked, inputs = asdict(parameters), known.inputs
    if parameters.method is not Method.PAPER and known.reading:
        before = run_of(room="clean", function=_FUNCTION, parameters=asked, inputs=inputs)
        with workspace.database.reading() as transaction:
            left_out = {each.cell_id for each in transaction.find(Repeat, smear_id=smear_id, run_id=before.id)}
        if left_out & known.reading:
            inputs = known.inputs_with_reading
    return start_run(workspace, room="clean", function=_FUNCTION, parameters=asked, inputs=inputs)


def _clean(workspace: Workspace, smear_id: str, known: KnownSmear, parameters: CleanParameters, run_id: str) -> Made:
    pictured = ((cell, crop_bytes(workspace, cell)) for cell in known.cells)
    candidates = list(workspace.engine.map(_candidate, pictured))
    overlaps = () if parameters.method is Method.PAPER else overlaps_of(workspace, known)
    settled = settled_by(known, candidates, parameters, overlaps)
    repeats = _repeats(smear_id, settled, run_id)
    covered = [
        CoveredField(
            id=derive_id("covered", {"field": field_id, "run": run_id}),
            smear_id=smear_id,
            field_id=field_id,
            covered_by=survivor,
            run_id=run_id,
        )
        for field_id, survivor in settled.covered.items()
    ]
    return Made(values=[*repeats, *covered], message=f"{len(repeats)} repeats, {len(covered)} photographs covered")


def settled_by(
    known: KnownSmear,
    candidates: Sequence[Candidate],
    parameters: CleanParameters,
    overlaps: Sequence[FieldOverlap] = (),
) -> Verdicts:
    """Return what these parameters say of a smear, people's rulings over it; nothing is written.

    The paper's method knows neither overlaps nor what people have worked on.
    """
    if parameters.method is Method.PAPER:
        found = find_repeats(candidates, parameters=parameters)
        return verdicts(candidates, found.edges, rulings=known.rulings)
    found = find_repeats(candidates, parameters=parameters, overlaps=overlaps)
    worked_on = {"pinned": known.pinned, "reading": known.reading}
    return verdicts(candidates, found.edges, rulings=known.rulings, **worked_on, cut=_cut(known))


def _repeats(smear_id: str, settled: Verdicts, run_id: str) -> Sequence[Repeat]:
    kept_of = {
        cell_id: kept
        for group, kept in zip(settled.groups, settled.kept, strict=True)
        for cell_id in group
        if cell_id != kept
    }
    evidence: dict[str, list[DuplicateEdge]] = {cell_id: [] for cell_id in kept_of}
    for edge in settled.edges:
        evidence[edge.a if edge.a in evidence else edge.b].append(edge)
    return [
        Repeat(
            id=derive_id("repeat", {"cell": cell_id, "run": run_id}),
            smear_id=smear_id,
            cell_id=cell_id,
            kept_id=kept,
            edges=tuple(evidence[cell_id]),
            run_id=run_id,
        )
        for cell_id, kept in kept_of.items()
    ]


def overlaps_of(workspace: Workspace, known: KnownSmear) -> tuple[FieldOverlap, ...]:
    """Return which photographs with cells show the same region: each is decoded and described for it."""
    pictured = [known.fields[field_id] for field_id in sorted({cell.field_id for cell in known.cells})]
    described = dict(workspace.engine.map(_describe, _photographs(workspace, pictured)))
    return find_overlaps(described)


def _photographs(workspace: Workspace, fields: Iterable[FieldOfView]) -> Iterator[tuple[FieldOfView, bytes]]:
    for field in fields:
        if field.digest is not None and not field.crop_only and field.width_px is not None and field.height_px:
            yield field, workspace.objects.get(field.digest)


def _describe(photograph: tuple[FieldOfView, bytes]) -> tuple[str, FieldDescription]:
    field, content = photograph
    size = field.width_px or 0, field.height_px or 0
    times = max(each for each in (1, 2, 4, 8) if each == 1 or max(size) / each >= _DESCRIBED_PX)
    picture = decode_reduced(content, name=field.id, times=times, max_megapixels=float("inf"))
    return field.id, describe_field(turn(picture.image, field.quarter_turns), size_px=size)


def _cut(known: KnownSmear) -> frozenset[str]:
    sizes = {field.id: (field.width_px, field.height_px) for field in known.fields.values() if not field.crop_only}
    return frozenset(
        cell.id
        for cell in known.cells
        if (size := sizes.get(cell.field_id)) is not None
        and size[0] is not None
        and size[1] is not None
        and is_cut(cell.extent, size[0], size[1])
    )


def candidate_of(workspace: Workspace, cell: Cell) -> Candidate:
    """Return a cell as the room compares it; it must have pixels."""
    return _candidate((cell, crop_bytes(workspace, cell)))


def _candidate(pictured: tuple[Cell, bytes]) -> Candidate:
    cell, content = pictured
    return Candidate(
        id=cell.id,
        field_id=cell.field_id,
        box=cell.box,
        extent=cell.extent,
        sharpness=cell.sharpness or 0.0,
        average_hash=int(cell.average_hash or "0", 16),
        perceptual_hash=int(cell.perceptual_hash or "0", 16),
        thumbnail=thumbnail(decode_rgb(content, name=cell.id, max_megapixels=float("inf"))),
    )
