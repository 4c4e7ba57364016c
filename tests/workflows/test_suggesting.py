"""What a program takes cells for is kept once, sorts cells without a class, and is never told of what is being read."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import own_models
import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Action, Showing, Suggestion
from buffycoat.domain.label import Label
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.run import Outcome
from buffycoat.domain.sorting import GalleryLabel, SortOrder, SuggestedGroup
from buffycoat.domain.value import derive_id
from buffycoat.errors import NotAllowed, UnknownTerm
from buffycoat.learn.own_model import CropClassifier
from buffycoat.workflows import browse, reading, suggesting
from buffycoat.workflows.audit import list_entries
from buffycoat.workflows.jobs import KINDS
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.sorting import arrange_cells
from buffycoat.workflows.suggesting import OWN_MODEL, list_suggestions, suggest_types, workspace_classifier
from buffycoat.workflows.workspace import Workspace

TERMS = ("eosinophil", "lymphocyte")


class Tells:
    """Stands for a classifier: says of the cells, in their order, what it is told to."""

    digest = "d" * 64
    facts = SimpleNamespace(name="tells", classes=TERMS, least_sure=0.6)

    def __init__(self, *chances: float) -> None:
        self.chances = chances
        self.asked = 0

    def __call__(self, crops, _classifier, *, red_cell_px, **_):
        assert len(red_cell_px) == len(crops)
        first = self.asked
        self.asked += len(crops)
        said = [self.chances[place % len(self.chances)] for place in range(first, self.asked)]
        return np.array([(chance, 1 - chance) for chance in said], np.float32)


class Silent:
    """Stands for the progress of a job."""

    def __call__(self, _progress) -> None:
        """Show nothing."""

    def say(self, _line: str) -> None:
        """Say nothing."""


@pytest.fixture
def people(demo: Workspace) -> dict[str, Person]:
    found = {person.handle: person for person in demo_people(demo)}
    for campaign in reading.list_rounds(demo, found["ada"]):
        if not campaign.closed:
            reading.close_reading(demo, campaign.id, found["ada"])
    return found


@pytest.fixture
def bare(demo: Workspace, people: dict[str, Person]) -> list[str]:
    """Cells that nobody has read: those of the demo once more, under ids of their own, in the gallery's order."""
    views = browse.list_cells(demo, kept=True, limit=6).items
    copies = [replace(view.cell, id=derive_id("cell", {"copy": place})) for place, view in enumerate(views)]
    with demo.database.writing() as transaction:
        transaction.add(copies)
    unread = unidentified(demo, people["edna"])
    assert set(unread) >= {copy.id for copy in copies}
    return unread


def unidentified(demo: Workspace, person: Person, order: SortOrder = SortOrder.GALLERY) -> list[str]:
    found = arrange_cells(demo, person, kept=True, order=order)
    return [cell for each in found.classes if each.term is None for cell in each.cells]


def told(demo: Workspace, monkeypatch: pytest.MonkeyPatch, **chances: float) -> Tells:
    """Have exactly these cells judged so; all others are surely lymphocytes."""
    tells = Tells(0.01)

    def classify(crops, classifier, *, red_cell_px, threads):
        return tells(crops, classifier, red_cell_px=red_cell_px, threads=threads)

    monkeypatch.setattr(suggesting, "classify", classify)
    suggest_types(demo, tells)
    with demo.database.writing() as transaction:
        for cell, chance in chances.items():
            (before,) = transaction.find(Outcome, room="classify", subject=cell)
            said = "not-recognized" if 0.4 < chance < 0.6 else TERMS[chance < 0.5]
            message = json.dumps({"said": said, "chances": {TERMS[0]: chance, TERMS[1]: 1 - chance}})
            later = before.finished_at.replace(year=before.finished_at.year + 1)
            transaction.add([replace(before, id=derive_id("outcome", {"c": cell}), message=message, finished_at=later)])
    return tells


def test_each_cell_is_asked_once_and_no_label_changes(demo, people, bare, monkeypatch):
    with demo.database.reading() as transaction:
        before = transaction.count(Label), transaction.count(GalleryLabel)
    tells = told(demo, monkeypatch)
    kept = browse.list_cells(demo, kept=True, limit=500).total
    assert tells.asked == kept
    again = suggest_types(demo, tells)
    assert (again.done, again.before, tells.asked) == (0, kept, kept)
    with demo.database.reading() as transaction:
        assert (transaction.count(Label), transaction.count(GalleryLabel)) == before
    another = Tells(0.9)
    another.digest = "e" * 64
    monkeypatch.setattr(suggesting, "classify", another)
    assert suggest_types(demo, another).done == kept
    assert {each.term for each in list_suggestions(demo)} == {"eosinophil"}


