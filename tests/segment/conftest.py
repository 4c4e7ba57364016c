"""A drawn cell with known parts, and real cells with masks that people drew."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.imaging.crops import crop

GLASS, RED_CELL, CYTOPLASM, STAIN = (235, 228, 220), (200, 150, 145), (200, 170, 205), (110, 45, 150)


class Truth(NamedTuple):
    crop: NDArray[np.uint8]
    nucleus: NDArray[np.bool_]
    cell: NDArray[np.bool_]


def disc(side: int, x: float, y: float, radius: float) -> NDArray[np.bool_]:
    ys, xs = np.mgrid[:side, :side]
    return (xs - x) ** 2 + (ys - y) ** 2 <= radius**2


@pytest.fixture(scope="session")
def drawn() -> Truth:
    """Two lobes in a round cell; a red cell touches it, and a neighbor's nucleus reaches into the corner."""
    side = 240
    image = np.full((side, side, 3), GLASS, np.uint8)
    for x, y in ((40, 60), (60, 200), (205, 190), (192, 120)):
        image[disc(side, x, y, 30)] = RED_CELL
    cell = disc(side, 115, 120, 55)
    nucleus = (disc(side, 100, 105, 20) | disc(side, 130, 140, 18)) & cell
    image[disc(side, 235, 10, 30)] = STAIN
    image[cell] = CYTOPLASM
    image[nucleus] = STAIN
    grain = np.random.default_rng(1).normal(0, 2, image.shape)
    return Truth(
        crop=(cv2.GaussianBlur(image, (5, 5), 0) + grain).clip(0, 255).astype(np.uint8), nucleus=nucleus, cell=cell
    )


@pytest.fixture(scope="session")
def bccd(data: Path) -> list[Truth]:
    """Cells of BCCD well inside their field, cropped to twice their width as the product does, every fourth field."""
    folder = data / "bccd" / "fields"
    cells = []
    for path in sorted((folder / "annotations_voc").glob("*.xml"))[::4]:
        number = path.stem.removeprefix("BloodImage_")
        field = cv2.cvtColor(cv2.imread(str(folder / "images" / f"{path.stem}.jpg")), cv2.COLOR_BGR2RGB)
        drawn = cv2.imread(str(folder / "masks_nucleus_cytoplasm" / f"BloodImage_Mask_{number}.png"), cv2.IMREAD_COLOR)
        items = ET.parse(path).iter("object")
        whites = [item for item in items if item.findtext("name") == "WBC"]
        if len(whites) != 1:
            continue
        left, top, right, bottom = (int(whites[0].findtext(f"bndbox/{n}")) for n in ("xmin", "ymin", "xmax", "ymax"))
        if left < 5 or top < 5 or right > 635 or bottom > 475:
            continue
        box = Box.around((left + right) / 2, (top + bottom) / 2, 2 * max(right - left, bottom - top))
        alone = np.zeros_like(drawn)
        alone[top - 5 : bottom + 5, left - 5 : right + 5] = drawn[top - 5 : bottom + 5, left - 5 : right + 5]
        padding = crop(np.zeros_like(drawn), box)[..., 0] == 255
        parts = np.where(padding, 0, crop(alone, box)[..., 0])
        cells.append(Truth(crop=crop(field, box), nucleus=parts > 205, cell=parts > 80))
    return cells


@pytest.fixture(scope="session")
def without_cell(data: Path) -> list[NDArray[np.uint8]]:
    """Windows of BCCD fields in which nobody drew a white cell: glass, red cells, some platelets."""
    folder = data / "bccd" / "fields"
    windows = []
    for path in sorted((folder / "masks_nucleus_cytoplasm").glob("*.png"))[::6]:
        drawn = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        field = cv2.imread(str(folder / "images" / f"BloodImage_{path.stem[-5:]}.jpg"))
        corners = ((top, left) for top in (0, 140, 280) for left in (0, 220, 440))
        empty = [(top, left) for top, left in corners if drawn[top : top + 200, left : left + 200].max() < 60]
        windows += [
            cv2.cvtColor(field[top : top + 200, left : left + 200], cv2.COLOR_BGR2RGB) for top, left in empty[:1]
        ]
    return windows


@pytest.fixture(scope="session")
def raabin(data: Path) -> dict[str, NDArray[np.uint8]]:
    """One real crop of each class."""
    folders = sorted((data / "raabin_crops" / "crops").iterdir())
    paths = {folder.name: sorted(folder.glob("*.jpg"))[20] for folder in folders}
    return {name: cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for name, path in paths.items()}
