"""A filter trained on a screen: the one that the command trains, what it sees is what a search finds, judged elsewhere."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from buffycoat.cli.app import app
from buffycoat.detect import DEFAULT_FILTER, ColorFilter, fit
from buffycoat.domain.account import Person
from buffycoat.domain.audit import Action
from buffycoat.domain.cell import Cell
from buffycoat.domain.filtering import BoxedField, FilterSaving, FilterSetup, FilterUse, FilterVerdict, FilterWish
from buffycoat.domain.geometry import Box
from buffycoat.domain.job import JobState
from buffycoat.domain.run import FILTER_CHOICE, Document, Run
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import AlreadyExists, BuffycoatError, InputError, NotFound, TooFew
from buffycoat.imaging.regions import decode_run_lengths
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.audit import list_entries
from buffycoat.workflows.audit.checking import verify_log
from buffycoat.workflows.boxed import boxed_photographs
from buffycoat.workflows.crops import field_pixels
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.filtering.judging import judge_filter, verdict_of
from buffycoat.workflows.filtering.looking import list_setups, prior_of, save_filter, set_table, try_filter
from buffycoat.workflows.filtering.using import preview_use, use_filter
from buffycoat.workflows.filters import train_filter
from buffycoat.workflows.finders import finders_for, load_finders
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.jobs import get_job, start_job, work_off
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.saved_filters import choose_filter, keep_filter, list_filters, named_filter
from buffycoat.workflows.workspace import Workspace, open_workspace

SCALE = 0.08
STEMS = ("00000", "00001", "00003", "00004")
Wishing = Callable[..., FilterWish]


@pytest.fixture(scope="module")
def workspace(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Of all tests that keep no more than filters."""
    with open_workspace(shutil.copytree(demo_workspace, tmp_path_factory.mktemp("filters") / "w")) as opened:
        yield opened