def test_cells_without_a_class_stand_by_what_they_are_taken_for_the_least_certain_first(
    demo, people, bare, monkeypatch
):
    one, two, three, four = bare[:4]
    told(demo, monkeypatch, **{one: 0.99, two: 0.65, three: 0.5, four: 0.3})
    found = arrange_cells(demo, people["edna"], kept=True, order=SortOrder.SUGGESTED)
    order = next(each for each in found.classes if each.term is None)
    assert list(order.cells[:4]) == [three, two, one, four]
    assert found.suggested == (
        SuggestedGroup(term=None, cells=1),
        SuggestedGroup(term="eosinophil", cells=2),
        SuggestedGroup(term="lymphocyte", cells=len(bare) - 3),
    )
    assert found.suggested_by == ("tells",)
    plain = arrange_cells(demo, people["edna"], kept=True)
    assert (plain.suggested, plain.suggested_by) == ((), ())
    assert [(each.term, sorted(each.cells)) for each in plain.classes] == [
        (each.term, sorted(each.cells)) for each in found.classes
    ]
    before = next(each for each in plain.classes if each.term is None)
    of_cell = [dict(zip(each.cells, each.marks, strict=True)) for each in (order, before)]
    assert of_cell[0] == of_cell[1]


def test_who_saw_it_is_noted_and_a_guest_is_shown_nothing(demo, people, bare, monkeypatch):
    def noted() -> list[Showing]:
        with demo.database.reading() as transaction:
            return [each for each in transaction.find(Showing, about="gallery") if each.kind is Suggestion.TYPE]

    arrange_cells(demo, people["edna"], order=SortOrder.SUGGESTED)
    assert noted() == []  # nothing was suggested yet, and so nothing was seen
    told(demo, monkeypatch)
    arrange_cells(demo, people["edna"])
    assert noted() == []
    arrange_cells(demo, people["edna"], kept=True, order=SortOrder.SUGGESTED)
    (seen,) = noted()
    assert (seen.expert_id, seen.source, seen.count) == (people["edna"].id, "tells", len(bare) + 1)
    actions = [line.action for line in list_entries(demo, people["ada"]).lines]
    assert Action.SHOWN in actions
    with pytest.raises(NotAllowed, match="those who may label"):
        arrange_cells(demo, None, order=SortOrder.SUGGESTED)


def test_nothing_is_told_of_a_cell_that_an_open_round_holds_not_even_by_its_place(demo, people, bare, monkeypatch):
    one, two, three = bare[:3]
    told(demo, monkeypatch, **{one: 0.99, two: 0.65, three: 0.5})
    assert {one, two, three} <= {each.cell_id for each in list_suggestions(demo)}
    wish = RoundWish(name="blind", experts=(people["emil"].id,), cells=(two, three))
    reading.open_reading(demo, wish, people["ada"])
    for person in (people["emil"], people["edna"]):
        order = unidentified(demo, person, SortOrder.SUGGESTED)
        assert order[0] == one
        held = [cell for cell in order if cell in {two, three}]
        assert held == [two, three]  # as the gallery has them, behind all that something is told of
        assert order.index(two) >= len(order) - 2
    assert not {two, three} & {each.cell_id for each in list_suggestions(demo)}
    told_now = {two: 0.2, three: 0.9}
    before = unidentified(demo, people["emil"], SortOrder.SUGGESTED)
    with demo.database.writing() as transaction:
        for cell, chance in told_now.items():
            each = max(transaction.find(Outcome, room="classify", subject=cell), key=lambda found: found.finished_at)
            message = json.dumps({"said": TERMS[chance < 0.5], "chances": {TERMS[0]: chance, TERMS[1]: 1 - chance}})
            later = each.finished_at.replace(year=each.finished_at.year + 1)
            transaction.add([replace(each, id=derive_id("outcome", {"n": cell}), message=message, finished_at=later)])
    assert unidentified(demo, people["emil"], SortOrder.SUGGESTED) == before


def test_a_model_of_ones_own_lies_in_the_workspace_and_its_terms_are_looked_up(demo, people, bare):
    assert workspace_classifier(demo).facts.name == "buffycoat-classifier-1"
    content = own_models.network([[9, 0, -9], [-9, 0, 9]])
    path = own_models.written(demo.folder, content, own_models.card(content, ["unicorn", "basophil"]))
    path.rename(demo.folder / OWN_MODEL)
    path.with_suffix(".json").rename((demo.folder / OWN_MODEL).with_suffix(".json"))
    with pytest.raises(UnknownTerm, match="unicorn"):
        suggest_types(demo)
    card = own_models.card(content, ["monocyte", "basophil"])
    (demo.folder / OWN_MODEL).with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
    assert isinstance(workspace_classifier(demo), CropClassifier)
    result = KINDS["classify"].do(demo, {}, Silent())
    assert result["done"] == browse.list_cells(demo, kept=True, limit=500).total
    assert {each.source for each in list_suggestions(demo)} == {"by color"}
