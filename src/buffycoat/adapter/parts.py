"""The parts, each in its own place: clamp by the rim, the others with z = 0 where they lie on the one below."""

from __future__ import annotations

from math import cos, radians, sin, sqrt
from typing import Any

from buffycoat.adapter import plan as p
from buffycoat.adapter.cad import bd
from buffycoat.adapter.plan import Plan
from buffycoat.adapter.screws import HEAD_GAP, LEAD_GAP, LUGS
from buffycoat.adapter.shapes import block, drop, fork, plate, prism, rod, slot

__all__ = ["clamp", "cradle", "jaw", "knob", "sleeve", "stage", "stop"]

Solid = Any
DOWN, UP = (0.0, 0.0, -1.0), (0.0, 0.0, 1.0)


def clamp(plan: Plan) -> Solid:
    """Return the split ring that sits on the ocular, with ears for its screw and lugs for the height screws."""
    low, ear_top = -p.REACH, -p.REACH + p.EAR
    body = rod(plan.clamp, (low, plan.top))
    body += block((-7.25, 7.25), (plan.bore + 1, plan.ear + 3.6), (low, ear_top))
    for angle in LUGS:
        lug = block((plan.bore + 1, plan.lug + 4), (-4, 4), (low, ear_top))
        body += bd.Rot(0, 0, angle) * lug
    body -= rod(plan.bore, (low - 1, plan.top + 1))
    body -= block((-p.SLIT / 2, p.SLIT / 2), (0, plan.ear + 10), (low - 1, plan.top + 1))
    middle = low + p.EAR / 2
    body -= drop(p.CLEAR, (0, plan.ear, middle), (1, 0, 0), UP, 20)
    body -= drop(p.THREAD, (0, plan.ear, middle), (-1, 0, 0), UP, 20)
    for angle in LUGS:
        x, y = plan.lug * cos(radians(angle)), plan.lug * sin(radians(angle))
        body -= rod(p.THREAD, (low - 1, ear_top + 1), (x, y))
    return body


def sleeve(plan: Plan) -> Solid:
    """Return the sleeve with its flange, whose upper face is z = 0; it is printed standing on that face."""
    flange, first = p.FLANGE, plan.first
    bottom = -flange - plan.tube
    body = rod(plan.flange, (-flange, 0))
    body += plate((-first - 5, first + 5), (-10, 10), (-flange, 0))
    lead = -flange - p.LEAD_DEPTH
    body += block((-first - 5, -first + 5), (0, 18), (-flange, 0))
    body += block((-first - 5, -first + 5), (10, 18), (lead - p.THREAD - 2.4, -flange))
    body += rod(plan.outer, (bottom, -flange))
    boss = plan.outer + 4
    body += block((-4.5, 4.5), (-boss, 0), (-flange - p.LOCK_BELOW - 4.6, -flange))
    body -= rod(plan.inner, (bottom - 1, 1))
    body -= block((-8.2, 8.2), (0, plan.outer + 1), (bottom - 1, -flange))
    for angle in LUGS:
        window = block((0, plan.outer + 1), (-4.7, 4.7), (bottom - 1, -flange))
        body -= bd.Rot(0, 0, angle) * window
    body -= block((-first - 20, -first + 7), (18, 60), (-flange - 1, 1))
    body -= drop(p.THREAD, (0, 0, -flange - p.LOCK_BELOW), (0, -1, 0), DOWN, boss + 1)
    body -= drop(p.THREAD, (-first, 9, lead), (0, 1, 0), DOWN, 10)
    for side in (-1, 1):
        body -= slot(p.TRAVEL, p.CLEAR, (-flange - 1, 1), (side * first, 0), along="y")
    return body


def stage(plan: Plan) -> Solid:
    """Return the plate between sleeve and cradle, whose underside is z = 0; it is printed with that side up."""
    first, second, thick = plan.first, plan.second, p.STAGE
    hole = plan.clamp + 0.7
    low = -(p.LEAD_DEPTH + p.THREAD + 2.4)
    body = plate((-first - 5.6, first + 5.6), (-hole - 9, hole + 9), (0, thick))
    body += plate((-13, 13), (-second - 5.5, second + 5.5), (0, thick))
    body += plate((-13, 20.5), (second - 5, second + 5.5), (0, thick), 2)
    body += block((12.5, 20.5), (second - 5, second + 5), (low, thick))
    begin = 18 + LEAD_GAP
    lug, away = fork(HEAD_GAP, 4.2, p.FLANGE + p.LEAD_DEPTH + thick)
    place = bd.Pos(-first, begin, -p.FLANGE - p.LEAD_DEPTH) * bd.Rot(0, 0, 90)
    body += place * lug
    body -= slot(p.TRAVEL, hole, (-1, thick + 1), (0, 0), along="y")
    body -= place * away
    for side in (-1, 1):
        body -= rod(p.THREAD, (-1, thick + 1), (side * first, 0))
        body -= slot(p.TRAVEL, p.CLEAR, (-1, thick + 1), (0, side * second), along="x")
        body -= slot(p.TRAVEL, p.HEAD + 0.45, (-1, 1), (0, side * second), along="x")
    body -= drop(p.THREAD, (11.5, second, -p.LEAD_DEPTH), (1, 0, 0), DOWN, 10)
    return body


