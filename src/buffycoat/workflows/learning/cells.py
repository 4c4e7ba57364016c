"""The cells of an experiment: read out of any set of crops, or of a sealed release, none dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from buffycoat.domain.taxonomy import RAABIN
from buffycoat.errors import InputError, TooFew, UnknownTerm
from buffycoat.formats.annotated import AnnotatedField, Refused
from buffycoat.formats.nested import with_nested
from buffycoat.formats.raabin_names import photograph_of
from buffycoat.formats.registry import READERS, guess_format
from buffycoat.formats.source import Source, open_source
from buffycoat.imaging.codecs import read_bytes
from buffycoat.workflows.releasing.opened import open_release

__all__ = ["LearnCell", "LearnCells", "opened_cells"]

_LEVEL = "five-class"
_FACETS = ("stain", "microscope", "camera", "objective", "diagnosis")
_MOST_BYTES = 512 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnCell:
    """One crop with its class.

    Parameters
    ----------
    id : str
        Path of the crop in its set.
    label : str
        One of the experiment's classes.
    split : str, optional
        Where it was published.
    film, photograph : str, optional
        What it was cut from, where that is known.
    facets : tuple of (str, str)
        Further facts that the set tells.
    experts : tuple of str, optional
        What each expert said, as the set spells it; ``None`` where they are not known.
    content : callable
        Gives the bytes of the crop.
    """

    id: str
    label: str
    split: str | None
    film: str | None
    photograph: str | None
    facets: tuple[tuple[str, str], ...] = ()
    experts: tuple[str, ...] | None = None
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnCells:
    """All cells of a set by id, and what was left out, by what it is called, since it is of no class.

    ``released_leaks`` is what a sealed release says of its own split, ``None`` where nobody said anything.
    """

    name: str
    cells: tuple[LearnCell, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    released_leaks: Mapping[str, int] | None = None
    simulated: bool = False


@contextmanager
def opened_cells(path: Path, classes: Sequence[str]) -> Iterator[LearnCells]:
    """Open a set for its crops with their classes; they can be read while it is open.

    Parameters
    ----------
    path : Path
        A sealed release, or a folder or zip that ``buffycoat import`` reads as crops.
    classes : sequence of str
        Terms at the level ``five-class``. A cell of another term (a platelet, a band) is left out, and counted.

    Raises
    ------
    InputError
        A file is refused, or a picture holds not one cell: nothing is dropped in silence.
    TooFew
        There is no crop.
    UnreadableFormat, UnreadableFile
        No reader knows what lies there.
    DigestMismatch
        A release was changed after it was sealed.
    """
    if (path / "manifest.json").is_file():
        yield _released(path, classes)
        return
    with open_source(path) as source:
        reader = READERS[guess_format(source)]
        held = with_nested(source) if reader.nested else source
        cells, left_out = _told(held, reader.read(held), classes)
        if not cells:
            raise TooFew(
                f"{path.name} holds no crop of a class", expected=", ".join(classes), found=str(dict(left_out))
            )
        yield LearnCells(name=path.resolve().name, cells=tuple(cells), left_out=dict(sorted(left_out.items())))


def _told(
    source: Source, found: Iterable[AnnotatedField | Refused], classes: Sequence[str]
) -> tuple[list[LearnCell], Counter[str]]:
    cells: list[LearnCell] = []
    left_out: Counter[str] = Counter()
    for one in found:
        if isinstance(one, Refused):
            raise InputError(f"{one.name}: {one.message}", hint="mend or remove the file: an experiment drops nothing")
        if not one.crop_only or len(one.cells) != 1 or one.picture is None:
            raise InputError(
                f"{one.name} is no crop of one cell",
                expected="crops in folders of classes",
                found=f"{len(one.cells)} cells",
            )
        (cell,) = one.cells
        words = tuple(word for word in cell.words if word is not None)
        said = cell.filed or (words[0] if words and len(set(words)) == 1 else None)
        label = _class_of(said, one.name, classes)
        if label is None or label not in classes:
            left_out[said or "no class"] += 1
            continue
        facets = tuple((name, str(getattr(one, name))) for name in _FACETS if getattr(one, name) is not None)
        cells.append(
            LearnCell(
                id=one.picture,
                label=label,
                split=one.split,
                film=one.smear,
                photograph=photograph_of(one.picture),
                facets=facets,
                experts=words or None,
                content=partial(source.files[one.picture].read, _MOST_BYTES),
            )
        )
    return sorted(cells, key=lambda each: each.id), left_out


def _class_of(word: str | None, name: str, classes: Sequence[str]) -> str | None:
    """Return the class of a word; a folder that is named for a class as a whole, such as ``Neut``, is that class."""
    if word is None:
        return None
    try:
        key = RAABIN.read(word).key
        return key if key in classes else RAABIN.roll_up(key, _LEVEL)
    except UnknownTerm as error:
        raise InputError(
            f"{name}: a class that is no term", expected="folders named for cells, such as Neutrophil", found=repr(word)
        ) from error


def _released(path: Path, classes: Sequence[str]) -> LearnCells:
    release = open_release(path)
    release.verify()
    cells, left_out = [], Counter[str]()
    for one in release:
        label = one.label if one.label in classes else None
        if label is None or one.path is None:
            left_out[(one.label or one.term or "no class") if one.path else "no pixels"] += 1
            continue
        facets = tuple((name, one.facts[name]) for name in (*_FACETS, "site") if one.facts.get(name))
        said = tuple(word for word in one.facts.get("words", "").split() if word != "none")
        cells.append(
            LearnCell(
                id=one.path.relative_to(release.folder).as_posix(),
                label=label,
                split=one.split,
                film=one.smear_id,
                photograph=one.facts.get("field_id") or None,
                facets=facets,
                experts=said or None,
                content=partial(read_bytes, one.path, name=one.path.name),
            )
        )
    if not cells:
        raise TooFew(
            f"release {release.version} holds no crop of a class", expected=", ".join(classes), found=str(left_out)
        )
    return LearnCells(
        name=f"release {release.version}",
        cells=tuple(sorted(cells, key=lambda each: each.id)),
        left_out=dict(sorted(left_out.items())),
        released_leaks=dict(release.leaks),
        simulated=release.simulated,
    )
