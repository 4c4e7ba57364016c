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
    alike, correlation : float
        Registered: what is worth a registration, and what it must reach. Fitted on Raabin-WBC and BCCD.
    overlap : float
        Two boxes of one photograph are the same cell only where their IoU is above it. At 0.5 two lymphocytes that
        touch would still be joined: boxes of 4.7 red cells around them overlap by more.

    Raises
    ------
    InputError
        If there is no such method.
    """

    method: Method = Method.REGISTERED
    average_bits: int = 6
    perceptual_bits: int = 12
    alike: float = 0.93
    correlation: float = 0.92
    overlap: float = 0.7

    def __post_init__(self) -> None:
        """Take the method by its name too."""
        object.__setattr__(self, "method", Method(self.method))
