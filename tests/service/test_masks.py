"""Masks over the network: where one starts, what is kept to the pixel, what comes twice, and who is told of whom."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import numpy as np
import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.mask import MaskSelection, Part
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.run import Run
from buffycoat.imaging.regions import decode_run_lengths, encode_run_lengths
from buffycoat.metrics.overlap import dice
from buffycoat.segment import easy_gt
from buffycoat.service import create_app
from buffycoat.store.mask_queries import statements
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows import reading
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.masks.keeping import keep_masks as keep_by_handle
from buffycoat.workflows.masks.selecting import select_for_masks
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace

MOMENT = "2026-11-23T10:00:00Z"


@pytest.fixture(scope="module")
def selection(own_demo: Workspace) -> MaskSelection:
    return select_for_masks(own_demo, "first", {"monocyte": 4, "basophil": 3}, whole_only=("basophil",))


@pytest.fixture(scope="module")
def people(own_demo: Workspace) -> dict[str, Person]:
    return {person.handle: person for person in demo_people(own_demo)}


@pytest.fixture(scope="module")
def site(own_demo: Workspace, serve) -> Iterator[str]:
    with serve(create_app(own_demo)) as url:
        yield url


@pytest.fixture
def as_(site: str, sign_in: Callable[[str, str], httpx.Client]) -> Callable[[str], httpx.Client]:
    return lambda handle: sign_in(site, handle)


def of_class(selection: MaskSelection, term: str) -> list[str]:
    return [cell for cell, its in zip(selection.cells, selection.terms, strict=True) if its == term]


def drawn(page: httpx.Client, cell: str, **more: object) -> dict[str, object]:
    """What the screen sends where somebody takes the draft as it is."""
    draft = page.get(f"/api/masks/cells/{cell}/draft").raise_for_status().json()
    return {
        "event": str(uuid4()),
        "cell": cell,
        "given_at": MOMENT,
        "method": "best",
        "threshold": None,
        "strokes": "",
        "seconds": 2.5,
        "nucleus": draft["nucleus"],
        "cell_mask": draft["cell"],
        "failure": None,
    } | more


def sent(page: httpx.Client, *given: dict[str, object]) -> list[dict[str, str]]:
    answer = page.post("/api/masks", json=list(given))
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def test_the_channel_is_easy_gts_to_the_byte_and_named_by_its_digest(own_demo, selection, as_):
    page = as_("edna")
    cell = selection.cells[0]
    start = page.get(f"/api/masks/cells/{cell}").json()
    content = page.get(f"/api/masks/cells/{cell}/channel")
    with own_demo.database.reading() as transaction:
        [found] = current_cells(transaction, CellFilter(among=[cell]))[1]
    expected = easy_gt(cell_pixels(own_demo, found), weight=0.25)
    assert content.content == expected.magenta.tobytes()
    assert start["channel"] == hashlib.sha256(content.content).hexdigest() == content.headers["etag"].strip('"')
    assert (start["levels"]["t2"], start["levels"]["t_up"]) == (expected.t2, expected.t_up)
    assert (start["threshold"], start["weight"]) == (expected.threshold, 0.25)
    assert start["height_px"] * start["width_px"] == len(content.content)
    again = page.get(f"/api/masks/cells/{cell}/channel", headers={"If-None-Match": content.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_sent_is_kept_to_the_pixel_with_how_it_was_made(own_demo, selection, as_, people):
    page, cell = as_("edna"), of_class(selection, "monocyte")[0]
    given = drawn(page, cell, method="best+pen", threshold=77, strokes='[["b",4]]')
    assert [each["state"] for each in sent(page, given, given)] == ["kept", "known"]
    own = page.get(f"/api/masks/cells/{cell}").json()["own"]
    assert (own["nucleus"], own["cell"]) == (given["nucleus"], given["cell_mask"])
    assert (own["method"], own["threshold"], own["strokes"], own["seconds"]) == ("best+pen", 77, '[["b",4]]', 2.5)
    with own_demo.database.reading() as transaction:
        [said] = statements(transaction, [cell])[-1:]
    assert (said.hand, said.second, said.current) == ("edna", False, True)
    other = given | {"seconds": 3.0}
    assert [(each["state"], each["code"]) for each in sent(page, other)] == [("refused", "already-exists")]
    sheet = page.get(f"/api/masks/{selection.id}").json()
    assert {task["cell_id"]: task["mine"] for task in sheet["tasks"]}[cell] == "drawn"
    [monocytes] = [each for each in sheet["selection"]["classes"] if each["term"] == "monocyte"]
    assert (monocytes["asked"], monocytes["drawn"], monocytes["mine"], monocytes["drafted"]) == (4, 1, 1, 3)


def test_a_cell_that_is_drawn_again_has_the_newer_mask_and_keeps_the_older(own_demo, selection, as_):
    page, cell = as_("edna"), of_class(selection, "monocyte")[1]
    first = drawn(page, cell)
    sent(page, first)
    start = page.get(f"/api/masks/cells/{cell}").json()
    size = start["height_px"], start["width_px"]
    smaller = decode_run_lengths(first["nucleus"], *size)
    smaller[: np.flatnonzero(smaller.any(axis=1))[0] + 3] = False
    sent(page, first | {"event": str(uuid4()), "nucleus": list(encode_run_lengths(smaller))})
    own = page.get(f"/api/masks/cells/{cell}").json()["own"]
    assert np.array_equal(decode_run_lengths(own["nucleus"], *size), smaller)
    with own_demo.database.reading() as transaction:
        [said] = [it for it in statements(transaction, [cell]) if it.hand == "edna"]
    assert said.parts[Part.NUCLEUS].supersedes is not None


def test_of_a_basophil_the_whole_cell_alone_is_drawn(selection, as_):
    page, cell = as_("edna"), of_class(selection, "basophil")[0]
    start = page.get(f"/api/masks/cells/{cell}").json()
    assert (start["term"], start["parts"]) == ("basophil", ["cell"])
    given = drawn(page, cell)
    assert [each["code"] for each in sent(page, given)] == ["conflict"]
    given = drawn(page, cell, nucleus=None)
    assert [each["state"] for each in sent(page, given)] == ["kept"]
    assert page.get(f"/api/masks/cells/{cell}").json()["own"]["failure"] is None


def test_failed_is_kept_with_its_reason_of_the_parts_that_have_no_mask(selection, as_):
    page, cell = as_("edna"), of_class(selection, "monocyte")[2]
    whole = drawn(page, cell)
    assert [each["state"] for each in sent(page, whole | {"nucleus": None, "failure": "granules"})] == ["kept"]
    own = page.get(f"/api/masks/cells/{cell}").json()["own"]
    assert (own["nucleus"], own["cell"], own["failure"]) == (None, whole["cell_mask"], "granules")
    both = whole | {"event": str(uuid4()), "failure": "blur"}
    nothing = whole | {"event": str(uuid4()), "nucleus": None}
    assert [each["code"] for each in sent(page, both, nothing)] == ["input", "input"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"nucleus": [1, 2, 3]}, "invalid-mask"),
        ({"cell_mask": [0, 5, -5]}, "invalid-mask"),
        ({"method": "magic"}, "input"),
        ({"threshold": 256}, "input"),
        ({"seconds": -1}, "input"),
        ({"strokes": "x" * 200_001}, "input"),
        ({"event": "mine"}, "input"),
        ({"given_at": "today"}, "input"),
        ({"cell": "nothing"}, "not-found"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_itself(selection, as_, change, code):
    page, cell = as_("edna"), of_class(selection, "monocyte")[3]
    good = drawn(page, cell)
    bad = good | {"event": str(uuid4())} | change
    assert [(each["state"], each["code"]) for each in sent(page, bad)] == [("refused", code)]


def test_a_nucleus_that_leaves_its_cell_is_refused(selection, as_):
    page, cell = as_("edna"), of_class(selection, "monocyte")[3]
    given = drawn(page, cell)
    swapped = given | {"nucleus": given["cell_mask"], "cell_mask": given["nucleus"]}
    assert [each["code"] for each in sent(page, swapped)] == ["invalid-mask"]


def test_the_second_expert_is_blind_and_dice_is_told_when_both_have_drawn(own_demo, selection, as_, people):
    cell = of_class(selection, "basophil")[1]
    edna, emil = as_("edna"), as_("emil")
    address = f"/api/masks/cells/{cell}/comparison"
    start = emil.get(f"/api/masks/cells/{cell}").json()
    assert [page.get(address).status_code for page in (edna, emil)] == [409, 409]
    mine = drawn(edna, cell, nucleus=None)
    sent(edna, mine)
    # To the second nothing has changed, and who has not drawn is told nothing.
    assert emil.get(f"/api/masks/cells/{cell}").json() == start
    assert edna.get(address).json() == emil.get(address).json() | {}
    assert edna.get(address).status_code == 409
    size = start["height_px"], start["width_px"]
    first = decode_run_lengths(mine["cell_mask"], *size)
    second = first.copy()
    second[: np.flatnonzero(first.any(axis=1))[0] + 6] = False
    other = mine | {"event": str(uuid4()), "cell_mask": list(encode_run_lengths(second))}
    assert [each["state"] for each in sent(emil, other)] == ["kept"]
    with own_demo.database.reading() as transaction:
        told = {it.hand: (it.second, it.current) for it in statements(transaction, [cell])}
    assert (told["edna"], told["emil"]) == ((False, True), (True, False))
    for page in (edna, emil):
        found = page.get(address).json()
        assert (found["nucleus"], found["cytoplasm"]) == (None, None)
        assert found["cell"] == pytest.approx(dice(first, second))
        assert page.get(f"/api/masks/cells/{cell}").json()["sealed"]
    # Whoever has been told draws this cell no more.
    assert [each["code"] for each in sent(edna, mine | {"event": str(uuid4())})] == ["conflict"]
    assert as_("carla").get(address).status_code == 200, "a curator who drew neither"
    assert as_("theo").get(address).status_code == 409


def test_what_another_person_imported_makes_one_the_second(own_demo, selection, as_):
    cell = of_class(selection, "basophil")[2]
    page = as_("edna")
    given = drawn(page, cell, nucleus=None)
    start = page.get(f"/api/masks/cells/{cell}").json()
    whole = decode_run_lengths(given["cell_mask"], start["height_px"], start["width_px"])
    keep_by_handle(own_demo, cell, {Part.CELL: whole}, expert="banik", method="pen")
    sent(page, given)
    with own_demo.database.reading() as transaction:
        assert {it.hand: it.second for it in statements(transaction, [cell])} | {"best": False} == {
            "banik": False,
            "edna": True,
            "best": False,
        }


def test_of_cells_that_an_open_round_reads_only_their_number_is_told(own_demo, selection, as_, people):
    page = as_("edna")
    before = page.get(f"/api/masks/{selection.id}").json()
    wish = RoundWish(
        name="reading", query="double-labeled", experts=(people["edna"].id, people["emil"].id), repeat_share=0.0
    )
    view = reading.open_reading(own_demo, wish, people["carla"])
    try:
        sheet = page.get(f"/api/masks/{selection.id}").json()
        assert sheet["selection"]["held"] == len(before["tasks"]) - len(sheet["tasks"]) > 0
        assert {each["asked"] for each in sheet["selection"]["classes"]} == {None}
        left = {task["cell_id"] for task in sheet["tasks"]}
        held = next(task["cell_id"] for task in before["tasks"] if task["cell_id"] not in left)
        for path in ("", "/channel", "/draft"):
            assert page.get(f"/api/masks/cells/{held}{path}").status_code == 409
    finally:
        reading.close_reading(own_demo, view.id, people["carla"])


def test_other_cells_are_told_with_the_draft_and_none_of_them_is_in_it(own_demo, selection, as_):
    page = as_("edna")
    told = [page.get(f"/api/masks/cells/{cell}/draft").json() for cell in selection.cells]
    assert any(sum(each["beside"][1::2]) > 0 for each in told)
    for each in told:
        start = page.get(f"/api/masks/cells/{each['cell_id']}").json()
        beside, whole = (
            decode_run_lengths(each[name], start["height_px"], start["width_px"]) for name in ("beside", "cell")
        )
        assert not (beside & whole).any()


def test_a_curator_chooses_cells_and_the_same_wish_is_the_same_list(own_demo, as_):
    page = as_("carla")
    [paper] = page.get("/api/masks/presets").json()
    assert (paper["name"], sum(paper["counts"].values()), paper["whole_only"]) == ("paper", 1145, ["basophil"])
    wish = {"name": " web ", "counts": {"monocyte": 2, "basophil": 1, "neutrophil": 0}, "whole_only": ["basophil"]}
    made = page.post("/api/masks/selections", json=wish)
    assert made.status_code == 200, made.text
    told = made.json()
    assert (told["name"], [(each["term"], each["chosen"]) for each in told["classes"]]) == (
        "web",
        [("monocyte", 2), ("basophil", 1)],
    )
    assert page.post("/api/masks/selections", json=wish).json() == told
    found = page.get(f"/api/masks/{told['id']}").json()
    assert {task["term"]: task["parts"] for task in found["tasks"]} == {
        "monocyte": ["nucleus", "cell"],
        "basophil": ["cell"],
    }
    with own_demo.database.reading() as transaction:
        [run] = transaction.find(Run, id=transaction.get(MaskSelection, told["id"]).run_id)
    assert run.parameters["whole_only"] == "basophil"


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"name": " "}, 422, "this name does not fit"),
        ({"name": "x" * 65}, 422, "this name does not fit"),
        ({"counts": {"monocyte": 0}}, 422, "no cell is asked for"),
        ({"counts": {"monocyte": -1}}, 422, "no such quotas"),
        ({"counts": {"platelet": 1}}, 422, "no such class"),
        ({"counts": {"monocyte": 100_000}}, 422, "too few cells to choose from"),
        ({"name": "first"}, 409, "is another one already"),
        ({"seed": -1}, 422, "this is no seed"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_says_why_and_chooses_nothing(as_, selection, change, status, said):
    page = as_("ada")
    before = page.get("/api/masks").json()
    answer = page.post("/api/masks/selections", json={"name": "more", "counts": {"monocyte": 1}} | change)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert page.get("/api/masks").json() == before


def test_who_is_no_curator_chooses_nothing(as_):
    page = as_("edna")
    assert page.get("/api/masks/presets").status_code == 403
    assert page.post("/api/masks/selections", json={"name": "mine", "counts": {"monocyte": 1}}).status_code == 403
