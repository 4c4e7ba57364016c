"""Finished pages, kept as objects."""

from __future__ import annotations

from buffycoat.domain.run import Document
from buffycoat.domain.value import derive_id
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["keep_document"]


def keep_document(workspace: Workspace, *, kind: str, title: str, page: bytes, run_id: str) -> Document:
    """Keep a finished page."""
    digest = workspace.objects.put(page)
    document = Document(
        id=derive_id("document", {"kind": kind, "digest": digest}),
        kind=kind,
        title=title,
        digest=digest,
        media_type="text/html; charset=utf-8",
        made_at=now(),
        run_id=run_id,
    )
    with workspace.database.writing() as transaction:
        transaction.add([document])
    return document
