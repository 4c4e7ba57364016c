"""Readers of public sets by name, as thin layers over pictures, VOC files and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from buffycoat.errors import BuffycoatError, UnreadableFile, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedField, MaskFile, Refused
from buffycoat.formats.nested import MAX_NESTED_BYTES, with_nested
from buffycoat.formats.pictures import crop_field, named_pictures
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, refuse, rows_of

__all__ = ["LISC_PICTURE", "PBC_PICTURE", "PBC_WORDS", "ZHENG_TABLE", "read_lisc", "read_pbc", "read_zheng"]

LISC_PICTURE: Final = re.compile(r"(?:.*/)?(?P<word>[a-z]{4,12})/(?:(?P<split>train|validate)_)?[0-9]+\.bmp")
_ARCHIVE: Final = f"a zip archive of at most {MAX_NESTED_BYTES:,} bytes"
_LISC_FACTS: Final[Mapping[str, Any]] = {
    "stain": "Gismo-right",
    "microscope": "Axioskope 40",
    "camera": "Sony SSC-DC50AP",
    "objective": "100x",
}
PBC_WORDS: Final[Mapping[str, str]] = {
    "BA": "basophil",
    "BNE": "band neutrophil",
    "EO": "eosinophil",
    "ERB": "erythroblast",
    "IG": "immature granulocyte",
    "LY": "lymphocyte",
    "MMY": "metamyelocyte",
    "MO": "monocyte",
    "MY": "myelocyte",
    "NEUTROPHIL": "neutrophil",
    "PLATELET": "platelet",
    "PMY": "promyelocyte",
    "SNE": "segmented neutrophil",
}
"""What the letters that begin a file's name stand for in the Barcelona set (Acevedo et al. 2020, Table 2)."""
PBC_PICTURE: Final = re.compile(rf"(?P<letters>{'|'.join(PBC_WORDS)})_[0-9]+\.jpg", re.IGNORECASE)
_PBC_FOLDERS: Final[Mapping[str, frozenset[str]]] = {
    "basophil": frozenset({"BA"}),
    "eosinophil": frozenset({"EO"}),
    "erythroblast": frozenset({"ERB"}),
    "ig": frozenset({"IG", "MMY", "MY", "PMY"}),
    "lymphocyte": frozenset({"LY"}),
    "monocyte": frozenset({"MO"}),
    "neutrophil": frozenset({"BNE", "NEUTROPHIL", "SNE"}),
    "platelet": frozenset({"PLATELET"}),
}
ZHENG_TABLE: Final = "class_labels.csv"
_ZHENG_WORDS: Final[Mapping[str, str]] = {
    "1": "neutrophil",
    "2": "lymphocyte",
    "3": "monocyte",
    "4": "eosinophil",
    "5": "basophil",
}
_ZHENG_FACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "dataset1": {
        "smear": "dataset1",
        "stain": "rapid stain",
        "microscope": "Motic N800-D",
        "camera": "Motic Moticam Pro 252A",
    },
    "dataset2": {"smear": "dataset2"},
}


