"""What a detector file says of itself: ONNX keeps text by key, and these are the keys."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import InputError, UnreadableFormat

__all__ = ["LARGEST_BYTES", "DetectorFacts", "facts_of", "metadata_of"]

LARGEST_BYTES: Final = 20_000_000
"""A detector of white cells is small; a larger file is something else."""

_VERSION: Final = "1"
_KEY: Final = "buffycoat.detector"


@value
class DetectorFacts:
    """How a detector is to be used, and where it comes from.

    Parameters
    ----------
    classes : tuple of str
        What it finds.
    red_cell_px : float
        Working scale: how wide red cells are, in pixels, in what it is shown.
    score_threshold : float
        Boxes below are not cells, 0 to 1; chosen on fields that it was not trained on.
    most_overlap : float
        Of two boxes that overlap by more (intersection over union), only the better one is kept.
    architecture, backbone : str
        What it is.
    trained_on : str
        Which fields, how many, whose boxes.
    weights_license : str
        Under which license its pretrained weights came, and from where.

    Raises
    ------
    InputError
        If a number is outside its range, or a text is missing.
    """

    classes: tuple[str, ...] = ("white blood cell",)
    red_cell_px: float
    score_threshold: float
    most_overlap: float = 0.5
    architecture: str
    backbone: str
    trained_on: str
    weights_license: str

    def __post_init__(self) -> None:
        """Refuse what no detector can have."""
        if not 4 <= self.red_cell_px < math.inf:
            raise InputError("the working scale", expected="red_cell_px from 4", found=str(self.red_cell_px))
        for name in ("score_threshold", "most_overlap"):
            if not 0 < getattr(self, name) < 1:
                raise InputError(name, expected="above 0 and below 1", found=str(getattr(self, name)))
        for name in ("classes", "architecture", "backbone", "trained_on", "weights_license"):
            if not getattr(self, name):
                raise InputError(f"{name} of a detector", expected="some words", found="none")


def metadata_of(facts: DetectorFacts, /) -> Mapping[str, str]:
    """Return the facts as text by key.

    Examples
    --------
    >>> facts = DetectorFacts(
    ...     red_cell_px=32, score_threshold=0.5, architecture="one-stage",
    ...     backbone="shufflenet-v2", trained_on="drawn cells", weights_license="none"
    ... )
    >>> facts_of(metadata_of(facts)) == facts
    True
    """
    return {
        _KEY: _VERSION,
        "classes": "\n".join(facts.classes),
        "red_cell_px": repr(float(facts.red_cell_px)),
        "score_threshold": repr(facts.score_threshold),
        "most_overlap": repr(facts.most_overlap),
        "architecture": facts.architecture,
        "backbone": facts.backbone,
        "trained_on": facts.trained_on,
        "weights_license": facts.weights_license,
    }


def facts_of(metadata: Mapping[str, str], /) -> DetectorFacts:
    """Return the facts that a file keeps.

    Raises
    ------
    UnreadableFormat
        If the file is no detector of ours, is of a newer kind, or a fact is missing or none.
    """
    if _KEY not in metadata:
        raise UnreadableFormat(
            "this network is no detector of buffycoat",
            expected=f"the key {_KEY} in its metadata",
            found=", ".join(sorted(metadata)[:5]) or "no metadata",
            hint="`buffycoat detector train` makes such a file",
        )
    if metadata[_KEY] != _VERSION:
        raise UnreadableFormat(
            "this detector is of another kind",
            expected=f"{_KEY} {_VERSION}",
            found=metadata[_KEY][:40],
            hint="it may need a newer buffycoat",
        )
    try:
        return DetectorFacts(
            classes=tuple(metadata["classes"].split("\n")),
            red_cell_px=float(metadata["red_cell_px"]),
            score_threshold=float(metadata["score_threshold"]),
            most_overlap=float(metadata["most_overlap"]),
            architecture=metadata["architecture"],
            backbone=metadata["backbone"],
            trained_on=metadata["trained_on"],
            weights_license=metadata["weights_license"],
        )
    except KeyError as error:
        raise UnreadableFormat(
            "the metadata of the detector is not whole", expected=f"the key {error.args[0]}", found="none"
        ) from error
    except ValueError as error:  # an InputError is one
        raise UnreadableFormat("the metadata of the detector holds no such number", found=str(error)) from error
