"""Solids that all parts are made of."""

from __future__ import annotations

from math import sqrt
from typing import Any

from buffycoat.adapter.cad import bd
from buffycoat.adapter.plan import CLEAR, HEAD, HEAD_HEIGHT

__all__ = ["block", "drop", "fork", "plate", "prism", "rod", "screw", "slot"]

Solid = Any
_BEYOND = 0.01


def block(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> Solid:
    """Return a box between three pairs of planes."""
    size = (x[1] - x[0], y[1] - y[0], z[1] - z[0])
    middle = ((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, (z[0] + z[1]) / 2)
    return bd.Pos(*middle) * bd.Box(*size)


def plate(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], corner: float = 4.0) -> Solid:
    """Return a box with round corners, seen along z."""
    corner = min(corner, (x[1] - x[0]) / 2 - _BEYOND, (y[1] - y[0]) / 2 - _BEYOND)
    sketch = bd.RectangleRounded(x[1] - x[0], y[1] - y[0], corner)
    return bd.Pos((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, z[0]) * bd.extrude(sketch, z[1] - z[0])


def rod(radius: float, z: tuple[float, float], at: tuple[float, float] = (0.0, 0.0)) -> Solid:
    """Return a cylinder along z."""
    return bd.Pos(at[0], at[1], (z[0] + z[1]) / 2) * bd.Cylinder(radius, z[1] - z[0])


def slot(half: float, radius: float, z: tuple[float, float], at: tuple[float, float], *, along: str) -> Solid:
    """Return what a slot takes away: a rod moved by ``half`` to both sides along x or y."""
    turned = bd.Rot(0, 0, 90 if along == "y" else 0)
    body = bd.extrude(bd.SlotCenterToCenter(2 * half, 2 * radius), z[1] - z[0])
    return bd.Pos(at[0], at[1], z[0]) * turned * body


def prism(points: list[tuple[float, float]], z: tuple[float, float]) -> Solid:
    """Return a polygon of x and y, drawn out along z."""
    face = bd.make_face(bd.Polyline(*points, close=True))
    return bd.Pos(0, 0, z[0]) * bd.extrude(face, z[1] - z[0])


def drop(
    radius: float,
    start: tuple[float, float, float],
    axis: tuple[float, float, float],
    up: tuple[float, float, float],
    length: float,
) -> Solid:
    """Return what a hole takes away that lies in the print: round, with a roof of 45 degrees towards ``up``."""
    edge = radius / sqrt(2)
    roof = bd.make_face(bd.Polyline((-edge, edge), (0, radius * sqrt(2)), (edge, edge), (0, 0), close=True))
    face = bd.Circle(radius) + roof
    plane = bd.Plane(origin=start, x_dir=bd.Vector(*up).cross(bd.Vector(*axis)), z_dir=axis)
    return plane * bd.extrude(face, length)


def fork(gap: float, depth: float, root: float) -> tuple[Solid, Solid]:
    """Return a lug that holds a lead screw by its head, and what is taken away for head, shank and key.

    It stands with its inner face in x = 0, reaches outward along +x, hangs from ``root``, and is open below: the screw
    is put in from there, and its thread keeps it from falling out. Its axis lies at z = 0.

    Parameters
    ----------
    gap : float
        Free length of the head, mm.
    depth : float
        How far it reaches below the axis, mm.
    root : float
        z of the plate it hangs from, mm.
    """
    wall, half = 2.6, 5.6
    pocket, shank, key = HEAD + 0.45, CLEAR + 0.05, CLEAR
    body = block((0, 2 * wall + gap), (-half, half), (-depth, root))

    def notch(x: tuple[float, float], radius: float) -> Solid:
        round_end = bd.Pos((x[0] + x[1]) / 2, 0, 0) * bd.Rot(0, 90, 0) * bd.Cylinder(radius, x[1] - x[0])
        return round_end + block(x, (-radius, radius), (-depth - 1, 0))

    away = notch((-1, wall + _BEYOND), shank)
    away += notch((wall, wall + gap), pocket)
    away += notch((wall + gap - _BEYOND, 2 * wall + gap + 1), key)
    return body, away


def screw(length: float) -> Solid:
    """Return an M3 screw that points up along +z, its head below z = 0."""
    return rod(1.5, (0, length)) + rod(HEAD, (-HEAD_HEIGHT, 0))
