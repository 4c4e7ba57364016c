from __future__ import annotations

import pytest

from buffycoat.domain.taxonomy import RAABIN
from buffycoat.errors import InputError, UnreadableFile, UnreadableFormat
from buffycoat.learn.recipe import PRESETS, read_recipe, reduced_recipe


def test_the_preset_has_the_numbers_of_the_paper():
    recipe = read_recipe("paper-2022")
    assert (recipe.epochs, recipe.batch, recipe.rate, recipe.rate_factor, recipe.rate_epochs) == (15, 10, 0.001, 0.1, 7)
    assert (recipe.optimizer, recipe.weights) == ("sgd", "imagenet")
    assert recipe.networks == (
        "vgg16",
        "resnet18",
        "resnet34",
        "resnet50",
        "resnext50",
        "densenet121",
        "mobilenet-v2",
        "mnasnet1",
        "shufflenet-v2",
    )
    assert (recipe.svm_degree, recipe.svm_cost, recipe.svm_neutrophil_weight) == (3, 6.0, 10.0)
    assert set(recipe.classes) == set(RAABIN.classes("five-class"))
    assert recipe.reduced == ()


def test_every_value_says_where_it_is_from_and_what_the_paper_leaves_open():
    recipe = read_recipe("paper-2022")
    assert all(len(said) > 20 for said in recipe.sources.values())
    assert {"momentum", "size", "validation_share"} <= set(recipe.unstated)
    assert not {"epochs", "batch", "rate", "rate_factor", "optimizer", "copies"} & set(recipe.unstated)
    for name in recipe.unstated:
        assert "Classification results, last" not in recipe.sources[name]


def test_what_is_less_than_the_recipe_is_said():
    recipe = read_recipe("paper-2022")
    assert reduced_recipe(recipe) is recipe
    assert reduced_recipe(recipe, size=224, epochs=15) is recipe
    more = reduced_recipe(recipe, seeds=(0, 1, 2))
    assert (more.reduced, more.seeds) == ((), (0, 1, 2))
    less = reduced_recipe(recipe, size=64, epochs=3, networks=("resnet18", "vgg16"), most_cells=20)
    assert less.reduced == (
        "size 64 instead of 224 pixels",
        "3 epochs instead of 15",
        "2 of 9 networks",
        "at most 20 cells of each class on each side",
    )
    assert less.networks == ("vgg16", "resnet18")
    digests = {recipe.digest, more.digest, less.digest, reduced_recipe(recipe, most_cells=20).digest}
    assert len(digests) == 4


def test_a_recipe_of_ones_own_is_read_and_what_is_wrong_is_named(tmp_path):
    path = tmp_path / "mine.toml"
    text = read_recipe(PRESETS[0]).text
    path.write_text(text.replace("value = 15", "value = 30"))
    assert read_recipe(path).epochs == read_recipe(str(path)).epochs == 30
    for old, new, error, said in (
        ("[epochs]", "[epoch]", UnreadableFormat, "epoch"),
        ("value = 15", 'value = "15"', UnreadableFormat, "epochs"),
        ("value = 15", "value = true", UnreadableFormat, "epochs"),
        ("value = 15", "value = 0", InputError, "epochs"),
        ("value = 15", "is = 15", UnreadableFormat, "epochs"),
        ('value = "sgd"', 'value = "adam"', InputError, "optimizer"),
        ("value = 224", "value = 16", InputError, "size"),
        ('"rescaled"]', '"turned"]', InputError, "turned"),
        ("value = 0.8", "value = 1.8", InputError, "scale_high"),
        ("value = [0]", "value = [0, 0]", InputError, "seeds"),
        ("value = [0]", "value = []", InputError, "seeds"),
        ("value = 0.1\nstated", "value = 1.0\nstated", InputError, "validation_share"),
        ("name = ", "name : ", UnreadableFormat, "TOML"),
    ):
        assert old in text
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(error, match=said):
            read_recipe(path)
    path.write_bytes(b"\xff")
    with pytest.raises(UnreadableFormat):
        read_recipe(path)
    with pytest.raises(UnreadableFile):
        read_recipe(tmp_path / "none.toml")
    with pytest.raises(InputError, match="no such preset"):
        read_recipe("paper-2023")
    with pytest.raises(InputError, match="no such network"):
        reduced_recipe(read_recipe("paper-2022"), networks=("resnet19",))
    with pytest.raises(InputError):
        reduced_recipe(read_recipe("paper-2022"), most_cells=0)
