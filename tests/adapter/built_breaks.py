"""Geometry broken on purpose, one fault for each check: run by `make adapter`. Each check finds its fault, no other."""

from __future__ import annotations

import dataclasses
from functools import cache

import build123d as bd
import pytest

from buffycoat.adapter import find_ocular, find_phone, plan_adapter
from buffycoat.adapter import plan as p
from buffycoat.adapter.assembly import build_parts
from buffycoat.adapter.checks import check_built, check_mesh
from buffycoat.adapter.mesh import Mesh
from buffycoat.adapter.parts import sleeve
from buffycoat.adapter.screws import screws_of
from buffycoat.adapter.shapes import block, rod
from buffycoat.adapter.solids import PRINTED, as_printed

PLAN = plan_adapter(find_phone("samsung-galaxy-s5"), find_ocular("olympus-cx18"))


@cache
def sound():
    return build_parts(PLAN)


def failed_of(name, solid):
    return {check.name for check in check_mesh(name, as_printed(name, solid)) if not check.holds}


def failed(plan, parts, steps=2):
    return {check.name for check in check_built(plan, parts, steps=steps) if not check.holds}


def test_sound_parts_fail_nothing():
    assert {name: failed_of(name, solid) for name, solid in sound().items()} == {name: set() for name in sound()}
    assert failed(PLAN, sound()) == set()


@pytest.mark.parametrize(("left", "found"), [(1.5, {"wall"}), (1.7, set())])
def test_a_thin_wall_is_found(left, found):
    """A pocket in the stop that leaves so much of its 3.5 mm on one side."""
    pocket = block((-10, 10), (left, 1.85), (5, 20))
    assert failed_of("stop", sound()["stop"] - pocket) == found


def test_a_thin_wall_between_a_hole_and_a_side_is_found():
    """A drill of the stop's screws 1.3 mm beside its back."""
    hole = rod(1.7, (-1, 10), (0, p.STOP_WALL + p.STOP_FOOT - 1.3 - 1.7))
    assert failed_of("stop", sound()["stop"] - hole) == {"wall"}


@pytest.mark.parametrize("name", ["clamp", "sleeve", "stage", "cradle", "jaw", "stop", "knob"])
def test_a_missing_triangle_is_found(name):
    mesh = as_printed(name, sound()[name])
    torn = Mesh(points=mesh.points, faces=mesh.faces[1:])
    assert "manifold" in {check.name for check in check_mesh(name, torn) if not check.holds}


@pytest.mark.parametrize(("reach", "found"), [(199.0, set()), (201.0, {"bed"})])
def test_a_part_beyond_the_bed_is_found(reach, found):
    low = sound()["cradle"].bounding_box().min.Y
    tongue = block((-8, 8), (low, low + reach), (0, p.CRADLE)) - block((-8, 8), (-60, 40), (0, p.CRADLE))
    assert failed_of("cradle", sound()["cradle"] + tongue) == found


def test_a_hole_without_a_roof_is_found():
    """Round holes that lie in the print have a roof of 45 degrees; this one has none."""
    assert failed_of("jaw", sound()["jaw"] - rod(2.0, (-1, 20), (p.JAW_SCREW, 0))) == {"overhang"}


def test_a_part_lying_on_another_side_is_found(monkeypatch):
    monkeypatch.setitem(PRINTED, "sleeve", (0, 0, 0))
    assert failed_of("sleeve", sound()["sleeve"]) == {"overhang"}


@pytest.mark.parametrize(("aside", "found"), [(0.08, set()), (0.12, {"axis"})])
@pytest.mark.parametrize("part", ["jaw", "stop"])
def test_a_camera_beside_the_axis_is_found(part, aside, found):
    moved = bd.Pos(-aside, 0, 0) if part == "jaw" else bd.Pos(0, aside, 0)
    hit = failed(PLAN, {**sound(), part: moved * sound()[part]}) - {"collisions"}  # a jaw in the phone collides, too
    assert hit == found


@pytest.mark.parametrize(("tighter", "found"), [(0.04, set()), (0.08, {"gap"})])
def test_a_tight_sleeve_is_found(tighter, found):
    narrow = dataclasses.replace(PLAN, inner=PLAN.inner - tighter)
    assert failed(PLAN, {**sound(), "sleeve": sleeve(narrow)}) == found


def test_a_sleeve_that_leaves_its_clamp_is_found():
    assert "engaged" in failed(dataclasses.replace(PLAN, up=PLAN.up + 3), sound())


def test_a_hit_at_one_end_of_the_range_alone_is_found():
    """A slot of the stage is 1 mm short at one end: free in the middle, hit at the end."""
    second, reach = PLAN.second, p.TRAVEL + p.CLEAR
    plug = block((reach - 1.5, reach), (-second - 1.6, -second + 1.6), (2, p.STAGE))
    short = {**sound(), "stage": sound()["stage"] + plug}
    assert failed(PLAN, short) == {"collisions"}
    assert failed(PLAN, short, steps=1) == set()


def test_a_screw_too_long_is_found(monkeypatch):
    """The page says never to take longer ones: the next length hits the phone."""
    longer = tuple(
        dataclasses.replace(one, length=one.length + 2) if one.name.startswith("stage to cradle") else one
        for one in screws_of(PLAN)
    )
    monkeypatch.setattr("buffycoat.adapter.assembly.screws_of", lambda _: longer)
    assert failed(PLAN, sound()) == {"collisions"}
