"""What moves against what: collisions over the whole range of adjustment, the gaps, and where the axes lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

import numpy as np

from buffycoat.adapter import plan as p
from buffycoat.adapter.assembly import GROUPS, Placed, assemble
from buffycoat.adapter.cad import bd
from buffycoat.adapter.plan import Plan
from buffycoat.domain.value import value

__all__ = ["Collision", "axis_offset", "collisions", "gaps", "settings"]

Solid = Any
_TOUCH = 0.02
"""Volume that two bodies may share by rounding alone, mm³."""

_UPRIGHT = 0.999999


@value
class Collision:
    """Two bodies that would be in the same place.

    Attributes
    ----------
    setting : tuple of float
        x, y and height of the adjustment, mm from the middle.
    one, other : str
        Names of the bodies.
    volume : float
        What they share, mm³.
    """

    setting: tuple[float, float, float]
    one: str
    other: str
    volume: float


def settings(plan: Plan, *, steps: int = 3) -> tuple[tuple[float, float, float], ...]:
    """Return the settings that are tried: the whole range of x, y and height, ends included, in so many steps each."""
    flat = tuple(np.linspace(-p.TRAVEL, p.TRAVEL, steps).tolist())
    return tuple(product(flat, flat, np.linspace(-plan.down, plan.up, steps).tolist()))


def collisions(plan: Plan, built: Mapping[str, Solid], *, steps: int = 3) -> Iterator[Collision]:
    """Look for bodies that hit each other, at every setting of :func:`settings`.

    A screw may be in the part that it cuts its thread into, and in the knob on its head; all else must be free. What
    moves as one is compared once, what moves against each other at every setting.

    Parameters
    ----------
    plan : Plan
        The measures.
    built : mapping
        From :func:`~buffycoat.adapter.assembly.build_parts`.
    steps : int
        As for :func:`settings`.
    """
    seen: dict[tuple[str, str, tuple[float, ...]], float] = {}
    tried = settings(plan, steps=steps)
    for z in sorted({setting[2] for setting in tried}):
        bodies = list(assemble(plan, built, z=z))
        boxes = [_box(body.solid) for body in bodies]
        for x, y in sorted({setting[:2] for setting in tried}):
            moves = [_move(body, x, y) for body in bodies]
            for (i, one), (j, other) in combinations(enumerate(bodies), 2):
                if _allowed(one, other):
                    continue
                apart = moves[j] - moves[i]
                low, high = np.maximum(boxes[i][0], boxes[j][0] + apart), np.minimum(boxes[i][1], boxes[j][1] + apart)
                if (high - low < 1e-3).any():
                    continue
                rise = z if "clamp" in (one.group, other.group) else 0.0
                key = (one.name, other.name, (*np.round(apart, 3).tolist(), rise))
                if key not in seen:
                    seen[key] = _shared(one.solid, bd.Pos(*apart) * other.solid)
                if seen[key] > _TOUCH:
                    yield Collision(setting=(x, y, z), one=one.name, other=other.name, volume=seen[key])


def gaps(plan: Plan, built: Mapping[str, Solid]) -> dict[str, float]:
    """Return the least distances between bodies that pass each other without touching, at the lowest setting, mm."""
    found: dict[str, float] = {}
    for z, pairs in (
        (-plan.down, (("clamp", "sleeve"), ("clamp", "cradle"), ("clamp", "stage"), ("ocular", "phone"))),
        (plan.up, (("clamp", "sleeve"),)),
    ):
        at = {body.name: body.solid for body in assemble(plan, built, z=z)}
        for one, other in pairs:
            distance = float(at[one].distance_to(at[other]))
            name = f"{one} to {other}"
            found[name] = min(found.get(name, np.inf), distance)
    return found


def axis_offset(plan: Plan, built: Mapping[str, Solid]) -> float:
    """Return the distance of the camera's axis from the optical axis in the middle of x and y, mm.

    Read off the placed solids: the axis of the clamp's bore, and that of the lens in a phone that is pushed against the
    jaws and the stop.
    """
    at = {body.name: body.solid for body in assemble(plan, built)}
    bore = _axis(at["clamp"], plan.bore)
    left = at["jaw left"].bounding_box().max.X - p.LIP
    top = at["stop"].bounding_box().min.Y
    box = at["phone"].bounding_box()
    lens = _axis(at["phone"], 2.0) + np.array([left - box.min.X, top - box.max.Y])
    return float(np.hypot(*(lens - bore)))


def _axis(solid: Solid, radius: float) -> Any:
    """Return x and y of the upright axis of the round face of that radius.

    The radius is measured: a trimmed face does not tell its own.
    """
    for face in solid.faces().filter_by(bd.GeomType.CYLINDER):
        axis = face.axis_of_rotation
        if axis is None or abs(axis.direction.Z) < _UPRIGHT:
            continue
        at, on = np.array([axis.position.X, axis.position.Y]), face.position_at(0.5, 0.5)
        if abs(np.hypot(on.X - at[0], on.Y - at[1]) - radius) < 1e-6:
            return at
    message = f"no round face of radius {radius}"
    raise LookupError(message)


def _allowed(one: Placed, other: Placed) -> bool:
    return one.name in other.threads or other.name in one.threads


def _move(body: Placed, x: float, y: float) -> Any:
    """How far a body is from the middle: the stage moves in y, the cradle in x too."""
    rank = GROUPS.index(body.group)
    return np.array([x if rank >= 3 else 0.0, y if rank >= 2 else 0.0, 0.0])


def _box(solid: Solid) -> tuple[Any, Any]:
    box = solid.bounding_box()
    return np.array([box.min.X, box.min.Y, box.min.Z]), np.array([box.max.X, box.max.Y, box.max.Z])


def _shared(one: Solid, other: Solid) -> float:
    both = one & other
    return 0.0 if both is None else float(sum(solid.volume for solid in both.solids()))
