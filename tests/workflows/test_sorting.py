"""Labels of the gallery: which holds, where they count, and that nobody reads under their influence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.account import Person
from buffycoat.domain.label import Look, Role, Standing
from buffycoat.domain.query import DOUBLE_LABELED
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.sorting import Arrangement, GalleryGiven, GalleryLabel
from buffycoat.domain.value import derive_id
from buffycoat.store.answers import open_rounds
from buffycoat.store.sorting import gallery_rows
from buffycoat.workflows import browse, reading
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.digest import digest_workspace
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.sorting import arrange_cells, take_labels
from buffycoat.workflows.workspace import Workspace

NOW = datetime.now(UTC)
_numbers = count(1)


def named(cell: str, term: str | None, *, after: float = 0.0, look: Look = Look.GALLERY) -> GalleryGiven:
    moment = (NOW + timedelta(seconds=after)).isoformat()
    return GalleryGiven(
        event=str(UUID(int=next(_numbers))), cell=cell, term=term, taxonomy="raabin@1", given_at=moment, look=look
    )


def shown_under(found: Arrangement) -> dict[str, str | None]:
    return {cell: each.term for each in found.classes for cell in each.cells}


def marks(found: Arrangement) -> dict[str, int]:
    return {cell: int(mark, 16) for each in found.classes for cell, mark in zip(each.cells, each.marks, strict=True)}


@pytest.fixture
def people(demo: Workspace) -> dict[str, Person]:
    found = {person.handle: person for person in demo_people(demo)}
    for campaign in reading.list_rounds(demo, found["ada"]):
        if not campaign.closed:
            reading.close_reading(demo, campaign.id, found["ada"])
    return found


@pytest.fixture
def unread(demo: Workspace, people: dict[str, Person]) -> list[str]:
    """Cells with a photograph that nobody has read: those of the demo once more, under ids of their own."""
    views = browse.list_cells(demo, kept=True, limit=4).items
    copies = [replace(view.cell, id=derive_id("cell", {"copy": place})) for place, view in enumerate(views)]
    with demo.database.writing() as transaction:
        transaction.add(copies)
    return [copy.id for copy in copies]


def test_a_label_moves_the_cell_to_its_class_for_all_but_counts_less_than_an_answer(demo, people, unread):
    edna, emil = people["edna"], people["emil"]
    read = next(cell for cell, said in consensus_by_cell(demo, shown=True).items() if said.standing is Standing.AGREED)
    before = consensus_by_cell(demo, shown=True)[read]
    receipts = take_labels(demo, edna, [named(unread[0], "monocyte"), named(read, "artifact")])
    assert [receipt.state.value for receipt in receipts] == ["kept", "kept"]
    for person in (edna, emil, None):
        assert shown_under(arrange_cells(demo, person))[unread[0]] == "monocyte"
    # Her own word is what she is shown; everybody else is shown what the round says.
    assert shown_under(arrange_cells(demo, edna))[read] == "artifact"
    assert shown_under(arrange_cells(demo, emil))[read] == before.term
    assert browse.get_cell(demo, read).consensus == before
    sorted_cell = browse.get_cell(demo, unread[0]).consensus
    assert sorted_cell is not None
    assert (sorted_cell.standing, sorted_cell.term) == (Standing.SORTED, "monocyte")
    assert marks(arrange_cells(demo, edna))[unread[0]] & 4
    assert not marks(arrange_cells(demo, emil))[unread[0]] & 4


def test_what_pages_lists_and_single_cells_say_is_the_same(demo, people, unread):
    take_labels(demo, people["edna"], [named(unread[0], "monocyte"), named(unread[1], "basophil")])
    take_labels(demo, people["emil"], [named(unread[1], "smudge")])
    known = consensus_by_cell(demo, shown=True)
    assert (known[unread[1]].standing, known[unread[1]].term) == (Standing.SORTED, None), "they differ"
    views = browse.list_cells(demo, limit=10_000).items
    assert {view.cell.id: view.consensus for view in views if view.consensus} == known
    sorted_ones = browse.list_cells(demo, standing=Standing.SORTED, limit=500)
    assert {view.cell.id for view in sorted_ones.items} == set(unread[:2])
    monocytes = {view.cell.id for view in browse.list_cells(demo, term="monocyte", limit=500).items}
    assert unread[0] in monocytes


def test_no_release_panel_or_count_of_labels_takes_them(demo, people, unread):
    double, labels = cells_of(demo, DOUBLE_LABELED), browse.overview(demo).counts["labels"]
    report = browse.agreement(demo)
    for handle in ("edna", "emil"):
        take_labels(demo, people[handle], [named(unread[0], "monocyte")])
    assert cells_of(demo, DOUBLE_LABELED) == double
    assert browse.overview(demo).counts["labels"] == labels
    assert browse.agreement(demo) == report
    assert unread[0] not in consensus_by_cell(demo)


def test_the_newest_holds_and_one_may_be_taken_back(demo, people, unread):
    edna, cell = people["edna"], unread[0]
    late, early = named(cell, "basophil", after=5), named(cell, "monocyte")
    take_labels(demo, edna, [late])
    take_labels(demo, edna, [early])
    assert shown_under(arrange_cells(demo, edna))[cell] == "basophil"
    take_labels(demo, edna, [named(cell, None, after=6)])
    assert shown_under(arrange_cells(demo, edna))[cell] is None
    # Two of one moment in one call: the later in the list is the newer.
    take_labels(demo, edna, [named(cell, "smudge", after=7), named(cell, "eosinophil", after=7)])
    assert shown_under(arrange_cells(demo, edna))[cell] == "eosinophil"


def test_what_comes_again_is_known_and_what_is_wrong_is_refused_by_itself(demo, people, unread):
    edna = people["edna"]
    one = named(unread[0], "monocyte")
    bare = next((v.cell.id for v in browse.list_cells(demo, limit=10_000).items if v.cell.crop is None), None)
    assert bare is None, "every cell of the demo has a photograph; the service's tests have others"
    wrong = [
        GalleryGiven(event="1", cell=unread[1], term=None, taxonomy="raabin@1", given_at=NOW.isoformat()),
        named("nothing", "monocyte"),
        named(unread[1], "unicorn"),
        GalleryGiven(event=str(uuid4()), cell=unread[1], term="monocyte", taxonomy="x.toml", given_at=NOW.isoformat()),
        GalleryGiven(event=str(uuid4()), cell=unread[1], term="monocyte", taxonomy="raabin@1", given_at="never"),
        named(unread[1], "monocyte", look=Look.SINGLE),
    ]
    receipts = take_labels(demo, edna, [one, *wrong, one])
    assert [receipt.state.value for receipt in receipts] == ["kept", *["refused"] * 6, "known"]
    assert [receipt.code for receipt in receipts[1:7]] == ["input", "not-found", *["input"] * 4]
    changed = GalleryGiven(event=one.event, cell=one.cell, term="smudge", taxonomy="raabin@1", given_at=one.given_at)
    assert take_labels(demo, edna, [changed])[0].code == "already-exists"
    # The same id from somebody else is another event.
    assert take_labels(demo, people["emil"], [one])[0].state.value == "kept"


def test_a_wrong_clock_is_cut(demo, people, unread):
    ahead = GalleryGiven(
        event=str(uuid4()), cell=unread[0], term="smudge", taxonomy="raabin@1", given_at="2999-01-01T00:00:00Z"
    )
    behind = GalleryGiven(
        event=str(uuid4()), cell=unread[1], term="smudge", taxonomy="raabin@1", given_at="1970-01-01T00:00:00Z"
    )
    take_labels(demo, people["edna"], [ahead, behind])
    with demo.database.reading() as transaction:
        moments = {row[0]: row[5] for row in gallery_rows(transaction)}
    assert moments[unread[0]].replace(tzinfo=UTC) <= datetime.now(UTC) + timedelta(minutes=1)
    assert moments[unread[1]].replace(tzinfo=UTC) >= NOW - timedelta(minutes=1)


def test_a_trainee_sorts_for_herself_alone(demo, people, unread):
    take_labels(demo, people["theo"], [named(unread[0], "monocyte")])
    assert people["theo"].role is Role.TRAINEE
    assert shown_under(arrange_cells(demo, people["theo"]))[unread[0]] == "monocyte"
    assert shown_under(arrange_cells(demo, people["edna"]))[unread[0]] is None


def test_an_open_round_takes_its_cells_out_of_the_gallery_and_hides_what_was_said_of_them(demo, people, unread):
    """Before it was opened, somebody had sorted them; nobody is told, the one who did so neither."""
    edna, emil = people["edna"], people["emil"]
    take_labels(demo, emil, [named(cell, "basophil") for cell in unread[:3]])
    wish = RoundWish(name="spring", experts=(edna.id, people["carla"].id))
    view = reading.open_reading(demo, wish, people["ada"])
    with demo.database.reading() as transaction:
        [campaign] = open_rounds(transaction)
    held = set(campaign.cells)
    assert unread[0] in held
    for person in (edna, emil, None):
        found = arrange_cells(demo, person)
        assert {shown_under(found)[cell] for cell in held} == {None}
        assert all(bool(marks(found)[cell] & 8) is (person is not None) for cell in held)
        assert not any(marks(found)[cell] & 4 for cell in held)
    assert held.isdisjoint(consensus_by_cell(demo, shown=True))
    for person in (edna, emil, people["judith"]):
        [receipt] = take_labels(demo, person, [named(unread[0], "monocyte", after=9)])
        assert (receipt.state.value, receipt.code) == ("refused", "conflict")
    # A repeat shows the same cell.
    grouped = next(
        v for v in browse.list_cells(demo, limit=10_000).items if v.group and v.group.kept in held and not v.kept
    )
    assert take_labels(demo, edna, [named(grouped.cell.id, "monocyte")])[0].code == "conflict"
    digest = digest_workspace(demo)
    with demo.database.writing() as transaction:
        moment = NOW + timedelta(seconds=20)
        transaction.add(
            [
                GalleryLabel(
                    id="g1",
                    cell_id=unread[0],
                    expert_id=emil.id,
                    taxonomy="raabin@1",
                    term="smudge",
                    given_at=moment,
                    event="e",
                )
            ]
        )
    assert digest_workspace(demo) == digest, "twin worlds: nothing tells that somebody named a cell that is read now"
    assert shown_under(arrange_cells(demo, edna)) == shown_under(arrange_cells(demo, edna))
    reading.close_reading(demo, view.id, people["ada"])
    assert shown_under(arrange_cells(demo, emil))[unread[1]] == "basophil"


def test_filters_and_the_most_cells_at_once(demo, people):
    everything = arrange_cells(demo, None)
    listed = [view.cell.id for view in browse.list_cells(demo, limit=10_000).items]
    assert (everything.total, set(shown_under(everything))) == (len(listed), set(listed))
    for each in everything.classes:
        assert list(each.cells) == [cell for cell in listed if cell in set(each.cells)], "the order of the list"
    some = arrange_cells(demo, None, most=5)
    assert (some.total, len(shown_under(some))) == (len(listed), 5)
    kept = arrange_cells(demo, None, kept=True, term="neutrophil")
    views = browse.list_cells(demo, kept=True, term="neutrophil", limit=10_000)
    assert set(shown_under(kept)) == {view.cell.id for view in views.items}
    assert not any(mark & 1 for mark in marks(kept).values())


EVENTS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["monocyte", "smudge", None]), st.integers(0, 4)), max_size=12
)


@settings(max_examples=15, deadline=None)
@given(events=EVENTS, order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters(tmp_path_factory, demo_workspace, events, order):
    """Any order, anything twice: the newest by moment and id holds."""
    import shutil

    from buffycoat.workflows.workspace import open_workspace

    folder = tmp_path_factory.mktemp("order") / "w"
    shutil.copytree(demo_workspace, folder, ignore=shutil.ignore_patterns("objects"))
    sent = [
        GalleryGiven(
            event=str(UUID(int=place + 1)),
            cell=str(cell),
            term=term,
            taxonomy="raabin@1",
            given_at=(NOW + timedelta(seconds=second)).isoformat(),
        )
        for place, (cell, term, second) in enumerate(events)
    ]
    with open_workspace(folder) as workspace:
        person = next(iter(demo_people(workspace)))
        views = browse.list_cells(workspace, standing=None, limit=500).items
        free = arrange_cells(workspace, person)
        open_marks = marks(free)
        cells = [view.cell.id for view in views if not open_marks[view.cell.id] & 8][:3]
        sent = [
            GalleryGiven(event=g.event, cell=cells[int(g.cell)], term=g.term, taxonomy=g.taxonomy, given_at=g.given_at)
            for g in sent
        ]
        before = shown_under(free)
        arriving = [*sent, *sent[:3]]
        order.shuffle(arriving)
        for each in arriving:
            take_labels(workspace, person, [each])
        expected = dict(before)
        newest: dict[str, GalleryGiven] = {}
        for each in sorted(sent, key=lambda g: (g.given_at, g.event)):
            newest[each.cell] = each
        expected |= {cell: each.term for cell, each in newest.items() if each.term is not None}
        assert shown_under(arrange_cells(workspace, person)) == expected
