"""One photograph under one person's hands: what a device sends becomes events and cells, or errors that say why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Look
from buffycoat.domain.locating import BoxAct, BoxEvent, BoxGiven
from buffycoat.domain.run import Run
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.sorting import GalleryGiven
from buffycoat.domain.value import derive_id
from buffycoat.errors import AlreadyExists, BuffycoatError, InputError, NotFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.workflows.crops import describe_crop, field_pixels
from buffycoat.workflows.device_events import Moments, event_id, whole
from buffycoat.workflows.runs import run_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["SMALLEST_PX", "Desk", "drawing_run"]

SMALLEST_PX = 8
"""A box is at least as wide and as high: smaller ones are slips of the hand."""
_PLACED = (BoxAct.ADD, BoxAct.MOVE)
_SHOWN = 80


def drawing_run(person_id: str) -> Run:
    """Return the run under which all cells that a person puts boxes around are kept."""
    return run_of(room="detect", function="detect.draw_boxes", parameters={"expert": person_id})


@dataclass(kw_only=True)
class Desk:
    """A photograph with its boxes as they are while one person's events are gone through.

    Attributes
    ----------
    workspace, view, person
        Where, in which photograph, and who.
    moment : datetime
        Now, in UTC.
    side : int
        Of crops, in pixels.
    taxonomy : str
        Name and version of the one in use.
    cells : dict
        All cells that the photograph ever had, by id.
    suggested : set of str
        Ids of those that are boxes by themselves, because nobody drew them in place of another.
    held : dict
        The cell that each box is that somebody had a hand in; ``None`` where it was removed.
    elsewhere : mapping
        The photograph of each drawn box that is asked about.
    drawn : list of Cell
        What was made here.
    """

    workspace: Workspace
    view: FieldOfView
    person: Person
    moment: datetime
    side: int
    taxonomy: str
    cells: dict[str, Cell]
    suggested: set[str]
    held: dict[str, str | None]
    elsewhere: Mapping[str, str]
    drawn: list[Cell] = field(default_factory=list)
    _image: RgbImage | None = None
    _moments: Moments = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock by which the events of this call are placed."""
        self._moments = Moments(self.moment)

    def make(self, given: BoxGiven) -> BoxEvent | GalleryGiven | BuffycoatError:
        """Return what an event becomes, or why it becomes nothing."""
        try:
            return self._typed(given) if given.act is BoxAct.TYPE else self._placed(given)
        except BuffycoatError as error:
            return error

    def _typed(self, given: BoxGiven) -> GalleryGiven:
        cell_id = self.held.get(given.box, given.box if given.box in self.suggested else None)
        if cell_id is None:
            raise NotFound("no box of this photograph has this id now", found=_shown(given.box))
        return GalleryGiven(
            event=given.event,
            cell=cell_id,
            term=given.term,
            taxonomy=self.taxonomy,
            given_at=given.given_at,
            look=Look.GALLERY,
        )

    def _placed(self, given: BoxGiven) -> BoxEvent:
        event = event_id(given.event)
        subject = given.box
        suggested = self.cells[subject] if subject in self.suggested else None
        if given.act is BoxAct.ADD:
            subject = event_id(given.box, what="the id of a drawn box")
            if self.elsewhere.get(subject, self.view.id) != self.view.id:
                raise AlreadyExists("this box is in another photograph", found=subject)
        elif suggested is None and subject not in self.held:
            raise NotFound("no box of this photograph has this id", found=_shown(subject))
        if given.act in (BoxAct.ACCEPT, BoxAct.RESET) and suggested is None:
            raise InputError("nobody suggested this box", expected="add, move or remove", found=given.act.value)
        place = self._place(given) if given.act in _PLACED else None
        cell_id: str | None = None
        if suggested is not None and (suggested.extent == place or given.act in (BoxAct.ACCEPT, BoxAct.RESET)):
            cell_id = suggested.id
        elif place is not None:
            cell_id = self._cell(place).id
        self.held[subject] = cell_id
        return BoxEvent(
            id=derive_id("box", {"field": self.view.id, "expert": self.person.id, "event": event}),
            field_id=self.view.id,
            expert_id=self.person.id,
            subject=subject,
            act=given.act,
            place=place,
            cell_id=cell_id,
            event=event,
            given_at=self._moments.of(given.box, given.given_at),
        )

    def _place(self, given: BoxGiven) -> Box:
        if given.place is None:
            raise InputError(f"{given.act.value} needs a place", expected="left, top, right, bottom", found="none")
        left, top, right, bottom = given.place
        place = Box(left=left, top=top, right=right, bottom=bottom)
        width, height = self.view.width_px or 0, self.view.height_px or 0
        if not place.inside(width, height):
            raise InputError(
                "a box leaves its photograph", expected=f"inside {width} x {height} px", found=str(given.place)
            )
        if min(place.width, place.height) < SMALLEST_PX:
            raise InputError("a box is too small", expected=f"at least {SMALLEST_PX} px", found=str(given.place))
        return place

    def _cell(self, extent: Box) -> Cell:
        """Return the cell in a box: its crop is the square around it, as large as other crops here, or larger."""
        run_id = drawing_run(self.person.id).id
        place = ",".join(map(str, (extent.left, extent.top, extent.right, extent.bottom)))
        cell_id = derive_id("cell", {"field": self.view.id, "run": run_id, "extent": place})
        if cell_id not in self.cells:
            if self._image is None:
                self._image = field_pixels(self.workspace, self.view)
            side = max(self.side, extent.width, extent.height)
            box = extent if extent.width == extent.height == side else Box.around(*extent.center, side)
            made = Cell(
                id=cell_id,
                field_id=self.view.id,
                extent=extent,
                box=box,
                score=None,
                found_by=FoundBy.EXPERT,
                run_id=run_id,
                **describe_crop(self.workspace, self._image, box),
            )
            self.drawn.append(made)
            self.cells[cell_id] = made
        return self.cells[cell_id]


def _shown(text: str) -> str:
    return repr(whole(text[:_SHOWN]))
