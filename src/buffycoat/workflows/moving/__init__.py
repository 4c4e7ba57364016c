"""A workspace on its way from the file in its folder to a database server."""

from buffycoat.workflows.moving.moving import MoveSummary, cancel_move, move_workspace

__all__ = ["MoveSummary", "cancel_move", "move_workspace"]
