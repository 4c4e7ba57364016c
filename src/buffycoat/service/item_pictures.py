"""Routes of the pictures of an item: its crop, where it lies in its photograph, and the photograph around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from buffycoat.domain.reading import Around
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.service.pictures import PICTURE, send_picture
from buffycoat.workflows import reading
from buffycoat.workflows.reading import ShownItem

__all__ = ["add_item_pictures"]

Side = Annotated[
    int | None, Query(ge=1, le=2048, description="Side in pixels, as JPEG; without it, the crop without loss.")
]
Width = Annotated[int, Query(ge=1, le=16_384, description="Width in pixels; never more than it has.")]


def add_item_pictures(router: APIRouter, path: str, *, of: str, find: Callable[..., ShownItem]) -> None:
    """Add the routes under the path of an item, alike wherever an item is shown.

    Parameters
    ----------
    router : APIRouter
        Where to.
    path : str
        Of an item; its last part is ``{item}``.
    of : str
        What an item is called: the beginning of the names of operations.
    find : callable
        Gives what an item shows to who asks: a dependency, with its guard.
    """
    found = Depends(find)

    @router.get(f"{path}/picture", operation_id=f"{of}_picture", response_class=Response, responses=PICTURE)
    def picture(  # what an item shows may not be told by its name: that is the item's own
        request: Request,
        workspace: Opened,
        item: Id,
        side: Side = None,
        shown: ShownItem = found,
    ) -> Response:
        """Return the crop of an item, turned as it is shown."""
        return send_picture(
            request,
            name=f"{item}-{side or 'kept'}",
            draw=lambda: reading.item_picture(workspace, shown, side=side),
        )

    @router.get(f"{path}/around", operation_id=f"{of}_around")
    def around(
        workspace: Opened,
        shown: ShownItem = found,
    ) -> Around:
        """Return where an item lies in its photograph, turned as it is shown."""
        return reading.item_around(workspace, shown)

    @router.get(
        f"{path}/around/picture", operation_id=f"{of}_around_picture", response_class=Response, responses=PICTURE
    )
    def around_picture(
        request: Request,
        workspace: Opened,
        item: Id,
        width: Width = 1024,
        shown: ShownItem = found,
    ) -> Response:
        """Return the photograph around an item as JPEG, turned as the item is shown."""
        return send_picture(
            request,
            name=f"{item}-around-{width}",
            draw=lambda: reading.around_picture(workspace, shown, width=width),
        )
