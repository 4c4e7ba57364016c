"""The columns of a metadata table: their names, other spellings, and what may stand in them."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from buffycoat.domain.smear import AgeBand, Diagnosis, Sex, Stain
from buffycoat.domain.value import Scalar, value
from buffycoat.errors import InvalidMetadata

__all__ = ["COLUMNS", "Column", "find_column"]

_BANDS: Final = ", ".join(band.value for band in AgeBand)


@value
class Column:
    """A column: the field of a record that it fills, other spellings of its name, and how a cell is read.

    ``read`` takes what stands in the cell, and where it stands for an error.
    """

    name: str
    field: str
    aliases: tuple[str, ...]
    read: Callable[[str, str], Scalar]


def find_column(word: str, *, where: str) -> Column:
    """Return the column that a word of the header means.

    Parameters
    ----------
    word : str
        As it stands in the table, in any case; spaces and dashes count as underscores.
    where : str
        Table and line, for an error.

    Returns
    -------
    Column
        One of ``COLUMNS``.

    Raises
    ------
    InvalidMetadata
        Where there is no such column, or it would name a person.

    Examples
    --------
    >>> find_column("Stain method", where="a.csv, line 1").name
    'stain'
    """
    plain = _plain(word)
    for column in COLUMNS:
        if plain in (column.name, *column.aliases):
            return column
    if plain in _AGES:
        raise InvalidMetadata(
            f"{where}: column {word.strip()!r} holds an exact age or date of birth, which can identify a person",
            expected=f"age_band, one of {_BANDS}",
            found=word.strip(),
            hint="replace it by a column age_band before the table leaves the laboratory",
        )
    if plain in _PERSONS:
        raise InvalidMetadata(
            f"{where}: column {word.strip()!r} names a person",
            expected="subject, a pseudonym",
            found=word.strip(),
            hint="delete the column, and keep the key to the pseudonyms in the laboratory",
        )
    names = [column.name for column in COLUMNS]
    near = difflib.get_close_matches(plain, [*names, *(alias for column in COLUMNS for alias in column.aliases)], n=1)
    likely = [f", did you mean {column.name}?" for column in COLUMNS if {*near} & {column.name, *column.aliases}]
    raise InvalidMetadata(
        f"{where}: no column {word.strip()!r}{''.join(likely)}",
        expected=", ".join(names),
        found=repr(word.strip()),
    )


def _plain(word: str) -> str:
    return "_".join(word.replace("-", " ").replace("_", " ").casefold().split())


def _text(word: str, where: str) -> str:  # noqa: ARG001 - one signature for all columns
    return word


def _number(word: str, where: str) -> float:
    try:
        number = float(word.casefold().rstrip("x\u00d7").strip())
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise InvalidMetadata(where, expected="a positive number, with a point", found=repr(word))
    return number


def _turns(word: str, where: str) -> int:
    if word not in ("0", "1", "2", "3"):
        raise InvalidMetadata(where, expected="quarter turns clockwise: 0, 1, 2 or 3", found=repr(word))
    return int(word)


def _one_of(kind: type[StrEnum], aliases: Mapping[str, str]) -> Callable[[str, str], StrEnum]:
    """Return a reader for a closed list."""

    def read(word: str, where: str) -> StrEnum:
        plain = word.casefold().replace("\u2013", "-").replace("_", "-").replace("ü", "u")
        plain = "-".join(plain.split())
        plain = aliases.get(plain, plain)
        allowed = [str(member) for member in kind]
        if plain in allowed:
            return kind(plain)
        near = difflib.get_close_matches(plain, allowed, n=1)
        hint = f"nearest: {near[0]}" if near else ""
        raise InvalidMetadata(where, expected=", ".join(allowed), found=repr(word), hint=hint)

    return read


_read_band = _one_of(AgeBand, {"90-and-above": "90+", "newborn": "0"})


def _age_band(word: str, where: str) -> Scalar:
    """Read an age band; an exact age is refused with the band that it belongs to."""
    if word.isdecimal() and word != "0":
        band = _band_of(int(word))
        raise InvalidMetadata(f"{where} holds an exact age, which can identify a person", expected=band, found="an age")
    return _read_band(word, where)


def _band_of(age: int) -> str:
    for band in AgeBand:
        first, _, last = band.value.partition("-")
        if last and int(first) <= age <= int(last):
            return band.value
    return AgeBand.AGE_90.value


def _column(name: str, field: str, read: Callable[[str, str], Scalar], aliases: Sequence[str] = ()) -> Column:
    return Column(name=name, field=field, aliases=tuple(aliases), read=read)


_STAINS: Final = {
    "wright-giemsa-stain": "wright-giemsa",
    "mgg": "may-grunwald-giemsa",
    "may-grunwald": "may-grunwald-giemsa",
    "may-gruenwald-giemsa": "may-grunwald-giemsa",
    "pappenheim": "may-grunwald-giemsa",
}
_DIAGNOSES: Final = {
    "healthy": "normal",
    "healthy-donor": "normal",
    "eosinophilia": "normal-eosinophilia",
    "normal-anaemia": "normal-anemia",
    "anaemia": "anemia",
    "cml": "chronic-myeloid-leukemia",
    "chronic-myeloid-leukaemia": "chronic-myeloid-leukemia",
    "chronic-myelogenous-leukemia": "chronic-myeloid-leukemia",
    "cll": "chronic-lymphocytic-leukemia",
    "chronic-lymphocytic-leukaemia": "chronic-lymphocytic-leukemia",
    "acute-leukaemia": "acute-leukemia",
    "aml": "acute-leukemia",
    "all": "acute-leukemia",
    "acute-myeloid-leukemia": "acute-leukemia",
    "acute-lymphoblastic-leukemia": "acute-leukemia",
    "mds": "myelodysplastic",
    "myelodysplastic-syndrome": "myelodysplastic",
    "parasite": "parasitic-infection",
    "leucopenia": "leukopenia",
}
COLUMNS: Final = (
    _column("file", "file", _text, ("filename", "file_name", "image", "photo", "photograph", "path")),
    _column("smear", "smear", _text, ("slide", "film", "film_id", "smear_code", "slide_id", "smear_id")),
    _column("stain", "stain", _one_of(Stain, _STAINS), ("staining", "stain_method")),
    _column("diagnosis", "diagnosis", _one_of(Diagnosis, _DIAGNOSES), ("disease", "film_label")),
    _column("site", "site", _text, ("lab", "laboratory", "hospital")),
    _column("subject", "subject", _text, ("subject_id", "patient", "patient_code", "pseudonym")),
    _column("sex", "sex", _one_of(Sex, {"f": "female", "m": "male"}), ("gender",)),
    _column("age_band", "age_band", _age_band, ("age_group", "ageband")),
    _column("ethics", "ethics_reference", _text, ("ethics_reference", "irb")),
    _column("microscope", "microscope", _text, ("microscop",)),
    _column("objective", "objective_magnification", _number, ("magnification", "zoom", "objective_magnification")),
    _column("camera", "camera", _text, ("device", "phone")),
    _column(
        "um_per_px",
        "micrometres_per_pixel",
        _number,
        ("µm_per_px", "μm_per_px", "um_per_pixel", "micrometres_per_pixel", "micrometers_per_pixel", "mpp"),
    ),
    _column("turns", "quarter_turns", _turns, ("quarter_turns",)),
)
_AGES: Final = frozenset(
    {"age", "age_years", "patient_age", "dob", "date_of_birth", "birth_date", "birthdate", "birthday", "year_of_birth"}
)
_PERSONS: Final = frozenset(
    {"name", "full_name", "first_name", "last_name", "surname", "family_name", "patient_name", "national_id", "ssn"}
    | {"mrn", "medical_record_number", "accession", "accession_number", "phone_number", "telephone", "address", "email"}
)
