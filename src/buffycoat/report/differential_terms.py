"""Which terms of a taxonomy a differential count is made of, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buffycoat.domain.taxonomy import FULL, Taxonomy, Term, TermKind
from buffycoat.report.differential_values import Reason

__all__ = ["leukocyte_tree", "reason_of", "shared_term", "usual_terms", "wholes"]

_ERYTHROBLAST, _BAND = ("CL:0000765", "erythroblast"), ("CL:0000560", "neutrophil.band")
_OUTSIDE = {
    TermKind.ROOT: Reason.TYPE_UNTOLD,
    TermKind.OTHER_CELL: Reason.OTHER_CELL,
    TermKind.REMNANT: Reason.SMUDGE,
    TermKind.ARTIFACT: Reason.ARTIFACT,
    TermKind.UNDECIDED: Reason.NOT_RECOGNIZED,
    TermKind.DEFECT: Reason.DEFECT,
}
_USUAL = "five-class"


def reason_of(taxonomy: Taxonomy, key: str) -> Reason | None:
    """Return why a term is not in the denominator; ``None`` for leukocytes, which are.

    The kind of the term decides. Nucleated red cells are told from other cells by their term in the Cell Ontology
    (CL:0000765), or by what they count as in ``raabin``.

    Raises
    ------
    UnknownTerm
        The taxonomy has no such term.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> reason_of(RAABIN, "neutrophil.band") is None, str(reason_of(RAABIN, "smudge"))
    (True, 'smudge')
    >>> str(reason_of(RAABIN, "erythroblast")), str(reason_of(RAABIN, "platelet"))
    ('nucleated-red-cell', 'other-cell')
    """
    term = taxonomy.term(key)
    if term.kind is TermKind.LEUKOCYTE:
        return None
    if any(_is(taxonomy.term(above), _ERYTHROBLAST) for above in taxonomy.path(key)):
        return Reason.NUCLEATED_RED_CELL
    return _OUTSIDE[term.kind]


def shared_term(taxonomy: Taxonomy, keys: Sequence[str]) -> str | None:
    """Return the leukocyte that answers have in common, though they differ: the lowest term above all of them.

    ``None`` where that is no kind of leukocyte, but all of them or more: then the answers are a dispute on the type.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> shared_term(RAABIN, ["lymphocyte.small", "lymphocyte.large"])
    'lymphocyte'
    >>> shared_term(RAABIN, ["lymphocyte.large", "monocyte"]) is None
    True
    """
    if not keys:
        return None
    paths = [taxonomy.path(key) for key in keys]
    common = [steps[0] for steps in zip(*paths, strict=False) if len(set(steps)) == 1]
    shared = taxonomy.term(common[-1])
    return shared.key if shared.kind is TermKind.LEUKOCYTE and shared.key not in wholes(taxonomy) else None


def _is(term: Term, meant: tuple[str, str]) -> bool:
    ontology, key = meant
    return term.ontology == ontology or key in (term.key, term.maps_to)


def wholes(taxonomy: Taxonomy) -> list[str]:
    """Return the terms that mean leukocytes of any type: those that have kinds below them, and no leukocyte above."""
    kinds = {term.key: term.kind for term in taxonomy.terms}
    tops = [term.key for term in taxonomy.terms if term.kind is TermKind.LEUKOCYTE and not _under(term, kinds)]
    return tops if len(tops) == 1 and taxonomy.children(tops[0]) else []


def _under(term: Term, kinds: Mapping[str, TermKind]) -> bool:
    return term.parent is not None and kinds[term.parent] is TermKind.LEUKOCYTE


def leukocyte_tree(taxonomy: Taxonomy) -> list[tuple[Term, int, frozenset[str]]]:
    """Return the rows of a count: each term in the order of the tree, its depth, and the terms that count in it.

    Where one term means leukocytes of any type, its own row comes last, for answers that stop at it.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> [(term.key, depth) for term, depth, _ in leukocyte_tree(RAABIN)][:4]
    [('neutrophil', 0), ('neutrophil.segmented', 1), ('neutrophil.band', 1), ('neutrophil.metamyelocyte', 1)]
    """
    whole = wholes(taxonomy)
    kinds = {term.key: term.kind for term in taxonomy.terms}
    tops = [term.key for term in taxonomy.terms if term.kind is TermKind.LEUKOCYTE and not _under(term, kinds)]
    waiting = [(key, 0) for key in reversed(taxonomy.children(whole[0]) if whole else tops)]
    found: list[tuple[Term, int, frozenset[str]]] = []
    while waiting:
        key, depth = waiting.pop()
        if kinds[key] is TermKind.LEUKOCYTE:
            found.append((taxonomy.term(key), depth, taxonomy.below(key)))
            waiting += [(child, depth + 1) for child in reversed(taxonomy.children(key))]
    return found + [(taxonomy.term(key), 0, frozenset({key})) for key in whole]


def usual_terms(taxonomy: Taxonomy) -> frozenset[str]:
    """Return the rows that are shown even if they are empty: what the five classes are made of, and bands."""
    leaves = list(taxonomy.levels.get(_USUAL, taxonomy.levels[FULL]))
    leaves += [term.key for term in taxonomy.terms if _is(term, _BAND)]
    return frozenset(key for leaf in leaves for key in taxonomy.path(leaf))
