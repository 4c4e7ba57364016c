"""Labels of a release that are doubted become reports, once each; nothing is doubted of a cell that is being read."""

from __future__ import annotations

import numpy as np
import pytest

from buffycoat.domain.erratum import ErratumState
from buffycoat.domain.reading import RoundWish
from buffycoat.errors import NotFound
from buffycoat.workflows import errata, reading, suspecting
from buffycoat.workflows.people import demo_people


def test_doubted_labels_are_reported_once_and_change_nothing(demo, monkeypatch):
    people = {person.handle: person for person in demo_people(demo)}
    for campaign in reading.list_rounds(demo, people["ada"]):
        if not campaign.closed:
            reading.close_reading(demo, campaign.id, people["ada"])
    asked: list[tuple[int, ...]] = []

    def embeddings_of(crops, _classifier):
        return np.zeros((len(crops) - 1, 4), np.float32), tuple(range(1, len(crops)))  # in the first no cell is seen

    def out_of_fold(_embeddings, labels, groups, *, classes):
        """Stands for machines that are sure of the label, but for the first two cells."""
        assert len(groups) == len(labels)
        asked.append(tuple(labels))
        chances = np.full((len(labels), classes), 0.1 / classes)
        chances[np.arange(len(labels)), labels] += 0.9
        for place in (0, 1):
            chances[place] = 0.001
            chances[place, (labels[place] + 1) % classes] = 0.99
        return chances

    monkeypatch.setattr(suspecting, "embeddings_of", embeddings_of)
    monkeypatch.setattr(suspecting, "out_of_fold", out_of_fold)
    found = suspecting.report_suspects(demo, "demo-1", people["carla"])
    assert len(found.labels) == 2
    assert found.cells == len(asked[0])
    assert all(each.label != each.proposed and each.margin > 0.8 for each in found.labels)
    assert [str(each.state) for each in found.receipts] == ["kept", "kept"]
    views = errata.list_errata(demo)
    assert [(each.state, each.erratum.reporter) for each in views] == [(ErratumState.NEW, "a program")] * 2
    assert {each.erratum.proposed for each in views} == {each.proposed for each in found.labels}
    again = suspecting.report_suspects(demo, "demo-1", people["carla"])
    assert [str(each.state) for each in again.receipts] == ["known", "known"]
    only = suspecting.report_suspects(demo, "demo-1", people["carla"], most=1, keep=False)
    assert (len(only.labels), only.receipts) == (1, ())
    held = tuple(each.erratum.cell_id for each in views)
    reading.open_reading(demo, RoundWish(name="blind", experts=(people["emil"].id,), cells=held), people["ada"])
    now = suspecting.find_suspects(demo, "demo-1")
    assert now.cells <= found.cells - len(held)
    assert not {each.cell_id for each in now.labels} & {each.cell_id for each in found.labels}
    with pytest.raises(NotFound, match="sealed no such release"):
        suspecting.find_suspects(demo, "nothing")
