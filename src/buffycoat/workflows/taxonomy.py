"""Taxonomies in use: found by name or file, counted over a workspace's labels, drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from buffycoat.domain.label import Round, Standing
from buffycoat.domain.taxonomy import Taxonomy, read_taxonomy, shipped, write_taxonomy
from buffycoat.domain.taxonomy_file import EDITIONS, MAX_BYTES, SHIPPED
from buffycoat.errors import AlreadyExists, UnknownTerm, UnreadableFile, UnwritableFile
from buffycoat.report.taxonomy_tree import draw_taxonomy
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["copy_taxonomy", "draw_tree", "load_taxonomy", "term_counts"]

_COUNTED = frozenset({Standing.AGREED, Standing.ADJUDICATED, Standing.SINGLE})


def load_taxonomy(which: str | Path) -> Taxonomy:
    """Return a shipped taxonomy by its name or reference, or the one that a TOML file holds.

    Parameters
    ----------
    which : str or Path
        A text that ends in ``.toml``, and any ``Path``, is a file.

    Raises
    ------
    UnknownTerm
        No such taxonomy comes with buffycoat.
    UnreadableFile
        The operating system refused.
    InvalidTaxonomy
        The file is no taxonomy.

    Examples
    --------
    >>> load_taxonomy("icsh").reference, load_taxonomy("raabin@1").name
    ('icsh@2', 'raabin')
    """
    if isinstance(which, str) and not which.lower().endswith(".toml"):
        if which in EDITIONS:
            return shipped(which)
        found = shipped(which.partition("@")[0])
        if which not in (found.name, found.reference):
            raise UnknownTerm("this version does not come with buffycoat", expected=found.reference, found=which)
        return found
    path = Path(which)
    try:
        if path.exists() and not path.is_file():
            raise UnreadableFile(f"{path} is no file", expected="a TOML file", found="a folder, or no plain file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read", expected="a TOML file", found=error.strerror or "") from error
    return read_taxonomy(content, name=path.name)


def term_counts(workspace: Workspace) -> dict[str, int]:
    """Return how many cells count as each term: where experts agree, an adjudicator decided, or one expert answered.

    Disputed and open cells are in none. The most frequent term comes first.
    """
    found = Counter(
        known.term
        for known in consensus_by_cell(workspace).values()
        if known.standing in _COUNTED and known.term is not None
    )
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def draw_tree(
    out: Path, *, taxonomy: str | None = None, workspace: Workspace | None = None
) -> tuple[Taxonomy, int | None]:
    """Write a taxonomy as SVG, with the counts of a workspace where one is given.

    Parameters
    ----------
    out : Path
        The SVG; one that is there is written over.
    taxonomy : str, optional
        Name, reference or file; without it, the one of the workspace's latest round, or ``raabin``.
    workspace : optional
        Whose labels are counted.

    Returns
    -------
    Taxonomy
        What was drawn.
    int or None
        How many cells were counted.

    Raises
    ------
    UnknownTerm
        No such taxonomy, or the workspace's labels are of another.
    UnwritableFile
        The operating system refused.
    """
    chosen = _chosen(taxonomy, workspace)
    counts = None if workspace is None else term_counts(workspace)
    try:
        drawing = draw_taxonomy(chosen, counts)
    except UnknownTerm as error:
        raise UnknownTerm(
            f"the labels of this workspace are not all of {chosen.reference}",
            expected=error.expected,
            found=error.found,
            hint="draw the taxonomy that its rounds name, or leave --workspace out",
        ) from error
    try:
        out.write_bytes(drawing)
    except OSError as error:
        raise UnwritableFile(f"{out} cannot be written", found=error.strerror or "") from error
    return chosen, None if counts is None else sum(counts.values())


def copy_taxonomy(taxonomy: Taxonomy, out: Path, *, name: str) -> Taxonomy:
    """Write a taxonomy under another name, version 1, as a file to begin one's own with.

    Parameters
    ----------
    taxonomy : Taxonomy
        What to begin with. Terms of ``raabin`` come to say what they map to: themselves.
    out : Path
        The TOML; nothing is written over.
    name : str
        What the copy is called.

    Returns
    -------
    Taxonomy
        The copy.

    Raises
    ------
    InvalidTaxonomy
        The name is none.
    AlreadyExists
        There is a file.
    UnwritableFile
        The operating system refused.
    """
    terms = taxonomy.terms
    if taxonomy.name == SHIPPED[0]:
        terms = tuple([replace(term, maps_to=term.key) for term in terms])
    copied = replace(taxonomy, name=name, version=1, terms=terms)
    try:
        with out.open("xb") as file:
            file.write(write_taxonomy(copied))
    except FileExistsError as error:
        raise AlreadyExists(f"{out} is there already", hint="name another file: this one may hold your work") from error
    except OSError as error:
        raise UnwritableFile(f"{out} cannot be written", found=error.strerror or "") from error
    return copied


def _chosen(word: str | None, workspace: Workspace | None) -> Taxonomy:
    if workspace is None or (word or "").endswith(".toml"):  # a file that is only drawn is not kept
        return load_taxonomy(word or SHIPPED[0])
    if word is not None:
        return taxonomy_of(workspace, word)
    with workspace.database.reading() as transaction:
        latest = max(transaction.find(Round), key=lambda campaign: campaign.opened_at, default=None)
    return taxonomy_of(workspace, SHIPPED[0] if latest is None else latest.taxonomy)
