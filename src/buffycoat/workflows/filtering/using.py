"""A filter put to use: what a search with it would change, and the search itself."""

from __future__ import annotations

from buffycoat.detect import DetectParameters
from buffycoat.domain.account import Person
from buffycoat.domain.cell import FoundBy
from buffycoat.domain.filtering import FilterCount, FilterPreview, FilterUse
from buffycoat.domain.job import Job
from buffycoat.domain.run import Run
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.domain.value import Scalar
from buffycoat.errors import NothingFound
from buffycoat.store.boxes import held_by_people, placed_by_people, searched_in_vain
from buffycoat.store.queries import CellFilter, boxed_by_source, current_cells
from buffycoat.store.setups import captures_now
from buffycoat.workflows.detect import alike, new_cells, search_parameters
from buffycoat.workflows.filters import spread_out
from buffycoat.workflows.finders import Finders, Photograph, load_finders
from buffycoat.workflows.jobs import start_job
from buffycoat.workflows.saved_filters import choose_filter, load_digest, saved_filter
from buffycoat.workflows.workspace import Workspace

__all__ = ["preview_use", "use_filter"]

PREVIEWED = 6
"""Photographs: each is searched while somebody waits."""


def preview_use(workspace: Workspace, use: FilterUse) -> FilterPreview:
    """Return how many cells a search with a filter would leave in a few photographs, beside how many there are now.

    Cells that people drew, accepted, labeled or read in a round stay, and are counted on both sides.

    Raises
    ------
    NotFound
        There is no such smear, set-up or filter.
    NothingFound
        No search looks at a photograph of this smear on this set-up.
    """
    finders = _finders(workspace, use)
    with workspace.database.reading() as transaction:
        transaction.get(Smear, use.smear_id)
        transaction.get(Capture, use.capture_id)
        boxed = boxed_by_source(transaction)
        members = transaction.find(FieldOfView, smear_id=use.smear_id, capture_id=use.capture_id, crop_only=False)
        fields = [field for field in members if field.digest is not None and field.id not in boxed]
        fields.sort(key=lambda field: (field.origin or "", field.id))
        if not fields:
            raise NothingFound(
                "no photograph of this smear is searched",
                expected="one that has come, without boxes of its source",
                found="none",
            )
        chosen = spread_out(fields, PREVIEWED)
        wanted = CellFilter(fields=[field.id for field in chosen])
        there = current_cells(transaction, wanted)[1]
        of_people = transaction.connection.execute(held_by_people().union(placed_by_people()))
        people = {str(row[0]) for row in of_people}
        drawn = searched_in_vain(transaction)
        runs = transaction.find(Run, room="detect")
        captures = captures_now(transaction, fields)
    parameters, scales = DetectParameters(), dict[str, Scalar]()
    for alike_fields in alike(fields, captures):
        told = search_parameters(runs, alike_fields, captures[alike_fields[0].id], parameters, finders)
        scales |= {each.id: told["scale"] for each in alike_fields}
    counts = []
    for field in chosen:
        cells = [cell for cell in there if cell.field_id == field.id]
        stay = sum(cell.found_by is FoundBy.EXPERT or cell.id in people for cell in cells)
        content, scale = workspace.objects.get(field.digest or ""), scales[field.id]
        photograph = Photograph(content, name="the photograph", quarter_turns=field.quarter_turns)
        found = finders.find(
            photograph,
            parameters.side,
            micrometres_per_pixel=None if scale is None else float(scale),
            border=parameters.border,
        )
        then = len(new_cells(found, drawn.get(field.id, []))) + stay
        counts.append(FilterCount(field_id=field.id, now=len(cells), then=then))
    return FilterPreview(
        total=len(fields),
        fields=tuple(counts),
        now=sum(each.now for each in counts),
        then=sum(each.then for each in counts),
    )


def use_filter(workspace: Workspace, use: FilterUse, by: Person) -> Job:
    """Choose a filter for a smear on one set-up, and order a search of it; later searches use it too.

    Nothing that was found before is deleted: choosing the earlier filter again brings its cells back.

    Raises
    ------
    NotFound
        There is no such smear, set-up or filter.
    """
    choose_filter(workspace, (use.smear_id, use.capture_id), use.filter_id, by=by)
    return start_job(workspace, "detect", {"smear": use.smear_id, "capture": use.capture_id}, by)


def _finders(workspace: Workspace, use: FilterUse) -> Finders:
    if use.filter_id is None:
        return load_finders()
    saved = saved_filter(workspace, use.filter_id)
    return Finders(color_filter=load_digest(workspace, saved.digest), files={"filter": saved.digest})