def read_lisc(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read LISC: whole fields filed by class, in folders or in one zip archive a class.

    There are no boxes. A field shows one white blood cell as a rule, so it is read as a crop of one cell: it has a
    class, it has a picture, and there is nothing larger that the cell could be found in.

    Parameters
    ----------
    source : Source
        ``<class>/<split>_<number>.bmp``, or archives that hold such folders.

    Yields
    ------
    AnnotatedField or Refused
        By name of the picture.

    References
    ----------
    Rezatofighi, Soltanian-Zadeh, Computerized Medical Imaging and Graphics 35 (2011) 333-343.
    """
    unpacked = with_nested(source)
    for file in unpacked.by_ending(".zip"):
        yield refuse(file.name, UnreadableFile(f"{file.name} cannot be opened", expected=_ARCHIVE))
    for name, file in named_pictures(unpacked):
        found = LISC_PICTURE.fullmatch(file.name)
        try:
            if found is None:
                raise UnreadableFormat(f"{file.name} is no picture of LISC", expected="<class>/<split>_<number>.bmp")
            field = crop_field(file, name=name, filed=found["word"], origin=PurePosixPath(file.name).name)
            yield replace(field, split=found["split"] or field.split, **_LISC_FACTS)
        except BuffycoatError as error:
            yield refuse(file.name, error)


def read_pbc(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read the Barcelona set of crops (CellaVision DM96): the class from the name of the file, or else of the folder.

    The letters of the name go first, because they tell band from segmented neutrophils, and the stages of immature
    granulocytes, which share a folder each; where the two contradict each other, that is noted.

    Parameters
    ----------
    source : Source
        ``<class>/<letters>_<number>.jpg``.

    Yields
    ------
    AnnotatedField or Refused
        By name of the picture; ``filed`` is what the letters stand for (``PBC_WORDS``).

    References
    ----------
    Acevedo et al., Data in Brief 30 (2020) 105474.
    """
    for name, file in named_pictures(source):
        path = PurePosixPath(file.name)
        folder = path.parent.name
        found = PBC_PICTURE.fullmatch(path.name)
        letters = found["letters"].upper() if found else None
        allowed = _PBC_FOLDERS.get(folder.casefold())
        try:
            if letters is None and allowed is None:
                raise UnreadableFormat(
                    f"{file.name} is no picture of the Barcelona set",
                    expected=f"a folder such as neutrophil, or a name that begins with {', '.join(PBC_WORDS)}",
                    found=path.name,
                )
            filed = PBC_WORDS[letters] if letters else folder
            against = letters is not None and allowed is not None and letters not in allowed
            notes = (f"the name says {filed!r}, the folder {folder!r}: the name is taken",) if against else ()
            field = crop_field(file, name=name, filed=filed, origin=path.name)
            yield replace(field, stain="May-Gruenwald-Giemsa", microscope="CellaVision DM96", notes=notes)
        except BuffycoatError as error:
            yield refuse(file.name, error)


def read_zheng(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read the crops with masks of Zheng et al.: in each folder pictures, masks of the same stem, and a table.

    Parameters
    ----------
    source : Source
        ``dataset1`` and ``dataset2``, or one of them, with ``class_labels.csv``.

    Yields
    ------
    AnnotatedField or Refused
        By name of the picture. The masks hold 255 in the nucleus, 128 in the cytoplasm and 0 elsewhere. The authors say
        that the classes are their own and no experts'.

    References
    ----------
    Zheng, Wang, Wang, Liu, Micron 107 (2018) 55-71.
    """
    tables: dict[str, Mapping[int, str]] = {}
    for file in source.by_ending(ZHENG_TABLE):
        try:
            tables[file.name.rpartition("/")[0]] = _zheng_table(file)
        except BuffycoatError as error:
            yield refuse(file.name, error)
    for file in source.by_ending(".bmp"):
        path = PurePosixPath(file.name)
        folder = file.name.rpartition("/")[0]
        notes = []
        try:
            number = int(path.stem) if path.stem.isdecimal() else -1
            filed = tables.get(folder, {}).get(number)
            mask = f"{file.stem}.png"
            if filed is None:
                notes.append(f"{ZHENG_TABLE} has no class for it")
            if mask not in source.files:
                notes.append("there is no mask of it")
            field = crop_field(file, name=file.stem, filed=filed, origin=path.name)
            facts: dict[str, Any] = dict(_ZHENG_FACTS.get(path.parent.name or source.name, {}))
            levels = MaskFile(name=mask, nucleus_above=191, cell_above=63) if mask in source.files else None
            yield replace(field, mask=levels, notes=tuple(notes), **facts)
        except BuffycoatError as error:
            yield refuse(file.name, error)


def _zheng_table(file: SourceFile) -> dict[int, str]:
    named: dict[int, str] = {}
    for line, row in rows_of(content_of(file), name=file.name):
        number, word = row.get("id", ""), _ZHENG_WORDS.get(row.get("label", ""))
        if not number.isdecimal() or word is None or int(number) in named:
            raise UnreadableFormat(
                f"{file.name}, line {line}: no class of a picture",
                expected="id, each once, and label from 1 to 5",
                found=", ".join(row.values()),
            )
        named[int(number)] = word
    return named
