"""Saved queries, classes and agreement over HTTP: counted right, and silent about open rounds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.domain.label import Standing
from buffycoat.domain.query import Query
from buffycoat.service import create_app
from buffycoat.workflows import browse
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.label import open_round
from buffycoat.workflows.selection import list_queries, save_query
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.workspace import Workspace, open_workspace

Serve = Callable[[FastAPI], AbstractContextManager[str]]
# What two experts wrote of the cells of two films; "" where one wrote nothing.
FILMS = {
    "95-1-1-1": [("Neutrophil", "Neutrophil"), ("Band", "Band"), ("Band", "Meta"), ("", "")],
    "95-1-1-2": [("Small Lymph", "Small Lymph"), ("Large Lymph", ""), ("Unknn", "Unknn"), ("Meta", "Meta")],
}
COUNTS = {
    "unlabeled": 1,
    "not-recognized-by-both": 1,
    "double-labeled": 5,
    "single": 1,
    "disputed": 1,
}


def write_films(folder: Path) -> None:
    """Label files of Raabin's kind, one a film, without photographs."""
    folder.mkdir()
    facts = {"Zoom": "100x", "Stain Method": "Giemsa", "Film Label": "Normal", "Camera": "C", "Microscop": "M"}
    for film, words in FILMS.items():
        cells = {
            f"Cell_{place}": {
                "Label1": first,
                "Label2": second,
                "x1": str(600 * place),
                "x2": str(600 * place + 575),
                "y1": "40",
                "y2": "615",
                "Cell_ID": f"{film}_{place}.bmp",
            }
            for place, (first, second) in enumerate(words)
        }
        record = cells | facts | {"Film ID": film, "Cell Numbers": len(cells)}
        (folder / f"{film}.json").write_text(json.dumps(record))


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("imported")
    write_films(folder / "films")
    with open_workspace(folder / "w", create=True) as opened:
        summary = import_set(opened, folder / "films", name="films")
        assert (summary.cells, summary.without_pixels, summary.refused) == (8, 2, ())
        yield opened


@pytest.fixture(scope="module")
def asked(imported: Workspace, serve: Serve) -> Iterator[httpx.Client]:
    with serve(create_app(imported, guests=True)) as url, httpx.Client(base_url=url) as opened:
        yield opened


