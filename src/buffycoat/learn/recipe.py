"""How an experiment is done, as data: a TOML file in which every value says where it comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from buffycoat.domain.value import Digest, digest_of, value
from buffycoat.errors import InputError, UnreadableFile, UnreadableFormat

__all__ = ["PRESETS", "Recipe", "read_recipe", "reduced_recipe"]

PRESETS: Final = ("paper-2022",)
_HEAD: Final = ("name", "title", "source")
_COPIES: Final = ("mirrored", "flipped", "rescaled")
_ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "optimizer": ("sgd",),
    "loss": ("cross-entropy",),
    "weights": ("imagenet", "scratch"),
    "checkpoint": ("last",),
    "features": ("svm", ""),
}


@value
class Recipe:
    """An experiment's values; the file's comments say what each is.

    Parameters
    ----------
    name, title, source : str
        Of the recipe as a whole; ``source`` is what it repeats.
    sources : mapping of str to str
        By name of a value: where it comes from.
    unstated : tuple of str
        Values that the source does not give, and that are ours.
    text : str
        The file, comments included.
    digest : str
        Of the text and of what was reduced.
    reduced : tuple of str
        How it is less than the file says, a line each.
    """

    name: str
    title: str
    source: str
    networks: tuple[str, ...]
    features: str
    classes: tuple[str, ...]
    weights: str
    epochs: int
    batch: int
    rate: float
    rate_factor: float
    rate_epochs: int
    optimizer: str
    momentum: float
    weight_decay: float
    loss: str
    size: int
    copies: tuple[str, ...]
    copies_most: int
    scale_low: float
    scale_high: float
    validation_share: float
    checkpoint: str
    seeds: tuple[int, ...]
    svm_degree: int
    svm_cost: float
    svm_neutrophil_weight: float
    svm_copies: bool
    sources: Mapping[str, str]
    unstated: tuple[str, ...]
    text: str
    digest: Digest
    reduced: tuple[str, ...] = ()


_VALUES: Final = tuple(
    each.name
    for each in fields(Recipe)
    if each.name not in {*_HEAD, "sources", "unstated", "text", "digest", "reduced"}
)
_KINDS: Final = {each.name: str(each.type) for each in fields(Recipe)}


def read_recipe(preset: str | Path) -> Recipe:
    """Read a recipe that comes along, or one of your own.

    Parameters
    ----------
    preset : str or Path
        One of ``PRESETS``, or a TOML file of the same form: begin with a copy of one that comes along.

    Raises
    ------
    UnreadableFile
        There is no such file.
    UnreadableFormat
        It is no TOML, or a value is missing, unknown or of another kind.
    InputError
        There is no such preset, or a value cannot be.

    Examples
    --------
    >>> recipe = read_recipe("paper-2022")
    >>> recipe.epochs, recipe.batch, recipe.sources["batch"][:22]
    (15, 10, 'Classification results')
    >>> "momentum" in recipe.unstated
    True
    """
    if isinstance(preset, str) and not preset.endswith(".toml"):
        if preset not in PRESETS:
            raise InputError("no such preset", expected=" or ".join((*PRESETS, "a .toml file")), found=repr(preset))
        return _shipped(preset)
    path = Path(preset)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise UnreadableFile(f"{path.name} cannot be read", expected="a recipe", found=reason) from error
    except UnicodeDecodeError as error:
        raise UnreadableFormat(f"{path.name} is no text", expected="TOML in UTF-8", found=str(error)) from error
    return _parse(text, path.name)


@cache
def _shipped(preset: str) -> Recipe:
    path = resources.files("buffycoat.learn") / "recipes" / f"{preset}.toml"
    return _parse(path.read_text(encoding="utf-8"), f"{preset}.toml")


def _parse(text: str, name: str) -> Recipe:
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFormat(f"{name} is no recipe", expected="TOML", found=str(error)) from error
    if strange := sorted(set(told) - {*_HEAD, *_VALUES}):
        raise UnreadableFormat(f"{name}: a value that no recipe has", expected=", ".join(_VALUES), found=strange[0])
    if lacking := [key for key in (*_HEAD, *_VALUES) if key not in told]:
        raise UnreadableFormat(f"{name}: a value is missing", expected=lacking[0], found=", ".join(sorted(told)))
    taken: dict[str, Any] = {key: _of_kind(told[key], "str", f"{name}: {key}") for key in _HEAD}
    sources, unstated = {}, []
    for key in _VALUES:
        table = told[key]
        if not isinstance(table, dict) or not {"value", "from"} <= set(table) <= {"value", "from", "stated"}:
            raise UnreadableFormat(
                f"{name}: {key}", expected=f"a table [{key}] with value, from and perhaps stated", found=str(table)
            )
        taken[key] = _of_kind(table["value"], _KINDS[key], f"{name}: {key}")
        sources[key] = _of_kind(table["from"], "str", f"{name}: {key}, from")
        if not _of_kind(table.get("stated", True), "bool", f"{name}: {key}, stated"):
            unstated.append(key)
    recipe = Recipe(**taken, sources=sources, unstated=tuple(unstated), text=text, digest=digest_of(text.encode()))
    _check(recipe, name)
    return recipe


def _of_kind(given: Any, kind: str, where: str) -> Any:
    """Return a value of TOML as the recipe keeps it: lists as tuples, whole numbers as numbers too."""
    if kind.startswith("tuple"):
        inner = kind.removeprefix("tuple[").removesuffix(", ...]")
        if isinstance(given, list):
            return tuple(_of_kind(each, inner, where) for each in given)
    elif kind == "float" and type(given) in (int, float):
        return float(given)
    elif kind == type(given).__name__:
        return given
    raise UnreadableFormat(where, expected=kind, found=repr(given))


def _check(recipe: Recipe, name: str) -> None:
    for key, allowed in _ONLY.items():
        if getattr(recipe, key) not in allowed:
            raise InputError(f"{name}: {key}", expected=" or ".join(allowed), found=repr(getattr(recipe, key)))
    for key in ("epochs", "batch", "rate", "rate_factor", "rate_epochs", "copies_most", "scale_low", "svm_cost"):
        if not getattr(recipe, key) > 0:
            raise InputError(f"{name}: {key}", expected="above 0", found=str(getattr(recipe, key)))
    if recipe.size < 32:
        raise InputError(
            f"{name}: size", expected="at least 32 pixels, below which networks see nothing", found=str(recipe.size)
        )
    if not 0 <= recipe.validation_share < 1:
        raise InputError(f"{name}: validation_share", expected="0 to below 1", found=str(recipe.validation_share))
    if recipe.scale_high < recipe.scale_low:
        raise InputError(f"{name}: scale_high", expected="at least scale_low", found=str(recipe.scale_high))
    if strange := sorted(set(recipe.copies) - set(_COPIES)):
        raise InputError(f"{name}: copies", expected=", ".join(_COPIES), found=strange[0])
    for key in ("networks", "classes", "seeds"):
        column = getattr(recipe, key)
        if len(set(column)) != len(column):
            raise InputError(f"{name}: {key}", expected="each once", found=str(column))
    if len(recipe.classes) < 2 or not recipe.seeds:
        raise InputError(
            f"{name}: classes and seeds", expected="two classes and a seed", found=f"{recipe.classes}, {recipe.seeds}"
        )


def reduced_recipe(
    recipe: Recipe,
    *,
    size: int | None = None,
    epochs: int | None = None,
    networks: tuple[str, ...] | None = None,
    seeds: tuple[int, ...] | None = None,
    most_cells: int | None = None,
) -> Recipe:
    """Return a recipe with some values changed; what is less than the recipe is said, one line each.

    Parameters
    ----------
    recipe : Recipe
        Whole.
    size, epochs : int, optional
        Side of what the networks see in pixels; epochs of training.
    networks : tuple of str, optional
        Some of the recipe's.
    seeds : tuple of int, optional
        More of them are no reduction.
    most_cells : int, optional
        At most so many cells of a class are taken on each side.

    Raises
    ------
    InputError
        A network that the recipe does not have, or a value that cannot be.

    Examples
    --------
    >>> reduced_recipe(read_recipe("paper-2022"), size=64, epochs=3).reduced
    ('size 64 instead of 224 pixels', '3 epochs instead of 15')
    """
    if networks is not None and (strange := sorted(set(networks) - set(recipe.networks))):
        raise InputError(f"{recipe.name} has no such network", expected=", ".join(recipe.networks), found=strange[0])
    if most_cells is not None and most_cells < 1:
        raise InputError("cells of a class", expected="at least 1", found=str(most_cells))
    lines = []
    changed: dict[str, Any] = {}
    if size is not None and size != recipe.size:
        changed["size"] = size
        lines.append(f"size {size} instead of {recipe.size} pixels")
    if epochs is not None and epochs != recipe.epochs:
        changed["epochs"] = epochs
        lines.append(f"{epochs} epochs instead of {recipe.epochs}")
    if networks is not None and set(networks) != set(recipe.networks):
        changed["networks"] = tuple(name for name in recipe.networks if name in networks)
        lines.append(f"{len(networks)} of {len(recipe.networks)} networks")
    if seeds is not None and seeds != recipe.seeds:
        changed["seeds"] = seeds
    if most_cells is not None:
        lines.append(f"at most {most_cells} cells of each class on each side")
    if not changed and not lines:
        return recipe
    said = "\n".join([recipe.digest, *(f"{key} = {changed[key]}" for key in sorted(changed)), *lines])
    less = replace(recipe, **changed, reduced=(*recipe.reduced, *lines), digest=digest_of(said.encode()))
    _check(less, recipe.name)
    return less
