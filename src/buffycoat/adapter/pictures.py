"""The exploded picture as lines and as shaded bodies, the assembled one, and one of each part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.adapter.assembly import Placed
from buffycoat.adapter.cad import bd
from buffycoat.adapter.mesh import Mesh
from buffycoat.adapter.shading import shade, view_of
from buffycoat.adapter.solids import as_mesh

__all__ = ["COLORS", "draw_assembled", "draw_exploded", "draw_lines", "draw_part", "part_of"]

COLORS: Mapping[str, tuple[int, int, int]] = {
    "clamp": (226, 150, 88),
    "sleeve": (112, 166, 222),
    "stage": (132, 196, 134),
    "cradle": (228, 203, 108),
    "jaw": (190, 138, 204),
    "stop": (150, 130, 215),
    "knob": (232, 118, 118),
}
_STEEL, _PHONE = (150, 152, 156), (96, 102, 110)
_FROM = (-1.0, -1.5, 0.75)
_UP = (0.0, 0.0, 1.0)
_LABEL = 7.0


def draw_exploded(bodies: Sequence[Placed], numbers: Mapping[str, int], *, width: int = 900) -> NDArray[np.uint8]:
    """Return the parts drawn apart along the axis, each with its number.

    Parameters
    ----------
    bodies : sequence of Placed
        From :func:`~buffycoat.adapter.assembly.assemble`.
    numbers : mapping
        The number of each part in the list of parts.
    width : int
        In pixels.
    """
    apart = [(body, as_mesh(bd.Pos(0, 0, body.lift) * _shortened(body))) for body in bodies if body.name != "phone"]
    view = view_of(_FROM, _UP)
    flat = np.concatenate([mesh.points @ view.T for _, mesh in apart])
    low, high = flat.min(axis=0)[:2], flat.max(axis=0)[:2]
    labels = _labels([(body, mesh.points @ view.T) for body, mesh in apart], numbers, high[0])
    # An unseen speck at the right keeps room for the numbers.
    corner = np.array([high[0] + 4 * _LABEL, low[1], 0.0]) @ view
    speck = np.repeat(corner[None, None], 3, axis=1)
    picture = shade([*[(mesh.corners, _color(body)) for body, mesh in apart], (speck, _STEEL)], view, width=width)
    scale = width * 0.92 / (high[0] + 4 * _LABEL - low[0])
    border = width * 0.04
    for number, (x, y), (to_x, to_y) in labels:
        at = [
            (int((a - low[0]) * scale + border), int(picture.shape[0] - ((b - low[1]) * scale + border)))
            for a, b in ((x, y), (to_x, to_y))
        ]
        cv2.line(picture, at[0], at[1], (40, 46, 51), 1, cv2.LINE_AA)
        cv2.circle(picture, at[0], 3, (40, 46, 51), -1, cv2.LINE_AA)
        cv2.circle(picture, at[1], 15, (255, 255, 255), -1, cv2.LINE_AA)
        cv2.circle(picture, at[1], 15, (40, 46, 51), 2, cv2.LINE_AA)
        cv2.putText(
            picture,
            str(number),
            (at[1][0] - 6, at[1][1] + 7),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.65,
            (40, 46, 51),
            2,
            cv2.LINE_AA,
        )
    return picture


def draw_lines(bodies: Sequence[Placed], numbers: Mapping[str, int], *, title: str) -> str:
    """Return the exploded picture as SVG: the edges that are seen, hidden ones left out, with numbers."""
    apart = [(body, bd.Pos(0, 0, body.lift) * _shortened(body)) for body in bodies if body.name != "phone"]
    whole = bd.Compound([solid for _, one in apart for solid in one.solids()])
    far = tuple(1000 * part for part in _FROM)
    seen, _ = whole.project_to_viewport(far, _UP, (0, 0, 0))
    lines = [_points(edge) for edge in seen]
    view = view_of(_FROM, _UP)
    flat = np.concatenate(lines)
    low, high = flat.min(axis=0), flat.max(axis=0)
    labels = _labels([(body, as_mesh(one).points @ view.T) for body, one in apart], numbers, high[0])
    margin = 6.0
    size = (high[0] - low[0] + 4 * _LABEL + 2 * margin, high[1] - low[1] + 2 * margin)

    def at(x: float, y: float) -> str:
        return f"{x - low[0] + margin:.2f} {high[1] - y + margin:.2f}"

    paths = sorted("M" + "L".join(at(*point) for point in line) for line in lines)
    label = escape(title)
    box = f"0 0 {size[0]:.1f} {size[1]:.1f}"
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" aria-label="{label}">',
        f"<title>{label}</title>",
        '<rect width="100%" height="100%" fill="#fbfbfa"/>',
        f'<path d="{"".join(paths)}" fill="none" stroke="#1b2126" stroke-width=".35" stroke-linejoin="round"/>',
        '<g font-family="sans-serif" font-size="6" text-anchor="middle" stroke-width=".3">',
    ]
    for number, start, end in labels:
        from_x, from_y = at(*start).split()
        to_x, to_y = at(*end).split()
        drawn += [
            f'<path d="M{from_x} {from_y}L{to_x} {to_y}" stroke="#555f68"/>',
            f'<circle cx="{from_x}" cy="{from_y}" r=".8" fill="#555f68"/>',
            f'<circle cx="{to_x}" cy="{to_y}" r="4.6" fill="#ffffff" stroke="#1b2126"/>',
            f'<text x="{to_x}" y="{float(to_y) + 2.1:.2f}" fill="#1b2126">{number}</text>',
        ]
    return "\n".join([*drawn, "</g>", "</svg>", ""])


def draw_assembled(bodies: Iterable[Placed], *, width: int = 800, below: bool = False) -> NDArray[np.uint8]:
    """Return the adapter on its ocular, with the phone; from below, without it."""
    view = view_of((0.8, -1.0, -0.9) if below else (-1.0, -1.5, 1.0), _UP)
    shown = [(as_mesh(body.solid).corners, _color(body)) for body in bodies if not (below and body.name == "phone")]
    return shade(shown, view, width=width)


def draw_part(name: str, mesh: Mesh, *, width: int = 420) -> NDArray[np.uint8]:
    """Return one part as it lies on the bed, seen from above."""
    return shade([(mesh.corners, COLORS[name])], view_of((1.0, -1.6, 1.2), _UP), width=width)


def part_of(body: Placed) -> str:
    """Return which of the printed parts a placed body is."""
    return body.name.split()[0]


def _color(body: Placed) -> tuple[int, int, int]:
    if body.kind == "part":
        return COLORS[part_of(body)]
    return _PHONE if body.name == "phone" else _STEEL


def _shortened(body: Placed) -> Any:
    """Cut the ocular below the clamp: the picture would be mostly ocular."""
    if body.name != "ocular":
        return body.solid
    return body.solid & (bd.Pos(0, 0, -15) * bd.Box(100, 100, 32))


def _labels(
    bodies: Sequence[tuple[Placed, NDArray[np.float64]]], numbers: Mapping[str, int], right: float
) -> list[tuple[int, tuple[float, float], tuple[float, float]]]:
    """Place each number to the right of its part, none over another."""
    wanted: dict[str, tuple[float, float]] = {}
    for body, seen in bodies:
        name = part_of(body)
        if body.kind == "part":
            edge = seen[seen[:, 0].argmax()]
            if name not in wanted or edge[0] > wanted[name][0]:
                wanted[name] = (float(edge[0]) - 1.0, float(edge[1]))
    placed = []
    above = np.inf
    for name, start in sorted(wanted.items(), key=lambda item: -item[1][1]):
        above = min(start[1], above - 2 * _LABEL)
        placed.append((numbers[name], start, (right + 2.4 * _LABEL, above)))
    return placed


def _points(edge: Any) -> NDArray[np.float64]:
    steps = (0.0, 1.0) if edge.geom_type == bd.GeomType.LINE else np.linspace(0, 1, max(9, int(edge.length / 1.5) + 2))
    return np.array([(at.X, at.Y) for at in (edge.position_at(float(step)) for step in steps)])