@pytest.fixture
def searched(demo_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    """Of a test that searches it anew."""
    with open_workspace(shutil.copytree(demo_workspace, tmp_path / "w")) as opened:
        yield opened


@pytest.fixture(scope="module")
def carla(workspace: Workspace) -> Person:
    return next(person for person in demo_people(workspace) if person.handle == "carla")


@pytest.fixture(scope="module")
def setup(workspace: Workspace) -> FilterSetup:
    return list_setups(workspace)[0]


@pytest.fixture(scope="module")
def wishing(workspace: Workspace, setup: FilterSetup) -> Wishing:
    """What somebody draws in the first photographs: the boxes that are there, inside."""

    def wish(fields: int, **more: object) -> FilterWish:
        boxed = []
        for field_id in setup.among[:fields]:
            with workspace.database.reading() as transaction:
                field = transaction.get(FieldOfView, field_id)
                cells = current_cells(transaction, CellFilter(field_id=field_id))[1]
            size = field.width_px or 0, field.height_px or 0
            boxes = [cell.extent for cell in cells if cell.extent.inside(*size)]
            sides = tuple((box.left, box.top, box.right, box.bottom) for box in boxes)
            boxed.append(BoxedField(field_id=field_id, boxes=sides))
        given = {"smear_id": setup.smear_id, "capture_id": setup.capture.id, "fields": tuple(boxed)}
        return FilterWish(**(given | more))

    return wish


def saved_as(workspace: Workspace, name: str, wish: FilterWish, by: Person) -> str:
    return save_filter(workspace, FilterSaving(name=name, wish=wish), by).id


def now_there(workspace: Workspace, field_id: str) -> set[str]:
    with workspace.database.reading() as transaction:
        return {cell.id for cell in current_cells(transaction, CellFilter(field_id=field_id))[1]}


# ----------------------------------------------------------------- training


def test_the_filter_is_the_one_that_the_command_trains_on_the_same_boxes(data, tmp_path):
    source = tmp_path / "ward-3"
    source.mkdir()
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    for stem in STEMS:
        name = f"BloodImage_{stem}"
        for folder in (source, photographs):
            shutil.copy(data / "bccd" / "fields" / "images" / f"{name}.jpg", folder)
        shutil.copy(data / "bccd" / "fields" / "annotations_voc" / f"{name}.xml", source)
    with boxed_photographs(source) as found:
        boxes = {f"{each.name}.jpg": [(b.left, b.top, b.right, b.bottom) for b in each.boxes] for each in found}
    by_command = train_filter(source, tmp_path / "own.json", micrometres_per_pixel=SCALE).color_filter
    with open_workspace(tmp_path / "w", create=True) as workspace:
        ingest_photographs(workspace, photographs, record=Record(smear="S", micrometres_per_pixel=SCALE))
        [setup] = list_setups(workspace)
        assert (setup.smear, setup.fields, setup.in_use) == ("S", len(STEMS), None)
        with workspace.database.reading() as transaction:
            fields = {Path(field.origin or "").name: field for field in transaction.find(FieldOfView)}
        # In whatever order they were drawn.
        drawn = tuple(BoxedField(field_id=fields[name].id, boxes=tuple(boxes[name])) for name in sorted(boxes)[::-1])
        wish = FilterWish(smear_id=setup.smear_id, capture_id=setup.capture.id, fields=drawn)
        on_screen = try_filter(workspace, wish).filter
        assert (on_screen.weights, on_screen.bias) == (by_command.weights, by_command.bias)
        assert (on_screen.images, on_screen.boxes) == (by_command.images, by_command.boxes)
        # And the same as of the whole photographs, fitted without a screen.
        names = sorted(boxes)
        whole = fit(
            [field_pixels(workspace, fields[name]) for name in names],
            [[Box(left=a, top=b, right=c, bottom=d) for a, b, c, d in boxes[name]] for name in names],
            red_cell_px=[setup.red_cell_px or 0] * len(names),
        )
        assert (whole.weights, whole.bias) == (on_screen.weights, on_screen.bias)


def test_strictness_takes_pixels_away_and_gives_them(workspace, wishing, setup):
    seen = []
    for strictness in (-4.0, 0.0, 4.0):
        trial = try_filter(workspace, wishing(1, strictness=strictness, shown=setup.among[1]))
        assert trial.filter.prior == prior_of(strictness)
        assert trial.sight is not None
        mask = decode_run_lengths(trial.sight.mask, trial.sight.height_px, trial.sight.width_px)
        seen.append(mask)
    assert seen[0].sum() > seen[1].sum() > seen[2].sum() > 0
    assert not (seen[2] & ~seen[1]).any()
    assert math.isclose(prior_of(-4) + prior_of(4), 1, abs_tol=1e-6)


def test_without_a_box_the_filter_that_comes_along_looks_and_sees_what_it_found(workspace, wishing, setup):
    """A search has found these cells; the screen shows them where they are."""
    for field_id in setup.among[:3]:
        trial = try_filter(workspace, wishing(0, shown=field_id))
        assert trial.filter.default
        assert trial.filter.weights == DEFAULT_FILTER.weights
        assert trial.sight is not None
        with workspace.database.reading() as transaction:
            cells = current_cells(transaction, CellFilter(field_id=field_id))[1]
        assert {str(each.place) for each in trial.sight.found} == {str(cell.extent) for cell in cells}
        # Each of them has nucleus in it, where the mask says so.
        mask = decode_run_lengths(trial.sight.mask, trial.sight.height_px, trial.sight.width_px)
        times = trial.sight.times
        for each in trial.sight.found:
            place = each.place
            rows = slice((place.top + trial.sight.top) // times, (place.bottom + trial.sight.top) // times + 1)
            columns = slice((place.left + trial.sight.left) // times, (place.right + trial.sight.left) // times + 1)
            assert mask[rows, columns].any()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"strictness": 9.0}, InputError, "strictness"),
        ({"strictness": math.nan}, InputError, "strictness"),
        ({"smear_id": "s0"}, NotFound, "smear"),
        ({"shown": "f0"}, NotFound, "no such photograph"),
        ({"fields": (BoxedField(field_id="f0", boxes=((0, 0, 90, 90),)),)}, NotFound, "no such photograph"),
    ],
)
def test_what_does_not_fit_is_refused(workspace, wishing, change, error, words):
    with pytest.raises(error, match=words):
        try_filter(workspace, replace(wishing(1), **change))


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        (((-1, 0, 90, 90),), "leaves its photograph"),
        (((0, 0, 90, 9000),), "leaves its photograph"),
        (((5, 5, 12, 90),), "too small"),
        (((50, 5, 12, 90),), "empty"),
        (((0, 0, 90, 90),) * 201, "too many boxes"),
    ],
)
def test_boxes_that_are_none_are_refused(workspace, wishing, setup, boxes, words):
    wish = replace(wishing(0), fields=(BoxedField(field_id=setup.among[0], boxes=boxes),))
    with pytest.raises(BuffycoatError, match=words):
        try_filter(workspace, wish)


