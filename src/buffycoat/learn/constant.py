"""The baseline that looks at nothing: always the commonest class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from buffycoat.domain.value import value
from buffycoat.errors import TooFew

__all__ = ["ConstantClassifier", "fit_constant"]


@value
class ConstantClassifier:
    """Answers one term, whatever the cell."""

    term: str

    def predict(self, features: Sequence[object]) -> tuple[str, ...]:
        """Return the term once for each cell."""
        return (self.term,) * len(features)


def fit_constant(labels: Sequence[str]) -> ConstantClassifier:
    """Return the classifier that always answers the commonest label; of equally common ones, the first by name.

    Parameters
    ----------
    labels : sequence of str
        Of the training split.

    Raises
    ------
    TooFew
        If there is no label.

    Examples
    --------
    >>> fit_constant(["monocyte", "neutrophil", "neutrophil"]).predict([0, 0])
    ('neutrophil', 'neutrophil')
    """
    counts = Counter(labels)
    if not counts:
        raise TooFew("no class is the commonest", expected="at least 1 labeled cell", found="0")
    return ConstantClassifier(term=min(counts, key=lambda term: (-counts[term], term)))
