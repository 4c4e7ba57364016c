"""Routes of documents: pages for people, shown as they are, in a box without scripts."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response

from buffycoat.domain.run import Document
from buffycoat.service.guards import looking
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.workflows import browse

__all__ = ["router"]

router = APIRouter(tags=["results"], dependencies=[looking])
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-downloads"
)
SHOWN = {"text/html": "html", "text/plain": "txt", "text/markdown": "md", "text/csv": "csv", "application/json": "json"}


@router.get("/documents", operation_id="documents")
def documents(workspace: Opened) -> tuple[Document, ...]:
    """Return the documents that were made."""
    return browse.list_documents(workspace)


@router.get(
    "/documents/{document_id}",
    operation_id="document",
    response_class=Response,
    responses={200: {"description": "The document, in its own media type.", "content": {"*/*": {}}}},
)
def document(workspace: Opened, document_id: Id) -> Response:
    """Return a document as it was made."""
    about, content = browse.get_document(workspace, document_id)
    kind = about.media_type.partition(";")[0].strip()
    name = f"{about.kind}-{about.id}.{SHOWN.get(kind, 'bin')}"
    shown = "inline" if kind in SHOWN else "attachment"
    media_type = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    return Response(content, media_type=media_type, headers=headers)
