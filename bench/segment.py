"""The crops that the weight of Easy-GT and the constants of the whole cell were chosen on: BCCD's, the first half."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from buffycoat.domain.geometry import Box
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.crops import crop

__all__ = ["bccd_cells"]

Mask = NDArray[np.bool_]


def bccd_cells(data: Path) -> Iterator[tuple[NDArray[np.uint8], dict[str, Mask]]]:
    """Yield the crops of BCCD, twice as wide as their boxes, with nucleus and cell as they were drawn.

    One box of a platelet, one mask beside its cell and one cell without a mask are among them; the bench ``masks``
    leaves these out.
    """
    for annotation in sorted((data / "bccd" / "fields" / "annotations_voc").glob("*.xml")):
        number = annotation.stem.rpartition("_")[2]
        masks = data / "bccd" / "fields" / "masks_nucleus_cytoplasm" / f"BloodImage_Mask_{number}.png"
        if not masks.is_file():
            continue
        field = read_rgb(data / "bccd" / "fields" / "images" / f"{annotation.stem}.jpg")
        drawn = np.asarray(Image.open(masks).convert("L"))
        for box in _white_cells(annotation):
            around = Box.around(*box.center, 2 * max(box.width, box.height))
            yield crop(field, around), _boxed(drawn, box, around)


def _white_cells(annotation: Path) -> list[Box]:
    """Return the boxes of white cells in a VOC file of BCCD."""
    sides = ("xmin", "ymin", "xmax", "ymax")
    boxes = []
    for cell in ET.parse(annotation).iter("object"):  # noqa: S314 (our own copy of a public set)
        if cell.findtext("name") == "WBC":
            left, top, right, bottom = (int(float(cell.findtext(f"bndbox/{side}") or 0)) for side in sides)
            boxes.append(Box(left=left, top=top, right=right, bottom=bottom))
    return boxes


def _boxed(drawn: NDArray[np.uint8], box: Box, around: Box) -> dict[str, Mask]:
    """Return nucleus and cell of the boxed cell only, cut as the crop is."""
    _, labels = cv2.connectedComponents((drawn > 80).astype(np.uint8), connectivity=8)
    x, y = box.width // 4, box.height // 4
    middle = labels[box.top + y : box.bottom - y, box.left + x : box.right - x]
    mine = np.isin(labels, [label for label in np.unique(middle) if label])
    return {
        part: crop(np.where((mine & (drawn > level))[:, :, None], 1, 0).astype(np.uint8).repeat(3, axis=2), around)[
            :, :, 0
        ]
        == 1
        for part, level in (("nucleus", 205), ("cell", 80))
    }
