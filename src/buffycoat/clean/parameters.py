"""What decides that two crops show the same cell."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from buffycoat.domain.value import value
from buffycoat.errors import InputError

__all__ = ["CleanParameters", "Method"]


class Method(StrEnum):
    """How two crops are told to be the same cell."""

    PAPER = "paper"
    REGISTERED = "registered"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        """Refuse a method that there is not."""
        raise InputError("no such method of cleaning", expected=" or ".join(cls), found=repr(value))


@value
class CleanParameters:
    """Method and thresholds; each belongs to one method, but for ``overlap``.

    Parameters
    ----------
    method : {"registered", "paper"}
        ``"registered"``: pairs that look alike are laid upon one another, and must correlate. ``"paper"``: both
        perceptual hashes must be near (Kouzehkanan et al. 2022, Data cleaning).
    average_bits, perceptual_bits : int
        Paper: hashes must differ in fewer bits of 64 than that. The paper does not tell its own.
    alike, closer, correlation : float
        Registered: what is worth a look, what is worth a registration, and what that must reach. Chosen on Barcelona
        and BCCD alone, with planted and real repeats: of these the least correlates by 0.944, and of look-alikes the
        most by 0.90.
    plausible : float
        Registered: what every two members of a group must reach, so that no chain of pairs joins strangers.
    overlap : float
        Two boxes of one photograph are the same cell where their IoU is above it and their extents are not known. At
        0.5 two lymphocytes that touch would still be joined: boxes of 4.7 red cells around them overlap by more.

    Raises
    ------
    InputError
        If there is no such method.
    """

    method: Method = Method.REGISTERED
    average_bits: int = 6
    perceptual_bits: int = 12
    alike: float = 0.84
    closer: float = 0.82
    correlation: float = 0.925
    plausible: float = 0.85
    overlap: float = 0.7

    def __post_init__(self) -> None:
        """Take the method by its name too."""
        object.__setattr__(self, "method", Method(self.method))
