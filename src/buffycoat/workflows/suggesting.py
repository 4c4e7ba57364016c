"""What a program takes cells for: kept as outcomes of a run, and never told of what an open round holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from buffycoat.domain.cell import Cell
from buffycoat.domain.run import Run
from buffycoat.domain.smear import Capture, FieldOfView
from buffycoat.domain.sorting import SuggestedGroup, TypeSuggestion
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import Digest, digest_of
from buffycoat.errors import BuffycoatError, UnknownTerm
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import decode_rgb
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.store.setups import captures_now
from buffycoat.store.sorting import program_words
from buffycoat.workflows.browse import taxonomy
from buffycoat.workflows.classifying import (
    UNKNOWN,
    Classifier,
    classify,
    read_classifier,
    red_cell_width,
    shipped_classifier,
)
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.crops import cell_pixels, crop_bytes
from buffycoat.workflows.engine import Shared, Steps, elsewhere, in_turn
from buffycoat.workflows.runs import Made, ShowProgress, Tally, Work, no_progress, start_run, work
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.workspace import Workspace

__all__ = ["OWN_MODEL", "list_suggestions", "pre_sorted", "suggest_types", "suggestions_of", "workspace_classifier"]

OWN_MODEL: Final = "classifier.onnx"
"""In the folder of a workspace, with its card beside it: asked there in place of the one that comes along."""
NO_WHITE_CELL: Final = "not-leukocyte"
"""A class that every taxonomy may do without: then it is said all the same, and no label can be it."""

_FUNCTION: Final = "classify.suggest"
_AT_ONCE: Final = 32
_MEASURED: Final = 9


def workspace_classifier(workspace: Workspace) -> Classifier:
    """Return the classifier in the folder of the workspace, or the one that comes along.

    Raises
    ------
    UnreadableFile, UnreadableFormat, DigestMismatch
        As ``read_classifier`` does.
    """
    own: Path = workspace.folder / OWN_MODEL
    return read_classifier(own) if own.exists() else shipped_classifier()


def suggest_types(
    workspace: Workspace, classifier: Classifier | None = None, *, progress: ShowProgress = no_progress
) -> Tally:
    """Say of all kept cells with a photograph what a program takes them for.

    How wide red cells are is taken from the field, else from the scale of its set-up as it is said now, else it is
    measured in a few crops of that set-up. Nothing that people said has a part in it, and it changes no label. A run
    that was interrupted goes on where it stopped, and the same classifier asks a cell again only where it rested on a
    scale that was corrected since.

    Parameters
    ----------
    workspace
        Where.
    classifier : optional
        Another than that of the workspace; see :func:`workspace_classifier`.
    progress : callable
        Called after each cell.

    Raises
    ------
    UnknownTerm
        The classifier has a class that the taxonomy in use has not.
    """
    asked = classifier or workspace_classifier(workspace)
    _check_terms(asked, taxonomy(workspace))
    with workspace.database.reading() as transaction:
        _, cells = current_cells(transaction, CellFilter(kept=True, with_pixels=True))
        fields = {field.id: field for field in transaction.find(FieldOfView)}
        captures = {capture.id: capture for capture in transaction.find(Capture)}
        said_now = captures_now(transaction, fields.values())
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        field = fields[cell.field_id]
        groups[field.smear_id, field.capture_id].append(cell)
    subjects: dict[Digest, list[tuple[str, Work]]] = defaultdict(list)
    shared: Shared[Classifier] = Shared(asked)
    for members in groups.values():
        asking = _Asking(workspace, shared, members, fields, said_now)
        for place, cell in enumerate(members):
            field = fields[cell.field_id]
            rests_on = _rests_on(field, captures[field.capture_id], said_now[field.id])
            subjects[rests_on].append((cell.id, partial(asking.say, place)))
    whole = Tally(room="classify", run_id="")
    for inputs, some in (subjects or {"": []}).items():
        run = start_run(
            workspace,
            room="classify",
            function=_FUNCTION,
            parameters={
                "classifier": asked.digest,
                "name": asked.facts.name,
                "classes": ",".join(asked.facts.classes),
                "least_sure": asked.facts.least_sure,
            },
            inputs=inputs,
        )
        step = _among(progress, whole, len(cells))
        tally = work(workspace, run, some, total=len(some), progress=step)
        whole.done += tally.done
        whole.before += tally.before
        whole.seconds += tally.seconds
        whole.refused += tally.refused
    return whole


def _rests_on(field: FieldOfView, recorded: Capture, now: Capture) -> Digest:
    """Return the digest of a corrected scale that a suggestion rests on, empty where it rests on what was recorded.

    So cells are asked again when the scale changes, and none is for the scale of another photograph.
    """
    scale = now.micrometres_per_pixel
    if field.red_cell_diameter_px is not None or scale == recorded.micrometres_per_pixel:
        return ""
    return digest_of(json.dumps({"micrometres_per_pixel": scale}).encode())


def _among(progress: ShowProgress, whole: Tally, total: int) -> ShowProgress:
    """Count the cells of earlier runs in."""
    earlier = whole.done + whole.before + len(whole.refused)
    return lambda step: progress(replace(step, done=earlier + step.done, total=total))


def _check_terms(classifier: Classifier, known: Taxonomy) -> None:
    terms = {term.key for term in known.terms}
    if strange := [each for each in classifier.facts.classes if each not in terms and each != NO_WHITE_CELL]:
        raise UnknownTerm(
            f"{classifier.facts.name} tells apart what {known.reference} has no term for",
            expected="keys of its terms",
            found=", ".join(strange)[:160],
            hint="name the terms in the card of the model",
        )


def _told(
    crops: Mapping[int, bytes],
    known: Mapping[int, tuple[str, float | None]],
    shared: Shared[Classifier],
    threads: int | None,
) -> dict[int, Made | BuffycoatError]:
    """Ask a classifier about crops, of which id and width of red cells are known, each by its place."""
    classifier, said, pixels = shared.value, dict[int, Made | BuffycoatError](), dict[int, RgbImage]()
    for place, content in crops.items():
        try:
            pixels[place] = decode_rgb(content, name=known[place][0], max_megapixels=float("inf"))
        except BuffycoatError as error:  # of this cell alone
            said[place] = error
    widths = [known[place][1] for place in pixels]
    facts = classifier.facts
    chances = classify(list(pixels.values()), classifier, red_cell_px=widths, threads=threads)
    for place, row in zip(pixels, chances, strict=True):
        best = facts.classes[int(row.argmax())] if row.max() >= facts.least_sure else UNKNOWN
        told = {term: round(float(chance), 4) for term, chance in zip(facts.classes, row, strict=True)}
        said[place] = Made(message=json.dumps({"said": best, "chances": told}))
    return said


class _Asking:
    """Asks a classifier about the cells of one smear and set-up, some at once, when the first of them is wanted."""

    def __init__(
        self,
        workspace: Workspace,
        classifier: Shared[Classifier],
        cells: Sequence[Cell],
        fields: Mapping[str, FieldOfView],
        captures: Mapping[str, Capture],
    ) -> None:
        self._workspace, self._cells = workspace, cells
        self._fields, self._captures = fields, captures
        self._shared = classifier
        self._said: dict[int, Made | BuffycoatError] = {}
        self._asked: int | None = None
        self._measured: float | None = None
        self._was_measured = False

    def say(self, place: int) -> Steps[Made]:
        """Return what is said of a cell."""
        first = place - place % _AT_ONCE
        if first == self._asked:  # with the first of them, which stands before
            yield from in_turn()
        if place not in self._said:
            self._asked = first
            self._said = yield from self._ask(range(first, min(first + _AT_ONCE, len(self._cells))))
        said = self._said[place]
        if isinstance(said, BuffycoatError):
            raise said
        return said

    def _ask(self, places: range) -> Steps[dict[int, Made | BuffycoatError]]:
        said: dict[int, Made | BuffycoatError] = {}
        crops: dict[int, bytes] = {}
        for place in places:
            try:
                crops[place] = crop_bytes(self._workspace, self._cells[place])
            except BuffycoatError as error:  # of this cell alone: it is raised where the cell is asked for
                said[place] = error
        known = {place: (self._cells[place].id, self._red_cell_px(self._cells[place])) for place in crops}
        told = yield from elsewhere(_told, crops, known, self._shared, self._workspace.engine.threads)
        return said | told

    def _red_cell_px(self, cell: Cell) -> float | None:
        known = self._fields[cell.field_id].red_cell_diameter_px
        if known is not None:
            return known
        scale = self._captures[cell.field_id].micrometres_per_pixel
        if scale is not None:
            return RED_CELL_MICROMETRES / scale
        if not self._was_measured:
            self._was_measured = True
            chosen = np.linspace(0, len(self._cells) - 1, min(_MEASURED, len(self._cells))).astype(int)
            self._measured = red_cell_width(self._readable([self._cells[place] for place in chosen.tolist()]))
        return self._measured

    def _readable(self, cells: Sequence[Cell]) -> list[RgbImage]:
        crops = []
        for cell in cells:
            try:
                crops.append(cell_pixels(self._workspace, cell))
            except BuffycoatError:  # said of the cell itself, when it is asked for
                continue
        return crops


def suggestions_of(transaction: Transaction) -> dict[str, TypeSuggestion]:
    """Return what programs said last of each cell. Of cells that an open round holds too: for what is never shown."""
    runs = {run.id: run for run in transaction.find(Run, room="classify")}
    found = {}
    for cell, run_id, message in program_words(transaction, "classify"):
        told = json.loads(message)
        chances: dict[str, float] = told["chances"]
        found[cell] = TypeSuggestion(
            cell_id=cell,
            term=None if told["said"] == UNKNOWN else told["said"],
            likeliest=max(chances, key=chances.__getitem__),
            certainty=max(chances.values()),
            source=str(runs[run_id].parameters["name"]),
        )
    return found


def list_suggestions(workspace: Workspace) -> tuple[TypeSuggestion, ...]:
    """Return what programs said of all cells but those that an open round holds, the least certain first."""
    with workspace.database.reading() as transaction:
        held = with_repeats(transaction, held_cells(transaction))
        found = [each for cell, each in suggestions_of(transaction).items() if cell not in held]
    return tuple(sorted(found, key=lambda each: (each.certainty, each.cell_id)))


def pre_sorted(
    transaction: Transaction, cells: Sequence[str], *, held: Collection[str]
) -> tuple[list[str], tuple[SuggestedGroup, ...], tuple[str, ...]]:
    """Return cells in the order in which a person is quickest through them, as a program suggests it.

    First those that it does not know, then class by class, in each the least certain first; what it did not see, or an
    open round holds, stands behind them as it stood.

    Parameters
    ----------
    transaction
        Where.
    cells : sequence of str
        Their ids.
    held : collection of str
        Ids of cells that an open round holds, and of their repeats: nothing is told of them, not even by their place.

    Returns
    -------
    order : list of str
        The same ids.
    groups : tuple of SuggestedGroup
        What stands first, how much of it, and so on; empty where nothing was suggested.
    sources : tuple of str
        Names of the programs.
    """
    said = {cell: each for cell, each in suggestions_of(transaction).items() if cell not in held}
    mine = [said[cell] for cell in cells if cell in said]
    mine.sort(key=lambda each: (each.term is not None, each.term or "", each.certainty, each.cell_id))
    counts: dict[str | None, int] = {}
    for each in mine:
        counts[each.term] = counts.get(each.term, 0) + 1
    groups = tuple(SuggestedGroup(term=term, cells=count) for term, count in counts.items())
    order = [each.cell_id for each in mine] + [cell for cell in cells if cell not in said]
    return order, groups, tuple(sorted({each.source for each in mine}))
