"""What a built adapter must hold before it is handed out, each with its limit and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from buffycoat.adapter.mesh import Mesh, loose_edges, measure_volume, steepest_overhang, thinnest_wall
from buffycoat.adapter.motion import axis_offset, collisions, gaps
from buffycoat.adapter.plan import BED, ENGAGED, LEAST_WALL, Plan
from buffycoat.domain.value import value

__all__ = ["AXIS", "Check", "check_built", "check_mesh"]

AXIS = 0.1
"""How far the camera's axis may be from the optical axis, mm."""
_STEEPEST = 45.5
_GAP = 0.25


@value
class Check:
    """One thing that must hold.

    Attributes
    ----------
    name : str
        ``"manifold"``, ``"wall"``, …: a key of the page's words.
    part : str
        Which part, or pair of parts; empty where it is the whole.
    limit : str
        What is wanted, with its unit.
    found : str
        What was found.
    holds : bool
        Whether it holds.
    """

    name: str
    part: str
    limit: str
    found: str
    holds: bool


def check_mesh(name: str, mesh: Mesh) -> tuple[Check, ...]:
    """Check one part as it lies on the bed: closed, on the bed, printable without support, nowhere too thin."""
    loose, wall = loose_edges(mesh), thinnest_wall(mesh)
    lean, side = steepest_overhang(mesh), max(mesh.extent)
    volume = measure_volume(mesh)
    return (
        Check(name="manifold", part=name, limit="0", found=str(loose), holds=loose == 0 and volume > 0),
        Check(name="bed", part=name, limit=f"≤ {BED:g} mm", found=f"{side:.1f} mm", holds=side <= BED),
        Check(name="overhang", part=name, limit="≤ 45°", found=f"{lean:.1f}°", holds=lean <= _STEEPEST),
        Check(name="wall", part=name, limit=f"≥ {LEAST_WALL:g} mm", found=f"{wall:.2f} mm", holds=wall >= LEAST_WALL),
    )


def check_built(plan: Plan, built: Mapping[str, Any], *, steps: int = 3) -> tuple[Check, ...]:
    """Check the whole: axes, gaps, and that nothing hits anything over the whole range of adjustment.

    Parameters
    ----------
    plan : Plan
        The measures.
    built : mapping
        From :func:`~buffycoat.adapter.assembly.build_parts`.
    steps : int
        In how many steps x, y and height are tried, ends included.
    """
    offset = axis_offset(plan, built)
    hits = list(collisions(plan, built, steps=steps))
    named = ", ".join(sorted({f"{hit.one} and {hit.other}" for hit in hits}))
    apart = [
        Check(name="gap", part=pair, limit=f"≥ {_GAP:g} mm", found=f"{gap:.2f} mm", holds=gap >= _GAP)
        for pair, gap in gaps(plan, built).items()
    ]
    return (
        Check(name="axis", part="", limit=f"≤ {AXIS:g} mm", found=f"{offset:.3f} mm", holds=offset <= AXIS),
        Check(name="collisions", part=f"{steps**3}", limit="0", found=named or "0", holds=not hits),
        *apart,
        Check(
            name="engaged",
            part="clamp to sleeve",
            limit=f"≥ {ENGAGED:g} mm",
            found=f"{plan.engaged:.1f} mm",
            holds=plan.engaged >= ENGAGED - 1e-6,
        ),
    )
