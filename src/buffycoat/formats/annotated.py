"""What a file of any format says of a field: its cells, what they were called by whom, and facts of the smear."""

from __future__ import annotations

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value

__all__ = ["AnnotatedCell", "AnnotatedField", "MaskFile", "Refused"]


@value
class AnnotatedCell:
    """One box with what it was called.

    Parameters
    ----------
    box : Box
        In the pixel frame of the field. It may leave the field.
    words : tuple of (str or None)
        One word for each of the field's ``experts``, in order, as the file spells it; ``None`` where one gave none.
    filed : str, optional
        The class under which the set files the cell (its folder, its category), where that is no expert's own answer.
    origin : str, optional
        The cell's name in the set, such as ``66_1.bmp``.
    """

    box: Box
    words: tuple[str | None, ...] = ()
    filed: str | None = None
    origin: str | None = None


@value
class MaskFile:
    """A gray picture of the parts of cells: brighter than ``nucleus_above`` is nucleus, than ``cell_above`` is cell."""

    name: str
    nucleus_above: int
    cell_above: int


@value
class AnnotatedField:
    """One photograph, or one crop that came without its photograph, as a set describes it.

    Words are kept as the files spell them; nothing is looked up or guessed here.

    Parameters
    ----------
    name : str
        Unique in the source: path of the label file or picture from the source down, without its ending.
    cells : tuple of AnnotatedCell
        In the order of the file.
    experts : tuple of str
        Who gave ``words``; equal lengths. ``("1", "2")`` for Raabin, empty where there are only ``filed`` classes.
    picture : str, optional
        Name of the photograph or crop in the source; ``None`` where it is not there.
    crop_only : bool
        The picture is a crop of one cell, and there is no photograph.
    width_px, height_px : int, optional
        Where the file says so.
    split : str, optional
        The split in which the set files it, as spelled there.
    smear, stain, diagnosis, microscope, camera, objective : str, optional
        What the file tells of the smear and the set-up.
    mask : MaskFile, optional
        Masks of the cells in the pixel frame of the picture.
    notes : tuple of str
        What was put right while reading, such as a count that did not match: for people.
    """

    name: str
    cells: tuple[AnnotatedCell, ...]
    experts: tuple[str, ...] = ()
    picture: str | None = None
    crop_only: bool = False
    width_px: int | None = None
    height_px: int | None = None
    split: str | None = None
    smear: str | None = None
    stain: str | None = None
    diagnosis: str | None = None
    microscope: str | None = None
    camera: str | None = None
    objective: str | None = None
    mask: MaskFile | None = None
    notes: tuple[str, ...] = ()


@value
class Refused:
    """A file that cannot be read, with the code of the error; the others of the source are read all the same."""

    name: str
    code: str
    message: str
