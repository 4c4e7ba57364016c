"""What is kept in memory between questions says what the database says, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest

from buffycoat.domain.label import Standing
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.sorting import GalleryGiven
from buffycoat.domain.value import derive_id
from buffycoat.store.census import take_census
from buffycoat.store.queries import CellFilter, current_cells, current_ids, current_repeats
from buffycoat.workflows import browse, reading
from buffycoat.workflows.clean import reclean_smear
from buffycoat.workflows.consensus import consensus_by_cell, held_cells
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.shown_labels import STANDINGS, shown_labels
from buffycoat.workflows.sorting import take_labels
from buffycoat.workflows.workspace import Workspace


def check(workspace: Workspace) -> None:
    """Compare what is kept with what a question to the database says now."""
    with workspace.database.reading() as transaction:
        census, labels = take_census(transaction), shown_labels(transaction)
        assert take_census(transaction) is census
        assert census.names(census.all()) == [cell.id for cell in current_cells(transaction, CellFilter())[1]]
        for kept in (True, False):
            wanted = set(current_ids(transaction, CellFilter(kept=kept)))
            assert set(census.names(census.kept if kept else ~census.kept)) == wanted
        pictured = set(current_ids(transaction, CellFilter(with_pixels=True)))
        assert set(census.names(census.pictured)) == pictured
        assert sum(len(each.repeats) for each in census.smears.values()) == len(current_repeats(transaction))
        held = held_cells(transaction)
        assert set(census.names(labels.waiting)) == held.intersection(census.names(census.all()))
    said = consensus_by_cell(workspace, shown=True)
    for place, cell in enumerate(census.names(census.all())):
        code = -1 if labels.waiting[place] else labels.standing[place]
        found = said.get(cell)
        assert (found is None) == (code < 0), cell
        if found is not None:
            assert (STANDINGS[code], labels.words[labels.word[place]][0]) == (found.standing, found.term)


@pytest.fixture
def closed(demo, people):
    for campaign in reading.list_rounds(demo, people["ada"]):
        if not campaign.closed:
            reading.close_reading(demo, campaign.id, people["ada"])
    return demo


def test_it_follows_what_is_found_cleaned_named_and_read(closed, people):
    check(closed)
    with closed.database.reading() as transaction:
        before = take_census(transaction)
    views = browse.list_cells(closed, kept=True, limit=4).items
    copies = [replace(view.cell, id=derive_id("cell", {"copy": place})) for place, view in enumerate(views)]
    with closed.database.writing() as transaction:
        transaction.add(copies)
        assert take_census(transaction).size == before.size + 4, "who writes sees what it wrote"
    check(closed)
    with closed.database.reading() as transaction:
        after = take_census(transaction)
    same = [smear for smear in after.smears if after.smears[smear] is before.smears[smear]]
    assert 0 < len(same) < len(after.smears), "smears in which nothing came are not counted again"
    reclean_smear(closed, views[0].smear_id)
    check(closed)
    given = [
        GalleryGiven(
            event=str(uuid4()),
            cell=copy.id,
            term="basophil",
            taxonomy="raabin@1",
            given_at=datetime.now(UTC).isoformat(),
        )
        for copy in copies[:2]
    ]
    assert {receipt.state.value for receipt in take_labels(closed, people["emil"], given)} == {"kept"}
    check(closed)
    assert browse.list_cells(closed, standing=Standing.SORTED).total == 2
    wish = RoundWish(name="spring", experts=(people["edna"].id, people["carla"].id))
    opened = reading.open_reading(closed, wish, people["ada"])
    check(closed)
    assert browse.list_cells(closed, standing=Standing.SORTED).total == 0, "an open round holds them"
    reading.close_reading(closed, opened.id, people["ada"])
    check(closed)
    detect_cells(closed, side=70, again=True)
    check(closed)


def test_what_was_written_and_taken_back_is_not_kept(closed):
    check(closed)
    [view] = browse.list_cells(closed, limit=1).items
    with pytest.raises(KeyError), closed.database.writing() as transaction:
        transaction.add([replace(view.cell, id=derive_id("cell", {"copy": "gone"}))])
        assert take_census(transaction).size == browse.overview(closed).counts["cells"] + 1
        raise KeyError
    check(closed)
    with closed.database.writing() as transaction:
        transaction.add([replace(view.cell, id=derive_id("cell", {"copy": "kept"}))])
    check(closed)
    with closed.database.reading() as transaction:
        assert np.count_nonzero(take_census(transaction).among([derive_id("cell", {"copy": "gone"})])) == 0
