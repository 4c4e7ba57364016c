"""The network of the default classifier learns, repeats itself, and answers the same without torch."""

from __future__ import annotations

import cv2
import numpy as np
import onnx
import pytest
import torch

from buffycoat.errors import InputError, TooFew, UnreadableFormat
from buffycoat.imaging.cell_alignment import LOOK_PX, CellView, shown_picture
from buffycoat.learn.cell_file import CellClassifier, CellFacts, facts_for_file
from buffycoat.learn.cell_size import SizePrior
from buffycoat.nets.cell_export import export_cells
from buffycoat.nets.cell_network import CellNetwork
from buffycoat.nets.cell_pair import CellPair, FrozenCells, FrozenPlan, fit_frozen, frozen_rows
from buffycoat.nets.cell_training import CellPlan, cell_logits, train_cells
from buffycoat.nets.cell_variation import CellVariation, varied_cell

FACTS = CellFacts(
    name="drawn",
    classes=("round", "lobed"),
    temperature=2.0,
    least_sure=0.6,
    unseen=4.0,
    size=SizePrior(mean=(0.3, 0.6), deviation=(0.1, 0.1)),
    size_weight=0.5,
)


def drawn(seed: int, *, lobed: bool) -> CellView:
    rng = np.random.default_rng(seed)
    cell, nucleus = (np.zeros((LOOK_PX, LOOK_PX), np.float32) for _ in range(2))
    cv2.circle(cell, (56, 56), 34, 1.0, -1)
    if lobed:
        for angle in rng.uniform(0, 2) + np.array([0, 2.1, 4.2]):
            cv2.circle(nucleus, (int(56 + 16 * np.cos(angle)), int(56 + 16 * np.sin(angle))), 9, 1.0, -1)
    else:
        cv2.circle(nucleus, (56, 56), 24, 1.0, -1)
    taken = cell[..., None] * 0.15 + nucleus[..., None] * np.array([0.4, 0.7, 0.2], np.float32)
    return CellView(
        taken=taken.astype(np.float32),
        nucleus=nucleus,
        cell=cell,
        stain=np.array([0.55, 0.85, 0.35], np.float32),
    )


VIEWS = [drawn(seed, lobed=bool(seed % 2)) for seed in range(8)]
LABELS = [seed % 2 for seed in range(8)]


@pytest.fixture(scope="module")
def trained() -> CellNetwork:
    plan = CellPlan(steps=30, batch=8, rate=1e-3, mixed=0.3, seed=1)
    return train_cells(VIEWS, LABELS, LABELS, classes=2, plan=plan)


@pytest.fixture(scope="module")
def file(trained) -> bytes:
    return export_cells(trained, facts_for_file(FACTS))


@pytest.fixture(scope="module")
def frozen() -> FrozenCells:
    torch.manual_seed(3)
    network, plan = FrozenCells(classes=2), FrozenPlan(copies=1, scale=0.001)
    return fit_frozen(network, frozen_rows(network, VIEWS, plan), LABELS, ["a", "a", "b", "b"] * 2, plan)


def told(file: bytes, facts: dict[str, str]) -> bytes:
    """The same network with other facts."""
    model = onnx.load_from_string(file)
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, facts)
    return model.SerializeToString()


def test_the_network_learns_what_it_is_shown(trained):
    said = cell_logits(trained, VIEWS, batch=3)
    assert said.shape == (8, 2)
    assert said.argmax(axis=1).tolist() == LABELS


def test_without_torch_the_answer_is_the_same(trained, file):
    asked = CellClassifier(file)
    assert asked.facts == FACTS
    logits, embedding = asked.look(VIEWS)
    assert np.abs(logits - cell_logits(trained, VIEWS)).max() < 1e-4
    assert np.linalg.norm(embedding, axis=1) == pytest.approx(1, abs=0.05)
    same, other = embedding[0] @ embedding[2], embedding[0] @ embedding[1]
    assert same > other


def test_a_frozen_network_learns_a_linear_rule_and_its_pair_is_their_mean(trained, frozen):
    pictures, parts = (torch.from_numpy(np.stack(each)) for each in zip(*map(shown_picture, VIEWS), strict=True))
    with torch.no_grad():
        said = frozen(pictures, parts)
        assert said.argmax(dim=1).tolist() == LABELS
        pair = CellPair(trained, frozen, share=0.25, lift=(0.0, -1.0))
        wanted = 0.75 * torch.log_softmax(trained(pictures, parts), 1) + 0.25 * torch.log_softmax(said, 1)
        assert torch.allclose(pair(pictures, parts), wanted + torch.tensor([0.0, -1.0]), atol=1e-5)
    assert pair.classes == 2


