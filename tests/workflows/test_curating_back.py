"""Facts taken back one by one, and tables that are older than a correction."""

from __future__ import annotations

import base64
import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from buffycoat.domain.curating import FactWish, MetadataFact, MetadataUpload, TableRead
from buffycoat.domain.smear import ScaleSource
from buffycoat.store.queries import smears_now
from buffycoat.workflows import browse, curating, jobs
from buffycoat.workflows.workspace import Workspace, open_workspace


@pytest.fixture
def demo(demo_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


def say(workspace: Workspace, fact: MetadataFact, value: str | None, **more) -> str:
    [made] = curating.change_facts(workspace, FactWish(fact=fact, value=value, keep=True, **more)).corrections
    return made


def given(workspace: Workspace, content: bytes) -> TableRead:
    upload = MetadataUpload(name="t.csv", content=base64.b64encode(content).decode(), keep=True)
    return curating.take_metadata(workspace, upload)


def stain(workspace: Workspace, smear: str) -> str:
    with workspace.database.reading() as transaction:
        return str(smears_now(transaction)[smear].stain)


# ------------------------------------------------------------------ tables


def test_a_table_that_is_older_than_a_correction_takes_nothing_back(demo):
    table = curating.metadata_of(demo)
    smear, photograph = table.groups[0].smear_id, table.groups[0].photographs[0]
    older = curating.export_metadata(demo, kind="csv")
    say(demo, MetadataFact.STAIN, "leishman", smears=(smear,))
    say(demo, MetadataFact.CAMERA, "Pixel 9", photographs=(photograph,))
    read = given(demo, older)
    assert (read.changes, read.corrections) == ((), ())
    assert {(problem.what, problem.expected, problem.found) for problem in read.problems} == {
        ("column stain: this was said earlier, and corrected since", "leishman", "giemsa"),
        ("column camera: this was said earlier, and corrected since", "Pixel 9", "Drawn phone A"),
    }
    assert len(read.problems) == 2, "once of each smear"
    assert all("anew" in problem.hint for problem in read.problems)
    assert stain(demo, smear) == "leishman"
    assert browse.get_field(demo, photograph).capture.camera == "Pixel 9"
    assert given(demo, curating.export_metadata(demo, kind="csv")).problems == ()


def test_what_was_never_said_may_be_said_by_a_table_after_a_correction(demo):
    smear = curating.metadata_of(demo).groups[0].smear_id
    say(demo, MetadataFact.STAIN, "leishman", smears=(smear,))
    rows = list(csv.DictReader(io.StringIO(curating.export_metadata(demo, kind="csv").decode("utf-8-sig"))))
    changed = next(row for row in rows if row["stain"] == "leishman")
    changed["stain"] = "wright"
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    assert given(demo, text.getvalue().encode()).problems == ()
    assert stain(demo, smear) == "wright"


# ------------------------------------------------------------------ the last answers


def test_the_next_release_is_offered_no_smaller_groups_than_the_last_one_was(demo):
    def offered() -> int:
        last = curating.release_choices(demo).last
        assert last is not None
        return last.minimum_group

    assert offered() == 5
    jobs.start_job(demo, "publish", {"version": "demo-2", "minimum_group": 20})
    assert offered() == 5, "of another release"
    jobs.start_job(demo, "publish", {"version": "demo-1", "minimum_group": 10})
    assert offered() == 10
    jobs.start_job(demo, "publish", {"version": "demo-1", "minimum_group": 2})
    assert offered() == 5


# ------------------------------------------------------------------ one fact after the other


def test_a_correction_is_taken_back_after_a_later_one_of_the_same_fact_was(demo):
    smear = curating.metadata_of(demo).smears[0].id
    first = say(demo, MetadataFact.STAIN, "leishman", smears=(smear,))
    second = say(demo, MetadataFact.STAIN, "wright", smears=(smear,))
    early = curating.undo_corrections(demo, [first])
    assert (early.smears, early.stayed, stain(demo, smear)) == (0, 1, "wright")
    assert curating.undo_corrections(demo, [second]).smears == 1
    assert stain(demo, smear) == "leishman"
    again = curating.undo_corrections(demo, [first])
    assert (again.smears, again.stayed, stain(demo, smear)) == (1, 0, "giemsa")
    twice = curating.undo_corrections(demo, [first])
    assert (twice.smears, twice.stayed) == (0, 0)
    assert curating.undo_corrections(demo, again.corrections).smears == 1
    assert stain(demo, smear) == "leishman", "taking back is itself taken back"


def test_one_fact_of_some_photographs_is_set_back_with_where_its_scale_came_from(demo):
    group = curating.metadata_of(demo).groups[0]
    one, other = group.photographs[:2]
    before = browse.get_field(demo, one).capture
    source = ScaleSource.MICROMETER
    say(demo, MetadataFact.SCALE, "0.3", photographs=(one, other), scale_source=source)
    last = say(demo, MetadataFact.SCALE, "0.2", photographs=(one, other))
    say(demo, MetadataFact.CAMERA, "Pixel 9", photographs=(one, other))
    change = next(each for each in curating.fact_history(demo, field_id=one) if each.correction == last)
    assert set(change.photographs) == {one, other}
    back = curating.undo_corrections(demo, [last], fact=MetadataFact.SCALE, photographs=[one])
    assert (back.photographs, back.stayed) == (1, 0)
    now = browse.get_field(demo, one).capture
    assert (now.micrometres_per_pixel, now.scale_source, now.camera) == (0.3, source, "Pixel 9")
    assert browse.get_field(demo, other).capture.micrometres_per_pixel == 0.2
    assert curating.undo_corrections(demo, [last], fact=MetadataFact.STAIN).photographs == 0
    assert before.micrometres_per_pixel == 0.125
