"""One field as the paper leaves it: square crops, and the label file of the photograph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from buffycoat.domain.cell import Detection
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField
from buffycoat.formats.raabin import write_raabin
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["PAPER_SIDES", "PaperField", "as_in_paper"]

PAPER_SIDES: Final = (575, 512)
"""575 is the side of every box in the released label files; the paper itself says 512."""


@value
class PaperField:
    """What one photograph becomes: ``crops`` are (file name, uint8 picture) in the order of the label file.

    ``label_name`` and ``label_file`` are the name and the content of the file in Raabin's schema.
    """

    crops: tuple[tuple[str, RgbImage], ...]
    label_name: str
    label_file: bytes


def as_in_paper(  # noqa: PLR0913 (every fact of the label file)
    image: RgbImage,
    cells: Sequence[Detection],
    *,
    photograph: str,
    film: str,
    side: int = 575,
    diagnosis: str | None = None,
    stain: str | None = "Giemsa",
    microscope: str | None = None,
    camera: str | None = None,
    objective: str | None = "100x",
) -> PaperField:
    """Return the crops and the label file of one field, as the released set lays them out.

    The box of a cell is the square of ``side`` pixels around the middle of its extent, moved inside where it would
    leave the photograph and never cut, so that cells at the border lie off center, as in the released files. Nobody
    has labeled the cells yet: both labels are null. A crop is named ``<film>_<photograph>_<number>.jpg`` and its
    ``Cell_ID`` is ``<photograph>_<number>.bmp``, numbered from 1.

    Parameters
    ----------
    image : ndarray
        The photograph: uint8, shape (height, width, 3), RGB, both sides at least ``side``.
    cells : sequence of Detection
        From ``find_cells``, or boxed by a person.
    photograph, film : str
        Name of the photograph without ending, and pseudonym of the blood film.
    side : int
        In pixels.
    diagnosis, stain, microscope, camera, objective : str, optional
        What the label file says of the film and the set-up.

    Returns
    -------
    PaperField
        Pictures are copies.

    Raises
    ------
    WrongArray
        If the image is no RGB image.
    InputError
        If the photograph is smaller than a box, ``side`` is no length, or a name cannot be that of a file.

    References
    ----------
    Kouzehkanan et al., Scientific Reports 12:1123 (2022), "Locating and cropping", "Data Records".

    Examples
    --------
    >>> import numpy as np
    >>> from buffycoat.domain.cell import FoundBy
    >>> cell = Detection(extent=Box.around(4, 4, 6), box=Box.around(4, 4, 8), score=None, found_by=FoundBy.EXPERT)
    >>> made = as_in_paper(np.zeros((20, 30, 3), np.uint8), [cell], photograph="66", film="95-8-27-1", side=10)
    >>> made.crops[0][0], made.label_name, made.label_file[:66]
    ('95-8-27-1_66_1.jpg', '66.json', b'{"Cell_0": {"Label1": null, "Label2": null, "x1": "0", "x2": "10",')
    """
    check_rgb(image)
    for what, name in (("photograph", photograph), ("film", film)):
        if not name or "/" in name or "\\" in name or "\0" in name or name in {".", ".."}:
            raise InputError(
                f"the name of the {what} names no file", expected="letters, digits, - and _", found=repr(name)
            )
    height, width = image.shape[:2]
    if side < 1 or int(side) != side or min(height, width) < side:
        raise InputError(
            "boxes do not fit into the photograph",
            expected=f"a side from 1 to {min(height, width)}",
            found=str(side),
            hint="the paper's side is for photographs of 5312 x 2988 pixels: give the side that fits this scale",
        )
    boxes = [Box.around(*cell.extent.center, side).shifted_inside(width, height) for cell in cells]
    field = AnnotatedField(
        name=photograph,
        cells=tuple(
            AnnotatedCell(box=box, words=(None, None), origin=f"{photograph}_{number}.bmp")
            for number, box in enumerate(boxes, start=1)
        ),
        experts=("1", "2"),
        smear=film,
        stain=stain,
        diagnosis=diagnosis,
        microscope=microscope,
        camera=camera,
        objective=objective,
    )
    crops = tuple(
        (f"{film}_{photograph}_{number}.jpg", image[box.top : box.bottom, box.left : box.right].copy())
        for number, box in enumerate(boxes, start=1)
    )
    return PaperField(crops=crops, label_name=f"{photograph}.json", label_file=write_raabin(field))
