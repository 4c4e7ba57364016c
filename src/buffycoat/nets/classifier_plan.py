"""How a classifier is trained, and what is told of it while it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.arrays import RgbImage

__all__ = ["ClassifierPlan", "ClassifierStep", "LabeledCrops"]


@value
class ClassifierPlan:
    """How a classifier is trained; the same plan on the same crops gives the same network on one processor.

    Parameters
    ----------
    network : str
        One of `buffycoat.nets.classifiers.NETWORKS`.
    classes : int
        How many.
    epochs, batch : int
        How often each crop is shown; crops a step, over all processes together.
    rate, rate_factor, rate_epochs : float, float, int
        Learning rate, and by what it is multiplied after every so many epochs.
    momentum, weight_decay : float
        Of stochastic gradient descent.
    seed : int
        Of the last layer, of random weights, of the order and of dropout.
    threads : int
        Processor cores to work with. Sums are taken in another order with another number.
    norm_memory : float, optional
        Share of a batch in the running mean of batch norms, where it is not to be torchvision's own (0.1, and 0.0003 in
        MnasNet, which needs thousands of steps).
    data : str
        Digest of what is learned from; a checkpoint of another is refused.
    """

    network: str
    classes: int
    epochs: int = 15
    batch: int = 10
    rate: float = 0.001
    rate_factor: float = 0.1
    rate_epochs: int = 7
    momentum: float = 0.9
    weight_decay: float = 0.0
    seed: int = 0
    threads: int = 1
    norm_memory: float | None = None
    data: str = ""

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be carried out."""
        for name in ("epochs", "batch", "rate", "rate_factor", "rate_epochs", "threads"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name} of the plan", expected="above 0", found=str(getattr(self, name)))


@value
class ClassifierStep:
    """Where a training stands after an epoch: mean loss and accuracy while training, and on crops held back."""

    epoch: int
    epochs: int
    rate: float
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabeledCrops:
    """Crops and the number of the class of each.

    Parameters
    ----------
    read : callable
        From a number to the crop: uint8, shape (side, side, 3), RGB, all of one side.
    labels : tuple of int
        Number of the class of each.
    """

    read: Callable[[int], RgbImage]
    labels: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of crops."""
        return len(self.labels)

    def at_least(self, fewest: int) -> None:
        """Refuse too few.

        Raises
        ------
        TooFew
            There are fewer.
        """
        if len(self) < fewest:
            raise TooFew("too few crops to learn from", expected=f"at least {fewest}", found=str(len(self)))
