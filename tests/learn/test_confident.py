"""Wrong labels are found among right ones, and nothing is learned from the cell that is judged."""

from __future__ import annotations

import numpy as np
import pytest

from buffycoat.errors import InputError, TooFew
from buffycoat.learn.confident import confident_counts, out_of_fold, suspect_labels

CELLS, CLASSES = 120, 3


@pytest.fixture(scope="module")
def seen() -> tuple[np.ndarray, np.ndarray]:
    """Three clouds that touch, and which of them each point is of."""
    rng = np.random.default_rng(5)
    truth = np.arange(CELLS) % CLASSES
    return rng.normal(0, 0.6, (CELLS, 8)) + 3 * np.eye(CLASSES, 8)[truth], truth


def test_the_joint_is_counted_as_in_the_paper():
    # Means of the labels' own probabilities: 0.6 for class 0, 0.65 for class 1.
    chances = np.array([[0.9, 0.1], [0.6, 0.4], [0.3, 0.7], [0.2, 0.8], [0.5, 0.5]])
    assert confident_counts([0, 0, 0, 1, 1], chances).tolist() == [[2, 1], [0, 1]]
    # The last is of neither class surely, so it is not counted, and no label of class 1 is suspected.
    assert [(each.place, each.label, each.proposed) for each in suspect_labels([0, 0, 0, 1, 1], chances)] == [(2, 0, 1)]


def test_exchanged_labels_are_found_and_the_right_class_is_proposed(seen):
    embeddings, truth = seen
    labels = truth.copy()
    exchanged = list(range(0, CELLS, 20))
    labels[exchanged] = (truth[exchanged] + 1) % CLASSES
    chances = out_of_fold(embeddings, labels.tolist(), range(CELLS), classes=CLASSES)
    found = suspect_labels(labels.tolist(), chances)
    # The clouds touch: a few points lie in another one, and are doubted too, but less.
    assert {each.place for each in found[: len(exchanged)]} == set(exchanged)
    assert len(found) <= len(exchanged) + 4
    assert all(each.proposed == truth[each.place] != each.label for each in found[: len(exchanged)])
    margins = [each.margin for each in found]
    assert margins == sorted(margins, reverse=True)
    assert min(margins) > 0


def test_where_all_labels_are_right_hardly_one_is_suspected(seen):
    embeddings, truth = seen
    chances = out_of_fold(embeddings, truth.tolist(), range(CELLS), classes=CLASSES)
    assert chances.sum(axis=1) == pytest.approx(1)
    assert len(suspect_labels(truth.tolist(), chances)) <= 2


def test_a_group_is_not_learned_from_when_it_is_judged():
    """Every photograph has numbers of its own that tell its class, and nothing else does: all that is left is chance."""
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(20), 6)
    labels = (rng.permutation(20) % 2)[groups]
    embeddings = np.eye(20)[groups] + rng.normal(0, 0.01, (len(groups), 20))
    parted = out_of_fold(embeddings, labels.tolist(), groups.tolist(), classes=2)
    mixed = out_of_fold(embeddings, labels.tolist(), range(len(groups)), classes=2)
    assert (mixed.argmax(axis=1) == labels).mean() > 0.95
    assert (parted.argmax(axis=1) == labels).mean() < 0.75


def test_what_cannot_be_learned_is_refused():
    with pytest.raises(InputError, match="not one label"):
        confident_counts([0], np.zeros((2, 2)))
    with pytest.raises(InputError, match="no class"):
        suspect_labels([0, 5], np.zeros((2, 2)))
    with pytest.raises(InputError, match="not one label and group"):
        out_of_fold(np.zeros((3, 2)), [0, 1, 0], [1, 2], classes=2)
    with pytest.raises(TooFew, match="photographs"):
        out_of_fold(np.zeros((30, 2)), [0, 1] * 15, [1, 2] * 15, classes=2)
    with pytest.raises(TooFew, match="classes"):
        out_of_fold(np.zeros((15, 2)), [0] * 12 + [1] * 3, range(15), classes=2)
    assert suspect_labels([], np.zeros((0, 2))) == ()
