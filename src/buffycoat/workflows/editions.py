"""Which taxonomy is meant: one that ships, one that the workspace keeps, or a laboratory's own file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from buffycoat.domain.edition import TaxonomyEdition
from buffycoat.domain.taxonomy import Taxonomy, read_taxonomy, shipped, write_taxonomy
from buffycoat.domain.taxonomy_file import EDITIONS, SHIPPED
from buffycoat.errors import AlreadyExists, NotFound
from buffycoat.imaging.codecs import read_bytes
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["known_taxonomies", "newest_edition", "reads_alike", "taxonomy_of"]


def taxonomy_of(workspace: Workspace, word: str) -> Taxonomy:
    """Return the taxonomy that a name, a reference or a file means; what a file holds is kept in the workspace.

    Parameters
    ----------
    workspace
        Where taxonomies of the laboratory's own are kept, so that labels can be read when the file is gone.
    word : str
        ``"raabin"``, ``"raabin@1"``, or the path of a TOML file. A name alone means the newest edition.

    Raises
    ------
    NotFound
        There is no such taxonomy.
    InvalidTaxonomy
        The file holds none.
    AlreadyExists
        Another taxonomy of this name and version is in use: the version must be raised.
    """
    if word in _shipped():
        return _shipped()[word]
    if word.endswith(".toml"):
        path = Path(word)
        return _keep(workspace, read_taxonomy(read_bytes(path, name=path.name), name=path.name))
    with workspace.database.reading() as transaction:
        kept = sorted(transaction.find(TaxonomyEdition), key=lambda edition: edition.added_at)
    for edition in reversed(kept):
        if word in (edition.id, edition.id.partition("@")[0]):
            return read_taxonomy(edition.content.encode(), name=edition.id)
    known = [word for word in _shipped() if "@" in word] + [edition.id for edition in kept]
    raise NotFound("no taxonomy has this name", expected=" or ".join(known), found=word, hint="or name a TOML file")


def known_taxonomies(workspace: Workspace) -> list[Taxonomy]:
    """Return the taxonomies that come along, and those that the workspace keeps."""
    with workspace.database.reading() as transaction:
        kept = transaction.find(TaxonomyEdition)
    return [
        *map(shipped, SHIPPED),
        *(read_taxonomy(edition.content.encode(), name=edition.id) for edition in kept),
    ]


def newest_edition(reference: str) -> str:
    """Return the newest edition of a taxonomy that comes along; of a laboratory's own the one that is named.

    Examples
    --------
    >>> newest_edition("icsh@1"), newest_edition("lab@3")
    ('icsh@2', 'lab@3')
    """
    name = reference.partition("@")[0]
    return shipped(name).reference if name in SHIPPED else reference


def reads_alike(reference: str, other: str) -> bool:
    """Say whether equal keys of two taxonomies mean the same: editions of one that comes along, or the very same one.

    Examples
    --------
    >>> reads_alike("icsh@1", "icsh@2"), reads_alike("lab@1", "lab@2")
    (True, False)
    """
    return newest_edition(reference) == newest_edition(other)


@cache
def _shipped() -> dict[str, Taxonomy]:
    """Return what comes along by every word that means it."""
    newest = [shipped(name) for name in SHIPPED]
    found = {tree.name: tree for tree in newest} | {tree.reference: tree for tree in newest}
    return found | {reference: shipped(reference) for reference in EDITIONS}


def _keep(workspace: Workspace, taxonomy: Taxonomy) -> Taxonomy:
    with workspace.database.reading() as transaction:
        before = transaction.find(TaxonomyEdition, id=taxonomy.reference)
    content = write_taxonomy(taxonomy).decode()
    if taxonomy.reference in _shipped() or (before and before[0].content != content):
        raise AlreadyExists(
            f"taxonomy {taxonomy.reference} is in use with other terms",
            hint="labels were given by its terms: raise `version` in the file",
        )
    if not before:
        run = start_run(
            workspace, room="label", function="label.keep_taxonomy", parameters={"taxonomy": taxonomy.reference}
        )
        edition = TaxonomyEdition(id=taxonomy.reference, content=content, added_at=now(), run_id=run.id)
        with workspace.database.writing() as transaction:
            transaction.add([edition])
    return taxonomy
