"""Who looks for cells: the color filter, a network, or both, as files or a workspace name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from buffycoat.detect import DEFAULT_FILTER, ColorFilter
from buffycoat.detect.photograph import find_cells_in
from buffycoat.domain.cell import Detection
from buffycoat.domain.value import Scalar, digest_of
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import decode_rgb, read_bytes, turn
from buffycoat.workflows.saved_filters import list_filters, named_filter
from buffycoat.workflows.workspace import Workspace

if TYPE_CHECKING:
    from buffycoat.detect.network import NetworkDetector

__all__ = ["Finders", "Photograph", "finders_for", "load_finders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finders:
    """Who looks for cells: the color filter, a network, or both; with the digests of the files they came from."""

    color_filter: ColorFilter | None = DEFAULT_FILTER
    network: NetworkDetector | None = None
    files: Mapping[str, Scalar]

    def find(
        self, photograph: Photograph, side: int | None, *, micrometres_per_pixel: float | None, border: str
    ) -> list[tuple[Detection, ...]]:
        """Return what each of them found; the filter needs no more of a photograph than a fraction of its pixels."""
        found = []
        if self.color_filter is not None:
            found.append(
                find_cells_in(
                    photograph.content,
                    side,
                    name=photograph.name,
                    quarter_turns=photograph.quarter_turns,
                    micrometres_per_pixel=micrometres_per_pixel,
                    border=border,
                    color_filter=self.color_filter,
                    max_megapixels=float("inf"),
                )
            )
        if self.network is not None:
            scale = micrometres_per_pixel
            found.append(self.network.find(photograph.pixels, side, micrometres_per_pixel=scale, border=border))
        return found


class Photograph:
    """A stored photograph: its bytes, and its pixels in the pixel frame once somebody asks for them."""

    def __init__(self, content: bytes, *, name: str, quarter_turns: int = 0) -> None:
        self.content, self.name, self.quarter_turns = content, name, quarter_turns

    @cached_property
    def pixels(self) -> RgbImage:
        """The whole of it, (height, width, 3) uint8."""
        return turn(decode_rgb(self.content, name=self.name, max_megapixels=float("inf")), self.quarter_turns)


def load_finders(*, filter_file: Path | None = None, detector_file: Path | None = None, both: bool = False) -> Finders:
    """Return the finders that files describe: the default filter without any, a network alone or beside a filter.

    Parameters
    ----------
    filter_file : Path, optional
        A color filter that was trained.
    detector_file : Path, optional
        A detector that was trained; it looks alone, unless a filter is named too or ``both`` is set.
    both : bool
        Whether the default filter looks beside the network.

    Raises
    ------
    InputError
        Both are asked for, and no network is named.
    UnreadableFile, UnreadableFormat
        A file cannot be read, or is of another kind.
    """
    if both and detector_file is None:
        raise InputError("both finders need a network", expected="a detector file beside it", found="none")
    files: dict[str, Scalar] = {}
    chosen: ColorFilter | None = DEFAULT_FILTER
    network = None
    if filter_file is not None:
        content = read_bytes(filter_file, name=filter_file.name)
        files["filter"] = digest_of(content)
        chosen = ColorFilter.from_json(content, name=filter_file.name)
    if detector_file is not None:
        from buffycoat.detect.network import NetworkDetector  # noqa: PLC0415 (its library is large, and seldom needed)

        content = read_bytes(detector_file, name=detector_file.name)
        files["detector"] = digest_of(content)
        network = NetworkDetector.from_bytes(content)
        if filter_file is None and not both:
            chosen = None
        else:
            files["both"] = True
    return Finders(color_filter=chosen, network=network, files=files)


def finders_for(
    workspace: Workspace, *, filter_name: str | None = None, detector_file: Path | None = None, both: bool = False
) -> Finders | None:
    """Return the finders that somebody asks for, whose filter may be one that the workspace keeps.

    Parameters
    ----------
    workspace
        Where saved filters are.
    filter_name : str, optional
        A file, or the name of a saved filter.
    detector_file, both
        As of ``load_finders``.

    Returns
    -------
    Finders or None
        ``None`` where nothing was asked for: each smear is then searched with the filter that was chosen for it.

    Raises
    ------
    InputError
        The name means a file and a saved filter; or as ``load_finders``.
    NotFound
        It means neither.
    UnreadableFile, UnreadableFormat
        As ``load_finders``.
    """
    if filter_name is None:
        return None if detector_file is None and not both else load_finders(detector_file=detector_file, both=both)
    path = Path(filter_name)
    saved = any(each.name.casefold() == filter_name.casefold() for each in list_filters(workspace))
    if path.exists() and saved:
        raise InputError(
            "a file and a saved filter have this name",
            expected="one of them",
            found=filter_name,
            hint=f"write ./{filter_name} for the file, or move it away",
        )
    if path.exists() or path.suffix == ".json":
        return load_finders(filter_file=path, detector_file=detector_file, both=both)
    found, color_filter = named_filter(workspace, filter_name)
    others = load_finders(detector_file=detector_file, both=both)
    files: dict[str, Scalar] = {"filter": found.digest, **others.files}
    if detector_file is not None:
        files["both"] = True
    return Finders(color_filter=color_filter, network=others.network, files=files)
