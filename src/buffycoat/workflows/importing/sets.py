"""Sets of other laboratories in: their boxes, classes, masks and labels, with their photographs or without."""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from buffycoat.domain.run import Outcome
from buffycoat.domain.value import derive_id
from buffycoat.errors import InputError
from buffycoat.formats.annotated import Refused
from buffycoat.formats.nested import with_nested
from buffycoat.formats.registry import READERS, guess_format
from buffycoat.formats.source import open_source
from buffycoat.imaging.codecs import MAX_MEGAPIXELS
from buffycoat.ingest import Record
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.importing.facts import Described, Understanding
from buffycoat.workflows.importing.fields import FieldsIn
from buffycoat.workflows.importing.labels import SetLabels
from buffycoat.workflows.runs import ShowProgress, no_progress, now, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = ["FORMAT_NAMES", "ImportSummary", "import_set"]

FORMAT_NAMES = tuple(READERS)
_AT_ONCE = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What came of an import.

    ``before`` counts fields that were here already, ``repeats`` pictures with the same bytes as another, ``notes`` what
    was put right while reading and how often.
    """

    name: str
    format: str
    fields: int
    cells: int
    labels: int
    masks: int
    before: int
    without_pixels: int
    rounds: tuple[str, ...]
    notes: dict[str, int] = field(default_factory=dict)
    repeats: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


def import_set(  # noqa: PLR0913 (everything that is said of a whole set)
    workspace: Workspace,
    path: Path,
    *,
    format_name: str | None = None,
    name: str | None = None,
    record: Record | None = None,
    taxonomy: str = "raabin",
    max_megapixels: float = MAX_MEGAPIXELS,
    progress: ShowProgress = no_progress,
) -> ImportSummary:
    """Take a data set into the workspace: a folder, a zip or a file of a format that ``formats.registry`` lists.

    Fields without a photograph are written in one transaction, the others one by one, so that an interruption loses
    nothing; labels come last. The same set again adds nothing.

    Parameters
    ----------
    workspace
        Where to.
    path : Path
        The set.
    format_name : str, optional
        One of ``FORMAT_NAMES``; guessed from what lies in the source where it is not given.
    name : str, optional
        What to call the set; the name of the folder or archive where it is not given. Rounds and experts carry it, and
        it is the site of smears whose laboratory nobody tells.
    record : Record, optional
        What holds where the files say nothing.
    taxonomy : str
        Whose words the labels are: a name, a reference, or a file of a laboratory's own.
    max_megapixels : float
        Larger pictures are refused.
    progress : callable
        Called after each photograph.

    Raises
    ------
    UnreadableFormat
        No reader knows what lies in the source.
    InputError
        There is no such format.
    """
    words = taxonomy_of(workspace, taxonomy)
    with open_source(path) as source, _without_collecting():
        if format_name is not None and format_name not in READERS:
            raise InputError("no such format", expected=" or ".join(READERS), found=format_name)
        reader = READERS[format_name or guess_format(source)]
        held = with_nested(source) if reader.nested else source
        called = name or (path.resolve().name if path.is_dir() else path.stem)
        given = record or Record()
        understanding = Understanding(
            workspace, words, replace(given, site=called if given.site == "unknown" else given.site), set_name=called
        )
        run = start_run(
            workspace,
            room="ingest",
            function="ingest.import_set",
            parameters={"set": called, "format": reader.name, "taxonomy": words.reference},
        )
        fields = FieldsIn(workspace, held, run.id, quarter_turns=given.quarter_turns, max_megapixels=max_megapixels)
        refused: list[Refused] = []
        pictured: list[Described] = []
        notes: Counter[str] = Counter()
        with ExitStack() as stack:
            keep = stack.enter_context(workspace.database.writing()).add
            waiting: list[Any] = []
            for found in reader.read(held):
                known = found if isinstance(found, Refused) else understanding.understand(found)
                if isinstance(known, Described):
                    for note in known.field.notes:
                        count, text = _counted(note)
                        notes[text] += count
                    if known.field.picture is not None:
                        pictured.append(known)
                        continue
                made = known if isinstance(known, Refused) else fields.take_in_bare(known)
                if isinstance(made, Refused):
                    refused.append(made)
                    continue
                waiting += made
                if len(waiting) >= _AT_ONCE:
                    keep(waiting)
                    waiting = []
            keep(waiting)
            notes.update(understanding.notes)
            repeats: tuple[str, ...] = ()
            if pictured:  # each in a transaction of its own: what an interruption finds done stays
                stack.close()
                subjects = [(known.field.name, partial(fields.take_in_pictured, known)) for known in pictured]
                tally = work(workspace, run, subjects, total=len(subjects), progress=progress)
                refused += [Refused(name=o.subject, code=o.code or "", message=o.message) for o in tally.refused]
                repeats = tuple(outcome.message for outcome in tally.repeats)
                keep = stack.enter_context(workspace.database.writing()).add
            set_labels = SetLabels(workspace, name=called, taxonomy=words.reference, run_id=run.id)
            rounds, labels = set_labels.enter(fields.read, keep)
    _write_refusals(workspace, run.id, refused)
    return ImportSummary(
        name=called,
        format=reader.name,
        fields=fields.fields,
        cells=fields.cells,
        labels=labels,
        masks=fields.masks,
        before=fields.before,
        without_pixels=fields.without_pixels,
        rounds=rounds,
        notes=dict(notes),
        repeats=repeats,
        refused=tuple(refused),
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Do not look for garbage meanwhile: of some 300,000 small values none is, and looking doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _counted(note: str) -> tuple[int, str]:
    """Tell how often a note counts, and what it says without its numbers, so that those of many files add up."""
    number, _, text = note.partition(" ")
    if number.isdecimal():
        return int(number), text
    return 1, re.sub(r"-?\d+", "#", note)


def _write_refusals(workspace: Workspace, run_id: str, refused: list[Refused]) -> None:
    moment = now()
    outcomes = [
        Outcome(
            id=derive_id("outcome", {"run": run_id, "subject": one.name, "code": one.code, "produced": None}),
            run_id=run_id,
            room="ingest",
            subject=one.name,
            produced=None,
            code=one.code,
            message=one.message,
            finished_at=moment,
        )
        for one in refused
    ]
    with workspace.database.writing() as transaction:
        transaction.add(outcomes)
