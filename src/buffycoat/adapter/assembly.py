"""Parts, screws, ocular and phone in their places, at any setting of the adjustment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from buffycoat.adapter import parts
from buffycoat.adapter import plan as p
from buffycoat.adapter.cad import bd
from buffycoat.adapter.plan import Plan
from buffycoat.adapter.screws import Screw, screws_of
from buffycoat.adapter.shapes import block, plate, rod, screw
from buffycoat.domain.value import value

__all__ = ["GROUPS", "Placed", "assemble", "build_parts"]

Solid = Any
_LIFT = {"clamp": 0.0, "sleeve": 34.0, "stage": 62.0, "cradle": 92.0, "jaw": 106.0, "stop": 122.0}
GROUPS = ("clamp", "sleeve", "stage", "cradle")
"""What moves as one, from below: each slides on the one before."""


@value
class Placed:
    """A solid in its place.

    Attributes
    ----------
    name : str
        Of the part; screws have the name of their place.
    group : str
        One of :data:`GROUPS`: what it moves with.
    solid : build123d solid
        In the middle of the adjustment.
    kind : str
        ``"part"``, ``"screw"`` or ``"thing"`` (phone, ocular).
    threads : tuple of str
        Names of the parts that a screw cuts its thread into.
    lift : float
        How far up it goes in the exploded picture, mm.
    """

    name: str
    group: str
    solid: Any
    kind: str = "part"
    threads: tuple[str, ...] = ()
    lift: float = 0.0


def build_parts(plan: Plan) -> dict[str, Solid]:
    """Return the parts that are printed, each in its own place."""
    return {
        "clamp": parts.clamp(plan),
        "sleeve": parts.sleeve(plan),
        "stage": parts.stage(plan),
        "cradle": parts.cradle(plan),
        "jaw": parts.jaw(plan),
        "stop": parts.stop(plan),
        "knob": parts.knob(),
    }


def assemble(plan: Plan, built: Mapping[str, Solid], *, z: float = 0.0) -> Iterator[Placed]:
    """Put all in place, in the middle of x and y.

    Parameters
    ----------
    plan : Plan
        The measures.
    built : mapping
        From :func:`build_parts`.
    z : float
        How far the height screws lift the phone from the middle, mm.
    """
    level = plan.height + z
    base = {"clamp": 0.0, "sleeve": level - p.CRADLE - p.STAGE, "stage": level - p.CRADLE - p.STAGE}
    base["cradle"] = level - p.CRADLE
    ocular = rod(plan.ocular.diameter / 2, (-60, 0)) - rod(plan.ocular.diameter / 2 - 4, (-1, 1))
    yield Placed(name="ocular", group="clamp", solid=ocular, kind="thing", lift=-30)
    for name in GROUPS:
        yield Placed(name=name, group=name, solid=bd.Pos(0, 0, base[name]) * built[name], lift=_LIFT[name])
    held = {
        "jaw right": bd.Pos(plan.right, plan.jaws, level) * built["jaw"],
        "jaw left": bd.Pos(plan.left, plan.jaws, level) * bd.Rot(0, 0, 180) * built["jaw"],
        "stop": bd.Pos(plan.stop, plan.head, level) * built["stop"],
    }
    for name, solid in held.items():
        yield Placed(name=name, group="cradle", solid=solid, lift=_LIFT[name.split()[0]])
    for one in screws_of(plan):
        yield from _screw(built, one, base)
    yield Placed(name="phone", group="cradle", solid=_phone(plan, level), kind="thing", lift=150)


def _screw(built: Mapping[str, Solid], one: Screw, base: Mapping[str, float]) -> Iterator[Placed]:
    """Place a screw with its knob; the tips of the height screws carry the sleeve."""
    x, y, z = one.at
    up = base[one.level] + z
    if one.tip_on_sleeve:
        up = base["sleeve"] - p.FLANGE - one.length
    place = bd.Pos(x, y, up) * _towards(one.way)
    lift = one.lift
    if one.knob:
        body = place * bd.Pos(0, 0, 2) * bd.Rot(180, 0, 0) * built["knob"]
        yield Placed(name=f"knob of {one.name}", group=one.group, solid=body, threads=(one.name,), lift=lift)
    yield Placed(
        name=one.name, group=one.group, solid=place * screw(one.length), kind="screw", threads=one.threads, lift=lift
    )


def _towards(way: tuple[float, float, float]) -> Any:
    return bd.Plane(origin=(0, 0, 0), z_dir=way).location


def _phone(plan: Plan, level: float) -> Solid:
    phone = plan.phone
    body = plate((plan.left, plan.right), (plan.foot, plan.head), (level, level + phone.thickness), 8)
    if phone.bump > 0:
        low_x, high_x, low_y, high_y = (
            edge + shrink for edge, shrink in zip(plan.opening, (0.8, -0.8, 0.8, -0.8), strict=True)
        )
        low_x, high_x = max(low_x, plan.left), min(high_x, plan.right)
        body += block((low_x, high_x), (low_y, high_y), (level - phone.bump, level))
    return body - rod(2.0, (level - phone.bump - 1, level - phone.bump + 0.5))