def test_too_many_photographs_and_one_twice_are_refused(workspace, wishing):
    one = wishing(1).fields[0]
    with pytest.raises(InputError, match="twice"):
        try_filter(workspace, replace(wishing(1), fields=(one, one)))
    many = tuple(BoxedField(field_id=f"f{number}", boxes=()) for number in range(11))
    with pytest.raises(InputError, match="too many photographs"):
        try_filter(workspace, replace(wishing(0), fields=many))


def test_a_box_in_which_nothing_is_nucleus_teaches_nothing(workspace, wishing, setup):
    with workspace.database.reading() as transaction:
        field = transaction.get(FieldOfView, setup.among[0])
    pixels = field_pixels(workspace, field)[..., 1].astype(int)
    flat = min(
        ((y, x) for y in range(0, 700, 10) for x in range(0, 1000, 10)),
        key=lambda at: float(np.ptp(pixels[at[0] : at[0] + 9, at[1] : at[1] + 9])),
    )
    boxes = ((flat[1], flat[0], flat[1] + 8, flat[0] + 8),)
    with pytest.raises(TooFew, match="no filter can be fitted"):
        try_filter(workspace, replace(wishing(0), fields=(BoxedField(field_id=field.id, boxes=boxes),)))


# ------------------------------------------------------------------ judging


def test_each_photograph_is_judged_by_a_filter_that_has_not_seen_it(workspace, wishing, monkeypatch):
    wish = wishing(3)
    judged = judge_filter(workspace, wish)
    total = sum(len(field.boxes) for field in wish.fields)
    assert judged.default.found == total
    assert judged.own.found + judged.own.missed == total
    assert judged.default.low < 0.95 < judged.default.high == 1
    assert [each.boxes for each in judged.fields] == [len(field.boxes) for field in wish.fields]
    table = set_table(workspace, wish)
    for held, _ in table.boxed:
        others = replace(wish, fields=tuple(field for field in wish.fields if field.field_id != held))
        assert table.fit(without=held, strictness=0).weights == set_table(workspace, others).fit(strictness=0).weights
        assert table.fit(without=held, strictness=0).weights != table.fit(strictness=0).weights


def test_one_photograph_is_nothing_to_judge_on(workspace, wishing):
    with pytest.raises(TooFew, match="nothing is left to judge on"):
        judge_filter(workspace, wishing(1))


def test_few_boxes_say_nothing_however_clear_they_seem():
    assert verdict_of(9, own=0, default=9) is FilterVerdict.TOO_FEW
    assert verdict_of(10, own=0, default=5) is FilterVerdict.ALIKE  # by chance once in sixteen times
    assert verdict_of(10, own=0, default=6) is FilterVerdict.BETTER
    assert verdict_of(10, own=6, default=0) is FilterVerdict.WORSE
    assert verdict_of(10, own=0, default=0) is FilterVerdict.ALIKE