def cradle(plan: Plan) -> Solid:
    """Return the plate below the phone, whose underside is z = 0; it is printed with the phone's side down."""
    thick, first, second = p.CRADLE, plan.first, plan.second
    low_x, high_x, low_y, high_y = plan.opening
    bar = (plan.jaws - p.BAR_HALF, plan.jaws + p.BAR_HALF)
    ends = (plan.left - p.BAR_BEYOND, plan.right + p.BAR_BEYOND)
    z = (0.0, thick)
    upper, lower = second + 6, -second - 6
    body = plate((-first - 2, 36.5), (lower, upper), z)
    body += plate((low_x - 6, high_x + 6), (low_y - 6, high_y + 6), z)
    top = plan.head + p.STOP_WALL + p.STOP_FOOT + 2
    body += plate((plan.stop - p.STOP_HALF - 2, plan.stop + p.STOP_HALF + 2), (0, top), z)
    body += plate(ends, bar, z)
    body += prism(
        [
            (-first - 2, 0),
            (36.5, 0),
            (36.5, lower + 4),
            (ends[1] - 4, bar[1] - 4),
            (ends[0] + 4, bar[1] - 4),
            (min(-first - 2, low_x - 6), lower + 4),
        ],
        z,
    )
    lug, away = fork(HEAD_GAP, 4.2, p.STAGE + p.LEAD_DEPTH + thick)
    place = bd.Pos(20.5 + LEAD_GAP, second, -p.STAGE - p.LEAD_DEPTH)
    body += place * lug
    body -= plate((low_x, high_x), (low_y, high_y), (-1, thick + 1), 1.5)
    body -= place * away
    for side in (-1, 1):
        body -= rod(p.THREAD, (-1, thick + 1), (0, side * second))
        stop_at = (plan.stop + side * p.STOP_SPAN, plan.head + p.STOP_WALL + p.STOP_SCREW)
        body -= rod(p.THREAD, (-1, thick + 1), stop_at)
        for x in (plan.left - p.JAW_SCREW, plan.right + p.JAW_SCREW):
            body -= slot(p.JAW_TRAVEL, p.CLEAR, (-1, thick + 1), (x, plan.jaws + side * p.JAW_SPAN), along="x")
    return body


def jaw(plan: Plan) -> Solid:
    """Return the right jaw: x = 0 is the phone's edge, z = 0 the cradle; it is printed standing on its end.

    The left one is the same, turned by half. Its wall holds the phone by friction; the lip keeps it from lifting off,
    and slopes so that it prints without support and passes over a rounded edge.
    """
    rim = plan.phone.thickness
    top = rim + p.LIP_SLOPE + p.LIP_HEIGHT
    half = p.JAW_LENGTH / 2
    profile = [(0, 0), (p.JAW_WIDTH, 0), (p.JAW_WIDTH, top), (-p.LIP, top), (-p.LIP, rim + p.LIP_SLOPE), (0, rim)]
    body = bd.Rot(90, 0, 0) * prism(profile, (-half, half))
    for side in (-1, 1):
        body -= drop(p.THREAD, (p.JAW_SCREW, side * p.JAW_SPAN, -1), UP, (0, 1, 0), top + 2)
    return body


def stop(plan: Plan) -> Solid:
    """Return the angle that the phone's upper edge leans on: y = 0 is that edge, z = 0 the cradle."""
    half, wall = p.STOP_HALF, p.STOP_WALL
    body = plate((-half, half), (0, wall + p.STOP_FOOT), (0, 4.0), 1.5)
    body += plate((-half, half), (0, wall), (0, 4.0 + 0.6 * plan.phone.thickness), 1.5)
    for side in (-1, 1):
        at = (side * p.STOP_SPAN, wall + p.STOP_SCREW)
        body -= slot(p.STOP_TRAVEL, p.CLEAR, (-1, 5), at, along="y")
    return body


def knob() -> Solid:
    """Return the knob that is pressed on a screw's head: six edges of its pocket grip the knurl."""
    body = rod(p.KNOB, (0, 6.0))
    for turn in range(6):
        angle = radians(60 * turn)
        body -= rod(1.6, (-1, 7), ((p.KNOB + 0.7) * cos(angle), (p.KNOB + 0.7) * sin(angle)))
    body -= rod(p.CLEAR, (-1, 3))
    corner = 2.7 / (sqrt(3) / 2)
    turn = 30
    points = [(corner * cos(radians(60 * k + turn)), corner * sin(radians(60 * k + turn))) for k in range(6)]
    body -= prism(points, (2.0, 7.0))
    return body
