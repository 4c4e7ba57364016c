"""Fields, cells and masks of a foreign set into the workspace."""

from __future__ import annotations

from typing import Any, NamedTuple

from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import Exif, FieldOfView
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.errors import Conflict, ExactRepeat, InvalidMask, NothingFound
from buffycoat.formats.annotated import AnnotatedCell, Refused
from buffycoat.formats.masks import read_levels
from buffycoat.formats.source import Source
from buffycoat.imaging.codecs import MAX_BYTES
from buffycoat.imaging.crops import crop_mask
from buffycoat.imaging.regions import BinaryMask, encode_run_lengths
from buffycoat.ingest import take_in
from buffycoat.workflows.crops import describe_crop
from buffycoat.workflows.imported_facts import Described
from buffycoat.workflows.runs import Made, now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["FieldsIn", "ReadCell"]

_NO_EXIF = Exif()


class ReadCell(NamedTuple):
    """What the set's experts called a cell, in the order of their names, and under what it is filed: keys of terms."""

    cell_id: str
    experts: tuple[str, ...]
    terms: tuple[str | None, ...]
    filed: str | None


class FieldsIn:
    """Writes the fields of one import, and remembers what their cells were called.

    Attributes
    ----------
    read : list of ReadCell
        All cells that are in the workspace now, also those that were there before.
    fields, cells, masks, without_pixels, before : int
        What was new, and how many fields were there before.
    """

    def __init__(
        self, workspace: Workspace, source: Source, run_id: str, *, quarter_turns: int, max_megapixels: float
    ) -> None:
        self.workspace = workspace
        self.source = source
        self.run_id = run_id
        self.quarter_turns = quarter_turns
        self.max_megapixels = max_megapixels
        self.read: list[ReadCell] = []
        self.fields = self.cells = self.masks = self.without_pixels = self.before = 0
        with workspace.database.reading() as transaction:
            self._known = transaction.ids(FieldOfView)
        self._bare: dict[str, str] = {}
        self._settings: set[tuple[str, str]] = set()
        self._moment = now()

    def take_in_bare(self, one: Described) -> list[Any] | Refused:
        """Return the values of a field of which only the boxes are known; nothing where it is here already."""
        name = one.field.name
        field_id = derive_id("field", {"smear": one.smear.id, "name": name.rpartition("/")[2]})
        if field_id in self._bare:
            message = f"{name} describes the same photograph as {self._bare[field_id]}. Keep the one that holds"
            return Refused(name=name, code=Conflict.code, message=message)
        self._bare[field_id] = name
        cells = self._named(one, field_id)
        if field_id in self._known:
            self.before += 1
            return []
        self.fields += 1
        self.without_pixels += 1
        self.cells += len(cells)
        field = FieldOfView(
            id=field_id,
            smear_id=one.smear.id,
            capture_id=one.capture.id,
            received=None,
            digest=None,
            pixels=None,
            media_type=None,
            quarter_turns=one.capture.quarter_turns,
            width_px=one.field.width_px,
            height_px=one.field.height_px,
            red_cell_diameter_px=None,
            quality=None,
            exif=_NO_EXIF,
            icc_profile=None,
            stripped=(),
            origin=name,
            crop_only=one.field.crop_only,
            ingested_at=self._moment,
            run_id=self.run_id,
        )
        setting = one.smear.id, one.capture.id
        settings = [] if setting in self._settings else [one.smear, one.capture]
        self._settings.add(setting)
        return [
            *settings,
            field,
            *[
                Cell(
                    id=cell_id,
                    field_id=field_id,
                    extent=cell.box,
                    box=cell.box,
                    score=None,
                    found_by=FoundBy.SOURCE,
                    crop=None,
                    sharpness=None,
                    average_hash=None,
                    perceptual_hash=None,
                    run_id=self.run_id,
                    origin=cell.origin,
                )
                for cell_id, cell in cells
            ],
        ]

    def take_in_pictured(self, one: Described) -> Made:
        """Take in one photograph or crop with its cells and masks.

        Raises
        ------
        ExactRepeat
            Another picture with the same bytes is here.
        InputError
            The picture or its mask cannot be read.
        """
        name = one.field.picture or one.field.name
        content = self.source.read(name, most=MAX_BYTES)
        received = digest_of(content)
        field_id = derive_id("field", {"received": received})
        with self.workspace.database.reading() as transaction:
            same = transaction.find(FieldOfView, received=received)
        if same:
            if same[0].origin != name or same[0].smear_id != one.smear.id:
                raise ExactRepeat(f"{name} holds the same bytes as {same[0].origin}, which is kept")
            self._named(one, field_id)
            self.before += 1
            return Made(before=True)
        taken = take_in(content, name=name, quarter_turns=self.quarter_turns, max_megapixels=self.max_megapixels)
        levels = self._levels(one, taken.height_px, taken.width_px)
        field = FieldOfView(
            id=field_id,
            smear_id=one.smear.id,
            capture_id=one.capture.id,
            received=received,
            digest=self.workspace.objects.put(taken.content),
            pixels=taken.pixels,
            media_type=taken.media_type,
            quarter_turns=taken.quarter_turns,
            width_px=taken.width_px,
            height_px=taken.height_px,
            red_cell_diameter_px=None if one.field.crop_only else taken.red_cell_diameter_px,
            quality=taken.quality,
            exif=taken.exif,
            icc_profile=taken.icc_profile,
            stripped=taken.stripped,
            origin=name,
            crop_only=one.field.crop_only,
            ingested_at=now(),
            run_id=self.run_id,
        )
        values: list[Any] = [one.smear, one.capture, field]
        cells = self._named(one, field_id)
        for cell_id, cell in cells:
            facts = describe_crop(self.workspace, taken.image, None if one.field.crop_only else cell.box)
            values.append(
                Cell(
                    id=cell_id,
                    field_id=field_id,
                    extent=cell.box,
                    box=cell.box,
                    score=None,
                    found_by=FoundBy.SOURCE,
                    run_id=self.run_id,
                    origin=cell.origin,
                    **facts,
                )
            )
            if levels is not None:
                values += self._masks(cell_id, cell.box, levels)
        self.fields += 1
        self.cells += len(cells)
        return Made(values=values, produced=field_id, message=", ".join(taken.stripped))

    def _named(self, one: Described, field_id: str) -> list[tuple[str, AnnotatedCell]]:
        """Give each cell of a field its id, and remember what it was called."""
        named = []
        for cell, terms, filed in zip(one.field.cells, one.terms, one.filed, strict=True):
            box = cell.box
            place = f"{box.left},{box.top},{box.right},{box.bottom}"
            cell_id = derive_id("cell", {"field": field_id, "origin": cell.origin, "box": place})
            named.append((cell_id, cell))
            self.read.append(ReadCell(cell_id, one.field.experts, terms, filed))
        return named

    def _levels(self, one: Described, height: int, width: int) -> tuple[BinaryMask, BinaryMask] | None:
        mask = one.field.mask
        if mask is None:
            return None
        nucleus, cell = read_levels(
            self.source.read(mask.name, most=MAX_BYTES), nucleus_above=mask.nucleus_above, cell_above=mask.cell_above
        )
        if nucleus.shape != (height, width):
            raise InvalidMask(
                f"{mask.name} is of another size than its picture",
                expected=f"{width} x {height}",
                found=f"{nucleus.shape[1]} x {nucleus.shape[0]}",
            )
        return nucleus, cell

    def _masks(self, cell_id: str, box: Box, levels: tuple[BinaryMask, BinaryMask]) -> list[Mask | Outcome]:
        run = start_run(
            self.workspace, room="segment", function="segment.import_masks", parameters={"import": self.run_id}
        )
        made: list[Mask | Outcome] = []
        for part, whole in zip((Part.NUCLEUS, Part.CELL), levels, strict=True):
            shown = crop_mask(whole, box)
            failure = None if shown.any() else NothingFound.code
            made.append(
                Mask(
                    id=derive_id("mask", {"cell": cell_id, "part": part, "run": run.id}),
                    cell_id=cell_id,
                    part=part,
                    height_px=box.height,
                    width_px=box.width,
                    run_lengths=() if failure else encode_run_lengths(shown),
                    method="source",
                    failure=failure,
                    supersedes=None,
                    run_id=run.id,
                )
            )
            self.masks += failure is None
        made.append(
            Outcome(
                id=derive_id("outcome", {"run": run.id, "subject": cell_id, "code": None, "produced": None}),
                run_id=run.id,
                room="segment",
                subject=cell_id,
                produced=None,
                code=None,
                message="",
                finished_at=now(),
            )
        )
        return made
