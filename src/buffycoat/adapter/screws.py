"""Where each screw sits, how long it is, and what it holds: the list of what to buy."""

from __future__ import annotations

from collections import Counter
from math import cos, radians, sin

from buffycoat.adapter import plan as p
from buffycoat.adapter.plan import Plan
from buffycoat.domain.value import value

__all__ = ["HEAD_GAP", "LEAD_GAP", "LUGS", "Screw", "count_screws", "screws_of"]


@value
class Screw:
    """An M3 screw with cylinder head and hexagon socket (ISO 4762).

    Attributes
    ----------
    name : str
        Of its place.
    group : str
        What it moves with.
    level : str
        The part whose z = 0 ``at`` is measured from.
    at : tuple of float
        Underside of the head, mm.
    way : tuple of float
        Where it points.
    length : int
        Below the head, mm.
    threads : tuple of str
        Parts that it cuts its thread into.
    knob : bool
        Whether a printed knob sits on its head, 2 mm of it below the head.
    tip_on_sleeve : bool
        Whether its tip carries the sleeve, so that it moves with the height.
    lift : float
        How far up it goes in the exploded picture, mm.
    """

    name: str
    group: str
    level: str
    at: tuple[float, float, float]
    way: tuple[float, float, float]
    length: int
    threads: tuple[str, ...]
    knob: bool = False
    tip_on_sleeve: bool = False
    lift: float = 0.0


UP, DOWN = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0)
LUGS = (225.0, 315.0)
"""Where the height screws stand, degrees from x."""
HEAD_GAP = 3.4
"""Free length for the head of a lead screw."""
LEAD_GAP = 6.0
"""From a lead screw's thread to its fork, in the middle of the adjustment."""
LEAD_WALL = 2.6


def screws_of(plan: Plan) -> tuple[Screw, ...]:
    """Return all screws of an adapter, in the middle of the adjustment."""
    ear = -p.REACH + p.EAR / 2
    found = [
        Screw(
            name="clamping screw",
            group="clamp",
            level="clamp",
            at=(7.25, plan.ear, ear),
            way=(-1, 0, 0),
            length=16,
            threads=("clamp",),
        )
    ]
    for angle in LUGS:
        at = (plan.lug * cos(radians(angle)), plan.lug * sin(radians(angle)), 0.0)
        found.append(
            Screw(
                name=f"height screw {'left' if at[0] < 0 else 'right'}",
                group="clamp",
                level="clamp",
                at=at,
                way=UP,
                length=plan.height_screw,
                threads=("clamp",),
                tip_on_sleeve=True,
                lift=-30,
            )
        )
    lock = (0.0, -plan.clamp - 16.0, -p.FLANGE - p.LOCK_BELOW)
    found.append(
        Screw(
            name="locking screw",
            group="sleeve",
            level="sleeve",
            at=lock,
            way=(0, 1, 0),
            length=16,
            threads=("sleeve",),
            knob=True,
            lift=34,
        )
    )
    head = LEAD_GAP + LEAD_WALL + (HEAD_GAP - p.HEAD_HEIGHT) / 2
    found += [
        Screw(
            name="lead screw y",
            group="stage",
            level="stage",
            at=(-plan.first, 18 + head, -p.FLANGE - p.LEAD_DEPTH),
            way=(0, -1, 0),
            length=20,
            threads=("sleeve",),
            lift=62,
        ),
        Screw(
            name="lead screw x",
            group="cradle",
            level="stage",
            at=(20.5 + head, plan.second, -p.LEAD_DEPTH),
            way=(-1, 0, 0),
            length=20,
            threads=("stage",),
            lift=92,
        ),
    ]
    for side, word in ((-1, "left"), (1, "right")):
        found.append(
            Screw(
                name=f"sleeve to stage {word}",
                group="stage",
                level="stage",
                at=(side * plan.first, 0, -p.FLANGE),
                way=UP,
                length=8,
                threads=("stage",),
                lift=18,
            )
        )
    for side, word in ((-1, "lower"), (1, "upper")):
        found.append(
            Screw(
                name=f"stage to cradle {word}",
                group="cradle",
                level="stage",
                at=(0, side * plan.second, 1.0),
                way=UP,
                length=8,
                threads=("cradle",),
                lift=50,
            )
        )
    loose = "right" if plan.right > -plan.left else "left"
    for edge, word in ((plan.left - p.JAW_SCREW, "left"), (plan.right + p.JAW_SCREW, "right")):
        for side, place in ((-1, "lower"), (1, "upper")):
            knob = word == loose
            found.append(
                Screw(
                    name=f"jaw {word} {place}",
                    group="cradle",
                    level="cradle",
                    at=(edge, plan.jaws + side * p.JAW_SPAN, -2.0 if knob else 0.0),
                    way=UP,
                    length=16 if knob else 12,
                    threads=(f"jaw {word}",),
                    knob=knob,
                    lift=76,
                )
            )
    for side, word in ((-1, "left"), (1, "right")):
        at = (plan.stop + side * p.STOP_SPAN, plan.head + p.STOP_WALL + p.STOP_SCREW, p.CRADLE + 4.0)
        found.append(
            Screw(
                name=f"stop {word}",
                group="cradle",
                level="cradle",
                at=at,
                way=DOWN,
                length=8,
                threads=("cradle",),
                lift=140,
            )
        )
    return tuple(found)


def count_screws(plan: Plan) -> dict[int, int]:
    """Return how many screws of each length are needed, shortest first.

    Examples
    --------
    >>> from buffycoat.adapter.plan import plan_adapter
    >>> from buffycoat.adapter.presets import find_ocular, find_phone
    >>> count_screws(plan_adapter(find_phone("samsung-galaxy-s5"), find_ocular("olympus-cx18")))
    {8: 6, 12: 2, 16: 4, 20: 2, 30: 2}
    """
    return dict(sorted(Counter(screw.length for screw in screws_of(plan)).items()))