def test_without_torch_the_pair_says_the_same(trained, frozen):
    pair = CellPair(trained, frozen, share=0.5, lift=(0.5, 0.0))
    logits, embedding = CellClassifier(export_cells(pair, facts_for_file(FACTS))).look(VIEWS)
    assert np.abs(logits - cell_logits(pair, VIEWS)).max() < 1e-4
    assert embedding.shape == (8, 1160)


def test_each_laboratory_counts_as_much_in_the_rule_and_the_rule_is_fishers():
    network, plan = FrozenCells(classes=2), FrozenPlan(shrink=1.0, between=0.0, scale=1.0)
    width = network.last.in_features
    rows = np.random.default_rng(0).normal(size=(1, 40, width)).astype(np.float32)
    labels, labs = [0, 1] * 20, ["a"] * 30 + ["b"] * 10
    fit_frozen(network, rows, labels, labs, plan)
    spread = rows[0].std(axis=0) + 1e-6
    scaled = (rows[0] - rows[0].mean(axis=0)) / spread
    means = [np.mean([scaled[:30][label::2].mean(0), scaled[30:][label::2].mean(0)], axis=0) for label in (0, 1)]
    found = (network.last.weight[1] - network.last.weight[0]).detach().numpy() * spread
    wanted = means[1] - means[0]
    assert np.corrcoef(found, wanted)[0, 1] == pytest.approx(1, abs=1e-4)  # a ball: straight from mean to mean


def test_temperature_size_and_the_cell_that_is_not_seen(file):
    asked = CellClassifier(file)
    logits, _ = asked.look(VIEWS[:1])
    plain, sized, unseen = asked.probabilities([VIEWS[0], VIEWS[0], None], [None, 0.6, 0.6])
    assert np.log(plain[1] / plain[0]) == pytest.approx((logits[0, 1] - logits[0, 0]) / 2, abs=1e-3)
    # at 0.6, the mean of the second class, the first is 3 deviations away: 0.5 * 9 / 2 more, halved by the temperature
    assert np.log(sized[1] / sized[0]) - np.log(plain[1] / plain[0]) == pytest.approx(0.5 * 4.5 / 2, abs=1e-3)
    assert unseen == pytest.approx([1 / (1 + np.exp(2)), 1 / (1 + np.exp(-2))], abs=1e-4)
    with pytest.raises(InputError):
        asked.probabilities([None], [])


def test_the_same_seed_gives_the_same_picture_and_network():
    first, again = (varied_cell(VIEWS[1], CellVariation(), rng=np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    plan = CellPlan(steps=2, batch=2)
    said = [cell_logits(train_cells(VIEWS, LABELS, LABELS, classes=2, plan=plan), VIEWS[:2]) for _ in range(2)]
    assert np.array_equal(*said)


def test_a_varied_picture_is_in_range_and_differs():
    rng = np.random.default_rng(0)
    usual = shown_picture(VIEWS[1])[0]
    for _ in range(20):
        picture, parts = varied_cell(VIEWS[1], CellVariation(gray=0.5), rng=rng)
        assert picture.shape == usual.shape
        assert picture.min() >= 0
        assert picture.max() <= 255
        assert parts.min() >= -1e-6
        assert np.abs(picture - usual).mean() > 1


def test_what_cannot_be_learned_from_is_refused():
    with pytest.raises(TooFew):
        train_cells([], [], [], classes=2, plan=CellPlan())
    with pytest.raises(InputError):
        train_cells(VIEWS, LABELS[:3], LABELS, classes=2, plan=CellPlan())
    network = FrozenCells(classes=2)
    rows = np.zeros((1, 2, network.last.in_features), np.float32)
    with pytest.raises(InputError):
        fit_frozen(network, rows, [0], ["a", "a"], FrozenPlan())
    with pytest.raises(TooFew):
        fit_frozen(network, rows[:, :0], [], [], FrozenPlan())


def test_a_class_without_cells_is_never_said():
    network = FrozenCells(classes=3)
    rows = np.random.default_rng(1).normal(size=(2, 20, network.last.in_features)).astype(np.float32)
    fit_frozen(network, rows, [0, 2] * 10, ["a", "b"] * 10, FrozenPlan(scale=0.01))
    with torch.no_grad():
        assert 1 not in network.last(torch.from_numpy(rows[0])).argmax(dim=1).tolist()


def test_a_file_that_says_nothing_of_its_use_is_refused(file):
    with pytest.raises(UnreadableFormat, match="how it is to be used"):
        CellClassifier(told(file, {}))
    wrong = facts_for_file(FACTS)
    wrong["facts"] = wrong["facts"].replace('"temperature": 2.0', '"temperature": -1')
    with pytest.raises(UnreadableFormat, match="do not fit"):
        CellClassifier(told(file, wrong))
