"""A sealed release in a notebook: no workspace and no database, only the folder that anybody downloads."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from buffycoat.domain.geometry import Box
from buffycoat.errors import MissingExtra, NotFound, SplitLeak, UnreadableFormat
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.publish.manifest import verify_folder

if TYPE_CHECKING:
    from buffycoat.nets.crops import CropDataset

__all__ = ["OpenRelease", "ReleasedCell", "open_release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedCell:
    """One cell of a release. ``facts`` holds every other column of its row, as text."""

    cell_id: str
    split: str
    label: str
    term: str
    box: Box
    smear_id: str
    facts: Mapping[str, str]
    path: Path | None

    def read(self) -> RgbImage:
        """Return the crop: uint8, shape (height, width, 3), RGB.

        Raises
        ------
        NotFound
            The cell was released without pixels.
        """
        if self.path is None:
            raise NotFound("this cell was released without pixels", found=self.cell_id)
        return read_rgb(self.path)


class OpenRelease:
    """A release: iterate it for its cells.

    Attributes
    ----------
    folder : Path
        Where it lies.
    version : str
        Its version.
    classes : tuple of str
        Classes of its level, in the order of their numbers.
    about : mapping
        License, ethics, contributors, citation and what else it says of itself.
    leaks : mapping of str to int
        What is on two sides of its split, by kind; empty where nothing is.
    simulated : bool
        Whether it was drawn by a program.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "manifest.json"
        if not path.is_file():
            raise NotFound("there is no release in this folder", expected="manifest.json", found=folder.name)
        try:
            manifest: dict[str, Any] = json.loads(path.read_bytes())
            self.folder = folder
            self.version: str = manifest["version"]
            self.classes: tuple[str, ...] = tuple(manifest["classes"])
            self.about: Mapping[str, Any] = manifest["about"]
            self.leaks: Mapping[str, int] = manifest["leaks"]
            self.simulated: bool = manifest["simulated"]
            table = (folder / "labels.csv").read_text(encoding="utf-8")
            self._cells = tuple(_cell(folder, row) for row in csv.DictReader(io.StringIO(table, newline="")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnreadableFormat(
                f"{folder.name} cannot be opened as a release",
                expected="manifest.json and labels.csv as buffycoat seals them",
                found=f"{type(error).__name__}: {error}",
                hint="`buffycoat verify FOLDER` tells which file was changed",
            ) from error

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self._cells)

    def __iter__(self) -> Iterator[ReleasedCell]:
        """Yield the cells in the order of the release's table."""
        return iter(self._cells)

    def split(self, name: str) -> tuple[ReleasedCell, ...]:
        """Return the cells of a split: ``"train"``, ``"test-A"`` or ``"test-B"``."""
        return tuple(cell for cell in self._cells if cell.split == name)

    def verify(self) -> int:
        """Check every file against its sealed digest; return how many there are.

        Raises
        ------
        DigestMismatch, NotFound
            A file was changed, added or removed.
        """
        return verify_folder(self.folder)

    def torch_dataset(
        self, split: str, *, transform: Callable[[Any], Any] | None = None, allow_leaks: bool = False
    ) -> CropDataset:
        """Return a split as a ``torch.utils.data.Dataset`` of crops and numbers of classes.

        Parameters
        ----------
        split : str
            ``"train"``, ``"test-A"`` or ``"test-B"``.
        transform : callable, optional
            From a uint8 tensor (3, height, width) to what the network takes.
        allow_leaks : bool
            Give a leaking split all the same; whatever is measured on it is then worth less than it looks.

        Raises
        ------
        SplitLeak
            The release's split puts something on two sides, and it was not asked for all the same.
        MissingExtra
            torch is not installed.
        """
        if self.leaks and not allow_leaks:
            found = ", ".join(f"{count} {kind}" for kind, count in self.leaks.items())
            raise SplitLeak(
                f"the split of release {self.version} leaks",
                expected="each person, film, field and cell on one side",
                found=found,
                hint="publish it with `--split film-strict`, or say allow_leaks=True, and say so beside each score",
            )
        try:
            from buffycoat.nets.crops import CropDataset  # noqa: PLC0415 (the one lazy door to torch)
        except ImportError as error:
            raise MissingExtra("torch is not installed", expected="the extra torch", found=str(error)) from error
        cells = [cell for cell in self.split(split) if cell.path is not None]
        numbers = {label: number for number, label in enumerate(self.classes)}
        return CropDataset(
            lambda place: cells[place].read(), [numbers[cell.label] for cell in cells], self.classes, transform
        )


def _cell(folder: Path, row: dict[str, str]) -> ReleasedCell:
    return ReleasedCell(
        cell_id=row["cell_id"],
        split=row["split"],
        label=row["label"],
        term=row["term"],
        box=Box(left=int(row["left"]), top=int(row["top"]), right=int(row["right"]), bottom=int(row["bottom"])),
        smear_id=row["smear_id"],
        facts=row,
        path=folder / row["path"] if row["path"] else None,
    )


def open_release(folder: str | Path) -> OpenRelease:
    """Open a release that lies in a folder.

    Parameters
    ----------
    folder : str or Path
        Holds ``manifest.json``.

    Raises
    ------
    NotFound
        There is no release.
    UnreadableFormat
        Its files are not what they should be.
    """
    return OpenRelease(Path(folder))
