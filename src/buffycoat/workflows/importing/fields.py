"""Fields, cells and masks of a foreign set into the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import Exif, FieldOfView
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.errors import Conflict, ExactRepeat, InvalidMask, NothingFound, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedCell, Refused
from buffycoat.formats.masks import read_levels
from buffycoat.formats.source import Source
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import MAX_BYTES
from buffycoat.imaging.crops import crop_mask
from buffycoat.imaging.regions import BinaryMask, encode_run_lengths
from buffycoat.ingest import take_in
from buffycoat.store.queries import field_names
from buffycoat.workflows.crops import describe_crop, field_pixels
from buffycoat.workflows.importing.facts import Described
from buffycoat.workflows.masks.matching import cut_cells
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


_NamedCell = tuple[str, AnnotatedCell, ReadCell]
"""Id, what the file says, what it was called."""


def _named(one: Described, field_id: str) -> list[_NamedCell]:
    """Give each cell of a field its id; of two in one place without a name, the second is told apart by its order."""
    named: dict[str, _NamedCell] = {}
    experts = one.field.experts
    for cell, terms, filed in zip(one.field.cells, one.terms, one.filed, strict=True):
        box = cell.box
        parts = {
            "field": field_id,
            "origin": cell.origin,
            "box": f"{box.left},{box.top},{box.right},{box.bottom}",
        }
        cell_id = derive_id("cell", parts)
        if cell_id in named:
            cell_id = derive_id("cell", {**parts, "again": str(len(named))})
        named[cell_id] = cell_id, cell, ReadCell(cell_id, experts, terms, filed)
    return list(named.values())


def _basename(origin: str | None, *, bare: bool) -> str:
    """Return the name of a photograph without folders and ending; that of a bare field has lost its ending already."""
    name = (origin or "").rpartition("/")[2]
    return name if bare else name.rpartition(".")[0] or name


def _check_size(one: Described, name: str, width: int, height: int) -> None:
    """Refuse boxes that were drawn on a picture of another size."""
    told = one.field.width_px, one.field.height_px
    if None not in told and told not in ((width, height), (height, width)):
        raise UnreadableFormat(
            f"{one.field.name} speaks of a picture of another size than {name}",
            expected=f"{width} x {height}",
            found=f"{told[0]} x {told[1]}",
            hint="the boxes belong to another copy of the picture: give that one",
        )


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
            rows = field_names(transaction)
        # By the name of the photograph, which in a film is one, and by the whole name where no file tells the film.
        self._named_before = {(row.smear_id, _basename(row.origin, bare=row.received is None)): row for row in rows}
        self._named_before |= {(row.smear_id, row.origin): row for row in rows if row.received is None}
        self._here: dict[str, str] = {}
        self._bare: dict[str, str] = {}
        self._settings: set[tuple[str, str]] = set()
        self._moment = now()

    def take_in_bare(self, one: Described) -> list[Any] | Refused:
        """Return the values of a field of which only the boxes are known; nothing where it is here already."""
        name = one.field.name
        called = name if one.field.smear is None else _basename(name, bare=True)
        field_id = derive_id("field", {"smear": one.smear.id, "name": called})
        if field_id in self._bare:
            message = f"{name} describes the same photograph as {self._bare[field_id]}. Keep the one that holds"
            return Refused(name=name, code=Conflict.code, message=message)
        self._bare[field_id] = name
        cells = _named(one, field_id)
        before = self._named_before.get((one.smear.id, called))
        if before is not None and before.id != field_id:
            message = (
                f"{name} tells of a photograph that is here already, as {before.origin}; its {len(cells)} boxes and "
                "labels were not taken in. Import the set with its photographs, into a new workspace"
            )
            return Refused(name=name, code=Conflict.code, message=message)
        if before is not None:
            return self._read_again(name, field_id, cells) or []
        self.read += [read for _, _, read in cells]
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
                for cell_id, cell, _ in cells
            ],
        ]

    def _read_again(self, name: str, field_id: str, cells: Sequence[_NamedCell]) -> Refused | None:
        """Remember the words for cells that are here; tell of boxes that are not, as what came in first stays."""
        with self.workspace.database.reading() as transaction:
            here = {cell.id for cell in transaction.find(Cell, field_id=field_id)}
        self.read += [read for cell_id, _, read in cells if cell_id in here]
        self.before += 1
        if others := sum(cell_id not in here for cell_id, _, _ in cells):
            message = (
                f"{name} has {others} boxes that were elsewhere, or not there, when it came in first; they were not "
                "taken in. What is recorded stays: import the new state into a new workspace"
            )
            return Refused(name=name, code=Conflict.code, message=message)
        return None

    def take_in_pictured(self, one: Described) -> Made:
        """Take in one photograph or crop with its cells and masks.

        Raises
        ------
        ExactRepeat
            Another picture of this set has the same bytes.
        Conflict
            The photograph is here without its pixels, or with other boxes.
        InputError
            The picture or its mask cannot be read, or is of another size than the set says.
        """
        name = one.field.picture or one.field.name
        content = self.source.read(name, most=MAX_BYTES)
        received = digest_of(content)
        field_id = derive_id("field", {"received": received})
        with self.workspace.database.reading() as transaction:
            same = transaction.find(FieldOfView, received=received)
        first = self._here.setdefault(field_id, name)
        if first != name:
            raise ExactRepeat(f"{name} holds the same bytes as {first}, which is kept")
        if same:
            return self._met_again(one, same[0], name)
        before = self._named_before.get((one.smear.id, _basename(name, bare=False)))
        if before is not None and before.received is None:
            raise Conflict(
                f"the labels of {name} came in before without their photograph",
                found=before.id,
                hint="import the set together with its photographs, into a new workspace",
            )
        taken = take_in(content, name=name, quarter_turns=self.quarter_turns, max_megapixels=self.max_megapixels)
        _check_size(one, name, taken.width_px, taken.height_px)
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
        cells = _named(one, field_id)
        values: list[Any] = [one.smear, one.capture, field, *self._cut(field, cells, taken.image, levels)]
        self.read += [read for _, _, read in cells]  # only now: what was refused has no cells
        self.fields += 1
        return Made(values=values, produced=field_id, message=", ".join(taken.stripped))

    def _met_again(self, one: Described, field: FieldOfView, name: str) -> Made:
        """Add the boxes of a set to a photograph that is here from elsewhere, or find that all of it is here."""
        cells = _named(one, field.id)
        with self.workspace.database.reading() as transaction:
            here = {cell.id: cell for cell in transaction.find(Cell, field_id=field.id)}
        new = [named for named in cells if named[0] not in here]
        if field.crop_only != one.field.crop_only:
            raise Conflict(
                f"{name} is here already, as {'a crop' if field.crop_only else 'a photograph'}", found=field.id
            )
        if new and field.origin == name and any(cell.run_id == self.run_id for cell in here.values()):
            refused = self._read_again(name, field.id, cells)
            raise Conflict("" if refused is None else refused.message)
        self.read += [read for cell_id, _, read in cells if cell_id in here]
        if not new:
            self.before += 1
            return Made(before=True)
        image = field_pixels(self.workspace, field)
        values = self._cut(field, new, image, self._levels(one, *image.shape[:2]))
        self.read += [read for _, _, read in new]
        return Made(values=values, produced=field.id, message=f"{len(new)} cells")

    def _cut(
        self,
        field: FieldOfView,
        cells: Sequence[_NamedCell],
        image: RgbImage,
        levels: tuple[BinaryMask, BinaryMask] | None,
    ) -> list[Any]:
        """Return cells with their crops and masks."""
        values: list[Any] = []
        made: list[Cell] = []
        whole = Box(left=0, top=0, right=image.shape[1], bottom=image.shape[0])
        for cell_id, cell, _ in cells:
            box = whole if field.crop_only else cell.box
            facts = describe_crop(self.workspace, image, None if field.crop_only else box)
            made.append(
                Cell(
                    id=cell_id,
                    field_id=field.id,
                    extent=box,
                    box=box,
                    score=None,
                    found_by=FoundBy.SOURCE,
                    run_id=self.run_id,
                    origin=cell.origin,
                    **facts,
                )
            )
        values += made
        if levels is not None:
            own = None if field.crop_only else cut_cells(levels[1], made, name=field.origin or field.id)
            for each in made:
                values += self._masks(each, levels, None if own is None else own[each.id])
        self.cells += len(cells)
        return values

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

    def _masks(
        self,
        cell: Cell,
        levels: tuple[BinaryMask, BinaryMask],
        own: BinaryMask | InvalidMask | None,
    ) -> list[Mask | Outcome]:
        """Return the masks of a cell: in a field only what is its own, not what its crop shows of a neighbor's."""
        run = start_run(
            self.workspace, room="segment", function="segment.import_masks", parameters={"import": self.run_id}
        )
        made: list[Mask | Outcome] = []
        refused = own if isinstance(own, InvalidMask) else None
        for part, whole in zip((Part.NUCLEUS, Part.CELL), levels, strict=True):
            shown = crop_mask(whole, cell.box)
            if not isinstance(own, InvalidMask | None):
                shown &= own
            failure = NothingFound.code if not shown.any() else None if refused is None else refused.code
            made.append(
                Mask(
                    id=derive_id("mask", {"cell": cell.id, "part": part, "run": run.id}),
                    cell_id=cell.id,
                    part=part,
                    height_px=cell.box.height,
                    width_px=cell.box.width,
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
                id=derive_id("outcome", {"run": run.id, "subject": cell.id, "code": None, "produced": None}),
                run_id=run.id,
                room="segment",
                subject=cell.id,
                produced=None,
                code=None,
                message="" if refused is None else refused.told,
                finished_at=now(),
            )
        )
        return made
