"""Which work can be ordered: a name, what it is told, and the workflow that does it.

Each may be begun anew after a kill at any moment: what was done before is found, and what is left is done. A further
kind is a value for its parameters, a function, and a line in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from buffycoat.domain.curating import ReleaseChoice
from buffycoat.domain.keeping import Weight
from buffycoat.domain.repeating import ThresholdWish
from buffycoat.domain.smear import Capture, Smear
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.workflows.clean import clean_cells, clean_parameters, reclean_smear
from buffycoat.workflows.curating.releasing import keep_preview, seal_choice
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import IngestOptions, Record, ingest_photographs
from buffycoat.workflows.jobs.progress import JobProgress
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.repeating.history import go_back
from buffycoat.workflows.repeating.previewing import check_wish
from buffycoat.workflows.runs import Progress, Tally
from buffycoat.workflows.segment import segment_cells
from buffycoat.workflows.suggesting import suggest_types
from buffycoat.workflows.workspace import Workspace

__all__ = ["KINDS", "Kind", "tally_of"]

Work = Callable[[Workspace, Mapping[str, Any], JobProgress], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of work.

    Parameters
    ----------
    do : callable
        ``(workspace, parameters, progress) -> result``. Parameters are complete; the result is what JSON holds.
        ``progress`` is called as every room calls its own, and ends the work where somebody asked for that.
    parameters : type
        A value whose fields are the parameters; one without a default must be given.
    plain : bool
        Whether curators may order it with these parameters from the page of jobs.
    """

    do: Work
    parameters: type
    plain: bool = False


def tally_of(tally: Tally, progress: JobProgress) -> dict[str, Any]:
    """Return the counts of a tally, and say in the log what was refused: how often and by which code, no more."""
    codes: dict[str, int] = {}
    for outcome in tally.refused:
        codes[outcome.code or ""] = codes.get(outcome.code or "", 0) + 1
    for code, count in sorted(codes.items()):
        progress.say(f"{tally.room}: {count} refused with {code}")
    progress.say(f"{tally.room}: {tally.done} done, {tally.before} done before, {len(tally.refused)} refused")
    return {"done": tally.done, "before": tally.before, "refused": len(tally.refused), "repeats": len(tally.repeats)}


# ------------------------------------------------------------------ detect


@value
class DetectWish:
    """As `buffycoat detect` takes them: side of the crops, what becomes of a box at the border, all anew.

    ``smear`` and ``capture``, told together: only this smear on this set-up. Each is searched with the color filter
    that was chosen for it.
    """

    side: int | None = None
    border: Literal["pad", "shift"] = "pad"
    again: bool = False
    smear: str | None = None
    capture: str | None = None


