"""Numbers to the files of an adapter, and the list of what is known by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from buffycoat.adapter import (
    Ocular,
    Phone,
    find_ocular,
    find_phone,
    oculars,
    phones,
    plan_adapter,
    read_numbers,
)
from buffycoat.adapter.cad import load_cad
from buffycoat.adapter.making import make_adapter
from buffycoat.adapter.mesh import loose_edges, measure_volume, thinnest_wall
from buffycoat.adapter.mesh_files import read_stl
from buffycoat.adapter.page import COUNTS, DENSITIES, PartRow
from buffycoat.domain.value import value
from buffycoat.errors import AlreadyExists, InputError, UnreadableFile, UnwritableFile

__all__ = ["AdapterSummary", "PartMeasured", "Presets", "list_presets", "measure_adapter", "write_adapter"]


@value
class AdapterSummary:
    """What was written.

    Attributes
    ----------
    out : str
        The folder.
    phone, ocular : str
        Names.
    files : tuple of str
        In the folder.
    volume_cm3 : float
        Of all parts.
    mass_g : float
        In PLA, printed solid.
    checks : int
        How many hold.
    """

    out: str
    phone: str
    ocular: str
    files: tuple[str, ...]
    volume_cm3: float
    mass_g: float
    checks: int


@value
class PartMeasured:
    """A printed part, measured on its STL.

    Attributes
    ----------
    part : str
        Its name.
    count : int
        How many are printed.
    volume_cm3 : float
        Of one.
    mass_g : mapping
        Of one, printed solid, by material.
    wall_mm : float
        The thinnest wall.
    loose_edges : int
        0 where it is closed.
    """

    part: str
    count: int
    volume_cm3: float
    mass_g: Mapping[str, float]
    wall_mm: float
    loose_edges: int


@value
class Presets:
    """What is known by name."""

    phones: tuple[Phone, ...]
    oculars: tuple[Ocular, ...]


def list_presets() -> Presets:
    """Return the phones and oculars that are known by name."""
    return Presets(phones=tuple(phones().values()), oculars=tuple(oculars().values()))


def measure_adapter(folder: Path) -> tuple[PartMeasured, ...]:
    """Measure the STL files of an adapter; needs no CAD program.

    Raises
    ------
    UnreadableFile, UnreadableFormat
        If a part is missing or is no binary STL.
    """
    found = []
    for name, count in COUNTS.items():
        path = folder / f"{name}.stl"
        try:
            mesh = read_stl(path.read_bytes(), path.name)
        except OSError as error:
            raise UnreadableFile(
                f"{path} cannot be read",
                found=(error.strerror or "").lower(),
                hint="name a folder of `buffycoat adapter`",
            ) from error
        row = PartRow(name=name, count=count, volume=measure_volume(mesh), extent=mesh.extent, digest="")
        found.append(
            PartMeasured(
                part=name,
                count=count,
                volume_cm3=round(row.volume / 1000, 2),
                mass_g={material: round(row.mass(material), 2) for material in DENSITIES},
                wall_mm=round(thinnest_wall(mesh), 2),
                loose_edges=loose_edges(mesh),
            )
        )
    return tuple(found)


def write_adapter(
    out: Path,
    *,
    phone: str | None = None,
    ocular: str | None = None,
    numbers: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> AdapterSummary:
    """Build the adapter for a phone and an ocular, check it, and write its files.

    Parameters
    ----------
    out : Path
        Folder of the files, made where it is missing; an adapter that lies there is replaced.
    phone, ocular : str, optional
        Keys of presets.
    numbers : Path, optional
        A TOML with numbers of one's own: for the phone, the ocular or both.
    tell : callable
        Told what is done next.

    Raises
    ------
    InputError
        If phone or ocular is missing, or given twice, or their numbers cannot be: see
        :func:`~buffycoat.adapter.plan.plan_adapter`.
    NotFound
        If a preset is not known.
    UnreadableFile, UnwritableFile
        If the file of numbers cannot be read, or the folder cannot be written to.
    AlreadyExists
        If the folder holds something else than an adapter.
    MissingExtra
        If build123d is not installed; numbers are looked at before.
    Unsound
        If the built parts fail a check.
    """
    plan = plan_adapter(*_numbers(phone, ocular, numbers))
    load_cad()
    _make_room(out)
    made = make_adapter(plan, tell=tell)
    try:
        for name, content in made.files.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise UnwritableFile(f"{out.name} cannot be written to", found=(error.strerror or "").lower()) from error
    return AdapterSummary(
        out=str(out),
        phone=plan.phone.name,
        ocular=plan.ocular.name,
        files=tuple(sorted(made.files)),
        volume_cm3=round(sum(row.count * row.volume for row in made.rows) / 1000, 1),
        mass_g=round(sum(row.count * row.mass("PLA") for row in made.rows), 1),
        checks=len(made.checks),
    )


def _make_room(out: Path) -> None:
    """Make the folder before the long work; an adapter that lies there is replaced, anything else is left alone."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        there = any(out.iterdir())
    except OSError as error:
        raise UnwritableFile(f"{out} cannot be made a folder", found=(error.strerror or "").lower()) from error
    if there and not (out / "parts.csv").is_file():
        raise AlreadyExists(
            f"{out} holds other things", expected="a new folder, or one with an adapter", hint="name another with --out"
        )


def _numbers(phone: str | None, ocular: str | None, file: Path | None) -> tuple[Phone, Ocular]:
    own_phone, own_ocular = (None, None) if file is None else _own(file)
    for kind, key, own in (("phone", phone, own_phone), ("ocular", ocular, own_ocular)):
        if (key is None) == (own is None):
            raise InputError(
                f"the {kind} is missing" if key is None else f"the {kind} is given twice",
                expected=f"--{kind} KEY, or a table [{kind}] in the file of --numbers",
                hint="`buffycoat adapter --list` names what is known",
            )
    return own_phone or find_phone(phone or ""), own_ocular or find_ocular(ocular or "")


def _own(file: Path) -> tuple[Phone | None, Ocular | None]:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file.name} is no text in UTF-8", found=str(error.reason)) from error
    except OSError as error:
        raise UnreadableFile(f"{file} cannot be read", found=(error.strerror or "").lower()) from error
    return read_numbers(text, file.name)