@pytest.fixture
def copy(imported: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace to change."""
    shutil.copytree(imported.folder, tmp_path / "copy")
    with open_workspace(tmp_path / "copy") as opened:
        yield opened


def test_every_saved_query_comes_with_its_count(asked: httpx.Client):
    found = asked.get("/api/queries").json()
    assert {each["query"]["id"]: each["cells"] for each in found} == COUNTS
    assert found[0]["query"]["title"] == "cells without a label"


def test_a_query_gives_the_cells_it_counts(asked: httpx.Client, imported: Workspace):
    for query in list_queries(imported):
        page = asked.get("/api/cells", params={"query": query.id}).json()
        assert page["total"] == COUNTS[query.id]
        assert [view["cell"]["id"] for view in page["items"]] == sorted(
            cells_of(imported, query), key=[view["cell"]["id"] for view in page["items"]].index
        )


def test_queries_mean_the_same_here_and_in_releases(workspace: Workspace, imported: Workspace):
    for place in (workspace, imported):
        counted = {view.query: view.cells for view in browse.list_queries(place)}
        assert counted == {query: len(cells_of(place, query)) for query in list_queries(place)}
        assert any(counted.values())


def test_a_query_and_the_other_filters_hold_together(asked: httpx.Client, imported: Workspace):
    def total(**wanted: str) -> int:
        return int(asked.get("/api/cells", params=wanted).json()["total"])

    assert total(query="double-labeled") == 5
    assert total(query="double-labeled", term="neutrophil") == 3
    assert total(query="double-labeled", term="lymphocyte") == 1
    assert total(query="double-labeled", standing="disputed") == 0
    assert total(query="single", term="lymphocyte") == 1
    films = {funnel.smear.code: funnel.smear.id for funnel in browse.list_funnels(imported)}
    assert [total(query="double-labeled", smear_id=films[film]) for film in FILMS] == [2, 3]
    assert total(query="double-labeled", term="neutrophil", smear_id=films["95-1-1-2"]) == 1


def test_a_class_means_those_below_it(asked: httpx.Client):
    found = {
        term: {view["consensus"]["term"] for view in asked.get("/api/cells", params={"term": term}).json()["items"]}
        for term in ("neutrophil", "neutrophil.band", "lymphocyte", "monocyte")
    }
    assert found == {
        "neutrophil": {"neutrophil.segmented", "neutrophil.band", "neutrophil.metamyelocyte"},
        "neutrophil.band": {"neutrophil.band"},
        "lymphocyte": {"lymphocyte.small", "lymphocyte.large"},
        "monocyte": set(),
    }
    assert asked.get("/api/cells", params={"term": "leukocyte"}).json()["total"] == 5


def test_what_a_page_says_of_labels_is_the_consensus(workspace: Workspace, imported: Workspace):
    for place in (workspace, imported):
        known = consensus_by_cell(place, shown=True)
        views = browse.list_cells(place, limit=10_000).items
        assert {view.cell.id: view.consensus for view in views if view.consensus} == known
        assert len(known) > 5
        some = next(iter(known))
        assert browse.get_cell(place, some).consensus == known[some]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/cells?query=mine", "no saved query has this name"),
        ("/api/cells?term=neutrophyl", "has no term 'neutrophyl'"),
        ("/api/agreement?round=spring", "there is no closed round of two experts named 'spring'"),
        ("/api/agreement?level=six-class", "has no level 'six-class'"),
    ],
)
def test_what_is_not_there_is_a_problem(asked: httpx.Client, path: str, told: str):
    answer = asked.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert told in answer.json()["detail"]


def test_agreement_of_the_two_experts(asked: httpx.Client):
    full = asked.get("/api/agreement").json()
    assert (full["cells"], full["never_labeled"], full["one_label"], full["both_labeled"]) == (8, 1, 1, 6)
    assert (full["equal"], full["raw"]["value"]) == (5, pytest.approx(5 / 6))
    assert full["level"] == "full"
    lineage = asked.get("/api/agreement", params={"level": "lineage", "round": "films"}).json()
    assert lineage["level"] == "lineage"
    assert lineage["differ_within"] == 1, "band and metamyelocyte are of one line"


def test_a_query_of_ones_own_is_counted_or_says_that_its_round_is_open(copy: Workspace, serve: Serve):
    save_query(copy, Query(id="bands", title="bands of the set", terms=("neutrophil.band",), round="films"))
    save_query(copy, Query(id="later", standing=(Standing.AGREED,), round="spring"))
    with serve(create_app(copy, guests=True)) as url:
        counts = {each["query"]["id"]: each["cells"] for each in httpx.get(f"{url}/api/queries").json()}
        answer = httpx.get(f"{url}/api/cells", params={"query": "later"})
    assert (counts["bands"], counts["later"]) == (1, None)
    assert (answer.status_code, answer.json()["detail"]) == (404, "no closed round has this name: found spring")


def test_an_open_round_tells_nothing(workspace: Workspace, tmp_path: Path, serve: Serve):
    """Its cells have labels of an earlier round, which nobody may look up while they are read again."""
    shutil.copytree(workspace.folder, tmp_path / "copy")
    before = {view.query.id: view.cells for view in browse.list_queries(workspace)}
    assert before["double-labeled"]
    with open_workspace(tmp_path / "copy") as copied:
        held = set(open_round(copied, name="spring", experts=("one", "two")).cells)
        with serve(create_app(copied, guests=True)) as url, httpx.Client(base_url=url) as client:
            counts = {each["query"]["id"]: each["cells"] for each in client.get("/api/queries").json()}
            for query in COUNTS:
                page = client.get("/api/cells", params={"query": query, "limit": 500}).json()
                assert page["total"] == counts[query]
                assert held.isdisjoint(view["cell"]["id"] for view in page["items"])
            assert counts["double-labeled"] == 0
            assert client.get("/api/cells", params={"term": "leukocyte"}).json()["total"] == 0
            unnamed = client.get("/api/agreement", params={"round": "spring"})
            nowhere = client.get("/api/agreement", params={"round": "autumn"})
    assert (unnamed.status_code, nowhere.status_code) == (404, 404)
    assert unnamed.json()["detail"].replace("spring", "autumn") == nowhere.json()["detail"]


def test_cells_and_fields_without_photograph_are_served_as_such(asked: httpx.Client, imported: Workspace):
    view = asked.get("/api/cells").json()["items"][0]
    assert [view["cell"][name] for name in ("crop", "sharpness", "average_hash", "perceptual_hash")] == [None] * 4
    field = asked.get(f"/api/fields/{view['cell']['field_id']}").json()["field"]
    assert [field[name] for name in ("digest", "pixels", "quality", "width_px", "height_px")] == [None] * 5
    for path in (f"cells/{view['cell']['id']}", f"fields/{field['id']}"):
        answer = asked.get(f"/api/{path}/picture")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert "came without its photograph" in answer.json()["detail"]
    inside = [view.cell.origin for view in browse.list_cells(imported).items]
    assert all(inside), "the test needs cells that have a name to hide"
    text = asked.get("/api/cells").text + asked.get(f"/api/cells/{view['cell']['id']}").text
    assert [name for name in inside if name and name in text] == []
