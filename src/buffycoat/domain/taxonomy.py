"""Cell types as data: trees of terms with keys, spellings and levels, the two that are shipped, and a laboratory's own.

``RAABIN`` is the tree of the paper's Figure 2, with the strings that the released files add (``Unknn``, ``NRBC``, …)
and what other public sets label besides; ``ICSH`` has immature and reactive cells too, after the recommendations of
2015. Both are TOML files beside this module, read when they are first asked for.

Examples
--------
>>> from buffycoat.domain.taxonomy import ICSH, RAABIN
>>> RAABIN.read("Burst").name, ICSH.term("lymphocyte.reactive").maps_to
('smudge cell', 'lymphocyte.large')
"""

from __future__ import annotations

from typing import Any

from buffycoat.domain.taxonomy_file import SHIPPED, read_taxonomy, shipped, write_taxonomy
from buffycoat.domain.terms import Term, TermKind
from buffycoat.domain.tree import FULL, Taxonomy

__all__ = [
    "FULL",
    "ICSH",
    "RAABIN",
    "TAXONOMIES",
    "Taxonomy",
    "Term",
    "TermKind",
    "read_taxonomy",
    "shipped",
    "write_taxonomy",
]

ICSH: Taxonomy
RAABIN: Taxonomy
TAXONOMIES: tuple[Taxonomy, ...]


def __getattr__(name: str) -> Any:
    """Read a shipped taxonomy when it is first asked for."""
    if name == "TAXONOMIES":
        return tuple(map(shipped, SHIPPED))
    if name.isupper() and name.lower() in SHIPPED:
        return shipped(name.lower())
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
