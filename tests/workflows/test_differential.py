"""The differential count of a smear: which labels it is made of, what it leaves out, and what it tells nobody."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.label import Look, Mode, Round, Standing
from buffycoat.domain.query import Query
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.domain.run import Document
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.errors import Conflict, InputError, NotFound, TooFew, UnreadableFormat
from buffycoat.label import items_of
from buffycoat.report.differential_terms import reason_of
from buffycoat.report.differential_values import Differential, Reason, Source
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import browse, reading
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.differential import (
    differential,
    differential_page,
    differential_text,
    find_smear,
    require_leukocytes,
)
from buffycoat.workflows.differential_reference import (
    example_reference,
    keep_reference,
    read_reference_file,
    reference_in_use,
    reference_view,
)
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.selection import save_query
from buffycoat.workflows.workspace import Workspace

OURS = b'laboratory = "Ours"\n[percent]\nmonocyte = [2, 10]\n'


@pytest.fixture
def people(demo: Workspace) -> dict[str, Person]:
    found = {person.handle: person for person in demo_people(demo)}
    for view in reading.list_rounds(demo, found["carla"]):
        if not view.closed:  # so that nothing of the smears is held
            reading.close_reading(demo, view.id, found["ada"])
    return found


@pytest.fixture
def smear(demo: Workspace) -> str:
    return find_smear(demo, "DRAWN-A1")


def opened(demo: Workspace, people: dict[str, Person], smear: str, name: str, mode: Mode = Mode.COUNT) -> Round:
    query = save_query(demo, Query(id=f"all of {smear}", smears=(smear,)))
    experts = (people["edna"].id, people["emil"].id)
    wish = RoundWish(name=name, query=query.id, experts=experts, mode=mode, taxonomy="raabin")
    view = reading.open_reading(demo, wish, people["carla"])
    with demo.database.reading() as transaction:
        return rounds_of(transaction, {view.id})[0]


def answer(
    demo: Workspace,
    campaign: Round,
    person: Person,
    term: Callable[[int], str],
    *,
    but: int = 0,
    look: Look = Look.SINGLE,
) -> None:
    """Answer for the cells in the order of the round, all but the last few."""
    items = {item.cell_id: item.item for item in items_of(campaign, person.id)}
    moment = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    sent = [
        Given(event=str(uuid4()), item=items[cell], term=term(at), given_at=moment, look=look)
        for at, cell in enumerate(campaign.cells[: len(campaign.cells) - but])
    ]
    receipts = reading.take_answers(demo, campaign.id, person, sent)
    assert {receipt.state.value for receipt in receipts} == {"kept"}


def left(found: Differential) -> dict[Reason, int]:
    return {each.reason: each.cells for each in found.not_counted}


def counts(found: Differential) -> dict[str, int]:
    return {row.key: row.count for row in found.rows if row.count}


def test_every_element_is_counted_or_left_out_for_a_reason(demo, people):
    consensus = consensus_by_cell(demo, shown=True)
    for funnel in browse.list_funnels(demo):
        found = differential(demo, funnel.smear.id)
        assert found.found == funnel.elements == found.leukocytes + sum(left(found).values())
        assert left(found).get(Reason.REPEAT, 0) == funnel.repeats
        assert (
            sum(each.cells for each in found.used)
            == found.leukocytes
            == sum(row.count for row in found.rows if row.depth == 0)
        )
        # What experts agree on, counted in another way.
        cells = browse.list_cells(demo, smear_id=funnel.smear.id, kept=True, limit=500).items
        agreed = [consensus[view.cell.id] for view in cells if view.cell.id in consensus]
        terms = Counter(each.term for each in agreed if each.term and reason_of(RAABIN, each.term) is None)
        within = next((each.cells for each in found.used if each.source is Source.PARENT), 0)
        assert found.leukocytes == terms.total() + within
        assert counts(found).get("eosinophil", 0) == terms["eosinophil"]
        assert found.simulated
        assert found.rounds == ("demo",)


def test_a_count_of_two_experts_side_by_side(demo, people, smear):
    campaign = opened(demo, people, smear, "count")
    half = len(campaign.cells) // 2
    answer(demo, campaign, people["edna"], lambda at: "monocyte" if at < half else "basophil", but=1)
    answer(demo, campaign, people["emil"], lambda at: "monocyte" if at < 3 else "basophil", but=1)
    assert differential(demo, smear).compared is None
    reading.close_reading(demo, campaign.id, people["carla"])
    found = differential(demo, smear)
    asked = len(campaign.cells) - 1
    assert (found.compared.round, found.compared.experts) == ("count", ("edna", "emil"))
    assert found.compared.leukocytes == (asked, asked)
    assert [(row.key, [share.count for share in row.shares], row.within) for row in found.compared.rows] == [
        ("monocyte", [half, 3], False),
        ("basophil", [asked - half, asked - 3], False),
    ]
    # A count weighs less than the reading of the demo: what cells are is what it said.
    assert found.rounds == ("demo",)


def test_nothing_is_told_of_cells_that_an_open_round_holds(demo, people, smear):
    before = differential(demo, smear)
    campaign = opened(demo, people, smear, "blind", Mode.BLIND)
    held = differential(demo, smear, wbc=6)
    assert (held.leukocytes, held.used, held.rounds, held.compared) == (0, (), (), None)
    assert left(held) == {Reason.REPEAT: left(before)[Reason.REPEAT], Reason.UNTOLD: len(campaign.cells)}
    answer(demo, campaign, people["edna"], lambda _: "basophil", but=1)
    answer(demo, campaign, people["emil"], lambda _: "basophil", but=1)
    assert differential(demo, smear, wbc=6) == held
    reading.close_reading(demo, campaign.id, people["carla"])
    after = differential(demo, smear)
    assert counts(after)["basophil"] >= len(campaign.cells) - 1
    assert "blind" in after.rounds


def test_answers_that_differ_count_where_they_agree(demo, people, smear):
    campaign = opened(demo, people, smear, "blind", Mode.BLIND)
    pairs = [
        ("lymphocyte.small", "lymphocyte.large"),
        ("neutrophil.band", "neutrophil.segmented"),
        ("monocyte", "lymphocyte.large"),
        ("smudge", "artifact"),
        ("erythroblast", "erythroblast"),
        ("not-centered", "not-centered"),
        ("leukocyte", "leukocyte"),
    ]
    said = lambda side: lambda at: pairs[at][side] if at < len(pairs) else "eosinophil"  # noqa: E731 (one line each)
    answer(demo, campaign, people["edna"], said(0), but=1)
    answer(demo, campaign, people["emil"], said(1), but=1)
    reading.close_reading(demo, campaign.id, people["carla"])
    found = differential(demo, smear)
    last = consensus_by_cell(demo)[campaign.cells[-1]]  # of the round before
    assert last.standing is not Standing.OPEN
    own = {"lymphocyte": 1, "neutrophil": 1, "leukocyte": 1, "eosinophil": len(campaign.cells) - 1 - len(pairs)}
    extra = Counter(RAABIN.path(last.term)[2:]) if last.term else Counter()
    assert counts(found) == dict(Counter(own) + extra)
    assert {row.key: row.unsure for row in found.rows if row.unsure} == {
        "lymphocyte": 1,
        "neutrophil": 1,
        "leukocyte": 1,
    }
    reasons = left(found)
    assert (reasons[Reason.DISPUTED], reasons[Reason.NUCLEATED_RED_CELL], reasons[Reason.DEFECT]) == (2, 1, 1)
    assert {each.source: each.cells for each in found.used}[Source.PARENT] == 2


def test_labels_by_the_page_are_told_apart(demo, people, smear):
    campaign = opened(demo, people, smear, "blind", Mode.BLIND)
    answer(demo, campaign, people["edna"], lambda _: "monocyte", but=2, look=Look.PAGE)
    answer(demo, campaign, people["emil"], lambda _: "monocyte", but=4, look=Look.PAGE)
    reading.close_reading(demo, campaign.id, people["carla"])
    found = differential(demo, smear)
    assert found.page_confirmed == len(campaign.cells) - 2
    assert {each.source: each.cells for each in found.used}[Source.SINGLE] == 2
    assert "confirmed by the page" in differential_text(found)


def test_words_of_another_taxonomy_are_left_out_and_said_so(demo, people, smear):
    before = differential(demo, smear)
    query = save_query(demo, Query(id="a few", smears=(smear,), terms=("eosinophil",)))
    few = browse.list_cells(demo, query="a few", kept=True, limit=500).total
    assert few > 0
    wish = RoundWish(name="icsh", query=query.id, experts=(people["edna"].id,), taxonomy="icsh")
    view = reading.open_reading(demo, wish, people["carla"])
    with demo.database.reading() as transaction:
        campaign = rounds_of(transaction, {view.id})[0]
    answer(demo, campaign, people["edna"], lambda _: "blast")
    if not reading.get_round(demo, view.id, people["carla"]).closed:
        reading.close_reading(demo, view.id, people["carla"])
    found = differential(demo, smear)
    assert found.taxonomy == before.taxonomy
    assert left(found)[Reason.OTHER_TAXONOMY] == len(campaign.cells)
    assert found.leukocytes == before.leukocytes - len(campaign.cells)


def test_what_there_is_not(demo, smear):
    with pytest.raises(NotFound):
        differential(demo, "nothing")
    with pytest.raises(NotFound) as refused:
        find_smear(demo, "nothing")
    assert "DRAWN-A1" in refused.value.expected
    assert find_smear(demo, smear) == smear
    for wbc in (0, -3, 6200, float("nan")):
        with pytest.raises(InputError, match="no count of leukocytes"):
            differential(demo, smear, wbc=wbc)


def test_a_smear_without_labels_has_no_count_and_a_code_may_mean_two(tmp_path):
    from buffycoat.domain.smear import Smear
    from buffycoat.workflows.workspace import open_workspace

    with open_workspace(tmp_path / "w", create=True) as empty:
        with pytest.raises(NotFound, match="no smear"):
            find_smear(empty, "A1")
        with empty.database.writing() as transaction:
            transaction.add([Smear(id="one", code="A1", site="north"), Smear(id="two", code="A1", site="south")])
        with pytest.raises(Conflict, match="2 smears have the code") as refused:
            find_smear(empty, "A1")
        assert refused.value.expected == "one (north), two (south)"
        found = differential(empty, "one", wbc=5)
        assert (found.found, found.leukocytes, found.not_counted) == (0, 0, ())
        with pytest.raises(TooFew, match="no leukocyte of smear A1 can be counted"):
            require_leukocytes(found)
        assert b"Research use, not a diagnosis" in differential_page(found)


def test_reference_intervals_are_kept_and_the_newest_hold(demo, smear, tmp_path):
    assert reference_view(demo).intervals is None
    assert differential(demo, smear).reference is None
    view = keep_reference(demo, OURS, name="ours.toml")
    assert (view.intervals.laboratory, view.content) == ("Ours", OURS.decode())
    first = differential(demo, smear)
    assert first.reference.laboratory == "Ours"
    assert {row.key: row.percent.flag for row in first.rows if row.percent.reference}.keys() == {"monocyte"}
    keep_reference(demo, OURS.replace(b"10", b"20"))
    assert reference_in_use(demo).percent["monocyte"].high == 20
    keep_reference(demo, OURS)
    keep_reference(demo, OURS)
    assert reference_in_use(demo).percent["monocyte"].high == 10
    with demo.database.reading() as transaction:
        assert transaction.count(Document, kind="reference-intervals") == 3
    (tmp_path / "other.toml").write_text('laboratory = "Other"', encoding="utf-8")
    other = read_reference_file(demo, tmp_path / "other.toml")
    assert differential(demo, smear, reference=other).reference.laboratory == "Other"


@pytest.mark.parametrize("content", [b"", b"[percent]", OURS + b"monocytes = [1, 2]\n"])
def test_a_broken_file_is_not_kept(demo, content):
    with pytest.raises(UnreadableFormat, match=r"ours\.toml"):
        keep_reference(demo, content, name="ours.toml")
    assert reference_view(demo).document_id is None


def test_page_and_lines_say_it_all(demo, people, smear):
    keep_reference(demo, example_reference().encode())
    campaign = opened(demo, people, smear, "count")
    answer(demo, campaign, people["edna"], lambda _: "monocyte", but=1)
    answer(demo, campaign, people["emil"], lambda _: "monocyte", but=1)
    reading.close_reading(demo, campaign.id, people["carla"])
    found = differential(demo, smear, wbc=6.2)
    page, text = differential_page(found).decode(), differential_text(found)
    for said in (page, text):
        for word in ("Research use, not a diagnosis", "EXAMPLE", "band neutrophil", "6.2", "edna", "another picture"):
            assert word in said, word
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    hostile = replace(found, smear="<b>A1</b>")
    assert "<b>A1" not in differential_page(hostile).decode()


def test_eosinophils_of_raabins_film_95_8_27_1(raabin_labels, data):
    """73 % of all eosinophils of the set are on one film: its count equals that of the files themselves."""
    archive = data / "raabin_json" / "first_microscope_jsons.zip"
    words: Counter[tuple[str, str]] = Counter()
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            said = json.loads(files.read(name)) if name.endswith(".json") else {}
            if said.get("Film ID") == "95-8-27-1":
                cells = [cell for key, cell in said.items() if key.startswith("Cell_")]
                words.update((cell["Label1"], cell["Label2"]) for cell in cells)
    found = differential(raabin_labels, find_smear(raabin_labels, "95-8-27-1"))
    assert counts(found)["eosinophil"] == words["Eosinophil", "Eosinophil"] > 1000
    assert counts(found)["neutrophil.band"] == words["Band", "Band"]
    both = {"Small Lymph", "Large Lymph"}
    unsure = sum(n for (one, other), n in words.items() if {one, other} == both)
    lymphocytes = next(row for row in found.rows if row.key == "lymphocyte")
    assert lymphocytes.unsure == unsure
    assert lymphocytes.count == unsure + sum(words[word, word] for word in both)
