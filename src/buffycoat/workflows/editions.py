"""Which taxonomy is meant: one that ships, one that the workspace keeps, or a laboratory's own file."""

from __future__ import annotations

from pathlib import Path

from buffycoat.domain.edition import TaxonomyEdition
from buffycoat.domain.taxonomy import ICSH, RAABIN, Taxonomy, read_taxonomy, write_taxonomy
from buffycoat.errors import AlreadyExists, NotFound
from buffycoat.imaging.codecs import read_bytes
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["known_taxonomies", "taxonomy_of"]


def taxonomy_of(workspace: Workspace, word: str) -> Taxonomy:
    """Return the taxonomy that a name, a reference or a file means; what a file holds is kept in the workspace.

    Parameters
    ----------
    workspace
        Where taxonomies of the laboratory's own are kept, so that labels can be read when the file is gone.
    word : str
        ``"raabin"``, ``"raabin@1"``, or the path of a TOML file.

    Raises
    ------
    NotFound
        There is no such taxonomy.
    InvalidTaxonomy
        The file holds none.
    AlreadyExists
        Another taxonomy of this name and version is in use: the version must be raised.
    """
    for shipped in (RAABIN, ICSH):
        if word in (shipped.name, shipped.reference):
            return shipped
    if word.endswith(".toml"):
        path = Path(word)
        return _keep(workspace, read_taxonomy(read_bytes(path, name=path.name), name=path.name))
    with workspace.database.reading() as transaction:
        kept = sorted(transaction.find(TaxonomyEdition), key=lambda edition: edition.added_at)
    for edition in reversed(kept):
        if word in (edition.id, edition.id.partition("@")[0]):
            return read_taxonomy(edition.content.encode(), name=edition.id)
    known = [RAABIN.reference, ICSH.reference] + [edition.id for edition in kept]
    raise NotFound("no taxonomy has this name", expected=" or ".join(known), found=word, hint="or name a TOML file")


def known_taxonomies(workspace: Workspace) -> list[Taxonomy]:
    """Return the taxonomies that come along, and those that the workspace keeps."""
    with workspace.database.reading() as transaction:
        kept = transaction.find(TaxonomyEdition)
    return [RAABIN, ICSH, *(read_taxonomy(edition.content.encode(), name=edition.id) for edition in kept)]


def _keep(workspace: Workspace, taxonomy: Taxonomy) -> Taxonomy:
    with workspace.database.reading() as transaction:
        before = transaction.find(TaxonomyEdition, id=taxonomy.reference)
    content = write_taxonomy(taxonomy).decode()
    if taxonomy.reference in (RAABIN.reference, ICSH.reference) or (before and before[0].content != content):
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
