"""The disputes of a real two-expert round."""

from __future__ import annotations

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.label import Role
from buffycoat.errors import NotFound
from buffycoat.workflows import adjudicating, reading
from buffycoat.workflows.agreement import agree


def test_the_disputes_of_raabin_are_those_beside_the_diagonal(raabin_labels, monkeypatch):
    # All tests share this workspace, and nobody in it is a person: who saw what is not noted.
    monkeypatch.setattr("buffycoat.workflows.adjudicating.queue.note_showings", lambda *_: None)
    person = Person(id="nobody", handle="nobody", role=Role.ADJUDICATOR)
    campaign = next(each for each in adjudicating.list_adjudications(raabin_labels, person) if each.name == "raabin")
    report = agree(raabin_labels, round_name="raabin")
    assert (campaign.disputed, campaign.held, campaign.experts) == (report.both_labeled - report.equal, 0, 2)
    page = adjudicating.list_disputes(raabin_labels, campaign.id, person, limit=500)
    assert page.total == campaign.disputed
    band = {"one": "neutrophil.band", "other": "neutrophil.segmented"}
    pair = adjudicating.list_disputes(raabin_labels, campaign.id, person, **band)
    assert pair.total == next(each.cells for each in report.confused if set(each.pair) == set(band.values()))
    # What it shows cannot be decided without its photograph, and there is none in these files.
    with pytest.raises(NotFound):
        reading.item_picture(
            raabin_labels,
            adjudicating.find_dispute(raabin_labels, campaign.id, person, page.items[0].item),
            side=None,
        )
