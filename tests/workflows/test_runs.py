"""Interruptions, changes of mind, two at once: the frame that all long work shares."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace

import pytest

from buffycoat.clean import CleanParameters
from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Round
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import NothingFound, WorkspaceMissing
from buffycoat.store.queries import CellFilter, current_cells, current_repeats
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.digest import digest_workspace
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.runs import Made, Progress, start_run, work
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture
def workspace(tmp_path):
    with open_workspace(tmp_path / "w", create=True) as opened:
        yield opened


@pytest.fixture
def demo_copy(demo_workspace, tmp_path):
    """A copy of the demo that may be written to."""
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


def test_missing_workspace_is_named_and_not_made(tmp_path):
    with pytest.raises(WorkspaceMissing), open_workspace(tmp_path / "none"):
        pass
    assert not (tmp_path / "none").exists()


def test_work_is_resumed_where_it_stopped(workspace):
    run = start_run(workspace, room="detect", function="detect.find_cells", parameters={})
    calls: list[str] = []

    def do(name: str):
        def step() -> Made:
            calls.append(name)
            if name == "c" and calls.count("c") == 1:
                raise KeyboardInterrupt
            if name == "b":
                raise NothingFound("nothing in b")
            return Made(message=name)

        return step

    subjects = [(name, do(name)) for name in "abcd"]
    with pytest.raises(KeyboardInterrupt):
        work(workspace, run, subjects, total=4)
    seen: list[Progress] = []
    tally = work(workspace, run, subjects, total=4, progress=seen.append)
    # a is done, b was refused and is tried again, c and d follow.
    assert calls == ["a", "b", "c", "b", "c", "d"]
    assert (tally.done, tally.before, [o.subject for o in tally.refused]) == (2, 1, ["b"])
    assert [step.done for step in seen] == [1, 2, 3, 4]
    with workspace.database.reading() as transaction:
        assert transaction.count(Outcome) == 4


def test_error_that_is_not_ours_is_not_swallowed(workspace):
    run = start_run(workspace, room="detect", function="detect.find_cells", parameters={})

    def broken() -> Made:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work(workspace, run, [("a", broken)], total=1)
    with workspace.database.reading() as transaction:
        assert transaction.count(Outcome) == 0


def test_same_command_is_the_same_run_and_other_parameters_another(workspace):
    one = start_run(workspace, room="detect", function="detect.find_cells", parameters={"side": 1})
    assert start_run(workspace, room="detect", function="detect.find_cells", parameters={"side": 1}) == one
    assert start_run(workspace, room="detect", function="detect.find_cells", parameters={"side": 2}).id != one.id
    assert (
        start_run(workspace, room="detect", function="detect.find_cells", parameters={"side": 1}, seed=1).id != one.id
    )


def test_changing_ones_mind_and_coming_back(demo_copy):
    def state() -> tuple[int, int]:
        with demo_copy.database.reading() as transaction:
            return current_cells(transaction, CellFilter())[0], len(current_repeats(transaction))

    registered = state()
    clean_cells(demo_copy, parameters=CleanParameters(method="paper"))
    paper = state()
    assert paper[1] < registered[1]
    tally = clean_cells(demo_copy, parameters=CleanParameters(method="registered"))
    assert (tally.done, tally.before) == (0, 5)
    assert state() == registered


def test_new_detection_replaces_the_current_cells_but_those_that_people_hold(demo_copy):
    with demo_copy.database.reading() as transaction:
        before, cells = current_cells(transaction, CellFilter())
        kept = {cell.id for cell in cells} & {cell for campaign in transaction.find(Round) for cell in campaign.cells}
    detect_cells(demo_copy, side=150)
    with demo_copy.database.reading() as transaction:
        total, found = current_cells(transaction, CellFilter())
        assert {cell.box.width for cell in found if cell.id not in kept} == {150}
        assert {cell.id for cell in found} & {cell.id for cell in cells} == kept
        assert transaction.count(Cell) == before + total - len(kept)
    assert set(consensus_by_cell(demo_copy)) <= {cell.id for cell in cells}


def test_digest_says_what_is_there_and_nothing_else(demo_workspace, demo_copy, tmp_path):
    with open_workspace(demo_workspace) as original:
        expected = digest_workspace(original)
    assert digest_workspace(demo_copy) == expected
    with demo_copy.database.writing() as transaction:
        (field, *_) = transaction.find(FieldOfView)
        transaction.add([replace(field, id="f0", received="another", origin="another.jpg")])
    assert digest_workspace(demo_copy) != expected


def test_demo_made_again_elsewhere_has_the_same_digest(demo_workspace, tmp_path):
    from buffycoat.workflows.demo import run_demo

    with open_workspace(demo_workspace) as original, open_workspace(tmp_path / "again", create=True) as again:
        summary = run_demo(again)
        assert digest_workspace(again) == digest_workspace(original)
    assert [line.room for line in summary.lines] == [
        "ingest",
        "detect",
        "clean",
        "label",
        "segment",
        "publish",
        "learn",
        "report",
    ]
    assert summary.simulated


def test_two_at_once_make_nothing_twice(data, tmp_path):
    """Two processes would do as these two connections do: the second to write finds the row there."""
    source = tmp_path / "p"
    source.mkdir()
    for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:6]:
        shutil.copy2(path, source)
    errors: list[BaseException] = []

    def take_in() -> None:
        try:
            with open_workspace(tmp_path / "w", create=True) as opened:
                ingest_photographs(opened, source, record=Record(smear="S-1"))
                detect_cells(opened)
        except BaseException as error:  # noqa: BLE001 (handed to the main thread)
            errors.append(error)

    with open_workspace(tmp_path / "w", create=True):
        pass
    threads = [threading.Thread(target=take_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with open_workspace(tmp_path / "w") as opened:
        twice = digest_workspace(opened)
    with open_workspace(tmp_path / "once", create=True) as opened:
        ingest_photographs(opened, source, record=Record(smear="S-1"))
        detect_cells(opened)
        assert digest_workspace(opened) == twice


def test_demo_with_another_seed_is_refused_in_the_same_folder(demo_copy):
    from buffycoat.errors import AlreadyExists
    from buffycoat.workflows.demo import run_demo

    with pytest.raises(AlreadyExists, match="another drawing"):
        run_demo(demo_copy, seed=1)


def test_release_is_sealed_once_and_survives_an_interruption(demo_copy):
    from buffycoat.domain.release import Release
    from buffycoat.errors import AlreadyExists, DigestMismatch
    from buffycoat.workflows.demo import ABOUT
    from buffycoat.workflows.publish import ReleaseWish, publish_release, verify_release

    wish = ReleaseWish(about=ABOUT, formats=("crops",), search_repeats=False)
    first = publish_release(demo_copy, version="2", wish=wish)
    assert publish_release(demo_copy, version="2", wish=wish) == first
    with demo_copy.database.writing() as transaction:  # as a kill between the folder and the row would leave it
        transaction.connection.exec_driver_sql("DELETE FROM release WHERE version = '2'")
    assert publish_release(demo_copy, version="2", wish=wish).manifest == first.manifest
    assert verify_release(demo_copy.folder, "2") == len(first.files)
    with pytest.raises(AlreadyExists):
        publish_release(demo_copy, version="2", wish=replace(wish, about=replace(ABOUT, license="CC-BY-4.0")))
    with demo_copy.database.reading() as transaction:
        assert len(transaction.find(Release, version="2")) == 1
    crop = demo_copy.folder / "releases" / "2" / first.files[-1].path
    crop.write_bytes(crop.read_bytes() + b"x")
    with pytest.raises(DigestMismatch):
        verify_release(demo_copy.folder, "2")


def test_nothing_private_is_in_a_release(demo_copy):
    folder = demo_copy.folder / "releases" / "demo-1"
    with demo_copy.database.reading() as transaction:
        origins = [field.origin for field in transaction.find(FieldOfView)]
    text = "".join(path.read_text() for path in folder.iterdir() if path.is_file())
    assert [origin for origin in origins if origin and (origin in text or origin.rpartition("/")[2] in text)] == []
    assert "Simulated" in (folder / "README.md").read_text()


def test_verdicts_on_cells_that_no_longer_count_do_not_count(demo_copy):
    from buffycoat.workflows.browse import list_cells, list_funnels
    from buffycoat.workflows.summary import write_summary

    def kept() -> tuple[int, int]:
        return sum(funnel.kept for funnel in list_funnels(demo_copy)), list_cells(demo_copy, kept=True).total

    before = kept()
    detect_cells(demo_copy, side=150)
    total = list_cells(demo_copy).total
    assert kept() == (total, total)
    write_summary(demo_copy, None, [])
    detect_cells(demo_copy)  # back again, without cleaning in between
    clean_cells(demo_copy)
    assert kept() == before


def test_crops_of_a_smear_are_of_one_size_in_whatever_batches_it_comes(data, tmp_path):
    names = sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:16]
    sides = set()
    for batches in ([names], [names[:4], names]):
        folder = tmp_path / str(len(batches))
        with open_workspace(folder / "w", create=True) as opened:
            for number, batch in enumerate(batches):
                source = folder / str(number)
                source.mkdir()
                for path in batch:
                    shutil.copy(path, source)  # written anew: another time on the file
                ingest_photographs(opened, source, record=Record(smear="S"))
                detect_cells(opened)
            with opened.database.reading() as transaction:
                (widths,) = [{cell.box.width for cell in current_cells(transaction, CellFilter())[1]}]
                assert len(widths) == 1
                assert transaction.count(FieldOfView) == 16
                sides |= widths


def test_files_written_anew_are_known_by_their_bytes(data, tmp_path):
    import os

    source = tmp_path / "p"
    source.mkdir()
    for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:3]:
        shutil.copy(path, source)
    with open_workspace(tmp_path / "w", create=True) as opened:
        ingest_photographs(opened, source, record=Record(smear="S"))
        before = digest_workspace(opened)
        for path in source.iterdir():
            os.utime(path, (1, 1))
        again = ingest_photographs(opened, source, record=Record(smear="S")).tally
        assert (again.done, again.before, again.repeats, again.refused) == (0, 3, [], [])
        assert digest_workspace(opened) == before
        # The same bytes with other facts: refused, named, nothing changed.
        other = ingest_photographs(opened, source, record=Record(smear="S", micrometres_per_pixel=0.1)).tally
        assert [outcome.code for outcome in other.refused] == ["conflict"] * 3
        assert "0.1 µm per pixel" in other.refused[0].message
        with opened.database.reading() as transaction:
            assert transaction.count(FieldOfView) == 3


def test_names_that_are_no_text_are_kept_apart(tmp_path):
    import os

    import numpy as np

    from buffycoat.imaging.codecs import encode_png

    source = tmp_path / "p"
    source.mkdir()
    for byte, level in ((b"\xfe", 10), (b"\xff", 90)):
        path = source / os.fsdecode(b"a" + byte + b".png")
        path.write_bytes(encode_png(np.full((32, 32, 3), level, np.uint8)))
    with open_workspace(tmp_path / "w", create=True) as opened:
        assert ingest_photographs(opened, source, record=Record(smear="S")).tally.done == 2
        with opened.database.reading() as transaction:
            assert sorted(f.origin for f in transaction.find(FieldOfView)) == [r"a\xfe.png", r"a\xff.png"]


def test_workspace_in_the_folder_is_no_photograph(data, tmp_path):
    shutil.copy(min((data / "bccd" / "fields" / "images").glob("*.jpg")), tmp_path)
    for _ in range(2):
        with open_workspace(tmp_path / "workspace", create=True) as opened:
            summary = ingest_photographs(opened, tmp_path, record=Record(smear="S"))
            detect_cells(opened)
            assert summary.passed_over == (("workspace", "a workspace, not photographs"),)
            with opened.database.reading() as transaction:
                assert transaction.count(FieldOfView) == 1


def test_impossible_scale_is_refused_once_and_before_any_work(tmp_path, data):
    from buffycoat.errors import InvalidMetadata

    with open_workspace(tmp_path / "w", create=True) as opened:
        with pytest.raises(InvalidMetadata, match="micrometres_per_pixel"):
            ingest_photographs(
                opened, data / "bccd" / "fields" / "images", record=Record(smear="S", micrometres_per_pixel=-1.0)
            )
        with opened.database.reading() as transaction:
            assert transaction.count(Outcome) == 0


def test_demo_is_never_mixed_into_a_real_workspace(data, tmp_path):
    from buffycoat.errors import Conflict
    from buffycoat.workflows.demo import run_demo

    photograph = min((data / "bccd" / "fields" / "images").glob("*.jpg"))
    with open_workspace(tmp_path / "w", create=True) as opened:
        ingest_photographs(opened, photograph, record=Record(smear="S"))
        before = digest_workspace(opened)
        with pytest.raises(Conflict, match="real smears"):
            run_demo(opened)
        assert digest_workspace(opened) == before
        assert not (tmp_path / "w" / "photographs").exists()
