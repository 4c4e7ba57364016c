"""The robust recipe is read whole or refused with its reason."""

from __future__ import annotations

from importlib import resources

import pytest

from buffycoat.errors import InputError, UnreadableFile, UnreadableFormat
from buffycoat.learn.robust import read_robust

TEXT = (resources.files("buffycoat.learn") / "recipes" / "robust-1.toml").read_text(encoding="utf-8")


@pytest.fixture
def changed(tmp_path):
    def change(old: str, new: str):
        assert old in TEXT
        path = tmp_path / "mine.toml"
        path.write_text(TEXT.replace(old, new), encoding="utf-8")
        return path

    return change


def test_every_value_says_where_it_comes_from():
    recipe = read_robust()
    assert (recipe.batch, recipe.mixed, recipe.smoothing) == (32, 0.3, 0.1)
    assert set(recipe.sources) >= {"steps", "batch", "bend", "cytoplasm", "size_weight", "frozen_share", "copies"}
    assert all(recipe.sources.values())


def test_the_one_that_was_frozen_before_is_as_it_was():
    before, now = read_robust("robust-1"), read_robust("robust-2")
    assert (before.mask_views, now.mask_views) == (4, 1)
    same = [name for name in before.sources if getattr(before, name) == getattr(now, name)]
    assert set(before.sources) - set(same) == {"mask_views"}
    assert before.digest.startswith("1cd87e844ad7")


def test_one_of_your_own_is_another_recipe(changed):
    mine = read_robust(changed("value = 32", "value = 16"))
    assert mine.batch == 16
    assert mine.digest != read_robust().digest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[batch]\n", "[bath]\n", "batch"),
        ("value = 32\n", 'value = "many"\n', "batch"),
        ('value = 0.3\nfrom = "MixStyle', 'value = 3\nfrom = "MixStyle', "mixed"),
        ("[shrink]\nvalue = 0.1", "[shrink]\nvalue = 0", "shrink"),
        ("value = [0.6, 1.35]", "value = [0.6]", "bend"),
        ("name =", "name ", "no recipe"),
    ],
)
def test_what_is_no_recipe_is_refused(changed, old, new, said):
    with pytest.raises((UnreadableFormat, InputError), match=said):
        read_robust(changed(old, new))


def test_no_file_is_told(tmp_path):
    with pytest.raises(UnreadableFile):
        read_robust(tmp_path / "none.toml")
