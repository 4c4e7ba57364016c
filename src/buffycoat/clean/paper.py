"""Repeats exactly as the paper found them: two hashes, connected components, the sharpest kept."""

from __future__ import annotations

from collections.abc import Sequence

from buffycoat.clean.chains import Chain, measure_chains
from buffycoat.clean.groups import connected
from buffycoat.clean.keeper import keep_order
from buffycoat.clean.pair_index import spanning_pairs
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.hashes import Hashes

__all__ = ["PaperRepeats", "paper_repeats"]


@value
class PaperRepeats:
    """Groups of two or more crops, which one of each is kept, and how far each reaches; in the same order."""

    groups: tuple[tuple[int, ...], ...]
    kept: tuple[int, ...]
    chains: tuple[Chain, ...]

    @property
    def dropped(self) -> tuple[int, ...]:
        """The crops that are repeats of a kept one, in increasing order."""
        members = {member for group in self.groups for member in group}
        return tuple(sorted(members - set(self.kept)))


def paper_repeats(
    average: Hashes,
    perceptual: Hashes,
    sharpness: Sequence[float],
    areas: Sequence[float],
    names: Sequence[str],
    *,
    average_bits: int = 6,
    perceptual_bits: int = 12,
) -> PaperRepeats:
    """Return which crops of one film show the same cell, and which one of each group is kept.

    Kouzehkanan et al. 2022, Data cleaning: two crops are the same cell where both hashes differ in fewer bits than
    their thresholds; groups are the connected components of that graph; of each the crop with the highest mean length
    of the Sobel gradient stays. The paper tells neither thresholds nor what it did about ties and chains. Here the
    larger of equally sharp crops stays, then the one whose name comes first, and each group says how far it reaches.

    Nothing of the registered method is here: two cells of one photograph can end up in one group.

    Parameters
    ----------
    average, perceptual : ndarray of uint64
        Shape (n,), see `buffycoat.imaging.hashes`. Any n, also 0.
    sharpness, areas : sequence of float
        Length n: see `buffycoat.imaging.sharpness`, and pixels.
    names : sequence of str
        Length n: decide between crops that are equally sharp and large.
    average_bits, perceptual_bits : int
        0 to 65 bits; strict.

    Raises
    ------
    WrongArray
        If the hashes are no uint64 of one shape (n,).
    InputError
        If the lengths differ, or a threshold is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> hashes = np.array([0, 2**40 - 1, 1], np.uint64)
    >>> found = paper_repeats(hashes, hashes, [3.0, 9.0, 4.0], [1, 1, 1], ["a", "b", "c"])
    >>> found.groups, found.kept, found.dropped
    (((0, 2),), (2,), (0,))
    """
    bits = {"average_bits": average_bits, "perceptual_bits": perceptual_bits}
    trees = spanning_pairs(average, perceptual, **bits)
    if not len(average) == len(sharpness) == len(areas) == len(names):
        raise InputError(
            "not one sharpness, area and name for each crop",
            expected=f"{len(average)} each",
            found=f"{len(sharpness)}, {len(areas)} and {len(names)}",
        )
    groups = connected(len(average), ((a, b) for a, b in trees.tolist()))

    def order(member: int) -> tuple[float, float, str]:
        return keep_order(sharpness[member], areas[member], names[member])

    return PaperRepeats(
        groups=groups,
        kept=tuple(min(group, key=order) for group in groups),
        chains=measure_chains(groups, average, perceptual, **bits),
    )