def test_a_filter_that_sees_next_to_nothing_is_worse(workspace, wishing):
    judged = judge_filter(workspace, wishing(3, strictness=8.0))
    assert judged.own.missed > judged.default.missed
    assert judged.verdict is FilterVerdict.WORSE


# ------------------------------------------------------------------ keeping


def test_a_name_means_one_filter_for_good(workspace, wishing, carla, setup):
    first = save_filter(workspace, FilterSaving(name="  ward 3 ", wish=wishing(2)), carla)
    assert (first.name, first.by, first.fields) == ("ward 3", "carla", setup.among[:2])
    assert first.filter == try_filter(workspace, wishing(2)).filter
    assert save_filter(workspace, FilterSaving(name="ward 3", wish=wishing(2)), carla) == first
    with pytest.raises(AlreadyExists, match="another filter"):
        saved_as(workspace, "Ward 3", wishing(1), carla)
    second = saved_as(workspace, "ward 4", wishing(1), carla)
    assert [each.id for each in list_filters(workspace)][:2] == [second, first.id]
    found, color_filter = named_filter(workspace, "WARD 3")
    assert found == first
    assert color_filter.origin == "ward 3"
    content = workspace.objects.get(first.digest)
    assert ColorFilter.from_json(content) == color_filter
    assert setup.smear.encode() not in content, "a file must not tell of a smear that may be withdrawn"
    with pytest.raises(NotFound, match="'ward 4', 'ward 3'"):
        named_filter(workspace, "ward 5")


@pytest.mark.parametrize("name", ["", " ", "a/b", "a\\b", "own.json", ".own", "-own", "a\nb", "x" * 65])
def test_names_that_are_none_are_refused(workspace, wishing, carla, name):
    with pytest.raises(InputError, match="does not fit a filter"):
        saved_as(workspace, name, wishing(1), carla)
    assert name not in [each.name for each in list_filters(workspace)]


def test_nothing_is_kept_without_a_box(workspace, wishing, carla):
    with pytest.raises(TooFew, match="no box to learn from"):
        saved_as(workspace, "none", wishing(0), carla)


def test_saving_and_choosing_are_acts_in_a_sound_log(workspace, wishing, carla, setup):
    before = {line.subject for line in list_entries(workspace, None).lines}
    saved = saved_as(workspace, "of the log", wishing(1), carla)
    choose_filter(workspace, (setup.smear_id, setup.capture.id), saved, by=carla)
    choose_filter(workspace, (setup.smear_id, setup.capture.id), saved, by=carla)
    entered = [line for line in list_entries(workspace, None).lines if line.subject not in before]
    assert [(line.action, line.subject_class) for line in entered] == [(Action.KEPT, "document")] * 2
    assert verify_log(workspace).fault is None
    with workspace.database.reading() as transaction:
        assert len(transaction.find(Document, kind=FILTER_CHOICE)) == 1, "choosing the same again is no act"
    choose_filter(workspace, (setup.smear_id, setup.capture.id), None, by=carla)
    assert list_setups(workspace)[0].in_use is None


# -------------------------------------------------------------------- using


