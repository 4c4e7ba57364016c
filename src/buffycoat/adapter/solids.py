"""From solids to triangles as they are printed, and to STEP."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from buffycoat.adapter.cad import bd
from buffycoat.adapter.mesh import Mesh, mesh_of, turn

__all__ = ["PRINTED", "as_mesh", "as_printed", "as_step"]

Solid = Any
TOLERANCE, ANGLE = 0.04, 0.35
PRINTED: dict[str, tuple[float, float, float]] = {
    "clamp": (0, 0, 0),
    "sleeve": (180, 0, 0),
    "stage": (180, 0, 0),
    "cradle": (180, 0, 0),
    "jaw": (90, 0, 0),
    "stop": (0, 0, 0),
    "knob": (0, 0, 0),
}
"""How each part is turned about x, y and z, in degrees, before it lies on the bed."""
_DATE = "2000-01-01T00:00:00"


def as_mesh(solid: Solid) -> Mesh:
    """Return the triangles of a solid: at most 0.04 mm and 20 degrees beside the true surface."""
    points, faces = solid.tessellate(TOLERANCE, ANGLE)
    at = np.array([(point.X, point.Y, point.Z) for point in points], dtype=np.float64)
    return mesh_of(at[np.asarray(faces)])


def as_printed(name: str, solid: Solid) -> Mesh:
    """Return the triangles of a part as it lies on the bed."""
    return turn(as_mesh(solid), _matrix(PRINTED[name]))


def _matrix(angles: tuple[float, float, float]) -> NDArray[np.float64]:
    turned = np.eye(3)
    for axis, angle in enumerate(angles):
        cosine, sine = np.round((np.cos(np.radians(angle)), np.sin(np.radians(angle))), 12)
        one = np.eye(3)
        i, j = (axis + 1) % 3, (axis + 2) % 3
        one[i, i], one[i, j], one[j, i], one[j, j] = cosine, -sine, sine, cosine
        turned = one @ turned
    return turned


def as_step(name: str, solid: Solid) -> bytes:
    """Return a part as STEP; its header has a fixed date, so that the same part makes the same bytes."""
    solid.label = name
    written = io.BytesIO()
    bd.export_step(solid, written, write_pcurves=False, timestamp=_DATE)
    return written.getvalue()
