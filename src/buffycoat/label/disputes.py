"""Which cells experts disagree on, in which order an adjudicator sees them, and in which order what was said of each.

Nothing here is given who said what, so no order can tell it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from buffycoat.domain.taxonomy import FULL, Taxonomy, TermKind
from buffycoat.domain.value import digest_of
from buffycoat.label.levels import counted_as

__all__ = ["by_chance", "disputed_cells", "disputes_at"]


def disputed_cells(said: Mapping[str, Sequence[str]], /) -> tuple[str, ...]:
    """Return the cells of which different terms were said, sorted.

    Parameters
    ----------
    said : mapping
        Of each cell, the key of each expert's term, in any order.

    Examples
    --------
    >>> disputed_cells({"c2": ("monocyte", "basophil"), "c1": ("smudge", "smudge"), "c3": ("monocyte",)})
    ('c2',)
    """
    return tuple(sorted(cell for cell, terms in said.items() if len(set(terms)) > 1))


def disputes_at(
    said: Mapping[str, Sequence[str]],
    /,
    *,
    taxonomy: Taxonomy,
    level: str = FULL,
    salt: str = "",
    among: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the cells on which experts disagree at a level, those of the rarest classes first.

    How rare a class is goes by how often any expert named it in the round; "not recognized" is no class, and counts
    only beside its like. Of equally rare ones, disputes between the same classes stand together, and within these
    chance decides.

    Parameters
    ----------
    said : mapping
        Of each cell, the key of each expert's term, in any order.
    taxonomy : Taxonomy
        Whose terms they are.
    level : str
        At which they are compared; two terms of one class are no disagreement.
    salt : str
        Of the chance: the same gives the same order.
    among : iterable of str
        Classes, or terms outside the level, that must all have been said of a cell.

    Raises
    ------
    UnknownTerm
        If the taxonomy has no such level.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> said = {"a": ("monocyte", "smudge"), "b": ("monocyte", "monocyte"), "c": ("basophil", "smudge")}
    >>> said["d"] = ("lymphocyte.small", "lymphocyte.large")
    >>> disputes_at(said, taxonomy=RAABIN, level="five-class")
    ('c', 'a')
    >>> disputes_at(said, taxonomy=RAABIN, level="five-class", among=["monocyte"])
    ('a',)
    """
    counted = counted_as(taxonomy, level)
    named = Counter(counted[term] for terms in said.values() for term in terms)
    undecided = {term.key for term in taxonomy.terms if term.kind is TermKind.UNDECIDED}
    wanted = frozenset(among)
    ranked = []
    for cell, terms in said.items():
        classes = {counted[term] for term in terms}
        if len(classes) > 1 and wanted <= classes:
            rarity = sorted((known in undecided, named[known], known) for known in classes)
            ranked.append((rarity, digest_of(f"{salt} {cell}".encode()), cell))
    return tuple(cell for _, _, cell in sorted(ranked))


def by_chance(words: Iterable[str], /, *, salt: str) -> tuple[str, ...]:
    """Return words, each once, in an order that hangs on them and the salt alone.

    Examples
    --------
    >>> sorted({by_chance(["a", "b", "a"], salt=str(n)) for n in range(9)})
    [('a', 'b'), ('b', 'a')]
    """
    return tuple(sorted(set(words), key=lambda word: (digest_of(f"{salt} {word}".encode()), word)))