def _detect(workspace: Workspace, told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
    if told["side"] is not None and told["side"] < 16:
        raise InputError("crops would be too small", expected="a side of 16 pixels or more", found=str(told["side"]))
    smear, capture = told["smear"], told["capture"]
    if (smear is None) != (capture is None):
        raise InputError("a smear is searched on one set-up", expected="smear and capture", found="one of them")
    if smear is not None:
        with workspace.database.reading() as transaction:
            transaction.get(Smear, smear)
            transaction.get(Capture, capture)
    tally = detect_cells(
        workspace,
        side=told["side"],
        border=told["border"],
        again=told["again"],
        place=None if smear is None else (smear, capture),
        progress=progress,
    )
    return tally_of(tally, progress)


# ------------------------------------------------------------------- clean


@value
class CleanWish:
    """As `buffycoat clean` takes them; ``smear``: only this one, in the way in which it was cleaned last."""

    method: Literal["registered", "paper"] = "registered"
    average_bits: int | None = None
    perceptual_bits: int | None = None
    correlation: float | None = None
    smear: str | None = None


def _clean(workspace: Workspace, told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
    if told["smear"] is not None:
        with workspace.database.reading() as transaction:
            transaction.get(Smear, told["smear"])
        tally = reclean_smear(workspace, told["smear"])
        progress(Progress(room="clean", done=1, total=1))
    else:
        lines = {name: told[name] for name in ("average_bits", "perceptual_bits", "correlation")}
        # Again here, as a round may have opened since it was ordered, and not every order comes from that page.
        check_wish(workspace, ThresholdWish(method=told["method"], **lines))
        tally = clean_cells(workspace, parameters=clean_parameters(told["method"], **lines), progress=progress)
    return tally_of(tally, progress)


@value
class CleanBackWish:
    """Back to what stood before this cleaning, as `buffycoat repeats runs` names it."""

    cleaning: str


def _clean_back(workspace: Workspace, told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
    went = go_back(workspace, told["cleaning"], progress=progress)
    progress.say(f"clean: {went.again} smears as they stood, {went.anew} cleaned anew, {went.kept} left as they are")
    return {"again": went.again, "anew": went.anew, "kept": went.kept}


# ----------------------------------------------------------------- segment


@value
class SegmentWish:
    """As `buffycoat segment` takes them: how, and only cells that were agreed to be of these terms."""

    method: str = "best"
    terms: tuple[str, ...] = ()


def _segment(workspace: Workspace, told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
    found = segment_cells(workspace, method=told["method"], terms=told["terms"], progress=progress)
    parts = {str(part): dict(counts) for part, counts in found.parts.items()}
    return {**tally_of(found.tally, progress), "parts": parts, "by_people": found.by_people}


# ---------------------------------------------------------------- classify


@value
class ClassifyWish:
    """As `buffycoat classify` takes them: nothing. The classifier is that of the workspace."""


def _classify(workspace: Workspace, _told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
    return tally_of(suggest_types(workspace, progress=progress), progress)


# ------------------------------------------------------------------ ingest


@value
class IngestWish:
    """A folder or zip on the machine of the worker, and the table that says which photograph shows which smear.

    What is known of a smear stands in the table alone: an order stays for good, and is not the place for it.
    """

    photographs: str
    metadata: str
    crop_only: bool = False
    max_megapixels: float | None = None


def _ingest(workspace: Workspace, told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
    summary = ingest_photographs(
        workspace,
        Path(told["photographs"]),
        record=Record(),
        metadata=Path(told["metadata"]),
        options=IngestOptions(crop_only=told["crop_only"], max_megapixels=told["max_megapixels"]),
        progress=progress,
    )
    return {**tally_of(summary.tally, progress), "passed_over": len(summary.passed_over)}


# ------------------------------------------------------------------ doctor


@value
class DoctorWish:
    """As `buffycoat doctor` takes it: ``fast`` counts objects, and does not read them."""

    fast: bool = False


def _doctor(workspace: Workspace, told: Mapping[str, Any], progress: JobProgress) -> Mapping[str, Any]:
    found = examine(workspace.folder, fast=told["fast"], progress=progress)
    counts = {str(weight): len(found.weighs(weight)) for weight in Weight}
    for weight in (Weight.FAULT, Weight.UNKNOWN, Weight.SETUP, Weight.ADVICE):
        for finding in found.weighs(weight):
            progress.say(f"{weight}: {finding.what}")
    return {"findings": counts}


KINDS: Final[dict[str, Kind]] = {
    "detect": Kind(do=_detect, parameters=DetectWish, plain=True),
    "clean": Kind(do=_clean, parameters=CleanWish, plain=True),
    "clean-back": Kind(do=_clean_back, parameters=CleanBackWish),
    "doctor": Kind(do=_doctor, parameters=DoctorWish, plain=True),
    "classify": Kind(do=_classify, parameters=ClassifyWish, plain=True),
    "segment": Kind(do=_segment, parameters=SegmentWish),
    "ingest": Kind(do=_ingest, parameters=IngestWish),
    "preview-release": Kind(do=keep_preview, parameters=ReleaseChoice),
    "publish": Kind(do=seal_choice, parameters=ReleaseChoice),
}
"""By name. A name stays: orders of long ago speak of it."""
