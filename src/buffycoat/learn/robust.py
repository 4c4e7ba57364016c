"""The recipe for laboratories that were never seen, as data: a TOML file whose values say where they come from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any, Final

from buffycoat.domain.value import Digest, digest_of, value
from buffycoat.errors import InputError, UnreadableFile, UnreadableFormat

__all__ = ["RECIPES", "ROBUST", "RobustRecipe", "read_robust"]

RECIPES: Final = ("robust-1", "robust-2")
"""The recipes that come along. One that was frozen is never changed: what is done otherwise has another name."""
ROBUST: Final = RECIPES[-1]
"""The recipe of the classifier that comes along."""

_HEAD: Final = ("name", "title")
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "steps": (1, 1e6),
    "batch": (1, 4096),
    "rate": (1e-9, 1),
    "last_rate": (1e-9, 1),
    "smoothing": (0, 0.9),
    "balance": (0, 1),
    "empty_share": (1e-6, 10),
    "mixed": (0, 1),
    "gray": (0, 1),
    "blur": (0.4, 20),
    "size_weight": (0, 10),
    "frozen_share": (0, 1),
    "copies": (0, 1000),
    "shrink": (1e-6, 1),
    "between": (0, 1000),
    "scale": (1e-3, 100),
    "mask_views": (1, 4),
}
_BEFORE: Final[Mapping[str, Mapping[str, Any]]] = {
    "mask_views": {"value": 4, "from": "not in the recipe: as it was before that was a choice"}
}


@value
class RobustRecipe:
    """Its values; the file says what each is, and ``sources`` where it comes from.

    See `buffycoat.nets.cell_training.CellPlan`, `buffycoat.nets.cell_pair.FrozenPlan` and
    `buffycoat.nets.cell_variation.CellVariation`.
    """

    name: str
    title: str
    backbone: str
    steps: int
    batch: int
    rate: float
    last_rate: float
    weight_decay: float
    smoothing: float
    balance: float
    empty_share: float
    mixed: float
    channel: float
    strength: float
    crossed: float
    bend: tuple[float, float]
    cytoplasm: float
    gray: float
    blur: float
    size_weight: float
    frozen_share: float
    copies: int
    shrink: float
    between: float
    scale: float
    mask_views: int
    sources: Mapping[str, str]
    digest: Digest


_VALUES: Final = {
    each.name: str(each.type) for each in fields(RobustRecipe) if each.name not in {*_HEAD, "sources", "digest"}
}


def read_robust(recipe: str | Path = ROBUST) -> RobustRecipe:
    """Read the recipe that comes along, or one of your own.

    Parameters
    ----------
    recipe : str or Path
        ``"robust-2"``, ``"robust-1"``, or a TOML file of the same form.

    Raises
    ------
    UnreadableFile
        There is no such file.
    UnreadableFormat
        It is no TOML, or a value is missing, unknown or of another kind.
    InputError
        A value cannot be.

    Examples
    --------
    >>> recipe = read_robust()
    >>> recipe.batch, recipe.sources["mixed"]
    (32, 'MixStyle, Zhou et al., ICLR 2021; share of batches')
    """
    if recipe in RECIPES:
        text = (resources.files("buffycoat.learn") / "recipes" / f"{recipe}.toml").read_text(encoding="utf-8")
        return _parsed(text, f"{recipe}.toml")
    path = Path(recipe)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise UnreadableFile(f"{path.name} cannot be read", expected=f"{ROBUST} or a recipe", found=reason) from error
    except UnicodeDecodeError as error:
        raise UnreadableFormat(f"{path.name} is no text", expected="TOML in UTF-8", found=str(error)) from error
    return _parsed(text, path.name)


def _parsed(text: str, name: str) -> RobustRecipe:
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFormat(f"{name} is no recipe", expected="TOML", found=str(error)) from error
    told = {**_BEFORE, **told}
    if strange := sorted(set(told) ^ {*_HEAD, *_VALUES}):
        what = "a value that no recipe has" if strange[0] in told else "a value is missing"
        raise UnreadableFormat(f"{name}: {what}", expected=", ".join((*_HEAD, *_VALUES)), found=strange[0])
    taken: dict[str, Any] = {}
    for key in _HEAD:
        if not isinstance(told[key], str):
            raise UnreadableFormat(f"{name}: {key}", expected="a text", found=repr(told[key]))
        taken[key] = told[key]
    for key, kind in _VALUES.items():
        table = told[key]
        if not isinstance(table, dict) or set(table) != {"value", "from"}:
            raise UnreadableFormat(f"{name}: {key}", expected=f"a table [{key}] with value and from", found=str(table))
        taken[key] = _of_kind(table["value"], kind, f"{name}: {key}")
        low, high = _RANGES.get(key, (0, float("inf")))
        if isinstance(taken[key], float | int) and not low <= taken[key] <= high:
            raise InputError(f"{name}: {key}", expected=f"{low:g} to {high:g}", found=str(taken[key]))
    sources = {key: str(told[key]["from"]) for key in _VALUES}
    return RobustRecipe(**taken, sources=sources, digest=digest_of(text.encode()))


def _of_kind(given: Any, kind: str, where: str) -> Any:
    if kind == "float" and type(given) in (int, float):
        return float(given)
    if (
        kind.startswith("tuple")
        and isinstance(given, list)
        and [type(each) in (int, float) for each in given] == [True] * 2
    ):
        return tuple(float(each) for each in given)
    if kind == type(given).__name__:
        return given
    raise UnreadableFormat(where, expected=kind, found=repr(given))
