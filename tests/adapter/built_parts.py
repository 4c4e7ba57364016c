"""What is built: run by `make adapter`, in an environment with the extra `cad`. The ordinary run does not collect it."""

from __future__ import annotations

import dataclasses
import importlib.util
from functools import cache
from pathlib import Path

import build123d as bd
import pytest

from buffycoat.adapter import find_ocular, find_phone, oculars, phones, plan_adapter
from buffycoat.adapter import plan as p
from buffycoat.adapter.assembly import assemble, build_parts
from buffycoat.adapter.making import make_adapter
from buffycoat.adapter.mesh import measure_volume
from buffycoat.adapter.mesh_files import read_stl
from buffycoat.adapter.motion import axis_offset, collisions, gaps, settings
from buffycoat.adapter.parts import clamp, jaw, stop
from buffycoat.adapter.solids import as_mesh
from buffycoat.errors import AlreadyExists, Unsound, UnwritableFile
from buffycoat.workflows.adapter import write_adapter

ROOT = Path(__file__).parents[2]


def script():
    spec = importlib.util.spec_from_file_location("build_hardware", ROOT / "scripts" / "build_hardware.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ADAPTERS = script().ADAPTERS


@cache
def plan_of(adapter: str):
    phone, ocular = ADAPTERS[adapter]
    return plan_adapter(find_phone(phone), find_ocular(ocular))


@cache
def built(adapter: str):
    return build_parts(plan_of(adapter))


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_part_is_one_sound_solid_whose_triangles_have_its_volume(adapter):
    for name, solid in built(adapter).items():
        assert len(solid.solids()) == 1, name
        assert solid.is_valid, name
        assert measure_volume(as_mesh(solid)) == pytest.approx(solid.volume, rel=0.01), name


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_nothing_hits_anything_at_125_settings(adapter):
    plan = plan_of(adapter)
    assert len(settings(plan, steps=5)) == 125
    assert list(collisions(plan, built(adapter), steps=5)) == []


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_gaps_are_those_that_were_meant(adapter):
    found = gaps(plan_of(adapter), built(adapter))
    assert found["clamp to sleeve"] == pytest.approx(p.FIT, abs=1e-6)
    assert found["clamp to cradle"] == pytest.approx(0.5, abs=1e-6)
    assert found["clamp to stage"] == pytest.approx(0.7, abs=1e-6)


@pytest.mark.parametrize(
    ("measure", "by", "hit"),
    [("top", 2.0, {"clamp", "cradle"}), ("first", -3.0, {"sleeve"}), ("second", -8.0, {"sleeve"})],
)
def test_a_wrong_measure_is_found(measure, by, hit):
    """The check itself can fail."""
    plan = plan_of(next(iter(ADAPTERS)))
    wrong = dataclasses.replace(plan, **{measure: getattr(plan, measure) + by})
    found = list(collisions(wrong, build_parts(wrong), steps=2))
    assert any(hit <= set(f"{one.one} {one.other}".split()) for one in found)


def test_an_axis_beside_the_other_is_measured():
    adapter = next(iter(ADAPTERS))
    plan = plan_of(adapter)
    parts = dict(built(adapter))
    parts["jaw"] = bd.Pos(-0.3, 0, 0) * parts["jaw"]
    assert axis_offset(plan, parts) == pytest.approx(0.3, abs=1e-6)


@pytest.mark.parametrize("phone", phones())
@pytest.mark.parametrize("ocular", oculars())
def test_the_camera_looks_along_the_optical_axis(phone, ocular):
    """For every preset: only the parts that hold the phone and the ocular are built."""
    plan = plan_adapter(find_phone(phone), find_ocular(ocular))
    nothing = bd.Box(1, 1, 1)
    parts = {"sleeve": nothing, "stage": nothing, "cradle": nothing, "knob": nothing}
    parts |= {"clamp": clamp(plan), "jaw": jaw(plan), "stop": stop(plan)}
    assert axis_offset(plan, parts) <= 0.1


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_committed_parts_are_these(adapter):
    made = make_adapter(plan_of(adapter))
    assert all(check.holds for check in made.checks)
    folder = ROOT / "hardware" / adapter
    assert set(made.files) == {path.name for path in folder.iterdir()}
    for row in made.rows:
        lying = read_stl((folder / f"{row.name}.stl").read_bytes(), row.name)
        assert measure_volume(lying) == pytest.approx(row.volume, rel=1e-4)
        assert lying.extent == pytest.approx(row.extent, abs=1e-3)


def test_the_same_plan_makes_the_same_bytes():
    plan = plan_of(next(iter(ADAPTERS)))
    once, again = make_adapter(plan).files, make_adapter(plan).files
    assert {name for name in once if once[name] != again[name]} == set()


def test_step_comes_back_with_its_volume():
    adapter = next(iter(ADAPTERS))
    for name, solid in built(adapter).items():
        step = ROOT / "hardware" / adapter / f"{name}.step"
        # Without curves on the faces' own planes a reader draws them anew: 2 in 100,000 of a round part.
        assert bd.import_step(step).volume == pytest.approx(solid.volume, rel=1e-4), name


def test_a_failed_check_writes_nothing(monkeypatch):
    monkeypatch.setattr("buffycoat.adapter.checks.LEAST_WALL", 3.5)
    with pytest.raises(Unsound, match="wall"):
        make_adapter(plan_of(next(iter(ADAPTERS))))


def test_a_folder_with_other_things_is_left_alone_and_an_adapter_is_replaced(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "index.html").write_text("mine")
    with pytest.raises(AlreadyExists, match="thesis"):
        write_adapter(tmp_path / "thesis", phone="lg-g3", ocular="olympus-cx18")
    assert (tmp_path / "thesis" / "index.html").read_text() == "mine"
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableFile, match="file"):
        write_adapter(tmp_path / "file", phone="lg-g3", ocular="olympus-cx18")
    old = tmp_path / "old"
    old.mkdir()
    (old / "parts.csv").write_text("old")
    summary = write_adapter(old, phone="lg-g3", ocular="olympus-cx18")
    assert summary.checks == 35
    assert (old / "parts.csv").read_text() != "old"


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_everything_is_in_its_place(adapter):
    plan = plan_of(adapter)
    placed = {body.name: body for body in assemble(plan, built(adapter))}
    assert sum(body.kind == "screw" for body in placed.values()) == 16
    assert pytest.approx(plan.height) == placed["cradle"].solid.bounding_box().max.Z
    assert pytest.approx(plan.height - plan.phone.bump) == placed["phone"].solid.bounding_box().min.Z
    for side in ("left", "right"):
        tip = placed[f"height screw {side}"].solid.bounding_box().max.Z
        assert tip == pytest.approx(placed["sleeve"].solid.bounding_box().max.Z - p.FLANGE, abs=1e-6)
