"""What is measured on triangles, on bodies whose answers are known."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from buffycoat.adapter.mesh import loose_edges, measure_volume, mesh_of, steepest_overhang, thinnest_wall, turn
from buffycoat.adapter.mesh_files import read_stl, write_3mf, write_stl
from buffycoat.errors import InputError, UnreadableFormat


def box(low, high, *, inside_out=False):
    """The twelve triangles of a box."""
    points = np.array(
        [(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])], float
    )
    # points in the order 000 001 010 011 100 101 110 111 of x, y, z
    triangles = []
    for a, b, c, d in [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]:
        triangles += [(a, b, c), (a, c, d)]
    corners = points[np.array(triangles)]
    return corners[:, ::-1] if inside_out else corners


def wedge(lean):
    """A block whose one side leans outward by so many degrees from the vertical, 10 mm high."""
    out = 10 * np.tan(np.radians(lean))
    corners = box((0, 0, 0), (10, 10, 10))
    moved = (corners[..., 0] == 10) & (corners[..., 2] == 10)
    corners[..., 0] += moved * out
    return mesh_of(corners)


def test_a_box_is_closed_and_has_its_volume():
    mesh = mesh_of(box((0, 0, 0), (10, 20, 30)))
    assert len(mesh.points) == 8
    assert loose_edges(mesh) == 0
    assert measure_volume(mesh) == pytest.approx(6000)
    assert mesh.extent == (10, 20, 30)


def test_a_missing_triangle_leaves_three_loose_edges():
    assert loose_edges(mesh_of(box((0, 0, 0), (1, 1, 1))[1:])) == 3


def test_two_boxes_on_one_edge_are_not_manifold():
    both = np.concatenate([box((0, 0, 0), (1, 1, 1)), box((1, 1, 0), (2, 2, 1))])
    assert loose_edges(mesh_of(both)) > 0


def test_a_turned_triangle_is_found():
    corners = box((0, 0, 0), (1, 1, 1))
    corners[0] = corners[0][::-1]
    assert loose_edges(mesh_of(corners)) > 0


def test_a_box_inside_out_has_less_than_no_volume():
    assert measure_volume(mesh_of(box((0, 0, 0), (1, 2, 3), inside_out=True))) == pytest.approx(-6)


@pytest.mark.parametrize("lean", [10, 44, 46, 60, 80])
def test_an_overhang_is_measured(lean):
    assert steepest_overhang(wedge(lean)) == pytest.approx(lean, abs=1e-6)


def test_what_lies_on_the_bed_hangs_not():
    assert steepest_overhang(mesh_of(box((0, 0, 5), (10, 10, 15)))) == 0


@pytest.mark.parametrize("thick", [0.8, 1.5, 1.7, 4.0])
def test_the_wall_of_a_hollow_box_is_measured(thick):
    hollow = [box((0, 0, 0), (30, 40, 20)), box((5, 5, 5), (30 - thick, 35, 15), inside_out=True)]
    assert thinnest_wall(mesh_of(np.concatenate(hollow))) == pytest.approx(thick, abs=1e-6)


def test_the_sharp_edge_of_a_wedge_is_no_wall():
    assert thinnest_wall(wedge(45)) > 5


def test_turning_sets_a_part_on_the_bed():
    over = np.diag([1.0, -1.0, -1.0])
    turned = turn(mesh_of(box((5, 5, 5), (6, 7, 8))), over)
    assert turned.points.min(axis=0) == pytest.approx([-0.5, -1, 0])
    assert measure_volume(turned) == pytest.approx(6)


@pytest.mark.parametrize("wrong", [np.zeros((0, 3, 3)), np.zeros((3, 3)), np.full((1, 3, 3), np.nan)])
def test_what_is_no_triangle_is_refused(wrong):
    with pytest.raises(InputError):
        mesh_of(wrong)


def test_stl_comes_back_as_it_went():
    mesh = mesh_of(box((0, 0, 0), (10.25, 20.5, 30)))
    written = write_stl(mesh, "box")
    assert len(written) == 84 + 12 * 50
    assert written == write_stl(mesh, "box")
    back = read_stl(written, "box.stl")
    assert loose_edges(back) == 0
    assert measure_volume(back) == pytest.approx(10.25 * 20.5 * 30)


@pytest.mark.parametrize("content", [b"", b"solid a\nendsolid a\n", bytes(84), bytes(80) + b"\x01\0\0\0" + bytes(49)])
def test_a_broken_stl_is_named(content):
    with pytest.raises(UnreadableFormat, match=r"box\.stl"):
        read_stl(content, "box.stl")


def test_3mf_holds_the_same_triangles_in_millimeters():
    mesh = mesh_of(box((0, 0, 0), (10, 20, 30)))
    written = write_3mf(mesh, "a & b")
    assert written == write_3mf(mesh, "a & b")
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert set(archive.namelist()) == {"[Content_Types].xml", "_rels/.rels", "3D/3dmodel.model"}
        model = ET.fromstring(archive.read("3D/3dmodel.model"))
    space = {"m": "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"}
    assert model.get("unit") == "millimeter"
    points = [[float(v.get(axis)) for axis in "xyz"] for v in model.iterfind(".//m:vertex", space)]
    faces = [[int(t.get(corner)) for corner in ("v1", "v2", "v3")] for t in model.iterfind(".//m:triangle", space)]
    assert measure_volume(mesh_of(np.array(points)[np.array(faces)])) == pytest.approx(6000)