def test_a_search_finds_what_was_previewed_deletes_nothing_and_can_be_taken_back(searched, wishing, carla, setup):
    place = {"smear_id": setup.smear_id, "capture_id": setup.capture.id}
    saved = saved_as(searched, "lax", wishing(2, strictness=-6.0), carla)
    use = FilterUse(filter_id=saved, **place)
    preview = preview_use(searched, use)
    assert preview.total == setup.searchable
    assert preview.now != preview.then, "or nothing could be told here"
    assert {each.field_id for each in preview.fields} <= set(setup.among)
    elsewhere = list_setups(searched)[1].among[0]
    before = {each.field_id: now_there(searched, each.field_id) for each in preview.fields}
    other = now_there(searched, elsewhere)
    with searched.database.reading() as transaction:
        ever = {cell.id for cell in transaction.find(Cell)}
    job = use_filter(searched, use, carla)
    assert (job.state, job.parameters["smear"]) == (JobState.WAITING, setup.smear_id)
    assert work_off(searched, until_idle=True) == 1
    assert get_job(searched, job.id).state is JobState.DONE
    assert {each.field_id: len(now_there(searched, each.field_id)) for each in preview.fields} == {
        each.field_id: each.then for each in preview.fields
    }
    assert now_there(searched, elsewhere) == other
    with searched.database.reading() as transaction:
        assert ever <= {cell.id for cell in transaction.find(Cell)}, "nothing found before is deleted"
    assert list_setups(searched)[0].in_use == "lax"
    assert list_filters(searched)[0].used_for == (setup.smear,)
    # A plain search keeps to the choice.
    detect_cells(searched)
    assert {key: len(now_there(searched, key)) for key in before} == {e.field_id: e.then for e in preview.fields}
    back = FilterUse(filter_id=None, **place)
    assert preview_use(searched, back).then == preview.now
    use_filter(searched, back, carla)
    assert work_off(searched, until_idle=True) == 1
    assert {key: now_there(searched, key) for key in before} == before
    assert list_setups(searched)[0].in_use is None


def test_a_job_needs_smear_and_set_up_together(workspace, setup):
    job = start_job(workspace, "detect", {"smear": setup.smear_id})
    work_off(workspace, until_idle=True)
    assert get_job(workspace, job.id).state is JobState.FAILED


def test_what_is_not_there_can_be_neither_chosen_nor_previewed(workspace, setup, carla):
    known = {"smear_id": setup.smear_id, "capture_id": setup.capture.id, "filter_id": None}
    for change in ({"smear_id": "s0"}, {"capture_id": "c0"}, {"filter_id": "d0"}):
        use = FilterUse(**(known | change))
        for do in (lambda each: preview_use(workspace, each), lambda each: use_filter(workspace, each, carla)):
            with pytest.raises(NotFound):
                do(use)


def test_the_command_takes_a_saved_name_and_the_same_file_is_the_same_work(searched, wishing, carla, tmp_path):
    saved = save_filter(searched, FilterSaving(name="ward 3", wish=wishing(2)), carla)
    own = tmp_path / "own.json"
    own.write_bytes(searched.objects.get(saved.digest))
    by_name, by_file = finders_for(searched, filter_name="Ward 3"), load_finders(filter_file=own)
    assert by_name == by_file
    assert finders_for(searched) is None
    with pytest.raises(NotFound, match="neither a file nor a saved filter"):
        finders_for(searched, filter_name="ward 4")
    folder = ["--workspace", str(searched.folder)]
    runner = CliRunner()
    listed = runner.invoke(app, ["filter", "list", *folder])
    assert "ward 3" in listed.output
    assert "for no smear" in listed.output
    shown = runner.invoke(app, ["filter", "show", "ward 3", *folder])
    assert str(saved.filter.weights) in shown.output
    done = runner.invoke(app, ["detect", "--filter", "ward 3", *folder])
    assert done.exit_code == 0, done.output
    with searched.database.reading() as transaction:
        runs = [run for run in transaction.find(Run, room="detect") if run.parameters.get("filter") == saved.digest]
    assert len({run.parameters["smear"] for run in runs if "scale" in run.parameters}) > 1
    assert detect_cells(searched, finders=by_file).done == 0
    refused = runner.invoke(app, ["detect", "--filter", "ward 4", *folder])
    assert isinstance(refused.exception, NotFound)
    assert "'ward 3'" in str(refused.exception)


def test_a_name_that_means_a_file_too_is_asked_about(workspace, setup, tmp_path, monkeypatch):
    place = (setup.smear_id, setup.capture.id)
    keep_filter(workspace, "own", DEFAULT_FILTER, place=place, boxes={})
    (tmp_path / "own").write_text(DEFAULT_FILTER.to_json(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="a file and a saved filter") as both:
        finders_for(workspace, filter_name="own")
    assert "./own" in both.value.hint
    assert finders_for(workspace, filter_name="./own") == load_finders(filter_file=tmp_path / "own")
