"""The laboratory's reference intervals, as the workspace keeps them: each edition a document, the newest holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from buffycoat.domain.account import Person
from buffycoat.domain.run import REFERENCE_INTERVALS, Document
from buffycoat.domain.value import derive_id, value
from buffycoat.imaging.codecs import read_bytes
from buffycoat.report.differential_reference import (
    ReferenceIntervals,
    check_terms,
    example_reference,
    read_reference,
)
from buffycoat.store import Transaction
from buffycoat.workflows.editions import known_taxonomies
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "KeptReference",
    "ReferenceIntervals",
    "ReferenceView",
    "example_reference",
    "keep_reference",
    "keep_reference_file",
    "read_reference_file",
    "reference_in_use",
    "reference_view",
]


@value
class KeptReference:
    """One file of reference intervals that was entered: whose, for whom, and since when it was kept.

    ``population`` is empty where the file names none. ``holds``: whether it is the one that counts use.
    """

    document_id: str
    laboratory: str
    population: str
    source: str
    kept_at: datetime
    example: bool
    holds: bool


@value
class ReferenceView:
    """The reference intervals that a workspace keeps, and the format.

    Parameters
    ----------
    intervals : ReferenceIntervals, optional
        Those that hold; ``None`` where nobody entered any.
    content : str
        Their file, as it was entered; empty where there is none.
    kept_at : datetime, optional
        Since when they hold.
    document_id : str, optional
        The document that has the file.
    example : str
        A file that shows the format; its numbers are of no laboratory.
    kept : tuple of KeptReference
        All that were entered, the newest first.
    """

    intervals: ReferenceIntervals | None
    content: str
    kept_at: datetime | None
    document_id: str | None
    example: str
    kept: tuple[KeptReference, ...] = ()


def read_reference_file(workspace: Workspace, path: Path) -> ReferenceIntervals:
    """Read a laboratory's file.

    Raises
    ------
    UnreadableFile
        The file cannot be read.
    UnreadableFormat
        It holds no reference intervals, or names what is no term of any taxonomy.
    """
    return _checked(workspace, read_bytes(path, name=path.name), path.name)


def keep_reference_file(workspace: Workspace, path: Path) -> ReferenceView:
    """Keep a laboratory's file; see :func:`keep_reference`.

    Raises
    ------
    UnreadableFile
        The file cannot be read.
    UnreadableFormat
        It holds no reference intervals, or names what is no term of any taxonomy.
    """
    return keep_reference(workspace, read_bytes(path, name=path.name), name=path.name)


def keep_reference(
    workspace: Workspace, content: bytes, *, name: str = "the file", by: Person | None = None
) -> ReferenceView:
    """Keep reference intervals; they hold from now on, and those before stay among the documents.

    Parameters
    ----------
    workspace
        Where.
    content : bytes
        A TOML file.
    name : str
        What to call it in errors.
    by : Person, optional
        Who enters them; without it, who has the command line.

    Raises
    ------
    UnreadableFormat
        It holds no reference intervals, or names what is no term of any taxonomy.
    """
    entered = _checked(workspace, content, name)
    digest = workspace.objects.put(content)
    run = start_run(
        workspace,
        room="report",
        function="report.keep_reference",
        parameters={"laboratory": entered.laboratory, "by": by.id if by else None},
        inputs=digest,
    )
    moment = now()
    document = Document(
        id=derive_id("document", {"kind": REFERENCE_INTERVALS, "digest": digest, "made_at": moment.isoformat()}),
        kind=REFERENCE_INTERVALS,
        title=_title(entered),
        digest=digest,
        media_type="text/plain; charset=utf-8",
        made_at=moment,
        run_id=run.id,
    )
    with workspace.database.writing() as transaction:
        before = _entered(transaction)
        if not before or before[0].digest != digest:  # the same file sent twice is kept once
            transaction.add([document])
    return reference_view(workspace)


def _title(entered: ReferenceIntervals) -> str:
    """Return what a file is called in lists: a laboratory may have one for each of its populations."""
    of = f", for {entered.population}" if entered.population else ""
    return f"Reference intervals: {entered.laboratory}{of}"


def reference_in_use(workspace: Workspace) -> ReferenceIntervals | None:
    """Return the reference intervals that hold, where there are any."""
    with workspace.database.reading() as transaction:
        documents = _entered(transaction)
    if not documents:
        return None
    return read_reference(workspace.objects.get(documents[0].digest), name=documents[0].title)


def reference_view(workspace: Workspace) -> ReferenceView:
    """Return the reference intervals that hold, with their file, and the format."""
    with workspace.database.reading() as transaction:
        documents = _entered(transaction)
    if not documents:
        return ReferenceView(intervals=None, content="", kept_at=None, document_id=None, example=example_reference())
    files = [(document, workspace.objects.get(document.digest)) for document in documents]
    read = [(document, read_reference(content, name=document.title)) for document, content in files]
    document, intervals = read[0]
    return ReferenceView(
        intervals=intervals,
        content=files[0][1].decode("utf-8-sig"),
        kept_at=document.made_at,
        document_id=document.id,
        example=example_reference(),
        kept=tuple(
            KeptReference(
                document_id=each.id,
                laboratory=entered.laboratory,
                population=entered.population,
                source=entered.source,
                kept_at=each.made_at,
                example=entered.example,
                holds=each is document,
            )
            for each, entered in read
        ),
    )


def _entered(transaction: Transaction) -> list[Document]:
    """Return the files that were entered, the newest first: that one holds."""
    kept = transaction.find(Document, kind=REFERENCE_INTERVALS)
    return sorted(kept, key=lambda document: (document.made_at, document.id), reverse=True)


def _checked(workspace: Workspace, content: bytes, name: str) -> ReferenceIntervals:
    reference = read_reference(content, name=name)
    terms = {term.key for taxonomy in known_taxonomies(workspace) for term in taxonomy.terms}
    check_terms(reference, terms, name=name)
    return reference
