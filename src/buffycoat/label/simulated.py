"""Experts that are not there: they know the truth of a drawn smear, and err as people do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["SimulatedExpert"]

# The pairs that the two experts of Raabin-WBC confused most, with the share of cells on which each of our simulated
# experts errs; counted from the released label files of the first microscope.
_CONFUSIONS: dict[str, tuple[tuple[str, float], ...]] = {
    "neutrophil.segmented": (("neutrophil.band", 0.01), ("not-recognized", 0.005)),
    "neutrophil.band": (("neutrophil.segmented", 0.10), ("not-recognized", 0.03)),
    "neutrophil.metamyelocyte": (("neutrophil.band", 0.10), ("not-recognized", 0.15)),
    "lymphocyte.small": (("lymphocyte.large", 0.05), ("smudge", 0.005)),
    "lymphocyte.large": (("lymphocyte.small", 0.04), ("monocyte", 0.01)),
    "monocyte": (("lymphocyte.large", 0.02), ("not-recognized", 0.02)),
    "eosinophil": (("smudge", 0.005), ("not-recognized", 0.005)),
    "basophil": (("not-recognized", 0.01),),
    "smudge": (("artifact", 0.01), ("not-recognized", 0.03)),
    "artifact": (("smudge", 0.01), ("not-recognized", 0.02)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedExpert:
    """A seeded stand-in for a person.

    Its errors are drawn by cell, so the order in which it reads does not matter. Whatever it labels is marked as
    simulated.

    Examples
    --------
    >>> SimulatedExpert(seed=1).answer("c1", "erythroblast")[0]
    'erythroblast'
    """

    seed: int

    def answer(self, cell_id: str, truth: str, /) -> tuple[str, float]:
        """Return a term, and the seconds a person might have taken."""
        rng = np.random.default_rng([self.seed, int(cell_id.encode().hex(), 16) % 2**63])
        draw = rng.random()
        seconds = round(float(rng.gamma(4.0, 0.6)), 2)
        for term, share in _CONFUSIONS.get(truth, ()):
            if draw < share:
                return term, seconds
            draw -= share
        return truth, seconds
