"""The open workspace, as routes ask for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from buffycoat.errors import WorkspaceMissing
from buffycoat.workflows.workspace import Workspace

__all__ = ["Opened", "opened"]


def opened(request: Request) -> Workspace:
    """Return the open workspace.

    Raises
    ------
    WorkspaceMissing
        The service runs without one.
    """
    workspace: Workspace | None = request.app.state.workspace
    if workspace is None:
        raise WorkspaceMissing("the service runs without a workspace")
    return workspace


Opened = Annotated[Workspace, Depends(opened)]
"""A parameter of a route: the open workspace; ``WorkspaceMissing`` where there is none."""
