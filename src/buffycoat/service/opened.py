"""The open workspace, as routes ask for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from buffycoat.errors import WorkspaceMissing
from buffycoat.workflows.workspace import Workspace

__all__ = ["Opened"]


def _opened(request: Request) -> Workspace:
    workspace: Workspace | None = request.app.state.workspace
    if workspace is None:
        raise WorkspaceMissing("the service runs without a workspace")
    return workspace


Opened = Annotated[Workspace, Depends(_opened)]
"""A parameter of a route: the open workspace; ``WorkspaceMissing`` where there is none."""
