"""A workspace on its way: its rows to a database server, its objects to another place."""

from buffycoat.workflows.moving.moving import MoveSummary, cancel_move, move_workspace
from buffycoat.workflows.moving.moving_objects import (
    CopySummary,
    DropSummary,
    PlaceOfObjects,
    copy_objects,
    drop_old_objects,
    where_objects_are,
)

__all__ = [
    "CopySummary",
    "DropSummary",
    "MoveSummary",
    "PlaceOfObjects",
    "cancel_move",
    "copy_objects",
    "drop_old_objects",
    "move_workspace",
    "where_objects_are",
]
