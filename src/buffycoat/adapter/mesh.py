"""A part as triangles: what a printer gets, and what can be measured on it without any CAD program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError

__all__ = ["Mesh", "loose_edges", "measure_volume", "mesh_of", "steepest_overhang", "thinnest_wall", "turn"]

_ACROSS = -0.8
"""Cosine between the normals of two faces that make a wall: at most 37 degrees from back to back."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """Triangles with shared corners.

    Attributes
    ----------
    points : numpy.ndarray
        Shape (n, 3), float64, mm.
    faces : numpy.ndarray
        Shape (m, 3), int64: three points each, anticlockwise seen from outside.
    """

    points: NDArray[np.float64]
    faces: NDArray[np.int64]

    @property
    def corners(self) -> NDArray[np.float64]:
        """Shape (m, 3, 3): the three corners of every triangle."""
        return self.points[self.faces]

    @property
    def extent(self) -> tuple[float, float, float]:
        """Size along x, y and z, mm."""
        size = np.ptp(self.points, axis=0)
        return float(size[0]), float(size[1]), float(size[2])


def mesh_of(corners: NDArray[Any], *, weld: float = 1e-4) -> Mesh:
    """Join triangles where their corners are the same.

    Parameters
    ----------
    corners : numpy.ndarray
        Shape (m, 3, 3), mm.
    weld : float
        Corners nearer than about this, in mm, are one.

    Raises
    ------
    InputError
        If the array has another shape, or holds what is no number.
    """
    if corners.ndim != 3 or corners.shape[1:] != (3, 3) or not len(corners) or not np.isfinite(corners).all():
        raise InputError("these are no triangles", expected="(m, 3, 3), all finite", found=str(corners.shape))
    flat = np.asarray(corners, dtype=np.float64).reshape(-1, 3)
    _, first, index = np.unique(np.round(flat / weld).astype(np.int64), axis=0, return_index=True, return_inverse=True)
    faces = index.reshape(-1, 3)
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return Mesh(points=flat[first], faces=faces[whole].astype(np.int64))


def turn(mesh: Mesh, matrix: NDArray[np.float64]) -> Mesh:
    """Return the mesh turned and set onto the bed: its lowest point at z = 0, its middle in x = y = 0."""
    points = mesh.points @ matrix.T
    low, high = points.min(axis=0), points.max(axis=0)
    return Mesh(points=points - [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]], faces=mesh.faces)


def loose_edges(mesh: Mesh) -> int:
    """Return how many edges are not shared by exactly two faces that run through it in opposite ways; 0 is manifold."""
    faces = mesh.faces
    ends = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    count = len(mesh.points)
    there, times = np.unique(ends[:, 0] * count + ends[:, 1], return_counts=True)
    back = np.isin(ends[:, 1] * count + ends[:, 0], there)
    return int((times > 1).sum() + (~back).sum())


def measure_volume(mesh: Mesh) -> float:
    """Return the volume, mm³: the sum of tetrahedra over every face; negative where the mesh is inside out."""
    a, b, c = mesh.corners.transpose(1, 0, 2)
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def steepest_overhang(mesh: Mesh, *, bed: float = 0.05) -> float:
    """Return how far the flattest face that looks down leans from the vertical, in degrees.

    A wall has 0, a roof 90. What lies on the bed does not count; slicers print 45 without support.

    Parameters
    ----------
    mesh : Mesh
        As it is printed, z up.
    bed : float
        Up to this height over the lowest point a face lies on the bed, mm.
    """
    normals, areas = _normals(mesh)
    lowest = float(mesh.points[:, 2].min())
    lying = (mesh.corners[:, :, 2] < lowest + bed).all(axis=1)
    hanging = ~lying & (areas > 1e-4)
    if not hanging.any():
        return 0.0
    return float(np.degrees(np.arcsin(np.clip(-normals[hanging, 2].min(), 0.0, 1.0)))) + 0.0


def thinnest_wall(mesh: Mesh, *, rays: int = 1500) -> float:
    """Return the least thickness between two faces that stand back to back, mm.

    Rays go inward from points spread evenly over the surface, the same ones at every time, and from the middle of the
    largest faces. Where they leave through a face that leans by more than 37 degrees, it is an edge and no wall.

    Parameters
    ----------
    mesh : Mesh
        Closed.
    rays : int
        How many.
    """
    corners = mesh.corners
    normals, areas = _normals(mesh)
    total = np.cumsum(areas)
    share = (np.arange(rays) + 0.5) / rays
    chosen = np.searchsorted(total, share * total[-1])
    u, v = (share * rays * 0.7548776662) % 1, (share * rays * 0.5698402910) % 1
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    a, b, c = corners[chosen].transpose(1, 0, 2)
    starts = a + u[:, None] * (b - a) + v[:, None] * (c - a)
    largest = np.argsort(-areas)[: rays // 4]
    starts = np.concatenate([starts, corners[largest].mean(axis=1)])
    chosen = np.concatenate([chosen, largest])
    thin = np.inf
    for begin in range(0, len(chosen), 64):
        part = slice(begin, begin + 64)
        thin = min(thin, _leave(starts[part], normals[chosen[part]], corners, normals))
    return float(thin)


def _normals(mesh: Mesh) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b, c = mesh.corners.transpose(1, 0, 2)
    crossed = np.cross(b - a, c - a)
    length = np.linalg.norm(crossed, axis=1)
    return crossed / np.maximum(length, 1e-12)[:, None], length / 2


def _leave(
    starts: NDArray[np.float64],
    outward: NDArray[np.float64],
    corners: NDArray[np.float64],
    normals: NDArray[np.float64],
) -> float:
    """Return the shortest way through walls (Möller and Trumbore 1997, all rays against all triangles)."""
    a, edge_1, edge_2 = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    inward = -outward
    p = np.cross(inward[:, None], edge_2[None])
    determinant = np.einsum("rfk,fk->rf", p, edge_1)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = starts[:, None] - a[None]
        u = np.einsum("rfk,rfk->rf", s, p) / determinant
        q = np.cross(s, edge_1[None])
        v = np.einsum("rfk,rk->rf", q, inward) / determinant
        way = np.einsum("rfk,fk->rf", q, edge_2) / determinant
        hit = (np.abs(determinant) > 1e-12) & (u >= 0) & (v >= 0) & (u + v <= 1) & (way > 1e-3)
    way = np.where(hit, way, np.inf)
    nearest = way.argmin(axis=1)
    rows = np.arange(len(starts))
    wall = np.einsum("rk,rk->r", outward, normals[nearest]) < _ACROSS
    return float(np.where(wall, way[rows, nearest], np.inf).min())
