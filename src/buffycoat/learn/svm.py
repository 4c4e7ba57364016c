"""The feature-based classifier: a support vector machine with a polynomial kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, TooFew, WrongArray

if TYPE_CHECKING:
    from sklearn.svm import SVC

__all__ = ["SvmClassifier", "fit_svm"]

COST = 6.0
DEGREE = 3
FAVORED, FAVOR = "neutrophil", 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SvmClassifier:
    """A fitted machine, with the least and largest training value of each feature, by which features are scaled."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    machine: SVC

    @property
    def terms(self) -> tuple[str, ...]:
        """The classes, in the order of the columns of ``scores``."""
        return tuple(str(term) for term in self.machine.classes_)

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far each class is ahead of the others: numbers that order, and no probabilities.

        Of each class the pairs that it wins, and within half of one how clearly, as scikit-learn adds up the machines
        of the pairs. The greatest may be of another class than ``predict`` says, where pairs are tied.

        Parameters
        ----------
        features : ndarray
            As for ``predict``.

        Returns
        -------
        ndarray
            float64 of shape (cells, classes), columns as ``terms``.

        Raises
        ------
        WrongArray
            As for ``predict``.
        """
        self._check_columns(features)
        if len(features) == 0:
            return np.empty((0, len(self.terms)))
        pairs = np.atleast_2d(self.machine.decision_function(_scale(features, self.low, self.high)))
        pairs = pairs.reshape(len(features), -1)
        count = len(self.terms)
        if count == 2:
            return np.column_stack([-pairs[:, 0], pairs[:, 0]])
        votes, sums = np.zeros((len(features), count)), np.zeros((len(features), count))
        for column, (one, other) in enumerate(combinations(range(count), 2)):
            ahead = pairs[:, column]
            votes[:, one] += ahead > 0
            votes[:, other] += ahead <= 0
            sums[:, one] += ahead
            sums[:, other] -= ahead
        return np.asarray(votes + sums / (3 * (np.abs(sums) + 1)), np.float64)

    def predict(self, features: NDArray[np.float64]) -> tuple[str, ...]:
        """Return a term for each row of features.

        Parameters
        ----------
        features : ndarray
            float64 of shape (cells, features), all finite; values outside the training range are not cut.

        Raises
        ------
        WrongArray
            If the features are no such array, or not as many as in training.
        """
        self._check_columns(features)
        if len(features) == 0:
            return ()
        scaled = _scale(features, self.low, self.high)
        return tuple(str(term) for term in self.machine.predict(scaled))

    def _check_columns(self, features: NDArray[np.float64]) -> None:
        _check(features)
        if features.shape[1] != len(self.low):
            raise WrongArray(
                "not the features of the training", expected=f"{len(self.low)} columns", found=str(features.shape[1])
            )


def fit_svm(
    features: NDArray[np.float64],
    labels: Sequence[str],
    *,
    cost: float = COST,
    degree: int = DEGREE,
    favor: float = FAVOR,
) -> SvmClassifier:
    """Train the classifier of Tavakoli et al. 2021, the feature-based row of Kouzehkanan et al. 2022.

    Features are scaled by their least and largest training value (a constant one becomes 0). The kernel is a polynomial
    of degree 3 without constant term, its scale ``1 / (features * variance)``; ``C = 6``; each pair of classes has its
    own machine; errors on neutrophils weigh tenfold. Nothing is drawn at random: there is no seed.

    Parameters
    ----------
    features : ndarray
        float64 of shape (cells, features), all finite.
    labels : sequence of str
        One term a cell.
    cost, degree, favor : float, int, float
        ``C``, degree of the kernel and weight of neutrophils, where they are to be others than the published ones.

    Returns
    -------
    SvmClassifier
        With ``predict(features)``.

    Raises
    ------
    WrongArray
        If the features are no such array.
    InputError
        If there is not one label a cell.
    TooFew
        If there are fewer than two classes.

    Examples
    --------
    >>> features = np.array([[0.0], [0.1], [0.9], [1.0]])
    >>> fit_svm(features, ["monocyte", "monocyte", "basophil", "basophil"]).predict(np.array([[0.05], [0.95]]))
    ('monocyte', 'basophil')
    """
    # scikit-learn takes over a second to load: only those who train pay it.
    from sklearn.svm import SVC  # noqa: PLC0415 - see above

    _check(features)
    if len(labels) != len(features):
        raise InputError("not one label a cell", expected=str(len(features)), found=str(len(labels)))
    classes = sorted(set(labels))
    if len(classes) < 2:
        raise TooFew("a classifier needs classes to tell apart", expected="at least 2", found=str(len(classes)))
    low, high = features.min(axis=0), features.max(axis=0)
    machine = SVC(
        C=cost,
        kernel="poly",
        degree=degree,
        gamma="scale",
        coef0=0.0,
        class_weight={term: favor if term == FAVORED else 1.0 for term in classes},
        decision_function_shape="ovo",
    )
    machine.fit(_scale(features, low, high), list(labels))
    return SvmClassifier(low=low, high=high, machine=machine)


def _check(features: NDArray[np.float64]) -> None:
    if features.ndim != 2 or features.dtype != np.float64 or not np.isfinite(features).all():
        raise WrongArray(
            "not a table of features",
            expected="float64 (cells, features), all finite",
            found=f"{features.dtype} {features.shape}",
            hint="measure each cell with extract_features and stack the rows",
        )


def _scale(features: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = high - low
    return np.divide(features - low, spread, out=np.zeros_like(features), where=spread > 0)
