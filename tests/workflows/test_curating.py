"""Facts of photographs corrected without overwriting, progress that tells nothing it must not, the wizard's release."""

from __future__ import annotations

import base64
import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.curating import FactWish, MetadataFact, MetadataUpload, ReleaseChoice
from buffycoat.domain.query import DOUBLE_LABELED, Query
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.release import Release
from buffycoat.domain.smear import Capture, Correction, FieldOfView, ScaleSource, SetupCorrection
from buffycoat.errors import AlreadyExists, InputError, InvalidMetadata, NotFound, ReleaseIncomplete
from buffycoat.store.queries import smears_now
from buffycoat.workflows import browse, curating, reading
from buffycoat.workflows.curating.releasing import keep_preview, seal_choice
from buffycoat.workflows.demo import ABOUT
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.publish import ReleaseWish, publish_release, release_folder
from buffycoat.workflows.runs import no_progress
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.workspace import Workspace, open_workspace


@pytest.fixture
def demo(demo_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


@pytest.fixture
def people(demo: Workspace) -> dict[str, Person]:
    return {person.handle: person for person in demo_people(demo)}


def said(workspace: Workspace, fact: MetadataFact, value: str | None, **more):
    return curating.change_facts(workspace, FactWish(fact=fact, value=value, **more))


def photographs(workspace: Workspace) -> tuple[str, ...]:
    return curating.metadata_of(workspace).groups[0].photographs


def test_a_change_is_told_before_it_is_kept_and_names_of_files_stay(demo):
    table = curating.metadata_of(demo)
    assert sum(len(group.photographs) for group in table.groups) == 46
    with demo.database.reading() as transaction:
        origins = {field.origin for field in transaction.find(FieldOfView)}
    assert origins.isdisjoint(str(table).replace("'", " ").split())
    smears = tuple(smear.id for smear in table.smears[:3])
    seen = said(demo, MetadataFact.STAIN, "Leishman", smears=smears)
    assert (seen.smears, seen.photographs, seen.before, seen.corrections) == (3, 30, {"giemsa": 30}, ())
    with demo.database.reading() as transaction:
        assert transaction.count(Correction) == 0
    kept = said(demo, MetadataFact.STAIN, "Leishman", smears=smears, keep=True)
    assert len(kept.corrections) == 3
    again = said(demo, MetadataFact.STAIN, "leishman", smears=smears, keep=True)
    assert (again.smears, again.same, again.corrections) == (0, 30, ())
    with demo.database.reading() as transaction:
        assert [smears_now(transaction)[key].stain for key in smears] == ["leishman"] * 3


def test_a_set_up_is_corrected_for_some_photographs_and_what_was_recorded_stays(demo):
    *some, other = photographs(demo)[:3]
    some = tuple(some)
    with demo.database.reading() as transaction:
        first = transaction.get(FieldOfView, some[0])
    said(demo, MetadataFact.CAMERA, "Pixel 9", photographs=some, keep=True)
    said(demo, MetadataFact.SCALE, "0.2", photographs=some, scale_source=ScaleSource.MICROMETER, keep=True)
    now = browse.get_field(demo, some[0]).capture
    assert (now.camera, now.micrometres_per_pixel, now.scale_source) == ("Pixel 9", 0.2, "stage-micrometer")
    assert browse.get_field(demo, other).capture.camera == "Drawn phone A"
    with demo.database.reading() as transaction:
        assert transaction.get(FieldOfView, some[0]) == first
        assert transaction.get(Capture, first.capture_id).quarter_turns == now.quarter_turns
    meant = Query(id="x", setups=("Drawn microscope A / Pixel 9",))
    assert {browse.get_cell(demo, cell).cell.field_id for cell in cells_of(demo, meant)} <= set(some)
    newest, camera = curating.fact_history(demo, field_id=some[0])
    assert (camera.fact, camera.before, camera.after) == ("camera", "Drawn phone A", "Pixel 9")
    back = curating.undo_corrections(demo, [newest.correction])
    assert (back.photographs, back.stayed) == (2, 0)
    assert browse.get_field(demo, some[0]).capture.micrometres_per_pixel == 0.125
    also = curating.undo_corrections(demo, [camera.correction])
    assert (also.photographs, also.stayed) == (2, 0), "another fact that was said since is no hindrance"
    with demo.database.reading() as transaction:
        assert transaction.count(SetupCorrection) == 4
    assert browse.get_field(demo, some[0]).capture == browse.get_field(demo, other).capture


@pytest.mark.parametrize(
    ("fact", "value", "error"),
    [
        (MetadataFact.STAIN, "purple", InvalidMetadata),
        (MetadataFact.SCALE, "-1", InvalidMetadata),
        (MetadataFact.CAMERA, "x" * 201, InputError),
        (MetadataFact.AGE_BAND, "43", InvalidMetadata),
    ],
)
def test_values_outside_their_list_are_refused(demo, fact, value, error):
    table = curating.metadata_of(demo)
    with pytest.raises(error):
        said(demo, fact, value, smears=(table.smears[0].id,), photographs=photographs(demo)[:1], keep=True)


def test_nobody_there_is_refused(demo):
    with pytest.raises(NotFound):
        said(demo, MetadataFact.STAIN, "giemsa", smears=("nothing",), keep=True)
    with pytest.raises(InputError, match="nothing is chosen"):
        said(demo, MetadataFact.CAMERA, "x", smears=(curating.metadata_of(demo).smears[0].id,))
    with pytest.raises(NotFound):
        curating.undo_corrections(demo, ["nothing"])
    with pytest.raises(NotFound):
        curating.fact_history(demo, smear_id="nothing")


def brought(workspace: Workspace, rows: list[dict[str, str]], *, keep: bool = False):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    content = base64.b64encode(text.getvalue().encode()).decode()
    return curating.take_metadata(workspace, MetadataUpload(name="t.csv", content=content, keep=keep))


def test_a_table_goes_out_without_names_and_what_is_wrong_is_told_by_line(demo):
    text = curating.export_metadata(demo, kind="csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all(row["file"].startswith("f") and len(row["file"]) == 25 for row in rows)
    assert brought(demo, rows, keep=True).changes == ()
    code = rows[0]["smear"]
    of_smear = [row for row in rows if row["smear"] == code]
    wrong = [dict(row) for row in rows]
    wrong[1]["stain"] = "purple"
    wrong[2]["file"] = "nothing"
    wrong[3]["turns"] = "2"
    wrong[5]["file"] = wrong[4]["file"]
    wrong[6]["camera"] = "another"
    found = brought(demo, wrong, keep=True)
    assert [problem.line for problem in found.problems] == [3, 4, 5, 7]
    assert found.corrections == ()
    with demo.database.reading() as transaction:
        assert transaction.count(Correction) + transaction.count(SetupCorrection) == 0
    right = [dict(row) for row in rows]
    right[0]["sex"] = "female"
    right[0]["camera"] = "another"
    changed = {change.fact: (change.smears, change.photographs) for change in brought(demo, right, keep=True).changes}
    assert changed == {"sex": (1, len(of_smear)), "camera": (1, 1)}
    assert browse.get_field(demo, rows[0]["file"]).capture.camera == "another"


def test_whoever_reads_in_a_round_learns_nothing_of_the_others_progress(demo, people):
    table = curating.reading_progress(demo, people["carla"])
    opened = next(each for each in table.rounds if each.open)
    assert (opened.hidden, opened.waiting, len(opened.readers)) == (False, opened.cells, 2)
    wish = RoundWish(name="with a curator", experts=(people["carla"].id, people["emil"].id))
    own = reading.open_reading(demo, wish, people["ada"])
    seen = next(each for each in curating.reading_progress(demo, people["carla"]).rounds if each.id == own.id)
    assert (seen.hidden, seen.readers, seen.read_once, seen.waiting) == (True, (), 0, 0)
    told = next(each for each in curating.reading_progress(demo, people["ada"]).rounds if each.id == own.id)
    assert (told.hidden, len(told.readers), told.waiting) == (False, 2, told.cells)


def test_cells_of_open_rounds_are_counted_as_such_and_nothing_more(demo, people):
    table = curating.reading_progress(demo, people["carla"])
    for smear in table.smears:
        parts = (smear.waiting, smear.reading, smear.sorted, smear.single, smear.agreed, smear.disputed, smear.decided)
        assert sum(parts) == smear.cells
    held = sum(smear.reading for smear in table.smears)
    closed = next(each for each in table.rounds if not each.open)
    assert 0 < held <= closed.reading
    assert closed.agreed + closed.disputed + closed.reading == closed.cells
    assert sum(each.agreed + each.single + each.decided for each in table.classes) == sum(
        smear.agreed + smear.single + smear.decided for smear in table.smears
    )


def choice(**over) -> ReleaseChoice:
    return ReleaseChoice(**{"version": "2", "about": ABOUT, "formats": ("crops", "csv"), **over})


def test_the_wizards_release_is_the_command_lines_byte_for_byte(demo, tmp_path):
    shutil.copytree(demo.folder, tmp_path / "other")
    told = curating.check_choice(demo, choice(seed=3, withhold=("site",)), seal=True)
    sealed = seal_choice(demo, told, no_progress)
    with open_workspace(tmp_path / "other") as other:
        wish = ReleaseWish(
            about=ABOUT, query=DOUBLE_LABELED, seed=3, withhold=("site",), formats=("crops", "csv"), minimum_group=5
        )
        same = publish_release(other, version="2", wish=wish)
        assert sealed["manifest"] == same.manifest
        one, two = (release_folder(each, "2") for each in (demo, other))
        assert {path.relative_to(one): path.read_bytes() for path in one.rglob("*") if path.is_file()} == {
            path.relative_to(two): path.read_bytes() for path in two.rglob("*") if path.is_file()
        }
    assert curating.manifest_of_release(demo, "2") == (one / "manifest.json").read_bytes()
    assert [table.name for table in curating.tables_of_release(demo, "2")] == [f"table-{n}" for n in range(3, 8)]
    diff = curating.release_difference(demo, "demo-1", "2")
    assert (diff.newer, diff.manifest, diff.removed > 0) == ("2", same.manifest, True)
    with pytest.raises(AlreadyExists):
        curating.check_choice(demo, choice(), seal=True)


def test_a_preview_finds_what_the_sealing_would_refuse_and_writes_nothing(demo):
    before = {path.name for path in (demo.folder / "releases").iterdir()}
    about = {name: getattr(ABOUT, name) for name in ("title", "license", "ethics", "contributors", "citation")}
    named = choice(about=type(ABOUT)(**about, description="Collected by Dr. Karimi."))
    key = keep_preview(demo, curating.check_choice(demo, named), no_progress)["preview"]
    preview = curating.read_preview(demo, key)
    assert [(found.kind, found.may_review) for found in preview.findings] == [("name", False)]
    assert preview.cells == curating.count_choice(demo, named).cells == 213
    assert len(preview.tables) == 5
    assert {path.name for path in (demo.folder / "releases").iterdir()} == before
    with demo.database.reading() as transaction:
        assert transaction.count(Release) == 1
    assert [path.name for path in (demo.folder / "previews").iterdir()] == [f"{key}.json"]
    with pytest.raises(NotFound):
        curating.read_preview(demo, "../releases/demo-1/manifest")


def test_what_would_be_refused_after_minutes_is_refused_at_once(demo):
    leaking = curating.count_choice(demo, choice(rule="random"))
    assert (leaking.refused, leaking.leaks["shared-films"] > 0) == (True, True)
    assert not curating.count_choice(demo, choice(rule="random", allow_leaks=True)).refused
    with pytest.raises(ReleaseIncomplete):
        curating.check_choice(demo, ReleaseChoice(version="3"), seal=True)
    for wrong in ({"rule": "by hand"}, {"withhold": ("stain",)}, {"minimum_group": 0}, {"version": "../up"}):
        with pytest.raises(InputError):
            curating.check_choice(demo, choice(**wrong))
    with pytest.raises(NotFound):
        curating.check_choice(demo, choice(query="nothing"))


def test_the_last_answers_are_offered_and_other_cells_kept_under_a_name(demo):
    choices = curating.release_choices(demo)
    assert choices.last is not None
    assert (choices.last.about, choices.last.rule, choices.versions) == (ABOUT, "film", ("demo-1",))
    few = Query(id="monocytes", standing=DOUBLE_LABELED.standing, terms=("monocyte",), kept=True)
    assert curating.keep_query(demo, few) == few
    counts = curating.count_choice(demo, choice(query="monocytes")).counts
    assert {term for part in counts.values() for term, count in part.items() if count} == {"monocyte"}
    with pytest.raises(AlreadyExists):
        curating.keep_query(demo, Query(id="monocytes"))
    with pytest.raises(InputError):
        curating.keep_query(demo, Query(id="no name at all"))
    with pytest.raises(NotFound):
        curating.keep_query(demo, Query(id="of-nobody", smears=("nothing",)))
