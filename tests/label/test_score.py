from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, cohen_kappa_score

from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.teaching import Share
from buffycoat.errors import InputError, UnknownTerm
from buffycoat.label import score_against
from buffycoat.metrics.intervals import bootstrap_by_group

TERMS = ("neutrophil.segmented", "lymphocyte.small", "lymphocyte.large", "monocyte", "smudge")
CELLS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(TERMS), st.sampled_from(TERMS)), min_size=1, max_size=40
)


def score(cells, **more):
    smears, panel, said = zip(*cells, strict=True)
    return score_against(smears, panel, said, taxonomy=RAABIN, **{"level": "full"} | more)


@settings(deadline=None, max_examples=60)
@given(CELLS)
def test_scores_are_those_of_scikit_learn(cells):
    _, truth, said = (list(column) for column in zip(*cells, strict=True))
    found = score(cells)
    assert found.accuracy.value == pytest.approx(accuracy_score(truth, said))
    there = sorted(set(truth))
    pairs = list(zip(truth, said, strict=True))
    shares = {key: sum(one == other == key for one, other in pairs) / truth.count(key) for key in there}
    assert found.balanced.value == pytest.approx(sum(shares.values()) / len(shares))
    if set(said) <= set(truth) and len(there) > 1:
        assert found.balanced.value == pytest.approx(balanced_accuracy_score(truth, said))
    assert {each.key: each.found.value for each in found.classes} == pytest.approx(shares)
    if len({*truth, *said}) > 1:
        assert found.kappa.value == pytest.approx(cohen_kappa_score(truth, said))
    else:
        assert found.kappa == Share(value=None, interval=None)
    for share in (found.accuracy, found.balanced):
        assert (share.interval is None) == (found.smears == 1)
        assert share.interval is None or 0 <= share.interval[0] <= share.interval[1] <= 1


def test_answers_count_as_the_classes_of_the_level():
    cells = [("a", "lymphocyte.small", "lymphocyte.large"), ("b", "smudge", "artifact"), ("b", "monocyte", "monocyte")]
    found = score(cells, level="five-class")
    assert [(each.key, each.cells, each.equal, each.called) for each in found.classes] == [
        ("lymphocyte", 1, 1, 1),
        ("monocyte", 1, 1, 1),
        ("smudge", 1, 0, 0),
    ]
    assert found.classes[2].right == Share(value=None, interval=None)
    assert score(cells).accuracy.value == pytest.approx(1 / 3)


def test_a_blank_is_not_found_where_it_counts_and_no_cell_where_it_does_not():
    cells = [("a", "monocyte", "monocyte"), ("b", "smudge", None)]
    counted, left = score(cells), score(cells, blank_counts=False)
    assert (counted.cells, counted.blank, counted.balanced.value) == (2, 1, 0.5)
    assert (left.cells, left.blank, left.balanced.value) == (1, 1, 1.0)
    nothing = score([("a", "monocyte", None)], blank_counts=False)
    assert (nothing.cells, nothing.classes, nothing.accuracy.value) == (0, (), None)


def test_the_same_seed_gives_the_same_intervals():
    cells = [(smear, truth, TERMS[n % 5]) for n, (smear, truth) in enumerate((s, t) for s in "abcd" for t in TERMS)]
    assert score(cells, seed=3) == score(cells, seed=3)
    assert score(cells, seed=3).kappa.interval is not None


def test_intervals_draw_whole_smears():
    cells = [("abcde"[n % 5], TERMS[n % 3], TERMS[(n * n) % 4]) for n in range(60)]
    right = np.array([one == other for _, one, other in cells])
    truth = np.array([TERMS.index(one) for _, one, _ in cells])

    def balanced(drawn):
        there = np.unique(truth[drawn])
        return float(np.mean([right[drawn][truth[drawn] == code].mean() for code in there]))

    found = score(cells, seed=7)
    groups = [smear for smear, *_ in cells]
    plain = bootstrap_by_group(lambda drawn: float(right[drawn].mean()), groups, seed=7)
    assert found.accuracy.interval == pytest.approx(plain)
    assert found.balanced.interval == pytest.approx(bootstrap_by_group(balanced, groups, seed=7))


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(InputError, match="not one smear and answer a cell"):
        score_against(["a"], ["monocyte"], [], taxonomy=RAABIN, level="full")
    with pytest.raises(UnknownTerm, match="monocyte"):
        score([("a", "monocyt", "monocyte")])
    with pytest.raises(UnknownTerm, match="five-class"):
        score([("a", "monocyte", "monocyte")], level="six-class")
