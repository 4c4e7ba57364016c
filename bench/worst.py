"""The masks that are least like those that people drew, on one sheet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_png
from buffycoat.metrics.overlap import dice
from buffycoat.report.contact_sheet import contact_sheet

__all__ = ["Judged", "put_worst", "worst_sheet"]

SIDE = 220
DRAWN, FOUND = (255, 220, 0), (0, 90, 255)


class Judged(NamedTuple):
    """A crop, the mask that people drew, the one that was found (or nothing), and what it is called."""

    crop: RgbImage
    drawn: NDArray[np.bool_]
    found: NDArray[np.bool_] | None
    name: str

    @property
    def score(self) -> float:
        """The Dice of both; 0 where nothing was found."""
        return 0.0 if self.found is None else dice(self.drawn, self.found)


def worst_sheet(judged: Sequence[Judged], *, count: int = 20, columns: int = 5) -> RgbImage:
    """Return the worst, least alike first: yellow as people drew it, blue as it was found, the Dice above."""
    worst = sorted(judged, key=lambda one: one.score)[:count]
    return contact_sheet([_picture(one) for one in worst], side=SIDE, columns=columns)


def put_worst(name: str, judged: Sequence[Judged]) -> None:
    """Write the sheet to the folder that BUFFYCOAT_SHEETS names, if it names one."""
    folder = os.environ.get("BUFFYCOAT_SHEETS")
    if folder:
        (Path(folder) / f"{name}.png").write_bytes(encode_png(worst_sheet(judged)))


def _picture(one: Judged) -> RgbImage:
    scale = SIDE / max(one.crop.shape[:2])
    size = round(one.crop.shape[1] * scale), round(one.crop.shape[0] * scale)
    picture = np.asarray(cv2.resize(one.crop, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    for mask, color in ((one.drawn, DRAWN), (one.found, FOUND)):
        if mask is not None:
            large = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
            outlines, _ = cv2.findContours(large, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
            cv2.drawContours(picture, outlines, -1, color, 1)
    text = f"{one.score:.2f} {one.name}" if one.found is not None else f"nothing {one.name}"
    for color, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(picture, text, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, color, width, cv2.LINE_AA)
    return picture
