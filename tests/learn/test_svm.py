from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC

from buffycoat.errors import InputError, TooFew, WrongArray
from buffycoat.learn import fit_constant, fit_svm
from buffycoat.metrics.classification import balanced_accuracy, confusion_matrix
from buffycoat.segment import extract_features

THREE_CELLS = "EO_139723.jpg"
"""Three eosinophils, none of them in the middle: no nucleus is meant."""
TERMS = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")


@pytest.fixture(scope="module")
def pbc(data: Path) -> tuple[np.ndarray, list[str]]:
    """Features and classes of 30 real cells a class."""
    folders = [data / "pbc_barcelona" / "crops" / term for term in TERMS]
    paths = [path for folder in folders for path in sorted(folder.iterdir())[:30] if path.name != THREE_CELLS]
    crops = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in paths]
    return np.stack([extract_features(crop) for crop in crops]), [path.parent.name for path in paths]


def clouds(classes: list[str], *, spread: float = 0.3, each: int = 20) -> tuple[np.ndarray, list[str]]:
    random = np.random.default_rng(0)
    rows = [random.normal(place, spread, (each, 5)) for place in range(len(classes))]
    return np.concatenate(rows), [term for term in classes for _ in range(each)]


def test_separate_clouds_are_told_apart():
    features, labels = clouds(["monocyte", "basophil", "neutrophil"])
    assert fit_svm(features, labels).predict(features) == tuple(labels)


def test_real_cells_are_learned_far_better_than_by_chance(pbc):
    features, labels = pbc
    learned = fit_svm(features[::2], labels[::2])
    confusion = confusion_matrix(labels[1::2], learned.predict(features[1::2]), terms=TERMS)
    assert balanced_accuracy(confusion) > 0.85


def test_it_is_the_published_machine(pbc):
    features, labels = pbc
    weights = {term: 10 if term == "neutrophil" else 1 for term in TERMS}
    theirs = make_pipeline(MinMaxScaler(), SVC(C=6, kernel="poly", degree=3, gamma="scale", class_weight=weights))
    theirs.fit(features[::2], labels[::2])
    assert fit_svm(features[::2], labels[::2]).predict(features[1::2]) == tuple(theirs.predict(features[1::2]))


def test_errors_on_neutrophils_weigh_more():
    features, labels = clouds(["basophil", "eosinophil"], spread=2.0, each=60)
    share = {}
    for name in ("neutrophil", "monocyte"):
        renamed = [name if term == "eosinophil" else term for term in labels]
        share[name] = fit_svm(features, renamed).predict(features).count(name)
    assert share["neutrophil"] > share["monocyte"]


def test_only_train_sets_the_scale_and_a_constant_feature_is_harmless():
    features, labels = clouds(["monocyte", "basophil"])
    features = np.column_stack([features, np.full(len(features), 7.0)])
    learned = fit_svm(features, labels)
    np.testing.assert_array_equal(learned.low, features.min(axis=0))
    moved = features.copy()
    moved[:, -1] = 1000.0
    assert learned.predict(moved) == learned.predict(features)


def test_the_same_cells_give_the_same_machine(pbc):
    features, labels = pbc
    first, second = fit_svm(features[::2], labels[::2]), fit_svm(features[::2], labels[::2])
    assert first.predict(features) == second.predict(features)


def test_no_cells_no_answers():
    assert fit_svm(*clouds(["monocyte", "basophil"])).predict(np.zeros((0, 5))) == ()


def test_what_cannot_be_learned_is_refused():
    features, labels = clouds(["monocyte", "basophil"])
    with pytest.raises(TooFew):
        fit_svm(features, ["monocyte"] * len(labels))
    with pytest.raises(InputError):
        fit_svm(features, labels[1:])
    with pytest.raises(WrongArray):
        fit_svm(np.full_like(features, np.nan), labels)
    with pytest.raises(WrongArray):
        fit_svm(features[0], labels)
    with pytest.raises(WrongArray, match="expected 5 columns, found 4"):
        fit_svm(features, labels).predict(features[:, :4])


def test_the_constant_answers_the_commonest_class():
    assert fit_constant(["b", "a", "b", "a", "c"]).predict(range(3)) == ("a", "a", "a")
    with pytest.raises(TooFew):
        fit_constant([])


def test_the_papers_numbers_are_read_back_from_the_fitted_machine(pbc):
    features, labels = pbc
    machine = fit_svm(features, labels).machine
    assert (machine.kernel, machine.degree, machine.C, machine.coef0, machine.gamma) == ("poly", 3, 6.0, 0.0, "scale")
    weights = dict(zip(machine.classes_, machine.class_weight_, strict=True))
    assert weights == {**dict.fromkeys(TERMS, 1.0), "neutrophil": 10.0}
    assert machine.dual_coef_.shape[0] == len(TERMS) - 1
    other = fit_svm(features, labels, cost=2.0, degree=2, favor=1.0).machine
    assert (other.C, other.degree, set(other.class_weight_)) == (2.0, 2, {1.0})


def test_scores_are_those_that_scikit_learn_makes_of_the_pairs(pbc):
    features, labels = pbc
    ours = fit_svm(features[::2], labels[::2])
    theirs = make_pipeline(
        MinMaxScaler(),
        SVC(
            C=6,
            kernel="poly",
            degree=3,
            gamma="scale",
            class_weight={"neutrophil": 10},
            decision_function_shape="ovr",
        ),
    )
    theirs.fit(features[::2], labels[::2])
    assert ours.terms == tuple(theirs.classes_)
    assert ours.scores(features[1::2]) == pytest.approx(theirs.decision_function(features[1::2]))
    two = fit_svm(*clouds(["basophil", "monocyte"]))
    rows, truth = clouds(["basophil", "monocyte"])
    assert [two.terms[place] for place in two.scores(rows).argmax(axis=1)] == truth
    assert two.scores(rows[:0]).shape == (0, 2)
