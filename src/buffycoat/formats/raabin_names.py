"""What the names of Raabin's photographs and crops tell: film, photograph, cell and the second they were taken."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from buffycoat.domain.value import value

__all__ = ["CropName", "parse_crop_name", "photograph_of", "taken_at"]

_FILM_CROP: Final = re.compile(r"(?P<film>[0-9]+(?:-[0-9]+){2,4})_(?P<photograph>[0-9]+)_(?P<cell>[0-9]+)", re.ASCII)
_DATED_CROP: Final = re.compile(r"(?P<photograph>[0-9]{8}_[0-9]{6})_(?P<cell>[0-9]{1,3})", re.ASCII)
_DATED: Final = re.compile(r"([0-9]{8})_([0-9]{6})(?![0-9])", re.ASCII)
_KNOWN: Final = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".json", ".xml", ".txt", ".heic")


@value
class CropName:
    """The parts of a crop's name.

    Parameters
    ----------
    film : str or None
        The ``Film ID``; ``None`` where the name begins with the date, as in the basophil series of 2019.
    photograph : str
        Number of the photograph in its film, or its date and time.
    cell : int
        Number of the cell in its photograph.
    """

    film: str | None
    photograph: str
    cell: int

    @property
    def cell_id(self) -> str | None:
        """The ``Cell_ID`` that the label files have for it, ``None`` where there are none."""
        return f"{self.photograph}_{self.cell}.bmp" if self.film is not None else None


def _stem(name: str) -> str:
    last = PurePosixPath(name).name
    return last.rpartition(".")[0] if last.casefold().endswith(_KNOWN) else last


def parse_crop_name(stem: str) -> CropName | None:
    """Return the parts of a crop's name, ``None`` where it is none of Raabin's.

    Parameters
    ----------
    stem : str
        ``<Film ID>_<photograph>_<cell>`` or ``<YYYYMMDD>_<HHMMSS>_<cell>``; folders and ending may be there.

    Examples
    --------
    >>> parse_crop_name("95-8-17-3_328_1")
    CropName(film='95-8-17-3', photograph='328', cell=1)
    >>> parse_crop_name("20190526_170428_0")
    CropName(film=None, photograph='20190526_170428', cell=0)
    >>> parse_crop_name("BloodImage_00000_1") is None
    True
    """
    stem = _stem(stem)
    if found := _FILM_CROP.fullmatch(stem):
        return CropName(film=found["film"], photograph=found["photograph"], cell=int(found["cell"]))
    if (found := _DATED_CROP.fullmatch(stem)) and taken_at(stem) is not None:
        return CropName(film=None, photograph=found["photograph"], cell=int(found["cell"]))
    return None


def photograph_of(name: str) -> str | None:
    """Return the name of the photograph that a crop, a label file or a photograph is of, ``None`` if it does not tell.

    Two crops with the same answer come from one photograph.

    Examples
    --------
    >>> photograph_of("crops/Monocyte/95-8-17-3_328_1.jpg"), photograph_of("20190526_170428_0")
    ('95-8-17-3_328', '20190526_170428')
    >>> photograph_of("jsons/20161022_154119(0).json"), photograph_of("BA_1581.jpg")
    ('20161022_154119(0)', None)
    """
    parsed = parse_crop_name(name)
    if parsed is not None:
        return parsed.photograph if parsed.film is None else f"{parsed.film}_{parsed.photograph}"
    return _stem(name) if taken_at(name) is not None else None


def taken_at(name: str) -> datetime | None:
    """Return when a photograph was taken, from a name that begins with date and time, by the clock of its camera.

    The clock's zone is not told, so the answer has none; it serves to compare photographs of one camera.

    Examples
    --------
    >>> taken_at("20160720_232423.jpg")
    datetime.datetime(2016, 7, 20, 23, 24, 23)
    >>> taken_at("20190526_170428_0").second, taken_at("20161399_000000"), taken_at("95-8-17-3_328_1")
    (28, None, None)
    """
    found = _DATED.match(_stem(name))
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}")
    except ValueError:
        return None
