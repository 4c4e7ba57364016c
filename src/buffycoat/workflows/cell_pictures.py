"""The crop of a cell as galleries show it: drawn once in each size, and then only read."""

from __future__ import annotations

from buffycoat.workflows import browse
from buffycoat.workflows.workspace import Workspace

__all__ = ["SIDES", "draw_picture", "kept_picture", "picture_name"]

SIDES = frozenset({48, 64, 96, 128, 192, 256, 384, 768})
"""Sides in pixels that are kept once drawn: those that the studio asks for. Others are drawn each time."""


def picture_name(cell_id: str, side: int | None) -> str:
    """Return the name of a cell's picture: it never changes under it.

    Examples
    --------
    >>> picture_name("c1", 96)
    'c1-96'
    """
    return f"{cell_id}-{side or 'kept'}"


def kept_picture(workspace: Workspace, cell_id: str, side: int | None) -> bytes | None:
    """Return a picture that was drawn before, within microseconds; ``None`` where it was not."""
    return workspace.thumbnails.get(picture_name(cell_id, side)) if side in SIDES else None


def draw_picture(workspace: Workspace, cell_id: str, side: int | None) -> bytes:
    """Draw the picture of a cell, and keep it for the next who asks.

    Parameters
    ----------
    workspace
        Where.
    cell_id : str
        Which cell.
    side : int or None
        Side of the JPEG in pixels; ``None`` for the crop as it is kept, a PNG.

    Raises
    ------
    NotFound
        No cell has this id, or it came without its photograph.
    """
    content = browse.cell_picture(workspace, cell_id, side=side)
    if side in SIDES:
        workspace.thumbnails.put(picture_name(cell_id, side), content)
    return content
