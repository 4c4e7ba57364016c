"""The page to print and assemble by, in English and in Persian: parts, screws, steps, checks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from buffycoat.adapter import plan as p
from buffycoat.adapter.numbers import Ocular, Phone
from buffycoat.adapter.plan import Plan
from buffycoat.adapter.screws import count_screws, screws_of
from buffycoat.domain.value import value
from buffycoat.version import VERSION

__all__ = ["COUNTS", "DENSITIES", "LANGUAGES", "PartRow", "adapter_words", "numbers_of_parts", "write_page"]

LANGUAGES = ("en", "fa")
_TOLD = {"camera", "bump", "diameter", "eye_relief"}
"""Numbers of the page that may be estimates."""
_PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
_OF_PARTS = ("manifold", "bed", "overhang", "wall")
DENSITIES: Mapping[str, float] = {"PLA": 1.24, "PETG": 1.27}
"""Grams in a cubic centimeter, of usual filaments; a part printed hollow weighs less."""
COUNTS: Mapping[str, int] = {"clamp": 1, "sleeve": 1, "stage": 1, "cradle": 1, "jaw": 2, "stop": 1, "knob": 3}
"""How many of each part are printed; their order is their number in the pictures."""


@value
class PartRow:
    """A line of the list of parts.

    Attributes
    ----------
    name : str
        Key of the part.
    count : int
        How many are printed.
    volume : float
        Of one, mm³.
    extent : tuple of float
        As it lies on the bed, mm.
    digest : str
        SHA-256 of its STL.
    """

    name: str
    count: int
    volume: float
    extent: tuple[float, float, float]
    digest: str

    def mass(self, material: str) -> float:
        """Return the mass of one, printed solid, g."""
        return self.volume / 1000 * DENSITIES[material]


def numbers_of_parts() -> dict[str, int]:
    """Return the number of each part in the pictures.

    Examples
    --------
    >>> numbers_of_parts()["sleeve"]
    2
    """
    return {name: index for index, name in enumerate(COUNTS, start=1)}


@cache
def adapter_words(language: str) -> Mapping[str, Any]:
    """Return the words of the page in one of :data:`LANGUAGES`."""
    return tomllib.loads(files("buffycoat.adapter").joinpath(f"words_{language}.toml").read_text("utf-8"))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("buffycoat.adapter"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_page(plan: Plan, rows: Sequence[PartRow], checks: Sequence[Any], *, language: str) -> bytes:
    """Return the page in one language; pictures are files beside it.

    Parameters
    ----------
    plan : Plan
        The measures.
    rows : sequence of PartRow
        The parts, in the order of their numbers.
    checks : sequence of Check
        What was checked.
    language : str
        One of :data:`LANGUAGES`.
    """
    words = adapter_words(language)
    numbers = {
        "phone": _apart(plan.phone.name, words["dir"]),
        "ocular": _apart(plan.ocular.name, words["dir"]),
        "lens": plan.phone.lens,
        "above": f"{plan.top:.1f}",
        "height": f"{plan.height:.1f}",
        "glass": f"{plan.height - plan.phone.bump:.1f}",
        "up": f"{plan.up:g}",
        "down": f"{plan.down:g}",
        "travel": f"{p.TRAVEL:g}",
        "distance": f"{plan.least_distance:.0f}",
        "room": f"{plan.room_below:.0f}",
        "grip_from": f"{plan.head - plan.jaws - p.JAW_LENGTH / 2:.0f}",
        "grip_to": f"{plan.head - plan.jaws + p.JAW_LENGTH / 2:.0f}",
        "camera_left": _number(plan.phone.camera[0], plan.phone, "camera"),
        "camera_top": _number(plan.phone.camera[1], plan.phone, "camera"),
        "bump": _number(plan.phone.bump, plan.phone, "bump"),
        "width": f"{plan.phone.width:g}",
        "long": f"{plan.phone.height:g}",
        "thick": f"{plan.phone.thickness:g}",
        "diameter": _number(plan.ocular.diameter, plan.ocular, "diameter"),
        "relief": _number(plan.ocular.eye_relief, plan.ocular, "eye_relief"),
        "thinnest": f"{plan.barrels[0]:.1f}",
        "thickest": f"{plan.barrels[1]:.1f}",
        "which": words["which"][plan.outward or "either"],
        "height_screw": str(plan.height_screw),
    }
    names = {"phone", "ocular", "lens", "which", "height_screw"}
    numbers = {key: told if key in names else _digits(told, language) for key, told in numbers.items()}
    places: dict[int, list[str]] = {}
    for screw in screws_of(plan):
        place = words["screws"][_place(screw.name)]
        if place not in places.setdefault(screw.length, []):
            places[screw.length].append(place)
    return (
        _templates()
        .get_template("adapter.html.j2")
        .render(
            words=words,
            language=language,
            other=next(one for one in LANGUAGES if one != language),
            say=lambda text: text.format_map(numbers),
            say_number=lambda number: _digits(str(number), language),
            limits={check.name: check.limit for check in checks},
            rows=rows,
            numbers=numbers_of_parts(),
            densities=DENSITIES,
            total={material: sum(row.count * row.mass(material) for row in rows) for material in DENSITIES},
            volume=sum(row.count * row.volume for row in rows),
            bought=[(length, count, places[length]) for length, count in count_screws(plan).items()],
            checks=checks,
            of_parts=_OF_PARTS,
            guessed=bool({*plan.phone.estimated, *plan.ocular.estimated} & _TOLD),
            version=VERSION,
        )
        .encode()
    )


def _number(size: float, of: Phone | Ocular, name: str) -> str:
    """Write a number, marked where it is an estimate."""
    mark = "≈\u00a0" if name in of.estimated else ""
    return f"{mark}{size:g}"


def _digits(number: str, language: str) -> str:
    """Write a number in the digits of the language."""
    return number.translate(_PERSIAN) if language == "fa" else number


def _apart(name: str, direction: str) -> str:
    """Keep a Latin name together in a line that runs from the right (Unicode isolates)."""
    return f"\u2068{name}\u2069" if direction == "rtl" else name


def _place(name: str) -> str:
    """Return the key of the words for where a screw sits: its name without left, right, upper and lower."""
    return " ".join(word for word in name.split() if word not in {"left", "right", "upper", "lower"}).replace(" ", "_")
