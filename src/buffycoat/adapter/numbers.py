"""The numbers of a phone and of an ocular, and the limits within which an adapter can be."""

from __future__ import annotations

from dataclasses import fields
from math import isfinite

from buffycoat.domain.value import value
from buffycoat.errors import InputError

__all__ = ["LIMITS", "Ocular", "Phone"]

LIMITS: dict[str, dict[str, tuple[float, float]]] = {
    "phone": {
        "width": (55.0, 95.0),
        "height": (110.0, 190.0),
        "thickness": (5.0, 16.0),
        "mass": (60.0, 400.0),
        "bump": (0.0, 4.5),
    },
    "ocular": {"diameter": (22.0, 45.0), "eye_relief": (4.0, 35.0), "grip": (20.0, 60.0)},
}
"""What is allowed, in millimeters and grams; beyond it a plan says which of the parts cannot be."""

PLACES = ("camera", "island")
"""What a phone has beside them: places on its back."""

WHY = {
    "width": "the jaws and the bed are made for phones of this width",
    "height": "the jaws hold a phone of this height",
    "thickness": "the lips of the jaws reach over a phone of this thickness",
    "mass": "the clamp and the jaws hold so much",
    "bump": "the cradle is 5 mm thick, and the camera must not stand out of its underside",
    "diameter": "the clamp is made for barrels of this diameter",
    "eye_relief": "the plates need room below the eye point, and the height screws end above it",
    "grip": "the clamp is 20 mm long: so much of the barrel must be straight",
}


@value
class Phone:
    """A phone, in millimeters and grams, seen from the back and upright.

    Attributes
    ----------
    key, name : str
        Of the preset, or of a file of one's own.
    width, height, thickness : float
        Of the body, without camera; with the case where it stays on.
    mass : float
        Grams; for the page only.
    camera : tuple of float
        Middle of the lens, from the left and from the top edge.
    island : tuple of float
        What stands out or must lie free around the lens: left, top, width, height.
    bump : float
        How far the camera stands out of the back.
    lens : str
        Which one of several lenses is meant, in words.
    source : str
        Where width, height, thickness and mass come from, in words.
    estimated : tuple of str
        Names of the numbers that are estimates: to be measured before printing.

    Raises
    ------
    InputError
        If a number is outside its limits, the camera is not on the phone or not within its island, or what is said to
        be estimated is no number of a phone.

    Examples
    --------
    >>> Phone(key="a", name="A", width=72.5, height=142, thickness=8.1, camera=(36, 17), island=(28, 9, 16, 17)).mass
    180.0
    >>> Phone(key="a", name="A", width=120, height=142, thickness=8.1, camera=(36, 17), island=(28, 9, 16, 17))
    Traceback (most recent call last):
    buffycoat.errors.InputError: phone a: width is outside the limits: expected 55 to 95 mm, found 120 mm
    """

    key: str
    name: str
    width: float
    height: float
    thickness: float
    camera: tuple[float, float]
    island: tuple[float, float, float, float]
    mass: float = 180.0
    bump: float = 0.0
    lens: str = ""
    source: str = ""
    estimated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _within("phone", self)
        (left, top), (begin, above, width, height) = self.camera, self.island
        if not (0 < left < self.width and 0 < top < self.height / 2):
            raise InputError(
                f"phone {self.key}: camera is not on the upper half of the phone",
                expected=f"0 to {self.width:g} mm from the left, 0 to {self.height / 2:g} mm from the top",
                found=f"{left:g} and {top:g} mm",
                hint="measure from the edges, as you look at the back, the phone upright",
            )
        if not (begin <= left <= begin + width and above <= top <= above + height):
            raise InputError(
                f"phone {self.key}: the lens lies outside its own island",
                expected=f"an island around {left:g}, {top:g} mm",
                found=f"{begin:g} to {begin + width:g} mm from the left, {above:g} to {above + height:g} from the top",
                hint="island is [left, top, width, height] of what stands out around the lens",
            )


@value
class Ocular:
    """An ocular, in millimeters.

    Attributes
    ----------
    key, name : str
        Of the preset, or of a file of one's own.
    diameter : float
        Outside, over the bare barrel just below the rim.
    eye_relief : float
        Height of the eye point over the rim: where a sheet of paper shows the smallest spot of light.
    grip : float
        Length of straight barrel below the rim.
    published : str
        What the maker says of it, in words.
    estimated : tuple of str
        Names of the numbers that are estimates: to be measured before printing.

    Raises
    ------
    InputError
        If a number is outside its limits, or what is said to be estimated is no number of an ocular.
    """

    key: str
    name: str
    diameter: float
    eye_relief: float
    grip: float = 22.0
    published: str = ""
    estimated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _within("ocular", self)


def _within(kind: str, subject: Phone | Ocular) -> None:
    for name, (least, most) in LIMITS[kind].items():
        number = getattr(subject, name)
        unit = "g" if name == "mass" else "mm"
        if not (isfinite(number) and least <= number <= most):
            raise InputError(
                f"{kind} {subject.key}: {name} is outside the limits",
                expected=f"{least:g} to {most:g} {unit}",
                found=f"{number:g} {unit}",
                hint=WHY[name],
            )
    known = (*LIMITS[kind], *(PLACES if kind == "phone" else ()))
    for name in subject.estimated:
        if name not in known:
            raise InputError(
                f"{kind} {subject.key}: what is estimated is no number of it", expected=", ".join(known), found=name
            )
    for field in fields(subject):
        held = getattr(subject, field.name)
        if field.name in PLACES and not all(isfinite(number) for number in held):
            raise InputError(f"{kind} {subject.key}: {field.name} holds no number", expected="millimeters")
