"""A color filter as a value, and as a small file that says what it was fitted on."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from buffycoat.domain.value import value
from buffycoat.errors import InputError, UnreadableFormat

__all__ = ["FILTER_FORMAT", "FILTER_VERSION", "ColorFilter"]

FILTER_FORMAT: Final = "buffycoat color filter"
FILTER_VERSION: Final = 1
"""Raised when the meaning of the numbers changes; a file of another version is refused."""

_LIGHTS: Final = ("red", "green", "blue")
_COUNTS: Final = ("images", "boxes", "sources")
_KEYS: Final = ("format", "version", "weights", "bias", "prior", "origin", "fitted_at", "counts")
_MOST_BYTES: Final = 1 << 16


@value
class ColorFilter:
    """A linear classifier of pixels by how dense they are in red, green and blue light.

    ``weights`` belong to the logarithms of the optical densities relative to those of the field's red cells, ``bias``
    is the score of a red cell for classes of equal size, ``prior`` is the share of nucleus pixels to assume: the one
    knob. ``origin`` tells what the filter was fitted on, ``fitted_at`` when (as its maker wrote it), and ``images``,
    ``boxes`` and ``sources`` on how many.
    """

    weights: tuple[float, float, float]
    bias: float
    prior: float = 0.5
    origin: str = ""
    fitted_at: str = ""
    images: int = 0
    boxes: int = 0
    sources: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers that classify nothing."""
        if not 0 < self.prior < 1:
            raise InputError("the prior is no share", expected="above 0 and below 1", found=str(self.prior))
        numbers = (*self.weights, self.bias)
        if len(self.weights) != len(_LIGHTS) or not all(math.isfinite(number) for number in numbers):
            raise InputError(
                "the filter has no usable weights", expected="three finite numbers and a bias", found=str(numbers)
            )

    def to_json(self) -> str:
        """Return the filter as text to keep in a file.

        Examples
        --------
        >>> chosen = ColorFilter(weights=(3.0, 3.0, -2.0), bias=-2.0, origin="ward 3", fitted_at="2026-05-01")
        >>> ColorFilter.from_json(chosen.to_json()) == chosen
        True
        """
        record = {
            "format": FILTER_FORMAT,
            "version": FILTER_VERSION,
            "weights": dict(zip(_LIGHTS, self.weights, strict=True)),
            "bias": self.bias,
            "prior": self.prior,
            "origin": self.origin,
            "fitted_at": self.fitted_at,
            "counts": {name: getattr(self, name) for name in _COUNTS},
        }
        return json.dumps(record, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, *, name: str = "the filter") -> ColorFilter:
        """Read what ``to_json`` wrote.

        Parameters
        ----------
        text : str or bytes
            Content of the file.
        name : str
            What to call it in an error.

        Raises
        ------
        UnreadableFormat
            No JSON, another kind of file, another version, a key missing or unknown, or a value of a wrong kind, each
            with its key.

        Examples
        --------
        >>> ColorFilter.from_json("{}", name="ward.json")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        buffycoat.errors.UnreadableFormat: ward.json is no color filter: expected 'format': ..., found no such key
        """
        record = _parsed(text, name)
        if record.get("format") != FILTER_FORMAT:
            found = repr(record["format"]) if "format" in record else "no such key"
            raise UnreadableFormat(f"{name} is no color filter", expected=f"'format': {FILTER_FORMAT!r}", found=found)
        if record.get("version") != FILTER_VERSION:
            raise UnreadableFormat(
                f"{name} is a color filter of another version",
                expected=f"'version': {FILTER_VERSION}",
                found=repr(record.get("version")),
                hint="train the filter again with this version of buffycoat",
            )
        _exactly(record, _KEYS, name)
        weights, counts = record["weights"], record["counts"]
        for key, held, keys in (("weights", weights, _LIGHTS), ("counts", counts, _COUNTS)):
            if not isinstance(held, dict):
                raise UnreadableFormat(f"{name}, {key!r}", expected="an object", found=type(held).__name__)
            _exactly(held, keys, f"{name}, {key!r}")
        red, green, blue = (_number(weights[light], f"{name}, 'weights', {light!r}") for light in _LIGHTS)
        images, boxes, sources = (_count(counts[key], f"{name}, 'counts', {key!r}") for key in _COUNTS)
        bias, prior = (_number(record[key], f"{name}, {key!r}") for key in ("bias", "prior"))
        if not 0 < prior < 1:
            raise UnreadableFormat(f"{name}, 'prior'", expected="above 0 and below 1", found=str(prior))
        origin, fitted_at = (_text(record[key], f"{name}, {key!r}") for key in ("origin", "fitted_at"))
        return cls(
            weights=(red, green, blue),
            bias=bias,
            prior=prior,
            origin=origin,
            fitted_at=fitted_at,
            images=images,
            boxes=boxes,
            sources=sources,
        )


def _parsed(text: str | bytes, name: str) -> dict[str, Any]:
    if len(text) > _MOST_BYTES:
        raise UnreadableFormat(f"{name} is no color filter", expected=f"at most {_MOST_BYTES:,} bytes", found="more")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        found = f"{error.msg} in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise UnreadableFormat(f"{name} is no JSON", expected="a color filter", found=found) from error
    if not isinstance(record, dict):
        raise UnreadableFormat(f"{name} is no color filter", expected="an object", found=type(record).__name__)
    return record


def _exactly(record: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in keys:
        if key not in record:
            raise UnreadableFormat(
                f"{where}: {key!r} is missing", expected=", ".join(map(repr, keys)), found="no such key"
            )
    for key in record:
        if key not in keys:
            raise UnreadableFormat(f"{where}: unknown key", expected=", ".join(map(repr, keys)), found=repr(key))


def _number(held: Any, where: str) -> float:
    if isinstance(held, bool) or not isinstance(held, (int, float)) or not math.isfinite(held):
        raise UnreadableFormat(where, expected="a finite number", found=repr(held))
    return float(held)


def _count(held: Any, where: str) -> int:
    if isinstance(held, bool) or not isinstance(held, int) or held < 0:
        raise UnreadableFormat(where, expected="a count", found=repr(held))
    return held


def _text(held: Any, where: str) -> str:
    if not isinstance(held, str):
        raise UnreadableFormat(where, expected="text", found=repr(held))
    return held
