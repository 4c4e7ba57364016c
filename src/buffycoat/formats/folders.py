"""Crops in folders of classes, or in one folder with a table of their classes beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from buffycoat.errors import BuffycoatError, InputError, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedField, Refused
from buffycoat.formats.class_table import Told, find_class_table, match_pictures
from buffycoat.formats.pictures import PICTURE_ENDINGS, crop_field, named_pictures, split_of
from buffycoat.formats.source import Source
from buffycoat.formats.text import refuse

__all__ = ["folder_path", "read_folders", "write_folders"]

_PLAIN: Final = re.compile(r"[^\x00-\x1f\x7f/\\<>:\"|?*]+")
_LONGEST: Final = 200


def read_folders(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read crops that lie in folders of classes, with or without folders of splits above or below them.

    Where all pictures lie in one folder, or in none but those of splits, and one table beside has a column of files
    (``file``, ``filename``, ``image``, ``name``…) and one of classes (``class``, ``label``, ``type``…), the classes
    come from there; its other columns are passed over, and so are all tables beside folders of classes. A file may be
    named with or without folders and ending.

    Parameters
    ----------
    source : Source
        From ``open_source``.

    Yields
    ------
    AnnotatedField or Refused
        First what is wrong with tables, line by line, then the pictures by name. One cell each, whose box is the whole
        picture; ``filed`` is the class as it is spelled, ``None`` where the table has none.

    Examples
    --------
    >>> from buffycoat.imaging.codecs import encode_png
    >>> import numpy as np
    >>> png = encode_png(np.zeros((2, 3, 3), np.uint8))
    >>> from buffycoat.formats.source import SourceFile
    >>> crop = SourceFile(name="Test-A/Monocyte/1.png", size=len(png), read=lambda most: png)
    >>> [(field.split, field.cells[0].filed, field.width_px) for field in read_folders(Source("set", iter([crop])))]
    [('Test-A', 'Monocyte', 3)]
    """
    pictures = list(named_pictures(source))
    classes = {_class_folder(file.name) for _, file in pictures}
    told: Mapping[str, Told] | None = None
    if len(classes) == 1:
        table, refused = find_class_table(source)
        if table is not None:
            told, refused = match_pictures(table, [file.name for _, file in pictures])
        if table is not None or None in classes:
            yield from refused
    for name, file in pictures:
        seen = told[file.name] if told is not None else Told(filed=_class_folder(file.name))
        try:
            if told is None and seen.filed is None:
                _refuse_place(file.name)
            field = crop_field(file, name=name, filed=seen.filed, origin=PurePosixPath(file.name).name)
        except BuffycoatError as error:
            yield refuse(file.name, error)
        else:
            yield replace(field, notes=seen.notes)


def folder_path(split: str | None, label: str, name: str, ending: str) -> str:
    """Return where a crop lies in folders of classes: ``<split>/<class>/<name>.<ending>``.

    Parameters
    ----------
    split : str or None
        Must read as one: ``train``, ``val``, ``test``, ``test-A``…; ``None`` leaves its folder out.
    label : str
        Name of the class; must not read as a split.
    name, ending : str
        Of the file; the ending is that of a picture, without its point.

    Returns
    -------
    str
        With slashes.

    Raises
    ------
    InputError
        A name that some system could not keep, or that would not be read again as what it is.

    Examples
    --------
    >>> folder_path("test-A", "Monocyte", "c1", "png")
    'test-A/Monocyte/c1.png'
    """
    parts = [part for part in (split, label, f"{name}.{ending}") if part is not None]
    for part in parts:
        if not _PLAIN.fullmatch(part) or part[0] in ". " or part[-1] in ". " or len(part.encode()) > _LONGEST:
            raise InputError(
                "no name for a folder or file of a release",
                expected=f'up to {_LONGEST} bytes, none of / \\ < > : " | ? *, no outer point or blank',
                found=repr(part),
            )
    if f".{ending.casefold()}" not in PICTURE_ENDINGS:
        raise InputError("no ending of a picture", expected=", ".join(PICTURE_ENDINGS), found=repr(ending))
    path = "/".join(parts)
    if split_of(path) != split or split_of(f"{label}/x") is not None or _class_folder(path) != label:
        expected = "a split such as train or test-A, and a class that does not read as one"
        raise InputError("split and class cannot be told apart again", expected=expected, found=path)
    return path


def write_folders(fields: Iterable[AnnotatedField], read: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of crops in folders of classes.

    Parameters
    ----------
    fields : iterable of AnnotatedField
        Crops with one cell each, which is filed under a class.
    read : callable
        Gives the bytes of a picture by its name, ``AnnotatedField.picture``.

    Yields
    ------
    tuple of str and bytes
        Path and content, in the order given.

    Raises
    ------
    InputError
        A field that is no crop of one cell with a class and a picture; a name as in :func:`folder_path`; two crops
        whose paths differ in ending or case only.

    Examples
    --------
    >>> list(write_folders([], lambda name: b""))
    []
    """
    taken: dict[str, str] = {}
    for field in fields:
        if not field.crop_only or len(field.cells) != 1 or field.cells[0].filed is None or field.picture is None:
            found = f"{field.name} with {len(field.cells)} cells" if field.crop_only else f"the photograph {field.name}"
            raise InputError("not for folders of classes", expected="a crop of one cell with a class", found=found)
        stem, _, ending = PurePosixPath(field.picture).name.rpartition(".")
        path = folder_path(field.split, field.cells[0].filed, stem, ending)
        key = path.removesuffix(f".{ending}").casefold()
        if key in taken:
            raise InputError("two crops of one name", expected="each once", found=f"{taken[key]} and {path}")
        taken[key] = path
        yield path, read(field.picture)


def _class_folder(name: str) -> str | None:
    """Return the last folder that is not that of the split."""
    split = split_of(name)
    folders = list(PurePosixPath(name).parts[:-1])
    if split is not None:
        folders.remove(split)
    return folders[-1] if folders else None


def _refuse_place(name: str) -> None:
    raise UnreadableFormat(
        f"{name} lies in no folder of a class",
        expected="<class>/<picture>, or a table beside with columns file and class",
        found="neither",
    )
