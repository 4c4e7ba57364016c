"""Labels of the gallery taken from devices: each an event, kept once, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from buffycoat.domain.account import Person
from buffycoat.domain.label import Look
from buffycoat.domain.reading import Receipt, Received
from buffycoat.domain.sorting import GalleryGiven, GalleryLabel
from buffycoat.domain.value import derive_id
from buffycoat.errors import AlreadyExists, BuffycoatError, Conflict, InputError, NotFound
from buffycoat.store.sorting import cells_without_crop, gallery_events
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.device_events import Moments, event_id
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.runs import now
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.workspace import Workspace

__all__ = ["take_labels"]

_REFERENCE = re.compile(r"[\w-]{1,40}@\d{1,6}")


def take_labels(workspace: Workspace, person: Person, given: Sequence[GalleryGiven]) -> tuple[Receipt, ...]:
    """Keep what a person said of cells in the gallery, and say of each event what became of it.

    Once this returns, what is said to be kept is kept. An event that comes again is known and changes nothing. One that
    cannot be kept is refused by itself: no such cell or term, a cell without a photograph, or one that an open round
    holds, by itself or as a repeat. Of all events of a person on a cell the newest by (``given_at``, id) holds.

    Parameters
    ----------
    workspace
        Where.
    person : Person
        Whose labels they are.
    given : sequence of GalleryGiven
        What a device sends, in the order in which it was given.
    """
    checked = _Checked(workspace, person, now())
    made = [checked.label(each) for each in given]
    asked = [label for label in made if isinstance(label, GalleryLabel)]
    with workspace.database.writing() as transaction:
        # A round may have been opened since: looked up where nothing can come in between.
        held = with_repeats(transaction, held_cells(transaction))
        bare = cells_without_crop(transaction, {label.cell_id for label in asked})
        known = dict(gallery_events(transaction, [label.id for label in asked]))
        receipts: list[Receipt] = []
        kept: list[GalleryLabel] = []
        for each, label in zip(given, made, strict=True):
            refused = label if isinstance(label, BuffycoatError) else _why_not(label, known, bare, held)
            if refused is not None:
                receipts.append(_refusal(each, refused))
            elif isinstance(label, GalleryLabel):
                is_new = label.id not in known
                receipts.append(Receipt(event=each.event, state=Received.KEPT if is_new else Received.KNOWN))
                if is_new:
                    known[label.id] = _content(label)
                    kept.append(label)
        transaction.add(kept)
    return tuple(receipts)


def _content(label: GalleryLabel) -> tuple[str, str, bool, str]:
    return label.cell_id, label.term, label.withdrawn, label.taxonomy


def _why_not(
    label: GalleryLabel,
    known: Mapping[str, tuple[str, str, bool, str]],
    bare: Mapping[str, bool],
    held: set[str],
) -> BuffycoatError | None:
    """Return why a label is not kept; ``None`` where it is, or was before."""
    before = known.get(label.id)
    if before is not None:
        same = before == _content(label)
        return None if same else AlreadyExists("this event was another label", found=label.event)
    if label.cell_id not in bare:
        return NotFound("no cell has this id", found=repr(label.cell_id[:80]))
    if bare[label.cell_id]:
        return InputError("this cell came without its photograph: nobody can tell what it is", found=label.cell_id)
    if label.cell_id in held:
        return Conflict(
            "an open round holds this cell", found=label.cell_id, hint="it can be labeled here when the round is closed"
        )
    return None


def _refusal(given: GalleryGiven, error: BuffycoatError) -> Receipt:
    return Receipt(event=given.event[:80], state=Received.REFUSED, code=error.code, detail=str(error))


class _Checked:
    """Turns what a device sends into labels, or into the errors that say why not."""

    def __init__(self, workspace: Workspace, person: Person, moment: datetime) -> None:
        self.workspace, self.person = workspace, person
        self._terms: dict[str, frozenset[str]] = {}
        self._moments = Moments(moment)

    def label(self, given: GalleryGiven) -> GalleryLabel | BuffycoatError:
        """Return the label that an event becomes, or why it becomes none."""
        try:
            return self._label(given)
        except BuffycoatError as error:
            return error

    def _label(self, given: GalleryGiven) -> GalleryLabel:
        event = event_id(given.event)
        if given.term is not None and given.term not in self._terms_of(given.taxonomy):
            raise InputError("no such term in this taxonomy", expected=given.taxonomy, found=repr(given.term[:80]))
        if given.look is Look.SINGLE:
            raise InputError(
                "in the gallery no cell is looked at alone", expected="look: gallery or page", found=given.look.value
            )
        return GalleryLabel(
            id=derive_id("gallery", {"expert": self.person.id, "event": event}),
            cell_id=given.cell,
            expert_id=self.person.id,
            taxonomy=given.taxonomy,
            term=given.term or "",
            given_at=self._moments.of(given.cell, given.given_at),
            event=event,
            withdrawn=given.term is None,
            look=given.look,
            role=self.person.role,
        )

    def _terms_of(self, reference: str) -> frozenset[str]:
        if reference not in self._terms:
            if not _REFERENCE.fullmatch(reference):
                raise InputError("not a taxonomy", expected="NAME@VERSION", found=repr(reference[:80]))
            taxonomy = taxonomy_of(self.workspace, reference)
            self._terms[reference] = frozenset(term.key for term in taxonomy.terms)
        return self._terms[reference]
