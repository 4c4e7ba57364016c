"""The labels of two experts against each other: the paper's Table 4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from buffycoat.domain.taxonomy import Taxonomy, TermKind
from buffycoat.domain.value import Scalar
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.counted import standing_notes, undecided_terms
from buffycoat.publish.sealed import Contents, SealedCell

__all__ = ["label_table"]

_NO_LABEL = "no label"
_MOST = 20


def label_table(contents: Contents, /, *, taxonomy: Taxonomy, title: str) -> PrintedTable:
    """Count the pairs of labels: Table 4 of Kouzehkanan et al. 2022.

    Rows are the first expert, columns the second. Every term that can be a label is there, in the order of the
    taxonomy; then what means that the cell was not recognized; then no label. Of a taxonomy of more than 20 such terms
    those that neither expert used are left out and named below. Each cell of the release counts once.
    Of more than two experts the two are printed who labeled the most cells in common, and a note says so.

    Parameters
    ----------
    contents : Contents
        The sealed list.
    taxonomy : Taxonomy
        That of the release.
    title : str
        Printed over the table.

    Raises
    ------
    UnknownTerm
        A label is no term of the taxonomy.
    """
    first, second = _pair(contents)
    pairs = Counter((_word(cell, first), _word(cell, second)) for cell in contents.cells)
    used = {word for pair in pairs for word in pair if word is not None}
    terms, unused = _terms(taxonomy, used)
    answers: list[str | None] = [*terms, None]
    names = [*(taxonomy.term(key).name for key in terms), _NO_LABEL]
    rows: list[tuple[Scalar, ...]] = []
    for name, answer in zip(names, answers, strict=True):
        counts = [pairs[answer, other] for other in answers]
        rows.append((name, *counts, sum(counts)))
    totals = [sum(pairs[answer, other] for answer in answers) for other in answers]
    rows.append(("all", *totals, sum(totals)))
    both = sum(count for (one, other), count in pairs.items() if one is not None and other is not None)
    same = sum(pairs[key, key] for key in terms)
    undecided = undecided_terms(taxonomy)
    unrecognized = sum(count for (one, other), count in pairs.items() if one in undecided and other in undecided)
    notes = [
        f"Rows: {_name(contents, first)}. Columns: {_name(contents, second)}.",
        f"Labeled by both: {both:,}; the same label: {same:,}" + (f" ({100 * same / both:.2f} %)." if both else "."),
        f"Without any label: {pairs[None, None]:,}. Not recognized by both: {unrecognized:,}.",
    ]
    if unused:
        notes.append(f"Terms that neither used: {', '.join(taxonomy.term(key).name for key in unused)}.")
    if len(contents.experts) > 2:
        others = ", ".join(name for place, name in enumerate(contents.experts) if place not in (first, second))
        notes.append(f"The two experts with the most cells in common; not shown: {others}.")
    return PrintedTable(
        title=title,
        columns=("first expert / second expert", *names, "all"),
        rows=tuple(rows),
        notes=(*notes, *standing_notes(contents)),
    )


def _pair(contents: Contents) -> tuple[int, int]:
    """Return the places of the two experts who labeled the most cells in common; the first two where all are equal."""
    places = list(combinations(range(len(contents.experts)), 2))
    if len(places) < 2:
        return (0, 1)
    return max(places, key=lambda pair: sum(None not in (_word(c, pair[0]), _word(c, pair[1])) for c in contents.cells))


def _word(cell: SealedCell, place: int) -> str | None:
    return cell.words[place] if place < len(cell.words) else None


def _name(contents: Contents, place: int) -> str:
    return contents.experts[place] if place < len(contents.experts) else "nobody"


def _terms(taxonomy: Taxonomy, used: set[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the keys of the rows, the undecided last, and those that are left out because no page could hold them.

    All leaves of the taxonomy, and parents where an expert left it at them.
    """
    for key in sorted(used):
        taxonomy.term(key)
    parents = {term.parent for term in taxonomy.terms}
    found = [term for term in taxonomy.terms if term.key not in parents or term.key in used]
    keys = [term.key for term in sorted(found, key=lambda term: term.kind is TermKind.UNDECIDED)]
    if len(keys) <= _MOST:
        return keys, ()
    return [key for key in keys if key in used], [key for key in keys if key not in used]
